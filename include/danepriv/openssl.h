/* SPDX-License-Identifier: BSD-2-Clause
 * openssl.h - may questions go over this OpenSSL connection?
 *
 * An adapter, in a library of its own: libdanepriv-openssl, for OpenSSL 3.0 and later.
 *
 *	danepriv_verdict why = { .size = sizeof why };
 *	danepriv_openssl_prepare(ctx);		once, before the first SSL_new
 *	...
 *	ssl = SSL_new(ctx);
 *	danepriv_openssl_guard(ssl, session, NULL, time(NULL));
 *	... connect, SSL_set_fd ...
 *	result = SSL_connect(ssl);		again while it wants to read or write
 *	decision = danepriv_openssl_decide(ssl, session, DANEPRIV_PROVENANCE_CONFIGURED,
 *	    result, time(NULL), &why);	where a person configured the server's name
 *	if (decision == DANEPRIV_DECISION_PROCEED)
 *		... ask ...
 *
 * The guard ends a handshake early where that can be known, but only danepriv_openssl_decide says
 * yes.  PKIX verification and the system's CAs play no part in it.  A program may let SSL_write or
 * SSL_read do the handshake.  There, call SSL_do_handshake first: the decision comes before the
 * first octet.  Transports may block or not.  The versions are TLS 1.2 and 1.3, and DTLS 1.2.  Any
 * number of threads may share an SSL_CTX.  An SSL and its session belong to one thread at a time.
 *
 * Silence.  OpenSSL has no timeout for a handshake: with a silent peer it never ends on a socket
 * that blocks.  Wait by a clock of your own.  On a socket that does not block, wait for what
 * SSL_get_error says, or the calls spin.  On one that blocks set a receive timeout (SO_RCVTIMEO).
 * SSL_connect then wants to read each time that it runs out.
 *
 * An SSL_CTX.  Extension 59 is taken (one of yours there is EADAPTER).  danepriv_openssl_prepare
 * also takes the certificate verification callback (SSL_CTX_set_cert_verify_callback).  OpenSSL
 * does not show it: one that you set before is not called.  Connections without a guard are
 * verified as OpenSSL does it of itself.
 *
 * A guarded SSL.  The guard takes SNI, the verify mode, the option SSL_OP_NO_RENEGOTIATION, and the
 * lowest version where that is too low.
 *
 * Your verify callback (SSL_set_verify, SSL_CTX_set_verify) is called by ours, whenever you set it,
 * once for a peer.  Its first argument says whether we go on.  The current certificate is the
 * peer's, at depth 0 (NULL with a raw key), and no chain has been built.  What it returns can end
 * the handshake, and does nothing more.
 *
 * After the guard.  Another certificate verification callback then takes the place of ours, and
 * SSL_VERIFY_NONE keeps the handshake from its early end.  danepriv_openssl_decide refuses what it
 * would refuse anyway.  Your ex_data stays yours, and so do your app data and whatever else you
 * set. */
#ifndef DANEPRIV_OPENSSL_H
#define DANEPRIV_OPENSSL_H

#include <danepriv/chain.h>
#include <danepriv/session.h>

#include <openssl/ssl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is the server's own proof (RFC 9102, chain.h) asked for? */
typedef enum danepriv_openssl_chain {
	DANEPRIV_OPENSSL_CHAIN_ASK = 0, /* where it helps: danepriv_session_chain_port */
	DANEPRIV_OPENSSL_CHAIN_OFF
} danepriv_openssl_chain;

/* Are raw public keys (RFC 7250) offered?  OpenSSL has them since 3.2.  Before that they never
 * are, and servers show their certificates.  A server offers its own by
 * SSL_CTX_set1_server_cert_type. */
typedef enum danepriv_openssl_raw_keys {
	DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN = 0, /* before X.509, when a secure `3 1 x` is known that
						   one could match (RFC 7671 section 5.1) */
	DANEPRIV_OPENSSL_RAW_KEYS_OFF
} danepriv_openssl_raw_keys;

/* Settings of a guard.  Zero in any field but `size` stands for the default. */
typedef struct danepriv_openssl_settings {
	size_t size; /* sizeof(danepriv_openssl_settings) */
	danepriv_openssl_chain chain;
	danepriv_openssl_raw_keys raw_keys;
} danepriv_openssl_settings;

/* ---- clients ---- */

