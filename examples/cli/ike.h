/* SPDX-License-Identifier: BSD-2-Clause
 * What does an IKE peer show, and whom does it say it is?  What `match` and `check` have in common
 * over IPsec. */
#ifndef CLI_IKE_H
#define CLI_IKE_H

#include "files.h"

#include <danepriv/ike.h>
#include <danepriv/server.h>
#include <jansson.h>

/* In --help: what --id takes. */
#define CLI_IKE_IDS                                                                                \
	"--id takes fqdn:NAME, ipv4:ADDR, ipv6:ADDR, rfc822:TEXT, dn:TEXT, key-id:TEXT or\n"       \
	"null."

/* Row for a table of options.  The types are of RFC 7296 section 3.5. */
#define CLI_IKE_OPTION(target)                                                                     \
	{                                                                                          \
		"id", 0, CLI_TEXT, "TYPE:VALUE",                                                   \
		    "whom an IKE peer says it is: see above (its name)", target                    \
	}

/* A peer out of options and files.  Zero it first.  It borrows the credential. */
typedef struct cli_ike {
	danepriv_ike_peer peer; /* to hand to the library */
	/* of that */
	const char *type, *value; /* of the ID, as they were given; no value: null */
	uint8_t address[16];
	danepriv_ike_certificate certificates[CLI_CERTIFICATES_MAX];
} cli_ike;

/* From --id, or without one from the name or address that the server is called by.  False, and said
 * why, when it is no ID.  Whoever is named in it, and whether that can be, is for the library. */
bool cli_ike_read_id(cli_ike *ike, const char *id, const char *name);

/* Certificates go in CERT payloads, in their order, and a raw key in one.  AUTH is taken to have
 * been verified with the first one's key. */
void cli_ike_show(cli_ike *ike, const cli_credential *credential);

/* Is this the server that the ID names? */
bool cli_ike_names(const cli_ike *ike, const char *server);

/* Why nobody by this ID is the server, or NULL.  `base`: the TLSA base domain. */
const char *cli_ike_blame(const cli_ike *ike, const char *server, const char *base);

/* Adds "id"; and with a match "pkix": does the path have to be valid, too? */
void cli_json_ike(json_t *object, const cli_ike *ike, const danepriv_ike_found *found);
/* The same for people, a line each. */
void cli_print_ike(const cli_ike *ike, const danepriv_ike_found *found);

#endif
