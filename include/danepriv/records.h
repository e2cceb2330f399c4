/* SPDX-License-Identifier: BSD-2-Clause
 * records.h - what did the owner of this server's name publish, and how sure are we? */
#ifndef DANEPRIV_RECORDS_H
#define DANEPRIV_RECORDS_H

#include <danepriv/context.h>
#include <danepriv/server.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What DNSSEC says of an answer (RFC 4033 section 5).  Zero: nobody has asked. */
typedef enum danepriv_security {
	DANEPRIV_SECURITY_UNKNOWN = 0,
	DANEPRIV_SECURITY_SECURE,	/* the records are the owner's */
	DANEPRIV_SECURITY_DENIED,	/* the owner says that there are none */
	DANEPRIV_SECURITY_INSECURE,	/* proven: the owner does not sign, or not in a way we can
					   check */
	DANEPRIV_SECURITY_BOGUS,	/* should be signed, and does not verify */
	DANEPRIV_SECURITY_INDETERMINATE /* could not be found out (RFC 4035 meaning) */
} danepriv_security;

/* Why the proof is what it is.  Appended, never renumbered. */
typedef enum danepriv_reason {
	DANEPRIV_REASON_NONE = 0,
	/* denied */
	DANEPRIV_REASON_NO_DATA, /* the name exists, without such records */
	DANEPRIV_REASON_NO_NAME, /* the name does not exist */
	/* insecure */
	DANEPRIV_REASON_DELEGATION_UNSIGNED, /* the parent zone proves that there is no DS */
	DANEPRIV_REASON_OPT_OUT, /* an NSEC3 opt-out span covers it (RFC 5155 section 6) */
	DANEPRIV_REASON_ALGORITHM_UNSUPPORTED, /* no DS of an algorithm we check (RFC 6840) */
	DANEPRIV_REASON_DIGEST_UNSUPPORTED,    /* no DS has a digest type that we check */
	DANEPRIV_REASON_NSEC3_ITERATIONS,      /* more than 50 extra iterations (RFC 9276 3.2) */
	DANEPRIV_REASON_NEGATIVE_ANCHOR,       /* the caller said so (RFC 7646) */
	/* bogus */
	DANEPRIV_REASON_SIGNATURE_INVALID,
	DANEPRIV_REASON_SIGNATURE_EXPIRED,
	DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID,
	DANEPRIV_REASON_SIGNATURE_DATES_CROSSED, /* expires before it begins */
	DANEPRIV_REASON_SIGNATURE_MISSING,
	DANEPRIV_REASON_DNSKEY_MISSING,	   /* no key fits the DS or the anchor */
	DANEPRIV_REASON_NO_ZONE_KEY,	   /* the key that fits may not sign for a zone */
	DANEPRIV_REASON_DENIAL_MISSING,	   /* nothing proves that there is nothing */
	DANEPRIV_REASON_WILDCARD_UNPROVEN, /* expanded, but not shown that no closer name exists */
	DANEPRIV_REASON_SIGNER_ABOVE_CUT,  /* signed by a zone that delegated the name away */
	DANEPRIV_REASON_ALIAS_LOOP,
	DANEPRIV_REASON_LIMIT_WORK,	  /* more units than the settings allow */
	DANEPRIV_REASON_LIMIT_SIGNATURES, /* signatures per RRset */
	DANEPRIV_REASON_LIMIT_KEYS,	  /* keys of one tag and algorithm */
	DANEPRIV_REASON_LIMIT_HASHES,	  /* NSEC3 hashes, or DS digests */
	DANEPRIV_REASON_LIMIT_ALIASES,
	DANEPRIV_REASON_LIMIT_RECORDS,
	DANEPRIV_REASON_LIMIT_OCTETS,
	DANEPRIV_REASON_MALFORMED,
	/* indeterminate */
	DANEPRIV_REASON_NO_ANCHOR,    /* no trust anchor at or above the name */
	DANEPRIV_REASON_CLOCK,	      /* `now` is plainly wrong: before the library was built, or
					 before danepriv_settings.earliest */
	DANEPRIV_REASON_QUERY_FAILED, /* no answer that can carry evidence */
	DANEPRIV_REASON_QUERY_TIMEOUT,
	DANEPRIV_REASON_QUERY_REFUSED,	 /* SERVFAIL, REFUSED or another rcode */
	DANEPRIV_REASON_LIMIT_QUESTIONS, /* the proof would take more questions than allowed */
	DANEPRIV_REASON_CANCELLED,
	DANEPRIV_REASON_ALIAS, /* the name of a zone's name server is an alias (RFC 2181 10.3) */
	DANEPRIV_REASON_QUERY_STREAM, /* no answer over TCP, which it takes (RFC 7766 section 5) */
	/* of a verdict alone */
	DANEPRIV_REASON_NOT_SHOWN, /* the peer's other certificates could decide it, and were not
				      shown (credential.h) */
	DANEPRIV_REASON_RECONNECT, /* connect again, with what is known now (session.h) */
	/* bogus, too */
	DANEPRIV_REASON_SERVED_LOCALLY /* no key came of a zone of private or documentation
					  addresses that you have an anchor for: resolvers answer
					  for these by themselves, unless told not to (RFC 6303) */
} danepriv_reason;

