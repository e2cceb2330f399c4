/* SPDX-License-Identifier: BSD-2-Clause
 * policy.h - what may you do, given what was learnt?
 *
 * A decision is about one question: each question has its own profile, and its own source of the
 * server's name (danepriv_provenance in server.h).  One connection carries questions of many
 * domains: the finding is the same for all of them, the decision need not be.
 *
 * In clear.  Without TLS the channel is DANEPRIV_CHANNEL_CLEAR, whether nobody listens for TLS or
 * its handshake failed.  Do not pass ENCRYPTED then: the peer stays UNJUDGED, which both profiles
 * refuse.  Once a handshake was completed, do not pass CLEAR, whatever was refused.  In clear
 * nobody is judged, and no pin counts: what TLS had shown to be wrong would be gone.
 *
 * RFC 8310 section 5, draft-bortzmeyer section 2. */
#ifndef DANEPRIV_POLICY_H
#define DANEPRIV_POLICY_H

#include <danepriv/judge.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How much protection does a question need?  No other enum has these values, zero excepted. */
typedef enum danepriv_profile {
	DANEPRIV_PROFILE_STRICT = 0,	       /* authenticated and encrypted, or not at all */
	DANEPRIV_PROFILE_OPPORTUNISTIC = 0x301 /* the best there is, down to cleartext */
} danepriv_profile;

/* What lies between you and the peer?  No other enum has these values, zero excepted. */
typedef enum danepriv_channel {
	DANEPRIV_CHANNEL_NONE = 0,	   /* nothing: there is nothing to send over */
	DANEPRIV_CHANNEL_CLEAR = 0x101,	   /* TLS did not come up; plain DNS would */
	DANEPRIV_CHANNEL_ENCRYPTED = 0x102 /* TLS, or another encrypted transport, came up */
} danepriv_channel;

/* What may you do with the question? */
typedef enum danepriv_decision {
	DANEPRIV_DECISION_REFUSE = 0,		   /* send no question here (or not yet) */
	DANEPRIV_DECISION_PROCEED,		   /* authenticated and encrypted */
	DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, /* encrypted, to somebody unknown; use other
						      servers first */
	DANEPRIV_DECISION_PROCEED_CLEARTEXT	   /* not even encrypted; use other servers first */
} danepriv_decision;

/* Says whether a question may go to a server.  It looks the four arguments up in a table: a pure
 * function.  Questions on the way to a server, for addresses and TLSA records, need no such leave
 * (plan.h).  The table is for TLS; IPsec has one of its own.
 *
 * `profile`: that of the question.
 * `provenance`: where the server's name comes from, for this very question.
 * `finding`: what was found of the peer (danepriv_evaluate in judge.h).  In clear nobody shows a
 *   key: pass INDETERMINATE with CLEAR, as danepriv_hooks_decide does.
 * `channel`: what came up.  Without TLS that is CLEAR.
 *
 * Returns:
 * - PROCEED: MATCH over ENCRYPTED, under a name that is not UNPROVEN.  Strict never proceeds
 *   otherwise.
 * - PROCEED_UNAUTHENTICATED: opportunistic, over ENCRYPTED, with every other finding but UNJUDGED
 *   and DOWNGRADE.  RFC 7671 would abort; draft-bortzmeyer section 2 goes on.  It is also what a
 *   MATCH under an UNPROVEN name comes to: that is somebody unknown.
 * - PROCEED_CLEARTEXT: opportunistic, over CLEAR, with every finding but UNJUDGED and DOWNGRADE.
 * - REFUSE: in all other cases, unknown values included.  UNJUDGED and DOWNGRADE mean "wait": they
 *   refuse in both profiles, over every channel.  Sessions and hooks find no DOWNGRADE in clear.
 *
 * RFC 8310 sections 5, 7 and 8.2, draft-bortzmeyer section 2. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_decide(danepriv_profile profile,
    danepriv_provenance provenance, danepriv_finding finding, danepriv_channel channel);

#ifdef __cplusplus
}
#endif

#endif
