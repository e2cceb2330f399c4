/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test look something up by getdns? */
#include "support/fetching.h"

#include "support/failing_alloc.h"

#include <check.h>
#include <poll.h>
#include <stdbool.h>

danepriv *fetching_ctx;

void
fetching_open(void)
{
	ck_assert_int_eq(danepriv_open(NULL, &fetching_ctx), DANEPRIV_OK);
}

void
fetching_close(void)
{
	danepriv_close(fetching_ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

danepriv_getdns *
fetching_by(const upstream *r)
{
	const char *upstreams[] = { r->address };
	danepriv_getdns *dns;

	ck_assert_int_eq(danepriv_getdns_open(upstreams, 1, &dns), DANEPRIV_OK);
	return dns;
}

static danepriv_status
run(danepriv_getdns *dns, danepriv_lookup *lookup, uint32_t deadline_ms, danepriv_time now)
{
	danepriv_status status = danepriv_getdns_start(dns, lookup, deadline_ms, now);

	return status == DANEPRIV_OK ? danepriv_getdns_run(dns, lookup) : status;
}

danepriv_status
fetch_chain(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_records **records, danepriv_chain **chain)
{
	danepriv_lookup *lookup = NULL;

	*records = NULL;
	danepriv_status status = chain ? danepriv_lookup_new_chain(ctx, server, &lookup)
				       : danepriv_lookup_new(ctx, server, &lookup);
	if (status == DANEPRIV_OK)
		status = run(dns, lookup, deadline_ms, now);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, now, records);
	if (status == DANEPRIV_OK && chain)
		status = danepriv_lookup_chain(lookup, now, chain);
	danepriv_lookup_free(lookup);
	return status;
}

danepriv_status
fetch_records(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    uint32_t deadline_ms, danepriv_time now, danepriv_records **out)
{
	return fetch_chain(dns, ctx, server, deadline_ms, now, out, NULL);
}

danepriv_status
fetch_zone(danepriv_getdns *dns, const danepriv *ctx, const char *zone, uint32_t deadline_ms,
    danepriv_time now, danepriv_zone **out)
{
	danepriv_lookup *lookup = NULL;

	*out = NULL;
	danepriv_status status = danepriv_lookup_new_zone(ctx, zone, &lookup);
	if (status == DANEPRIV_OK)
		status = run(dns, lookup, deadline_ms, now);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish_zone(lookup, now, out);
	danepriv_lookup_free(lookup);
	return status;
}

void
fetching_start(fetching *f, danepriv_getdns *dns, const danepriv *ctx,
    const danepriv_server *server, uint32_t deadline_ms, danepriv_time now)
{
	ck_assert_int_eq(danepriv_lookup_new(ctx, server, &f->lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, f->lookup, deadline_ms, now), DANEPRIV_OK);
}

void
fetching_stop(fetching *f, danepriv_getdns *dns)
{
	ck_assert_int_eq(danepriv_getdns_stop(dns, f->lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_stop(dns, f->lookup), DANEPRIV_EINVAL);
	danepriv_lookup_free(f->lookup);
	f->lookup = NULL;
}

static void
note(fetching *f, danepriv_status status, danepriv_time now)
{
	danepriv_records *records = NULL;

	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(f->lookup, now, &records);
	f->ended++;
	f->status = status;
	f->security = danepriv_records_security(records);
	f->reason = danepriv_records_reason(records);
	danepriv_records_free(records);
	danepriv_lookup_free(f->lookup);
	f->lookup = NULL;
}

unsigned
fetching_take(fetching *those, size_t count, danepriv_getdns *dns, danepriv_time now)
{
	danepriv_status taken, status;
	danepriv_lookup *lookup;
	unsigned sum = 0;

	while ((taken = danepriv_getdns_take(dns, &lookup, &status)) == DANEPRIV_OK) {
		size_t i = 0;
		while (i < count && those[i].lookup != lookup)
			i++;
		ck_assert_uint_lt(i, count);
		note(&those[i], status, now);
		sum++;
	}
	ck_assert_int_eq(taken, DANEPRIV_ENOTFOUND);
	ck_assert_ptr_null(lookup);
	return sum;
}

static bool
is_any_left(const fetching *those, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (those[i].lookup)
			return true;
	return false;
}

void
fetching_wait(fetching *those, size_t count, danepriv_getdns *dns, danepriv_time now)
{
	while (is_any_left(those, count)) {
		struct pollfd p = { .fd = danepriv_getdns_poll_fd(dns), .events = POLLIN };
		ck_assert_int_ge(poll(&p, 1, danepriv_getdns_poll_timeout(dns)), 0);
		danepriv_getdns_poll_run(dns);
		(void)fetching_take(those, count, dns, now);
	}
}
