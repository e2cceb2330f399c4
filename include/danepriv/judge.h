/* SPDX-License-Identifier: BSD-2-Clause
 * judge.h - is this credential the one that was published?
 *
 * A finding says what was learnt of a peer.  What follows from it, under which policy, is in
 * policy.h.  RFC 6698 and RFC 7671 say how to judge.
 *
 * Order.  Usage 3 is tried first.  It asks for the key alone: names, dates and issuers do not
 * matter.  Then usages 2, 1 and 0 are tried.  These need a path of signatures from the peer's
 * certificate, which holds at `now` in all that RFC 5280 asks for.  With usage 2 it leads to the
 * authority that the record means.  With usages 1 and 0 it leads to one of the context's roots.
 * The record's certificate is at its lower end (1), or above that (0).
 *
 * Names.  For usages 0 to 2 the peer's certificate has to be for servers of TLS.  It has to name
 * the TLSA base domain, or one of the `names` that are given, in a dNSName.  A star is taken for
 * one whole label, the left-most, with two labels behind it.
 *
 * Authorities.  An authority of version 1 cannot say that it is one.  It is taken only as the end
 * of a path, and only if it is a root or is published under selector 0.  Name constraints of each
 * authority on the path apply to the certificates below it.  They also apply to the server's name,
 * which a star in a certificate may reach (RFC 5280 section 4.2.1.10).  Under selector 1 only the
 * authority's key is published.  Its dates, name and constraints are then the peer's to choose, and
 * a bare key has none.  Revocation is not asked for.
 *
 * Attack.  The `attack` of a verdict is 1 where records exist and none matches, where signatures
 * are wrong, and where a promised proof was not sent.  It is 0 for what more likely comes of an
 * ordinary fault, although it is refused all the same.  Such faults are signatures, keys or denials
 * that are missing, and certificates that have expired or have another `fault`.  All that passes a
 * bound of ours is such a fault, too.
 *
 * It is also 0 where a server has secure records and no TLS comes up: its port is closed, or it is
 * silent.  Opportunistic then goes on in clear.  To report that as well, look for `security` SECURE
 * with a decision of PROCEED_CLEARTEXT.  No decision depends on `attack`: whoever attacks would
 * choose the quieter way. */
#ifndef DANEPRIV_JUDGE_H
#define DANEPRIV_JUDGE_H

#include <danepriv/credential.h>
#include <danepriv/records.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What did we learn of the peer?  Zero: nothing yet.  No other enum has the value of MATCH, so that
 * nothing that a verdict says beside it is taken for it. */
typedef enum danepriv_finding {
	DANEPRIV_FINDING_UNJUDGED =
	    0, /* evidence or credential is still missing, or is out of date */
	DANEPRIV_FINDING_MATCH = 0x501, /* the key is the one that the owner published */
	DANEPRIV_FINDING_MISMATCH = 2,	/* records exist and none matches */
	DANEPRIV_FINDING_BOGUS,		/* what DNS says should be signed, and does not verify */
	DANEPRIV_FINDING_UNUSABLE,	/* records exist, none of a kind that can be judged (RFC
					   7671 section 10.3) */
	DANEPRIV_FINDING_ABSENT,	/* the owner publishes none */
	DANEPRIV_FINDING_UNSIGNED,	/* the owner does not sign: records, if any, prove
					   nothing */
	DANEPRIV_FINDING_INDETERMINATE, /* could not be found out */
	DANEPRIV_FINDING_DOWNGRADE	/* the server had promised to send its proof, and nothing
					   is proven (danepriv_session_recall, RFC 9102 section
					   7) */
} danepriv_finding;

/* What became of one record. */
typedef enum danepriv_judgement {
	DANEPRIV_JUDGEMENT_UNTRIED = 0, /* the question was settled before its turn came */
	DANEPRIV_JUDGEMENT_MATCH,
	DANEPRIV_JUDGEMENT_NO_MATCH,
	DANEPRIV_JUDGEMENT_UNUSABLE,  /* see its reason; as if it were not there (RFC 7671
					 section 9) */
	DANEPRIV_JUDGEMENT_SUPPRESSED /* a stronger digest of the same kind is there (RFC 7671
					 section 9) */
} danepriv_judgement;

