# The layering check finds what it is for: in a small tree that keeps every rule, one line at a time
# breaks one.
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

set(check ${CMAKE_CURRENT_LIST_DIR}/../cmake/layering.cmake)

function(given file)
  list(JOIN ARGN "\n" content)
  file(WRITE ${WORK}/${file} "${content}\n")
endfunction()

function(run_check)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${WORK} -P ${check}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(result ${result} PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# `file` is another one in its folder, which has but the one line.
function(expect_refused file line rule)
  given(${file} "${line}")
  run_check()
  file(REMOVE ${WORK}/${file})
  string(REGEX REPLACE " +" " " shown "${file}: ${line}: ${rule}")
  string(FIND "${output}" "${shown}" position)
  if(result EQUAL 0 OR position EQUAL -1)
    message(SEND_ERROR "'${line}' in ${file} should break the rule '${rule}', but: ${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
given(engine/include/syncline/mirror.h "#include <string>" [[#include "syncline/event.h"]])
given(engine/include/syncline/event.h "#include <string>")
given(engine/src/model/entry.h [[#include "syncline/event.h"]] "#include <sys/types.h>")
given(engine/src/filesystem/file.h [[#include "model/entry.h"]] "#include <fcntl.h>")
given(engine/src/md5/md5.h "#include <openssl/evp.h>" "#include <hwy/highway.h>")
given(engine/src/index/rows.h [[#include "index/late.h"]] "#include <sqlite3.h>")
given(engine/src/index/late.h [[#include "model/entry.h"]])
given(engine/src/filter/rules.h [[#include "../model/entry.h"]])
given(engine/src/walk/list.h [[#include "md5/md5.h"]] [[#include "content/read.h"]])
given(engine/src/content/read.h [[#include "filesystem/file.h"]] [[#include "model/entry.h"]])
given(engine/src/flow/pipeline.h [[#include "walk/list.h"]])
given(engine/src/flow/pipeline.cpp [[#include "flow/pipeline.h"]] "#include <tbb/flow_graph.h>")
given(engine/src/mirror.cpp [[#include "flow/pipeline.h"]] [[#include "filesystem/file.h"]])
given(cli/main.cpp [[#include "log/log.h"]] [[#include "syncline/mirror.h"]] "#include <unistd.h>")
given(cli/log/log.h "#include <spdlog/logger.h>" "#include <CLI/CLI.hpp>")
given(tests/md5_test.cpp [[#include "md5/md5.h"]] "#include <fcntl.h>")

run_check()
if(NOT result EQUAL 0)
  message(SEND_ERROR "a tree that keeps all rules was refused: ${output}")
endif()

# The files, each with the one that it includes, lead in a circle of the modules `shown`.
function(expect_circle shown)
  set(given ${ARGN})
  while(given)
    list(POP_FRONT given file included)
    given(${file} "#include \"${included}\"")
    list(APPEND files ${WORK}/${file})
  endwhile()
  run_check()
  file(REMOVE ${files})
  string(FIND "${output}" "${shown}: a circle" position)
  if(result EQUAL 0 OR position EQUAL -1)
    message(SEND_ERROR "'${shown}' should be a circle, but: ${output}")
  endif()
endfunction()

expect_circle("engine/src/walk/a > engine/src/walk/b > engine/src/walk/a"
              engine/src/walk/a.h walk/b.h engine/src/walk/b.h model/entry.h
              engine/src/walk/b.cpp walk/a.h)
expect_circle("cli/a > cli/b > cli/c > cli/a" cli/a.h b.h cli/b.h c.h cli/c.h a.h)
expect_circle("engine/include/syncline/a > engine/include/syncline/b > engine/include/syncline/a"
              engine/include/syncline/a.h syncline/b.h engine/include/syncline/b.h syncline/a.h)
# Its own header is none.
given(engine/src/walk/a.h [[#include "content/read.h"]])
given(engine/src/walk/a.cpp [[#include "walk/a.h"]])
run_check()
if(NOT result EQUAL 0)
  message(SEND_ERROR "a file and its header were taken for a circle: ${output}")
endif()
file(REMOVE ${WORK}/engine/src/walk/a.h ${WORK}/engine/src/walk/a.cpp)

# Where it is code that counts down, or a comment, no string names an option.
given(engine/src/walk/a.cpp "  --left;  // as --wait has it" [[// not "--adopt"]]
      [[const char* const rule = "----";]] [[f("text", --left, "text");]])
run_check()
if(NOT result EQUAL 0)
  message(SEND_ERROR "what names no option was refused: ${output}")
endif()
file(REMOVE ${WORK}/engine/src/walk/a.cpp)

foreach(line [["--adopt"]] [["say --adopt once"]] [[f("a", "b --max-delete=" + n)]])
  foreach(file engine/src/walk/new.cpp engine/include/syncline/new.h)
    expect_refused(${file} "${line}" "the engine may name no option of the command line")
  endforeach()
endforeach()

expect_refused(engine/src/model/new.h [[#include "filesystem/file.h"]]
               "model may not include filesystem: never up")
expect_refused(engine/src/model/new.h [[#include "../filesystem/file.h"]]
               "model may not include filesystem: never up")
expect_refused(engine/src/model/new.h "#include <walk/list.h>"
               "model may not include walk: never up")
expect_refused(engine/src/md5/new.h [[#  include "walk/list.h"]]
               "md5 may not include walk: never up")
expect_refused(engine/src/md5/new.h [[#include "filesystem/file.h"]]
               "md5 may not include filesystem: never sideways")
expect_refused(engine/src/index/new.cpp [[#include "filter/rules.h"]]
               "index may not include filter: never sideways")
expect_refused(engine/src/walk/new.cpp [[#include "flow/pipeline.h"]]
               "walk may not include flow: never up")
expect_refused(engine/include/syncline/new.h [[#include "model/entry.h"]]
               "public may not include model: never up")
expect_refused(engine/src/flow/new.h [[#include "mirror.cpp"]]
               "flow may not include verbs: never up")
expect_refused(engine/src/tell/new.h [[#include "flow/pipeline.h"]]
               "tell may not include flow: never sideways")
expect_refused(cli/text/new.h [[#include "log/log.h"]]
               "cli_text may not include cli_log: never up")
expect_refused(cli/other/new.h [[#include "syncline/mirror.h"]]
               "cli/other/ is no known layer")
expect_refused(engine/src/other/new.h [[#include "model/entry.h"]]
               "engine/src/other/ is no known layer")
expect_refused(engine/src/walk/new.cpp [[#include "log/log.h"]]
               "the engine may include only itself")
expect_refused(cli/new.cpp [[#include "flow/pipeline.h"]]
               "cli/ may include only engine/include/ and itself")
expect_refused(cli/new.cpp [[#include "../engine/src/md5/md5.h"]]
               "cli/ may include only engine/include/ and itself")
expect_refused(engine/src/walk/new.cpp "#include <tbb/task.h>"
               "only engine/src/flow/ may name oneTBB")
expect_refused(engine/src/mirror.h "#include <oneapi/tbb.h>"
               "only engine/src/flow/ may name oneTBB")
expect_refused(engine/src/walk/new.cpp "#include <openssl/md5.h>"
               "only engine/src/md5/ may name OpenSSL")
expect_refused(cli/new.cpp "#include <openssl/evp.h>"
               "only engine/src/md5/ may name OpenSSL")
expect_refused(engine/src/walk/new.cpp "#include <hwy/highway.h>"
               "only engine/src/md5/ may name Highway")
expect_refused(engine/src/walk/new.cpp "#include <xxhash.h>"
               "only engine/src/tag/ may name xxHash")
expect_refused(engine/src/walk/new.cpp "#include <sqlite3.h>"
               "only engine/src/index/ may name SQLite")
expect_refused(engine/src/mirror.h "#include <CLI/CLI.hpp>"
               "only cli/ may name CLI11")
expect_refused(engine/src/mirror.h "#include <spdlog/spdlog.h>"
               "only cli/ may name spdlog")
foreach(header fcntl.h unistd.h dirent.h sys/stat.h sys/mman.h linux/fs.h filesystem)
  foreach(file engine/src/walk/new.cpp engine/src/md5/new.cpp engine/src/mirror.h)
    expect_refused(${file} "#include <${header}>"
                   "in the engine only engine/src/filesystem/ may make system calls")
  endforeach()
endforeach()
