/* SPDX-License-Identifier: BSD-2-Clause
 * What may getdns read beyond a message?
 *
 * Not by base/alloc.h: its failures are swept through in tests, and getdns itself does not survive
 * that memory runs out. */
#include "getdns/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Blocks below this hold no message: a question alone takes more. */
#define MESSAGE_ROOM 512
/* The largest length of 16 bits, the field itself, and what other fields may come to. */
#define SLACK (65535 + 2 + 1024)

/* In front of each block. */
typedef union head {
	size_t size;
	max_align_t align;
} head;

static size_t
with_slack(size_t size)
{
	return size >= MESSAGE_ROOM ? size + SLACK : size;
}

void *
dp_getdns_take(size_t size)
{
	if (size > SIZE_MAX - SLACK - sizeof(head))
		return NULL;
	head *h = calloc(1, sizeof *h + with_slack(size));
	if (!h)
		return NULL;
	h->size = size;
	return h + 1;
}

void *
dp_getdns_take_more(void *block, size_t size)
{
	void *more = dp_getdns_take(size);

	if (!block || !more)
		return more;
	size_t before = ((const head *)block)[-1].size;
	memcpy(more, block, before < size ? before : size);
	dp_getdns_free(block);
	return more;
}

void
dp_getdns_free(void *block)
{
	if (block)
		free((head *)block - 1);
}
