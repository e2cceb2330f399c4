/* SPDX-License-Identifier: BSD-2-Clause
 * lib/base/sized: are requests, plans, verdicts and states of each size taken? */
#include "base/sizes.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/sized.h"
#include "support/suite.h"

#include <danepriv/chain.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define CONFIGURED DANEPRIV_PROVENANCE_CONFIGURED
#define OVER DANEPRIV_CHANNEL_ENCRYPTED

static const uint8_t octets[4] = { 192, 0, 2, 1 };
static const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
static danepriv *ctx;
static danepriv_cache *cache;
static danepriv_records *records;
static danepriv_session *session;
static test_peer peer;

/* ---- plans ---- */

static danepriv_status
call_request(void *memory, size_t size)
{
	danepriv_plan plan = { .size = sizeof plan };

	(void)size;
	return danepriv_plan_make(cache, memory, NOW, &plan);
}

static void
fill_request(void *memory, size_t index)
{
	danepriv_request *request = memory;

	(void)index;
	request->zone = request->name = "example.";
}

static danepriv_status
plan_for(const danepriv_candidate *candidates, size_t size, size_t count, danepriv_plan *out)
{
	const danepriv_request request = { .size = sizeof request,
		.zone = "example.",
		.name = "example.",
		.candidates = candidates,
		.candidate_size = size,
		.count = count };

	return danepriv_plan_make(cache, &request, NOW, out);
}

static const danepriv_place places[] = { { { octets, 4 }, 0 }, { { octets, 4 }, 1 } };

static void
fill_candidate(void *memory, size_t index)
{
	static const char *const names[] = { "a.example.", "b.example." };
	danepriv_candidate *c = memory;

	c->server.name = names[index];
	c->provenance = CONFIGURED;
	c->places = &places[index];
	c->place_size = sizeof *places;
	c->count = 1;
}

static danepriv_status
call_candidate(void *memory, size_t size)
{
	danepriv_plan plan = { .size = sizeof plan };

	return plan_for(memory, size, 1, &plan);
}

static danepriv_status
call_candidates(void *memory, size_t size)
{
	danepriv_attempt attempts[2];
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = 2 };
	danepriv_status status = plan_for(memory, size, 2, &plan);

	/* The one that is open comes first. */
	ck_assert(status != DANEPRIV_OK || (plan.count == 2 && attempts[0].candidate == 1));
	return status;
}

static void
fill_place(void *memory, size_t index)
{
	danepriv_place *place = memory;
	static const uint8_t others[2][4] = { { 192, 0, 2, 7 }, { 192, 0, 2, 8 } };

	place->octets = (danepriv_span){ others[index], 4 };
	place->connections = index;
}

static danepriv_status
plan_to(const danepriv_place *given, size_t size, size_t count, danepriv_plan *out)
{
	const danepriv_limits two = { .size = sizeof two, .connections = 2 };
	const danepriv_candidate candidate = { .server = cached_server,
		.provenance = CONFIGURED,
		.places = given,
		.place_size = size,
		.count = count };
	const danepriv_request request = { .size = sizeof request,
		.zone = "example.",
		.name = "example.",
		.candidates = &candidate,
		.candidate_size = sizeof candidate,
		.count = 1,
		.limits = &two };

	return danepriv_plan_make(cache, &request, NOW, out);
}

static danepriv_status
call_place(void *memory, size_t size)
{
	danepriv_plan plan = { .size = sizeof plan };

	return plan_to(memory, size, 1, &plan);
}

static danepriv_status
call_places(void *memory, size_t size)
{
	danepriv_attempt attempts[2];
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = 2 };
	danepriv_status status = plan_to(memory, size, 2, &plan);

	ck_assert(status != DANEPRIV_OK ||
		  (plan.count == 2 && attempts[0].place == 1 && attempts[0].open));
	return status;
}

static void
fill_plan(void *memory, size_t index)
{
	danepriv_plan *plan = memory;

	(void)index;
	plan->attempts = NULL;
	plan->attempt_size = plan->room = 0;
}

static danepriv_status
call_plan(void *memory, size_t size)
{
	danepriv_candidate candidate = { .place_size = 0 };

	(void)size;
	fill_candidate(&candidate, 0);
	danepriv_status status = plan_for(&candidate, sizeof candidate, 1, memory);
	danepriv_plan *plan = memory;
	ck_assert(status != DANEPRIV_OK || (plan->step == DANEPRIV_STEP_ASK && plan->count == 1));
	return status;
}

static danepriv_status
call_attempts(void *memory, size_t size)
{
	danepriv_plan plan = {
		.size = sizeof plan, .attempts = memory, .attempt_size = size, .room = 2
	};
	danepriv_candidate candidates[2] = { { .place_size = 0 } };
	danepriv_attempt second;

	fill_candidate(&candidates[0], 0);
	fill_candidate(&candidates[1], 1);
	danepriv_status status = plan_for(candidates, sizeof *candidates, 2, &plan);
	if (status == DANEPRIV_OK) {
		memcpy(&second, (uint8_t *)memory + size, sizeof second);
		ck_assert_uint_eq(second.candidate, 0);
		ck_assert_int_eq(second.learn, 1);
	}
	return status;
}

