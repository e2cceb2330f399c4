/* SPDX-License-Identifier: BSD-2-Clause
 * What may getdns read beyond a message?  Zeros that are there for it.
 *
 * Before it hands out the octets of an answer, getdns 1.6.0 turns the answer into dictionaries, and
 * some of its parsers of RDATA (OPT, APL, IPSECKEY, HIP, TKEY and more) believe a length that goes
 * beyond the message.  One forged datagram makes it copy 64 KiB from behind a block on the heap.
 * With these functions that many zeros are behind every block that can hold a message; the zeros
 * also end every walk from length to length.  (Found, and found to suffice, by fuzzing.) */
#ifndef DP_GETDNS_MEMORY_H
#define DP_GETDNS_MEMORY_H

#include <stddef.h>

/* Blocks of one context that are out, and some that were given back: with all that is behind them,
 * a lookup takes and gives back half a MiB, which the system would have to clear each time. */
typedef struct dp_getdns_pool dp_getdns_pool;

/* NULL: out of memory.  It ends when it is released and the last block is given back. */
dp_getdns_pool *dp_getdns_pool_new(void);
void dp_getdns_pool_release(dp_getdns_pool *pool);

/* malloc, realloc and free, for getdns_context_create_with_extended_memory_functions.  What is
 * taken is zero. */
void *dp_getdns_take(void *pool, size_t size);
void *dp_getdns_take_more(void *pool, void *block, size_t size);
void dp_getdns_free(void *pool, void *block);

#endif
