/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a proof that it signs itself? */
#include "support/tiny_zone.h"

#include "base/bounds.h"
#include "crypto/pubkey.h"
#include "dns/rr.h"
#include "support/names.h"
#include "support/require.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COORDINATE 32 /* octets of x, y, r and s: P-256 */
#define KEY_HEAD 4    /* flags, protocol, algorithm of a DNSKEY */
#define TTL 3600

struct tiny_zone {
	gnutls_privkey_t key;
	uint8_t dnskey[KEY_HEAD + 2 * COORDINATE]; /* RDATA */
	char anchors[128];
};

static void
good(int result)
{
	test_require(result >= 0, gnutls_strerror(result));
}

/* A number of GnuTLS', which has zeros in front or lacks them. */
static void
put_number(uint8_t out[COORDINATE], gnutls_datum_t number)
{
	size_t skip = number.size > COORDINATE ? number.size - COORDINATE : 0;
	size_t len = number.size - skip;

	memset(out, 0, COORDINATE);
	memcpy(out + COORDINATE - len, number.data + skip, len);
	gnutls_free(number.data);
}

static void
write_anchors(tiny_zone *zone)
{
	danepriv_span rdata = { zone->dnskey, sizeof zone->dnskey };
	uint8_t signed_over[1 + sizeof zone->dnskey] = { 0 }; /* the root's name in front */
	danepriv_span data = { signed_over, sizeof signed_over };
	uint8_t digest[32];

	memcpy(signed_over + 1, zone->dnskey, sizeof zone->dnskey);
	good(gnutls_hash_fast(GNUTLS_DIG_SHA256, data.data, data.len, digest));
	int at = snprintf(zone->anchors, sizeof zone->anchors, ". IN DS %u %d 2 ",
	    dp_dnskey_tag(rdata), DP_ALGORITHM_ECDSAP256SHA256);
	for (size_t i = 0; i < sizeof digest; i++)
		at += snprintf(
		    zone->anchors + at, sizeof zone->anchors - (size_t)at, "%02x", digest[i]);
	test_require((size_t)at + 1 < sizeof zone->anchors, "anchors");
	zone->anchors[at] = '\n';
}

