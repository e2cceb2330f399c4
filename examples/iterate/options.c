/* SPDX-License-Identifier: BSD-2-Clause
 * What is asked for on the command line? */
#include "iterate.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MAX 1000

static const struct option words[] = {
	{ "strict", no_argument, NULL, 's' },
	{ "opportunistic", no_argument, NULL, 'o' },
	{ "strict-zone", required_argument, NULL, 'z' },
	{ "tls-port", required_argument, NULL, 't' },
	{ "clear-port", required_argument, NULL, 'c' },
	{ "anchor", required_argument, NULL, 'a' },
	{ "patience", required_argument, NULL, 'p' },
	{ "root", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static unsigned
read_number(const char *text, unsigned max)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	return *end == '\0' && number <= max ? (unsigned)number : 0;
}

/* NAME=ADDRESS of a server of the root. */
static bool
read_root(const char *text, zone *root)
{
	char name[DNS_NAME_ROOM], normal[DNS_NAME_ROOM];
	const char *address = strchr(text, '=');
	uint8_t octets[16];

	if (!address || (size_t)(address - text) >= sizeof name)
		return false;
	memcpy(name, text, (size_t)(address - text));
	name[address - text] = '\0';
	if (!dns_name_normal(name, normal) || strcmp(normal, ".") == 0)
		return false;
	name_server *server = zone_add_server(root, normal);
	if (!server)
		return false;
	server->is_configured = true;
	if (inet_pton(AF_INET, address + 1, octets) == 1)
		return server_add_host(server, octets, 4);
	return inet_pton(AF_INET6, address + 1, octets) == 1 && server_add_host(server, octets, 16);
}

int
options_read(int argc, char **argv, iterator *it, zone *root, options *o)
{
	bool is_fine = true;
	int option;

	opterr = 0; /* what was asked for is not repeated on stderr */
	while (is_fine && (option = getopt_long(argc, argv, "", words, NULL)) != -1) {
		if (option == 's' || option == 'o')
			o->profile = option == 's' ? DANEPRIV_PROFILE_STRICT
						   : DANEPRIV_PROFILE_OPPORTUNISTIC;
		else if (option == 'z' && (is_fine = o->stricts < ZONE_RULES_MAX))
			o->strict[o->stricts++] = optarg;
		else if (option == 't')
			is_fine = (it->tls_port = (uint16_t)read_number(optarg, UINT16_MAX)) > 0;
		else if (option == 'c')
			is_fine = (it->clear_port = (uint16_t)read_number(optarg, UINT16_MAX)) > 0;
		else if (option == 'p')
			is_fine = (it->patience = read_number(optarg, PATIENCE_MAX)) > 0;
		else if (option == 'a')
			o->anchor = optarg;
		else if (option == 'r')
			is_fine = read_root(optarg, root);
		else
			is_fine = false;
	}
	int count = argc - optind;
	return is_fine && root->count > 0 && count > 0 && count % 2 == 0 ? optind : 0;
}
