/* SPDX-License-Identifier: BSD-2-Clause
 * gnutls.h - may questions go over this GnuTLS session?
 *
 * An adapter; part of libdanepriv.
 *
 *	danepriv_gnutls_settings settings = { .size = sizeof settings,
 *		.init_flags = GNUTLS_CLIENT | DANEPRIV_GNUTLS_RAW_KEY_FLAGS };
 *	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
 *	danepriv_verdict why = { .size = sizeof why };
 *	for (;;) {
 *		gnutls_init(&tls, settings.init_flags);
 *		gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials);
 *		danepriv_gnutls_guard(tls, session, &settings, time(NULL), NULL);
 *		... connect, gnutls_transport_set_int ...	if nobody is there: break
 *		gnutls_handshake_set_timeout(tls, 5000);	or silence may last for ever
 *		do
 *			result = gnutls_handshake(tls);
 *		while (result < 0 && !gnutls_error_is_fatal(result));
 *		decision = danepriv_gnutls_decide(tls, session, DANEPRIV_PROVENANCE_CONFIGURED,
 *		    result, time(NULL), &why);	where a person configured the server's name
 *		if (!danepriv_gnutls_must_reconnect(tls))
 *			break;
 *		... close, gnutls_deinit ...	once at most: the server's proof came
 *	}
 *	if (decision == DANEPRIV_DECISION_PROCEED)
 *		... ask ...	again where gnutls_record_recv returns GNUTLS_E_AGAIN
 *
 * The guard ends a handshake early where that can be known, but only danepriv_gnutls_decide says
 * yes.  Whoever does not connect again is refused, with reason RECONNECT (records.h).  PKIX
 * verification and the system's CAs play no part in it.  Transports may block or not.  The versions
 * are TLS 1.2 and 1.3, and DTLS 1.2.
 *
 * Silence.  Without gnutls_handshake_set_timeout the inner loop never ends where the peer says
 * nothing.  A receive timeout of the socket only makes it go round; a socket that does not block
 * makes it spin.  With that call GnuTLS waits by itself, whether the socket blocks or not.  A
 * program with a loop of its own sets no such timeout.  It leaves the inner loop at GNUTLS_E_AGAIN,
 * waits for what gnutls_record_get_direction says, and gives up by a clock of its own.
 *
 * Session tickets.  gnutls_record_recv returns GNUTLS_E_AGAIN where one has come in place of an
 * answer, even if the socket blocks.  Servers of TLS 1.3 send some right after the handshake.
 *
 * What a guard takes.  GnuTLS shows none of the following: what you set before is not called.  A
 * guard takes extension 59 (one of yours there is EINVAL) and SNI.  It takes the verify function
 * (gnutls_session_set_verify_function, gnutls_session_set_verify_cert).  That of the credentials is
 * not called, either.  It takes the hook function, of which there is one for all messages.  With
 * settings it also takes the priority; with TRY and RELABEL, status_request.
 *
 * What a server takes.  danepriv_gnutls_serve takes extension 59.  Where versions are lowered it
 * also takes the hook function.
 *
 * After the guard.  A verify function that you set then takes the place of ours.  The handshake
 * ends early only where yours ends it, and danepriv_gnutls_decide refuses what it would refuse
 * anyway.  For a hook function see danepriv_gnutls_hook.  Your pointers stay yours
 * (gnutls_session_set_ptr, gnutls_db_set_ptr), and so does whatever else you set. */
#ifndef DANEPRIV_GNUTLS_H
#define DANEPRIV_GNUTLS_H

#include <danepriv/chain.h>
#include <danepriv/session.h>

#include <gnutls/gnutls.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A flag for gnutls_init.  Without it GnuTLS never speaks of raw public keys (RFC 7250).  It is
 * GnuTLS' own GNUTLS_ENABLE_RAWPK as a number, for readers without a compiler. */
#define DANEPRIV_GNUTLS_RAW_KEY_FLAGS 262144

/* What became of raw public keys in a guarded handshake. */
typedef enum danepriv_gnutls_raw_keys {
	DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE = 0, /* no settings, or one is known that could match
						     and the flag is missing */
	DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN,	  /* no `3 1 x` is known that one could match */
	DANEPRIV_GNUTLS_RAW_KEYS_OFFERED	  /* before X.509 */
} danepriv_gnutls_raw_keys;

/* How the server's own proof (RFC 9102, chain.h) is asked for, where it helps
 * (danepriv_session_chain_port).  In TLS 1.2 it comes at once.  In TLS 1.3 GnuTLS ends a handshake
 * whose Certificate message has an extension that it does not know.  There are two ways around
 * that: RECONNECT and RELABEL.  RELABEL takes no second connection, and writes into a buffer of
 * GnuTLS' own. */
