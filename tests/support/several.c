/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by several resolvers? */
#include "support/several.h"

#include "support/failing_alloc.h"
#include "support/fetching.h"
#include "support/tiny_zone.h"

#include <danepriv/danepriv.h>

#include <check.h>

const danepriv_server several_server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
danepriv *several_ctx;
upstream several[SEVERAL_MAX];
danepriv_getdns *several_dns;
static tiny_zone *zone;
static test_octets denial;

void
several_open(void)
{
	zone = tiny_zone_new();
	several_ctx = tiny_zone_context(zone, NULL);
	denial = tiny_zone_denial(zone, NOW - 1000, NOW + 100000);
	upstream_proof = octets_span(denial);
}

void
several_close(void)
{
	danepriv_close(several_ctx);
	tiny_zone_free(zone);
	octets_free(denial);
	ck_assert_int_eq(dp_blocks(), 0);
}

void
several_start(const upstream_manner *those, size_t count)
{
	const char *addresses[SEVERAL_MAX];

	for (size_t i = 0; i < count; i++) {
		ck_assert(upstream_start(&several[i], "127.0.0.1", those[i]));
		addresses[i] = several[i].address;
	}
	ck_assert_int_eq(danepriv_getdns_open(addresses, count, &several_dns), DANEPRIV_OK);
}

void
several_stop(size_t count)
{
	danepriv_getdns_close(several_dns);
	for (size_t i = 0; i < count; i++)
		upstream_stop(&several[i]);
}

danepriv_security
several_fetch(uint32_t deadline_ms, danepriv_reason *reason)
{
	danepriv_records *records;

	ck_assert_int_eq(
	    fetch_records(several_dns, several_ctx, &several_server, deadline_ms, NOW, &records),
	    DANEPRIV_OK);
	danepriv_security security = danepriv_records_security(records);
	if (reason)
		*reason = danepriv_records_reason(records);
	danepriv_records_free(records);
	return security;
}

unsigned
several_asked(const upstream *one, unsigned most, const char *name)
{
	unsigned sum = 0;

	for (size_t i = 0; i < one->count; i++) {
		const upstream_question *q = &one->questions[i];
		ck_assert_msg(q->udp <= most, "%s: %u times", name, q->udp);
		sum += q->udp;
	}
	return sum;
}
