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

#include <limits.h>

/* Until when does what was found hold?  In which round it was found, see dp_round_now; or: */
#define DP_ROUND_NONE 0	      /* it has to be found again */
#define DP_ROUND_ALL UINT_MAX /* whatever comes */

/* What is known of one RRset. */
typedef struct dp_checked {
	dp_proven proven;
	dp_name signer;	 /* with SECURE */
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
	uint64_t work, allowed;	     /* spent, and what may be; see dp_budget_charge */
	bool known_is_free;	     /* signatures that the context remembers cost nothing */
	struct dp_hashed *hashed;    /* NSEC3 hashes computed */
	unsigned hashes;	     /* how many those are */
	unsigned digests;	     /* DS digests computed */
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
/* The verdict is a failure, and nothing is asked any more: was something that failed judged before
 * the last answer came?  It is forgotten then, so that all of it can be judged by all answers. */
bool dp_round_forget_failures(dp_validator *v);

/* Inside the room: */
dp_proven dp_proven_not(danepriv_security security, danepriv_reason reason, danepriv_time now);
/* BOGUS or INDETERMINATE? */
bool dp_proven_is_failure(danepriv_security security);
/* The end of both. */
void dp_proven_limit(dp_proven *proven, dp_proven other);
/* Which failure tells more: insecure, then unknown, indeterminate, bogus with its best reason. */
dp_proven dp_proven_worse(dp_proven a, dp_proven b);
/* budget.c: stops all further work: bogus, with the bound as its reason. */
void dp_budget_limit(dp_validator *v, danepriv_reason reason);
/* budget.c: was it stopped? */
bool dp_budget_stopped(const dp_validator *v);
/* Changes with each answer or failure, and with nothing else: what waits need not be looked at
 * again before. */
unsigned dp_round_now(const dp_validator *v);
/* What was found: for how long is it to be remembered, when it had to do without `without`, and
 * zones less deep than `depth` are being checked still? */
unsigned dp_round_remember(
    dp_validator *v, danepriv_security security, unsigned without, unsigned depth);
/* budget.c: charges work, in thousandths of a P-256 verification.  False: all work is to stop. */
bool dp_budget_charge(dp_validator *v, uint64_t thousandths);
/* budget.c: charges one look at a record, or at a name's RRsets, with so many octets of names to
 * compare. */
bool dp_budget_look(dp_validator *v, size_t octets);
/* budget.c: as dp_evidence_find, charged; also evidence.count when all work is to stop. */
size_t dp_look_find(dp_validator *v, dp_name name, uint16_t type, size_t from);

/* budget.c: as dp_questions_ask, charged; ANSWERED when all work is to stop. */
dp_question_state dp_look_ask(
    dp_validator *v, dp_name name, uint16_t type, danepriv_reason *reason);
/* budget.c: is an answer to this question still to come? */
bool dp_look_is_asked(dp_validator *v, dp_name name, uint16_t type);
/* budget.c: what brought the answer to this question, from 1; 0: there is none. */
unsigned dp_look_source(dp_validator *v, dp_name name, uint16_t type);

/* rrsig.c: is the RRset that begins at `first` signed by the zone that it lies in? */
dp_checked dp_rrsig_check(dp_validator *v, size_t first);
/* rrsig.c: was it found to be, by an earlier dp_rrsig_check? */
bool dp_rrsig_is_secure(const dp_validator *v, size_t first);
/* rrsig.c: does `key` (item of a DNSKEY) verify this signature over the RRset? */
bool dp_rrsig_verify(dp_validator *v, size_t first, const dp_rrsig *sig, size_t key);
/* rrsig.c: are we inside the signature's dates?  NONE, or the reason why not. */
danepriv_reason dp_rrsig_dates(const dp_validator *v, const dp_rrsig *sig);
/* rrsig.c: how long does this RRset stay proven by this signature, item `rrsig`?  It takes note
 * that this one verifies: the `checked` of an RRSIG. */
dp_proven dp_rrsig_proven(dp_validator *v, size_t first, size_t rrsig, const dp_rrsig *sig);
/* zone.c: may this zone's keys be used?  NULL when there are too many zones.  `name` is borrowed by
 * the entry, and so from evidence or an anchor. */
const dp_zone *dp_zone_check(dp_validator *v, dp_name name);
/* zone.c: are its keys, its DS or the keys of its anchor still asked for?  Before that nothing of
 * it is proven, so that it is no use to look. */
bool dp_zone_is_waiting(dp_validator *v, dp_name name);
/* zone.c: asks for the DS and DNSKEY RRsets that lead down to `name`, all at the same time, up to
 * what was asked for before. */
void dp_zone_ask_path(dp_validator *v, dp_name name);
/* zone.c: is there an unsigned delegation between the closest anchor and `name`?  INSECURE if so; a
 * failure of the path; SECURE: none was proven. */
dp_proven dp_zone_insecure_above(dp_validator *v, dp_name name);

/* Sources that a lookup can have: each question is answered once, and once more over a stream. */
#define DP_CUT_SOURCES_MAX (2 * DP_QUESTIONS_MAX)

/* From a zone down to a name that it speaks of: is there a cut between? */
typedef struct dp_cut {
	dp_name signer, lowest; /* the same: none can be */
	bool is_all;		/* all sources count; else those whose bits are set: */
	uint8_t sources[DP_CUT_SOURCES_MAX / 8];
} dp_cut;

/* cut.c: where would be a cut between `signer` and what it says of `type` at `owner`, and which
 * answers would show it?  False: one of them is still to come. */
bool dp_cut_begin(dp_validator *v, dp_cut *reach, dp_name signer, dp_name owner, uint16_t type);
/* cut.c: this source counts, too. */
void dp_cut_add(dp_cut *reach, unsigned source);
bool dp_cut_has(const dp_cut *reach, const dp_item *item);
/* cut.c: SECURE: there is none; else BOGUS, or UNKNOWN. */
dp_proven dp_cut_check(dp_validator *v, const dp_cut *reach);
/* nsec3_cut.c: the half of it that asks NSEC3 records. */
danepriv_security dp_nsec3_look_for_cut(dp_validator *v, const dp_cut *reach);

typedef struct dp_denial {
	dp_proven proven;
	bool delegation; /* of a DS denial: an NS set is there, without DS */
} dp_denial;

/* denial.c: is `zone` the one that may deny records of `type` at `name`?  SECURE, or why not. */
dp_proven dp_denial_may(dp_validator *v, dp_name zone, dp_name name, uint16_t type);
/* denial.c: is it proven that there is no `type` at `name`?  DENIED; INSECURE (opt-out,
 * iterations); else a failure, BOGUS with DENIAL_MISSING when nothing fits. */
dp_denial dp_denial_find(dp_validator *v, dp_name name, uint16_t type);
/* denial.c: is it proven that `name` did not exist, so that a wildcard `labels` labels deep under
 * `zone` could be expanded?  SECURE; INSECURE (opt-out, iterations); else a failure. */
dp_proven dp_denial_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);

/* nsec.c, nsec3.c: the two halves of the above. */
dp_denial dp_nsec_deny(dp_validator *v, dp_name name, uint16_t type);
dp_proven dp_nsec_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);
dp_denial dp_nsec3_deny(dp_validator *v, dp_name name, uint16_t type);
dp_proven dp_nsec3_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone);
/* nsec3_hash.c: forgets the hashes. */
void dp_nsec3_free(dp_validator *v);

#endif
