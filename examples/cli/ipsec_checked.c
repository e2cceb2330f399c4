/* SPDX-License-Identifier: BSD-2-Clause
 * May this name or file stand in a configuration as it is?
 *
 * Nothing is quoted or escaped.  Both daemons' languages have more characters with a meaning than
 * either of them documents: what could be one is refused. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "ipsec.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID_IPV4_ADDR = 1, ID_FQDN = 2, ID_IPV6_ADDR = 5 };
enum { IPV4_OCTETS = 4, IPV6_OCTETS = 16, NIBBLES = 32 };

/* ---- names ---- */

/* Is the name the tree's own, or below it? */
static bool
ends_in(const char *name, const char *tree)
{
	size_t len = strlen(name), tail = strlen(tree);

	len -= len > 0 && name[len - 1] == '.';
	return len >= tail && strncasecmp(name + len - tail, tree, tail) == 0 &&
	       (len == tail || name[len - tail - 1] == '.');
}

/* Numbers of labels, the first one last; false where there are others or fewer. */
static bool
read_labels(const char *name, int base, uint8_t *numbers, size_t count)
{
	while (count-- > 0) {
		char *end;
		if (!isxdigit((unsigned char)*name))
			return false;
		unsigned long number = strtoul(name, &end, base);
		if (*end != '.' || number > UINT8_MAX)
			return false;
		numbers[count] = (uint8_t)number;
		name = end + 1;
	}
	return true;
}

/* The address that a name in the reverse tree is the place of; no octets: it is of none. */
static danepriv_span
reverse_of(const char *name, uint8_t *octets)
{
	char again[CLI_REVERSE_MAX];
	danepriv_span address = { octets, IPV4_OCTETS };

	if (ends_in(name, "ip6.arpa")) {
		uint8_t nibbles[NIBBLES] = { 0 };
		address.len = read_labels(name, 16, nibbles, NIBBLES) ? IPV6_OCTETS : 0;
		for (size_t i = 0; i < IPV6_OCTETS; i++)
			octets[i] = (uint8_t)(nibbles[2 * i] << 4 | (nibbles[2 * i + 1] & 0xF));
	} else if (!read_labels(name, 10, octets, IPV4_OCTETS)) {
		address.len = 0;
	}
	/* Is that its very name, with no zero in front and nothing behind? */
	if (address.len > 0 &&
	    (danepriv_server_reverse(address, again, sizeof again, NULL) != DANEPRIV_OK ||
		!cli_names_equal(again, name)))
		address.len = 0;
	return address;
}

static bool
is_reverse(const char *name)
{
	return ends_in(name, "in-addr.arpa") || ends_in(name, "ip6.arpa");
}

static bool
read_own(const char *given, const char *name, cli_ipsec_place *out)
{
	uint8_t octets[IPV6_OCTETS];

	if (!is_reverse(name) || cli_ipsec_place_set(reverse_of(name, octets), out))
		return true;
	cli_complain("'%.120s' is not the place of a host's address in the reverse tree", given);
	return false;
}

/* Dots and colons become underscores, and an underscore the only capital letter: no two names share
 * one. */
static void
make_stem(const char *id, char *out, size_t room)
{
	size_t len = 0;

	for (; *id != '\0' && len + 1 < room; id++) {
		char other = *id == '_' ? 'U' : *id;
		out[len++] = *id == '.' || *id == ':' ? '_' : other;
	}
	out[len] = '\0';
}

/* The name that stands for a server in an ID payload: letters, digits, hyphens and underscores. */
static bool
is_host_name(const char *name)
{
	danepriv_ike_id id = { { (const uint8_t *)name, strlen(name) }, ID_FQDN };
	char text[256];

	return danepriv_ike_name(&id, text, sizeof text, NULL) == DANEPRIV_OK;
}

static void
set_identity(cli_connection *out, bool is_address)
{
	out->identity.octets = (danepriv_span){ (const uint8_t *)out->id, strlen(out->id) };
	out->identity.type = ID_FQDN;
	if (!is_address)
		return;
	out->identity.octets = (danepriv_span){ out->own.octets, out->own.len };
	out->identity.type = out->own.len == IPV4_OCTETS ? ID_IPV4_ADDR : ID_IPV6_ADDR;
}

bool
cli_ipsec_read_id(const char *given, const danepriv_server *server, cli_connection *out)
{
	cli_ipsec_place address;
	bool is_address = cli_ipsec_place_parse(given, &address);
	const char *id = is_address ? address.text : given;
	size_t len = strlen(id);

	len -= !is_address && len > 0 && id[len - 1] == '.';
	if (len == 0 || len >= sizeof out->id || !is_host_name(server->name)) {
		cli_complain("'%.120s' is no name of letters, digits, hyphens and underscores, and "
			     "no address of a host",
		    given);
		return false;
	}
	for (size_t i = 0; i < len; i++)
		out->id[i] = (char)tolower((unsigned char)id[i]);
	out->id[len] = '\0';
	if (!read_own(given, server->name, &out->own))
		return false;
	set_identity(out, is_address);
	make_stem(out->id, out->stem, sizeof out->stem);
	return true;
}

/* ---- files ---- */

static bool
is_plain_path(const char *path)
{
	for (; *path != '\0'; path++)
		if (!isalnum((unsigned char)*path) && !strchr("/._-+", *path))
			return false;
	return true;
}

/* The folder of a file, made absolute, and a slash; false: there is none. */
static bool
find_folder(const char *file, size_t len, char *out, size_t room)
{
	char given[PATH_MAX], found[PATH_MAX];

	if (len >= sizeof given)
		return false;
	(void)snprintf(given, sizeof given, "%.*s", (int)len, file);
	if (!realpath(len > 0 ? given : ".", found))
		return false;
	int written = snprintf(out, room, "%s%s", found, strcmp(found, "/") == 0 ? "" : "/");
	return written > 0 && (size_t)written < room;
}

bool
cli_ipsec_read_path(const char *given, cli_connection *out)
{
	const char *slash = strrchr(given, '/');
	const char *file = slash ? slash + 1 : given;
	char folder[CLI_IPSEC_PATH_MAX / 2];

	if (*file == '\0' || strcmp(file, "-") == 0 || strlen(file) > NAME_MAX) {
		cli_complain("--key-out: '%.80s' is no name of a file", given);
		return false;
	}
	if (!find_folder(given, (size_t)(file - given), folder, sizeof folder)) {
		cli_complain("--key-out: '%.200s': %s", given, strerror(errno));
		return false;
	}
	(void)snprintf(out->key_path, sizeof out->key_path, "%s%s", folder, file);
	if (is_plain_path(out->key_path))
		return true;
	cli_complain("--key-out: '%.200s' has other characters than letters, digits and . _ - + /, "
		     "which a configuration might read otherwise",
	    out->key_path);
	return false;
}
