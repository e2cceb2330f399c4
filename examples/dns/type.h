/* SPDX-License-Identifier: BSD-2-Clause
 * What are the types of records called? */
#ifndef DNS_TYPE_H
#define DNS_TYPE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DNS_TYPE_A = 1,
	DNS_TYPE_NS = 2,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_OPT = 41,
	DNS_TYPE_DS = 43,
	DNS_TYPE_RRSIG = 46,
	DNS_TYPE_ANY = 255
};

/* A type by its word, in whatever case, or as TYPE123 (RFC 3597 section 5); false: it is none. */
bool dns_type_read(const char *text, uint16_t *out);
/* Its word, or TYPE123 where it has none.  Lives until the next call. */
const char *dns_type_text(uint16_t type);

#endif
