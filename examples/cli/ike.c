/* SPDX-License-Identifier: BSD-2-Clause
 * What does an IKE peer show, and whom does it say it is? */
#include "ike.h"

#include "options.h"
#include "server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* On the wire (RFC 7296 sections 3.5, 3.6 and 3.8, RFC 7619, RFC 7670). */
enum { ID_IPV4_ADDR = 1, ID_FQDN = 2, ID_IPV6_ADDR = 5, ID_NULL = 13 };
enum { ENCODING_X509 = 4, ENCODING_RAW_KEY = 15, AUTH_SIGNATURE = 14 };

#define NAME_ROOM 1024
/* Octets of an ID that are shown to people. */
#define SHOWN_MAX 255

static const struct id_type {
	const char *word;
	uint8_t number;
} types[] = {
	{ "ipv4", ID_IPV4_ADDR },
	{ "fqdn", ID_FQDN },
	{ "rfc822", 3 },
	{ "ipv6", ID_IPV6_ADDR },
	{ "dn", 9 },
	{ "key-id", 11 },
	{ "null", ID_NULL },
};

/* By its first letters; NULL: unknown. */
static const struct id_type *
find_type(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i].word) == len && memcmp(types[i].word, text, len) == 0)
			return &types[i];
	return NULL;
}

/* The octets of an address in text; 0 of them: it is none. */
static size_t
read_address(uint8_t type, const char *text, uint8_t *octets)
{
	if (type == ID_IPV4_ADDR)
		return inet_pton(AF_INET, text, octets) == 1 ? 4 : 0;
	return inet_pton(AF_INET6, text, octets) == 1 ? 16 : 0;
}

/* False: an address type with another value. */
static bool
set_id(cli_ike *ike, const struct id_type *type, const char *value)
{
	danepriv_span octets = { (const uint8_t *)value, value ? strlen(value) : 0 };

	if (type->number == ID_IPV4_ADDR || type->number == ID_IPV6_ADDR) {
		octets.data = ike->address;
		octets.len = read_address(type->number, value, ike->address);
		if (octets.len == 0)
			return false;
	}
	ike->peer.id.octets = octets;
	ike->peer.id.type = type->number;
	ike->type = type->word;
	ike->value = value;
	return true;
}

/* What a server is called is who it says it is. */
static bool
take_name(cli_ike *ike, const char *name)
{
	return set_id(ike, find_type("ipv4", 4), name) || set_id(ike, find_type("ipv6", 4), name) ||
	       set_id(ike, find_type("fqdn", 4), name);
}

bool
cli_ike_read_id(cli_ike *ike, const char *id, const char *name)
{
	size_t len = id ? strcspn(id, ":") : 0;

	if (!id)
		return take_name(ike, name);
	const struct id_type *type = find_type(id, len);
	const char *value = id[len] == ':' ? id + len + 1 : NULL;
	if (!type)
		cli_complain("--id: '%.40s' begins with none of fqdn:, ipv4:, ipv6:, rfc822:, "
			     "dn:, key-id:, and is not null",
		    id);
	else if (type->number == ID_NULL && value)
		cli_complain("--id: null stands alone");
	else if (type->number != ID_NULL && (!value || *value == '\0'))
		cli_complain("--id: '%.40s' is not TYPE:VALUE", id);
	else if (!set_id(ike, type, value))
		cli_complain("--id: '%.80s' is no address of %s", value, type->word);
	else
		return true;
	return false;
}

void
cli_ike_show(cli_ike *ike, const cli_credential *credential)
{
	bool raw = credential->credential.type == DANEPRIV_CREDENTIAL_RAW_KEY;

	ike->peer.size = sizeof ike->peer;
	ike->peer.certificates = ike->certificates;
	ike->peer.count = credential->credential.count;
	ike->peer.auth = AUTH_SIGNATURE;
	for (size_t i = 0; i < ike->peer.count; i++) {
		ike->certificates[i].octets = credential->items[i];
		ike->certificates[i].encoding = raw ? ENCODING_RAW_KEY : ENCODING_X509;
	}
}

bool
cli_ike_names(const cli_ike *ike, const char *server)
{
	char named[NAME_ROOM];

	return danepriv_ike_name(&ike->peer.id, named, sizeof named, NULL) == DANEPRIV_OK &&
	       cli_names_equal(named, server);
}

const char *
cli_ike_blame(const cli_ike *ike, const char *server, const char *base)
{
	char named[NAME_ROOM];

	if (ike->peer.id.type == ID_NULL)
		return "the ID is null, which is nobody's";
	danepriv_status status = danepriv_ike_name(&ike->peer.id, named, sizeof named, NULL);
	if (status == DANEPRIV_ENOTFOUND)
		return "the ID names nobody: a server's is of type fqdn, ipv4 or ipv6";
	if (status != DANEPRIV_OK && ike->peer.id.type == ID_FQDN)
		return "the ID is malformed: it is no name of a host";
	if (status != DANEPRIV_OK)
		return "the ID is malformed: it is an IPv4 address within IPv6";
	if (!cli_names_equal(named, server) && !cli_names_equal(named, base))
		return "the ID names somebody else";
	return NULL;
}

static bool
is_match(const danepriv_ike_found *found)
{
	return found->finding == DANEPRIV_FINDING_MATCH;
}

/* Octets that are no text are told by a question mark each. */
static void
write_id(const cli_ike *ike, char *text, size_t room)
{
	if (!ike->value)
		(void)snprintf(text, room, "%s", ike->type);
	else
		(void)snprintf(text, room, "%s:%.*s", ike->type, SHOWN_MAX, ike->value);
	for (char *c = text; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static json_t *
json_id(const cli_ike *ike)
{
	char text[SHOWN_MAX + 16];
	json_t *whole =
	    ike->value ? json_sprintf("%s:%s", ike->type, ike->value) : json_string(ike->type);

	if (whole)
		return whole;
	write_id(ike, text, sizeof text);
	return json_string(text);
}

void
cli_json_ike(json_t *object, const cli_ike *ike, const danepriv_ike_found *found)
{
	(void)json_object_set_new(object, "id", json_id(ike));
	if (is_match(found))
		(void)json_object_set_new(object, "pkix", json_boolean(found->needs_pkix));
}

void
cli_print_ike(const cli_ike *ike, const danepriv_ike_found *found)
{
	char text[SHOWN_MAX + 16];

	write_id(ike, text, sizeof text);
	(void)printf("id: %s\n", text);
	if (is_match(found))
		(void)printf("pkix: %s\n", found->needs_pkix ? "needed, and valid" : "not needed");
}
