/* SPDX-License-Identifier: BSD-2-Clause
 * chain.h - what does the proof that a server sent in its handshake prove, and what may a server
 * send?  (RFC 9102)
 *
 * A server may send its TLSA records with all that proves them: extension 59 of TLS,
 * "dnssec_chain".  It is validated as answers are (lookup.h), but nothing can be asked for here:
 * what is missing makes it bogus.  Adapters take the extension out of the handshake and give it to
 * the session: <danepriv/gnutls.h>, <danepriv/openssl.h>. */
#ifndef DANEPRIV_CHAIN_H
#define DANEPRIV_CHAIN_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an AuthenticationChain proves of `server` as of `now`: records in any order, uncompressed,
 * doubled or unrelated ones among them, with or without the length in front.  Only the server's own
 * name, port and transport count, and no alias of the name is followed (RFC 9102 section 3).
 * On success *out is yours to free; its proof is SECURE, DENIED, INSECURE or BOGUS, also for octets
 * that are no chain (reason MALFORMED), or INDETERMINATE (no anchor, wrong clock).  The base domain
 * is the server's name.  On failure *out is NULL.
 * EINVAL: an argument is NULL, or a bad server.  EMALFORMED: the server's name.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_prove(const danepriv *ctx,
    const danepriv_server *server, danepriv_span chain, danepriv_time now, danepriv_records **out);

/* The same for the whole of what the server sent as extension 59: a support lifetime of two octets
 * (danepriv_records_support_hours), then the chain. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_records_prove_extension(const danepriv *ctx,
    const danepriv_server *server, danepriv_span extension, danepriv_time now,
    danepriv_records **out);

/* What a server may send: records that prove its own, no more of them than that takes. */
typedef struct danepriv_chain danepriv_chain;

/* Selects it out of what a lookup has seen, which is one of danepriv_lookup_new_chain, when
 * danepriv_lookup_finish has said OK; as of `now`. On success *out is yours to free; on failure it
 * is NULL.  EAGAIN: the lookup is not over. ENOTFOUND: neither records nor their absence are
 * proven, or the records are more than clients take (danepriv_records_reason: LIMIT_RECORDS): then
 * nothing is to be sent, or what was sent before (RFC 9102 sections 2.3 and 5).  ELIMIT: it would
 * not fit in a handshake, or to find it costs more than a verdict may.  EINVAL: an argument is
 * NULL.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_chain(
    danepriv_lookup *lookup, danepriv_time now, danepriv_chain **out);

/* NULL is fine. */
DANEPRIV_API void danepriv_chain_free(danepriv_chain *chain);

/* The AuthenticationChain: records one after the other, without the length that TLS puts in front.
 * Up to the anchor, whose keys are among them.  Lives as long as the chain; empty for NULL. */
DANEPRIV_API danepriv_span danepriv_chain_octets(const danepriv_chain *chain);

/* What it proves: SECURE, DENIED or INSECURE; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_chain_security(const danepriv_chain *chain);

/* To be built anew by then: the least of its TTLs runs out.  INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_chain_valid_until(const danepriv_chain *chain);

/* ---- how adapters send it ---- */

/* Octets of the largest chain that can be served: with it all that a server sends as extensions of
 * one message takes 65535 at most, and 4 KiB are left for others, a staple among them. */
#define DANEPRIV_CHAIN_SERVED_MAX 61440

/* How a chain is wrapped.  RFC 9102 section 2.2 says a length in front, its appendix shows none;
 * danepriv's clients take both. */
typedef enum danepriv_chain_form {
	DANEPRIV_CHAIN_FORM_PREFIXED = 0,
	DANEPRIV_CHAIN_FORM_BARE
} danepriv_chain_form;

/* For danepriv_gnutls_serve and danepriv_openssl_serve.  Zero in any field stands for the default.
 */
typedef struct danepriv_chain_serving {
	size_t size;		/* sizeof(danepriv_chain_serving) */
	uint16_t support_hours; /* for so long you promise to go on sending chains; clients
				   may refuse you when you do not (RFC 9102 section 7) */
	danepriv_chain_form form;
} danepriv_chain_serving;

#ifdef __cplusplus
}
#endif

#endif
