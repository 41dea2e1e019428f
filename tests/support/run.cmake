# For tests that are scripts: run(COMMAND ARGUMENTS...) sets `out` to what the command prints, and ends
# the test if it fails.
#
# SPDX-License-Identifier: MIT
function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()
