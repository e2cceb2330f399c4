/* SPDX-License-Identifier: BSD-2-Clause
 * Names and messages: what goes over a connection, and what comes? */
#ifndef ITERATE_MESSAGE_H
#define ITERATE_MESSAGE_H

#include <danepriv/danepriv.h>

#include <stdbool.h>

#define NAME_ROOM 1024	  /* of the longest name in presentation form, with its NUL */
#define QUESTION_ROOM 512 /* octets of a question, with their number in front */
#define ANSWER_ROOM 65535 /* octets */

/* ---- name.c ---- */

#define NAME_OCTETS 256 /* a name in a message has one less at most */

/* A name as messages have it: the number of octets, 0 when it is none. */
size_t name_write(const char *text, uint8_t out[NAME_OCTETS]);
/* The text of a name, lowered; where it ends in the message, 0 when it is none. */
size_t name_read(danepriv_span message, size_t at, char out[NAME_ROOM]);
/* The text as name_read would give it; false when it is no name. */
bool name_normal(const char *text, char *out);
/* Or the zone's own. */
bool name_is_below(const char *name, const char *above);

/* ---- message.c ---- */

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	TYPE_DS = 43,
	TYPE_RRSIG = 46,
	TYPE_ANY = 255
};
enum { RCODE_NOERROR = 0, RCODE_NXDOMAIN = 3 };
enum { SECTION_ANSWER = 0, SECTION_AUTHORITY, SECTION_ADDITIONAL, SECTIONS };

typedef struct record {
	int section;
	char name[NAME_ROOM];
	uint16_t type;
	uint32_t ttl;
	size_t at, len; /* of its data, in the message */
} record;

/* A message, and how far it was read. */
typedef struct message {
	danepriv_span octets;
	size_t at, left[SECTIONS];
} message;

/* The octets for TCP and TLS, with their length in front; 0: it is no question. */
size_t message_write(const danepriv_question *question, uint16_t id, bool is_padded, uint8_t *out);

/* Is it the answer to the question? */
bool message_is_answer(danepriv_span octets, const danepriv_question *question, uint16_t id);
bool message_is_authoritative(danepriv_span octets);
bool message_is_cut(danepriv_span octets);
int message_rcode(danepriv_span octets);

/* Its records, one after the other; false when there are no more, or no more that can be read. */
message message_over(danepriv_span octets);
bool message_next(message *m, record *out);

#endif
