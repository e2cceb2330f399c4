/* SPDX-License-Identifier: BSD-2-Clause
 * What does a lookup cost without the network?  Its questions and answers, recorded and replayed.
 */
#include "bench/jobs.h"

#include "dns/message.h"
#include "dnssec/validator.h"

#include <stdlib.h>
#include <string.h>

static bool
is_same(const danepriv_question *a, const danepriv_question *b)
{
	return a->type == b->type && strcmp(a->name, b->name) == 0;
}

/* The answer to the question that comes up next; recorded first where `ask` is there. */
static const replay_item *
answer(replay *r, size_t at, unsigned wave, const danepriv_question *question, replay_ask ask,
    void *arg)
{
	if (ask && r->count < DP_QUESTIONS_MAX)
		r->items[r->count++] = (replay_item){ *question, wave, ask(arg, question) };
	return at < r->count && is_same(&r->items[at].question, question) ? &r->items[at] : NULL;
}

/* Takes a lookup to its end. */
static bool
run(replay *r, const danepriv *ctx, const danepriv_server *server, danepriv_time now,
    replay_ask ask, void *arg)
{
	danepriv_records *records = NULL;
	danepriv_lookup *lookup;
	danepriv_question question;
	size_t at = 0;
	unsigned wave = 0;

	if (danepriv_lookup_new(ctx, server, &lookup) != DANEPRIV_OK)
		return false;
	while (danepriv_lookup_finish(lookup, now, &records) == DANEPRIV_EAGAIN) {
		size_t before = at;
		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK) {
			const replay_item *item = answer(r, at++, wave, &question, ask, arg);
			if (!item || danepriv_lookup_give_answer(lookup, question.id,
					 octets_span(item->answer)) != DANEPRIV_OK)
				goto out;
		}
		if (at == before)
			break;
		wave++;
	}
out:
	danepriv_lookup_free(lookup);
	bool good =
	    danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE && at == r->count;
	danepriv_records_free(records);
	return good;
}

replay *
replay_record(const danepriv *ctx, const danepriv_server *server, danepriv_time now, replay_ask ask,
    void *arg)
{
	replay *r = calloc(1, sizeof *r);

	bench_require(r && run(r, ctx, server, now, ask, arg), "a lookup is not secure");
	return r;
}

void
replay_free(replay *r)
{
	for (size_t i = 0; r && i < r->count; i++)
		octets_free(r->items[i].answer);
	free(r);
}

bool
replay_run(replay *r, const danepriv *ctx, const danepriv_server *server, danepriv_time now)
{
	return run(r, ctx, server, now, NULL, NULL);
}

unsigned
replay_signatures(
    const replay *r, const danepriv *ctx, const danepriv_server *server, danepriv_time now)
{
	dp_validator *v = malloc(sizeof *v);
	dp_name_store owner;
	char text[1024];
	dp_found found = { .proven = { .security = DANEPRIV_SECURITY_UNKNOWN } };

	bench_require(v != NULL, "no memory");
	dp_validator_init(v, ctx);
	v->questions.closed = true;
	for (size_t i = 0; i < r->count; i++) {
		dp_buffer records = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX);
		dp_message message;
		bench_require(dp_message_unpack(octets_span(r->items[i].answer), &message,
				  &records) == DANEPRIV_OK &&
				  dp_validator_add(v, dp_buffer_span(&records)) == DANEPRIV_OK,
		    "an answer does not parse");
		dp_buffer_free(&records);
	}
	bench_require(danepriv_server_owner(server, text, sizeof text, NULL) == DANEPRIV_OK &&
			  dp_name_from_text(text, &owner) == DANEPRIV_OK &&
			  dp_validate(v, dp_name_of(&owner), danepriv_server_type(server), now,
			      &found) == DANEPRIV_OK &&
			  found.proven.security == DANEPRIV_SECURITY_SECURE,
	    "answers prove nothing");
	unsigned verified = v->verified;
	dp_validator_free(v);
	free(v);
	return verified;
}