typedef enum danepriv_gnutls_chain {
	DANEPRIV_GNUTLS_CHAIN_RECONNECT = 0, /* the handshake ends, and the next one does without:
						danepriv_gnutls_must_reconnect.  In TLS 1.3 no
						server is ever pinned this way */
	DANEPRIV_GNUTLS_CHAIN_OFF,	     /* not asked for */
	DANEPRIV_GNUTLS_CHAIN_TRY,    /* RELABEL.  Where a handshake fails that was relabelled, as
					 with a GnuTLS that does not bear it, RECONNECT */
	DANEPRIV_GNUTLS_CHAIN_RELABEL /* the extension is made an empty answer to status_request,
					 once the transcript has it */
} danepriv_gnutls_chain;

/* Settings of a guard.  Zero in any field but `size` stands for the default. */
typedef struct danepriv_gnutls_settings {
	size_t size;	     /* sizeof(danepriv_gnutls_settings) */
	unsigned init_flags; /* what you gave gnutls_init: the session cannot be asked.  Without
				DANEPRIV_GNUTLS_RAW_KEY_FLAGS no raw keys are offered */
	danepriv_gnutls_chain chain;
	const char *priority; /* GnuTLS priority string.  NULL: "NORMAL".  What is older than TLS
				 1.2 is taken out of it (RFC 8310 section 9) */
} danepriv_gnutls_settings;

/* Guards a client's session: judges the peer during the handshake, and takes the server's proof.
 * Call it once, before the handshake, after `session` was given the evidence that there is.  Set
 * certificate credentials yourself; they may be empty.  Without any the handshake fails, and GnuTLS
 * names another cause, such as a fatal alert or a connection that ended.  Never queue early data on
 * a guarded session: it would be sent before the peer is known.
 *
 * It sends the session's name as SNI, sets the priority, and installs a verify function for `tls`
 * alone.  That gives the peer's certificates or raw key to `session`.  A proof that the server
 * sends is given to `session` as well, and counts as evidence there by then.
 *
 * The handshake ends with GNUTLS_E_CERTIFICATE_ERROR when the profile is strict and the evidence
 * that is there by then does not match at `now`.  Without evidence, or with an opportunistic
 * profile, it completes unjudged, also with a server that is pinned.  Then it is
 * danepriv_gnutls_decide that says no.  Evidence may still be given to `session` until the
 * decision.
 *
 * In any profile the handshake ends so when the peer's own key is not one of these: RSA of 1024 to
 * 8192 bits, P-256, P-384, P-521, Ed25519, Ed448.  So it does when certificates are compressed
 * (gnutls_compress_certificate_set_methods).
 * `session`: must stay until gnutls_deinit, or until no more handshake is done.
 * `settings`: NULL is as zero, but for the priority: you have to have set one.
 * `raw_keys`: receives whether raw keys are offered, namely when a secure `3 1 x` is known; may be
 *   NULL.  On failure it is UNAVAILABLE.
 * On failure do not use `tls` further.
 * Returns:
 * - OK: do the handshake.
 * - EINVAL: NULL; `settings` have a wrong `size`, or set an unknown field or value; the priority
 *   does not parse; or `tls` is a server's, is guarded already, or has an extension 59.
 * - ENOMEM: memory ran out.
 * - EADAPTER: GnuTLS refused.
 * RFC 7671 section 5.1, RFC 8310 section 9. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_gnutls_guard(gnutls_session_t tls,
    danepriv_session *session, const danepriv_gnutls_settings *settings, danepriv_time now,
    danepriv_gnutls_raw_keys *raw_keys);

/* Says whether a question may be sent over `tls` at `now`.  For further questions see
 * danepriv_session_decide_again.
 *
 * A resumed session, for which no verify function runs, is judged again: the restored peer by the
 * evidence that `session` holds now.
 * `provenance`: where the name of the server comes from that serves the question's zone (server.h).
 * `handshake_result`: what gnutls_handshake returned last.
 * `why`: receives the verdict; may be NULL.  Set its `size` before the call.  With a wrong one the
 *   decision is REFUSE, whatever the peer has shown, and *why is not touched.
 * Returns:
 * - PROCEED: the peer is authenticated, under a name that is not UNPROVEN, and the channel is
 *   encrypted.
 * - PROCEED_UNAUTHENTICATED: encrypted, to somebody unknown.  In the opportunistic profile alone.
 * - REFUSE: in all other cases (danepriv_decide).  Also when `handshake_result` is not 0, while no
 *   handshake was completed, and when another one has begun since.  Also when `tls` was not guarded
 *   for `session`, or its protocol is older than TLS 1.2.  Also with a cipher that does not
 *   encrypt, and with a peer's key that the guard does not take.  A false start
 *   (GNUTLS_ENABLE_FALSE_START) is refused until the server has ended its part of the handshake.
 *   In the strict profile, so is a session whose early data the server took.  Only where
 *   `handshake_result` is not 0 may danepriv_session_decide be asked for CLEAR after that. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_gnutls_decide(gnutls_session_t tls,
    danepriv_session *session, danepriv_provenance provenance, int handshake_result,
    danepriv_time now, danepriv_verdict *why);

/* Says whether to connect again.  The handshake came to nothing, and may have done so because it
 * brought what should be the server's proof.
 *
 * Connect again with a new gnutls_session_t and the same `session`.  That does not ask for the
 * proof again, be it that it proved something or not: so there is never a third connection.  Until
 * then danepriv_gnutls_decide refuses in any profile, UNJUDGED with reason RECONNECT, and so does
 * danepriv_session_decide in clear.  The support lifetime of that proof neither pins the server nor
 * lifts a pin (danepriv_session_remember): nobody has authenticated it.
 *
 * The guard of the new session is what ends this wait.  So call that before you connect.  Where the
 * second connection then fails as well, opportunistic may ask danepriv_session_decide for CLEAR.
 * Returns:
 * - 1: connect again.
 * - 0: there is no reason to, or `tls` is NULL or not guarded. */
