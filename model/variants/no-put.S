/* SPDX-License-Identifier: MIT */
/* v3 that forgets vcpu_put: nobody switches the registers back. */
#define LOAD_DIRTY ldrb
#define NO_PUT
#include "v3.S"
