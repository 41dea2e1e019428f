# All from Debian 12's packages (their names: cmake/bootstrap); nothing is downloaded while building.
find_package(Threads REQUIRED)
find_package(TBB 2021 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
# Of these two the headers alone: what they say is compiled here (md5/kernel.cpp, tag/xxh3.h).
foreach(header hwy/highway.h xxhash.h)
  cmake_path(GET header STEM name)
  string(TOUPPER ${name}_INCLUDE_DIR folder)
  find_path(${folder} ${header} REQUIRED)
  add_library(${name} INTERFACE IMPORTED)
  target_include_directories(${name} INTERFACE ${${folder}})
endforeach()
# Debian's package of libzstd brings nothing that CMake could find it by, nor does that of utf8proc.
find_path(ZSTD_INCLUDE_DIR zstd.h REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
add_library(zstd::zstd UNKNOWN IMPORTED)
set_target_properties(zstd::zstd PROPERTIES IMPORTED_LOCATION ${ZSTD_LIBRARY}
                                            INTERFACE_INCLUDE_DIRECTORIES ${ZSTD_INCLUDE_DIR})
find_path(UTF8PROC_INCLUDE_DIR utf8proc.h REQUIRED)
find_library(UTF8PROC_LIBRARY utf8proc REQUIRED)
add_library(utf8proc::utf8proc UNKNOWN IMPORTED)
set_target_properties(utf8proc::utf8proc PROPERTIES
                      IMPORTED_LOCATION ${UTF8PROC_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${UTF8PROC_INCLUDE_DIR})
if(SYNCLINE_TESTS)
  find_package(GTest REQUIRED)
endif()
if(SYNCLINE_BENCH)
  find_package(benchmark REQUIRED)
endif()
