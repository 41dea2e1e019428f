# SYNCLINE_SANITIZE is a comma-separated list as the compiler takes it: "address,undefined" or "thread".
if(SYNCLINE_SANITIZE)
  # vptr: oneTBB's library has no type information for the classes that its headers derive from.
  add_compile_options(-fsanitize=${SYNCLINE_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SYNCLINE_SANITIZE})
endif()
