/* SPDX-License-Identifier: BSD-2-Clause
 * How much may this verdict cost still?
 *
 * All that a stranger can make us do is charged to one account, in thousandths of one P-256
 * verification: about 60 ns of the fastest there is. */
#include "dnssec/budget.h"

#include "base/bounds.h"

void
dp_budget_limit(dp_budget *budget, danepriv_reason reason)
{
	if (budget->limit == DANEPRIV_REASON_NONE)
		budget->limit = reason;
}

bool
dp_budget_stopped(const dp_budget *budget)
{
	return budget->limit != DANEPRIV_REASON_NONE || budget->status != DANEPRIV_OK;
}

bool
dp_budget_charge(dp_budget *budget, uint64_t thousandths)
{
	bool is_enough = thousandths <= budget->allowed - budget->work;

	/* What was done already is spent all the same. */
	budget->work = is_enough ? budget->work + thousandths : budget->allowed;
	if (!is_enough)
		dp_budget_limit(budget, DANEPRIV_REASON_LIMIT_WORK);
	return !dp_budget_stopped(budget);
}

bool
dp_budget_look(dp_budget *budget, size_t octets)
{
	return dp_budget_charge(budget, 1 + octets / DP_NAME_OCTETS_PER_WORK);
}