/* Makes an SSL_CTX fit for guarded connections, which must come from it later: OpenSSL takes
 * extensions by SSL_CTX alone.  Call it before other threads use `ctx`.  A second call does
 * nothing.
 * Returns:
 * - OK: connections can be made.
 * - EINVAL: NULL.
 * - ENOMEM: memory ran out.
 * - EADAPTER: OpenSSL refused, or somebody else has extension 59 there. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_prepare(SSL_CTX *ctx);

/* Guards a client's SSL: judges the peer during the handshake, and takes the server's proof.  Call
 * it once, before the handshake, after `session` was given the evidence that there is.  With
 * TLS_method() call SSL_set_connect_state first.  Never write early data on a guarded connection:
 * it is sent before the peer is known.
 *
 * It sends the session's name as SNI, takes nothing below TLS 1.2, and asks the server for its
 * proof.  One that comes is given to `session`, and counts as evidence.  An SSL that SSL_dup makes
 * of this one is not guarded.
 *
 * When the profile is strict, the evidence that is there by the server's Certificate message has to
 * match at `now`.  If it does not, the handshake ends: SSL_R_CERTIFICATE_VERIFY_FAILED, and
 * X509_V_ERR_DANE_NO_MATCH from SSL_get_verify_result.  Without evidence, or with an opportunistic
 * profile, it completes unjudged, also with a server that is pinned.  Then it is
 * danepriv_openssl_decide that says no.  Evidence may still be given to `session` until the
 * decision.
 *
 * In any profile the handshake ends, with X509_V_ERR_APPLICATION_VERIFICATION, when the peer's own
 * key is not one of these: RSA of 1024 to 8192 bits, P-256, P-384, P-521, Ed25519, Ed448.
 * `ssl`: of an SSL_CTX that danepriv_openssl_prepare has seen.
 * `session`: must stay until SSL_free, or until no more handshake is done.
 * `settings`: NULL for defaults.
 * On failure do not use `ssl` further.
 * Returns:
 * - OK: do the handshake.
 * - EINVAL: NULL; `settings` have a wrong `size`, or set an unknown field or value; or `ssl` is a
 *   server's, guarded already, past the beginning of its handshake, or of an SSL_CTX that was not
 *   prepared.
 * - ENOMEM: memory ran out.
 * - EADAPTER: OpenSSL refused.
 * RFC 7671 section 5.1, RFC 8310 section 9. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_guard(SSL *ssl,
    danepriv_session *session, const danepriv_openssl_settings *settings, danepriv_time now);

/* Says whether a question may be sent over `ssl` at `now`.  For further questions see
 * danepriv_session_decide_again.
 *
 * A resumed session, for which nothing was verified, is judged again: the restored peer by the
 * evidence that `session` holds now.  Of a session that went through i2d_SSL_SESSION OpenSSL keeps
 * the end entity's certificate alone.  What only the others could decide is INDETERMINATE, reason
 * NOT_SHOWN (credential.h).
 *
 * SSL_get_verify_result is then X509_V_OK on PROCEED, and an error otherwise, on resumed
 * connections too.  It is the answer for that question: ask again for the next one.
 * `provenance`: where the name of the server comes from that serves the question's zone (server.h).
 * `handshake_result`: what SSL_connect or SSL_do_handshake returned last.
 * `why`: receives the verdict; may be NULL.  Set its `size` before the call.  With a wrong one the
 *   decision is REFUSE, whatever the peer has shown, and *why is not touched.
 * Returns:
 * - PROCEED: the peer is authenticated, under a name that is not UNPROVEN, and the channel is
 *   encrypted.
 * - PROCEED_UNAUTHENTICATED: encrypted, to somebody unknown.  In the opportunistic profile alone.
 * - REFUSE: in all other cases (danepriv_decide).  Also when `handshake_result` is not 1, and while
 *   SSL_is_init_finished denies it.  Also when `ssl` was not guarded for `session`, or its protocol
 *   is older than TLS 1.2.  Also with a cipher that does not encrypt, and with a peer's key that
 *   the guard does not take.  In the strict profile, also when early data was sent.  Only where
 *   `handshake_result` is not 1 may danepriv_session_decide be asked for CLEAR after that. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_openssl_decide(SSL *ssl,
    danepriv_session *session, danepriv_provenance provenance, int handshake_result,
    danepriv_time now, danepriv_verdict *why);

/* ---- servers ---- */

/* Makes servers of `ctx` send a proof, to clients that ask for it with the name and port of
 * `server`, in full handshakes.  It takes the place of what was sent for that server before.
 *
 * Call it for each server that `ctx` stands for, and again before signatures run out.  The first
 * call for an SSL_CTX must come before other threads use it.  All others may come from any thread
 * while connections go on.  Where a servername callback moves connections to another SSL_CTX, that
 * one sends what it was told itself.  A request that is no port ends the handshake with
 * decode_error.
 * `chain`: the octets of an AuthenticationChain (chain.h).  No octets: no longer send one.  Whether
 *   it proves anything is not looked at: see danepriv_records_prove.
 * `settings`: NULL for defaults.
 * On failure all is as it was.
 * Returns:
 * - OK: the chain will be sent, or none any more.
 * - EINVAL: NULL; `settings` of a wrong `size`, or with an unknown field or value; a bad server, or
 *   one whose transport has no chains (QUIC, IPsec); or a `chain` without octets that has a length.
 * - ELIMIT: more than DANEPRIV_CHAIN_SERVED_MAX octets.
 * - EMALFORMED: the server's name or label.
 * - ENOMEM: memory ran out.
 * - EADAPTER: OpenSSL refused, or somebody else has extension 59 there. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_serve(SSL_CTX *ctx,
    const danepriv_server *server, danepriv_span chain, const danepriv_chain_serving *settings);

/* ---- Signatures ---- */

/* Tells a provider for danepriv_settings.crypto.  With it OpenSSL verifies ECDSA with P-256, which
 * it does in half the time.  In DNSSEC this is algorithm 13; in certificates it is the curve with
 * SHA-256, SHA-384 or SHA-512.  The rest stays with GnuTLS and libsodium.  That includes P-384,
 * with which OpenSSL takes longer.  OpenSSL's error queue stays as it was.
 * Returns: the provider, never NULL; it lives as long as the process. */
DANEPRIV_API const danepriv_crypto *danepriv_openssl_crypto(void);

#ifdef __cplusplus
}
#endif

#endif
