/* SPDX-License-Identifier: BSD-2-Clause
 * policy.h - what may you do, given what was learnt?  (RFC 8310, draft-bortzmeyer section 2) */
#ifndef DANEPRIV_POLICY_H
#define DANEPRIV_POLICY_H

#include <danepriv/judge.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum danepriv_profile {
	DANEPRIV_STRICT = 0,   /* authenticated and encrypted, or not at all */
	DANEPRIV_OPPORTUNISTIC /* the best there is, down to cleartext */
} danepriv_profile;

/* What lies between you and the peer.  CLEAR: TLS did not come up, plain DNS would. */
typedef enum danepriv_channel {
	DANEPRIV_NO_CHANNEL = 0,
	DANEPRIV_CLEAR,
	DANEPRIV_ENCRYPTED
} danepriv_channel;

typedef enum danepriv_decision {
	DANEPRIV_REFUSE = 0,		  /* send no question here (or not yet) */
	DANEPRIV_PROCEED,		  /* authenticated and encrypted */
	DANEPRIV_PROCEED_UNAUTHENTICATED, /* encrypted to somebody; use other servers first */
	DANEPRIV_PROCEED_CLEARTEXT	  /* not even encrypted; use other servers first */
} danepriv_decision;

/* Looks the decision up in a table of profile, finding and channel.  Pure.  Whatever is unknown
 * refuses.  Strict proceeds on MATCH over an encrypted channel only (RFC 8310 section 5).
 * Opportunistic goes on with every finding but UNJUDGED, which means "wait" (draft-bortzmeyer
 * section 2, where RFC 7671 would abort).  For TLS; IPsec has a table of its own. */
DANEPRIV_API danepriv_decision danepriv_decide(
    danepriv_profile profile, danepriv_finding finding, danepriv_channel channel);

/* 1 when a finding looks like an attack and should be reported as one even if the policy goes on
 * (RFC 8310 section 6.5): records exist and none matches, or DNS was tampered with.  Else 0. */
DANEPRIV_API int danepriv_finding_is_attack(danepriv_finding finding);

/* One line of English; never NULL; static storage. */
DANEPRIV_API const char *danepriv_decision_text(danepriv_decision decision);

#ifdef __cplusplus
}
#endif

#endif
