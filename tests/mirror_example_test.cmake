# Runs the example of engine/doc as its reader would:
#
#   cmake -D EXAMPLE=PROGRAM -D WORK=FOLDER -P mirror_example_test.cmake
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

include(${CMAKE_CURRENT_LIST_DIR}/support/run.cmake)

file(REMOVE_RECURSE ${WORK})
file(WRITE ${WORK}/source/file "text")
file(MAKE_DIRECTORY ${WORK}/state)
set(ENV{STATE_DIRECTORY} ${WORK}/state)
run(${EXAMPLE} ${WORK}/source ${WORK}/copy)
run(${CMAKE_COMMAND} -E compare_files ${WORK}/source/file ${WORK}/copy/file)
