/* SPDX-License-Identifier: BSD-2-Clause
 * How much of the heap does a piece of work take?  Everything between the two calls is counted,
 * whichever library asks for it.  One thread. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct memory_use {
	size_t peak;	    /* octets in use at the same time, at the most */
	size_t allocations; /* how often memory was asked for */
} memory_use;

/* Can this build count at all?  Sanitizers have allocators of their own. */
bool memory_is_counted(void);
void memory_begin(void);
memory_use memory_end(void);

#endif
