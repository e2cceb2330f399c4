/* SPDX-License-Identifier: BSD-2-Clause
 * What may you do, given what was learnt?  (RFC 8310, draft-bortzmeyer-dprive-resolver-to-auth
 * section 2, RFC 7671)
 *
 * What the table leaves out refuses: zero is DANEPRIV_DECISION_REFUSE. */
#include <danepriv/policy.h>

#include "dnssec/lacking.h"

#define PROFILES (DANEPRIV_PROFILE_OPPORTUNISTIC + 1)
#define FINDINGS (DANEPRIV_FINDING_DOWNGRADE + 1)
#define CHANNELS (DANEPRIV_CHANNEL_ENCRYPTED + 1)
#define PROVENANCES (DANEPRIV_PROVENANCE_CONFIGURED + 1)
#define DECISIONS (DANEPRIV_DECISION_PROCEED_CLEARTEXT + 1)

static const danepriv_decision decisions[PROFILES][FINDINGS][CHANNELS] = {
	/* RFC 8310 section 5: encrypted and authenticated, or a hard failure. */
	[DANEPRIV_PROFILE_STRICT] = {
		[DANEPRIV_FINDING_UNJUDGED] = {
			/* Section 5: no queries before one server is authenticated. */
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DANEPRIV_FINDING_MATCH] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE, /* nothing to send over */
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* section 5: never cleartext */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED, /* section 8.2, RFC 7671 2 */
		},
		[DANEPRIV_FINDING_MISMATCH] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 6698 section 4.1: abort */
		},
		[DANEPRIV_FINDING_BOGUS] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 6698 section 4.1: abort */
		},
		[DANEPRIV_FINDING_UNUSABLE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 7671 section 10.3 */
		},
		[DANEPRIV_FINDING_ABSENT] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			/* Strict needs authentication information (section 5), and DANE is the
			 * only source here (section 11: "DANE only, no PKIX fallback"). */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DANEPRIV_FINDING_UNSIGNED] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* 8.2.1: DNSSEC is a must */
		},
		[DANEPRIV_FINDING_INDETERMINATE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 7672 section 2.1.2 */
		},
		/* RFC 9102 section 7: while a server is pinned, abort, or get the records in
		 * another way before the connection is used. */
		[DANEPRIV_FINDING_DOWNGRADE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
	},
	/* RFC 8310 section 5: authenticated, else encrypted, else cleartext.  draft-bortzmeyer
	 * section 2: a server that fails MUST still be used, others MAY be tried first.  RFC 7671
	 * sections 4.1 and 10.3 would abort on a mismatch and never fall to cleartext; for the
	 * privacy of questions, which would else go in clear, we follow the former two. */
	[DANEPRIV_PROFILE_OPPORTUNISTIC] = {
		[DANEPRIV_FINDING_UNJUDGED] = {
			/* Not a failure of the server's but of order: wait, or look again. */
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DANEPRIV_FINDING_MATCH] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE, /* nothing to send over */
			/* No credential is ever shown in clear, so this cannot come about
			 * honestly.  To refuse would serve the proven server worse than an
			 * impostor in the next cell; to say PROCEED would be a lie. */
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT,
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED, /* RFC 8310 section 5, 8.2 */
		},
		[DANEPRIV_FINDING_MISMATCH] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2; a possible attack (RFC 8310 section 5) */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_BOGUS] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2, where RFC 6698 section 4.1 would abort */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_UNUSABLE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* RFC 7671 section 10.3: TLS without authentication */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_ABSENT] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, /* the same */
		},
		[DANEPRIV_FINDING_UNSIGNED] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* RFC 6698 section 4.1: as if there were no TLSA record */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_INDETERMINATE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2, where RFC 7672 section 2.1.2 would defer */
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		/* RFC 9102 section 7: while a server is pinned, abort, or get the records in
		 * another way before the connection is used; and who made it look so must not win
		 * cleartext by it. */
		[DANEPRIV_FINDING_DOWNGRADE] = {
			[DANEPRIV_CHANNEL_NONE] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_CLEAR] = DANEPRIV_DECISION_REFUSE,
			[DANEPRIV_CHANNEL_ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
	},
};

danepriv_decision
danepriv_decide(danepriv_profile profile, danepriv_finding finding, danepriv_channel channel)
{
	/* An enum may be signed or not; the casts make negative values large. */
	if ((size_t)profile >= PROFILES || (size_t)finding >= FINDINGS ||
	    (size_t)channel >= CHANNELS)
		return DANEPRIV_DECISION_REFUSE;
	return decisions[profile][finding][channel];
}

/* REFUSE is left out everywhere. */
static const danepriv_decision named[PROFILES][PROVENANCES][DECISIONS] = {
	/* RFC 8310 section 5: authenticated and encrypted; sections 7.3 and 8.2: by a name whose
	 * source is secure and can be trusted. */
	[DANEPRIV_PROFILE_STRICT] = {
		/* The NS records of a referral are not signed (RFC 4035 section 2.2): the name that
		 * was authenticated may be the attacker's. */
		[DANEPRIV_PROVENANCE_UNPROVEN] = { DANEPRIV_DECISION_REFUSE },
		/* Signed by the zone itself (RFC 4035 section 2.2). */
		[DANEPRIV_PROVENANCE_SECURE] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
		/* RFC 8310 section 7.3: nobody between us and the parent's server. */
		[DANEPRIV_PROVENANCE_CHANNEL] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
		/* RFC 8310 sections 7.1 and 7.2 */
		[DANEPRIV_PROVENANCE_CONFIGURED] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
	},
	/* RFC 8310 section 5, draft-bortzmeyer section 2: a server that cannot be authenticated is
	 * still used, and one whose name was not proven is no worse than that, and no better. */
	[DANEPRIV_PROFILE_OPPORTUNISTIC] = {
		[DANEPRIV_PROVENANCE_UNPROVEN] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[DANEPRIV_PROVENANCE_SECURE] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[DANEPRIV_PROVENANCE_CHANNEL] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[DANEPRIV_PROVENANCE_CONFIGURED] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
	},
};

danepriv_decision
danepriv_decide_named(
    danepriv_profile profile, danepriv_provenance provenance, danepriv_decision decision)
{
	if ((size_t)profile >= PROFILES || (size_t)provenance >= PROVENANCES ||
	    (size_t)decision >= DECISIONS)
		return DANEPRIV_DECISION_REFUSE;
	return named[profile][provenance][decision];
}

/* Was a bound of ours passed? */
static bool
is_limit(danepriv_reason reason)
{
	return (reason >= DANEPRIV_REASON_LIMIT_WORK && reason <= DANEPRIV_REASON_LIMIT_OCTETS) ||
	       reason == DANEPRIV_REASON_LIMIT_QUESTIONS;
}

int
danepriv_verdict_is_attack(const danepriv_verdict *verdict)
{
	if (!verdict || is_limit(verdict->reason))
		return 0;
	return (verdict->finding == DANEPRIV_FINDING_MISMATCH &&
		   verdict->fault == DANEPRIV_RECORD_REASON_NONE) ||
	       verdict->finding == DANEPRIV_FINDING_DOWNGRADE ||
	       (verdict->finding == DANEPRIV_FINDING_BOGUS &&
		   !dp_reason_is_missing(verdict->reason));
}
