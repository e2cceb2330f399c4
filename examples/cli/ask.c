/* SPDX-License-Identifier: BSD-2-Clause
 * What does the server answer to a question? */
#include "ask.h"

#include "options.h"

#include <ctype.h>
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_OCTETS 12
#define OPT_OCTETS 11
#define PADDING 12	 /* the option's code (RFC 7830) */
#define BLOCK_OCTETS 128 /* RFC 8467 section 4.1 */
/* getdns 1.6.0 believes lengths inside RDATA that go beyond the message: let it find zeros there.
 */
#define MESSAGE_ROOM (CLI_MESSAGE_MAX + 65535 + 1024)
/* Messages that are not the answer before we give up. */
#define STRANGERS_MAX 8

_Static_assert(
    HEADER_OCTETS + CLI_QUESTION_MAX + OPT_OCTETS + 4 + BLOCK_OCTETS <= CLI_QUESTION_MESSAGE_MAX,
    "the longest question fits, padded");

static void
put_u16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t
get_u16(const uint8_t *at)
{
	return (size_t)(at[0] << 8 | at[1]);
}

/* A type by name, as getdns knows them, or TYPE123 (RFC 3597). */
static bool
read_type(const char *text, uint16_t *out)
{
	char word[40] = "GETDNS_RRTYPE_";
	size_t at = strlen(word);
	uint32_t known = 0;
	int64_t number = 0;

	if (strncmp(text, "TYPE", 4) == 0 && cli_read_number(text + 4, 0, 65535, &number)) {
		*out = (uint16_t)number;
		return true;
	}
	for (; *text != '\0' && at + 1 < sizeof word; text++)
		word[at++] = (char)toupper((unsigned char)*text);
	word[at] = '\0';
	if (*text != '\0' || getdns_str2int(word, &known) != GETDNS_RETURN_GOOD || known > 65535)
		return false;
	*out = (uint16_t)known;
	return true;
}

bool
cli_query_read(const char *text, cli_query *out)
{
	char name[1024], type[32];
	getdns_bindata *wire = NULL;
	uint16_t number;
	int end = 0;

	if (strlen(text) >= sizeof name ||
	    sscanf(text, " %1023[^ \t] %31s %n", name, type, &end) != 2 || text[end] != '\0' ||
	    !read_type(type, &number) ||
	    getdns_convert_fqdn_to_dns_name(name, &wire) != GETDNS_RETURN_GOOD)
		return false;
	bool fits = wire->size > 0 && wire->size + 4 <= sizeof out->octets;
	if (fits) {
		memcpy(out->octets, wire->data, wire->size);
		put_u16(out->octets + wire->size, number);
		put_u16(out->octets + wire->size + 2, GETDNS_RRCLASS_IN);
		out->len = wire->size + 4;
	}
	free(wire->data);
	free(wire);
	return fits;
}

/* Header, question and OPT.  The number of octets. */
static size_t
write_message(const cli_query *query, uint16_t id, bool padded, uint8_t *message)
{
	size_t len = HEADER_OCTETS + query->len + OPT_OCTETS;
	uint8_t *opt = message + HEADER_OCTETS + query->len;

	put_u16(message, id);
	put_u16(message + 2, 0x0100); /* recursion desired */
	put_u16(message + 4, 1);
	put_u16(message + 10, 1);
	memcpy(message + HEADER_OCTETS, query->octets, query->len);
	opt[2] = GETDNS_RRTYPE_OPT;
	put_u16(opt + 3, 1232);
	if (padded) {
		size_t padding = (BLOCK_OCTETS - (len + 4) % BLOCK_OCTETS) % BLOCK_OCTETS;
		put_u16(opt + 9, 4 + padding);
		put_u16(opt + 11, PADDING);
		put_u16(opt + 13, padding);
		len += 4 + padding;
	}
	return len;
}

/* Is this the answer: our ID, a response, and our question, in whatever case? */
static bool
is_answer(const cli_query *query, uint16_t id, const uint8_t *message, size_t len)
{
	if (len < HEADER_OCTETS + query->len || get_u16(message) != id || !(message[2] & 0x80) ||
	    get_u16(message + 4) != 1)
		return false;
	for (size_t i = 0; i < query->len; i++)
		if (tolower(message[HEADER_OCTETS + i]) != tolower(query->octets[i]))
			return false;
	return true;
}

static void
name_rcode(unsigned rcode, char *text, size_t room)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED" };

	if (rcode < sizeof names / sizeof *names)
		(void)snprintf(text, room, "%s", names[rcode]);
	else
		(void)snprintf(text, room, "RCODE%u", rcode);
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
await_answer(
    cli_connection *c, const cli_query *query, uint16_t id, uint8_t *message, cli_deadline deadline)
{
	for (int i = 0; i < STRANGERS_MAX; i++) {
		memset(message, 0, MESSAGE_ROOM);
		long len = c->transport->receive(c, message, CLI_MESSAGE_MAX, deadline);
		if (len < 0)
			return -1;
		if (is_answer(query, id, message, (size_t)len))
			return len;
	}
	return -1;
}

bool
cli_ask(cli_connection *c, const cli_query *query, cli_deadline deadline, cli_answer *out)
{
	uint8_t question[CLI_QUESTION_MESSAGE_MAX] = { 0 };
	uint8_t *message = malloc(MESSAGE_ROOM);
	uint16_t id;
	long len = -1;

	if (!message || gnutls_rnd(GNUTLS_RND_NONCE, &id, sizeof id) < 0)
		goto out;
	if (c->transport->id_is_zero)
		id = 0;
	size_t asked = write_message(query, id, !c->transport->is_in_clear, question);
	if (c->transport->send(c, question, asked, deadline))
		len = await_answer(c, query, id, message, deadline);
	if (len < 0)
		goto out;
	name_rcode(message[3] & 0x0F, out->rcode, sizeof out->rcode);
	out->is_cut = (message[2] & 0x02) != 0;
	out->count = get_u16(message + 6);
	out->records = read_records(message, (size_t)len, out->count);
out:
	free(message);
	return len >= 0;
}
