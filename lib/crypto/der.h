/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this certificate is its key?  A strict walk over DER (X.690, RFC 5280 section 4.1); octets
 * are handed out as found, never encoded anew (RFC 6698 section 2.1.2). */
#ifndef DP_CRYPTO_DER_H
#define DP_CRYPTO_DER_H

#include <danepriv/status.h>

/* The SubjectPublicKeyInfo of a DER Certificate, tag and length included; borrows from `certificate`.
 * EMALFORMED: not one Certificate from its first octet to its last; then *out is empty. */
danepriv_status dp_der_certificate_spki(danepriv_span certificate, danepriv_span *out);

/* OK if `spki` is one SubjectPublicKeyInfo from its first octet to its last, else EMALFORMED. */
danepriv_status dp_der_spki_check(danepriv_span spki);

#endif
