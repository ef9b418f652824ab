/* SPDX-License-Identifier: MIT */
/* The last piece of the world switch: see into_guest.S. */
	pop	{r3 - r7}
	pop	{r0 - r2}
	clrex
	eret
	.pool
