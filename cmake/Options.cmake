# SPDX-License-Identifier: MIT
# How every target of ours is compiled: link to lazyswitch_options.
add_library(lazyswitch_options INTERFACE)
target_include_directories(lazyswitch_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(lazyswitch_options INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(lazyswitch_options INTERFACE
  $<$<COMPILE_LANGUAGE:C>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Werror>)

if(LAZYSWITCH_SANITIZE STREQUAL "address")
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(LAZYSWITCH_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(LAZYSWITCH_SANITIZE STREQUAL "fuzzer")
  set(flags -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(LAZYSWITCH_SANITIZE STREQUAL "none")
  set(flags)
else()
  message(FATAL_ERROR "LAZYSWITCH_SANITIZE is '${LAZYSWITCH_SANITIZE}': use none, address, thread, or with clang fuzzer")
endif()
if(LAZYSWITCH_COVERAGE)
  list(APPEND flags --coverage)
endif()
target_compile_options(lazyswitch_options INTERFACE ${flags})
target_link_options(lazyswitch_options INTERFACE ${flags})
