/* SPDX-License-Identifier: BSD-2-Clause
 * What does an answer say? */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include "name.h"
#include "type.h"

#define DNS_HEADER_OCTETS 12
#define DNS_MESSAGE_MAX 65535 /* octets */

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

/* All of them take messages that answer a question (dns_query_is_answered_by). */

bool dns_message_is_authoritative(danepriv_span octets);
bool dns_message_is_cut(danepriv_span octets);
int dns_message_rcode(danepriv_span octets);

/* Its records, one after the other; false when there are no more, or no more that can be read.  At
 * first `left` is how many there should be. */
dns_message dns_message_over(danepriv_span octets);
bool dns_message_next(dns_message *m, dns_record *out);

#endif