DANEPRIV_API int danepriv_gnutls_must_reconnect(gnutls_session_t tls);

/* Does our part of a handshake message.  It is the hook function that the guard installs, and
 * danepriv_gnutls_serve where it lowers versions.
 *
 * GnuTLS has room for one.  To have your own, install it after those calls, for
 * GNUTLS_HANDSHAKE_ANY or for the message that is meant.  A guard has
 * GNUTLS_HANDSHAKE_CERTIFICATE_PKT with GNUTLS_HOOK_POST.  A server has
 * GNUTLS_HANDSHAKE_CLIENT_HELLO with GNUTLS_HOOK_PRE.  A hook for both takes GNUTLS_HOOK_BOTH.
 * Call this function from yours, with the same arguments, and return what it returned if that is
 * not 0.  Where it is not called, a server's proof ends each handshake of TLS 1.3, and is not
 * taken.
 * Returns:
 * - 0: the handshake goes on.
 * - below 0: an error of GnuTLS, which ends it. */
DANEPRIV_API int danepriv_gnutls_hook(gnutls_session_t tls, unsigned type, unsigned when,
    unsigned incoming, const gnutls_datum_t *message);

/* ---- servers ---- */

/* Makes the server's session `tls` send a proof.  Clients get it that ask for it with the name
 * (SNI) and port of `server`, in a full handshake of TLS or DTLS 1.2.  GnuTLS cannot send it in TLS
 * 1.3.
 *
 * Call it before the handshake, once for each server that `tls` may stand for.  The same server
 * again replaces its chain.  Everything is copied.  A request that is no port ends the handshake.
 * `chain`: the octets of an AuthenticationChain (chain.h).  Whether it proves anything is not
 *   looked at: see danepriv_records_prove.
 * `settings`: NULL for defaults.
 * `lowered_priority`: NULL leaves TLS 1.3 as it is, which has no chain.  Otherwise the GnuTLS
 *   priority string of `tls`.  A client that asks for a chain that is there, and speaks TLS 1.2,
 *   then gets that without TLS 1.3.  The last one that is not NULL counts for all servers.  The
 *   hook function for GNUTLS_HANDSHAKE_CLIENT_HELLO is then ours (danepriv_gnutls_hook).
 * On failure all is as it was.
 * Returns:
 * - OK: the chain will be sent.
 * - EINVAL: NULL; a client's session, or one whose extension 59 is another's; a bad server, or one
 *   whose transport has no chains (QUIC, IPsec); `settings` of a wrong `size`, or with an unknown
 *   field or value; or a priority that does not parse.
 * - ELIMIT: more than DANEPRIV_CHAIN_SERVED_MAX octets.
 * - ENOMEM: memory ran out.
 * - EMALFORMED: the server's name or label, or a chain that is not records and nothing more.
 * - EADAPTER: GnuTLS refused. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_gnutls_serve(gnutls_session_t tls,
    const danepriv_server *server, danepriv_span chain, const danepriv_chain_serving *settings,
    const char *lowered_priority);

#ifdef __cplusplus
}
#endif

#endif
