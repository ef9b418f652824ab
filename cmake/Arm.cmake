# SPDX-License-Identifier: MIT
# How the code under check is built: the only place where the flags stand. CMake builds the shipped variants with them;
# the program builds users' variants with the same ones (model/kit).
#
# Four builds: little or big endian, for a kernel with or without CONFIG_SMP.
set(ARM_BUILDS little big little-up big-up)

set(ARM_COMPILE_FLAGS -g -marm -march=armv7ve -fno-pic -fno-pie)
# Kernel C does without FP registers; a compiler that may use them would.
set(ARM_C_FLAGS -std=gnu11 -O2 -mfloat-abi=soft -ffreestanding -fno-builtin -fno-common -fno-stack-protector
    -fomit-frame-pointer -fno-strict-aliasing -fno-tree-loop-distribute-patterns -mno-unaligned-access
    -ffunction-sections -fdata-sections)
set(ARM_ASM_FLAGS -mfpu=neon-vfpv4 -mfloat-abi=softfp -Wa,--noexecstack)
set(ARM_WARNINGS -Wall -Wextra)
set(ARM_LINK_FLAGS -marm -march=armv7ve -mfloat-abi=soft -nostdlib -static -no-pie -Wl,--build-id=none
    -Wl,--gc-sections -Wl,--no-warn-rwx-segments)

# arm_build_flags(BUILD COMPILE-VARIABLE LINK-VARIABLE): what tells the builds apart
function(arm_build_flags build compile link)
  set(compile_flags)
  set(link_flags)
  if(build MATCHES "^big")
    list(APPEND compile_flags -mbig-endian)
    list(APPEND link_flags -mbig-endian -Wl,--be8)
  endif()
  if(NOT build MATCHES "-up$")
    list(APPEND compile_flags -DCONFIG_SMP=1)
    list(APPEND link_flags -Wl,--defsym=CONFIG_SMP=1) # so that an image says which it is
  endif()
  set(${compile} ${compile_flags} PARENT_SCOPE)
  set(${link} ${link_flags} PARENT_SCOPE)
endfunction()

# arm_object(OUTPUT SOURCE BUILD DEPENDENCY...): compiles one file of the modelled kernel or of a variant, with the macros of
# `definitions`, if that is set
function(arm_object output source build)
  set(linux ${PROJECT_SOURCE_DIR}/model/linux)
  if(source MATCHES "\\.c$")
    set(flags ${ARM_C_FLAGS} ${ARM_WARNINGS} -Werror)
  else()
    set(flags ${ARM_ASM_FLAGS})
  endif()
  arm_build_flags(${build} build_flags unused)
  list(TRANSFORM definitions PREPEND -D OUTPUT_VARIABLE defined)
  add_custom_command(OUTPUT ${output}
    COMMAND ${LAZYSWITCH_CROSS}gcc ${ARM_COMPILE_FLAGS} ${flags} ${build_flags} ${defined} -I${linux}/include -I${linux}
            -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_CURRENT_BINARY_DIR}=. -c ${source} -o ${output}
    DEPENDS ${source} ${ARGN}
    VERBATIM)
endfunction()

# arm_image(OUTPUT BUILD OBJECT...): links an image; what comes last overrides weak symbols
function(arm_image output build)
  set(script ${PROJECT_SOURCE_DIR}/model/linux/lazyswitch.lds)
  arm_build_flags(${build} unused build_flags)
  add_custom_command(OUTPUT ${output}
    COMMAND ${LAZYSWITCH_CROSS}gcc ${ARM_LINK_FLAGS} ${build_flags} -Wl,-T,${script} ${ARGN} -o ${output}
    DEPENDS ${ARGN} ${script}
    VERBATIM)
endfunction()

# arm_embed(FILE SYMBOL): appends to `embedded`, the text of an assembly file; the file's end is SYMBOL_end
function(arm_embed file symbol)
  string(APPEND embedded ".global ${symbol}, ${symbol}_end\n.balign 16\n${symbol}:\n\t.incbin \"${file}\"\n"
         "${symbol}_end:\n")
  set(embedded "${embedded}" PARENT_SCOPE)
endfunction()
