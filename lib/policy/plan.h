/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of those who could be asked, when a plan is made? */
#ifndef DP_POLICY_PLAN_H
#define DP_POLICY_PLAN_H

#include "base/bounds.h"
#include "cache/address.h"
#include "cache/pack.h"
#include "dns/name.h"

#include <danepriv/plan.h>
#include <string.h>

/* A candidate. */
typedef struct dp_prospect {
	dp_key key;
	uint64_t place;		  /* of what is known of it to who asks */
	danepriv_profile profile; /* for the question; opportunistic for those of META */
	bool has_place;
	bool is_encrypted_only;
	bool is_proven;		    /* its name is the zone's */
	bool may_connect;	    /* once more */
	bool has_authenticated;	    /* at some time, somewhere */
	danepriv_security security; /* of its keys: what holds at `now`, or why it is left alone;
			       UNKNOWN: nothing, and always for META */
	danepriv_time put;	    /* when it was learnt */
} dp_prospect;

/* A place of a candidate. */
typedef struct dp_spot {
	dp_address_key key;
	uint8_t candidate, place; /* indices into the request */
	bool is_open;
	bool is_encrypted_only; /* somebody there must not be asked in clear */
	bool is_rejected;	/* recently, and no evidence came since */
	bool has_matched;
	bool has_failed;    /* TLS did, recently: RFC 9539's damping */
	danepriv_wish wish; /* of the address alone */
	uint32_t rtt_us;    /* microseconds; 0: not known */
} dp_spot;

typedef struct dp_outlook {
	size_t candidates, spots;
	dp_prospect prospect[DP_PLAN_CANDIDATES_MAX];
	dp_spot spot[DP_PLAN_PLACES_MAX];
} dp_outlook;

/* Is it one machine?  Whatever the transport and the form of the address. */
static inline bool
dp_spot_is_beside(const dp_spot *spot, const dp_spot *other)
{
	const dp_address_key *a = &spot->key, *b = &other->key;

	return a->len == b->len &&
	       memcmp(a->octets + DP_ADDRESS_OCTETS_AT, b->octets + DP_ADDRESS_OCTETS_AT,
		   a->len - DP_ADDRESS_OCTETS_AT) == 0;
}

/* The name that zone rules go by: `name` is at or below `zone`. */
dp_name dp_plan_ruled_name(dp_name name, dp_name zone);

/* Of a request that was read.  Errors as danepriv_plan_make. */
danepriv_status dp_plan_outlook_read(
    danepriv_cache *cache, const danepriv_request *request, danepriv_time now, dp_outlook *out);

/* With defaults filled in; NULL are the defaults.  EINVAL: they cannot be read. */
danepriv_status dp_plan_limits_read(const danepriv_limits *limits, danepriv_limits *out);

#endif
