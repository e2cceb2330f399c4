/* SPDX-License-Identifier: BSD-2-Clause
 * Where is the server?  Addresses need no proof: a wrong one leads to a peer with the wrong key. */
#ifndef CLI_ADDRESS_H
#define CLI_ADDRESS_H

#include "network.h"

#include <sys/socket.h>

typedef struct cli_address {
	struct sockaddr_storage socket;
	socklen_t len;
	bool has_port; /* the text named one */
} cli_address;

/* ADDR or ADDR@PORT, IPv4 or IPv6; `port` where none is named.  False if it is no such thing. */
bool cli_address_read(const char *text, uint16_t port, cli_address *out);
void cli_address_set_port(cli_address *address, uint16_t port);

#define CLI_ADDRESS_TEXT_MAX 80
/* ADDR@PORT. */
void cli_address_text(const cli_address *address, char *text, size_t room);

/* More than these are not tried. */
#define CLI_ADDRESSES_MAX 8

typedef struct cli_addresses {
	cli_address list[CLI_ADDRESSES_MAX];
	size_t count;
} cli_addresses;

/* Asks the resolver for the server's addresses, with the server's port.  None: count 0. */
void cli_addresses_find(const cli_network *network, cli_addresses *out);

#endif
