/* SPDX-License-Identifier: BSD-2-Clause
 * How is a question asked, and which message is its answer? */
#ifndef DNS_QUERY_H
#define DNS_QUERY_H

#include "name.h"
#include "type.h"

#define DNS_QUERY_MAX 512 /* octets of a question with all around it */

/* What is asked, and how.  The class is IN. */
typedef struct dns_query {
	const char *name;
	uint16_t type, id;
	bool is_for_resolver; /* one who is to find the answer (RD) */
	bool validates; /* who asks: signatures, please, and no checking on the way (DO, CD) */
	bool is_padded;
} dns_query;

/* The message, without the length that stands in front of it on streams; its octets, 0 when the name
 * is none. */
size_t dns_query_write(const dns_query *query, uint8_t out[DNS_QUERY_MAX]);

/* Is the message a response with our ID and our question? */
bool dns_query_is_answered_by(const dns_query *query, danepriv_span message);

#endif
