/* SPDX-License-Identifier: BSD-2-Clause
 * What happens when memory runs out?  lib/base/alloc.c with a tap that tests can close. */
#ifndef TESTS_FAILING_ALLOC_H
#define TESTS_FAILING_ALLOC_H

/* The nth allocation from now on fails, once; 0 is the next one, less than 0 none.  Also begins to
 * count anew. */
void dp_fail_allocation_at(long n);

/* How many allocations were asked for since then. */
long dp_allocations(void);

/* How many blocks are held at this moment. */
long dp_blocks(void);

/* Once `block` is freed, the next allocation, which must not be larger, lies where it was. */
void dp_use_again(void *block);

#endif
