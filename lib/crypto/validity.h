/* SPDX-License-Identifier: BSD-2-Clause
 * When is this certificate valid?  (RFC 5280 section 4.1.2.5) */
#ifndef DP_CRYPTO_VALIDITY_H
#define DP_CRYPTO_VALIDITY_H

#include <danepriv/status.h>

/* The first and the last second, of what is in a Validity.  EMALFORMED: not as the section has
 * them; both are then such that no time is between. */
danepriv_status dp_validity_read(danepriv_span validity, danepriv_time *from, danepriv_time *until);

#endif
