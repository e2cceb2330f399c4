/* SPDX-License-Identifier: BSD-2-Clause
 * What does the SPD do with DNS as long as there is no SA?  (RFC 4301 section 4.4.1, RFC 4322
 * sections 3.2 and 3.4, draft-osterweil-dane-ipsec sections 1.3 and 5.1)
 *
 * What the table leaves out discards: zero is DANEPRIV_SPD_DISCARD.  While IKE negotiates, no row
 * has anything else: RFC 4322 section 3.2.4 holds the packets then, and so do both of the slides'
 * configurations (negotiationshunt=hold). */
#include "base/sized.h"
#include "base/sizes.h"
#include "policy/rows.h"

#include <danepriv/ike.h>

/* RFC 4322 section 3.2.5: a peer that is silent may be about to come back, so that what follows
 * has a low lifespan; other failures have the normal one.  Section 3.4.1 has both, and when a
 * tunnel is in use. */
enum { LOW_S = 60, NORMAL_S = 20 * 60, USED_S = 30 };

typedef struct cell {
	danepriv_spd_action failed;
	uint32_t failed_s;
} cell;

/* clang-format off */
static const cell cells[DP_ROW_PROFILES][DP_ROW_FINDINGS] = {
	/* RFC 4322 section 3.2: paranoid, which falls to deny.  The slides' second configuration:
	 * failureshunt=hold.  RFC 8310 section 5: never in clear. */
	[DP_ROW_STRICT] = {
		[DANEPRIV_FINDING_UNJUDGED] = { DANEPRIV_SPD_DISCARD, LOW_S },
		[DP_ROW_MATCH] = { DANEPRIV_SPD_DISCARD, LOW_S },
		/* 3.2.5: a wrong signature lasts as long as DNS says so. */
		[DANEPRIV_FINDING_MISMATCH] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_BOGUS] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_UNUSABLE] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_ABSENT] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_UNSIGNED] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_INDETERMINATE] = { DANEPRIV_SPD_DISCARD, LOW_S },
		[DANEPRIV_FINDING_DOWNGRADE] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
	},
	[DP_ROW_OPPORTUNISTIC] = {
		/* Nothing is known yet: a lookup that somebody keeps from ending opens nothing. */
		[DANEPRIV_FINDING_UNJUDGED] = { DANEPRIV_SPD_DISCARD, LOW_S },
		/* RFC 4322 section 3.2: permissive, which falls to clear text; RFC 8310 section 5.
		 * The lifespan is low, so that packets leave in clear no longer than they must. */
		[DP_ROW_MATCH] = { DANEPRIV_SPD_BYPASS, LOW_S },
		/* Who pretends to be the server does not win cleartext by it (draft section 5.1),
		 * where RFC 4322 section 3.2.5 would be permissive. */
		[DANEPRIV_FINDING_MISMATCH] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		/* RFC 4322 section 3.2.4: deny, where DNSSEC reports a failure, and where a record
		 * is not properly formatted.  Draft section 1.3. */
		[DANEPRIV_FINDING_BOGUS] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		[DANEPRIV_FINDING_UNUSABLE] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
		/* RFC 4322 section 3.2.4: permissive.  The slides' first configuration:
		 * failureshunt=passthrough. */
		[DANEPRIV_FINDING_ABSENT] = { DANEPRIV_SPD_BYPASS, LOW_S },
		/* Draft section 1.3: as if there were none. */
		[DANEPRIV_FINDING_UNSIGNED] = { DANEPRIV_SPD_BYPASS, LOW_S },
		/* Draft section 1.3; RFC 4322 section 3.2.4 would be permissive when DNS times out,
		 * which whoever is in between can bring about. */
		[DANEPRIV_FINDING_INDETERMINATE] = { DANEPRIV_SPD_DISCARD, LOW_S },
		[DANEPRIV_FINDING_DOWNGRADE] = { DANEPRIV_SPD_DISCARD, NORMAL_S },
	},
};
/* clang-format on */

static void
set_entry(danepriv_spd_entry *out, cell from, uint32_t used_s)
{
	out->negotiating = DANEPRIV_SPD_DISCARD;
	out->failed = from.failed;
	out->failed_s = from.failed_s;
	out->used_s = used_s;
}

static bool
is_provenance(danepriv_provenance provenance)
{
	switch (provenance) {
	case DANEPRIV_PROVENANCE_UNPROVEN:
	case DANEPRIV_PROVENANCE_SECURE:
	case DANEPRIV_PROVENANCE_CHANNEL:
	case DANEPRIV_PROVENANCE_CONFIGURED:
		return true;
	}
	return false;
}

danepriv_status
danepriv_spd_decide(danepriv_profile profile, danepriv_provenance provenance,
    danepriv_finding finding, danepriv_spd_entry *out)
{
	static const cell closed = { DANEPRIV_SPD_DISCARD, 0 };
	dp_profile_row row = dp_row_of_profile(profile);
	size_t what = dp_row_of_finding(finding);

	if (!out || !dp_sized_fits(out->size, DP_SPD_ENTRY_LEAST))
		return DANEPRIV_EINVAL;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	set_entry(out, closed, 0);
	if (row == DP_ROW_PROFILES || what == DP_ROW_FINDINGS || !is_provenance(provenance))
		return DANEPRIV_EINVAL;
	/* An SA that may not carry DNS is not rekeyed.  RFC 4322 section 3.4.1, and the slides:
	 * rekeyed if used, otherwise terminated. */
	bool may_live =
	    danepriv_ike_decide(profile, provenance, finding) != DANEPRIV_DECISION_REFUSE;
	set_entry(out, cells[row][what], may_live ? USED_S : 0);
	return DANEPRIV_OK;
}
