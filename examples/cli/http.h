/* SPDX-License-Identifier: BSD-2-Clause
 * How is a DNS message asked for over HTTP?  (RFC 8484)  What HTTP/2 and HTTP/3 have in common. */
#ifndef CLI_HTTP_H
#define CLI_HTTP_H

#include "transport.h"

/* One question and its answer.  Zero it first. */
typedef struct cli_http {
	uint8_t question[DNS_QUERY_MAX];
	size_t question_len;
	uint8_t *answer; /* the caller's, between cli_http_await and cli_http_answer */
	size_t answer_len, answer_room;
	bool is_good, is_message; /* status 200, and of the right type */
	bool is_over, is_whole;
} cli_http;

#define CLI_HTTP_FIELDS 7

typedef struct cli_http_request {
	struct {
		const char *name, *value;
	} fields[CLI_HTTP_FIELDS];
	char authority[1024], length[16];
} cli_http_request;

/* The fields of the request; they point into *out.  False: the question is too long. */
bool cli_http_ask(cli_http *x, const danepriv_server *server, const uint8_t *message, size_t len,
    cli_http_request *out);

void cli_http_await(cli_http *x, uint8_t *message, size_t room);
/* What comes of the response: its fields, its content (false: too much of it), its end. */
void cli_http_take_field(
    cli_http *x, const uint8_t *name, size_t name_len, const uint8_t *value, size_t value_len);
bool cli_http_take_content(cli_http *x, const uint8_t *data, size_t len);
void cli_http_end(cli_http *x, bool is_well);
/* The length of the answer, once; -1: there is none. */
long cli_http_answer(cli_http *x);

#endif
