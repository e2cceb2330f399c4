/* SPDX-License-Identifier: BSD-2-Clause
 * May an SA with this peer carry DNS?  (draft-osterweil-dane-ipsec section 1.3, RFC 7619, RFC 8310)
 *
 * A table of its own: TLS may go on with anybody where IPsec must not start.  What it leaves out
 * refuses: zero is DANEPRIV_DECISION_REFUSE. */
#include "policy/rows.h"

#include <danepriv/ike.h>

typedef enum name_column { UNPROVEN, PROVEN, NAMES } name_column;

static name_column
column_of_name(danepriv_provenance provenance)
{
	switch (provenance) {
	case DANEPRIV_PROVENANCE_UNPROVEN:
		return UNPROVEN;
	case DANEPRIV_PROVENANCE_SECURE:
	case DANEPRIV_PROVENANCE_CHANNEL:
	case DANEPRIV_PROVENANCE_CONFIGURED:
		return PROVEN;
	}
	return NAMES;
}

/* clang-format off */
static const danepriv_decision decisions[DP_ROW_PROFILES][DP_ROW_FINDINGS][NAMES] = {
	[DP_ROW_STRICT] = {
		/* draft section 1.3; RFC 8310 section 7: the name has to be the right one. */
		[DP_ROW_MATCH] = { [PROVEN] = DANEPRIV_DECISION_PROCEED },
	},
	[DP_ROW_OPPORTUNISTIC] = {
		[DP_ROW_MATCH] = {
			/* Somebody's key, and a name that anybody could have given. */
			[UNPROVEN] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
			[PROVEN] = DANEPRIV_DECISION_PROCEED
		},
		/* RFC 7619 section 2.5: where authenticated IKE is not possible.  The owner publishes
		 * nothing, and proves it. */
		[DANEPRIV_FINDING_ABSENT] = {
			[UNPROVEN] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
			[PROVEN] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
		},
		/* draft section 1.3: insecure records are unusable, as if there were none. */
		[DANEPRIV_FINDING_UNSIGNED] = {
			[UNPROVEN] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
			[PROVEN] = DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED
		},
		/* Refused under both: BOGUS and INDETERMINATE (draft section 1.3: IPsec must not be
		 * started); MISMATCH (it could be authenticated, and is not); UNUSABLE (the owner
		 * publishes something); UNJUDGED (wait); DOWNGRADE. */
	},
};
/* clang-format on */

danepriv_decision
danepriv_ike_decide(
    danepriv_profile profile, danepriv_provenance provenance, danepriv_finding finding)
{
	dp_profile_row row = dp_row_of_profile(profile);
	name_column name = column_of_name(provenance);
	size_t what = dp_row_of_finding(finding);

	if (row == DP_ROW_PROFILES || name == NAMES || what == DP_ROW_FINDINGS)
		return DANEPRIV_DECISION_REFUSE;
	return decisions[row][what][name];
}
