# Checks who includes whom: cmake -D ROOT=PROJECT -P layering.cmake
#
# An include says what a file depends on, and no compiler minds which way it points. Within the
# engine it may only point down, or stay in its own folder. The folders of engine/src, the topmost
# first; those of one line do not see each other:
#
#   mirror, plan, ...            what a caller asks for, one page each
#   flow, tell, ending, taking_back, applying
#                                who runs when; what is told of it; what ends it before its time;
#                                what brings back what earlier passes took; what a plan allows
#   deferred, opening           what waits for the end of the walk; what is there before it
#   walk                         what is to be done
#   content                      bytes: read, hashed, compared, written, published
#   replica, source              changing the destination, one entry at a time; reading the source
#   pass                         what one pass knows and shares
#   judge, kept, plan            pure decisions; what was done, so that it can be taken back; what
#                                is written down of a plan
#   filesystem, md5, tag, index, filter
#   model
#   the public headers
#
# The command line has folders of its own: main > run > arguments > tell > log > outlets > text.
#
# How something is typed is the command line's: no string of the engine names an option of it.
#
# And it never comes back to where it began, by whatever way: a file and its header are one module,
# and no two modules include each other. The command line sees the public headers alone. A library
# that one folder wraps is named nowhere else.
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

set(rank_verbs 10)
set(rank_flow 9)
set(rank_tell 9)
set(rank_ending 9)
set(rank_taking_back 9)
set(rank_applying 9)
set(rank_deferred 8)
set(rank_opening 8)
set(rank_walk 7)
set(rank_content 6)
set(rank_replica 5)
set(rank_source 5)
set(rank_pass 4)
set(rank_judge 3)
set(rank_kept 3)
set(rank_plan 3)
set(rank_filesystem 2)
set(rank_md5 2)
set(rank_tag 2)
set(rank_index 2)
set(rank_filter 2)
set(rank_model 1)
set(rank_public 0)

set(rank_cli 16)
set(rank_cli_run 15)
set(rank_cli_arguments 14)
set(rank_cli_tell 13)
set(rank_cli_log 12)
set(rank_cli_outlets 11)
set(rank_cli_text 10)

# These make system calls. <sys/types.h> and its like only name types.
set(system_headers
    "^(dirent|fcntl|ftw|glob|poll|pwd|sched|spawn|unistd|linux/.*|sys/.*)[.]h$|^filesystem$")
set(system_types "^sys/(types|sysmacros)[.]h$")

set(violations "")

function(violation file line rule)
  set(violations "${violations}  ${file}: ${line}: ${rule}\n" PARENT_SCOPE)
endfunction()

# "walk" for engine/src/walk/list.cpp, "cli_text" for cli/text/units.cpp; nothing for files that are
# under no rule.
function(layer_of file result)
  if(file MATCHES "^engine/include/")
    set(layer public)
  elseif(file MATCHES "^engine/src/([^/]+)/")
    set(layer ${CMAKE_MATCH_1})
  elseif(file MATCHES "^engine/src/")
    set(layer verbs)
  elseif(file MATCHES "^cli/([^/]+)/")
    set(layer cli_${CMAKE_MATCH_1})
  elseif(file MATCHES "^cli/")
    set(layer cli)
  else()
    set(layer "")
  endif()
  set(${result} "${layer}" PARENT_SCOPE)
endfunction()

