/* SPDX-License-Identifier: BSD-2-Clause
 * chain.h - what does the proof that a server sent in its handshake prove?  (RFC 9102)
 *
 * A server may send its TLSA records with all that proves them: extension 59 of TLS,
 * "dnssec_chain".  It is validated as answers are (lookup.h), but nothing can be asked for here:
 * what is missing makes it bogus.  Adapters take the extension out of the handshake and give it to
 * the session: <danepriv/gnutls.h>, <danepriv/openssl.h>. */
#ifndef DANEPRIV_CHAIN_H
#define DANEPRIV_CHAIN_H

#include <danepriv/records.h>

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

#ifdef __cplusplus
}
#endif

#endif
