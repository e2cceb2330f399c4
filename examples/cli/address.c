/* SPDX-License-Identifier: BSD-2-Clause
 * Where is the server? */
#include "address.h"

#include <arpa/inet.h>
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
cli_address_set_port(cli_address *address, uint16_t port)
{
	if (address->socket.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&address->socket)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&address->socket)->sin_port = htons(port);
}

bool
cli_address_read(const char *text, uint16_t port, cli_address *out)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[CLI_ADDRESS_TEXT_MAX];
	size_t len = strcspn(text, "@");
	int64_t number = port;

	memset(out, 0, sizeof *out);
	out->has_port = text[len] == '@';
	if (len == 0 || len >= sizeof host)
		return false;
	if (out->has_port && !cli_read_number(text + len + 1, 1, 65535, &number))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	memcpy(&out->socket, found->ai_addr, found->ai_addrlen);
	out->len = found->ai_addrlen;
	freeaddrinfo(found);
	cli_address_set_port(out, (uint16_t)number);
	return true;
}

void
cli_address_text(const cli_address *address, char *text, size_t room)
{
	char host[CLI_ADDRESS_TEXT_MAX - 8], port[8];

	if (getnameinfo((const struct sockaddr *)&address->socket, address->len, host, sizeof host,
		port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		(void)snprintf(text, room, "%s@%s", host, port);
	else
		(void)snprintf(text, room, "?");
}

/* ---- whom to ask ---- */

/* getdns 1.6.0 believes lengths inside RDATA that go beyond the message: let it find zeros there.
 * Smaller blocks have room for no message. */
#define MESSAGE_ROOM 512
#define SLACK (65535 + 1024)

/* In front of each block. */
typedef union head {
	size_t size;
	max_align_t align;
} head;

static void *
take(size_t size)
{
	head *h = size < SIZE_MAX - SLACK - sizeof *h
		      ? calloc(1, sizeof *h + size + (size < MESSAGE_ROOM ? 0 : SLACK))
		      : NULL;

	if (!h)
		return NULL;
	h->size = size;
	return h + 1;
}

static void
give_back(void *block)
{
	if (block)
		free((head *)block - 1);
}

static void *
take_more(void *block, size_t size)
{
	void *more = take(size);

	if (!block || !more)
		return more;
	size_t before = ((const head *)block)[-1].size;
	memcpy(more, block, before < size ? before : size);
	give_back(block);
	return more;
}

/* `resolver`: ADDR[@PORT], alone in the list. */
static bool
set_resolver(getdns_context *dns, const char *resolver)
{
	getdns_list *list = getdns_list_create();
	getdns_dict *one = NULL;

	bool good = list && getdns_str2dict(resolver, &one) == GETDNS_RETURN_GOOD &&
		    getdns_list_set_dict(list, 0, one) == GETDNS_RETURN_GOOD &&
		    getdns_context_set_upstream_recursive_servers(dns, list) == GETDNS_RETURN_GOOD;
	getdns_dict_destroy(one);
	getdns_list_destroy(list);
	return good;
}

/* NULL when getdns refuses. */
static getdns_context *
open_dns(const cli_network *n)
{
	getdns_namespace_t dns_only[] = { GETDNS_NAMESPACE_DNS };
	getdns_context *dns = NULL;

	if (getdns_context_create_with_memory_functions(
		&dns, !n->resolver, take, take_more, give_back) != GETDNS_RETURN_GOOD)
		return NULL;
	if ((!n->resolver || set_resolver(dns, n->resolver)) &&
	    getdns_context_set_resolution_type(dns, GETDNS_RESOLUTION_STUB) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_namespaces(dns, 1, dns_only) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_append_name(dns, GETDNS_APPEND_NAME_NEVER) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_timeout(dns, n->timeout_ms) == GETDNS_RETURN_GOOD)
		return dns;
	getdns_context_destroy(dns);
	return NULL;
}

/* ---- what it says ---- */

/* One address from getdns: four octets, or sixteen. */
static bool
read_octets(const getdns_bindata *octets, uint16_t port, cli_address *out)
{
	char text[INET6_ADDRSTRLEN];
	int family = octets->size == 4 ? AF_INET : AF_INET6;

	if (octets->size != 4 && octets->size != 16)
		return false;
	return inet_ntop(family, octets->data, text, sizeof text) &&
	       cli_address_read(text, port, out);
}

void
cli_addresses_find(const cli_network *n, cli_addresses *out)
{
	uint16_t port = danepriv_server_port(&n->server.server);
	getdns_context *dns = open_dns(n);
	getdns_dict *response = NULL;
	getdns_list *answers = NULL;

	out->count = 0;
	if (!dns ||
	    getdns_address_sync(dns, n->server.server.name, NULL, &response) !=
		GETDNS_RETURN_GOOD ||
	    getdns_dict_get_list(response, "just_address_answers", &answers) != GETDNS_RETURN_GOOD)
		goto out;
	for (size_t i = 0; out->count < CLI_ADDRESSES_MAX; i++) {
		getdns_dict *answer = NULL;
		getdns_bindata *octets = NULL;
		if (getdns_list_get_dict(answers, i, &answer) != GETDNS_RETURN_GOOD)
			break;
		if (getdns_dict_get_bindata(answer, "address_data", &octets) ==
			GETDNS_RETURN_GOOD &&
		    read_octets(octets, port, &out->list[out->count]))
			out->count++;
	}
out:
	getdns_dict_destroy(response);
	getdns_context_destroy(dns);
}
