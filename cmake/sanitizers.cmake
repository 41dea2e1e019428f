# SYNCLINE_SANITIZE is a comma-separated list as the compiler takes it: "address,undefined" or "thread".
if(SYNCLINE_SANITIZE)
  # vptr: oneTBB's library has no type information for the classes that its headers derive from.
  add_compile_options(-fsanitize=${SYNCLINE_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  # Lines are all of it that reports show, and so g++ takes three quarters of the time.
  add_compile_options(-g1 -Og)
  # With -Og g++ 12 says of std::stop_source what is not so.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=${SYNCLINE_SANITIZE})
endif()

# Where oneTBB's own library is not instrumented, the sanitizer does not see what orders its tasks,
# and reports races that are none.
if(SYNCLINE_SANITIZE MATCHES thread)
  get_target_property(tbb_library TBB::tbb LOCATION)
  file(STRINGS ${tbb_library} instrumentation REGEX __tsan_ LIMIT_COUNT 1)
  if(NOT instrumentation)
    message(FATAL_ERROR "${tbb_library} is not built for the thread sanitizer: build oneTBB with "
                        "-D TBB_SANITIZE=thread (see engine/doc/developing.md), and say where with "
                        "-D CMAKE_PREFIX_PATH=...")
  endif()
endif()
