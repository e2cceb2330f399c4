/* SPDX-License-Identifier: BSD-2-Clause
 * What does the server answer to a question? */
#include "ask.h"

#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* getdns 1.6.0 believes lengths inside RDATA that go beyond the message: let it find zeros there.
 */
#define MESSAGE_ROOM (DNS_MESSAGE_MAX + 65535 + 1024)
/* Messages that are not the answer before we give up. */
#define STRANGERS_MAX 8

bool
cli_query_read(const char *text, cli_query *out)
{
	uint8_t octets[DNS_NAME_OCTETS];
	char type[32];
	int end = 0;

	_Static_assert(sizeof out->name == 1023 + 1, "as many as are read");
	return sscanf(text, " %1023[^ \t] %31s %n", out->name, type, &end) == 2 &&
	       text[end] == '\0' && dns_type_read(type, &out->type) &&
	       dns_name_write(out->name, octets) > 0;
}

static void
name_rcode(int rcode, char *text, size_t room)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED" };

	if ((size_t)rcode < sizeof names / sizeof *names)
		(void)snprintf(text, room, "%s", names[rcode]);
	else
		(void)snprintf(text, room, "RCODE%d", rcode);
}

/* The records of the answer section, a line of a zone file each. */
static json_t *
read_records(const uint8_t *message, size_t len, size_t count)
{
	json_t *array = json_array();
	getdns_dict *dict = NULL;
	getdns_list *answers = NULL;

	if (getdns_wire2msg_dict(message, len, &dict) != GETDNS_RETURN_GOOD ||
	    getdns_dict_get_list(dict, "answer", &answers) != GETDNS_RETURN_GOOD)
		goto out;
	for (size_t i = 0; i < count; i++) {
		getdns_dict *rr = NULL;
		char *text = NULL;
		if (getdns_list_get_dict(answers, i, &rr) != GETDNS_RETURN_GOOD)
			break;
		if (getdns_rr_dict2str(rr, &text) != GETDNS_RETURN_GOOD)
			continue;
		text[strcspn(text, "\n")] = '\0';
		(void)json_array_append_new(array, json_string(text));
		free(text);
	}
out:
	getdns_dict_destroy(dict);
	return array;
}

/* The answer among the messages that come: its length, or -1. */
static long
await_answer(cli_connection *c, const dns_query *query, uint8_t *message, cli_deadline deadline)
{
	for (int i = 0; i < STRANGERS_MAX; i++) {
		memset(message, 0, MESSAGE_ROOM);
		long len = c->transport->receive(c, message, DNS_MESSAGE_MAX, deadline);
		if (len < 0)
			return -1;
		if (dns_query_is_answered_by(query, (danepriv_span){ message, (size_t)len }))
			return len;
	}
	return -1;
}

static void
read_answer(danepriv_span message, cli_answer *out)
{
	name_rcode(dns_message_rcode(message), out->rcode, sizeof out->rcode);
	out->is_cut = dns_message_is_cut(message);
	out->count = dns_message_over(message).left[DNS_SECTION_ANSWER];
	out->records = read_records(message.data, message.len, out->count);
}

bool
cli_ask(cli_connection *c, const cli_query *query, cli_deadline deadline, cli_answer *out)
{
	dns_query asked = { .name = query->name,
		.type = query->type,
		.is_for_resolver = true,
		.is_padded = !c->transport->is_in_clear };
	uint8_t question[DNS_QUERY_MAX], *message = malloc(MESSAGE_ROOM);
	long len = -1;

	if (!message || gnutls_rnd(GNUTLS_RND_NONCE, &asked.id, sizeof asked.id) < 0)
		goto out;
	if (c->transport->id_is_zero)
		asked.id = 0;
	size_t octets = dns_query_write(&asked, question);
	if (octets > 0 && c->transport->send(c, question, octets, deadline))
		len = await_answer(c, &asked, message, deadline);
	if (len >= 0)
		read_answer((danepriv_span){ message, (size_t)len }, out);
out:
	free(message);
	return len >= 0;
}
