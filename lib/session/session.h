/* SPDX-License-Identifier: BSD-2-Clause
 * One connection being judged: may questions go over it?  What adapters need beside the public
 * functions. */
#ifndef DP_SESSION_SESSION_H
#define DP_SESSION_SESSION_H

#include <danepriv/session.h>

/* danepriv_session_give_extension, out of a handshake that comes to nothing: the chain proves
 * itself, but nobody has authenticated the support lifetime, which becomes 0. */
danepriv_status dp_session_give_unauthenticated(
    danepriv_session *session, danepriv_span extension, danepriv_time now);

/* The handshake has ended, and another one is needed: decisions say so (REASON_RECONNECT) until
 * then, or until there is a credential. */
void dp_session_await_reconnect(danepriv_session *session);

#endif
