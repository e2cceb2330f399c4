/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program without a loop wait for a fetch?  It lends the thread to the loop. */
#include "getdns/carrier.h"

#include <stdbool.h>

typedef struct outcome {
	bool over;
	danepriv_status status;
	danepriv_records *records;
	danepriv_chain *chain;
	danepriv_zone *zone;
} outcome;

static void
take_chain(void *arg, danepriv_status status, danepriv_records *records, danepriv_chain *chain)
{
	outcome *o = arg;

	o->over = true;
	o->status = status;
	o->records = records;
	o->chain = chain;
}

static void
take_records(void *arg, danepriv_status status, danepriv_records *records)
{
	take_chain(arg, status, records, NULL);
}

static void
take_zone(void *arg, danepriv_status status, danepriv_zone *zone)
{
	outcome *o = arg;

	o->over = true;
	o->status = status;
	o->zone = zone;
}

/* How a fetch ended, if it was `started`. */
static danepriv_status
wait_for(danepriv_getdns *dns, danepriv_status started, const outcome *o)
{
	if (started != DANEPRIV_OK)
		return started;
	while (!o->over) /* a fetch has a deadline */
		dp_loop_turn(dns->loop, true);
	return o->status;
}

danepriv_status
danepriv_getdns_fetch_sync(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_records **out)
{
	outcome o = { .over = false };

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	danepriv_status status =
	    danepriv_getdns_fetch(dns, ctx, server, deadline_ms, now, NULL, take_records, &o);
	status = wait_for(dns, status, &o);
	*out = o.records;
	return status;
}

danepriv_status
danepriv_getdns_fetch_chain_sync(danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_records **records, danepriv_chain **chain)
{
	outcome o = { .over = false };

	if (!records || !chain)
		return DANEPRIV_EINVAL;
	*records = NULL;
	*chain = NULL;
	danepriv_status status =
	    danepriv_getdns_fetch_chain(dns, ctx, server, deadline_ms, now, NULL, take_chain, &o);
	status = wait_for(dns, status, &o);
	*records = o.records;
	*chain = o.chain;
	return status;
}

danepriv_status
danepriv_getdns_fetch_zone_sync(danepriv_getdns *dns, const danepriv *ctx, const char *zone,
    uint32_t deadline_ms, danepriv_time now, danepriv_zone **out)
{
	outcome o = { .over = false };

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	danepriv_status status =
	    danepriv_getdns_fetch_zone(dns, ctx, zone, deadline_ms, now, NULL, take_zone, &o);
	status = wait_for(dns, status, &o);
	*out = o.zone;
	return status;
}
