/* SPDX-License-Identifier: MIT */
#ifndef LINUX_KVM_HOST_H
#define LINUX_KVM_HOST_H

#include <asm/kvm_host.h>

#endif
