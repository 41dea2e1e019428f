# xxHash::xxhash, the library that Debian's libxxhash-dev brings, which has nothing that CMake could
# find it by. xxHash_DISPATCHES: it chooses by what the processor has, as it does on x86 where it was
# built to.
#
# SPDX-License-Identifier: MIT
include(CheckLibraryExists)
include(FindPackageHandleStandardArgs)
find_path(xxHash_INCLUDE_DIR xxhash.h)
find_library(xxHash_LIBRARY xxhash)
find_package_handle_standard_args(xxHash REQUIRED_VARS xxHash_LIBRARY xxHash_INCLUDE_DIR)
mark_as_advanced(xxHash_INCLUDE_DIR xxHash_LIBRARY)
if(xxHash_FOUND AND NOT TARGET xxHash::xxhash)
  check_library_exists(${xxHash_LIBRARY} XXH3_128bits_withSecret_dispatch "" xxHash_DISPATCHES)
  if(NOT EXISTS ${xxHash_INCLUDE_DIR}/xxh_x86dispatch.h)
    set(xxHash_DISPATCHES FALSE)
  endif()
  add_library(xxHash::xxhash UNKNOWN IMPORTED)
  set_target_properties(xxHash::xxhash PROPERTIES IMPORTED_LOCATION ${xxHash_LIBRARY}
                                                  INTERFACE_INCLUDE_DIRECTORIES ${xxHash_INCLUDE_DIR})
endif()
