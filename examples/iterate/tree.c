/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of zones and their servers, and what does a referral add?
 *
 * Referrals are not signed (RFC 4035 section 2.2): whose names these are is not known here, but by
 * danepriv_zones. */
#include "tree.h"

#include <string.h>

#define TTL_MAX 3600 /* seconds; longer than this program ever runs */

bool
server_add_host(name_server *server, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < server->count; i++)
		if (server->hosts[i].len == len &&
		    memcmp(server->hosts[i].octets, octets, len) == 0)
			return true;
	if (server->count == HOSTS_MAX || len > sizeof server->hosts->octets)
		return false;
	memcpy(server->hosts[server->count].octets, octets, len);
	server->hosts[server->count++].len = len;
	return true;
}

/* What no server is called (`.`, `192.0.2.1.`) stands in NS records all the same, and one of those
 * would fail each plan. */
static bool
can_be_server(const char *name)
{
	const danepriv_server server = { .name = name };
	char owner[DNS_NAME_ROOM];

	return danepriv_server_owner(&server, owner, sizeof owner, NULL) == DANEPRIV_OK;
}

name_server *
zone_add_server(zone *z, const char *name)
{
	for (size_t i = 0; i < z->count; i++)
		if (strcmp(z->servers[i].name, name) == 0)
			return &z->servers[i];
	if (z->count == SERVERS_MAX || strlen(name) >= DNS_NAME_ROOM || !can_be_server(name))
		return NULL;
	name_server *server = &z->servers[z->count++];
	memset(server, 0, sizeof *server);
	strcpy(server->name, name);
	return server;
}

const zone *
tree_nearest(const tree *t, const danepriv_question *question, danepriv_time now)
{
	const zone *nearest = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const zone *z = &t->zones[i];
		/* DS records are the parent's (RFC 4034 section 5) */
		bool is_childs =
		    question->type == DNS_TYPE_DS && strcmp(z->name, question->name) == 0;
		if (now <= z->valid_until && dns_name_is_below(question->name, z->name) &&
		    (!is_childs || strcmp(z->name, ".") == 0) &&
		    (!nearest || dns_name_is_below(z->name, nearest->name)))
			nearest = z;
	}
	return nearest;
}

bool
tree_put(tree *t, const zone *z)
{
	size_t i = 0;

	while (i < t->count && strcmp(t->zones[i].name, z->name) != 0)
		i++;
	if (i == ZONES_MAX)
		return false;
	t->zones[i] = *z;
	if (i == t->count)
		t->count++;
	return true;
}

/* The NS records of a zone between `above` and `name`. */
static void
read_servers(
    danepriv_span octets, const zone *above, const char *name, danepriv_time now, zone *out)
{
	dns_message m = dns_message_over(octets);
	char server[DNS_NAME_ROOM];
	dns_record r;

	while (dns_message_next(&m, &r)) {
		if (r.section == DNS_SECTION_ADDITIONAL || r.type != DNS_TYPE_NS ||
		    strcmp(r.name, above->name) == 0 || !dns_name_is_below(r.name, above->name) ||
		    !dns_name_is_below(name, r.name) ||
		    (out->count > 0 && strcmp(r.name, out->name) != 0) ||
		    !dns_name_read(octets, r.at, server))
			continue;
		strcpy(out->name, r.name);
		out->valid_until = now + (r.ttl < TTL_MAX ? r.ttl : TTL_MAX);
		(void)zone_add_server(out, server); /* those that fit will do */
	}
}

/* Addresses of its servers, as far as it is the parent's to know them. */
static void
read_glue(danepriv_span octets, const zone *above, zone *out)
{
	dns_message m = dns_message_over(octets);
	dns_record r;

	while (dns_message_next(&m, &r)) {
		bool is_address = (r.type == DNS_TYPE_A && r.len == 4) ||
				  (r.type == DNS_TYPE_AAAA && r.len == 16);
		if (r.section != DNS_SECTION_ADDITIONAL || !is_address ||
		    !dns_name_is_below(r.name, above->name))
			continue;
		for (size_t i = 0; i < out->count; i++)
			if (strcmp(out->servers[i].name, r.name) == 0)
				(void)server_add_host(&out->servers[i], octets.data + r.at, r.len);
	}
}

bool
referral_read(
    danepriv_span octets, const zone *above, const char *name, danepriv_time now, zone *out)
{
	*out = (zone){ .names = DANEPRIV_SECURITY_UNKNOWN };
	if (dns_message_rcode(octets) != 0 || dns_message_is_authoritative(octets))
		return false;
	read_servers(octets, above, name, now, out);
	read_glue(octets, above, out);
	return out->count > 0;
}
