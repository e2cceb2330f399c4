/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a peer of IKE, and by records that it is held to? */
#include "support/ike.h"

#include "crypto/der.h"
#include "support/cached.h"
#include "support/require.h"

#include <arpa/inet.h>
#include <danepriv/word.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 8
/* Octets in front of the RSAPublicKey in the SubjectPublicKeyInfo of 2048 bits. */
#define RSA_HEAD_OCTETS 24

enum { IPV4_ADDR = 1, FQDN = 2, IPV6_ADDR = 5 };

const danepriv_server ike_server = { IKE_NAME, 0, DANEPRIV_TRANSPORT_IPSEC };

static test_octets
octets_of_text(const char *text)
{
	return octets_copy((danepriv_span){ (const uint8_t *)text, strlen(text) });
}

static test_octets
octets_of_address(const char *text)
{
	uint8_t octets[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	test_require(inet_pton(family, text, octets) == 1, "no address");
	return octets_copy((danepriv_span){ octets, family == AF_INET ? 4 : 16 });
}

/* ---- peers ---- */

void
ike_identity_open(ike_identity *identity, const char *text)
{
	const char *value = strchr(text, ':');

	test_require(value != NULL, "an ID without a colon");
	value++;
	if (strncmp(text, "fqdn:", 5) == 0) {
		identity->id.type = FQDN;
		identity->octets = octets_of_text(value);
	} else if (strncmp(text, "ipv", 3) == 0) {
		identity->id.type = text[3] == '4' ? IPV4_ADDR : IPV6_ADDR;
		identity->octets = octets_of_address(value);
	} else {
		identity->id.type = (uint8_t)strtoul(text, NULL, 10);
		identity->octets = octets_of_text(value);
	}
	identity->id.octets = octets_span(identity->octets);
}

void
ike_identity_close(ike_identity *identity)
{
	octets_free(identity->octets);
	memset(identity, 0, sizeof *identity);
}

test_octets
ike_key_of(const char *name)
{
	test_octets whole = octets_of_credential(name);
	danepriv_span spki;

	if (dp_der_certificate_spki(octets_span(whole), &spki) != DANEPRIV_OK)
		return whole;
	test_octets key = octets_copy(spki);
	octets_free(whole);
	return key;
}

static test_octets
payload_of(unsigned encoding, const char *name)
{
	if (encoding != 11)
		return octets_of_credential(name);
	test_octets key = ike_key_of(name);
	test_octets rsa_key =
	    octets_copy((danepriv_span){ key.data + RSA_HEAD_OCTETS, key.len - RSA_HEAD_OCTETS });
	octets_free(key);
	return rsa_key;
}

static void
open_certificates(test_ike_peer *p, const char *text)
{
	char names[256];
	char *rest = names;

	test_require(strlen(text) < sizeof names, "too many names");
	strcpy(names, text);
	for (char *item; (item = strtok_r(NULL, ",", &rest));) {
		size_t i = p->peer.count++;
		char *name;
		test_require(i < IKE_ITEMS_MAX, "too many certificates");
		p->certificates[i].encoding = (uint8_t)strtoul(item, &name, 10);
		test_require(*name == ':', "a certificate without a colon");
		p->octets[i] = payload_of(p->certificates[i].encoding, name + 1);
		p->certificates[i].octets = octets_span(p->octets[i]);
	}
	p->peer.certificates = p->certificates;
}

void
ike_peer_open(test_ike_peer *p, const ike_shown *shown)
{
	memset(p, 0, sizeof *p);
	p->peer.size = sizeof p->peer;
	p->peer.auth = shown->auth;
	p->peer.resource = shown->resource;
	if (shown->id)
		ike_identity_open(&p->identity, shown->id);
	p->peer.id = p->identity.id;
	if (shown->certificates)
		open_certificates(p, shown->certificates);
	if (shown->key)
		p->key = ike_key_of(shown->key);
	p->peer.key = octets_span(p->key);
	if (shown->address)
		p->address = octets_of_address(shown->address);
	p->peer.address = octets_span(p->address);
}

void
ike_peer_close(test_ike_peer *p)
{
	for (size_t i = 0; i < p->peer.count; i++)
		octets_free(p->octets[i]);
	octets_free(p->key);
	octets_free(p->address);
	ike_identity_close(&p->identity);
	memset(p, 0, sizeof *p);
}

/* ---- records ---- */

/* `311:ee`. */
static test_octets
record_of(const char *text)
{
	test_require(strlen(text) > 4 && text[3] == ':', "no record");
	test_peer meant;
	char name[64] = "raw:";
	const char *of = text + 4;

	/* Keys are shown raw. */
	test_octets octets = octets_of_credential(of);
	danepriv_span spki;
	bool is_certificate = dp_der_certificate_spki(octets_span(octets), &spki) == DANEPRIV_OK;
	octets_free(octets);
	strncat(name, of, sizeof name - strlen(name) - 1);
	peer_open(&meant, is_certificate ? of : name);
	/* A usage that nobody knows is put in behind. */
	uint8_t usage = (uint8_t)(text[0] - '0');
	test_octets rdata = rdata_of_peer(
	    &meant, usage > 3 ? 3 : usage, (uint8_t)(text[1] - '0'), (uint8_t)(text[2] - '0'));
	rdata.data[0] = usage;
	peer_close(&meant);
	return rdata;
}

static danepriv_records *
vouch(const danepriv_server *server, const char *base, danepriv_security security,
    danepriv_reason reason, const danepriv_span *rdatas, size_t count)
{
	danepriv_records *records = NULL;

	test_require(danepriv_records_vouch(server, base, security, reason, rdatas, count,
			 IKE_UNTIL, &records) == DANEPRIV_OK,
	    "no records");
	return records;
}

danepriv_records *
ike_records(const danepriv_server *server, const char *base, const char *published)
{
	test_octets octets[RECORDS_MAX];
	danepriv_span rdatas[RECORDS_MAX];
	char texts[256], *rest = texts;
	size_t count = 0;
	int security;

	if (strcmp(published, "no-anchor") == 0)
		return vouch(server, base, DANEPRIV_SECURITY_INDETERMINATE,
		    DANEPRIV_REASON_NO_ANCHOR, NULL, 0);
	if (danepriv_value(DANEPRIV_KIND_SECURITY, published, &security) == DANEPRIV_OK)
		return vouch(
		    server, base, (danepriv_security)security, DANEPRIV_REASON_NONE, NULL, 0);
	test_require(strlen(published) < sizeof texts, "too many records");
	strcpy(texts, published);
	for (char *text; (text = strtok_r(NULL, ",", &rest)); count++) {
		test_require(count < RECORDS_MAX, "too many records");
		octets[count] = record_of(text);
		rdatas[count] = octets_span(octets[count]);
	}
	danepriv_records *records =
	    vouch(server, base, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE, rdatas, count);
	for (size_t i = 0; i < count; i++)
		octets_free(octets[i]);
	return records;
}

/* ---- all of it ---- */

void
ike_world_open(ike_world *w, const ike_setting *setting, const ike_shown *shown)
{
	w->ctx = context_open_with(setting->roots ? setting->roots : "-",
	    (danepriv_settings){ .excluded_usages = setting->excluded });
	w->server = ike_server;
	if (setting->server)
		w->server.name = setting->server;
	if (setting->base)
		w->server.aliases = DANEPRIV_ALIASES_FOLLOW;
	w->records = ike_records(&w->server, setting->base, setting->published);
	w->cache = cached_open();
	test_require(
	    danepriv_cache_put(w->cache, w->records, IKE_NOW) == DANEPRIV_OK, "nothing is put");
	ike_peer_open(&w->peer, shown);
}

void
ike_world_close(ike_world *w)
{
	ike_peer_close(&w->peer);
	danepriv_cache_free(w->cache);
	danepriv_records_free(w->records);
	danepriv_close(w->ctx);
}
