# "cpack -G DEB" makes two packages of the two components: syncline and libsyncline-dev.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME syncline)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "exact, proved mirror of a folder tree")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
    "Syncline makes one folder tree the exact mirror of another, in parallel, once
or again and again. What it calls the same was read and compared, what it
copies was hashed on the way, no file ever appears half-written, and nothing
is deleted before the whole source was seen.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "The engine behind the program syncline: the library, its headers, and what
find_package(syncline) of CMake needs.")
# Who answers for the packages is who makes them, as other tools of Debian's have it.
set(name "The Syncline authors")
set(address "syncline@localhost")
if(DEFINED ENV{DEBFULLNAME})
  set(name "$ENV{DEBFULLNAME}")
endif()
if(DEFINED ENV{DEBEMAIL})
  set(address "$ENV{DEBEMAIL}")
endif()
set(CPACK_PACKAGE_CONTACT "${name} <${address}>")
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/finish_packages.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME syncline)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(debian ${PROJECT_SOURCE_DIR}/cmake/packaging/debian)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst
                                               ${debian}/prerm ${debian}/postrm)

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libsyncline-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libtbb-dev, libssl-dev, libsqlite3-dev, libzstd-dev")

string(TIMESTAMP changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${debian}/changelog.in changelog @ONLY)
configure_file(${debian}/finish_packages.cmake.in finish_packages.cmake @ONLY)
include(CPack)
