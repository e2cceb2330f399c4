/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a session with a memory? */
#include "support/remembering.h"

#include "dane/records.h"
#include "support/failing_alloc.h"

#include <check.h>

#define FROM (NOW - 1000)
#define TO (NOW + 100000)

test_peer good, bad;
danepriv *remember_ctx, *unsigned_ctx;
danepriv_cache *memory;
danepriv_session *session;
static tiny_zone *zone;

void
remember_open(void)
{
	const danepriv_settings settings = { .size = sizeof settings, .negative = "example.net" };

	zone = tiny_zone_new();
	remember_ctx = tiny_zone_context(zone, NULL);
	unsigned_ctx = tiny_zone_context(zone, &settings);
	peer_open(&good, "ee,ca");
	peer_open(&bad, "other,ee");
	memory = cached_open();
}

void
remember_close(void)
{
	dp_fail_allocation_at(-1);
	session_close();
	danepriv_cache_free(memory);
	peer_close(&good);
	peer_close(&bad);
	danepriv_close(remember_ctx);
	danepriv_close(unsigned_ctx);
	tiny_zone_free(zone);
	ck_assert_int_eq(dp_blocks(), 0);
}

void
session_open(const danepriv *ctx, danepriv_profile profile)
{
	ck_assert_int_eq(danepriv_session_new(ctx, &cached_server, profile, &session), DANEPRIV_OK);
}

void
session_close(void)
{
	danepriv_session_free(session);
	session = NULL;
}

/* ---- what is sent ---- */

static const char *
owner_in(remembered_chain what)
{
	if (what == OF_OTHER)
		return "_853._tcp.ns2.example.net";
	return what == OF_PORT ? "_854._tcp.ns1.example.net" : "_853._tcp.ns1.example.net";
}

static test_octets
chain_of(remembered_chain what)
{
	if (what == GARBAGE)
		return octets_from_hex("0102030405060708090a0b0c");
	if (what == WITHOUT)
		return tiny_zone_denial(zone, FROM, TO);
	tiny_zone *other = what == FOREIGN ? tiny_zone_new() : NULL;
	test_octets rdata = rdata_of_peer(what == BAD_KEY ? &bad : &good, 3, 1, 1);
	danepriv_span record = octets_span(rdata);
	if (what == USELESS)
		rdata.data[2] = 9;
	test_octets chain = tiny_zone_chain(
	    other ? other : zone, owner_in(what), &record, 1, FROM, what == ENDED ? NOW - 1 : TO);
	tiny_zone_free(other);
	octets_free(rdata);
	return chain;
}

test_octets
extension_sent(remembered_chain what, uint16_t hours)
{
	if (what == SILENT)
		return octets_from_hex("-");
	test_octets chain = chain_of(what);
	test_octets extension = tiny_zone_extension(octets_span(chain), hours, true);
	octets_free(chain);
	return extension;
}

void
give_sent(remembered_chain what, uint16_t hours)
{
	test_octets extension = extension_sent(what, hours);

	if (what != SILENT)
		ck_assert_int_eq(
		    danepriv_session_give_extension(session, octets_span(extension), NOW),
		    DANEPRIV_OK);
	octets_free(extension);
}

/* ---- what is known ---- */

/* How many there are in `rdatas`. */
static size_t
rdatas_of(char keys, test_octets rdatas[2], danepriv_span spans[2])
{
	rdatas[0] = rdata_of_peer(keys == 'b' ? &bad : &good, 3, 1, 1);
	rdatas[1] = rdata_of_peer(&bad, 3, 1, 1);
	for (int i = 0; i < 2; i++)
		spans[i] = octets_span(rdatas[i]);
	return keys == 'a' ? 2 : 1;
}

danepriv_records *
vouched(danepriv_security security, char keys, danepriv_time until)
{
	test_octets rdatas[2];
	danepriv_span spans[2];
	danepriv_records *records;
	size_t count = rdatas_of(keys, rdatas, spans);

	ck_assert_int_eq(
	    danepriv_records_vouch(&cached_server, NULL, security, DANEPRIV_REASON_NONE, spans,
		security == SECURE ? count : 0, until, &records),
	    DANEPRIV_OK);
	octets_free(rdatas[0]);
	octets_free(rdatas[1]);
	return records;
}

danepriv_status
put_vouched(danepriv_security security, char keys, danepriv_time until, danepriv_time now)
{
	danepriv_records *records = vouched(security, keys, until);
	danepriv_status status = danepriv_cache_put(memory, records, now);

	danepriv_records_free(records);
	return status;
}

void
give_fetched(danepriv_security security, char keys, danepriv_time until)
{
	danepriv_records *records = vouched(security, keys, until);

	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

void
give_fetched_once(char keys, danepriv_time until, danepriv_time expiry)
{
	const dp_proven proven = { SECURE, DANEPRIV_REASON_NONE, { 0 }, until, expiry };
	test_octets rdatas[2];
	danepriv_span spans[2];
	danepriv_records *records;
	dp_server server;
	size_t count = rdatas_of(keys, rdatas, spans);

	ck_assert_int_eq(dp_server_read(&cached_server, &server), DANEPRIV_OK);
	ck_assert_int_eq(
	    dp_records_new(&server, dp_name_of(&server.name), proven, spans, count, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_fetched_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
	octets_free(rdatas[0]);
	octets_free(rdatas[1]);
}

void
pin_server(uint16_t hours)
{
	ck_assert_int_eq(put_vouched(SECURE, 'g', NOW - 50, NOW - 100), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_pin(memory, &cached_server, hours, NOW), DANEPRIV_OK);
}

danepriv_server_state
remembered_at(danepriv_time now)
{
	danepriv_server_state state = { .size = sizeof state };

	(void)danepriv_cache_get_server_state(memory, &cached_server, now, &state);
	return state;
}
