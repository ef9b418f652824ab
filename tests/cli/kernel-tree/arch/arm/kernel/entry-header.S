/* SPDX-License-Identifier: MIT */
#error "this is made for another kernel's stacks: --as vfp must not take it"
