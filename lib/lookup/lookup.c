/* SPDX-License-Identifier: BSD-2-Clause
 * Which questions prove what the owner published, and what do the answers say?  (RFC 4035 section
 * 5, RFC 6698 section 4.1) */
#include "lookup/lookup.h"
#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "dane/records.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/context.h"
#include "dnssec/lacking.h"
#include "dnssec/look.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"
#include "dnssec/round.h"
#include "dnssec/zone.h"
#include "lookup/base_domain.h"
#include "lookup/build_chain.h"

/* What attempts before have cost is spent; those that can still come are left their shares. */
static void
allow_work(danepriv_lookup *lookup, uint64_t spent)
{
	dp_validator *v = &lookup->validator;
	uint64_t all = (uint64_t)v->ctx->max_work * DP_WORK_UNIT;

	v->budget.allowed =
	    all - (DP_ATTEMPTS_MAX - 1 - lookup->attempt) * (all / DP_ATTEMPT_SHARE);
	v->budget.work = spent;
}

danepriv_status
dp_lookup_begin(danepriv_lookup **out, const danepriv *ctx)
{
	danepriv_lookup *lookup = dp_alloc(1, sizeof *lookup);

	*out = lookup;
	if (!lookup)
		return DANEPRIV_ENOMEM;
	lookup->ctx = dp_context_ref(ctx);
	lookup->upstreams = 1;
	dp_validator_init(&lookup->validator, ctx);
	allow_work(lookup, 0);
	return DANEPRIV_OK;
}

danepriv_status
dp_lookup_ask(danepriv_lookup *lookup)
{
	dp_validator *v = &lookup->validator;

	if (!dp_lookup_is_of_zone(lookup))
		return dp_base_ask(v, &lookup->server, lookup->type);
	(void)dp_look_ask(v, dp_name_of(&lookup->zone), DP_TYPE_NS, NULL);
	dp_zone_ask_path(v, dp_name_of(&lookup->zone));
	return v->questions.status;
}

bool
dp_lookup_is_of_zone(const danepriv_lookup *lookup)
{
	return lookup->zone.len > 0;
}

bool
dp_lookup_begin_again(danepriv_lookup *lookup)
{
	uint64_t spent = lookup->validator.budget.work;

	dp_validator_free(&lookup->validator);
	dp_validator_init(&lookup->validator, lookup->ctx);
	lookup->attempt++;
	allow_work(lookup, spent);
	lookup->waited = lookup->rounds = 0;
	lookup->stream = DANEPRIV_STREAM_NONE;
	lookup->upstream_error = 0;
	lookup->was_refused = false;
	return dp_lookup_ask(lookup) == DANEPRIV_OK;
}

static danepriv_status
lookup_new(const danepriv *ctx, const danepriv_server *server, bool is_own, danepriv_lookup **out)
{
	danepriv_lookup *lookup;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!ctx)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_lookup_begin(&lookup, ctx);
	if (status != DANEPRIV_OK)
		return status;
	status = dp_server_read(server, &lookup->server);
	lookup->server.is_own = is_own;
	lookup->type = danepriv_server_type(server);
	if (status == DANEPRIV_OK)
		status = dp_lookup_ask(lookup);
	if (status != DANEPRIV_OK)
		goto out;
	*out = lookup;
	return DANEPRIV_OK;
out:
	danepriv_lookup_free(lookup);
	return status;
}

danepriv_status
danepriv_lookup_new(const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out)
{
	return lookup_new(ctx, server, false, out);
}

danepriv_status
danepriv_lookup_new_chain(const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out)
{
	return lookup_new(ctx, server, true, out);
}

void
danepriv_lookup_free(danepriv_lookup *lookup)
{
	if (!lookup)
		return;
	dp_validator_free(&lookup->validator);
	dp_outcome_free(&lookup->best);
	danepriv_close(lookup->ctx);
	dp_free(lookup);
}

/* Other attempts have other ids: an answer to one of them is none to this one. */
static size_t
first_id(const danepriv_lookup *lookup)
{
	return (size_t)lookup->attempt * DP_QUESTIONS_MAX;
}

