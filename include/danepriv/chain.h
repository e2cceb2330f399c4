/* SPDX-License-Identifier: BSD-2-Clause
 * chain.h - what does the proof that a server sent in its handshake prove, and what may a server
 * send?
 *
 * A server may send its TLSA records with all that proves them (RFC 9102): extension 59 of TLS,
 * "dnssec_chain".  The chain is validated as answers are (lookup.h).  But nothing can be asked for
 * here: what is missing makes it bogus.  Adapters take the extension out of the handshake, and give
 * it to the session: <danepriv/gnutls.h>, <danepriv/openssl.h>.
 *
 * Transports.  Servers over TLS, DTLS and HTTPS (HTTP/2) can send chains.  For QUIC, HTTP/3 and
 * IPsec a handshake has no place for them.  A chain proves the records of such a server all the
 * same, and goes from one process to another (danepriv_cache_put_proof).
 *
 * Time.  A `now` before the date of the library's build makes a proof INDETERMINATE, reason
 * "clock".  To validate a chain that was published before that date, set danepriv_settings.earliest
 * (context.h). */
#ifndef DANEPRIV_CHAIN_H
#define DANEPRIV_CHAIN_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Proves a server's records by an AuthenticationChain, as of `now`.  Only the server's own name,
 * port and transport count, and no alias of the name is followed.  The base domain is the server's
 * name.
 * `chain`: records in any order, uncompressed, with or without the length in front.  Some may be
 *   doubled or unrelated.
 * On success *out is yours to free.  On failure it is NULL.
 * Returns:
 * - OK: the proof of *out is SECURE, DENIED, INSECURE or BOGUS.  Octets that are no chain are
 *   BOGUS, reason MALFORMED.  It is INDETERMINATE without an anchor, with a wrong clock, and with
 *   more records than are taken.
 * - EINVAL: NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOMEM: memory ran out.
 * RFC 9102 section 3. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_prove(const danepriv *ctx,
    const danepriv_server *server, danepriv_span chain, danepriv_time now, danepriv_records **out);

/* Proves a server's records by the whole of what it sent as extension 59, as danepriv_records_prove
 * does by the chain.
 * `extension`: a support lifetime of two octets (danepriv_records_support_hours), then the chain.
 * On success *out is yours to free.  On failure it is NULL.
 * Returns:
 * - OK: the proof of *out is SECURE, DENIED, INSECURE or BOGUS.  Octets that are no extension are
 *   BOGUS, reason MALFORMED.  It is INDETERMINATE without an anchor, with a wrong clock, and with
 *   more records than are taken.
 * - EINVAL: NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOMEM: memory ran out.
 * RFC 9102 section 3. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_prove_extension(const danepriv *ctx,
    const danepriv_server *server, danepriv_span extension, danepriv_time now,
    danepriv_records **out);

/* What a server sends, or may send: records that prove its own.  One that is selected out of a
 * lookup has no more of them than that takes. */
typedef struct danepriv_chain danepriv_chain;

/* Selects a chain out of what a lookup has seen, as of `now`.
 * `lookup`: one of danepriv_lookup_new_chain, when danepriv_lookup_finish has said OK.  Or one of
 *   danepriv_lookup_new: the chain is then of the server's own name all the same.  Where the name
 *   is an alias that was followed, it need not prove what the lookup has found.
 * On success *out is yours to free.  On failure it is NULL.
 * Returns:
 * - OK: *out is to be sent.
 * - EINVAL: NULL, or the lookup is a zone's.
 * - EAGAIN: the lookup is not over.
 * - ENOTFOUND: neither records nor their absence are proven; or the records are more than clients
 *   take (danepriv_records_reason: LIMIT_RECORDS).  Then send nothing, or what was sent before.
 * - ELIMIT: it would not fit in a handshake, or to find it costs more than a verdict may.
 * - ENOMEM: memory ran out.
 * RFC 9102 sections 2.3 and 5. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_chain(
    danepriv_lookup *lookup, danepriv_time now, danepriv_chain **out);

/* Frees a chain.  NULL is fine. */
DANEPRIV_API void danepriv_chain_free(danepriv_chain *chain);

/* Tells the octets of the AuthenticationChain: records one after the other, up to the anchor, whose
 * keys are among them.  The length that TLS puts in front is not there.
 * Returns: the octets, which live as long as the chain; empty for NULL. */
DANEPRIV_API danepriv_span danepriv_chain_octets(const danepriv_chain *chain);

