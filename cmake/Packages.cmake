# SPDX-License-Identifier: MIT
# Finds the libraries and the cross compiler, and says which package holds what is missing.
# The libraries are the rows of packages.txt that have a pkg-config module.
set(missing)

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
  message(FATAL_ERROR "pkg-config is missing. Install it: apt-get install pkg-config")
endif()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/packages.txt)
file(STRINGS ${PROJECT_SOURCE_DIR}/packages.txt rows REGEX "PkgConfig::[A-Z]+$")
foreach(row IN LISTS rows)
  if(row MATCHES "^[a-z]+ +([^ ]+) +([^ ]+) +PkgConfig::([A-Z]+)$")
    set(package ${CMAKE_MATCH_1})
    set(module ${CMAKE_MATCH_2})
    set(target ${CMAKE_MATCH_3})
    pkg_check_modules(${target} QUIET IMPORTED_TARGET ${module})
    if(NOT ${target}_FOUND)
      list(APPEND missing ${package})
    endif()
  endif()
endforeach()

find_package(Threads REQUIRED)

find_program(LAZYSWITCH_CROSS_GCC ${LAZYSWITCH_CROSS}gcc)
if(NOT LAZYSWITCH_CROSS_GCC)
  if(LAZYSWITCH_CROSS STREQUAL "arm-linux-gnueabihf-")
    list(APPEND missing gcc-arm-linux-gnueabihf)
  else()
    message(FATAL_ERROR "${LAZYSWITCH_CROSS}gcc is not in PATH: install it or change LAZYSWITCH_CROSS")
  endif()
endif()

if(missing)
  list(JOIN missing " " missing)
  message(FATAL_ERROR "Packages are missing. Install them: apt-get install ${missing}")
endif()
