/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a proof that was exported, also wrongly? */
#include "support/exported.h"

#include "base/buffer.h"
#include "dns/rr.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/names.h"

#include <check.h>
#include <string.h>

#define MARK 0x64707802
#define FROM (NOW - 1000)
#define TO (NOW + 100000)

tiny_zone *exported_zone;
danepriv *exported_ctx;

void
exported_open(void)
{
	exported_zone = tiny_zone_new();
	exported_ctx = tiny_zone_context(exported_zone, NULL);
}

void
exported_close(void)
{
	dp_fail_allocation_at(-1);
	danepriv_close(exported_ctx);
	tiny_zone_free(exported_zone);
	ck_assert_int_eq(dp_blocks(), 0);
}

danepriv *
exported_strangers_context(void)
{
	tiny_zone *zone = tiny_zone_new();
	danepriv *ctx = tiny_zone_context(zone, NULL);

	tiny_zone_free(zone);
	return ctx;
}

/* ---- chains ---- */

static const char *
owner_of(exported_chain what)
{
	static const char *const owners[NOISE + 1] = {
		[OF_OTHER] = "_853._tcp.ns2.example.net",
		[OF_DTLS] = "_853._udp.ns1.example.net",
		[OF_PORT] = "_854._tcp.ns1.example.net",
		[OF_QUIC] = "_853._quic.ns1.example.net",
		[OF_IPSEC] = "_53.ns1.example.net",
		[OF_FOUR] = "_53." EXPORTED_FOUR,
		[OF_SIX] = "_53." EXPORTED_SIX,
		[TLSA_AT_IPSEC] = "_53.ns1.example.net",
	};

	return owners[what] ? owners[what] : "_853._tcp.ns1.example.net";
}

static uint16_t
type_of(exported_chain what)
{
	bool is_ipsec =
	    what == OF_IPSEC || what == OF_FOUR || what == OF_SIX || what == IPSECA_AT_TLS;

	return is_ipsec ? DP_TYPE_IPSECA : DP_TYPE_TLSA;
}

test_octets
exported_chain_of(exported_chain what)
{
	uint8_t rdata[9000] = { 3, 1, 1 };
	danepriv_span record = { rdata, what == LARGE_KEY ? sizeof rdata : 35 };

	memset(rdata + 3, what == OLD_KEY ? 'o' : 'a', sizeof rdata - 3);
	if (what == NO_CHAIN)
		return octets_from_hex("-");
	if (what == NOISE)
		return octets_from_hex("00000102030405060708090a0b0c0d0e0f");
	if (what == NO_KEY)
		return tiny_zone_denial(exported_zone, FROM, TO);
	tiny_zone *other = what == OTHER_KEY ? tiny_zone_new() : NULL;
	test_octets chain = tiny_zone_typed_chain(other ? other : exported_zone, owner_of(what),
	    type_of(what), &record, 1, FROM, what == ENDED ? NOW - 1 : TO);
	tiny_zone_free(other);
	return chain;
}

danepriv_records *
exported_records(const danepriv_server *server, danepriv_span chain)
{
	danepriv_records *records;

	ck_assert_int_eq(
	    danepriv_records_prove(exported_ctx, server, chain, NOW, &records), DANEPRIV_OK);
	return records;
}

/* ---- octets ---- */

static void
write_time(dp_buffer *b, danepriv_time t)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		dp_write_u8(b, (uint8_t)((uint64_t)t >> shift));
}

test_octets
exported_octets(const exported_fields *f)
{
	dp_buffer body = dp_buffer_growing(70000), whole = dp_buffer_growing(70000);
	dp_name_store name = name_from(f->name);

	write_time(&body, f->valid_until);
	write_time(&body, f->expiry);
	dp_write_u16(&body, f->port);
	dp_write_u8(&body, f->transport);
	dp_write_u8(&body, f->view);
	dp_write_u8(&body, (uint8_t)f->label.len);
	dp_write_span(&body, f->label);
	dp_name_write(&body, dp_name_of(&name), false);
	dp_write_u16(&body, (uint16_t)f->chain.len);
	dp_write_span(&body, f->chain);
	if (f->tail)
		dp_write(&body, f->tail, strlen(f->tail));
	dp_write_u32(&whole, f->mark ? f->mark : MARK);
	dp_write_u32(&whole, (uint32_t)((int)body.len + f->length));
	dp_write_span(&whole, dp_buffer_span(&body));
	ck_assert_int_eq(body.status, DANEPRIV_OK);
	dp_buffer_free(&body);
	return octets_of_buffer(&whole);
}

static test_octets
usual_of(exported_chain what, uint16_t port, uint8_t transport, const char *label)
{
	test_octets chain = exported_chain_of(what);
	const exported_fields fields = { 0, 0, NOW + EXPORTED_HELD, NOW + 2 * EXPORTED_HELD, port,
		transport, 0, { (const uint8_t *)label, strlen(label) }, cached_server.name,
		octets_span(chain), NULL };
	test_octets octets = exported_octets(&fields);

	octets_free(chain);
	return octets;
}

test_octets
exported_usual(void)
{
	return usual_of(THE_KEY, 853, DANEPRIV_TRANSPORT_DOT, "_tcp");
}

test_octets
exported_usual_ipsec(void)
{
	return usual_of(OF_IPSEC, 53, DANEPRIV_TRANSPORT_IPSEC, "");
}

/* ---- caches ---- */

danepriv_cache *
exported_cache(void)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 200000 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&settings, &cache), DANEPRIV_OK);
	return cache;
}

danepriv_status
exported_put(
    danepriv_cache *cache, const danepriv_server *server, danepriv_span chain, danepriv_time now)
{
	danepriv_records *records = exported_records(server, chain);
	danepriv_status status = danepriv_cache_put_proof(cache, records, chain, now);

	danepriv_records_free(records);
	return status;
}

void
exported_own(danepriv_cache *cache, unsigned number, danepriv_span chain, danepriv_time until)
{
	static const uint8_t octets[35] = { 3, 1, 1 };
	const danepriv_span rdata = { octets, sizeof octets };
	danepriv_records *records;
	char text[64];
	danepriv_server server = crowd_server(number, "many", text);

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, SECURE, DANEPRIV_REASON_NONE, &rdata,
			     1, until, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(chain.len > 0 ? danepriv_cache_put_proof(cache, records, chain, NOW)
				       : danepriv_cache_put(cache, records, NOW),
	    DANEPRIV_OK);
	danepriv_records_free(records);
	ck_assert_int_eq(danepriv_cache_note_match(cache, &server, 0, NOW), DANEPRIV_OK);
}
