/* SPDX-License-Identifier: BSD-2-Clause
 * Names and messages: what goes over a connection, and what comes? */
#ifndef ITERATE_MESSAGE_H
#define ITERATE_MESSAGE_H

#include <danepriv/danepriv.h>

#include <stdbool.h>

#define DNS_NAME_ROOM 1024    /* of the longest name in presentation form, with its NUL */
#define DNS_QUESTION_ROOM 512 /* octets of a question, with their number in front */
#define DNS_ANSWER_ROOM 65535 /* octets */

/* ---- name.c ---- */

#define DNS_NAME_OCTETS 256 /* a name in a message has one less at most */

/* A name as messages have it: the number of octets, 0 when it is none. */
size_t dns_name_write(const char *text, uint8_t out[DNS_NAME_OCTETS]);
/* The text of a name, lowered; where it ends in the message, 0 when it is none. */
size_t dns_name_read(danepriv_span message, size_t at, char out[DNS_NAME_ROOM]);
/* The text as dns_name_read would give it; false when it is no name. */
bool dns_name_normal(const char *text, char *out);
/* Or the zone's own. */
bool dns_name_is_below(const char *name, const char *above);

/* ---- message.c ---- */

enum {
	DNS_TYPE_A = 1,
	DNS_TYPE_NS = 2,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_OPT = 41,
	DNS_TYPE_DS = 43,
	DNS_TYPE_RRSIG = 46,
	DNS_TYPE_ANY = 255
};
enum { DNS_RCODE_NOERROR = 0, DNS_RCODE_NXDOMAIN = 3 };
enum { DNS_SECTION_ANSWER = 0, DNS_SECTION_AUTHORITY, DNS_SECTION_ADDITIONAL, DNS_SECTIONS };

typedef struct dns_record {
	int section;
	char name[DNS_NAME_ROOM];
	uint16_t type;
	uint32_t ttl;
	size_t at, len; /* of its data, in the message */
} dns_record;

/* A message, and how far it was read. */
typedef struct dns_message {
	danepriv_span octets;
	size_t at, left[DNS_SECTIONS];
} dns_message;

/* The octets for TCP and TLS, with their length in front; 0: it is no question. */
size_t dns_message_write(
    const danepriv_question *question, uint16_t id, bool is_padded, uint8_t *out);

/* Is it the answer to the question? */
bool dns_message_is_answer(danepriv_span octets, const danepriv_question *question, uint16_t id);
bool dns_message_is_authoritative(danepriv_span octets);
bool dns_message_is_cut(danepriv_span octets);
int dns_message_rcode(danepriv_span octets);

/* Its records, one after the other; false when there are no more, or no more that can be read. */
dns_message dns_message_over(danepriv_span octets);
bool dns_message_next(dns_message *m, dns_record *out);

#endif
