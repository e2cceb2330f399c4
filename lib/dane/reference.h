/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate made out to the server?  (RFC 6125 section 6, RFC 8310 section 8.1) */
#ifndef DP_DANE_REFERENCE_H
#define DP_DANE_REFERENCE_H

#include "base/bounds.h"
#include "crypto/profile.h"
#include "dns/name.h"

#include <danepriv/status.h>
#include <stdbool.h>

/* Names that a server may go by beside its TLSA base domain.  Zeroed: none. */
typedef struct dp_names {
	dp_name_store list[DP_NAMES_MAX];
	size_t count;
} dp_names;

/* What a certificate has to be made out to and used for.  Zeroed: nothing will do. */
typedef struct dp_wanted {
	const dp_names *names; /* beside the TLSA base domain; NULL: none */
	dp_name identity;      /* in the place of `names`; then no star stands for it, or for the
				  base domain (RFC 4945 section 3.1.2).  No name: none */
	danepriv_span address; /* an iPAddress in the place of all names; empty: none */
	uint8_t purposes;      /* a set: one of these does; DP_PURPOSE_... */
	bool digs_for_keys;    /* a raw key may also be the one in a certificate that is published
				  whole */
} dp_wanted;

/* EINVAL: no name, or an address.  EMALFORMED: no name of a host.  ELIMIT: one too many. */
danepriv_status dp_reference_add(dp_names *names, const char *name);

/* Does one of the certificate's alternative names mean `name`? */
bool dp_reference_fits(const dp_profile *certificate, dp_name name);
/* Is one of them `name` itself, letter case aside? */
bool dp_reference_fits_wholly(const dp_profile *certificate, dp_name name);
/* Is one of them this address? */
bool dp_reference_fits_address(const dp_profile *certificate, danepriv_span address);

#endif
