/* SPDX-License-Identifier: BSD-2-Clause
 * How does the server's proof get out of a GnuTLS handshake?  (RFC 9102 section 2) */
#ifndef DP_GNUTLS_EXTENSION_H
#define DP_GNUTLS_EXTENSION_H

#include <danepriv/gnutls.h>
#include <stdbool.h>

/* What a GnuTLS session of ours carries with it as its extension 59 begins with this. */
typedef enum dp_side { DP_SIDE_CLIENT, DP_SIDE_SERVER } dp_side;

/* What a guarded GnuTLS session carries with it, and frees when it ends. */
typedef struct dp_guard {
	dp_side side;
	danepriv_session *session;
	danepriv_time now;
	danepriv_gnutls_chain chain; /* how it is asked for */
	uint16_t port;		     /* to ask for the proof with; 0: it is not asked for */
	bool again;		     /* the proof came, and kept the handshake from its end */
	bool refused;		     /* it was our judgement that ended the handshake */
} dp_guard;

/* Makes `tls` a guarded session.  EINVAL: it is one already.  ENOMEM.  EADAPTER. */
danepriv_status dp_guard_attach(gnutls_session_t tls, danepriv_session *session, danepriv_time now);

/* Has it ask for the proof, if that makes sense for the name that is sent.  EINVAL: an unknown
 * value.  EADAPTER. */
danepriv_status dp_guard_ask(gnutls_session_t tls, danepriv_gnutls_chain chain);

/* Has the session carry `ours` with it, which begins with its side and is one block: `end` frees it
 * with the session, and this where it fails.  EINVAL: it carries something already.  EADAPTER. */
danepriv_status dp_extension_carry(gnutls_session_t tls, void *ours, gnutls_ext_recv_func receive,
    gnutls_ext_send_func send, gnutls_ext_deinit_data_func end);

/* What the session carries with it, whichever side it is; NULL: nothing of ours. */
void *dp_extension_carried_by(gnutls_session_t tls, dp_side side);

/* Is what the peer shows as its own a certificate or a raw key whose key GnuTLS may use?  Before it
 * is judged, and whatever the profile is. */
bool dp_guard_may_use(gnutls_session_t tls, danepriv_span item);

/* NULL: not guarded. */
dp_guard *dp_guard_of(gnutls_session_t tls);

#endif
