/* SPDX-License-Identifier: BSD-2-Clause
 * Where does memory come from?  Tests swap this file for tests/support/failing_alloc.c. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>

void *
dp_alloc(size_t count, size_t size)
{
	return calloc(count ? count : 1, size ? size : 1);
}

void *
dp_realloc(void *block, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	size_t octets = count * size;
	return realloc(block, octets > 0 ? octets : 1);
}

void
dp_free(void *block)
{
	free(block);
}