danepriv_status
danepriv_lookup_next(danepriv_lookup *lookup, danepriv_question *out)
{
	if (!lookup || !out)
		return DANEPRIV_EINVAL;
	dp_questions *questions = &lookup->validator.questions;
	for (size_t i = 0; i < questions->count && !lookup->is_over; i++) {
		dp_question *question = &questions->list[i];
		if (question->state != DP_QUESTION_NEW)
			continue;
		question->state = DP_QUESTION_OUT;
		lookup->is_begun = true;
		out->id = first_id(lookup) + i;
		out->type = question->type;
		out->stream = question->is_stream;
		out->upstream = dp_lookup_upstream(lookup);
		(void)dp_name_to_text(dp_name_of(&question->name), out->name, sizeof out->name);
		return DANEPRIV_OK;
	}
	return DANEPRIV_ENOTFOUND;
}

/* ---- what came ---- */

/* The question that `id` stands for, if it is outstanding. */
static dp_question *
outstanding(danepriv_lookup *lookup, size_t id)
{
	if (!lookup || id < first_id(lookup) ||
	    id - first_id(lookup) >= lookup->validator.questions.count)
		return NULL;
	dp_question *question = &lookup->validator.questions.list[id - first_id(lookup)];
	return question->state == DP_QUESTION_OUT ? question : NULL;
}

static bool
is_reply(const dp_message *message, const dp_question *question)
{
	return message->is_response && message->qtype == question->type &&
	       message->qclass == DP_CLASS_IN &&
	       dp_name_equal(dp_name_of(&message->qname), dp_name_of(&question->name));
}

/* What a refusal says of its reason counts before what is said beside an answer. */
static void
note_error(danepriv_lookup *lookup, const dp_message *message, bool is_refused)
{
	if (message->ede < 0 || lookup->was_refused || (lookup->upstream_error > 0 && !is_refused))
		return;
	lookup->upstream_error = message->ede + 1;
	lookup->was_refused = is_refused;
}

/* Can this message carry evidence for this question?  NONE, or why not. */
static danepriv_reason
judge_message(danepriv_lookup *lookup, const dp_message *message, const dp_question *question)
{
	if (message->is_truncated || !is_reply(message, question))
		return DANEPRIV_REASON_QUERY_FAILED;
	bool is_refused = message->rcode != DP_RCODE_NOERROR && message->rcode != DP_RCODE_NXDOMAIN;
	note_error(lookup, message, is_refused);
	return is_refused ? DANEPRIV_REASON_QUERY_REFUSED : DANEPRIV_REASON_NONE;
}

/* What an answer brought counts from now on, in place of what an answer before it did. */
static danepriv_status
take_records(dp_validator *v, dp_question *question, danepriv_span records)
{
	unsigned before = v->evidence.sources;
	danepriv_status status = dp_validator_add(v, records);

	if (status == DANEPRIV_OK)
		question->source = v->evidence.sources > before ? v->evidence.sources : 0;
	return status;
}

/* Takes the records of an answer as evidence.  *reason: NONE, or why there is none in it.  *is_cut:
 * it ends before its end.  ENOMEM: nothing was taken. */
static danepriv_status
take_answer(danepriv_lookup *lookup, dp_question *question, danepriv_span wire,
    danepriv_reason *reason, bool *is_cut)
{
	dp_validator *v = &lookup->validator;
	dp_buffer records = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX);
	dp_message message;

	danepriv_status status = dp_message_unpack(wire, &message, &records);
	(void)dp_budget_charge(&v->budget, DP_QUESTION_WORK + wire.len / DP_OCTETS_PER_WORK +
					       message.name_octets / DP_NAME_OCTETS_PER_WORK);
	*reason = DANEPRIV_REASON_QUERY_FAILED;
	*is_cut =
	    is_reply(&message, question) && (message.is_truncated || status == DANEPRIV_EMALFORMED);
	if (status == DANEPRIV_OK)
		*reason = judge_message(lookup, &message, question);
	if (status == DANEPRIV_OK && *reason == DANEPRIV_REASON_NONE)
		status = take_records(v, question, dp_buffer_span(&records));
	dp_buffer_free(&records);
	if (status == DANEPRIV_ELIMIT)
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_RECORDS);
	if (status != DANEPRIV_OK)
		*reason = DANEPRIV_REASON_QUERY_FAILED;
	return status == DANEPRIV_ENOMEM ? status : DANEPRIV_OK;
}

/* The answer is there: reason NONE; or there is none.  Over a stream, what came before it counts
 * then, if there was something. */
