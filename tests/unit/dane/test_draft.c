/* SPDX-License-Identifier: BSD-2-Clause
 * Is what draft-bortzmeyer-dprive-resolver-to-auth-00 asks of a resolver done?  Rule by rule; each
 * test is named after its rule, and tests/abi/draft looks for those that are named here.
 *
 * 2  keys stand at _853._tcp and the server's name     tlsa_name
 * 2  they come by the chain in the handshake,          chain_is_asked_for
 * 2  - whose proof is then used                        test_handshake.c:every_way
 * 2  - or else by a query                              query_is_made_once
 * 2  - which DNSSEC has to prove                       test_lookup.c:chain
 * 2  raw keys are allowed, and need selector 1         raw_key_needs_its_key
 * 2  - and are only then offered                       test_guard.c:raw_key_only
 * 2  TLS is tried first, and keys are looked up then   tls_before_keys
 * 2  strict stops using a server that fails            strict_stops
 * 2  - and sends nothing else                          test_policy.c:strict_asks_after_a_match_alone
 * 2  strict tries the others of the zone               strict_tries_others
 * 2  - and fails when none is left                     strict_fails_at_last
 * 2  opportunistic still uses a server that fails      opportunistic_goes_on
 * 2  - unless it broke a promise                       test_policy.c:cells
 * 2  - and may try others first                        opportunistic_tries_others_first
 * 2  (0) keys are remembered, by server                keys_are_remembered
 * 2  - as long as they hold                            test_cache.c:time_passes
 * 2  (1) a key that is not known is looked up          unknown_is_learnt
 * 2  (2) by asking that very server, unauthenticated   same_server_is_asked
 * 2  - also where two need each other                  two_that_need_each_other
 * 2  strict is not for all                             strict_is_by_rule
 * 2  - and may be set for single domains               strict_by_domain
 * 2  - of which the longest goes                       test_rules.c:which_rule_goes
 * 3  connections are used again                        connections_are_used_again
 * 3  - and stay open for a while                       connections_stay_open
 * 3  - and are judged again when resumed               test_resumption.c:resumption
 * 3  ports 53 and 853 are tried side by side           both_ports
 * 3  - TLS that fails is left alone for a while        failures_are_left_alone
 * 5  what is asked to learn a key leaks                meta_queries_leak
 * 5  - as little of the name as can be                 test_plan_name.c:minimised
 * 5  the name of the server leaks as SNI               test_guard.c:name_is_sent
 * 5  opportunistic can be downgraded                   opportunistic_is_downgraded
 * 5  strict cannot                                     strict_is_not_downgraded
 * 5  - nor by the name of another server               strict_wants_proven_names
 *
 * Not done as the draft has it: where a program says nothing the profile is strict, since whoever
 * forgets to choose shall get no answers rather than no privacy.  A resolver has to say, when it
 * makes its rules, that all else is opportunistic. */
#include "support/cached.h"
#include "support/plans.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

/* One story for one rule. */
static void
tell(const char *who, const char *story)
{
	plan_world world;

	plan_world_open(&world, who);
	plan_tell(&world, "the rule", story);
	plan_world_close(&world);
}

/* ---- section 2: the keys ---- */

START_TEST(tlsa_name)
{
	const danepriv_server server = { .name = "ns1.example.net",
		.aliases = DANEPRIV_ALIASES_REFUSE };
	char owner[64];

	ck_assert_int_eq(danepriv_server_owner(&server, owner, sizeof owner, NULL), DANEPRIV_OK);
	ck_assert_str_eq(owner, "_853._tcp.ns1.example.net.");
	ck_assert_uint_eq(danepriv_server_type(&server), 52);
	ck_assert_uint_eq(danepriv_server_port(&server), 853);
}
END_TEST

