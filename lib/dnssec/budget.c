/* SPDX-License-Identifier: BSD-2-Clause
 * How much may this verdict cost still?
 *
 * All that a stranger can make us do is charged to one account, in thousandths of one P-256
 * verification: about 60 ns of the fastest there is. */
#include "dnssec/validator.h"

void
dp_budget_limit(dp_validator *v, danepriv_reason reason)
{
	if (v->limit == DANEPRIV_REASON_NONE)
		v->limit = reason;
}

bool
dp_budget_stopped(const dp_validator *v)
{
	return v->limit != DANEPRIV_REASON_NONE || v->status != DANEPRIV_OK;
}

bool
dp_budget_charge(dp_validator *v, uint64_t thousandths)
{
	bool is_enough = thousandths <= v->allowed - v->work;

	/* What was done already is spent all the same. */
	v->work = is_enough ? v->work + thousandths : v->allowed;
	if (!is_enough)
		dp_budget_limit(v, DANEPRIV_REASON_LIMIT_WORK);
	return !dp_budget_stopped(v);
}

bool
dp_budget_look(dp_validator *v, size_t octets)
{
	return dp_budget_charge(v, 1 + octets / DP_NAME_OCTETS_PER_WORK);
}

size_t
dp_look_find(dp_validator *v, dp_name name, uint16_t type, size_t from)
{
	v->evidence.steps = 0;
	size_t found = dp_evidence_find(&v->evidence, name, type, from);
	uint64_t steps = v->evidence.steps + (found - from);

	if (!dp_budget_look(v, name.len) || !dp_budget_charge(v, steps / DP_ITEMS_PER_WORK))
		return v->evidence.count;
	return found;
}

/* The list is gone through for the name. */
static bool
charge_question(dp_validator *v, dp_name name)
{
	return dp_budget_look(v, name.len) &&
	       dp_budget_charge(v, v->questions.count / DP_ITEMS_PER_WORK);
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
