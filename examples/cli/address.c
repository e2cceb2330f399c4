/* SPDX-License-Identifier: BSD-2-Clause
 * Where is the server? */
#include "address.h"

#include "stub.h"

#include <arpa/inet.h>
#include <getdns/getdns.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
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
	getdns_context *dns = cli_stub_open(n);
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
