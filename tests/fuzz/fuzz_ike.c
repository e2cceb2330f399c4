/* SPDX-License-Identifier: BSD-2-Clause
 * What an IKE peer shows, by records of one certificate's key, by the cache that holds them, and by
 * records of an authority.  Input: AUTH method, type of the ID, length and octets of the ID, two
 * octets of length and octets of the key, then CERT payloads: encoding, two octets of length and
 * octets; the last may be short.  Whoever matches has shown the key that is published. */
#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"
#include "support/credentials.h"
#include "support/fuzz.h"

#include <danepriv/ike.h>
#include <stdlib.h>
#include <string.h>

#define CERTIFICATES_MAX 300
#define NOW 1700000000

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_IPSEC };
static danepriv *ctx;
static danepriv_cache *cache;
static danepriv_records *by_key, *by_authority;
static test_octets keys[2]; /* published; of whoever is certified */

static void
require(bool fine)
{
	if (!fine)
		abort();
}

static danepriv_records *
publish(const char *name, uint8_t usage, uint8_t selector)
{
	danepriv_records *records;
	test_peer peer;

	peer_open(&peer, name);
	test_octets rdata = rdata_of_peer(&peer, usage, selector, 1);
	danepriv_span span = octets_span(rdata);
	require(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
		    DANEPRIV_REASON_NONE, &span, 1, NOW, &records) == DANEPRIV_OK);
	octets_free(rdata);
	peer_close(&peer);
	return records;
}

static test_octets
key_in(const char *name)
{
	test_octets certificate = octets_of_credential(name);
	danepriv_span spki;

	require(dp_der_certificate_spki(octets_span(certificate), &spki) == DANEPRIV_OK);
	test_octets key = octets_copy(spki);
	octets_free(certificate);
	return key;
}

static void
start(void)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 65536 };

	require(danepriv_open(NULL, &ctx) == DANEPRIV_OK);
	require(danepriv_cache_new(&settings, &cache) == DANEPRIV_OK);
	by_key = publish("rsa", 3, 1);
	by_authority = publish("i-root", 2, 0);
	keys[0] = key_in("rsa");
	keys[1] = key_in("i-plain");
	require(danepriv_cache_put(cache, by_key, NOW) == DANEPRIV_OK);
}

static danepriv_span
read_some(dp_reader *r, size_t len)
{
	size_t left = dp_reader_left(r);

	return dp_read_span(r, len < left ? len : left);
}

static size_t
read_certificates(dp_reader *r, danepriv_ike_certificate *certificates)
{
	size_t count = 0;

	while (count < CERTIFICATES_MAX && dp_reader_left(r) >= 3) {
		certificates[count].encoding = dp_read_u8(r);
		size_t len = dp_read_u16(r);
		certificates[count++].octets = read_some(r, len);
	}
	return count;
}

/* Only such a peer is authorised: of this key, and under the server's name. */
static void
check(const danepriv_ike_peer *peer, danepriv_status status, const danepriv_ike_found *found,
    test_octets key)
{
	char name[1024];

	require(
	    status == DANEPRIV_OK || status == DANEPRIV_EMALFORMED || status == DANEPRIV_ELIMIT);
	require(status == DANEPRIV_OK || found->finding != DANEPRIV_FINDING_MATCH);
	if (found->finding != DANEPRIV_FINDING_MATCH) {
		require(found->key.len == 0);
		return;
	}
	require(dp_span_equal(found->key, octets_span(key)));
	require(peer->key.len == 0 || dp_span_equal(found->key, peer->key));
	require(peer->auth != 0 && peer->auth != 2 && peer->auth != 13);
	require(danepriv_ike_name(&peer->id, name, sizeof name, NULL) == DANEPRIV_OK);
	for (size_t i = 0; name[i] != '\0'; i++)
		require((name[i] | 0x20) == "ns1.example.net."[i] || name[i] == '.');
}

static void
judge(const danepriv_ike_peer *peer)
{
	danepriv_ike_found found = { .size = sizeof found }, again = found;

	danepriv_status status = danepriv_ike_evaluate(ctx, by_key, peer, NOW, &found, NULL);
	check(peer, status, &found, keys[0]);
	require(danepriv_ike_judge(cache, ctx, &server, peer, NOW, &again, NULL) == status);
	require(again.finding == found.finding && again.key.len == found.key.len);
	status = danepriv_ike_evaluate(ctx, by_authority, peer, NOW, &found, NULL);
	check(peer, status, &found, keys[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static danepriv_ike_certificate certificates[CERTIFICATES_MAX];
	danepriv_ike_peer peer = { .size = sizeof peer, .certificates = certificates };
	dp_reader r = dp_reader_over((danepriv_span){ data, len });

	if (!ctx)
		start();
	if (len < 5)
		return 0;
	peer.auth = dp_read_u8(&r);
	peer.id.type = dp_read_u8(&r);
	size_t id_len = dp_read_u8(&r);
	peer.id.octets = read_some(&r, id_len);
	size_t key_len = dp_reader_left(&r) >= 2 ? dp_read_u16(&r) : 0;
	peer.key = read_some(&r, key_len);
	peer.count = read_certificates(&r, certificates);
	judge(&peer);
	return 0;
}
