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
	DANEPRIV_SECURITY_SECURE,   /* the records are the owner's */
	DANEPRIV_SECURITY_DENIED,   /* the owner says that there are none */
	DANEPRIV_SECURITY_INSECURE, /* proven: the owner does not sign, or not in a way we can check
				     */
	DANEPRIV_SECURITY_BOGUS,    /* should be signed, and does not verify */
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
	DANEPRIV_REASON_CLOCK,	      /* `now` is before the library was built */
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
	DANEPRIV_REASON_RECONNECT  /* connect again, with what is known now (session.h) */
} danepriv_reason;

/* The Extended DNS Error code (RFC 8914) nearest to a reason, or -1 where there is none. */
DANEPRIV_API int danepriv_reason_ede(danepriv_reason reason);

/* Records and their proof: immutable, counted, shared by any number of threads.  They remember
 * whether the server's name was shown to be an alias when they were looked up, whether they were
 * then found at its end or under the server's own name; vouched ones, whether they have another
 * base than that name.  Those count only where the server's rule is to follow aliases; and that
 * the name is one (REASON_ALIAS), only where they are refused.  All others count for both. */
typedef struct danepriv_records danepriv_records;

/* Takes your word for it: you validated these TLSA (or IPSECA) RDATAs yourself.
 * `base`: the TLSA base domain, NULL for server->name.  Another one counts only for servers whose
 * rule is DANEPRIV_ALIASES_FOLLOW.
 * `security`: what your validation said.  RDATAs go with SECURE only, and SECURE needs at least
 * one.
 * `reason`: why, to be shown to people; DANEPRIV_REASON_NONE where you do not know.
 * `valid_until`: the last second at which they may be used (TTL and signatures, whichever ends
 * first).
 * On success *out is yours to free; the RDATAs are copied.  On failure *out is NULL.
 * EINVAL: a bad server, UNKNOWN security, RDATAs that do not go with it, or a reason that does not.
 * EMALFORMED: server or base name.  ELIMIT: more than 512 records or 65535 octets.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_vouch(const danepriv_server *server,
    const char *base, danepriv_security security, danepriv_reason reason,
    const danepriv_span *rdatas, size_t count, danepriv_time valid_until, danepriv_records **out);

/* One reference more, to be freed by itself.  Returns `records`; NULL for NULL.  From any thread.
 */
DANEPRIV_API danepriv_records *danepriv_records_ref(danepriv_records *records);

/* Lets go of your reference.  NULL is fine. */
DANEPRIV_API void danepriv_records_free(danepriv_records *records);

/* Where evidence comes from.  Appended, never renumbered. */
typedef enum danepriv_source {
	DANEPRIV_SOURCE_NONE = 0,
	DANEPRIV_SOURCE_VOUCHED, /* somebody else validated it (danepriv_records_vouch) */
	DANEPRIV_SOURCE_LOOKUP,	 /* answers to our questions (lookup.h) */
	DANEPRIV_SOURCE_CHAIN	 /* the server's handshake (chain.h) */
} danepriv_source;

/* Where the records come from; NONE for NULL. */
DANEPRIV_API danepriv_source danepriv_records_source(const danepriv_records *records);

/* For how many hours the server promises to go on sending its chain (RFC 9102 section 7); to be
 * kept only when the handshake that brought it was authenticated by it.  0: it promises nothing, or
 * no chain was sent. */
DANEPRIV_API uint16_t danepriv_records_support_hours(const danepriv_records *records);

/* What DNSSEC said; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_records_security(const danepriv_records *records);
DANEPRIV_API danepriv_reason danepriv_records_reason(const danepriv_records *records);

/* The last second at which the records may be reused: for another connection, a resumed one, or
 * out of a cache.  Least of TTL, original TTL and signature expiry over the whole path, the
 * server's aliases included. */
DANEPRIV_API danepriv_time danepriv_records_valid_until(const danepriv_records *records);

/* The last second at which the one connection that they were fetched for may rest on them:
 * signature expiry alone, so that a TTL of 0 authenticates once.  Vouched records: the same as
 * `valid_until`. */
DANEPRIV_API danepriv_time danepriv_records_expiry(const danepriv_records *records);

/* How did a resolver fare over TCP, where a lookup needed it?  What an answer over UDP left out is
 * asked for there once more, and what was cut off.  Appended, never renumbered. */
typedef enum danepriv_stream {
	DANEPRIV_STREAM_NONE = 0, /* it was not needed */
	DANEPRIV_STREAM_ANSWERED, /* all of it was answered */
	DANEPRIV_STREAM_FAILED	  /* not all: what had come over UDP counts there */
} danepriv_stream;

/* NONE for NULL, and for records that were not looked up just now. */
DANEPRIV_API danepriv_stream danepriv_records_stream(const danepriv_records *records);

/* The Extended DNS Error code (RFC 8914) that the resolver gave, with a refusal if there was one;
 * -1: it gave none, or the records were not looked up just now.  It proves nothing. */
DANEPRIV_API int danepriv_records_upstream_ede(const danepriv_records *records);

/* The TLSA base domain, presentation form with final dot: the name to send as SNI and to look for
 * in certificates.  The server's own name, or, of secure records that were looked up, the end of
 * its aliases when they are published there (RFC 7671 section 7).  Lives as long as the records. */
DANEPRIV_API const char *danepriv_records_base(const danepriv_records *records);

/* How many records there are, and the RDATA of one (`index` from 0), borrowed from the records.
 * Empty span when there is no such record. */
DANEPRIV_API size_t danepriv_records_count(const danepriv_records *records);
DANEPRIV_API danepriv_span danepriv_records_rdata(const danepriv_records *records, size_t index);

/* 1 when a secure record `3 1 x` is there that a raw public key could match (RFC 7671 5.1), else 0:
 * then, and only then, is it worth offering raw public keys (RFC 7250) in a handshake. */
DANEPRIV_API int danepriv_records_has_raw_key(const danepriv_records *records);

#ifdef __cplusplus
}
#endif

#endif
