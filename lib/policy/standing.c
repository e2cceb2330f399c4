/* SPDX-License-Identifier: BSD-2-Clause
 * Does what was found of a peer still stand?
 *
 * Sessions and hooks keep it in ways of their own, and both ask here. */
#include "policy/standing.h"

#include "base/time.h"
#include "dnssec/proven.h"

bool
dp_standing_is_downgrade(danepriv_time pinned, danepriv_security security, danepriv_time now)
{
	return dp_time_counts(now) && now <= pinned && !dp_proven_counts(security);
}

bool
dp_standing_lasts(danepriv_finding finding, uint64_t generation, uint64_t expected)
{
	return finding != DANEPRIV_FINDING_UNJUDGED && finding != DANEPRIV_FINDING_DOWNGRADE &&
	       generation == expected;
}
