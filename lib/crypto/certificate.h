/* SPDX-License-Identifier: BSD-2-Clause
 * What does this certificate say of itself?  (RFC 5280 sections 4.1.2.5 and 4.2.1) */
#ifndef DP_CRYPTO_CERTIFICATE_H
#define DP_CRYPTO_CERTIFICATE_H

#include "crypto/der.h"

/* The first and the last second of its validity.  EMALFORMED: not as RFC 5280 section 4.1.2.5 has
 * them; both are then such that no time is between. */
danepriv_status dp_certificate_dates(
    const dp_certificate *certificate, danepriv_time *from, danepriv_time *until);

/* May it serve for, or on the way to, the authentication of a TLS server?  `end_entity`: it is the
 * server's own. */
bool dp_certificate_is_for_servers(const dp_certificate *certificate, bool end_entity);

/* A reader over its alternative names; nothing to read when there are none or they are malformed.
 */
dp_reader dp_certificate_names(const dp_certificate *certificate);
/* The next name, if it is a dNSName.  False: the end.  Empty: a name of another kind. */
bool dp_certificate_next_name(dp_reader *names, danepriv_span *dns_name);
/* How many alternative names of all kinds there are. */
size_t dp_certificate_name_count(const dp_certificate *certificate);

/* How many elements of DER GnuTLS takes it apart into. */
size_t dp_certificate_element_count(const dp_certificate *certificate);

/* Older ones have no extensions, and so do not say whether they are an authority's. */
bool dp_certificate_is_version_3(const dp_certificate *certificate);

#endif
