# Makes the packages, installs one below WORK, and takes it away again:
#
#   cmake -D CPACK=PROGRAM -D BUILD=FOLDER -D WORK=FOLDER -P packages_test.cmake
#
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.24)

find_program(dpkg dpkg)
find_program(shlibdeps dpkg-shlibdeps)
find_program(file file)
if(NOT dpkg OR NOT shlibdeps OR NOT file)
  message(STATUS "not tried: there is no dpkg, dpkg-shlibdeps or file(1)")
  return()
endif()

execute_process(COMMAND id -u OUTPUT_VARIABLE user)
if(NOT user EQUAL 0)
  message(STATUS "not tried: only root can install a package")
  return()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/support/run.cmake)

set(root ${WORK}/root)
set(dpkg_here ${dpkg} --root=${root} --force-depends --force-script-chrootless)

# All files there are, dpkg's own left out.
function(files result)
  file(GLOB_RECURSE found LIST_DIRECTORIES true RELATIVE ${root} ${root}/*)
  list(FILTER found EXCLUDE REGEX "^var(/lib)?(/dpkg.*|/log)?$|^var/log/dpkg.log$")
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CPACK} --config ${BUILD}/CPackConfig.cmake -G DEB -B ${WORK})
file(GLOB program ${WORK}/syncline_*.deb)
file(GLOB development ${WORK}/libsyncline-dev_*.deb)
if(NOT program OR NOT development)
  message(FATAL_ERROR "cpack made other packages than two: ${out}")
endif()

run(${dpkg}-deb --field ${program} Depends)
foreach(library libc6 libtbb12 libssl3 libsqlite3-0 libzstd1)
  if(NOT out MATCHES "${library} ")
    message(SEND_ERROR "depends not on ${library}: ${out}")
  endif()
endforeach()

foreach(folder info updates)
  file(MAKE_DIRECTORY ${root}/var/lib/dpkg/${folder})
endforeach()
file(TOUCH ${root}/var/lib/dpkg/status)
run(${dpkg_here} --install ${program})
foreach(
  what
  usr/bin/syncline
  usr/share/man/man1/syncline.1.gz
  usr/share/man/man5/syncline-json.5.gz
  usr/share/man/man7/syncline-filters.7.gz
  usr/share/doc/syncline/copyright
  usr/share/doc/syncline/changelog.gz
  etc/logrotate.d/syncline
  etc/syncline)
  if(NOT EXISTS ${root}/${what})
    message(SEND_ERROR "${what} is not in the package")
  endif()
endforeach()
file(READ ${root}/usr/lib/systemd/system/syncline@.service unit)
if(NOT unit MATCHES "\nExecStart=/usr/bin/syncline ")
  message(SEND_ERROR "the unit starts another program: ${unit}")
endif()

# Removed, it leaves what was set and what was learnt; purged, only what somebody wrote.
file(WRITE ${root}/etc/syncline/photos.conf "source = /srv/photos")
file(WRITE ${root}/var/lib/syncline/one.index "")
file(WRITE ${root}/var/log/syncline/photos.log "")
run(${dpkg_here} --remove syncline)
foreach(what etc/logrotate.d/syncline etc/syncline/photos.conf var/lib/syncline/one.index
             var/log/syncline/photos.log)
  if(NOT EXISTS ${root}/${what})
    message(SEND_ERROR "to be removed took ${what}")
  endif()
endforeach()
run(${dpkg_here} --purge syncline)
files(left)
if(NOT left STREQUAL "etc;etc/syncline;etc/syncline/photos.conf")
  message(SEND_ERROR "left behind by a purge: ${left}")
endif()
