/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session/recall: may another question go over a connection, by what is known by now? */
#include "support/failing_alloc.h"
#include "support/remembering.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>

#define OVER DANEPRIV_CHANNEL_ENCRYPTED
#define UNTIL 100 /* seconds after NOW that the evidence holds */

/* ---- what became of the keys ---- */

/* The evidence: `r`ecalled, where it was put at NOW; `f`etched, and remembered; `o`nly fetched;
 * `x`: the server's chain, and remembered; `?`: the lookup failed, and that was remembered. */
typedef struct again_row {
	const char *name;
	char evidence;
	danepriv_security news; /* put at the time of the question; UNKNOWN: nothing */
	char keys;
	int at; /* seconds after NOW */
	danepriv_channel channel;
	danepriv_finding finding;
	bool stands;
} again_row;

#define YES DANEPRIV_FINDING_MATCH, true
#define ANEW DANEPRIV_FINDING_MATCH, false
#define NO DANEPRIV_FINDING_UNJUDGED, false

static const again_row rows[] = {
	/* nothing came */
	{ "at once", 'r', NOTHING, 0, 0, OVER, YES },
	{ "last second", 'r', NOTHING, 0, UNTIL, OVER, YES },
	{ "a second later", 'r', NOTHING, 0, UNTIL + 1, OVER, NO },
	{ "fetched", 'f', NOTHING, 0, 0, OVER, YES },
	{ "fetched, last second", 'f', NOTHING, 0, UNTIL, OVER, YES },
	{ "fetched, signatures hold, TTL does not", 'f', NOTHING, 0, UNTIL + 1, OVER, NO },
	{ "sent", 'x', NOTHING, 0, CHAIN_LIFE, OVER, YES },
	{ "sent, signatures hold, TTL does not", 'x', NOTHING, 0, CHAIN_LIFE + 1, OVER, NO },
	{ "clock set back", 'r', NOTHING, 0, -UNTIL, OVER, YES },
	{ "clock set back further", 'r', NOTHING, 0, -UNTIL - 1, OVER, NO },
	{ "nobody remembered", 'o', NOTHING, 0, 0, OVER, NO },
	{ "lookup failed", '?', NOTHING, 0, UNTIL, OVER, DANEPRIV_FINDING_INDETERMINATE, true },
	{ "lookup failed, that is over", '?', NOTHING, 0, UNTIL + 1, OVER, NO },
	/* something did */
	{ "the same keys", 'r', SECURE, 'g', 5, OVER, YES },
	{ "the same keys, when they had ended", 'r', SECURE, 'g', UNTIL + 1, OVER, ANEW },
	{ "the same keys, fetched before", 'f', SECURE, 'g', UNTIL + 1, OVER, ANEW },
	{ "the same keys, sent before", 'x', SECURE, 'g', CHAIN_LIFE + 1, OVER, ANEW },
	{ "another key more", 'r', SECURE, 'a', 5, OVER, ANEW },
	{ "another key more, sent before", 'x', SECURE, 'a', 5, OVER, ANEW },
	{ "keys were rolled", 'r', SECURE, 'b', 5, OVER, DANEPRIV_FINDING_MISMATCH, false },
	{ "keys were rolled, fetched before", 'f', SECURE, 'b', 5, OVER, DANEPRIV_FINDING_MISMATCH,
	    false },
	{ "keys were rolled, sent before", 'x', SECURE, 'b', 5, OVER, DANEPRIV_FINDING_MISMATCH,
	    false },
	{ "keys were rolled when they had ended", 'r', SECURE, 'b', UNTIL + 1, OVER,
	    DANEPRIV_FINDING_MISMATCH, false },
	{ "withdrawn", 'r', DENIED, 0, 5, OVER, DANEPRIV_FINDING_ABSENT, false },
	{ "unsigned now", 'x', INSECURE, 0, 5, OVER, DANEPRIV_FINDING_UNSIGNED, false },
	{ "bogus beside what holds", 'r', BOGUS, 0, 5, OVER, YES },
	{ "bogus when they had ended", 'r', BOGUS, 0, UNTIL + 1, OVER, DANEPRIV_FINDING_BOGUS,
	    false },
	{ "nobody remembered, now known", 'o', SECURE, 'g', 5, OVER, ANEW },
	{ "nobody remembered, another key", 'o', SECURE, 'b', 5, OVER, DANEPRIV_FINDING_MISMATCH,
	    false },
	{ "lookup failed, now known", '?', SECURE, 'g', 5, OVER, ANEW },
	/* over another channel than was judged */
	{ "in clear now", 'r', NOTHING, 0, 5, DANEPRIV_CHANNEL_CLEAR,
	    DANEPRIV_FINDING_INDETERMINATE, false },
	{ "no channel any more", 'r', NOTHING, 0, 5, DANEPRIV_CHANNEL_NONE, ANEW },
};

