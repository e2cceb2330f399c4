/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate made out to the server?  (RFC 6125 section 6, RFC 8310 section 8.1) */
#ifndef DP_DANE_REFERENCE_H
#define DP_DANE_REFERENCE_H

#include "base/bounds.h"
#include "crypto/profile.h"
#include "dns/name.h"

#include <danepriv/status.h>

/* Names that a server may go by beside its TLSA base domain.  Zeroed: none. */
typedef struct dp_names {
	dp_name_store list[DP_NAMES_MAX];
	size_t count;
} dp_names;

/* EINVAL: no name, or an address.  EMALFORMED: no name of a host.  ELIMIT: one too many. */
danepriv_status dp_reference_add(dp_names *names, const char *name);

/* Does one of the certificate's alternative names mean `name`? */
bool dp_reference_fits(const dp_profile *certificate, dp_name name);

#endif
