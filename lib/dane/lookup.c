/* SPDX-License-Identifier: BSD-2-Clause
 * Which questions prove what the owner published, and what do the answers say?  (RFC 4035 section
 * 5, RFC 6698 section 4.1) */
#include "dane/lookup.h"

#include "base/alloc.h"
#include "dane/base.h"
#include "dane/chain.h"
#include "dane/records.h"
#include "dns/message.h"

danepriv_status
dp_lookup_begin(danepriv_lookup **out, const danepriv *ctx)
{
	danepriv_lookup *lookup = dp_alloc(1, sizeof *lookup);

	*out = lookup;
	if (!lookup)
		return DANEPRIV_ENOMEM;
	dp_validator_init(&lookup->validator, ctx);
	return DANEPRIV_OK;
}

bool
dp_lookup_is_of_zone(const danepriv_lookup *lookup)
{
	return lookup->zone.len > 0;
}

danepriv_status
danepriv_lookup_new(danepriv_lookup **out, const danepriv *ctx, const danepriv_server *server)
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
	lookup->type = danepriv_server_type(server);
	if (status == DANEPRIV_OK)
		status = dp_base_ask(&lookup->validator, &lookup->server, lookup->type);
	if (status != DANEPRIV_OK)
		goto out;
	*out = lookup;
	return DANEPRIV_OK;
out:
	danepriv_lookup_free(lookup);
	return status;
}

void
danepriv_lookup_free(danepriv_lookup *lookup)
{
	if (!lookup)
		return;
	dp_validator_free(&lookup->validator);
	dp_free(lookup);
}

danepriv_status
danepriv_lookup_next(danepriv_lookup *lookup, danepriv_question *out)
{
	if (!lookup || !out)
		return DANEPRIV_EINVAL;
	dp_questions *questions = &lookup->validator.questions;
	for (size_t i = 0; i < questions->count; i++) {
		dp_question *question = &questions->list[i];
		if (question->state != DP_QUESTION_NEW)
			continue;
		question->state = DP_QUESTION_OUT;
		out->id = i;
		out->type = question->type;
		(void)dp_name_to_text(dp_name_of(&question->name), out->name, sizeof out->name);
		return DANEPRIV_OK;
	}
	return DANEPRIV_ENOTFOUND;
}

/* The question that `id` stands for, if it is outstanding. */
static dp_question *
outstanding(danepriv_lookup *lookup, size_t id)
{
	if (!lookup || id >= lookup->validator.questions.count)
		return NULL;
	dp_question *question = &lookup->validator.questions.list[id];
	return question->state == DP_QUESTION_OUT ? question : NULL;
}

static void
fail(dp_question *question, danepriv_reason reason)
{
	question->state = DP_QUESTION_FAILED;
	question->reason = reason;
}

/* Can this message carry evidence for this question?  NONE, or why not. */
static danepriv_reason
judge_message(const dp_message *message, const dp_question *question)
{
	if (!message->is_response || message->is_truncated || message->qtype != question->type ||
	    message->qclass != DP_CLASS_IN ||
	    !dp_name_equal(dp_name_of(&message->qname), dp_name_of(&question->name)))
		return DANEPRIV_REASON_QUERY_FAILED;
	if (message->rcode != DP_RCODE_NOERROR && message->rcode != DP_RCODE_NXDOMAIN)
		return DANEPRIV_REASON_QUERY_REFUSED;
	return DANEPRIV_REASON_NONE;
}

danepriv_status
danepriv_lookup_give_answer(danepriv_lookup *lookup, size_t id, danepriv_span wire)
{
	dp_buffer records = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX);
	dp_question *question = outstanding(lookup, id);
	dp_message message;

	if (!question || !wire.data)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_message_unpack(wire, &message, &records);
	danepriv_reason reason = DANEPRIV_REASON_QUERY_FAILED;
	if (status == DANEPRIV_OK)
		reason = judge_message(&message, question);
	if (status == DANEPRIV_OK && reason == DANEPRIV_REASON_NONE)
		status = dp_validator_add(&lookup->validator, dp_buffer_span(&records));
	dp_buffer_free(&records);
	if (status == DANEPRIV_ENOMEM)
		return status;
	if (status == DANEPRIV_ELIMIT)
		dp_limit(&lookup->validator, DANEPRIV_REASON_LIMIT_RECORDS);
	if (status != DANEPRIV_OK || reason != DANEPRIV_REASON_NONE)
		fail(question,
		    reason != DANEPRIV_REASON_NONE ? reason : DANEPRIV_REASON_QUERY_FAILED);
	else
		question->state = DP_QUESTION_ANSWERED;
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
	fail(question, reason);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_lookup_finish(danepriv_lookup *lookup, danepriv_time now, danepriv_records **out)
{
	dp_based based;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!lookup || dp_lookup_is_of_zone(lookup))
		return DANEPRIV_EINVAL;
	danepriv_status status =
	    dp_base_find(&lookup->validator, &lookup->server, lookup->type, now, &based);
	if (status != DANEPRIV_OK)
		return status;
	if (based.found.proven.proof == DANEPRIV_PROOF_UNKNOWN)
		return DANEPRIV_EAGAIN;
	status = dp_records_of(
	    &lookup->server, dp_name_of(&based.base), &lookup->validator, &based.found, out);
	if (status == DANEPRIV_OK)
		dp_records_mark(*out, DANEPRIV_SOURCE_LOOKUP, 0);
	return status;
}

/* A chain is for the server as it calls itself, and no alias of it (RFC 9102 section 3). */
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
	/* danepriv_lookup_new has seen that it fits. */
	(void)!dp_server_owner(&lookup->server, &owner);
	dp_validator *v = &lookup->validator;
	danepriv_status status = dp_validate(v, dp_name_of(&owner), lookup->type, now, &found);
	if (status != DANEPRIV_OK)
		return status;
	if (found.proven.proof == DANEPRIV_PROOF_UNKNOWN)
		return DANEPRIV_EAGAIN;
	found.proven = dp_records_proven(v, &found);
	return dp_chain_new(v, dp_name_of(&owner), lookup->type, &found, out);
}