static void
give_evidence(char evidence)
{
	if (evidence == 'r') {
		ck_assert_int_eq(put_vouched(SECURE, 'g', NOW + UNTIL, NOW), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), DANEPRIV_OK);
	}
	if (evidence == 'f' || evidence == 'o')
		give_fetched_once('g', NOW + UNTIL, NOW + 1000 * UNTIL);
	if (evidence == 'x')
		give_sent(KEY, 7);
	if (evidence == '?')
		give_fetched(INDETERMINATE, 0, NOW + UNTIL);
}

/* A connection that was decided at NOW. */
static void
open_decided(char evidence, danepriv_profile profile)
{
	session_open(remember_ctx, profile);
	give_evidence(evidence);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL),
	    danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED,
		evidence == '?' ? DANEPRIV_FINDING_INDETERMINATE : DANEPRIV_FINDING_MATCH, OVER));
	if (evidence != 'o')
		ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
}

static danepriv_finding
again_at(danepriv_channel channel, danepriv_time now, const char *name)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision = danepriv_session_decide_again(session, memory,
	    danepriv_session_profile(session), DANEPRIV_PROVENANCE_CONFIGURED, channel, now, &why);

	ck_assert_msg(decision == danepriv_decide(danepriv_session_profile(session),
				      DANEPRIV_PROVENANCE_CONFIGURED, why.finding, channel),
	    "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_DECISION, decision));
	ck_assert_int_eq(why.finding == DANEPRIV_FINDING_MATCH, why.record != SIZE_MAX);
	ck_assert(why.record == SIZE_MAX || why.record < why.count);
	ck_assert(why.finding == DANEPRIV_FINDING_UNJUDGED || why.valid_until >= now);
	return why.finding;
}