/* Why one record was judged so. */
typedef enum danepriv_record_reason {
	DANEPRIV_RECORD_REASON_NONE = 0,
	DANEPRIV_RECORD_REASON_MALFORMED,     /* RDATA shorter than four octets */
	DANEPRIV_RECORD_REASON_USAGE,	      /* certificate usage unknown */
	DANEPRIV_RECORD_REASON_SELECTOR,      /* selector unknown */
	DANEPRIV_RECORD_REASON_MATCHING,      /* matching type unknown */
	DANEPRIV_RECORD_REASON_DIGEST_LENGTH, /* association data not as long as the digest */
	DANEPRIV_RECORD_REASON_DATA,	  /* full association data is no certificate, or no key */
	DANEPRIV_RECORD_REASON_RAW_KEY,	  /* the peer showed a raw key: only 3 1 x can match */
	DANEPRIV_RECORD_REASON_DIFFERENT, /* judged, and another key or certificate */
	/* usages 0, 1 and 2 */
	DANEPRIV_RECORD_REASON_NO_ROOTS, /* usages 0 and 1 need roots, and the context has none */
	DANEPRIV_RECORD_REASON_NAME,	 /* the certificate is made out to other names */
	DANEPRIV_RECORD_REASON_PATH,	 /* no signatures lead to the authority that is meant */
	DANEPRIV_RECORD_REASON_WEAK,	 /* a key or a digest on the path is too weak */
	DANEPRIV_RECORD_REASON_CONSTRAINTS, /* an issuer is no authority, or not for this */
	DANEPRIV_RECORD_REASON_PURPOSE,	    /* a certificate that is not for servers, or for IKE */
	DANEPRIV_RECORD_REASON_DATES,	    /* a certificate has expired, or is not valid yet */
	DANEPRIV_RECORD_REASON_LIMIT,	    /* the search for a path took more than allowed */
	DANEPRIV_RECORD_REASON_KEY, /* a key on the path is of a kind, form or size that is not
				       taken; UNUSABLE when it is the key of the authority
				       that is meant */
	DANEPRIV_RECORD_REASON_NOT_SHOWN, /* UNTRIED: certificates that you were not shown could
					     make it match (DANEPRIV_CREDENTIAL_LEAF) */
	DANEPRIV_RECORD_REASON_EXCLUDED	  /* the context excludes its usage (context.h) */
} danepriv_record_reason;

/* The verdict on one record. */
typedef struct danepriv_record_verdict {
	uint8_t usage, selector, matching; /* as in the record; 0 when it is malformed */
	danepriv_judgement judgement;
	danepriv_record_reason reason;
	unsigned depth; /* with MATCH: where on the verified path it matched; 0 is the end entity,
			   1 its issuer, ... */
} danepriv_record_verdict;

/* What was learnt of a peer, and why.  Set `size` before the call.  If you want a verdict per
 * record, set also the three about `each`.  The rest is written. */
typedef struct danepriv_verdict {
	size_t size; /* sizeof(danepriv_verdict) */
	danepriv_finding finding;
	danepriv_security security; /* of the records that were used */
	danepriv_reason reason; /* of that proof.  With MISMATCH, LIMIT_WORK where a record was not
				   tried to its end.  With INDETERMINATE of secure records,
				   NOT_SHOWN where one has this reason.  With UNJUDGED, RECONNECT
				   where another connection will do (session.h) */
	danepriv_record_reason fault; /* With MISMATCH: of the first record whose authority was
					 found, or looked for, what is at fault on the way there.
					 It is WEAK, CONSTRAINTS, PURPOSE, DATES, LIMIT or KEY.
					 With UNUSABLE: why the first record is.  NONE otherwise */
	int attack; /* 1: it looks like one (see above).  Report it even if the policy goes on (RFC
		       8310 section 6.5) */
	size_t record;		       /* with MATCH: which record did; otherwise SIZE_MAX */
	danepriv_time valid_until;     /* the last second at which this verdict holds: the records',
					  and with usages 0 to 2 every certificate's on the path */
	danepriv_record_verdict *each; /* your array for a verdict per record, or NULL */
	size_t each_size;	       /* sizeof(danepriv_record_verdict) */
	size_t each_room; /* how many fit in it.  Further records are judged all the same */
	size_t count;	  /* how many records there are.  With more than `each_room`, the first
			     ones are in it */
} danepriv_verdict;

/* Judges a credential by records.  Pure: the same arguments give the same answer.  Nothing is
 * allocated for DANE-EE (usage 3).
 *
 * The finding is UNJUDGED when `now` is later than the records' `valid_until`.  So it is when a
 * cache had no room to keep all of the records (danepriv_cache_put), and none of those that it kept
 * matches.
 * `names`: `count` other names that the server may go by, in presentation form, A-labels.  NULL and
 *   0: none.  A certificate that names one of them, or the TLSA base domain, will do for usages 0
 *   to 2.  Give only names that you know from a source as safe as the records (RFC 7671 section 7).
 * `now`: 0 or less is no time.
 * `out`: receives what was learnt.  On failure the finding is UNJUDGED, but for one MISMATCH below.
 *   With a wrong `size`, nothing of *out is touched.
 * Returns:
 * - OK: *out says what was learnt, which may well be "no match".
 * - EINVAL: NULL; a wrong `size`; no time; no items; an unknown credential type; or an address
 *   among the names.
 * - ELIMIT: more items or octets than a handshake may carry, or more than 16 names.
 * - EMALFORMED: one of the names is not a host's.  Or what the peer shows is junk: its own
 *   certificate or key is not DER of the right shape, or an item has no octets.  By secure records
 *   the finding is then MISMATCH, which no policy takes for authentication.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_evaluate(const danepriv *ctx,
    const danepriv_records *records, const danepriv_credential *credential,
    const char *const *names, size_t count, danepriv_time now, danepriv_verdict *out);

#ifdef __cplusplus
}
#endif

#endif