static void
settle(danepriv_lookup *lookup, dp_question *question, danepriv_reason reason)
{
	dp_validator *v = &lookup->validator;

	if (question->is_stream && reason == DANEPRIV_REASON_NONE &&
	    lookup->stream == DANEPRIV_STREAM_NONE)
		lookup->stream = DANEPRIV_STREAM_ANSWERED;
	if (question->is_stream && reason != DANEPRIV_REASON_NONE) {
		if (reason != DANEPRIV_REASON_CANCELLED)
			lookup->stream = DANEPRIV_STREAM_FAILED;
		if (question->is_withdrawn) {
			dp_lacking_restore(v, question);
			reason = DANEPRIV_REASON_NONE;
		}
	}
	question->is_withdrawn = false;
	dp_questions_settle(&v->questions, (size_t)(question - v->questions.list), reason);
}

static void
fail(danepriv_lookup *lookup, dp_question *question, danepriv_reason reason)
{
	/* That is what there is to say of the resolver: over UDP it did answer. */
	if (question->is_stream && reason != DANEPRIV_REASON_CANCELLED)
		reason = DANEPRIV_REASON_QUERY_STREAM;
	settle(lookup, question, reason);
}

danepriv_status
danepriv_lookup_give_answer(danepriv_lookup *lookup, size_t id, danepriv_span wire)
{
	dp_question *question = outstanding(lookup, id);
	danepriv_reason reason = DANEPRIV_REASON_QUERY_FAILED;
	danepriv_status status = DANEPRIV_OK;
	bool is_cut = false;

	if (!question || !wire.data)
		return DANEPRIV_EINVAL;
	/* A verdict that stands costs nothing any more. */
	if (!dp_budget_stopped(&lookup->validator.budget))
		status = take_answer(lookup, question, wire, &reason, &is_cut);
	if (status != DANEPRIV_OK)
		return status;
	if (is_cut && !question->is_stream && !dp_budget_stopped(&lookup->validator.budget))
		dp_questions_stream(&lookup->validator.questions, id - first_id(lookup));
	else
		settle(lookup, question, reason);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_lookup_give_failure(danepriv_lookup *lookup, size_t id, danepriv_reason reason)
{
	dp_question *question = outstanding(lookup, id);

	if (!question ||
	    (reason != DANEPRIV_REASON_QUERY_TIMEOUT && reason != DANEPRIV_REASON_QUERY_FAILED &&
		reason != DANEPRIV_REASON_CANCELLED))
		return DANEPRIV_EINVAL;
	fail(lookup, question, reason);
	return DANEPRIV_OK;
}

bool
dp_lookup_give_up(danepriv_lookup *lookup)
{
	const dp_questions *questions = &lookup->validator.questions;
	bool was_any = false;

	for (size_t i = 0; i < questions->count; i++) {
		dp_question *question = &questions->list[i];
		if (question->state != DP_QUESTION_NEW && question->state != DP_QUESTION_OUT)
			continue;
		question->state = DP_QUESTION_OUT;
		fail(lookup, question, DANEPRIV_REASON_QUERY_TIMEOUT);
		was_any = true;
	}
	return was_any;
}

/* ---- what it comes to ---- */

/* Could another answer turn this verdict?  What failed by one may be proven by another. */
static bool
is_open(const danepriv_lookup *lookup, dp_proven proven)
{
	return dp_proven_is_failure(proven.security) &&
	       !dp_budget_stopped(&lookup->validator.budget) &&
	       proven.reason != DANEPRIV_REASON_CLOCK &&
	       proven.reason != DANEPRIV_REASON_NO_ANCHOR && proven.reason != DANEPRIV_REASON_ALIAS;
}

bool
dp_lookup_judges_again(danepriv_lookup *lookup, dp_proven proven)
{
	dp_validator *v = &lookup->validator;

	return is_open(lookup, proven) && !dp_questions_are_out(&v->questions) &&
	       dp_round_forget_failures(v);
}

static bool
asks_again(danepriv_lookup *lookup, dp_proven proven)
{
	dp_validator *v = &lookup->validator;
	dp_questions *questions = &v->questions;
	bool again = false;

	if (lookup->is_expired || proven.security != DANEPRIV_SECURITY_BOGUS ||
	    !dp_lacking_is_reason(proven.reason) || lookup->rounds == DP_STREAM_ROUNDS_MAX ||
	    !dp_budget_charge(
		&v->budget, (questions->count + v->evidence.count) / DP_ITEMS_PER_WORK))
		return false;
	for (size_t i = 0; i < questions->count; i++) {
		dp_question *question = &questions->list[i];
		if (question->state != DP_QUESTION_ANSWERED || question->is_stream ||
		    !dp_lacking_answer(v, question, proven.reason))
			continue;
		dp_lacking_withdraw(v, question);
		question->is_withdrawn = true;
		dp_questions_stream(questions, i);
		again = true;
	}
	lookup->rounds += again;
	return again;
}

bool
dp_lookup_has_to_wait(danepriv_lookup *lookup, dp_proven proven)
{
	/* What is missing is asked for at once, while there is time. */
	return proven.security == DANEPRIV_SECURITY_UNKNOWN || asks_again(lookup, proven) ||
	       (is_open(lookup, proven) && dp_questions_are_out(&lookup->validator.questions));
}

/* As dp_lookup_find, of a server. */
static danepriv_status
find_records(danepriv_lookup *lookup, danepriv_time now, danepriv_records **out)
{
	dp_validator *v = &lookup->validator;
	dp_based based;

	danepriv_status status = dp_base_find(v, &lookup->server, lookup->type, now, &based);
	if (status == DANEPRIV_OK && dp_lookup_judges_again(lookup, based.found.proven))
		status = dp_base_find(v, &lookup->server, lookup->type, now, &based);
	if (status != DANEPRIV_OK)
		return status;
	if (dp_lookup_has_to_wait(lookup, based.found.proven))
		return DANEPRIV_EAGAIN;
	status = dp_records_of(&lookup->server, dp_name_of(&based.base), v, &based.found, out);
	if (status != DANEPRIV_OK)
		return status;
	dp_records_mark(*out, DANEPRIV_SOURCE_LOOKUP, 0);
	if (based.has_alias)
		dp_records_mark_alias(*out);
	dp_records_note(*out, lookup->stream, lookup->upstream_error);
	return DANEPRIV_OK;
}

danepriv_status
dp_lookup_find(danepriv_lookup *lookup, danepriv_time now, dp_outcome *out)
{
	danepriv_status status = DANEPRIV_EAGAIN;

	*out = (dp_outcome){ NULL, NULL };
	/* Nothing has come since: it would wait again. */
	if (lookup->waited == dp_round_now(&lookup->validator))
		return status;
	status = dp_lookup_is_of_zone(lookup) ? dp_name_servers_find(lookup, now, &out->zone)
					      : find_records(lookup, now, &out->records);
	if (status == DANEPRIV_EAGAIN)
		lookup->waited = dp_round_now(&lookup->validator);
	return status;
}

danepriv_status
danepriv_lookup_finish(danepriv_lookup *lookup, danepriv_time now, danepriv_records **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!lookup || dp_lookup_is_of_zone(lookup))
		return DANEPRIV_EINVAL;
	danepriv_status status = danepriv_lookup_judge(lookup, now);
	if (status == DANEPRIV_OK)
		*out = danepriv_records_ref(lookup->best.records);
	return status;
}

/* A chain is for the server as it calls itself, and no alias of it (RFC 9102 section 3).  What was
 * proven was proven by the last attempt. */
danepriv_status
danepriv_lookup_chain(danepriv_lookup *lookup, danepriv_time now, danepriv_chain **out)
{
	dp_name_store owner;
	dp_found found;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!lookup || dp_lookup_is_of_zone(lookup))
		return DANEPRIV_EINVAL;
	if (!lookup->is_over)
		return DANEPRIV_EAGAIN;
	if (!dp_outcome_is_proven(&lookup->best))
		return DANEPRIV_ENOTFOUND;
	/* danepriv_lookup_new has seen that it fits. */
	(void)!dp_server_owner(&lookup->server, &owner);
	dp_validator *v = &lookup->validator;
	danepriv_status status = dp_validate(v, dp_name_of(&owner), lookup->type, now, &found);
	if (status != DANEPRIV_OK)
		return status;
	if (found.proven.security == DANEPRIV_SECURITY_UNKNOWN)
		return DANEPRIV_ENOTFOUND;
	found.proven = dp_records_proven(v, &found);
	return dp_build_chain(v, dp_name_of(&owner), lookup->type, &found, out);
}