/* ---- verdicts ---- */

static void
fill_verdict(void *memory, size_t index)
{
	danepriv_verdict *verdict = memory;

	(void)index;
	verdict->each = NULL;
	verdict->each_size = verdict->each_room = 0;
}

static danepriv_status
call_evaluate(void *memory, size_t size)
{
	danepriv_status status =
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, NOW, memory);
	danepriv_verdict *verdict = memory;

	(void)size;
	ck_assert(status != DANEPRIV_OK ||
		  (verdict->finding == DANEPRIV_FINDING_MATCH && verdict->count == 2));
	return status;
}

static danepriv_status
call_cache_evaluate(void *memory, size_t size)
{
	(void)size;
	return danepriv_cache_evaluate(cache, ctx, &cached_server, &peer.credential, NOW, memory);
}

static danepriv_status
call_decide(void *memory, size_t size)
{
	(void)size;
	return danepriv_session_decide(session, CONFIGURED, OVER, NOW, memory) ==
		       DANEPRIV_DECISION_PROCEED
		   ? DANEPRIV_OK
		   : DANEPRIV_EINVAL;
}

static danepriv_status
call_decide_again(void *memory, size_t size)
{
	(void)size;
	return danepriv_session_decide_again(session, cache, STRICT, CONFIGURED, OVER, NOW,
		   memory) == DANEPRIV_DECISION_PROCEED
		   ? DANEPRIV_OK
		   : DANEPRIV_EINVAL;
}

static danepriv_status
call_each(void *memory, size_t size)
{
	danepriv_verdict verdict = { .size = sizeof verdict,
		.finding = DANEPRIV_FINDING_MATCH,
		.each = memory,
		.each_size = size,
		.each_room = 2 };
	danepriv_record_verdict second;
	danepriv_status status =
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, NOW, &verdict);

	if (status != DANEPRIV_OK) {
		ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
		return status;
	}
	memcpy(&second, (uint8_t *)memory + size, sizeof second);
	ck_assert_int_eq(second.judgement, DANEPRIV_JUDGEMENT_MATCH);
	ck_assert_int_eq(second.usage, 3);
	return status;
}

/* ---- what is known ---- */

/* A record of the root, and no keys. */
static const uint8_t root_octets[] = { 0, 0, 52, 0, 1, 0, 0, 0, 0, 0, 0 };
static const danepriv_span root_record = { root_octets, sizeof root_octets };

static danepriv_status
call_chain_record(void *memory, size_t size)
{
	danepriv_chain_walk *walk;

	(void)size;
	ck_assert_int_eq(
	    danepriv_chain_walk_new(ctx, &cached_server, root_record, NOW, &walk), DANEPRIV_OK);
	danepriv_status status = danepriv_chain_walk_record(walk, 0, memory);
	danepriv_chain_walk_free(walk);
	return status;
}

static danepriv_status
call_records_place(void *memory, size_t size)
{
	const danepriv_settings settings = { .size = sizeof settings, .earliest = 1 };
	danepriv_records *broken;
	danepriv *other;

	(void)size;
	ck_assert_int_eq(danepriv_open(&settings, &other), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_records_prove(other, &cached_server, root_record, NOW, &broken), DANEPRIV_OK);
	danepriv_status status = danepriv_records_place(broken, memory);
	danepriv_records_free(broken);
	danepriv_close(other);
	return status;
}

static danepriv_status
call_server_state(void *memory, size_t size)
{
	(void)size;
	return danepriv_cache_get_server_state(cache, &cached_server, NOW, memory);
}

static danepriv_status
call_address_state(void *memory, size_t size)
{
	(void)size;
	return danepriv_cache_get_address_state(cache, &address, memory);
}

static void
fill_due(void *memory, size_t index)
{
	danepriv_cache_due *due = memory;

	(void)index;
	due->position = 0;
}

static danepriv_status
call_next_due(void *memory, size_t size)
{
	danepriv_status status;

	(void)size;
	do
		status = danepriv_cache_next_due(cache, INT64_MAX, NOW, memory);
	while (status == DANEPRIV_EAGAIN);
	return status;
}

/* ---- hooks ---- */

static danepriv_hooks
own_hooks(void)
{
	return (danepriv_hooks){ .size = sizeof(danepriv_hooks), .ctx = ctx, .cache = cache };
}

static danepriv_status
judge_into(danepriv_judged *out, danepriv_verdict *why)
{
	const danepriv_hooks hooks = own_hooks();

	return danepriv_hooks_judge(&hooks, &cached_server, NULL, &peer.credential, NOW, out, why);
}

static danepriv_status
decide_by(const danepriv_hooks *hooks, const danepriv_judged *judged)
{
	return danepriv_hooks_decide(hooks, "example.", &cached_server, CONFIGURED, judged, OVER,
		   NOW) == DANEPRIV_DECISION_PROCEED
		   ? DANEPRIV_OK
		   : DANEPRIV_EINVAL;
}

