# Installs below WORK, and uses what is there as a user, a service manager and another project would:
#
#   cmake -D BUILD=FOLDER -D WORK=FOLDER -D VERSION=X -D FLAGS=FLAGS -D LIBRARIES=FOLDERS
#         -P install_test.cmake
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

include(${CMAKE_CURRENT_LIST_DIR}/support/run.cmake)

function(expect what)
  if(NOT EXISTS ${WORK}/root/${what})
    message(SEND_ERROR "${what} is not installed")
  endif()
endfunction()

# `program` is a consumer of the library.
function(expect_mirrors program)
  file(REMOVE_RECURSE ${WORK}/copy)
  run(${program} ${WORK}/source ${WORK}/copy)
  if(NOT out STREQUAL "created 2\n")
    message(SEND_ERROR "${program} says: ${out}")
  endif()
  run(${CMAKE_COMMAND} -E compare_files ${WORK}/source/file ${WORK}/copy/file)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/root)
foreach(
  what
  share/man/man1/syncline.1
  share/man/man5/syncline-index.5
  share/man/man5/syncline-json.5
  share/man/man5/syncline.conf.5
  share/man/man7/syncline-filters.7
  share/bash-completion/completions/syncline
  share/zsh/site-functions/_syncline
  share/fish/vendor_completions.d/syncline.fish
  share/doc/syncline/LICENSE
  share/doc/syncline/README.md
  share/doc/syncline/security.md
  share/doc/syncline/examples/sample.conf
  share/doc/syncline/examples/override.conf
  etc/logrotate.d/syncline
  etc/syncline)
  expect(${what})
endforeach()

# What a page names lies beside it.
file(GLOB pages ${WORK}/root/share/doc/syncline/*.md)
foreach(page ${pages})
  file(READ ${page} text)
  string(REGEX MATCHALL "[(][A-Za-z_/-]+[.](md|svg|cpp)[)#]" links "${text}")
  foreach(link ${links})
    string(REGEX MATCH "[^()#]+" name ${link})
    if(NOT EXISTS ${WORK}/root/share/doc/syncline/${name})
      message(SEND_ERROR "${page} names ${name}, which is not installed")
    endif()
  endforeach()
endforeach()

# A user tries the sample.
file(MAKE_DIRECTORY ${WORK}/source)
file(WRITE ${WORK}/source/file "text")
file(READ ${WORK}/root/share/doc/syncline/examples/sample.conf sample)
string(REPLACE /srv/photos ${WORK}/source sample "${sample}")
string(REPLACE /mnt/backup/photos ${WORK}/mirror sample "${sample}")
file(WRITE ${WORK}/sample.conf "${sample}")
run(${WORK}/root/bin/syncline --config ${WORK}/sample.conf --no-index)
run(${CMAKE_COMMAND} -E compare_files ${WORK}/source/file ${WORK}/mirror/file)

# All of its lines are understood; but for the one that makes a loop, it is over at once.
string(REGEX REPLACE "\n#([a-z-]+ = )" "\n\\1" sample "${sample}")
string(REGEX REPLACE "\ninterval = [^\n]+" "" sample "${sample}")
string(REPLACE /var/log/syncline ${WORK} sample "${sample}")
file(WRITE ${WORK}/sample.conf "${sample}")
run(${WORK}/root/bin/syncline --config ${WORK}/sample.conf --no-index)
if(NOT EXISTS ${WORK}/photos.log)
  message(SEND_ERROR "the sample writes no log")
endif()

# The units are what systemd understands.
set(units ${WORK}/root/lib/systemd/system)
find_program(systemd_analyze systemd-analyze)
if(systemd_analyze)
  foreach(unit syncline@.service syncline-once@.service syncline@.timer)
    run(${systemd_analyze} verify --man=no ${units}/${unit})
    if(NOT out STREQUAL "")
      message(SEND_ERROR "${unit}: ${out}")
    endif()
  endforeach()
  # What they are denied is worth 3.0 of 10 at most; without any of it, it is 9.6.
  foreach(unit syncline@.service syncline-once@.service)
    run(${systemd_analyze} security --offline=true --threshold=30 --no-pager ${units}/${unit})
  endforeach()
else()
  message(STATUS "not tried: there is no systemd-analyze to verify the units with")
endif()

# Another project builds on the engine.
file(WRITE ${WORK}/flags.cmake "set(CMAKE_CXX_FLAGS \"${FLAGS}\" CACHE STRING \"\")")
run(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/consumer
    -C ${WORK}/flags.cmake -D SYNCLINE_VERSION=${VERSION}
    "-DCMAKE_PREFIX_PATH=${WORK}/root;${LIBRARIES}")
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
expect_mirrors(${WORK}/consumer/consumer)

# And one that knows nothing of CMake, wherever all of it was moved to.
find_program(pkg_config pkg-config)
if(pkg_config AND LIBRARIES STREQUAL "")
  file(RENAME ${WORK}/root ${WORK}/moved)
  file(GLOB_RECURSE described ${WORK}/moved/syncline.pc)
  cmake_path(GET described PARENT_PATH folder)
  run(${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder} ${pkg_config} --cflags --libs
      "syncline = ${VERSION}")
  separate_arguments(words UNIX_COMMAND "${FLAGS} ${out}")
  run(c++ -std=c++20 -o ${WORK}/by_pkg_config ${CMAKE_CURRENT_LIST_DIR}/consumer/main.cpp
      ${words})
  expect_mirrors(${WORK}/by_pkg_config)
else()
  message(STATUS "not tried: there is no pkg-config, or other libraries than the system's are used")
endif()