# The file of ours that an include means, from the project's root; nothing for one of a library.
function(resolve file included result)
  get_filename_component(folder ${file} DIRECTORY)
  set(${result} "" PARENT_SCOPE)
  foreach(base ${folder} engine/src engine/include cli tests bench)
    cmake_path(SET target NORMALIZE "${base}/${included}")
    if(EXISTS ${ROOT}/${target} AND NOT IS_DIRECTORY ${ROOT}/${target})
      set(${result} ${target} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

function(check_ours file line target)
  layer_of(${file} from)
  layer_of(${target} to)
  if(from STREQUAL "" OR from STREQUAL to)
    return()
  endif()
  if(NOT DEFINED rank_${from})
    get_filename_component(folder ${file} DIRECTORY)
    violation(${file} "${line}" "${folder}/ is no known layer")
  elseif(from MATCHES "^cli" AND to STREQUAL "public")
    return()
  elseif(from MATCHES "^cli" AND NOT to MATCHES "^cli")
    violation(${file} "${line}" "cli/ may include only engine/include/ and itself")
  elseif(to MATCHES "^cli" AND NOT from MATCHES "^cli" OR NOT DEFINED rank_${to})
    violation(${file} "${line}" "the engine may include only itself")
  elseif(rank_${to} EQUAL rank_${from})
    violation(${file} "${line}" "${from} may not include ${to}: never sideways")
  elseif(rank_${to} GREATER rank_${from})
    violation(${file} "${line}" "${from} may not include ${to}: never up")
  endif()
  set(violations "${violations}" PARENT_SCOPE)
endfunction()

# What matches `what` belongs in the files that match `where`. Sees the arguments of check_foreign.
function(fence what where rule)
  if(included MATCHES "${what}" AND NOT file MATCHES "${where}")
    violation(${file} "${line}" "${rule}")
    set(violations "${violations}" PARENT_SCOPE)
  endif()
endfunction()

function(check_foreign file line included)
  fence("^(oneapi/)?tbb[/.]" "^engine/src/flow/" "only engine/src/flow/ may name oneTBB")
  fence("^openssl/" "^(engine/src/md5|tests)/" "only engine/src/md5/ may name OpenSSL")
  fence("^xx(hash|h3)[.]h$" "^engine/src/tag/" "only engine/src/tag/ may name xxHash")
  fence("^hwy/" "^engine/src/md5/" "only engine/src/md5/ may name Highway")
  fence("^sqlite3" "^engine/src/index/" "only engine/src/index/ may name SQLite")
  fence("^CLI/" "^cli/" "only cli/ may name CLI11")
  fence("^(spdlog|fmt)/" "^cli/" "only cli/ may name spdlog")
  fence("^nlohmann/" "^(cli|tests)/" "only cli/ may name nlohmann-json")
  fence("^zstd" "^engine/src/plan/" "only engine/src/plan/ may name zstd")
  fence("^utf8proc" "^cli/" "only cli/ may name utf8proc")
  if(NOT included MATCHES "${system_types}")
    fence("${system_headers}" "^(engine/src/filesystem|cli|bench|tests)/"
          "in the engine only engine/src/filesystem/ may make system calls")
  endif()
  set(violations "${violations}" PARENT_SCOPE)
endfunction()

# "--word" in a string literal, as one types it.
function(check_words file)
  if(NOT file MATCHES "^engine/")
    return()
  endif()
  file(STRINGS ${ROOT}/${file} lines REGEX "--[a-z]")
  foreach(line IN LISTS lines)
    string(STRIP "${line}" line)
    string(REGEX REPLACE "^//.*|[ ]//.*" "" code "${line}")
    string(REGEX MATCHALL "\"[^\"]*\"" literals "${code}")
    if(literals MATCHES "--[a-z]")
      violation(${file} "${line}" "the engine may name no option of the command line")
    endif()
  endforeach()
  set(violations "${violations}" PARENT_SCOPE)
endfunction()

# A file and its header are one: "engine/src/walk/list".
function(module_of file result)
  string(REGEX REPLACE "[.](h|cpp)$" "" module ${file})
  set(${result} ${module} PARENT_SCOPE)
endfunction()

function(note_use file target)
  module_of(${file} from)
  module_of(${target} to)
  if(file MATCHES "^(engine|cli)/" AND NOT from STREQUAL to)
    set(modules ${modules} ${from} PARENT_SCOPE)
    set(used_by_${from} ${used_by_${from}} ${to} PARENT_SCOPE)
  endif()
endfunction()

# What uses nothing that is left is in no circle. Once all such modules are gone, what is left is one,
# or leads to one.
function(check_circles)
  list(REMOVE_DUPLICATES modules)
  foreach(module IN LISTS modules)
    set(is_left_${module} TRUE)
  endforeach()
  set(is_over FALSE)
  while(NOT is_over)
    set(is_over TRUE)
    set(left "")
    foreach(module IN LISTS modules)
      set(next_${module} "")
      foreach(used IN LISTS used_by_${module})
        if(is_left_${used})
          set(next_${module} ${used})
        endif()
      endforeach()
      if(next_${module})
        list(APPEND left ${module})
      else()
        set(is_left_${module} FALSE)
        set(is_over FALSE)
      endif()
    endforeach()
    set(modules ${left})
  endwhile()
  if(NOT modules)
    return()
  endif()
  list(GET modules 0 at)
  set(way "")
  while(NOT at IN_LIST way)
    list(APPEND way ${at})
    set(at ${next_${at}})
  endwhile()
  list(FIND way ${at} begin)
  list(SUBLIST way ${begin} -1 circle)
  list(JOIN circle " > " shown)
  set(violations "${violations}  ${shown} > ${at}: a circle\n" PARENT_SCOPE)
endfunction()

foreach(folder engine cli bench tests)
  file(GLOB_RECURSE found RELATIVE ${ROOT} ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
  list(APPEND files ${found})
endforeach()
list(LENGTH files count)
if(count EQUAL 0)
  message(FATAL_ERROR "no sources below '${ROOT}'")
endif()

foreach(file IN LISTS files)
  check_words(${file})
  file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[<\"]([^>\"]+)[>\"]" spelled "${line}")
    set(included "${CMAKE_MATCH_1}")
    resolve(${file} "${included}" target)
    if(target)
      check_ours(${file} "${line}" ${target})
      note_use(${file} ${target})
    else()
      check_foreign(${file} "${line}" "${included}")
    endif()
  endforeach()
endforeach()

check_circles()

if(violations)
  message(FATAL_ERROR "layering:\n${violations}")
endif()
message(STATUS "${count} files keep to their layers")
