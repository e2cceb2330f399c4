/* SPDX-License-Identifier: BSD-2-Clause
 * Which questions prove what the owner published?  What the two kinds of lookup share: of a
 * server's records, and of a zone's name servers. */
#ifndef DP_DANE_LOOKUP_H
#define DP_DANE_LOOKUP_H

#include "dane/server.h"
#include "dnssec/validator.h"

#include <danepriv/lookup.h>

struct danepriv_lookup {
	dp_name_store zone; /* whose name servers are looked up; no name: a server's records are */
	dp_server server;
	uint16_t type; /* of the server's records */
	dp_validator validator;
};

/* One without questions.  On failure *out is NULL.  ENOMEM. */
danepriv_status dp_lookup_begin(danepriv_lookup **out, const danepriv *ctx);

/* Is it about a zone's name servers? */
bool dp_lookup_is_of_zone(const danepriv_lookup *lookup);

#endif
