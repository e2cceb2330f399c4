/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan: does each plan keep the rules, while others learn, note and forget? */
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#define NOW 1700000000
#define SERVERS 4
#define ROUNDS 2000

static const char *const names[SERVERS] = { "a.example", "b.example", "c.example", "d.example" };
static const uint8_t octets[SERVERS][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 }, { 10, 0, 0, 3 },
	{ 10, 0, 0, 4 } };
static danepriv_cache *cache;
static atomic_int left; /* writers that are still at it */

static void
put(const danepriv_server *server, danepriv_security security, uint8_t key)
{
	const uint8_t rdata[4] = { 3, 1, 0, key };
	const danepriv_span span = { rdata, sizeof rdata };
	danepriv_records *records;

	if (danepriv_records_vouch(server, NULL, security, DANEPRIV_REASON_NONE, &span,
		security == DANEPRIV_SECURITY_SECURE, NOW + 60, &records) == DANEPRIV_OK)
		(void)danepriv_cache_put(cache, records, NOW);
	danepriv_records_free(records);
}

/* Things happen to the servers, and newcomers push them out. */
static void *
write_often(void *arg)
{
	const unsigned *seed = arg;

	for (unsigned i = *seed; i < *seed + ROUNDS; i++) {
		unsigned k = i * 7 % SERVERS;
		const danepriv_server server = { .name = names[k] };
		const danepriv_address address = { { octets[k], 4 }, 0, DANEPRIV_TRANSPORT_DOT };
		const uint8_t other[4] = { 11, 0, (uint8_t)(i >> 8), (uint8_t)i };
		const danepriv_address newcomer = { { other, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
		put(&server, (danepriv_security)(1 + i % 5), (uint8_t)i);
		(void)danepriv_cache_note_event(
		    cache, &address, (danepriv_event)(1 + i % 5), 1, NOW);
		(void)danepriv_cache_note_finding(cache, &address, &server,
		    i % 9 == 1 ? DANEPRIV_FINDING_MATCH : (danepriv_finding)(i % 9), NOW);
		(void)danepriv_cache_note_finding(
		    cache, &newcomer, &server, DANEPRIV_FINDING_MATCH, NOW);
	}
	atomic_fetch_sub(&left, 1);
	return NULL;
}

/* Strict for all, but that nothing proves the name of the last one. */
static bool
keeps_the_rules(const danepriv_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const danepriv_attempt *a = &plan->attempts[i];
		if (a->channel != DANEPRIV_CHANNEL_ENCRYPTED || a->unauthenticated_ok ||
		    a->candidate == SERVERS - 1)
			return false;
	}
	return plan->count < SERVERS && (plan->step == DANEPRIV_STEP_ASK) == (plan->count > 0);
}

START_TEST(plans_among_writers)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 65536 };
	unsigned seeds[2] = { 0, 12345 };
	pthread_t writers[2];
	danepriv_candidate candidates[SERVERS];
	danepriv_place places[SERVERS];
	danepriv_attempt attempts[SERVERS];
	const danepriv_request request = { .size = sizeof request,
		.zone = ".",
		.name = "example",
		.candidates = candidates,
		.candidate_size = sizeof *candidates,
		.count = SERVERS };

	ck_assert_int_eq(danepriv_cache_new(&settings, &cache), DANEPRIV_OK);
	for (size_t i = 0; i < SERVERS; i++) {
		places[i] = (danepriv_place){ { octets[i], 4 }, 0 };
		candidates[i] = (danepriv_candidate){ .server = { .name = names[i] },
			.provenance = i < SERVERS - 1 ? DANEPRIV_PROVENANCE_SECURE
						      : DANEPRIV_PROVENANCE_UNPROVEN,
			.places = &places[i],
			.place_size = sizeof *places,
			.count = 1 };
	}
	atomic_store(&left, 2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&writers[i], NULL, write_often, &seeds[i]), 0);
	unsigned made = 0, wrong = 0;
	while (atomic_load(&left) > 0 || made < ROUNDS) {
		danepriv_plan plan = { .size = sizeof plan,
			.attempts = attempts,
			.attempt_size = sizeof *attempts,
			.room = SERVERS };
		wrong += danepriv_plan_make(cache, &request, NOW, &plan) != DANEPRIV_OK ||
			 !keeps_the_rules(&plan);
		made++;
	}
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(writers[i], NULL), 0);
	ck_assert_uint_eq(wrong, 0);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_threads");
	TCase *tc = tcase_create("plan_threads");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, plans_among_writers);
	suite_add_tcase(suite, tc);
	return suite;
}