START_TEST(decided_again)
{
	const again_row *row = &rows[_i / 2];
	danepriv_time now = NOW + row->at;

	open_decided(
	    row->evidence, _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	if (row->news != NOTHING)
		ck_assert_int_eq(put_vouched(row->news, row->keys, now + UNTIL, now), DANEPRIV_OK);
	/* What stands takes no memory; all else takes some, or is refused. */
	dp_fail_allocation_at(0);
	danepriv_decision decision =
	    danepriv_session_decide_again(session, memory, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, row->channel, now, NULL);
	bool asked = dp_allocations() > 0;
	dp_fail_allocation_at(-1);
	ck_assert_msg(!row->stands || !asked, "%s", row->name);
	ck_assert_msg(row->stands || decision == DANEPRIV_DECISION_REFUSE, "%s", row->name);
	for (int i = 0; i < 2; i++) {
		danepriv_finding finding = again_at(row->channel, now, row->name);
		ck_assert_msg(finding == row->finding, "%s: %s", row->name,
		    danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
	}
	/* Judged anew, it stands by that. */
	dp_fail_allocation_at(-1);
	(void)again_at(row->channel, now, row->name);
	ck_assert_msg(
	    row->finding == DANEPRIV_FINDING_UNJUDGED || dp_allocations() == 0, "%s", row->name);
}
END_TEST

/* What it rested on was forgotten: it is put again, and goes on. */
START_TEST(forgotten)
{
	open_decided(_i ? 'f' : 'r', DANEPRIV_PROFILE_STRICT);
	danepriv_cache_free(memory);
	memory = cached_open();
	ck_assert_int_eq(again_at(OVER, NOW, "forgotten"), DANEPRIV_FINDING_UNJUDGED);
	/* Nor does it go on without being asked anew. */
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(put_vouched(SECURE, 'g', NOW + UNTIL, NOW), DANEPRIV_OK);
	ck_assert_int_eq(again_at(OVER, NOW, "known again"), DANEPRIV_FINDING_MATCH);
}
END_TEST

/* A memory that the decision does not rest on. */
START_TEST(another_memory)
{
	danepriv_cache *before = memory;

	open_decided('r', DANEPRIV_PROFILE_STRICT);
	memory = cached_open();
	ck_assert_int_eq(put_vouched(SECURE, 'b', NOW + UNTIL, NOW), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_cache_generation(memory, &cached_server),
	    danepriv_cache_generation(before, &cached_server));
	ck_assert_int_eq(again_at(OVER, NOW, "another"), DANEPRIV_FINDING_MISMATCH);
	danepriv_cache_free(before);
}
END_TEST

/* One that has come to be where the other was, and counts from one, too. */
START_TEST(memory_in_its_place)
{
	const danepriv_cache *was = memory;

	open_decided('r', DANEPRIV_PROFILE_STRICT);
	dp_use_again(memory);
	danepriv_cache_free(memory);
	memory = cached_open();
	ck_assert_ptr_eq(memory, was);
	ck_assert_int_eq(put_vouched(SECURE, 'b', NOW + UNTIL, NOW), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_cache_generation(memory, &cached_server), 1);
	ck_assert_int_eq(again_at(OVER, NOW, "another in its place"), DANEPRIV_FINDING_MISMATCH);
}
END_TEST

/* Whatever changes in a session, what was decided before says nothing any more. */
static const struct {
	const char *name;
	char change;
	danepriv_finding finding;
} changes[] = {
	{ "another peer", 'b', DANEPRIV_FINDING_MISMATCH },
	{ "no peer", 'c', DANEPRIV_FINDING_UNJUDGED },
	{ "another name was sent", 's', DANEPRIV_FINDING_UNJUDGED },
	{ "another name is allowed", 'n', DANEPRIV_FINDING_MATCH },
	{ "other records", 'r', DANEPRIV_FINDING_MATCH },
	{ "nothing", 0, DANEPRIV_FINDING_MATCH },
};

START_TEST(changed)
{
	const danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };
	char change = changes[_i].change;

	open_decided('r', DANEPRIV_PROFILE_STRICT);
	if (change == 'b')
		ck_assert_int_eq(danepriv_session_give_credential(session, &bad.credential), 0);
	if (change == 'c')
		ck_assert_int_eq(danepriv_session_give_credential(session, &none), EINVAL_);
	if (change == 's')
		ck_assert_int_eq(danepriv_session_give_sni(session, "ns2.example.net"), 0);
	if (change == 'n')
		ck_assert_int_eq(danepriv_session_add_name(session, "ns2.example.net"), 0);
	if (change == 'r')
		give_fetched(SECURE, 'b', NOW + UNTIL);
	dp_fail_allocation_at(0);
	danepriv_decision decision = danepriv_session_decide_again(session, memory,
	    danepriv_session_profile(session), DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL);
	dp_fail_allocation_at(-1);
	ck_assert_msg(decision == (change ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED),
	    "%s", changes[_i].name);
	danepriv_finding finding = again_at(OVER, NOW, changes[_i].name);
	ck_assert_msg(finding == changes[_i].finding, "%s: %s", changes[_i].name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, finding));
}
END_TEST

