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

#endif
