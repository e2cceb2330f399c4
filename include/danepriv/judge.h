/* SPDX-License-Identifier: BSD-2-Clause
 * judge.h - is this credential the one that was published?  (RFC 6698, RFC 7671) */
#ifndef DANEPRIV_JUDGE_H
#define DANEPRIV_JUDGE_H

#include <danepriv/credential.h>
#include <danepriv/records.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What did we learn of the peer?  Zero: nothing yet. */
typedef enum danepriv_finding {
	DANEPRIV_UNJUDGED = 0,	 /* evidence or credential is still missing, or is out of date */
	DANEPRIV_MATCH,		 /* the key is the one that the owner published */
	DANEPRIV_MISMATCH,	 /* records exist and none matches: a likely attack */
	DANEPRIV_BOGUS,		 /* what DNS says was tampered with, or its signing is broken */
	DANEPRIV_UNUSABLE,	 /* records exist, none of a kind that can be judged (RFC 7671 10.3) */
	DANEPRIV_ABSENT,	 /* the owner publishes none */
	DANEPRIV_UNSIGNED,	 /* the owner does not sign: records, if any, prove nothing */
	DANEPRIV_INDETERMINATE	 /* could not be found out */
} danepriv_finding;

/* What became of one record. */
typedef enum danepriv_judgement {
	DANEPRIV_RECORD_UNTRIED = 0, /* the question was settled before its turn came */
	DANEPRIV_RECORD_MATCH,
	DANEPRIV_RECORD_NO_MATCH,
	DANEPRIV_RECORD_UNUSABLE,   /* see its reason; as if it were not there (RFC 7671 section 9) */
	DANEPRIV_RECORD_SUPPRESSED /* a stronger digest of the same kind is there (RFC 7671 section 9) */
} danepriv_judgement;

/* Why one record was judged so. */
typedef enum danepriv_record_reason {
	DANEPRIV_RECORD_REASON_NONE = 0,
	DANEPRIV_RECORD_REASON_MALFORMED,	 /* RDATA shorter than four octets */
	DANEPRIV_RECORD_REASON_USAGE,		 /* certificate usage unknown or not supported here */
	DANEPRIV_RECORD_REASON_SELECTOR,	 /* selector unknown */
	DANEPRIV_RECORD_REASON_MATCHING,	 /* matching type unknown */
	DANEPRIV_RECORD_REASON_DIGEST_LENGTH,	 /* association data not as long as the digest */
	DANEPRIV_RECORD_REASON_DATA,		 /* full association data is no certificate, or no key */
	DANEPRIV_RECORD_REASON_RAW_KEY,		 /* the peer showed a raw key: only 3 1 x can match */
	DANEPRIV_RECORD_REASON_DIFFERENT	 /* judged, and another key or certificate */
} danepriv_record_reason;

typedef struct danepriv_record_verdict {
	uint8_t usage, selector, matching; /* as in the record; 0 when it is malformed */
	danepriv_judgement judgement;
	danepriv_record_reason reason;
	unsigned depth;			   /* with MATCH: 0 is the end entity, 1 its issuer, ... */
} danepriv_record_verdict;

/* Set `size` (and `each`, if you want it) before the call; the rest is written. */
typedef struct danepriv_verdict {
	size_t size;			 /* sizeof(danepriv_verdict) */
	danepriv_finding finding;
	danepriv_proof proof;		 /* of the records that were used */
	danepriv_reason reason;		 /* of that proof */
	size_t record;			 /* with MATCH: which record did; else SIZE_MAX */
	danepriv_time until;		 /* the last second at which this verdict holds */
	danepriv_record_verdict *each;	 /* your array for a verdict per record, or NULL */
	size_t each_room;		 /* how many fit in it; further records are judged all the same */
} danepriv_verdict;

/* Judges a credential by records.  Pure: same arguments, same answer; no allocation for DANE-EE.
 * `now` later than the records' `until` leaves it UNJUDGED.
 * OK: *out says what was learnt, which may well be "no match".
 * EINVAL: a NULL or empty argument, a wrong `size`, or an unknown credential type (out->finding is
 * then UNJUDGED).  EMALFORMED: the peer's own certificate or key is not DER of the right shape: the
 * finding is MISMATCH when the records are secure, which no policy takes for authentication.
 * ELIMIT: more items or octets than a handshake may carry (finding UNJUDGED).  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_evaluate(const danepriv *ctx,
    const danepriv_records *records, const danepriv_credential *credential, danepriv_time now,
    danepriv_verdict *out);

/* One line of English; never NULL; static storage. */
DANEPRIV_API const char *danepriv_finding_text(danepriv_finding finding);
DANEPRIV_API const char *danepriv_judgement_text(danepriv_judgement judgement);
DANEPRIV_API const char *danepriv_record_reason_text(danepriv_record_reason reason);

#ifdef __cplusplus
}
#endif

#endif
