/* SPDX-License-Identifier: BSD-2-Clause
 * openssl.h - may questions go over this OpenSSL connection?  An adapter: libdanepriv-openssl, for
 * OpenSSL 3.0 and later.
 *
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
 * yes.  PKIX verification and the system's CAs play no part in it.
 * Where a program lets SSL_write or SSL_read do the handshake, call SSL_do_handshake first: the
 * decision comes before the first octet.
 * Blocking and non-blocking, TLS 1.2 and 1.3, DTLS 1.2.  An SSL_CTX may be shared by any number of
 * threads; an SSL and its session belong to one at a time.
 *
 * What is taken of yours.
 * Of an SSL_CTX: extension 59 (one of yours there is EADAPTER).  By danepriv_openssl_prepare also
 * the certificate verification callback (SSL_CTX_set_cert_verify_callback), which OpenSSL does not
 * show: one that you set before is not called.  Connections without a guard are verified as OpenSSL
 * does it of itself.
 * Of a guarded SSL: SNI, the verify mode, the option SSL_OP_NO_RENEGOTIATION, and the lowest
 * version where that is too low.
 * Your verify callback (SSL_set_verify, SSL_CTX_set_verify) is called by ours, whenever you set it,
 * once for a peer.  Its first argument says whether we go on; the current certificate is the
 * peer's, at depth 0 (NULL with a raw key), and no chain has been built.  What it returns can end
 * the handshake, nothing else.
 * After the guard, another certificate verification callback takes the place of ours, and
 * SSL_VERIFY_NONE keeps the handshake from its early end: danepriv_openssl_decide refuses what it
 * would refuse.
 * Not taken: your ex_data, your app data, whatever else you set. */
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

/* Are raw public keys (RFC 7250) offered?  OpenSSL has them since 3.2; with one before that they
 * never are, and servers show their certificates.  A server offers its own by
 * SSL_CTX_set1_server_cert_type. */
typedef enum danepriv_openssl_raw_keys {
	DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN = 0, /* before X.509, when a secure `3 1 x` is known that
						   one could match (RFC 7671 section 5.1) */
	DANEPRIV_OPENSSL_RAW_KEYS_OFF
} danepriv_openssl_raw_keys;

/* Zero in any field stands for the default. */
typedef struct danepriv_openssl_settings {
	size_t size; /* sizeof(danepriv_openssl_settings) */
	danepriv_openssl_chain chain;
	danepriv_openssl_raw_keys raw_keys;
} danepriv_openssl_settings;

/* ---- clients ---- */

/* Makes an SSL_CTX fit for guarded connections, which must come from it later: OpenSSL takes
 * extensions by SSL_CTX alone.  To be called before other threads use it; twice does nothing.
 * EINVAL: NULL.  ENOMEM.  EADAPTER: OpenSSL refused; somebody else has extension 59 there. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_prepare(SSL_CTX *ctx);

/* To be called once on a client's SSL of a prepared SSL_CTX, after `session` was given the evidence
 * that there is, and before the handshake.  With TLS_method() call SSL_set_connect_state first.
 * Sends the session's name as SNI, takes nothing below TLS 1.2 (RFC 8310 section 9), and asks the
 * server for its proof; one that comes is given to `session`, and counts as evidence.  When the
 * profile is strict and the evidence that is there by the server's Certificate message does not
 * match at `now`, the handshake ends: SSL_R_CERTIFICATE_VERIFY_FAILED, and
 * X509_V_ERR_DANE_NO_MATCH from SSL_get_verify_result.  In any profile it ends, with
 * X509_V_ERR_APPLICATION_VERIFICATION, when the peer's own key is not one of these: RSA of 1024 to
 * 8192 bits, P-256, P-384, P-521, Ed25519, Ed448.  Without evidence, or with an opportunistic
 * profile, it completes unjudged, also with a server that is pinned: then danepriv_openssl_decide
 * is who says no.  Evidence may still be given to `session` until the decision. `settings`: NULL
 * for defaults.  `session` must stay until SSL_free, or until no more handshake is done.  An SSL
 * that SSL_dup makes of this one is not guarded. Never write early data on a guarded connection: it
 * is sent before the peer is known. On failure do not use `ssl` further.  EINVAL: an argument is
 * NULL, `settings` are of an unknown size or set an unknown field or value, or `ssl` is a server's,
 * guarded already, past the beginning of its handshake, or of an SSL_CTX that was not prepared.
 * ENOMEM.  EADAPTER: OpenSSL refused. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_guard(SSL *ssl,
    danepriv_session *session, const danepriv_openssl_settings *settings, danepriv_time now);

/* May a question be sent over `ssl` at `now`, of a zone whose server's name comes from
 * `provenance` (server.h)?  `handshake_result`: what SSL_connect or SSL_do_handshake returned last;
 * anything but 1 refuses, and so does 1 while SSL_is_init_finished denies it.  A resumed session,
 * for which nothing was verified, is judged anew: the restored peer by the evidence that `session`
 * holds now.  Of a session that went through i2d_SSL_SESSION OpenSSL keeps the end entity's
 * certificate alone: what only the others could decide is INDETERMINATE, reason NOT_SHOWN
 * (credential.h).  `why` as for danepriv_session_decide.
 * Refuses also a connection that was not guarded for `session`, a protocol older than TLS 1.2, a
 * cipher that does not encrypt, and a peer's key that the guard does not take.  In the strict
 * profile, refuses a connection on which early data was sent.
 * SSL_get_verify_result is then X509_V_OK on PROCEED, and an error otherwise, on resumed
 * connections too.  It is the answer for that question: ask again for the next one. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_openssl_decide(SSL *ssl,
    danepriv_session *session, danepriv_provenance provenance, int handshake_result,
    danepriv_time now, danepriv_verdict *why);

/* ---- servers ---- */

/* Makes servers of `ctx` send `chain`, the octets of an AuthenticationChain, to clients that ask
 * for it with the name and port of `server`, in full handshakes; in place of what was sent for that
 * server before.  No octets: no longer send one.  Call it for each server that `ctx` stands for,
 * and again before signatures run out.  The first call for an SSL_CTX must come before other
 * threads use it; all others may come from any thread while connections go on.  Where a servername
 * callback moves connections to another SSL_CTX, that one sends what it was told itself.
 * `settings`: NULL for defaults.  Whether the chain proves anything is not looked at: see
 * danepriv_records_prove.  A request that is no port ends the handshake with decode_error.
 * EINVAL: an argument is NULL, a bad server, one whose transport has no chains (QUIC, IPsec), a
 * span without octets that has a length, or `settings` of an unknown size, or with an unknown field
 * or value.  EMALFORMED: the server's name.  ELIMIT: more than DANEPRIV_CHAIN_SERVED_MAX octets.
 * ENOMEM.  EADAPTER: as for danepriv_openssl_prepare.  After a failure all is as it was. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_openssl_serve(SSL_CTX *ctx,
    const danepriv_server *server, danepriv_span chain, const danepriv_chain_serving *settings);

/* ---- Signatures ---- */

/* For danepriv_settings.crypto: OpenSSL verifies ECDSA with P-256, which it does in half the time.
 * All else stays with GnuTLS and libsodium, P-384 too, with which OpenSSL takes longer.  In DNSSEC
 * this is algorithm 13, in certificates the curve with SHA-256, SHA-384 or SHA-512.  Never NULL;
 * lives as long as the process.  Leaves OpenSSL's error queue as it was. */
DANEPRIV_API const danepriv_crypto *danepriv_openssl_crypto(void);

#ifdef __cplusplus
}
#endif

#endif
