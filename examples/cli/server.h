/* SPDX-License-Identifier: BSD-2-Clause
 * Which server is meant?  What all commands that know one have in common. */
#ifndef CLI_SERVER_H
#define CLI_SERVER_H

#include "options.h"

#include <danepriv/server.h>

/* The longest name in the reverse tree, that of an IPv6 address, and to spare. */
#define CLI_REVERSE_MAX 80
/* danepriv_transport by name, in its order. */
#define CLI_TRANSPORT_WORDS "dot|doh|doq|dtls|ipsec|doh3"

typedef struct cli_server {
	/* from the command line; zero it first */
	const char *name;
	const char *label;
	bool is_name_server;
	cli_number port, transport;
	/* made of them by cli_server_read */
	danepriv_server server;
	char reverse[CLI_REVERSE_MAX];
} cli_server;

/* Rows for a table of options. */
#define CLI_TRANSPORT_OPTION(s)                                                                    \
	{                                                                                          \
		"transport", 0, CLI_WORD, CLI_TRANSPORT_WORDS, "how questions travel to it (dot)", \
		    &(s)->transport                                                                \
	}
#define CLI_SERVER_OPTIONS(s)                                                                      \
	{ "port", 0, CLI_NUMBER, "N", "the server's port (the transport's own)", &(s)->port, 1,    \
		65535 },                                                                           \
	    CLI_TRANSPORT_OPTION(s),                                                               \
	    { "label", 0, CLI_TEXT, "WORD", "of doq and doh3, instead of _quic (a draft's)",       \
		    &(s)->label },                                                                 \
	{                                                                                          \
		"name-server", 0, CLI_SWITCH, NULL,                                                \
		    "NAME is from NS records: an alias is an error", &(s)->is_name_server          \
	}

/* False, and said so, when it is no server. */
bool cli_server_read(cli_server *s);

/* The same for a `server` that was made of *name by other means.  The owner of its records, given
 * in place of its name, is understood: both are the server's own name then. */
bool cli_name_read(const char **name, danepriv_server *server);

/* The same name, letter case and final dot aside? */
bool cli_names_equal(const char *one, const char *other);

/* False, and said what its A-label is (RFC 5890 section 2.3.2.1), when a name has other letters. */
bool cli_name_is_ascii(const char *name);

#endif