/* Nobody withheld anything on a connection that is open: no downgrade, and no leave. */
START_TEST(pinned_and_ended)
{
	open_decided('x', _i ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(remembered_at(NOW).pinned, PIN_END(NOW, 7));
	ck_assert_int_eq(again_at(OVER, NOW + CHAIN_LIFE + 1, "ended"), DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(remembered_at(NOW + CHAIN_LIFE + 1).pinned, PIN_END(NOW, 7));
}
END_TEST

/* A downgrade rests on what is missing: it is looked for again. */
START_TEST(downgrade)
{
	pin_server(10);
	ck_assert_int_eq(put_vouched(BOGUS, 0, NOW + UNTIL, NOW), DANEPRIV_OK);
	session_open(remember_ctx, DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(again_at(OVER, NOW, "pinned"), DANEPRIV_FINDING_DOWNGRADE);
	ck_assert_int_eq(danepriv_cache_pin(memory, &cached_server, 0, NOW), DANEPRIV_OK);
	ck_assert_int_eq(again_at(OVER, NOW, "not any more"), DANEPRIV_FINDING_BOGUS);
}
END_TEST

START_TEST(arguments)
{
	danepriv_verdict why = { .size = sizeof why, .finding = DANEPRIV_FINDING_MATCH };

	open_decided('r', DANEPRIV_PROFILE_OPPORTUNISTIC);
	ck_assert_int_eq(
	    danepriv_session_decide_again(NULL, memory, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
	why.finding = DANEPRIV_FINDING_MATCH;
	ck_assert_int_eq(
	    danepriv_session_decide_again(session, NULL, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_session_decide_again(session, memory, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL),
	    DANEPRIV_DECISION_PROCEED);
	why.size--;
	why.finding = DANEPRIV_FINDING_MATCH;
	ck_assert_int_eq(
	    danepriv_session_decide_again(session, memory, danepriv_session_profile(session),
		DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_MATCH); /* nothing is touched */
}
END_TEST

/* ---- further questions ---- */

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define SIGNED DANEPRIV_PROVENANCE_SECURE
#define CONFIGURED DANEPRIV_PROVENANCE_CONFIGURED
#define REFUSE DANEPRIV_DECISION_REFUSE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define UNKNOWN DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED

/* Two questions over one connection; the first opened it. */
static const struct {
	const char *name;
	bool is_bad; /* the peer */
	danepriv_profile profile;
	danepriv_provenance provenance;
	danepriv_decision decision;
	danepriv_profile then_profile;
	danepriv_provenance then_provenance;
	danepriv_decision then;
} questions[] = {
	{ "the same", false, STRICT, SIGNED, PROCEED, STRICT, SIGNED, PROCEED },
	{ "configured, then proven", false, STRICT, CONFIGURED, PROCEED, STRICT, SIGNED, PROCEED },
	{ "unproven, then proven", false, STRICT, UNPROVEN, REFUSE, STRICT, SIGNED, PROCEED },
	{ "opportunistic, then strict", false, FREE, SIGNED, PROCEED, STRICT, SIGNED, PROCEED },
	{ "configured, then unproven", false, STRICT, CONFIGURED, PROCEED, STRICT, UNPROVEN,
	    REFUSE },
	{ "opportunistic and configured, then strict and unproven", false, FREE, CONFIGURED,
	    PROCEED, STRICT, UNPROVEN, REFUSE },
	{ "opportunistic and unproven, then strict", false, FREE, UNPROVEN, UNKNOWN, STRICT,
	    UNPROVEN, REFUSE },
	{ "strict, then opportunistic and unproven", false, STRICT, SIGNED, PROCEED, FREE, UNPROVEN,
	    UNKNOWN },
	{ "no profile", false, STRICT, SIGNED, PROCEED, (danepriv_profile)2, SIGNED, REFUSE },
	{ "no provenance", false, FREE, SIGNED, PROCEED, FREE, (danepriv_provenance)1, REFUSE },
	{ "an impostor, then strict", true, FREE, SIGNED, UNKNOWN, STRICT, SIGNED, REFUSE },
	{ "an impostor, then configured", true, FREE, UNPROVEN, UNKNOWN, STRICT, CONFIGURED,
	    REFUSE },
	{ "an impostor, then opportunistic", true, STRICT, SIGNED, REFUSE, FREE, SIGNED, UNKNOWN },
};

static danepriv_decision
ask_again(danepriv_profile profile, danepriv_provenance provenance, danepriv_time now)
{
	return danepriv_session_decide_again(session, memory, profile, provenance, OVER, now, NULL);
}

START_TEST(each_by_itself)
{
	const test_peer *peer = questions[_i].is_bad ? &bad : &good;

	session_open(remember_ctx, questions[_i].profile);
	give_evidence('r');
	ck_assert_int_eq(danepriv_session_give_credential(session, &peer->credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, questions[_i].provenance, OVER, NOW, NULL),
	    questions[_i].decision);
	dp_fail_allocation_at(0); /* what was found stands */
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(ask_again(questions[_i].then_profile, questions[_i].then_provenance,
				  NOW) == questions[_i].then,
		    "%s", questions[_i].name);
		ck_assert_msg(ask_again(questions[_i].profile, questions[_i].provenance, NOW) ==
				  questions[_i].decision,
		    "%s: the first once more", questions[_i].name);
	}
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	/* Judged anew, by the same keys. */
	ck_assert_int_eq(put_vouched(SECURE, 'g', NOW + 3 * UNTIL, NOW + UNTIL + 1), DANEPRIV_OK);
	ck_assert_msg(ask_again(questions[_i].then_profile, questions[_i].then_provenance,
			  NOW + UNTIL + 1) == questions[_i].then,
	    "%s: anew", questions[_i].name);
}
END_TEST

/* What has no end holds at all times, but for those that are none. */
START_TEST(no_time)
{
	static const danepriv_time times[] = { 0, -1, -NOW, INT64_MIN };
	danepriv_verdict why = { .size = sizeof why };

	session_open(remember_ctx, _i ? FREE : STRICT);
	ck_assert_int_eq(put_vouched(SECURE, 'g', INT64_MAX, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	for (int i = 0; i < ROWS(times); i++) {
		ck_assert_int_eq(danepriv_session_recall(session, memory, times[i]), EINVAL_);
		why.finding = DANEPRIV_FINDING_MATCH;
		ck_assert_int_eq(
		    danepriv_session_decide(session, CONFIGURED, OVER, times[i], &why), REFUSE);
		ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
		ck_assert_int_eq(
		    danepriv_session_decide(session, CONFIGURED, OVER, NOW, NULL), PROCEED);
		ck_assert_int_eq(danepriv_session_remember(session, memory, times[i]), EINVAL_);
		why.finding = DANEPRIV_FINDING_MATCH;
		ck_assert_int_eq(danepriv_session_decide_again(
				     session, memory, FREE, CONFIGURED, OVER, times[i], &why),
		    REFUSE);
		ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
		/* It has changed nothing. */
		dp_fail_allocation_at(0);
		ck_assert_int_eq(ask_again(STRICT, CONFIGURED, NOW), PROCEED);
		dp_fail_allocation_at(-1);
	}
}
END_TEST

/* ---- evidence that could be used once ---- */

static const struct {
	const char *name;
	danepriv_security known; /* beside it, at the time of remembering */
	char keys;
	uint16_t after; /* hours of the pin: of seven */
	danepriv_security security;
} onces[] = {
	{ "nothing known", NOTHING, 0, 7, NOTHING },
	{ "the same key", SECURE, 'g', 7, SECURE },
	{ "the same key and more", SECURE, 'a', 7, SECURE },
	{ "another key", SECURE, 'b', 0, SECURE },
	{ "denied", DENIED, 0, 0, DENIED },
	{ "a failure", BOGUS, 0, 7, NOTHING },
};

START_TEST(used_once)
{
	danepriv_time now = NOW + CHAIN_LIFE + 1;
	const char *name = onces[_i].name;

	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	give_sent(KEY, 7);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, now, NULL),
	    DANEPRIV_DECISION_PROCEED);
	if (onces[_i].known != NOTHING)
		ck_assert_int_eq(
		    put_vouched(onces[_i].known, onces[_i].keys, now + 5, now), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_remember(session, memory, now), DANEPRIV_OK);
	danepriv_server_state state = remembered_at(now);
	ck_assert_msg(state.security == onces[_i].security, "%s", name);
	ck_assert_msg(state.pinned == PIN_END(now, onces[_i].after), "%s", name);
	ck_assert_msg((state.record == 0) == (onces[_i].after > 0), "%s", name);
	/* It is good for nobody else. */
	if (onces[_i].security == NOTHING)
		ck_assert_int_eq(again_at(OVER, now, name), DANEPRIV_FINDING_UNJUDGED);
	else
		ck_assert_int_eq(remembered_at(now).valid_until, now + 5);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("session_again");
	TCase *tc = tcase_create("session_again");

	tcase_add_checked_fixture(tc, remember_open, remember_close);
	tcase_add_loop_test(tc, decided_again, 0, 2 * ROWS(rows));
	tcase_add_loop_test(tc, forgotten, 0, 2);
	tcase_add_test(tc, another_memory);
	tcase_add_test(tc, memory_in_its_place);
	tcase_add_loop_test(tc, changed, 0, ROWS(changes));
	tcase_add_loop_test(tc, pinned_and_ended, 0, 2);
	tcase_add_test(tc, downgrade);
	tcase_add_test(tc, arguments);
	tcase_add_loop_test(tc, each_by_itself, 0, ROWS(questions));
	tcase_add_loop_test(tc, no_time, 0, 2);
	tcase_add_loop_test(tc, used_once, 0, ROWS(onces));
	suite_add_tcase(suite, tc);
	return suite;
}