/* Tells what the chain proves.
 * Returns: SECURE, DENIED or INSECURE; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_chain_security(const danepriv_chain *chain);

/* Tells up to when the chain may be sent.  Build another one by then: the least of its TTLs runs
 * out.
 * Returns: the last second; INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_chain_valid_until(const danepriv_chain *chain);

/* ---- to show one ---- */

/* A chain that was taken apart.  It has the records that a proof can need, each once: no other
 * types, and no second copies.  Immutable; any number of threads may read it. */
typedef struct danepriv_chain_walk danepriv_chain_walk;

/* One of its records.  What the type does not have is zero, or "". */
typedef struct danepriv_chain_record {
	size_t size; /* sizeof(danepriv_chain_record) */
	danepriv_span rdata;
	danepriv_time inception;    /* RRSIG: first second at which it is valid */
	danepriv_time expiration;   /* RRSIG: last second */
	uint32_t ttl;		    /* as it was sent; nobody has signed that */
	uint32_t signed_ttl;	    /* RRSIG: the TTL that was signed */
	danepriv_security security; /* SECURE: proven.  UNKNOWN: there was no need to look at it,
					as for a second signature, or no work left to do so */
	danepriv_reason reason;	    /* why it is not proven */
	uint16_t type;		    /* of the record */
	uint16_t covered;	    /* RRSIG: type of the records that it signs */
	uint16_t key_tag;	    /* RRSIG: of the key that signs.  DS: of the key that it stands
					for.  DNSKEY: its own */
	uint8_t algorithm;	    /* RRSIG, DS, DNSKEY: of the key */
	uint8_t labels;		    /* RRSIG: fewer than the owner has: a wildcard was expanded */
	char type_text[12];	    /* "DNSKEY"; "TYPE65280" where it has no name here */
	char covered_text[12];	    /* the same of `covered` */
	char owner[1024];	    /* presentation form with final dot */
	char signer[1024];	    /* RRSIG: the zone that signs, in the same form */
} danepriv_chain_record;

/* Takes a chain apart, and tries to prove each of its records as of `now`: to show it, or to find
 * what is wrong with it.  What it proves of the server is for danepriv_records_prove to say.
 * `server`: whose chain it is.
 * `chain`: as for danepriv_records_prove; copied.
 * On success *out is yours to free.  On failure it is NULL.
 * Returns:
 * - OK: *out has its records.
 * - EINVAL: NULL, or a bad server.
 * - EMALFORMED: the server's name or label; or octets that are no chain.
 * - ELIMIT: more than 1024 records.
 * - ENOMEM: memory ran out.
 * RFC 9102 section 2.2. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_chain_walk_new(const danepriv *ctx,
    const danepriv_server *server, danepriv_span chain, danepriv_time now,
    danepriv_chain_walk **out);

/* Frees it.  NULL is fine. */
DANEPRIV_API void danepriv_chain_walk_free(danepriv_chain_walk *walk);

/* Counts the records.
 * Returns: how many there are; 0 for NULL. */
DANEPRIV_API size_t danepriv_chain_walk_count(const danepriv_chain_walk *walk);

/* Tells one of the records.
 * `index`: from 0, in the order of the chain.
 * `out`: set its `size` before the call.  Its `rdata` is borrowed from `walk`.  On failure all of
 *   it but the size is zero.
 * Returns:
 * - OK: *out is the record.
 * - EINVAL: NULL, or a wrong `size` (then *out is not touched).
 * - ENOTFOUND: there is no such record. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_chain_walk_record(
    const danepriv_chain_walk *walk, size_t index, danepriv_chain_record *out);

/* ---- how adapters send it ---- */

/* Octets of the largest chain that can be served.  All that a server sends as extensions of one
 * message takes 65535 octets at most.  Beside such a chain, 4 KiB are left for others, a staple
 * among them. */
#define DANEPRIV_CHAIN_SERVED_MAX 61440

/* How a chain is wrapped.  RFC 9102 section 2.2 says a length in front.  Its appendix shows none.
 * danepriv's clients take both. */
typedef enum danepriv_chain_form {
	DANEPRIV_CHAIN_FORM_PREFIXED = 0,
	DANEPRIV_CHAIN_FORM_BARE
} danepriv_chain_form;

/* For danepriv_gnutls_serve and danepriv_openssl_serve.  Zero in any field but `size` stands for
 * the default. */
typedef struct danepriv_chain_serving {
	size_t size;		/* sizeof(danepriv_chain_serving) */
	uint16_t support_hours; /* for so long you promise to go on sending chains.  Clients may
				   refuse you when you do not (RFC 9102 section 7) */
	danepriv_chain_form form;
} danepriv_chain_serving;

#ifdef __cplusplus
}
#endif

#endif