/* Not where it could not be sent, nor where the keys are known. */
START_TEST(chain_is_asked_for)
{
	static const danepriv_transport transports[] = { DANEPRIV_TRANSPORT_DOT,
		DANEPRIV_TRANSPORT_DOQ, DANEPRIV_TRANSPORT_IPSEC };
	const danepriv_server server = { .name = "ns1.example.net", .transport = transports[_i] };
	danepriv_session *session;
	danepriv *ctx;

	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_OPPORTUNISTIC, &session),
	    DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_session_chain_port(session, NOW), _i ? 0 : 853);
	if (_i == 0) {
		danepriv_records *records = cached_records(SECURE, "a", NOW);
		ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
		ck_assert_uint_eq(danepriv_session_chain_port(session, NOW), 0);
		ck_assert_uint_eq(danepriv_session_chain_port(session, NOW + 1), 853);
		danepriv_records_free(records);
	}
	danepriv_session_free(session);
	danepriv_close(ctx);
}
END_TEST

/* One of all who need the key looks it up. */
START_TEST(query_is_made_once)
{
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_EAGAIN);
	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW + 60, NOW), DANEPRIV_OK);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	uint8_t record[3];
	int raw;
} raw_keys[] = {
	{ { 3, 1, 1 }, 1 },
	{ { 3, 1, 2 }, 1 },
	{ { 3, 0, 1 }, 0 }, /* the whole certificate, which a raw key has not */
	{ { 2, 1, 1 }, 0 }, /* RFC 7671 section 5.1 */
	{ { 1, 1, 1 }, 0 },
};

START_TEST(raw_key_needs_its_key)
{
	uint8_t octets[67] = { 0 };
	const danepriv_span rdata = { octets, raw_keys[_i].record[2] == 2 ? 67 : 35 };
	danepriv_records *records;

	memcpy(octets, raw_keys[_i].record, 3);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &rdata, 1, NOW, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_has_raw_key(records), raw_keys[_i].raw);
	danepriv_records_free(records);
}
END_TEST

START_TEST(tls_before_keys)
{
	/* The first attempt is over TLS, and says that the key has yet to be learnt. */
	tell("A1", "free > A1? A1c ; strict > A1!?");
}
END_TEST

/* ---- section 2: a server that fails ---- */

/* And what opportunistic does where B, which has published no keys, is asked for the same. */
static const struct {
	const char *failure, *wanted;
} failing[] = {
	{ "A=D", "> A1 A1c B1 B1c" }, /* says nothing against A but that it is as B */
	{ "A=I", "> A1 A1c B1 B1c" },
	{ "A=N", "> A1 A1c B1 B1c" },
	{ "A=B", "> B1 B1c A1 A1c" },
	{ "A=S A1:X", "> B1 B1c A1 A1c" },
	{ "A=S A1:G", "> B1 B1c A1 A1c" },
};

static const char *
with_failure(int i, const char *before, const char *after)
{
	static char story[128];

	(void)snprintf(story, sizeof story, "%s %s %s", before, failing[i].failure, after);
	return story;
}

START_TEST(strict_stops)
{
	plan_world world;

	plan_world_open(&world, "A1");
	plan_tell(&world, "the rule", with_failure(_i, "strict > A1!? ;", ""));
	(void)plan_made(&world, false);
	ck_assert_int_eq(world.plan.step, DANEPRIV_STEP_REFUSE);
	ck_assert_int_ne(world.plan.obstacle, DANEPRIV_OBSTACLE_NONE);
	plan_world_close(&world);
}
END_TEST

START_TEST(strict_tries_others)
{
	tell("A1 B1 C1", with_failure(_i, "strict", "> B1!? C1!?"));
}
END_TEST

START_TEST(strict_fails_at_last)
{
	tell("A1 B1 C1", "strict A=D > B1!? C1!? ; C=B > B1!? ; B=S > B1! ; B1:X > refuse rejected "
			 "; +61 > B1! C1!?");
}
END_TEST

