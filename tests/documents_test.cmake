# What other programs read is what they understand, as far as they are here to be asked:
#
#   cmake -D CLI=FOLDER -P documents_test.cmake
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

# PROGRAM and its arguments say nothing.
function(expect_silence program)
  find_program(${program} ${program})
  if(NOT ${program})
    message(STATUS "not tried: there is no ${program}")
    return()
  endif()
  execute_process(COMMAND ${${program}} ${ARGN} OUTPUT_VARIABLE out ERROR_VARIABLE out
                  RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT out STREQUAL "")
    message(SEND_ERROR "${program} ${ARGN}: ${status}\n${out}")
  endif()
endfunction()

file(GLOB pages ${CLI}/man/*)
foreach(page ${pages})
  expect_silence(mandoc -T lint -W warning ${page})
  expect_silence(groff -mandoc -T utf8 -ww -z -rLL=80n ${page})
endforeach()
expect_silence(bash -n ${CLI}/completions/syncline.bash)
expect_silence(zsh -n ${CLI}/completions/_syncline)
expect_silence(fish -n ${CLI}/completions/syncline.fish)
