# What "cmake --install" puts where. Two components: "program" is for those who mirror, "development"
# for those who build on the engine.
include(CMakePackageConfigHelpers)
set(packaging ${PROJECT_SOURCE_DIR}/cmake/packaging)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/syncline)

install(TARGETS syncline COMPONENT program DESTINATION ${CMAKE_INSTALL_BINDIR})
file(GLOB pages CONFIGURE_DEPENDS cli/man/*.[157])
foreach(page ${pages})
  string(REGEX MATCH ".$" section ${page})
  install(FILES ${page} COMPONENT program DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(
  FILES cli/completions/syncline.bash
  COMPONENT program
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME syncline)
install(FILES cli/completions/syncline.fish COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE bench/scale.svg COMPONENT program DESTINATION ${documents})
install(FILES engine/doc/mirror_example.cpp COMPONENT program DESTINATION ${documents})
# Pages name each other by where they lie in the sources; installed, they lie side by side.
file(GLOB pages CONFIGURE_DEPENDS README.md cli/doc/*.md engine/doc/*.md bench/*.md)
foreach(page ${pages})
  cmake_path(GET page FILENAME name)
  file(READ ${page} text)
  string(REGEX REPLACE "\\]\\(([A-Za-z.]+/)+([a-z_-]+[.])" "](\\2" text "${text}")
  file(CONFIGURE OUTPUT documents/${name} CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  install(FILES ${PROJECT_BINARY_DIR}/documents/${name} COMPONENT program DESTINATION ${documents})
endforeach()
install(FILES ${packaging}/sample.conf ${packaging}/override.conf COMPONENT program
        DESTINATION ${documents}/examples)
configure_file(${packaging}/for_prefix.cmake.in for_prefix.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/for_prefix.cmake COMPONENT program)

file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
configure_file(${packaging}/syncline.pc.in syncline.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/syncline.pc COMPONENT development
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/syncline)
install(
  TARGETS syncline_engine
  EXPORT syncline
  COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY engine/include/syncline COMPONENT development
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(
  EXPORT syncline
  COMPONENT development
  NAMESPACE syncline::
  FILE synclineTargets.cmake
  DESTINATION ${package})
configure_package_config_file(${packaging}/synclineConfig.cmake.in synclineConfig.cmake
                              INSTALL_DESTINATION ${package})
# Before 1.0 the minor number tells what breaks.
write_basic_package_version_file(synclineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/synclineConfig.cmake
              ${PROJECT_BINARY_DIR}/synclineConfigVersion.cmake
        COMPONENT development DESTINATION ${package})
