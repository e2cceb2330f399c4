/* SPDX-License-Identifier: BSD-2-Clause
 * What may getdns read beyond a message?
 *
 * Not by base/alloc.h: its failures are swept through in tests, and getdns itself does not survive
 * that memory runs out. */
#include "getdns/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Where memory is watched, nobody may use what was given back, until it is taken again. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, octets) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(at, octets) ((void)0)
#endif

/* Blocks below this hold no message: a question alone takes more. */
#define MESSAGE_ROOM 512
/* The largest length of 16 bits, the field itself, and what other fields may come to. */
#define SLACK (65535 + 2 + 1024)

/* Below it, sizes come in steps: what was given back serves any size of the same step. */
#define STEP 16
#define STEPS (MESSAGE_ROOM / STEP + 1)

/* In front of each block. */
typedef union head {
	struct {
		size_t size;
		bool is_idle;
		union head *next; /* idle, of the same step */
	} block;
	max_align_t align;
} head;

/* As many as there are questions of a lookup, and then some: 72 KiB each. */
#define IDLE_MAX 16

struct dp_getdns_pool {
	size_t out; /* blocks, and one until it is released */
	size_t idle_count;
	head *idle[IDLE_MAX]; /* that can hold a message */
	head *small[STEPS];   /* that cannot: getdns takes hundreds for each answer */
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
	for (size_t i = 0; i < STEPS; i++)
		for (head *h; (h = pool->small[i]) != NULL;) {
			pool->small[i] = h->block.next;
			free(h);
		}
	free(pool);
}

/* Where those are that can hold so much. */
static head **
small_ones(dp_getdns_pool *pool, size_t size)
{
	return &pool->small[(size + STEP - 1) / STEP];
}

static head *
take_small(dp_getdns_pool *pool, size_t size)
{
	head **list = small_ones(pool, size), *h = *list;

	if (h) {
		*list = h->block.next;
		ASAN_UNPOISON_MEMORY_REGION(h + 1, (size + STEP - 1) / STEP * STEP);
	} else {
		h = malloc(sizeof *h + (size + STEP - 1) / STEP * STEP);
	}
	if (h)
		memset(h + 1, 0, size);
	return h;
}

/* One of this very size that was given back: what is behind it was never written to. */
static head *
take_idle(dp_getdns_pool *pool, size_t size)
{
	for (size_t i = 0; i < pool->idle_count; i++) {
		head *h = pool->idle[i];
		if (h->block.size != size)
			continue;
		pool->idle[i] = pool->idle[--pool->idle_count];
		ASAN_UNPOISON_MEMORY_REGION(h + 1, size + SLACK);
		memset(h + 1, 0, size);
		return h;
	}
	return NULL;
}

static head *
take_large(dp_getdns_pool *pool, size_t size)
{
	head *h = take_idle(pool, size);

	return h ? h : calloc(1, sizeof *h + size + SLACK);
}

void *
dp_getdns_take(void *arg, size_t size)
{
	dp_getdns_pool *pool = arg;

	if (size > SIZE_MAX - SLACK - sizeof(head))
		return NULL;
	head *h = size < MESSAGE_ROOM ? take_small(pool, size) : take_large(pool, size);
	if (!h)
		return NULL;
	h->block.size = size;
	h->block.is_idle = false;
	pool->out++;
	return h + 1;
}

void *
dp_getdns_take_more(void *pool, void *block, size_t size)
{
	void *more = dp_getdns_take(pool, size);

	if (!block || !more)
		return more;
	size_t before = ((const head *)block)[-1].block.size;
	memcpy(more, block, before < size ? before : size);
	dp_getdns_free(pool, block);
	return more;
}

/* Keeps it for the next one. */
static void
give_back(dp_getdns_pool *pool, head *h)
{
	h->block.is_idle = true;
	if (h->block.size < MESSAGE_ROOM) {
		head **list = small_ones(pool, h->block.size);
		h->block.next = *list;
		*list = h;
		ASAN_POISON_MEMORY_REGION(h + 1, h->block.size);
	} else if (pool->idle_count < IDLE_MAX) {
		pool->idle[pool->idle_count++] = h;
		ASAN_POISON_MEMORY_REGION(h + 1, h->block.size);
	} else {
		free(h);
	}
}

void
dp_getdns_free(void *arg, void *block)
{
	dp_getdns_pool *pool = arg;
	head *h = block;

	/* Given back twice, it would be handed out twice. */
	if (!block || h[-1].block.is_idle)
		return;
	give_back(pool, h - 1);
	dp_getdns_pool_release(pool);
}
