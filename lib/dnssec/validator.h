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
#include "crypto/pubkey.h"
#include "dnssec/context.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"

/* What is known of one RRset. */
typedef struct dp_checked {
	dp_proven proven;
	dp_name signer;	 /* with SECURE */
	unsigned labels; /* with SECURE: RRSIG labels; fewer than the owner's: wildcard expansion */
} dp_checked;

/* What is known of one zone. */
typedef struct dp_zone {
	dp_name name;	  /* borrowed from the evidence or from an anchor */
	dp_proven proven; /* SECURE: `keys` may be used */
	uint16_t keys;	  /* first item of its validated DNSKEY RRset */
	bool busy;	  /* being checked further up the stack */
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
	dp_buffer signed_data;
	unsigned work;		     /* units spent */
	unsigned digests;	     /* DS digests computed */
	unsigned hashes;	     /* NSEC3 hashes computed, in this call of dp_validate */
	unsigned looks;		     /* at records that may deny, in this call of dp_validate */
	unsigned verified;	     /* signatures verified, for tests and the bench */
	danepriv_reason limit;	     /* a bound was passed; sticky */
	danepriv_status status;	     /* ENOMEM; sticky */
	dp_zone zones[DP_ZONES_MAX]; /* last: what is past the count is never looked at, and is not
					cleared, since that would take longer than a known chain */
} dp_validator;

/* What dp_validate found. */
typedef struct dp_found {
	dp_proven proven;
	size_t records;	     /* with SECURE: first item of the RRset */
	dp_name_store owner; /* where the aliases ended */
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

/* Inside the room: */
dp_proven dp_proven_not(danepriv_proof proof, danepriv_reason reason, danepriv_time now);
/* The end of both. */
void dp_proven_limit(dp_proven *proven, dp_proven other);
/* Which failure tells more: insecure, then unknown, indeterminate, bogus with its best reason. */
dp_proven dp_proven_worse(dp_proven a, dp_proven b);
/* Stops all further work: bogus, with the bound as its reason. */
void dp_limit(dp_validator *v, danepriv_reason reason);
bool dp_stopped(const dp_validator *v);
/* Counts one look at a record that may deny something; false when all work is to stop. */
bool dp_look(dp_validator *v);

/* rrsig.c: is the RRset that begins at `first` signed by the zone that it lies in? */
dp_checked dp_check(dp_validator *v, size_t first);
/* rrsig.c: was it found to be, by an earlier dp_check? */
bool dp_is_secure(const dp_validator *v, size_t first);
/* rrsig.c: does `key` (item of a DNSKEY) verify this signature over the RRset? */
bool dp_verify(dp_validator *v, size_t first, const dp_rrsig *sig, size_t key);
/* rrsig.c: are we inside the signature's dates?  NONE, or the reason why not. */
danepriv_reason dp_signature_dates(const dp_validator *v, const dp_rrsig *sig);
/* rrsig.c: how long does this RRset stay proven by this signature, item `rrsig`? */
dp_proven dp_signature_proven(
    const dp_validator *v, size_t first, size_t rrsig, const dp_rrsig *sig);
/* zone.c: may this zone's keys be used?  NULL when there are too many zones.  `name` is borrowed by
 * the entry, and so from evidence or an anchor. */
const dp_zone *dp_zone_check(dp_validator *v, dp_name name);
/* zone.c: asks for the DS and DNSKEY RRsets that lead down to `name`, all at the same time. */
void dp_ask_path(dp_validator *v, dp_name name);
/* zone.c: is there an unsigned delegation between the closest anchor and `name`?  INSECURE if so; a
 * failure of the path; SECURE: none was proven. */
dp_proven dp_insecure_above(dp_validator *v, dp_name name);
/* cut.c: does the evidence show that `signer` delegated `owner` away? */
bool dp_cut_below(dp_validator *v, dp_name signer, dp_name owner, uint16_t type);

typedef struct dp_denial {
	dp_proven proven;
	bool delegation; /* of a DS denial: an NS set is there, without DS */
} dp_denial;

/* denial.c: is `zone` the one that may deny records of `type` at `name`?  SECURE, or why not. */
dp_proven dp_may_deny(dp_validator *v, dp_name zone, dp_name name, uint16_t type);
/* denial.c: is it proven that there is no `type` at `name`?  DENIED; INSECURE (opt-out,
 * iterations); else a failure, BOGUS with DENIAL_MISSING when nothing fits. */
dp_denial dp_deny(dp_validator *v, dp_name name, uint16_t type);
/* denial.c: is it proven that `name` did not exist, so that a wildcard `labels` labels deep under
 * `zone` could be expanded?  SECURE; INSECURE (opt-out, iterations); else a failure. */
dp_proven dp_no_closer_name(dp_validator *v, dp_name name, unsigned labels, dp_name zone);

/* nsec.c, nsec3.c: the two halves of the above. */
dp_denial dp_nsec_deny(dp_validator *v, dp_name name, uint16_t type);
dp_proven dp_nsec_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);
dp_denial dp_nsec3_deny(dp_validator *v, dp_name name, uint16_t type);
dp_proven dp_nsec3_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);
/* nsec3.c: the NSEC3 of `zone` that matches `name`; evidence.count when there is none. */
size_t dp_nsec3_match(dp_validator *v, dp_name zone, dp_name name, dp_nsec3 *out);

#endif
