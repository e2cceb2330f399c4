/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of zones and their servers? */
#ifndef ITERATE_TREE_H
#define ITERATE_TREE_H

#include "connection.h"

#define HOSTS_MAX 4   /* addresses of a server */
#define SERVERS_MAX 8 /* servers of a zone */
#define ZONES_MAX 32  /* in each of the two trees */

typedef struct name_server {
	char name[DNS_NAME_ROOM];
	danepriv_provenance provenance; /* as of the last plan */
	bool is_configured;
	bool is_looked_up; /* its addresses were asked for */
	host hosts[HOSTS_MAX];
	size_t count;
} name_server;

typedef struct zone {
	char name[DNS_NAME_ROOM];
	danepriv_time valid_until; /* it is not used after that */
	danepriv_security names;   /* of its own NS records */
	name_server servers[SERVERS_MAX];
	size_t count;
} zone;

/* What is known of zones.  There are two, by purpose. */
typedef struct tree {
	zone zones[ZONES_MAX];
	size_t count;
} tree;

/* Adds an address, if it is none of those that are there; false: there is no room. */
bool server_add_host(name_server *server, const uint8_t *octets, size_t len);
name_server *zone_add_server(zone *z, const char *name);
/* The zone that is nearest to the question; NULL: there is not even the root. */
const zone *tree_nearest(const tree *t, const danepriv_question *question, danepriv_time now);
bool tree_put(tree *t, const zone *z);
/* What a server of `above` says is the zone on the way to the question; false: it refers to none.
 */
bool referral_read(
    danepriv_span octets, const zone *above, const char *name, danepriv_time now, zone *out);

#endif
