# Checks who includes whom: cmake -D ROOT=PROJECT -P layering.cmake
#
# An include says what a file depends on, and no compiler minds which way it points. Within the
# engine it may only point down, or stay in its own folder:
#
#   mirror > pipeline > stages > filesystem, md5, tag, index, filter > model > the public headers
#
# The command line sees the public headers alone. A library that one folder wraps is named nowhere
# else.
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

set(rank_mirror 5)
set(rank_pipeline 4)
set(rank_stages 3)
set(rank_filesystem 2)
set(rank_md5 2)
set(rank_tag 2)
set(rank_index 2)
set(rank_filter 2)
set(rank_model 1)
set(rank_public 0)

# These make system calls. <sys/types.h> and its like only name types.
set(system_headers
    "^(dirent|fcntl|ftw|glob|poll|pwd|sched|spawn|unistd|linux/.*|sys/.*)[.]h$|^filesystem$")
set(system_types "^sys/(types|sysmacros)[.]h$")

set(violations "")

function(violation file line rule)
  set(violations "${violations}  ${file}: ${line}: ${rule}\n" PARENT_SCOPE)
endfunction()

# "stages" for engine/src/stages/list.cpp; nothing for files that are under no rule.
function(layer_of file result)
  if(file MATCHES "^engine/include/")
    set(layer public)
  elseif(file MATCHES "^engine/src/([^/]+)/")
    set(layer ${CMAKE_MATCH_1})
  elseif(file MATCHES "^engine/src/pipeline\\.")
    set(layer pipeline)
  elseif(file MATCHES "^engine/src/")
    set(layer mirror)
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
  if(from STREQUAL "cli")
    if(NOT to STREQUAL "public")
      violation(${file} "${line}" "cli/ may include only engine/include/ and itself")
    endif()
  elseif(NOT DEFINED rank_${from})
    violation(${file} "${line}" "engine/src/${from}/ is no known layer")
  elseif(NOT DEFINED rank_${to})
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
  fence("^(oneapi/)?tbb[/.]" "^engine/src/pipeline[.]" "only engine/src/pipeline.* may name oneTBB")
  fence("^openssl/" "^(engine/src/md5|tests)/" "only engine/src/md5/ may name OpenSSL")
  fence("^xx(hash|h3)[.]h$" "^engine/src/tag/" "only engine/src/tag/ may name xxHash")
  fence("^hwy/" "^engine/src/md5/" "only engine/src/md5/ may name Highway")
  fence("^sqlite3" "^engine/src/index/" "only engine/src/index/ may name SQLite")
  fence("^CLI/" "^cli/" "only cli/ may name CLI11")
  fence("^(spdlog|fmt)/" "^cli/" "only cli/ may name spdlog")
  fence("^nlohmann/" "^(cli|tests)/" "only cli/ may name nlohmann-json")
  fence("^utf8proc" "^cli/" "only cli/ may name utf8proc")
  if(NOT included MATCHES "${system_types}")
    fence("${system_headers}" "^(engine/src/filesystem|cli|bench|tests)/"
          "in the engine only engine/src/filesystem/ may make system calls")
  endif()
  set(violations "${violations}" PARENT_SCOPE)
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
  file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[<\"]([^>\"]+)[>\"]" spelled "${line}")
    set(included "${CMAKE_MATCH_1}")
    resolve(${file} "${included}" target)
    if(target)
      check_ours(${file} "${line}" ${target})
    else()
      check_foreign(${file} "${line}" "${included}")
    endif()
  endforeach()
endforeach()

if(violations)
  message(FATAL_ERROR "layering:\n${violations}")
endif()
message(STATUS "${count} files keep to their layers")
