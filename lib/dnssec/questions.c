/* SPDX-License-Identifier: BSD-2-Clause
 * What was asked, what came back, and what has to be asked still? */
#include "dnssec/questions.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "dnssec/evidence.h"

#include <string.h>

void
dp_questions_free(dp_questions *questions)
{
	dp_free(questions->list);
	memset(questions, 0, sizeof *questions);
}

/* Puts a question on the list; false when it cannot be asked. */
static bool
add_question(dp_questions *questions, dp_name name, uint16_t type)
{
	if (questions->count == DP_QUESTIONS_MAX) {
		questions->exhausted = true;
		return false;
	}
	dp_question *list = dp_realloc(questions->list, questions->count + 1, sizeof *list);
	if (!list) {
		questions->status = DANEPRIV_ENOMEM;
		return false;
	}
	questions->list = list;
	dp_question *question = &list[questions->count++];
	memset(question, 0, sizeof *question);
	dp_name_keep(&question->name, name);
	question->hash = dp_evidence_hash(name);
	question->type = type;
	return true;
}

const dp_question *
dp_questions_find(const dp_questions *questions, dp_name name, uint16_t type)
{
	uint32_t hash = dp_evidence_hash(name);

	for (size_t i = 0; i < questions->count; i++) {
		const dp_question *question = &questions->list[i];
		if (question->type == type && question->hash == hash &&
		    dp_name_equal(dp_name_of(&question->name), name))
			return question;
	}
	return NULL;
}

bool
dp_question_is_out(const dp_question *question)
{
	return question->state == DP_QUESTION_NEW || question->state == DP_QUESTION_OUT;
}

bool
dp_questions_are_out(const dp_questions *questions)
{
	for (size_t i = 0; i < questions->count; i++)
		if (dp_question_is_out(&questions->list[i]))
			return true;
	return false;
}

void
dp_questions_settle(dp_questions *questions, size_t index, danepriv_reason reason)
{
	dp_question *question = &questions->list[index];

	question->state =
	    reason == DANEPRIV_REASON_NONE ? DP_QUESTION_ANSWERED : DP_QUESTION_FAILED;
	question->reason = reason;
	questions->settled++;
}

void
dp_questions_stream(dp_questions *questions, size_t index)
{
	questions->list[index].state = DP_QUESTION_NEW;
	questions->list[index].is_stream = true;
}

dp_question_state
dp_questions_ask(dp_questions *questions, dp_name name, uint16_t type, danepriv_reason *reason)
{
	if (reason)
		*reason = DANEPRIV_REASON_NONE;
	if (questions->closed)
		return DP_QUESTION_ANSWERED;
	const dp_question *question = dp_questions_find(questions, name, type);
	if (question) {
		if (reason)
			*reason = question->reason;
		return question->state;
	}
	if (add_question(questions, name, type))
		return DP_QUESTION_NEW;
	if (reason)
		*reason = DANEPRIV_REASON_LIMIT_QUESTIONS;
	return DP_QUESTION_FAILED;
}
