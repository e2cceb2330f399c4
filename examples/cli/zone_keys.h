/* SPDX-License-Identifier: BSD-2-Clause
 * Which keys has a zone, and how are they written down for others to trust? */
#ifndef CLI_ZONE_KEYS_H
#define CLI_ZONE_KEYS_H

#include "../dns/name.h"
#include "network.h"

/* More than any zone signs with. */
#define CLI_ZONE_KEYS_MAX 16
#define CLI_ZONE_KEY_OCTETS 1024

/* The RDATA of one DNSKEY (RFC 4034 section 2.1). */
typedef struct cli_zone_key {
	uint8_t octets[CLI_ZONE_KEY_OCTETS];
	size_t len;
} cli_zone_key;

/* Zero it first. */
typedef struct cli_zone_keys {
	char zone[DNS_NAME_ROOM]; /* normal (dns_name_normal) */
	cli_zone_key list[CLI_ZONE_KEYS_MAX];
	size_t count;
} cli_zone_keys;

/* Takes those keys of the zone that are in a chain.  All that is in it was found secure. */
void cli_zone_keys_prove(cli_zone_keys *keys, const danepriv_chain *chain);
/* Takes what the resolver says that they are, true or not. */
void cli_zone_keys_ask(cli_zone_keys *keys, const cli_network *network);
/* Leaves those that others are to trust: none that is revoked, or of no zone; and where keys are
 * marked as entry points, these alone (RFC 4034 section 2.1.1). */
void cli_zone_keys_choose(cli_zone_keys *keys);

/* RFC 4034 appendix B. */
uint16_t cli_zone_key_tag(const cli_zone_key *key);
/* A line of a zone file, without its end, to free: the DNSKEY, or its DS with SHA-256.  NULL: out
 * of memory. */
char *cli_zone_key_dnskey(const cli_zone_keys *keys, size_t index);
char *cli_zone_key_ds(const cli_zone_keys *keys, size_t index);

#endif
