/* SPDX-License-Identifier: BSD-2-Clause
 * Who holds what?  Each object goes on when the program has let go of what it was made of: closed
 * first, closed last, and held by two. */
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#define NOW 2000000000

static const danepriv_server server = { .name = "ns1.example.net" };

/* ---- who holds a context ---- */

typedef struct holder {
	const char *name;
	void *(*make)(const danepriv *ctx);
	void (*use)(void *object);
	void (*end)(void *object);
} holder;

static void *
make_session(const danepriv *ctx)
{
	danepriv_session *session;

	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), DANEPRIV_OK);
	return session;
}

/* A chain is proven by the anchors of the context. */
static void
use_session(void *object)
{
	static const uint8_t none[] = { 0, 0 };
	danepriv_records *records;

	ck_assert_int_eq(
	    danepriv_session_give_extension(object, (danepriv_span){ none, sizeof none }, NOW),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_get_records(object, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_BOGUS);
	danepriv_records_free(records);
}

static void
end_session(void *object)
{
	danepriv_session_free(object);
}

static void *
make_lookup(const danepriv *ctx)
{
	danepriv_lookup *lookup;

	ck_assert_int_eq(danepriv_lookup_new(ctx, &server, &lookup), DANEPRIV_OK);
	return lookup;
}

static void *
make_zone(const danepriv *ctx)
{
	danepriv_lookup *lookup;

	ck_assert_int_eq(danepriv_lookup_new_zone(ctx, "example.net", &lookup), DANEPRIV_OK);
	return lookup;
}

static void
fail_questions(danepriv_lookup *lookup)
{
	danepriv_question question;

	while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK)
		ck_assert_int_eq(danepriv_lookup_give_failure(
				     lookup, question.id, DANEPRIV_REASON_QUERY_TIMEOUT),
		    DANEPRIV_OK);
}

static void
use_lookup(void *object)
{
	danepriv_records *records;

	while (danepriv_lookup_finish(object, NOW, &records) == DANEPRIV_EAGAIN)
		fail_questions(object);
	ck_assert_int_eq(danepriv_records_reason(records), DANEPRIV_REASON_QUERY_TIMEOUT);
	danepriv_records_free(records);
}

static void
use_zone(void *object)
{
	danepriv_zone *zone;

	while (danepriv_lookup_finish_zone(object, NOW, &zone) == DANEPRIV_EAGAIN)
		fail_questions(object);
	ck_assert_int_eq(danepriv_zone_reason(zone), DANEPRIV_REASON_QUERY_TIMEOUT);
	danepriv_zone_free(zone);
}

static void
end_lookup(void *object)
{
	danepriv_lookup_free(object);
}

static const holder holders[] = {
	{ "session", make_session, use_session, end_session },
	{ "lookup", make_lookup, use_lookup, end_lookup },
	{ "lookup of a zone", make_zone, use_zone, end_lookup },
};

static danepriv *
open_context(void)
{
	danepriv *ctx;

	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
	return ctx;
}

START_TEST(context_closed_first)
{
	const holder *h = &holders[_i];
	danepriv *ctx = open_context();
	void *object = h->make(ctx);

	danepriv_close(ctx);
	h->use(object);
	h->end(object);
	ck_assert_msg(dp_blocks() == 0, "%s", h->name);
}
END_TEST

START_TEST(context_closed_last)
{
	const holder *h = &holders[_i];
	danepriv *ctx = open_context();

	for (int times = 0; times < 2; times++) { /* it is as good as before */
		void *object = h->make(ctx);
		h->use(object);
		h->end(object);
	}
	danepriv_close(ctx);
	ck_assert_msg(dp_blocks() == 0, "%s", h->name);
}
END_TEST

/* Of each two holders one ends before the other is used. */
START_TEST(context_held_by_two)
{
	const holder *first = &holders[_i % 3], *second = &holders[_i / 3];
	danepriv *ctx = open_context();
	void *one = first->make(ctx), *other = second->make(ctx);

	danepriv_close(ctx);
	first->end(one);
	second->use(other);
	second->end(other);
	ck_assert_msg(dp_blocks() == 0, "%s, %s", first->name, second->name);
}
END_TEST

/* ---- what a program can hold twice ---- */

START_TEST(rules_exchanged_under_a_reader)
{
	danepriv_rules *rules;

	ck_assert_int_eq(danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules), DANEPRIV_OK);
	danepriv_rules *readers = danepriv_rules_ref(rules);
	ck_assert_ptr_eq(readers, rules);
	danepriv_rules_free(rules);
	ck_assert_int_eq(danepriv_rules_profile(readers, "a.example.", "b.example."),
	    DANEPRIV_PROFILE_OPPORTUNISTIC);
	danepriv_rules_free(readers);
	ck_assert_int_eq(dp_blocks(), 0);
	ck_assert_ptr_null(danepriv_rules_ref(NULL));
}
END_TEST

START_TEST(records_held_by_two)
{
	static const uint8_t rdata[35] = { 3, 1, 1 };
	danepriv_span span = { rdata, sizeof rdata };
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, NOW, &records),
	    DANEPRIV_OK);
	danepriv_records *other = danepriv_records_ref(records);
	ck_assert_ptr_eq(other, records);
	danepriv_records_free(records);
	ck_assert_uint_eq(danepriv_records_count(other), 1);
	danepriv_records_free(other);
	ck_assert_int_eq(dp_blocks(), 0);
	ck_assert_ptr_null(danepriv_records_ref(NULL));
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("lifetimes");
	TCase *tc = tcase_create("lifetimes");

	tcase_add_loop_test(tc, context_closed_first, 0, ROWS(holders));
	tcase_add_loop_test(tc, context_closed_last, 0, ROWS(holders));
	tcase_add_loop_test(tc, context_held_by_two, 0, ROWS(holders) * ROWS(holders));
	tcase_add_test(tc, rules_exchanged_under_a_reader);
	tcase_add_test(tc, records_held_by_two);
	suite_add_tcase(suite, tc);
	return suite;
}
