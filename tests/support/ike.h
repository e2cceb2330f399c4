/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a peer of IKE, and by records that it is held to?  Both out of text. */
#ifndef TESTS_IKE_H
#define TESTS_IKE_H

#include "support/credentials.h"

#include <danepriv/ike.h>

#define IKE_NOW 1700000000
#define IKE_UNTIL 1700003600
#define IKE_NAME "ns1.example.net"
#define IKE_ITEMS_MAX 8

/* The server of most rows. */
extern const danepriv_server ike_server;

/* `fqdn:NAME`, `ipv4:ADDRESS`, `ipv6:ADDRESS`, or `NUMBER:TEXT` for an ID of that type. */
typedef struct ike_identity {
	danepriv_ike_id id;
	test_octets octets;
} ike_identity;

void ike_identity_open(ike_identity *identity, const char *text);
void ike_identity_close(ike_identity *identity);

/* What a peer shows; NULL: nothing of the kind. */
typedef struct ike_shown {
	const char *id;
	const char *certificates; /* `4:ee,4:ca`: encoding and credential, with commas between.
				     11 takes the RSAPublicKey out of a SubjectPublicKeyInfo */
	const char *key;	  /* of this certificate, or this SubjectPublicKeyInfo */
	unsigned auth;
	const char *address;
	danepriv_resource resource;
} ike_shown;

/* A peer with octets of its own; it must stay where it is. */
typedef struct test_ike_peer {
	danepriv_ike_peer peer;
	danepriv_ike_certificate certificates[IKE_ITEMS_MAX];
	test_octets octets[IKE_ITEMS_MAX], key, address;
	ike_identity identity;
} test_ike_peer;

void ike_peer_open(test_ike_peer *p, const ike_shown *shown);
void ike_peer_close(test_ike_peer *p);

/* The SubjectPublicKeyInfo of a certificate or a key, by its name; free it. */
test_octets ike_key_of(const char *name);

/* Records of `server` with `base` (NULL: no alias): `311:ee,201:root`, usage, selector and matching
 * and what they mean; or the word of a security, with `no-anchor` for an indeterminate one of that
 * reason.  Yours to free. */
danepriv_records *ike_records(
    const danepriv_server *server, const char *base, const char *published);

/* What is published, and by whom; NULL: as most rows have it. */
typedef struct ike_setting {
	const char *published;
	const char *server; /* IKE_NAME */
	const char *base;   /* no alias */
	const char *roots;  /* none */
	uint32_t excluded;  /* usages, as in danepriv_settings */
} ike_setting;

/* All that a judgement takes, and a cache that holds the same records. */
typedef struct ike_world {
	danepriv *ctx;
	danepriv_server server;
	danepriv_records *records;
	danepriv_cache *cache;
	test_ike_peer peer;
} ike_world;

void ike_world_open(ike_world *w, const ike_setting *setting, const ike_shown *shown);
void ike_world_close(ike_world *w);

#endif
