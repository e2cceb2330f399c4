/* SPDX-License-Identifier: BSD-2-Clause
 * Are two distinguished names the same, or is one above the other?  (RFC 5280 section 7.1)
 *
 * A name is written in one form, and forms are compared octet by octet: equal names have equal
 * forms, and the form of a name that begins with another's RDNs begins with that one's form. */
#ifndef DP_CRYPTO_DISTINGUISHED_H
#define DP_CRYPTO_DISTINGUISHED_H

#include "base/bounds.h"

#include <danepriv/status.h>
#include <stdbool.h>

typedef struct dp_distinguished {
	uint8_t octets[DP_DISTINGUISHED_OCTETS_MAX];
	size_t len;
	/* Nothing in it could be the same as what is written otherwise: all strings are of ASCII,
	 * and of the two kinds that are folded.  When forms differ, only then are the names known
	 * to differ. */
	bool is_plain;
	bool has_mail; /* an emailAddress is in it (RFC 5280 section 4.1.2.6) */
} dp_distinguished;

/* `name` is a Name with its tag and length.  EMALFORMED: it is none; ELIMIT: longer than any, or
 * with too many attributes in one RDN.  Then *out is empty. */
danepriv_status dp_distinguished_read(danepriv_span name, dp_distinguished *out);

danepriv_span dp_distinguished_span(const dp_distinguished *name);

#endif
