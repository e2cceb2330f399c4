/* SPDX-License-Identifier: BSD-2-Clause
 * How is a DNS message asked for over HTTP? */
#include "http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PATH "/dns-query"
#define MEDIA_TYPE "application/dns-message"
#define HTTPS_PORT 443

/* RFC 8484 section 4.1. */
bool
cli_http_ask(cli_http *x, const danepriv_server *server, const uint8_t *message, size_t len,
    cli_http_request *out)
{
	uint16_t port = danepriv_server_port(server);
	size_t name_len = strlen(server->name);

	if (len > sizeof x->question)
		return false;
	memcpy(x->question, message, len);
	x->question_len = len;
	if (name_len > 0 && server->name[name_len - 1] == '.')
		name_len--;
	(void)snprintf(out->authority, sizeof out->authority,
	    port == HTTPS_PORT ? "%.*s" : "%.*s:%u", (int)name_len, server->name, port);
	(void)snprintf(out->length, sizeof out->length, "%zu", len);
	const cli_http_request made = { .fields = {
					    { ":method", "POST" },
					    { ":scheme", "https" },
					    { ":authority", out->authority },
					    { ":path", PATH },
					    { "accept", MEDIA_TYPE },
					    { "content-type", MEDIA_TYPE },
					    { "content-length", out->length },
					} };
	memcpy(out->fields, made.fields, sizeof out->fields);
	return true;
}

void
cli_http_await(cli_http *x, uint8_t *message, size_t room)
{
	x->answer = message;
	x->answer_room = room;
}

static bool
is_text(const uint8_t *value, size_t len, const char *text)
{
	return len == strlen(text) && strncasecmp((const char *)value, text, len) == 0;
}

void
cli_http_take_field(
    cli_http *x, const uint8_t *name, size_t name_len, const uint8_t *value, size_t value_len)
{
	if (is_text(name, name_len, ":status"))
		x->is_good = is_text(value, value_len, "200");
	if (is_text(name, name_len, "content-type"))
		x->is_message = is_text(value, value_len, MEDIA_TYPE);
}

bool
cli_http_take_content(cli_http *x, const uint8_t *data, size_t len)
{
	if (!x->answer || len > x->answer_room - x->answer_len)
		return false;
	memcpy(x->answer + x->answer_len, data, len);
	x->answer_len += len;
	return true;
}

void
cli_http_end(cli_http *x, bool is_well)
{
	x->is_over = true;
	x->is_whole = is_well && x->is_good && x->is_message;
}

long
cli_http_answer(cli_http *x)
{
	bool is_whole = x->is_whole;

	x->answer = NULL;
	x->is_whole = false;
	return is_whole ? (long)x->answer_len : -1;
}
