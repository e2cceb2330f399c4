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

/* As many as there are questions of a lookup, and then some: 72 KiB each. */
#define IDLE_MAX 16

struct dp_getdns_pool {
	size_t out; /* blocks, and one until it is released */
	size_t idle_count;
	head *idle[IDLE_MAX];
};

dp_getdns_pool *
dp_getdns_pool_new(void)
{
	dp_getdns_pool *pool = calloc(1, sizeof *pool);

	if (pool)
		pool->out = 1;
	return pool;
}

/* The last one ends the pool. */
void
dp_getdns_pool_release(dp_getdns_pool *pool)
{
	if (!pool || --pool->out > 0)
		return;
	while (pool->idle_count > 0)
		free(pool->idle[--pool->idle_count]);
	free(pool);
}

static size_t
with_slack(size_t size)
{
	return size >= MESSAGE_ROOM ? size + SLACK : size;
}

/* One of this very size that was given back: what is behind it was never written to. */
static head *
take_idle(dp_getdns_pool *pool, size_t size)
{
	for (size_t i = 0; i < pool->idle_count; i++) {
		head *h = pool->idle[i];
		if (h->size != size)
			continue;
		pool->idle[i] = pool->idle[--pool->idle_count];
		memset(h + 1, 0, size);
		return h;
	}
	return NULL;
}

void *
dp_getdns_take(void *arg, size_t size)
{
	dp_getdns_pool *pool = arg;

	if (size > SIZE_MAX - SLACK - sizeof(head))
		return NULL;
	head *h = take_idle(pool, size);
	if (!h)
		h = calloc(1, sizeof *h + with_slack(size));
	if (!h)
		return NULL;
	h->size = size;
	pool->out++;
	return h + 1;
}

void *
dp_getdns_take_more(void *pool, void *block, size_t size)
{
	void *more = dp_getdns_take(pool, size);

	if (!block || !more)
		return more;
	size_t before = ((const head *)block)[-1].size;
	memcpy(more, block, before < size ? before : size);
	dp_getdns_free(pool, block);
	return more;
}

void
dp_getdns_free(void *arg, void *block)
{
	dp_getdns_pool *pool = arg;
	head *h = block;

	if (!block)
		return;
	h--;
	if (h->size >= MESSAGE_ROOM && pool->idle_count < IDLE_MAX)
		pool->idle[pool->idle_count++] = h;
	else
		free(h);
	dp_getdns_pool_release(pool);
}
