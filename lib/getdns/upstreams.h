/* SPDX-License-Identifier: BSD-2-Clause
 * Which resolvers carry our questions?  A getdns context for each, which does no more than carry.
 *
 * With several in its list, a context of getdns 1.6.0 asks whichever it likes over TCP, and comes
 * back to connections that it has freed when the list is changed.  Here each has a list of one. */
#ifndef DP_GETDNS_UPSTREAMS_H
#define DP_GETDNS_UPSTREAMS_H

#include "getdns/loop.h"
#include "getdns/memory.h"

#include <stddef.h>

/* glibc reads three from resolv.conf; each costs memory, and time when all are dead. */
#define DP_UPSTREAMS_MAX 16

/* Zeroed: none. */
typedef struct dp_upstreams {
	getdns_list *list; /* as getdns writes them */
	size_t count;
	dp_getdns_pool *pool;			    /* of all contexts */
	getdns_context *contexts[DP_UPSTREAMS_MAX]; /* NULL: not needed yet */
} dp_upstreams;

/* Those of danepriv_getdns_open, with `count` 0 those of the system's configuration.  To be freed
 * in any case.  EMALFORMED, ENOMEM.  EADAPTER: there are none, or getdns refused. */
danepriv_status dp_upstreams_read(dp_upstreams *upstreams, const char *const *texts, size_t count);

/* The context that asks this one, on the loop; NULL: getdns refused. */
getdns_context *dp_upstreams_context(dp_upstreams *upstreams, size_t at, dp_loop *loop);

void dp_upstreams_free(dp_upstreams *upstreams);

#endif
