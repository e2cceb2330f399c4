/* SPDX-License-Identifier: BSD-2-Clause
 * Which keys has a zone, and how are they written down for others to trust?  (RFC 4034 sections 2
 * and 5) */
#include "zone_keys.h"

#include "../dns/message.h"
#include "../dns/octets.h"
#include "stub.h"

#include <getdns/getdns_extra.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_DNSKEY 48
#define FLAG_ZONE 0x0100
#define FLAG_REVOKED 0x0080
#define FLAG_ENTRY_POINT 0x0001
#define PROTOCOL 3
/* Flags, protocol and algorithm. */
#define HEAD_OCTETS 4
/* Type, class, TTL and length, behind the name of a record. */
#define FIXED_OCTETS 10
#define DIGEST_OCTETS 32
#define DIGEST_TYPE 2

static void
add_key(cli_zone_keys *keys, danepriv_span rdata)
{
	cli_zone_key *key = &keys->list[keys->count];

	if (keys->count == CLI_ZONE_KEYS_MAX || rdata.len <= HEAD_OCTETS ||
	    rdata.len > sizeof key->octets)
		return;
	memcpy(key->octets, rdata.data, rdata.len);
	key->len = rdata.len;
	keys->count++;
}

void
cli_zone_keys_prove(cli_zone_keys *keys, const danepriv_chain *chain)
{
	danepriv_span octets = danepriv_chain_octets(chain);
	char owner[DNS_NAME_ROOM];
	size_t at = 0;

	keys->count = 0;
	while (at < octets.len && (at = dns_name_read(octets, at, owner)) > 0) {
		if (octets.len - at < FIXED_OCTETS)
			return;
		size_t type = dns_get_u16(octets.data + at);
		size_t len = dns_get_u16(octets.data + at + FIXED_OCTETS - 2);
		at += FIXED_OCTETS;
		if (len > octets.len - at)
			return;
		if (type == TYPE_DNSKEY && strcmp(owner, keys->zone) == 0)
			add_key(keys, (danepriv_span){ octets.data + at, len });
		at += len;
	}
}

static void
read_message(cli_zone_keys *keys, danepriv_span octets)
{
	dns_message message = dns_message_over(octets);
	dns_record record;

	while (dns_message_next(&message, &record))
		if (record.section == DNS_SECTION_ANSWER && record.type == TYPE_DNSKEY &&
		    strcmp(record.name, keys->zone) == 0)
			add_key(keys, (danepriv_span){ octets.data + record.at, record.len });
}

/* A resolver that validates is to hand on what it does not trust either (RFC 4035 section 3.2.2). */
static getdns_dict *
ask_unchecked(void)
{
	getdns_dict *extensions = getdns_dict_create();

	if (extensions && getdns_dict_set_int(extensions, "/header/cd", 1) == GETDNS_RETURN_GOOD)
		return extensions;
	getdns_dict_destroy(extensions);
	return NULL;
}

void
cli_zone_keys_ask(cli_zone_keys *keys, const cli_network *network)
{
	getdns_context *dns = cli_stub_open(network);
	getdns_dict *extensions = ask_unchecked(), *response = NULL;
	getdns_list *replies = NULL;
	getdns_bindata *reply = NULL;

	keys->count = 0;
	if (dns && extensions &&
	    getdns_general_sync(dns, keys->zone, TYPE_DNSKEY, extensions, &response) ==
		GETDNS_RETURN_GOOD &&
	    getdns_dict_get_list(response, "replies_full", &replies) == GETDNS_RETURN_GOOD &&
	    getdns_list_get_bindata(replies, 0, &reply) == GETDNS_RETURN_GOOD &&
	    reply->size > DNS_HEADER_OCTETS)
		read_message(keys, (danepriv_span){ reply->data, reply->size });
	getdns_dict_destroy(extensions);
	getdns_dict_destroy(response);
	getdns_context_destroy(dns);
}

static size_t
flags_of(const cli_zone_key *key)
{
	return dns_get_u16(key->octets);
}

static bool
can_be_trusted(const cli_zone_key *key)
{
	return (flags_of(key) & FLAG_ZONE) && !(flags_of(key) & FLAG_REVOKED) &&
	       key->octets[2] == PROTOCOL;
}

void
cli_zone_keys_choose(cli_zone_keys *keys)
{
	size_t wanted = 0, kept = 0;

	for (size_t i = 0; i < keys->count; i++)
		if (can_be_trusted(&keys->list[i]))
			wanted |= flags_of(&keys->list[i]) & FLAG_ENTRY_POINT;
	for (size_t i = 0; i < keys->count; i++)
		if (can_be_trusted(&keys->list[i]) && (flags_of(&keys->list[i]) & wanted) == wanted)
			keys->list[kept++] = keys->list[i];
	keys->count = kept;
}

uint16_t
cli_zone_key_tag(const cli_zone_key *key)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < key->len; i++)
		sum += i % 2 == 0 ? (uint32_t)key->octets[i] << 8 : key->octets[i];
	return (uint16_t)(sum + (sum >> 16));
}

char *
cli_zone_key_dnskey(const cli_zone_keys *keys, size_t index)
{
	const cli_zone_key *key = &keys->list[index];
	const gnutls_datum_t public = { (unsigned char *)(uintptr_t)key->octets + HEAD_OCTETS,
		(unsigned)(key->len - HEAD_OCTETS) };
	gnutls_datum_t text = { NULL, 0 };
	size_t room = DNS_NAME_ROOM + 64 + 2 * CLI_ZONE_KEY_OCTETS;

	char *line = malloc(room);
	if (line && gnutls_base64_encode2(&public, &text) == GNUTLS_E_SUCCESS)
		(void)snprintf(line, room, "%s IN DNSKEY %zu %u %u %.*s", keys->zone, flags_of(key),
		    key->octets[2], key->octets[3], (int)text.size, (const char *)text.data);
	else {
		free(line);
		line = NULL;
	}
	gnutls_free(text.data);
	return line;
}

/* The digest is over the zone's name and the key (RFC 4034 section 5.1.4). */
static bool
digest_key(const cli_zone_keys *keys, const cli_zone_key *key, uint8_t digest[DIGEST_OCTETS])
{
	uint8_t octets[DNS_NAME_OCTETS + CLI_ZONE_KEY_OCTETS];
	size_t len = dns_name_write(keys->zone, octets);

	memcpy(octets + len, key->octets, key->len);
	return len > 0 && gnutls_hash_fast(GNUTLS_DIG_SHA256, octets, len + key->len, digest) == 0;
}

char *
cli_zone_key_ds(const cli_zone_keys *keys, size_t index)
{
	const cli_zone_key *key = &keys->list[index];
	size_t room = DNS_NAME_ROOM + 64 + 2 * DIGEST_OCTETS;
	uint8_t digest[DIGEST_OCTETS];
	char *line = malloc(room);

	if (!line || !digest_key(keys, key, digest)) {
		free(line);
		return NULL;
	}
	int at = snprintf(line, room, "%s IN DS %u %u %u ", keys->zone, cli_zone_key_tag(key),
	    key->octets[3], DIGEST_TYPE);
	for (size_t i = 0; i < sizeof digest; i++)
		at += snprintf(line + at, room - (size_t)at, "%02X", digest[i]);
	return line;
}