tiny_zone *
tiny_zone_new(void)
{
	/* RFC 4034 section 2.1: a zone key that is an entry point; RFC 6605. */
	static const uint8_t head[KEY_HEAD] = { 1, 1, 3, DP_ALGORITHM_ECDSAP256SHA256 };
	tiny_zone *zone = calloc(1, sizeof *zone);
	gnutls_datum_t x, y;

	test_require(zone != NULL, "memory");
	good(gnutls_privkey_init(&zone->key));
	good(gnutls_privkey_generate(
	    zone->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	good(gnutls_privkey_export_ecc_raw2(zone->key, NULL, &x, &y, NULL, 0));
	memcpy(zone->dnskey, head, sizeof head);
	put_number(zone->dnskey + KEY_HEAD, x);
	put_number(zone->dnskey + KEY_HEAD + COORDINATE, y);
	write_anchors(zone);
	return zone;
}

void
tiny_zone_free(tiny_zone *zone)
{
	if (!zone)
		return;
	gnutls_privkey_deinit(zone->key);
	free(zone);
}

const char *
tiny_zone_anchors(const tiny_zone *zone)
{
	return zone->anchors;
}

danepriv *
tiny_zone_context(const tiny_zone *zone, const danepriv_settings *more)
{
	danepriv_settings settings = { .size = sizeof settings };
	danepriv *ctx;

	if (more)
		settings = *more;
	settings.anchors = tiny_zone_anchors(zone);
	settings.earliest = 1;
	test_require(danepriv_open(&settings, &ctx) == DANEPRIV_OK, "a context");
	return ctx;
}

static void
write_rr(dp_buffer *b, dp_name owner, uint16_t type, danepriv_span rdata)
{
	dp_name_write(b, owner, true);
	dp_write_u16(b, type);
	dp_write_u16(b, DP_CLASS_IN);
	dp_write_u32(b, TTL);
	dp_write_u16(b, (uint16_t)rdata.len);
	dp_write_span(b, rdata);
}

/* RFC 4034 section 6.3: by their octets. */
static int
compare_rdatas(const void *left, const void *right)
{
	const danepriv_span *a = left, *b = right;
	int order = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static void
sign(const tiny_zone *zone, const dp_buffer *data, uint8_t signature[2 * COORDINATE])
{
	gnutls_datum_t octets = { data->data, (unsigned)data->len }, encoded, r, s;

	/* What was signed before has the same signature, and so a context may know it. */
	good(gnutls_privkey_sign_data2(zone->key, GNUTLS_SIGN_ECDSA_SHA256,
	    GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE, &octets, &encoded));
	good(gnutls_decode_rs_value(&encoded, &r, &s));
	put_number(signature, r);
	put_number(signature + COORDINATE, s);
	gnutls_free(encoded.data);
}

/* A set and its signature (RFC 4034 section 3). */
static void
write_signed_set(dp_buffer *b, const tiny_zone *zone, dp_name owner, uint16_t type,
    const danepriv_span *rdatas, size_t count, danepriv_time from, danepriv_time to)
{
	danepriv_span key = { zone->dnskey, sizeof zone->dnskey };
	danepriv_span sorted[DP_ASSOCIATIONS_MAX + 1];
	dp_buffer rrsig = dp_buffer_growing(256), data = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	uint8_t signature[2 * COORDINATE];

	test_require(count <= DP_ASSOCIATIONS_MAX + 1, "records");
	memcpy(sorted, rdatas, count * sizeof *rdatas);
	qsort(sorted, count, sizeof *sorted, compare_rdatas);
	dp_write_u16(&rrsig, type);
	dp_write_u8(&rrsig, DP_ALGORITHM_ECDSAP256SHA256);
	dp_write_u8(&rrsig, (uint8_t)dp_name_labels(owner));
	dp_write_u32(&rrsig, TTL);
	dp_write_u32(&rrsig, (uint32_t)to);
	dp_write_u32(&rrsig, (uint32_t)from);
	dp_write_u16(&rrsig, dp_dnskey_tag(key));
	dp_name_write(&rrsig, dp_name_root(), true);
	dp_write_span(&data, dp_buffer_span(&rrsig));
	for (size_t i = 0; i < count; i++) {
		write_rr(&data, owner, type, sorted[i]);
		write_rr(b, owner, type, sorted[i]);
	}
	test_require(data.status == DANEPRIV_OK, "signed data");
	sign(zone, &data, signature);
	dp_write(&rrsig, signature, sizeof signature);
	write_rr(b, owner, DP_TYPE_RRSIG, dp_buffer_span(&rrsig));
	dp_buffer_free(&rrsig);
	dp_buffer_free(&data);
}

static void
write_keys(dp_buffer *b, const tiny_zone *zone, danepriv_time from, danepriv_time to)
{
	danepriv_span key = { zone->dnskey, sizeof zone->dnskey };

	write_signed_set(b, zone, dp_name_root(), DP_TYPE_DNSKEY, &key, 1, from, to);
}

test_octets
tiny_zone_typed_chain(const tiny_zone *zone, const char *owner, uint16_t type,
    const danepriv_span *rdatas, size_t count, danepriv_time from, danepriv_time to)
{
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	dp_name_store name = name_from(owner);

	write_signed_set(&b, zone, dp_name_of(&name), type, rdatas, count, from, to);
	write_keys(&b, zone, from, to);
	return octets_of_buffer(&b);
}

test_octets
tiny_zone_large_chain(
    const tiny_zone *zone, const char *owner, danepriv_time from, danepriv_time to)
{
	static uint8_t octets[DP_ASSOCIATIONS_MAX][85];
	danepriv_span rdatas[DP_ASSOCIATIONS_MAX];

	for (size_t i = 0; i < DP_ASSOCIATIONS_MAX; i++) {
		octets[i][0] = 3;
		octets[i][4] = (uint8_t)(i >> 8);
		octets[i][5] = (uint8_t)i;
		rdatas[i] = (danepriv_span){ octets[i], sizeof octets[i] };
	}
	return tiny_zone_chain(zone, owner, rdatas, DP_ASSOCIATIONS_MAX, from, to);
}

test_octets
tiny_zone_chain(const tiny_zone *zone, const char *owner, const danepriv_span *rdatas, size_t count,
    danepriv_time from, danepriv_time to)
{
	return tiny_zone_typed_chain(zone, owner, DP_TYPE_TLSA, rdatas, count, from, to);
}

test_octets
tiny_zone_denial(const tiny_zone *zone, danepriv_time from, danepriv_time to)
{
	/* RFC 4034 section 4.1: the next name is the root again; NS, SOA, RRSIG, NSEC, DNSKEY. */
	static const uint8_t nsec[] = { 0, 0, 7, 0x22, 0, 0, 0, 0, 0x03, 0x80 };
	danepriv_span rdata = { nsec, sizeof nsec };
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);

	write_signed_set(&b, zone, dp_name_root(), DP_TYPE_NSEC, &rdata, 1, from, to);
	write_keys(&b, zone, from, to);
	return octets_of_buffer(&b);
}

test_octets
tiny_zone_grown(danepriv_span chain, size_t len)
{
	uint8_t *room = calloc(1, len);
	size_t first = len - chain.len, rdata = first - 11;

	test_require(room != NULL, "memory");
	room[2] = 16; /* TXT of the root, class IN */
	room[4] = 1;
	room[9] = (uint8_t)(rdata >> 8);
	room[10] = (uint8_t)rdata;
	memcpy(room + first, chain.data, chain.len);
	test_octets grown = octets_copy((danepriv_span){ room, len });
	free(room);
	return grown;
}

test_octets
tiny_zone_extension(danepriv_span chain, uint16_t hours, bool prefixed)
{
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);

	dp_write_u16(&b, hours);
	if (prefixed)
		dp_write_u16(&b, (uint16_t)chain.len);
	dp_write_span(&b, chain);
	return octets_of_buffer(&b);
}
