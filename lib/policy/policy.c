/* SPDX-License-Identifier: BSD-2-Clause
 * What may you do, given what was learnt?  (RFC 8310, draft-bortzmeyer-dprive-resolver-to-auth
 * section 2, RFC 7671)
 *
 * What the table leaves out refuses: zero is DANEPRIV_DECISION_REFUSE. */
#include "policy/rows.h"

#include <danepriv/policy.h>

#define DECISIONS (DANEPRIV_DECISION_PROCEED_CLEARTEXT + 1)

/* Rows and columns of the tables: the values of these enums lie apart from all others, so that
 * arguments that were exchanged refuse. */
typedef enum channel_column { NONE, CLEAR, ENCRYPTED, CHANNELS } channel_column;
typedef enum name_column { UNPROVEN, SECURE, CHANNEL, CONFIGURED, PROVENANCES } name_column;

static channel_column
column_of_channel(danepriv_channel channel)
{
	switch (channel) {
	case DANEPRIV_CHANNEL_NONE:
		return NONE;
	case DANEPRIV_CHANNEL_CLEAR:
		return CLEAR;
	case DANEPRIV_CHANNEL_ENCRYPTED:
		return ENCRYPTED;
	}
	return CHANNELS;
}

static name_column
column_of_name(danepriv_provenance provenance)
{
	switch (provenance) {
	case DANEPRIV_PROVENANCE_UNPROVEN:
		return UNPROVEN;
	case DANEPRIV_PROVENANCE_SECURE:
		return SECURE;
	case DANEPRIV_PROVENANCE_CHANNEL:
		return CHANNEL;
	case DANEPRIV_PROVENANCE_CONFIGURED:
		return CONFIGURED;
	}
	return PROVENANCES;
}

/* What follows from the finding and the channel, if the name is proven. */
static const danepriv_decision found[DP_ROW_PROFILES][DP_ROW_FINDINGS][CHANNELS] = {
	/* RFC 8310 section 5: encrypted and authenticated, or a hard failure. */
	[DP_ROW_STRICT] = {
		[DANEPRIV_FINDING_UNJUDGED] = {
			/* Section 5: no queries before one server is authenticated. */
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE,
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DP_ROW_MATCH] = {
			[NONE] = DANEPRIV_DECISION_REFUSE, /* nothing to send over */
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* section 5: never cleartext */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED, /* section 8.2, RFC 7671 2 */
		},
		[DANEPRIV_FINDING_MISMATCH] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 6698 section 4.1: abort */
		},
		[DANEPRIV_FINDING_BOGUS] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 6698 section 4.1: abort */
		},
		[DANEPRIV_FINDING_UNUSABLE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 7671 section 10.3 */
		},
		[DANEPRIV_FINDING_ABSENT] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			/* Strict needs authentication information (section 5), and DANE is the
			 * only source here (section 11: "DANE only, no PKIX fallback"). */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DANEPRIV_FINDING_UNSIGNED] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* 8.2.1: DNSSEC is a must */
		},
		[DANEPRIV_FINDING_INDETERMINATE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE, /* RFC 7672 section 2.1.2 */
		},
		/* RFC 9102 section 7: while a server is pinned, abort, or get the records in
		 * another way before the connection is used. */
		[DANEPRIV_FINDING_DOWNGRADE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
	},
	/* RFC 8310 section 5: authenticated, else encrypted, else cleartext.  draft-bortzmeyer
	 * section 2: a server that fails MUST still be used, others MAY be tried first.  RFC 7671
	 * sections 4.1 and 10.3 would abort on a mismatch and never fall to cleartext; for the
	 * privacy of questions, which would else go in clear, we follow the former two. */
	[DP_ROW_OPPORTUNISTIC] = {
		[DANEPRIV_FINDING_UNJUDGED] = {
			/* Not a failure of the server's but of order: wait, or look again. */
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE,
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
		[DP_ROW_MATCH] = {
			[NONE] = DANEPRIV_DECISION_REFUSE, /* nothing to send over */
			/* No credential is ever shown in clear, so this cannot come about
			 * honestly.  To refuse would serve the proven server worse than an
			 * impostor in the next cell; to say PROCEED would be a lie. */
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT,
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED, /* RFC 8310 section 5, 8.2 */
		},
		[DANEPRIV_FINDING_MISMATCH] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2; a possible attack (RFC 8310 section 5) */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_BOGUS] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2, where RFC 6698 section 4.1 would abort */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_UNUSABLE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* RFC 7671 section 10.3: TLS without authentication */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_ABSENT] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, /* the same */
		},
		[DANEPRIV_FINDING_UNSIGNED] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* RFC 6698 section 4.1: as if there were no TLSA record */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		[DANEPRIV_FINDING_INDETERMINATE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_PROCEED_CLEARTEXT, /* RFC 8310 section 5 */
			/* draft-bortzmeyer section 2, where RFC 7672 section 2.1.2 would defer */
			[ENCRYPTED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		},
		/* RFC 9102 section 7: while a server is pinned, abort, or get the records in
		 * another way before the connection is used; and who made it look so must not win
		 * cleartext by it. */
		[DANEPRIV_FINDING_DOWNGRADE] = {
			[NONE] = DANEPRIV_DECISION_REFUSE,
			[CLEAR] = DANEPRIV_DECISION_REFUSE,
			[ENCRYPTED] = DANEPRIV_DECISION_REFUSE,
		},
	},
};

/* What is left of that, given where the name comes from.  REFUSE is left out everywhere. */
static const danepriv_decision named[DP_ROW_PROFILES][PROVENANCES][DECISIONS] = {
	/* RFC 8310 section 5: authenticated and encrypted; sections 7.3 and 8.2: by a name whose
	 * source is secure and can be trusted. */
	[DP_ROW_STRICT] = {
		/* The NS records of a referral are not signed (RFC 4035 section 2.2): the name that
		 * was authenticated may be the attacker's. */
		[UNPROVEN] = { DANEPRIV_DECISION_REFUSE },
		/* Signed by the zone itself (RFC 4035 section 2.2). */
		[SECURE] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
		/* RFC 8310 section 7.3: nobody between us and the parent's server. */
		[CHANNEL] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
		/* RFC 8310 sections 7.1 and 7.2 */
		[CONFIGURED] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED },
	},
	/* RFC 8310 section 5, draft-bortzmeyer section 2: a server that cannot be authenticated is
	 * still used, and one whose name was not proven is no worse than that, and no better. */
	[DP_ROW_OPPORTUNISTIC] = {
		[UNPROVEN] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[SECURE] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[CHANNEL] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
		[CONFIGURED] = { [DANEPRIV_DECISION_PROCEED] = DANEPRIV_DECISION_PROCEED,
		    [DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
		    [DANEPRIV_DECISION_PROCEED_CLEARTEXT] = DANEPRIV_DECISION_PROCEED_CLEARTEXT },
	},
};

danepriv_decision
danepriv_decide(danepriv_profile profile, danepriv_provenance provenance, danepriv_finding finding,
    danepriv_channel channel)
{
	dp_profile_row row = dp_row_of_profile(profile);
	name_column name = column_of_name(provenance);
	channel_column over = column_of_channel(channel);
	size_t what = dp_row_of_finding(finding);

	if (row == DP_ROW_PROFILES || name == PROVENANCES || what == DP_ROW_FINDINGS ||
	    over == CHANNELS)
		return DANEPRIV_DECISION_REFUSE;
	return named[row][name][found[row][what][over]];
}