static void
fill_hooks(void *memory, size_t index)
{
	danepriv_hooks *hooks = memory;

	(void)index;
	hooks->ctx = ctx;
	hooks->cache = cache;
}

static danepriv_status
call_decide_by_hooks(void *memory, size_t size)
{
	danepriv_judged judged = { .size = sizeof judged };

	(void)size;
	ck_assert_int_eq(judge_into(&judged, NULL), DANEPRIV_OK);
	return decide_by(memory, &judged);
}

static danepriv_status
call_judge_by_hooks(void *memory, size_t size)
{
	danepriv_judged judged = { .size = sizeof judged };

	(void)size;
	return danepriv_hooks_judge(
	    memory, &cached_server, NULL, &peer.credential, NOW, &judged, NULL);
}

static void
fill_judged(void *memory, size_t index)
{
	danepriv_judged judged = { .size = sizeof judged }, *given = memory;

	(void)index;
	ck_assert_int_eq(judge_into(&judged, NULL), DANEPRIV_OK);
	given->place = judged.place;
	given->generation = judged.generation;
	given->finding = judged.finding;
	given->valid_until = judged.valid_until;
}

static danepriv_status
call_decide_by_judged(void *memory, size_t size)
{
	const danepriv_hooks hooks = own_hooks();

	(void)size;
	return decide_by(&hooks, memory);
}

static danepriv_status
call_judge(void *memory, size_t size)
{
	(void)size;
	return judge_into(memory, NULL);
}

static danepriv_status
call_judge_why(void *memory, size_t size)
{
	danepriv_judged judged = { .size = sizeof judged };

	(void)size;
	return judge_into(&judged, memory);
}

static danepriv_status
call_get_judged(void *memory, size_t size)
{
	(void)size;
	return danepriv_session_get_judged(session, cache, memory);
}

static const sized_case cases[] = {
	{ IN(request, DP_REQUEST_LEAST), fill_request, call_request },
	{ IN_ONE(candidate, DP_CANDIDATE_LEAST), fill_candidate, call_candidate },
	{ IN_EACH(candidate, DP_CANDIDATE_LEAST), fill_candidate, call_candidates },
	{ IN_ONE(place, DP_PLACE_LEAST), fill_place, call_place },
	{ IN_EACH(place, DP_PLACE_LEAST), fill_place, call_places },
	{ OUT(plan, DP_PLAN_LEAST), fill_plan, call_plan },
	{ OUT_EACH(attempt, DP_ATTEMPT_LEAST), NULL, call_attempts },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_verdict, call_evaluate },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_verdict, call_cache_evaluate },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_verdict, call_decide },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_verdict, call_decide_again },
	{ OUT_EACH(record_verdict, DP_RECORD_VERDICT_LEAST), NULL, call_each },
	{ OUT(rrset, DP_RRSET_LEAST), NULL, call_records_place },
	{ OUT(chain_record, DP_CHAIN_RECORD_LEAST), NULL, call_chain_record },
	{ OUT(server_state, DP_SERVER_STATE_LEAST), NULL, call_server_state },
	{ OUT(address_state, DP_ADDRESS_STATE_LEAST), NULL, call_address_state },
	{ OUT(cache_due, DP_CACHE_DUE_LEAST), fill_due, call_next_due },
	{ IN(hooks, DP_HOOKS_LEAST), fill_hooks, call_judge_by_hooks },
	{ IN(hooks, DP_HOOKS_LEAST), fill_hooks, call_decide_by_hooks },
	{ IN(judged, DP_JUDGED_LEAST), fill_judged, call_decide_by_judged },
	{ OUT(judged, DP_JUDGED_LEAST), NULL, call_judge },
	{ OUT(judged, DP_JUDGED_LEAST), NULL, call_get_judged },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_verdict, call_judge_why },
};

/* A server whose second record matches, and which authenticated itself so. */
static void
open_all(void)
{
	static uint8_t wrong[35] = { 3, 1, 1 };

	peer_open(&peer, "ee");
	test_octets right = rdata_of_peer(&peer, 3, 1, 1);
	const danepriv_span rdatas[] = { { wrong, sizeof wrong }, octets_span(right) };
	ctx = context_open("-");
	cache = cached_open();
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     rdatas, 2, NOW + 1000, &records),
	    DANEPRIV_OK);
	octets_free(right);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_note_match(cache, &cached_server, 1, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_note_event(cache, &address, DANEPRIV_EVENT_COMPLETED, 0, NOW),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_new(ctx, &cached_server, STRICT, &session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_credential(session, &peer.credential), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_decide(session, CONFIGURED, OVER, NOW, NULL),
	    DANEPRIV_DECISION_PROCEED);
}

static void
close_all(void)
{
	danepriv_session_free(session);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	peer_close(&peer);
}

START_TEST(any_size)
{
	sized_check(&cases[_i / SIZED_ROWS], _i % SIZED_ROWS);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("sized_calls");
	TCase *tc = tcase_create("sized_calls");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, any_size, 0, ROWS(cases) * SIZED_ROWS);
	suite_add_tcase(suite, tc);
	return suite;
}
