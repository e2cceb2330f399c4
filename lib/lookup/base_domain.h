/* SPDX-License-Identifier: BSD-2-Clause
 * Under which name are this server's keys published?  (RFC 7671 section 7) */
#ifndef DP_LOOKUP_BASE_DOMAIN_H
#define DP_LOOKUP_BASE_DOMAIN_H

#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/validator.h"

/* What was found of a server's keys, and the TLSA base domain that they are found under. */
typedef struct dp_based {
	dp_found found;
	dp_name_store base;
	bool has_alias; /* proven, if only its first step, and followed */
} dp_based;

/* Puts on v's list all that is worth asking at once for the records of `type`: TLSA or IPSECA.
 * EMALFORMED: the owner name is too long.  ENOMEM. */
danepriv_status dp_base_ask(dp_validator *v, const dp_server *server, uint16_t type);
/* Judges as dp_validate does, and finds the base domain.  What was verified is remembered by `v`:
 * to be called again after each answer.  ENOMEM. */
danepriv_status dp_base_find(
    dp_validator *v, const dp_server *server, uint16_t type, danepriv_time now, dp_based *out);

#endif