START_TEST(opportunistic_goes_on)
{
	tell("A1", with_failure(_i, "free", "> A1 A1c"));
}
END_TEST

START_TEST(opportunistic_tries_others_first)
{
	tell("A1 B1", with_failure(_i, "free B=D > A1? A1c B1 B1c ;", failing[_i].wanted));
}
END_TEST

/* ---- section 2: the hen and the egg ---- */

START_TEST(keys_are_remembered)
{
	/* By server: for each of its addresses, whichever zone is asked for. */
	plan_world world;

	plan_world_open(&world, "A1 A2 B1");
	plan_tell(&world, "the rule", "strict A=S/1h > A1! A2! B1!? ; +1h > A1! A2! B1!?");
	world.request.zone = "example.";
	world.request.name = "another.example.";
	plan_tell(&world, "another zone", "> A1! A2! B1!?");
	/* As a round-trip time is, for each address. */
	plan_tell(&world, "the rule", "A2:c20 > A2! A1! B1!? ; +1 > A2!? A1!? B1!?");
	plan_world_close(&world);
}
END_TEST

START_TEST(unknown_is_learnt)
{
	tell("A1", "strict > A1!? ; free > A1? A1c ; A=S > A1 A1c ; strict > A1!");
}
END_TEST

START_TEST(same_server_is_asked)
{
	/* For its key anybody is asked, and it is not waited for; the question itself is another
	 * matter. */
	tell("A1", "strict meta > A1 A1c ; question > A1!? ; A=S > A1! ; meta > A1 A1c");
	tell("A1", "strict meta A:p0 > A1 A1c ; question > learn ; meta > A1 A1c");
}
END_TEST

/* ns.a.example serves b.example, and ns.b.example serves a.example: the key of each is in a zone of
 * the other's. */
START_TEST(two_that_need_each_other)
{
	plan_world zone_a, zone_b;

	plan_world_open(&zone_a, "B1");
	plan_world_open(&zone_b, "A1");
	plan_tell(&zone_a, "a question", "strict > B1!?");
	plan_tell(&zone_b, "the key of B", "strict meta > A1 A1c");
	plan_tell(&zone_a, "the key of A", "strict meta > B1 B1c");
	/* Either answer is enough to go on. */
	plan_tell(&zone_a, "the question", "question B=S > B1!");
	plan_world_close(&zone_a);
	plan_world_close(&zone_b);
}
END_TEST

/* ---- section 2: for whom ---- */

START_TEST(strict_is_by_rule)
{
	tell("A1", "free > A1? A1c ; zone:strict > A1!?");
	tell("A1", "free > A1? A1c ; A:strict > A1!?");
}
END_TEST

static void
ask(plan_world *world, const char *zone, const char *name, const char *story)
{
	world->request.zone = zone;
	world->request.name = name;
	plan_tell(world, name, story);
}

START_TEST(strict_by_domain)
{
	plan_world world;

	plan_world_open(&world, "A1");
	plan_tell(&world, "the rule", "free zone:strict > A1!?");
	ask(&world, "example.org.", "www.example.org.", "> A1? A1c");
	ask(&world, "b.EXAMPLE.com", "a.b.EXAMPLE.com", "> A1!?");
	ask(&world, "example.com.", "example.com.", "> A1!?");
	ask(&world, "com.", "example.com.", "> A1!?");
	ask(&world, ".", "www.example.com.", "> A1!?");
	/* For a referral the ancestors see one label below their cut (RFC 9156), and nothing of
	 * what is below the domain. */
	ask(&world, ".", "com.", "referral > A1? A1c");
	ask(&world, "com.", "example.com.", "> A1? A1c");
	ask(&world, "com.", "www.example.com.", "> A1!?");
	ask(&world, "example.com.", "www.example.com.", "> A1!?");
	ask(&world, "www.example.com.", "www.example.com.", "> A1!?");
	plan_world_close(&world);
}
END_TEST

/* ---- section 3 ---- */

