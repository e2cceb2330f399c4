/* SPDX-License-Identifier: BSD-2-Clause
 * policy.h - what may you do, given what was learnt?  (RFC 8310, draft-bortzmeyer section 2) */
#ifndef DANEPRIV_POLICY_H
#define DANEPRIV_POLICY_H

#include <danepriv/judge.h>

#ifdef __cplusplus
extern "C" {
#endif

/* But for zero, no other enum has these values. */
typedef enum danepriv_profile {
	DANEPRIV_PROFILE_STRICT = 0,	       /* authenticated and encrypted, or not at all */
	DANEPRIV_PROFILE_OPPORTUNISTIC = 0x301 /* the best there is, down to cleartext */
} danepriv_profile;

/* What lies between you and the peer.  CLEAR: TLS did not come up, plain DNS would.  But for zero,
 * no other enum has these values. */
typedef enum danepriv_channel {
	DANEPRIV_CHANNEL_NONE = 0,
	DANEPRIV_CHANNEL_CLEAR = 0x101,
	DANEPRIV_CHANNEL_ENCRYPTED = 0x102
} danepriv_channel;

typedef enum danepriv_decision {
	DANEPRIV_DECISION_REFUSE = 0,		   /* send no question here (or not yet) */
	DANEPRIV_DECISION_PROCEED,		   /* authenticated and encrypted */
	DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, /* encrypted to somebody; use other servers first
						    */
	DANEPRIV_DECISION_PROCEED_CLEARTEXT	   /* not even encrypted; use other servers first */
} danepriv_decision;

/* May a question go to a server?  Looked up in a table of the question's profile, where the
 * server's name comes from, what was found, and the channel.  Pure.  Whatever is unknown refuses.
 * Strict proceeds on MATCH over an encrypted channel, under a name that is not UNPROVEN, and never
 * besides (RFC 8310 sections 5, 7 and 8.2).  Opportunistic goes on with every finding but UNJUDGED,
 * which means "wait" (draft-bortzmeyer section 2, where RFC 7671 would abort), and DOWNGRADE, which
 * means the same; but who matches under an unproven name is somebody unknown:
 * PROCEED_UNAUTHENTICATED.  Questions for addresses and TLSA records on the way to a server need no
 * such leave (RFC 8310 section 5, plan.h).  For TLS; IPsec has a table of its own. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_decide(danepriv_profile profile,
    danepriv_provenance provenance, danepriv_finding finding, danepriv_channel channel);

#ifdef __cplusplus
}
#endif

#endif