/* Finds the Extended DNS Error code that is nearest to a reason.
 * Returns: the code, or -1 where there is none.
 * RFC 8914. */
DANEPRIV_API int danepriv_reason_ede(danepriv_reason reason);

/* Records and their proof: immutable, counted, shared by any number of threads.
 *
 * Aliases.  Records remember whether the server's name was shown to be an alias when they were
 * looked up, wherever they were then found.  Vouched ones remember whether their base is another
 * name than the server's.  Both of these count only where the server's rule is to follow aliases.
 * INDETERMINATE with REASON_ALIAS counts only where the rule is to refuse them.  All other records
 * count for both rules. */
typedef struct danepriv_records danepriv_records;

/* Makes records of TLSA (or IPSECA) RDATAs that you validated yourself, or of what your validation
 * said in place of records.
 * `base`: the TLSA base domain; NULL for server->name.  Another one counts only for servers whose
 *   rule is DANEPRIV_ALIASES_FOLLOW.
 * `security`: what your validation said.  RDATAs go with SECURE only, and SECURE needs at least
 *   one.
 * `reason`: why, to be shown to people; DANEPRIV_REASON_NONE where you do not know.
 * `rdatas`: `count` RDATAs, copied.
 * `valid_until`: the last second at which they may be used.  TTL or signatures, whichever ends
 *   first.
 * On success *out is yours to free.  On failure it is NULL.
 * Returns:
 * - OK: *out has the records.
 * - EINVAL: UNKNOWN security, RDATAs or a reason that do not go with it, a bad server, or NULL.
 * - EMALFORMED: the name or the label of the server, or `base`.
 * - ELIMIT: more than 512 records, or more than 65535 octets of them.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_vouch(const danepriv_server *server,
    const char *base, danepriv_security security, danepriv_reason reason,
    const danepriv_span *rdatas, size_t count, danepriv_time valid_until, danepriv_records **out);

/* Takes one more reference, to be freed by itself.  Any thread may call it.
 * Returns: `records`; NULL for NULL. */
DANEPRIV_API danepriv_records *danepriv_records_ref(danepriv_records *records);

/* Releases your reference.  NULL is fine. */
DANEPRIV_API void danepriv_records_free(danepriv_records *records);

/* Where evidence comes from.  Appended, never renumbered. */
typedef enum danepriv_source {
	DANEPRIV_SOURCE_NONE = 0,
	DANEPRIV_SOURCE_VOUCHED, /* somebody else validated it (danepriv_records_vouch) */
	DANEPRIV_SOURCE_LOOKUP,	 /* answers to our questions (lookup.h) */
	DANEPRIV_SOURCE_CHAIN	 /* the server's handshake (chain.h) */
} danepriv_source;

/* Tells where the records come from.
 * Returns: the source; NONE for NULL. */
DANEPRIV_API danepriv_source danepriv_records_source(const danepriv_records *records);

/* Tells for how many hours the server promises to go on sending its chain.  Keep the promise only
 * when the handshake that brought the chain was authenticated by it.
 * Returns: hours; 0 where it promises nothing, or no chain was sent.
 * RFC 9102 section 7. */
DANEPRIV_API uint16_t danepriv_records_support_hours(const danepriv_records *records);

/* Tells what DNSSEC said.
 * Returns: the proof; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_records_security(const danepriv_records *records);

/* Tells why the proof is what it is.
 * Returns: the reason; NONE where there is none to tell, and for NULL. */
DANEPRIV_API danepriv_reason danepriv_records_reason(const danepriv_records *records);

