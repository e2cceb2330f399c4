/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test look something up by getdns?  And what came of many lookups at once? */
#ifndef TESTS_FETCHING_H
#define TESTS_FETCHING_H

#include "support/upstream.h"

#include <danepriv/chain.h>
#include <danepriv/getdns.h>
#include <danepriv/zone.h>

/* A context without anchors; a fixture, which also sees that no memory is left behind. */
extern danepriv *fetching_ctx;
void fetching_open(void);
void fetching_close(void);

/* With this resolver alone; to be closed. */
danepriv_getdns *fetching_by(const upstream *r);

/* Looks it up, waits, and takes the verdict; what failed first.  NULL unless it is OK. */
danepriv_status fetch_records(danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now, danepriv_records **out);
danepriv_status fetch_chain(danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_records **records, danepriv_chain **chain);
danepriv_status fetch_zone(danepriv_getdns *dns, const danepriv *ctx, const char *zone,
    uint32_t deadline_ms, danepriv_time now, danepriv_zone **out);

/* A lookup of a server, and what came of it.  Zeroed: none was started. */
typedef struct fetching {
	danepriv_lookup *lookup; /* NULL: not under way */
	unsigned ended;		 /* times that it was given back */
	danepriv_status status;
	danepriv_security security;
	danepriv_reason reason;
} fetching;

void fetching_start(fetching *f, danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now);
/* It was not given back, and is no more. */
void fetching_stop(fetching *f, danepriv_getdns *dns);

/* Takes those that have ended, each of which is one of these; how many. */
unsigned fetching_take(fetching *those, size_t count, danepriv_getdns *dns, danepriv_time now);

/* Runs until none is under way. */
void fetching_wait(fetching *those, size_t count, danepriv_getdns *dns, danepriv_time now);

#endif
