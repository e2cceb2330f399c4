/* SPDX-License-Identifier: BSD-2-Clause
 * What was shown to us, and what was asked?  Each look is charged. */
#include "dnssec/look.h"

#include "base/bounds.h"
#include "dns/name.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/questions.h"

#include <danepriv/records.h>

size_t
dp_look_find(dp_validator *v, dp_name name, uint16_t type, size_t from)
{
	v->evidence.steps = 0;
	size_t found = dp_evidence_find(&v->evidence, name, type, from);
	uint64_t steps = v->evidence.steps + (found - from);

	if (!dp_budget_look(&v->budget, name.len) ||
	    !dp_budget_charge(&v->budget, steps / DP_ITEMS_PER_WORK))
		return v->evidence.count;
	return found;
}

/* The list is gone through for the name. */
static bool
charge_question(dp_validator *v, dp_name name)
{
	return dp_budget_look(&v->budget, name.len) &&
	       dp_budget_charge(&v->budget, v->questions.count / DP_ITEMS_PER_WORK);
}

dp_question_state
dp_look_ask(dp_validator *v, dp_name name, uint16_t type, danepriv_reason *reason)
{
	if (reason)
		*reason = DANEPRIV_REASON_NONE;
	if (v->questions.closed || !charge_question(v, name))
		return DP_QUESTION_ANSWERED;
	return dp_questions_ask(&v->questions, name, type, reason);
}

/* As dp_questions_find, charged. */
static const dp_question *
find_question(dp_validator *v, dp_name name, uint16_t type)
{
	return v->questions.count > 0 && charge_question(v, name)
		   ? dp_questions_find(&v->questions, name, type)
		   : NULL;
}

bool
dp_look_is_asked(dp_validator *v, dp_name name, uint16_t type)
{
	const dp_question *question = find_question(v, name, type);

	return question && dp_question_is_out(question);
}

unsigned
dp_look_source(dp_validator *v, dp_name name, uint16_t type)
{
	const dp_question *question = find_question(v, name, type);

	return question ? question->source : 0;
}
