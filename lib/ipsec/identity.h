/* SPDX-License-Identifier: BSD-2-Clause
 * Whom does an ID payload name?  (RFC 7296 section 3.5) */
#ifndef DP_IPSEC_IDENTITY_H
#define DP_IPSEC_IDENTITY_H

#include "dns/name.h"

#include <danepriv/ike.h>
#include <stdbool.h>

/* The name of the server that is meant.  Statuses of danepriv_ike_name, but ELIMIT.  On failure no
 * name. */
danepriv_status dp_identity_read(const danepriv_ike_id *id, dp_name_store *out);

/* Its name is the place of an address in the reverse tree, and that is another than this one. */
bool dp_identity_is_elsewhere(dp_name id, danepriv_span address);

/* It is an address; what it has in it, dp_identity_read says. */
bool dp_identity_is_address(const danepriv_ike_id *id);

#endif