START_TEST(connections_are_used_again)
{
	tell("A1 B1", "strict A=S B=S > A1! B1! ; B1*1 > B1*! A1!");
	tell("A1 A2 B1", "free A2*1 > A2*? B1? B1c A1c A2c");
}
END_TEST

START_TEST(connections_stay_open)
{
	const danepriv_limits limits = { .size = sizeof limits, .idle_s = 30 };

	ck_assert_int_eq(danepriv_limits_idle_until(NULL, NOW), NOW + 10);
	ck_assert_int_eq(danepriv_limits_idle_until(&limits, NOW), NOW + 30);
}
END_TEST

START_TEST(both_ports)
{
	tell("A1 B1", "free >> A1?@0 A1c@250 B1?@500 B1c@750");
	tell("A1 B1", "strict >> A1!?@0 B1!?@250");
}
END_TEST

START_TEST(failures_are_left_alone)
{
	tell("A1", "free A1:f >> A1c@0 ; +1d >> A1c@0 ; +1 >> A1?@0 A1c@250");
}
END_TEST

/* ---- section 5 ---- */

START_TEST(meta_queries_leak)
{
	/* In clear where it must be, strict or not: the price of not waiting for ever. */
	tell("A1", "strict meta A1:f > A1c");
}
END_TEST

START_TEST(opportunistic_is_downgraded)
{
	/* Whoever drops what goes to port 853, or answers with a key of his own, gets to see it. */
	tell("A1", "free A=S > A1 A1c ; A1:t > A1 A1c ; A1:X > A1 A1c");
	tell("A1", "free A1:t > A1c");
}
END_TEST

START_TEST(strict_is_not_downgraded)
{
	tell("A1", "strict A=S > A1! ; A1:t > A1! ; A=B > A1! ; A1:X > refuse rejected");
	tell("A1", "strict A1:t > A1!?");
}
END_TEST

START_TEST(strict_wants_proven_names)
{
	tell("A1 B1", "strict B=S B:p0 B1:M > A1!? ; A=D > learn ; names=I > refuse no-key");
	tell("B1", "strict B=S B:p0 B1:M > learn ; names=I > refuse name-unproven ; B:p1 > B1!");
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("draft");
	TCase *tc = tcase_create("draft");

	tcase_add_test(tc, tlsa_name);
	tcase_add_loop_test(tc, chain_is_asked_for, 0, 3);
	tcase_add_test(tc, query_is_made_once);
	tcase_add_loop_test(tc, raw_key_needs_its_key, 0, ROWS(raw_keys));
	tcase_add_test(tc, tls_before_keys);
	tcase_add_loop_test(tc, strict_stops, 0, ROWS(failing));
	tcase_add_loop_test(tc, strict_tries_others, 0, ROWS(failing));
	tcase_add_test(tc, strict_fails_at_last);
	tcase_add_loop_test(tc, opportunistic_goes_on, 0, ROWS(failing));
	tcase_add_loop_test(tc, opportunistic_tries_others_first, 0, ROWS(failing));
	tcase_add_test(tc, keys_are_remembered);
	tcase_add_test(tc, unknown_is_learnt);
	tcase_add_test(tc, same_server_is_asked);
	tcase_add_test(tc, two_that_need_each_other);
	tcase_add_test(tc, strict_is_by_rule);
	tcase_add_test(tc, strict_by_domain);
	tcase_add_test(tc, connections_are_used_again);
	tcase_add_test(tc, connections_stay_open);
	tcase_add_test(tc, both_ports);
	tcase_add_test(tc, failures_are_left_alone);
	tcase_add_test(tc, meta_queries_leak);
	tcase_add_test(tc, opportunistic_is_downgraded);
	tcase_add_test(tc, strict_is_not_downgraded);
	tcase_add_test(tc, strict_wants_proven_names);
	suite_add_tcase(suite, tc);
	return suite;
}
