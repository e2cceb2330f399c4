/* SPDX-License-Identifier: BSD-2-Clause
 * What does the server answer to a question?  (RFC 7858 section 3.3, RFC 8467) */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "transport.h"

#include <jansson.h>

typedef struct cli_query {
	char name[DNS_NAME_ROOM];
	uint16_t type;
} cli_query;

typedef struct cli_answer {
	char rcode[16];	 /* NOERROR, NXDOMAIN, ... or RCODE11 */
	bool is_cut;	 /* truncated: over DTLS there is no more (RFC 8094 section 5) */
	size_t count;	 /* records in the answer section */
	json_t *records; /* those of them that could be read, as text; json_decref it */
} cli_answer;

/* `QNAME QTYPE`; the type by name or as TYPE123.  False if it is no such thing. */
bool cli_query_read(const char *text, cli_query *out);

/* Asks over the connection; pads the question when that is encrypted.  False: no answer in time. */
bool cli_ask(cli_connection *c, const cli_query *query, cli_deadline deadline, cli_answer *out);

#endif