/* Records of one owner and type, and whose they are. */
typedef struct danepriv_rrset {
	size_t size;	    /* sizeof(danepriv_rrset) */
	const char *owner;  /* presentation form with final dot */
	const char *zone;   /* that signs them; "" where it is not known */
	uint16_t type;	    /* 52 */
	char type_text[14]; /* "TLSA"; "TYPE65280" where it has no name here */
} danepriv_rrset;

/* Tells at which records the proof broke: at a signature that does not hold, a key or a denial that
 * is missing, an answer that did not come.  Of INSECURE it tells where signing ends.
 * `out`: set its `size` before the call.  Its texts live as long as the records.  On failure they
 *   are "".
 * Returns:
 * - OK: *out is the place.
 * - EINVAL: NULL, or a wrong `size` (then *out is not touched).
 * - ENOTFOUND: it is not known.  So it is for what is SECURE or DENIED, was vouched for, or comes
 *   out of a cache; and where the anchors or the clock are the reason. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_place(
    const danepriv_records *records, danepriv_rrset *out);

/* Tells the TTL that the owner of the secure records has signed.  No cache that follows the rules
 * keeps them for longer: what was replaced is gone after so many seconds.  The aliases on the way
 * to the records have TTLs of their own.
 * Returns: seconds; -1 where it is not known: for records that are not SECURE, were vouched for, or
 * come out of a cache.
 * RFC 4034 section 3.1.4. */
DANEPRIV_API int32_t danepriv_records_ttl(const danepriv_records *records);

/* Tells up to when the records may be reused: for another connection, a resumed one, or out of a
 * cache.  It is the least of TTL, original TTL and signature expiry over the whole path, the
 * server's aliases included.
 * Returns: the last second; INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_records_valid_until(const danepriv_records *records);

/* Tells up to when the one connection that the records were fetched for may rest on them.
 * Signature expiry alone counts, so that a TTL of 0 authenticates once.  For vouched records it is
 * the same as danepriv_records_valid_until.
 * Returns: the last second; INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_records_expiry(const danepriv_records *records);

/* How did a resolver fare over TCP, where a lookup needed it?  What an answer over UDP left out, or
 * was cut off, is asked for there once more.  Appended, never renumbered. */
typedef enum danepriv_stream {
	DANEPRIV_STREAM_NONE = 0, /* it was not needed */
	DANEPRIV_STREAM_ANSWERED, /* all of it was answered */
	DANEPRIV_STREAM_FAILED	  /* not all: for the rest, what had come over UDP counts */
} danepriv_stream;

/* Tells how the resolver fared over TCP in the lookup that has just brought the records.
 * Returns: what became of it; NONE for NULL, and for records that were not looked up just now. */
DANEPRIV_API danepriv_stream danepriv_records_stream(const danepriv_records *records);

/* Tells the Extended DNS Error code that the resolver gave.  One that came with a refusal counts
 * before others.  It proves nothing.
 * Returns: the code; -1 where it gave none, or the records were not looked up just now.
 * RFC 8914. */
DANEPRIV_API int danepriv_records_upstream_ede(const danepriv_records *records);

/* Tells the TLSA base domain: the name to send as SNI and to look for in certificates.  It is the
 * server's own name.  Of secure records that were looked up, it is the end of the server's aliases
 * when they are published there.  Of vouched records it is the `base` that was given.
 * Returns: the name in presentation form with final dot; "" for NULL.  It lives as long as the
 * records.
 * RFC 7671 section 7. */
DANEPRIV_API const char *danepriv_records_base(const danepriv_records *records);

/* Counts the records.
 * Returns: how many there are; 0 for NULL. */
DANEPRIV_API size_t danepriv_records_count(const danepriv_records *records);

/* Tells the RDATA of one record.
 * `index`: from 0.
 * Returns: the RDATA, borrowed from the records; an empty span when there is no such record. */
DANEPRIV_API danepriv_span danepriv_records_rdata(const danepriv_records *records, size_t index);

/* Tells whether there is a secure record `3 1 x` that a raw public key (RFC 7250) could match.
 * Only then is it worth offering raw public keys in a handshake.
 * Returns:
 * - 1: there is one.
 * - 0: there is none.
 * RFC 7671 section 5.1. */
DANEPRIV_API int danepriv_records_has_raw_key(const danepriv_records *records);

#ifdef __cplusplus
}
#endif

#endif
