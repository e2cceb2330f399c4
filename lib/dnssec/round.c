/* SPDX-License-Identifier: BSD-2-Clause
 * Until when does what was found out count?
 *
 * Whatever waits for an answer is looked at again when one came; what failed, when all have come. */
#include "dnssec/round.h"

#include "dnssec/budget.h"
#include "dnssec/proven.h"

#include <danepriv/records.h>

unsigned
dp_round_now(const dp_validator *v)
{
	return 1 + v->evidence.sources + v->questions.settled;
}

unsigned
dp_round_remember(dp_validator *v, danepriv_security security, unsigned without, unsigned depth)
{
	/* Found in the middle of a search: what it lacked may be known at the end. */
	if (without < depth)
		return DP_ROUND_NONE;
	if (security == DANEPRIV_SECURITY_UNKNOWN)
		return dp_round_now(v);
	if (v->failed == 0 && dp_proven_is_failure(security))
		v->failed = dp_round_now(v);
	return DP_ROUND_ALL;
}

bool
dp_round_forget_failures(dp_validator *v)
{
	if (v->failed == 0 || v->failed == dp_round_now(v) || dp_budget_stopped(&v->budget))
		return false;
	v->failed = 0;
	for (size_t i = 0; i < v->zone_count; i++)
		if (dp_proven_is_failure(v->zones[i].proven.security))
			v->zones[i].round = DP_ROUND_NONE;
	for (size_t i = 0; i < v->checked_count; i++)
		if (dp_proven_is_failure(v->checked[i].proven.security))
			v->checked[i].round = DP_ROUND_NONE;
	return true;
}
