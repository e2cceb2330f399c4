/* SPDX-License-Identifier: BSD-2-Clause
 * What happens when memory runs out?  Stands in for lib/base/alloc.c in the tests. */
#include "support/failing_alloc.h"

#include "base/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long asked, blocks;
static atomic_long failing = -1;
static void *_Atomic wanted_again, *_Atomic vacant;

void
dp_fail_allocation_at(long n)
{
	atomic_store(&asked, 0);
	atomic_store(&failing, n);
}

long
dp_allocations(void)
{
	return atomic_load(&asked);
}

long
dp_blocks(void)
{
	return atomic_load(&blocks);
}

static bool
fails_now(void)
{
	return atomic_fetch_add(&asked, 1) == atomic_load(&failing);
}

void
dp_use_again(void *block)
{
	atomic_store(&wanted_again, block);
}

static void *
take_vacant(size_t count, size_t size)
{
	void *block = atomic_exchange(&vacant, NULL);

	return block ? memset(block, 0, count * size) : NULL;
}

void *
dp_alloc(size_t count, size_t size)
{
	bool fails = fails_now();
	void *block = fails ? NULL : take_vacant(count, size);

	if (!fails && !block)
		block = calloc(count ? count : 1, size ? size : 1);
	if (block)
		atomic_fetch_add(&blocks, 1);
	return block;
}

void *
dp_realloc(void *block, size_t count, size_t size)
{
	if (fails_now() || (size != 0 && count > SIZE_MAX / size))
		return NULL;
	size_t octets = count * size;
	bool is_new = block == NULL;
	void *grown = realloc(block, octets > 0 ? octets : 1);
	if (grown && is_new)
		atomic_fetch_add(&blocks, 1);
	return grown;
}

void
dp_free(void *block)
{
	void *wanted = block;

	if (block)
		atomic_fetch_sub(&blocks, 1);
	if (block && atomic_compare_exchange_strong(&wanted_again, &wanted, NULL))
		atomic_store(&vacant, block);
	else
		free(block);
}
