/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this certificate is its key?  A strict walk over DER (X.690, RFC 5280 section 4.1);
 * octets are handed out as found, never encoded again (RFC 6698 section 2.1.2). */
#ifndef DP_CRYPTO_DER_H
#define DP_CRYPTO_DER_H

#include "base/reader.h"

typedef struct dp_der_element {
	uint8_t tag; /* 0: there is none */
	danepriv_span whole;
	danepriv_span content;
} dp_der_element;

/* A certificate taken apart; borrows from its octets. */
typedef struct dp_certificate {
	danepriv_span whole;
	danepriv_span issuer, subject; /* tag and length included, as the next */
	danepriv_span spki;
	danepriv_span validity; /* what is in it */
} dp_certificate;

/* EMALFORMED: not one Certificate from its first octet to its last; then *out is empty.  What the
 * fields say is not looked at. */
danepriv_status dp_der_certificate(danepriv_span certificate, dp_certificate *out);

/* The SubjectPublicKeyInfo of a DER Certificate, tag and length included; borrows from it.
 * EMALFORMED: not one Certificate from its first octet to its last; then *out is empty. */
danepriv_status dp_der_certificate_spki(danepriv_span certificate, danepriv_span *out);

/* The next element.  Tag 0, and the reader failed: malformed, or none is left. */
dp_der_element dp_der_read(dp_reader *r);

/* The inside of the next element, which must have this tag; empty, and the reader failed, if not.
 */
danepriv_span dp_der_inside(dp_reader *r, uint8_t tag);

/* A positive INTEGER in the fewest octets (X.690 section 8.3.2), without the octet that keeps it
 * from being negative; empty, and the reader failed, if it is not one. */
danepriv_span dp_der_read_positive(dp_reader *r);

/* OK if `spki` is one SubjectPublicKeyInfo from its first octet to its last, else EMALFORMED. */
danepriv_status dp_der_spki_check(danepriv_span spki);

#endif
