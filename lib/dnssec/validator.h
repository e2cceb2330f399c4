/* SPDX-License-Identifier: BSD-2-Clause
 * Is this answer proven?  The one validator, for looked-up answers and for RFC 9102 chains alike.
 *
 * It works from the record upwards: signature, the zone that made it, that zone's keys, their DS,
 * and so on to the closest anchor.  Whatever was once checked is remembered, so that no signature
 * is verified twice, and none that the verdict does not need.  Inside the room a proof of UNKNOWN
 * means "cannot say yet: a question is out". */
#ifndef DP_DNSSEC_VALIDATOR_H
#define DP_DNSSEC_VALIDATOR_H

#include "base/bounds.h"
#include "base/buffer.h"
#include "crypto/pubkey.h"
#include "dns/name.h"
#include "dnssec/budget.h"
#include "dnssec/context.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"

#include <limits.h>

/* Until when does what was found hold?  In which round it was found, see dp_round_now; or: */
#define DP_ROUND_NONE 0	      /* it has to be found again */
#define DP_ROUND_ALL UINT_MAX /* whatever comes */

/* What is known of one RRset. */
typedef struct dp_checked {
	dp_proven proven;
	dp_name signer;	 /* with SECURE; and of a signature that fails, where there is one */
	unsigned round;	 /* for which it is known */
	unsigned labels; /* with SECURE: RRSIG labels; fewer than the owner's: wildcard expansion */
} dp_checked;

/* What is known of one zone. */
typedef struct dp_zone {
	dp_name name;	  /* borrowed from the evidence or from an anchor */
	dp_proven proven; /* SECURE: `keys` may be used */
	unsigned round;	  /* for which it is known */
	unsigned depth;	  /* being checked further up the stack, so many zones deep; 0: it is not */
	uint16_t keys;	  /* first item of its validated DNSKEY RRset */
} dp_zone;

typedef struct dp_validator {
	const danepriv *ctx;
	danepriv_time now;
	dp_evidence evidence;
	dp_questions questions;
	dp_checked *checked; /* RRsets; the `checked` of their first item is the place, from 1 */
	uint16_t checked_count, checked_room;
	dp_pubkey *key;	   /* the one that was used last: a key object is large ... */
	size_t key_item;   /* ... of this DNSKEY */
	size_t zone_count; /* of `zones`, below */
	unsigned depth;	   /* zones that are being checked */
	unsigned failed;   /* the round in which a failure was remembered first; 0: none was */
	unsigned without;  /* the lowest of those that what is checked now had to do without;
			      UINT_MAX:  none */
	dp_buffer signed_data;
	uint16_t *order;    /* items of the RRset that begins at `ordered`, as they are signed */
	size_t order_count; /* 0: of none */
	size_t ordered;
	dp_budget budget;
	dp_place stopped;	     /* where the budget ended */
	bool known_is_free;	     /* signatures that the context remembers cost nothing */
	struct dp_hashed *hashed;    /* NSEC3 hashes computed */
	unsigned hashes;	     /* how many those are */
	unsigned digests;	     /* DS digests computed */
	unsigned verified;	     /* signatures verified, for tests and the bench */
	dp_zone zones[DP_ZONES_MAX]; /* last: what is past the count is never looked at, and is not
					cleared, since that would take longer than a known chain */
} dp_validator;

/* What dp_validate found. */
typedef struct dp_found {
	dp_proven proven;
	size_t records;	     /* with SECURE: first item of the RRset */
	dp_name_store owner; /* where the aliases ended */
	uint16_t type;	     /* that was asked for */
} dp_found;

void dp_validator_init(dp_validator *v, const danepriv *ctx);
void dp_validator_free(dp_validator *v);
/* One more source.  As dp_evidence_add. */
danepriv_status dp_validator_add(dp_validator *v, danepriv_span octets);
/* As dp_evidence_lend. */
danepriv_status dp_validator_lend(dp_validator *v, danepriv_span octets);
/* Judges the records of `type` at `name` as of `now`.  OK: out->proven is the verdict; UNKNOWN
 * means that v->questions has new ones to ask.  ENOMEM. */
danepriv_status dp_validate(
    dp_validator *v, dp_name name, uint16_t type, danepriv_time now, dp_found *out);

#endif
