/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/rules: are hundreds of thousands of rules found, by many threads, and in how much
 * memory? */
#include "base/bounds.h"
#include "support/heap.h"
#include "support/suite.h"

#include <danepriv/rules.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define ZONE DANEPRIV_RULE_ZONE
#define SERVER DANEPRIV_RULE_SERVER

static danepriv_rules *
rules_new(void)
{
	danepriv_rules *rules;

	ck_assert_int_eq(danepriv_rules_new(FREE, &rules), DANEPRIV_OK);
	return rules;
}

#define MANY 200000

/* Every third name strict, every third opportunistic, every third none. */
static size_t
name_many(unsigned i, char name[32])
{
	return (size_t)snprintf(name, 32, "d%u.e%u.test.", i * 2654435761u, i % 7) + 1;
}

static danepriv_rules *
build_many(size_t *octets)
{
	danepriv_rules *rules = rules_new();
	char name[32];

	*octets = 0;
	for (unsigned i = 0; i < 3 * MANY / 2; i++) {
		size_t len = name_many(i, name);
		if (i % 3 == 2)
			continue;
		*octets += len;
		ck_assert_int_eq(
		    danepriv_rules_add(rules, ZONE, name, i % 3 == 0 ? STRICT : FREE), DANEPRIV_OK);
	}
	return rules;
}

/* While they are added, too, 64 octets a rule and its name, which have an eighth of room to grow;
 * and the page that large blocks begin with. */
START_TEST(two_hundred_thousand)
{
	size_t octets;
	char name[64];

	heap_start();
	danepriv_rules *rules = build_many(&octets);
	size_t peak = heap_peak();
	if (heap_is_counted())
		ck_assert_uint_le(peak, (size_t)64 * MANY + octets + octets / 8 + 8192);
	for (unsigned i = 0; i < 3 * MANY / 2; i++) {
		danepriv_profile wanted = i % 3 == 0 ? STRICT : FREE;
		(void)name_many(i, name);
		ck_assert_int_eq(danepriv_rules_profile(rules, name, "."), wanted);
		ck_assert_int_eq(danepriv_rules_profile(rules, "test.", name), FREE);
		memmove(name + 2, name, 32);
		memcpy(name, "x.", 2);
		ck_assert_int_eq(danepriv_rules_profile(rules, name, "."), wanted);
	}
	danepriv_rules_free(rules);
}
END_TEST

/* As many names as there may be; a name that is there may still get another rule. */
START_TEST(as_many_as_there_may_be)
{
	danepriv_rules *rules = rules_new();
	char name[32];

	for (unsigned i = 0; i < DP_RULES_MAX; i++) {
		(void)snprintf(name, sizeof name, "%u", i);
		if (danepriv_rules_add(rules, ZONE, name, FREE) != DANEPRIV_OK)
			ck_abort_msg("%s", name);
	}
	ck_assert_int_eq(danepriv_rules_add(rules, ZONE, "more.", STRICT), DANEPRIV_ELIMIT);
	ck_assert_int_eq(danepriv_rules_add(rules, SERVER, ".", STRICT), DANEPRIV_ELIMIT);
	ck_assert_int_eq(danepriv_rules_profile(rules, "more.", "more."), FREE);
	ck_assert_int_eq(danepriv_rules_add(rules, ZONE, "7.", STRICT), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_rules_add(rules, SERVER, "8.", STRICT), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_rules_profile(rules, "7.", "more."), STRICT);
	ck_assert_int_eq(danepriv_rules_profile(rules, "9.", "8."), STRICT);
	ck_assert_int_eq(danepriv_rules_profile(rules, "9.", "9."), FREE);
	danepriv_rules_free(rules);
}
END_TEST

#define THREADS 4
#define EACH 20000

static void *
ask(void *arg)
{
	const danepriv_rules *rules = arg;
	char name[32];

	for (unsigned i = 0; i < EACH; i++) {
		(void)name_many(i, name);
		if (danepriv_rules_profile(rules, name, "ns.test.") != (i % 3 == 0 ? STRICT : FREE))
			return arg;
	}
	return NULL;
}

START_TEST(many_threads)
{
	pthread_t threads[THREADS];
	size_t octets;
	danepriv_rules *rules = build_many(&octets);

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, rules), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;
		ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
		ck_assert_ptr_null(wrong);
	}
	danepriv_rules_free(rules);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("rules_many");
	TCase *tc = tcase_create("rules_many");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, two_hundred_thousand);
	tcase_add_test(tc, as_many_as_there_may_be);
	tcase_add_test(tc, many_threads);
	suite_add_tcase(suite, tc);
	return suite;
}
