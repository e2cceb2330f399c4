/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/server_state: what has a server promised, and what became of it?  (RFC 9102 section 7) */
#include "cache/cache.h"
#include "cache/pack.h"
#include "support/cached.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>

#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define LAST_MINUTE (INT64_C(60) * UINT32_MAX)
/* In whole minutes, rounded down. */
#define END(hours) ((NOW + (hours)*HOUR) / 60 * 60)
#define NEVER INT64_MIN

static danepriv_server_state
state_at(danepriv_cache *cache, danepriv_time now)
{
	danepriv_server_state state = { .size = sizeof state, .record = 5 };

	(void)danepriv_cache_get_server_state(cache, &cached_server, now, &state);
	return state;
}

/* ---- when does a pin count? ---- */

static const struct {
	const char *name;
	uint16_t hours;
	danepriv_time set, asked, end;
} spans[] = {
	{ "at once", 1, NOW, NOW, END(1) },
	{ "before its end", 1, NOW, END(1) - 1, END(1) },
	{ "its last second", 1, NOW, END(1), END(1) },
	{ "a second later", 1, NOW, END(1) + 1, NEVER },
	{ "long after", 1, NOW, NOW + YEAR, NEVER },
	{ "the end of time", 1, NOW, INT64_MAX, NEVER },
	{ "nothing promised", 0, NOW, NOW, NEVER },
	{ "as much as is believed", 1440, NOW, NOW, END(1440) },
	{ "an hour more", 1441, NOW, NOW, END(1440) },
	{ "all that can be said", 65535, NOW, NOW, END(1440) },
	{ "all that can be said, over", 65535, NOW, END(1440) + 1, NEVER },
	{ "clock set back by a second", 1, NOW, NOW - 1, END(1) },
	{ "by a day", 1, NOW, NOW - DAY, END(1) },
	{ "as far as is believed", 1, NOW, END(1) - 60 * DAY, END(1) },
	{ "further", 1, NOW, END(1) - 60 * DAY - 1, NEVER },
	{ "long before", 1, NOW, 0, NEVER },
	{ "before 1970", 1, NOW, -NOW, NEVER },
	{ "the beginning of time", 1, NOW, INT64_MIN, NEVER },
	{ "set by a clock ten years ahead", 65535, NOW + 10 * YEAR, NOW, NEVER },
	{ "and when these are over", 1, NOW + 10 * YEAR, NOW + 10 * YEAR, END(87601) },
	{ "set before 1970", 1440, -NOW, -NOW, NEVER },
	{ "set before 1970, asked now", 1440, -NOW, NOW, NEVER },
	{ "set just before 1970", 2, -HOUR, 0, HOUR },
	{ "ends in 1970", 1, -HOUR, 0, NEVER },
	{ "set at the beginning of time", 1440, INT64_MIN, INT64_MIN, NEVER },
	{ "set at the beginning of time, asked now", 1440, INT64_MIN, NOW, NEVER },
	{ "set at the end of time", 1440, INT64_MAX, INT64_MAX, NEVER },
	{ "set at the end of time, asked now", 1440, INT64_MAX, NOW, NEVER },
	{ "the last hour that can be told", 1, LAST_MINUTE - HOUR, LAST_MINUTE, LAST_MINUTE },
	{ "later than can be told", 1, LAST_MINUTE, LAST_MINUTE + 1, NEVER },
};

START_TEST(span_of_a_pin)
{
	danepriv_cache *cache = cached_open();
	const char *name = spans[_i].name;

	ck_assert_int_eq(cached_put(cache, SECURE, "a", INT64_MAX, spans[_i].set), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_pin(cache, &cached_server, spans[_i].hours, spans[_i].set), DANEPRIV_OK);
	danepriv_time pinned = state_at(cache, spans[_i].asked).pinned;
	ck_assert_msg(pinned == spans[_i].end, "%s: %lld", name, (long long)pinned);
	/* Whatever clocks do, the state is asked for and not changed. */
	danepriv_time again = state_at(cache, spans[_i].asked).pinned;
	ck_assert_msg(again == pinned, "%s", name);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	const char *name;
	uint16_t first, second;
	danepriv_time end;
} changes[] = {
	{ "longer", 1, 7, END(7) },
	{ "shorter", 7, 1, END(1) },
	{ "lifted", 7, 0, NEVER },
	{ "lifted twice", 0, 0, NEVER },
	{ "set again", 0, 3, END(3) },
};

START_TEST(pin_is_changed)
{
	danepriv_cache *cache = cached_open();
	uint16_t hours[] = { changes[_i].first, changes[_i].second };

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW, NOW), DANEPRIV_OK);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
		    danepriv_cache_pin(cache, &cached_server, hours[i], NOW), DANEPRIV_OK);
	ck_assert_msg(state_at(cache, NOW).pinned == changes[_i].end, "%s", changes[_i].name);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- what becomes of it ---- */

/* Of a server with the keys "ab", that showed "b", and that is pinned for ten hours; its records
 * end after a hundred seconds. */
static const struct {
	const char *name;
	danepriv_security security;
	const char *keys;
	int at;
	bool is_pinned;
	size_t record;
} sequels[] = {
	{ "the same keys", SECURE, "ab", 1, true, 1 },
	{ "in another order", SECURE, "ba", 1, true, 0 },
	{ "the same keys when they had ended", SECURE, "ab", 101, true, 1 },
	{ "other keys", SECURE, "cd", 1, true, SIZE_MAX },
	{ "one that stays", SECURE, "b", 1, true, SIZE_MAX },
	{ "one more", SECURE, "abc", 1, true, SIZE_MAX },
	{ "denied", DENIED, "", 1, false, SIZE_MAX },
	{ "denied when they had ended", DENIED, "", 101, false, SIZE_MAX },
	{ "insecure", INSECURE, "", 1, false, SIZE_MAX },
	{ "bogus beside what holds", BOGUS, "", 1, true, 1 },
	{ "bogus", BOGUS, "", 101, true, SIZE_MAX },
	{ "indeterminate beside what holds", INDETERMINATE, "", 1, true, 1 },
	{ "indeterminate", INDETERMINATE, "", 101, true, SIZE_MAX },
};

static danepriv_cache *
open_pinned(void)
{
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(cached_put(cache, SECURE, "ab", NOW + 100, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_note_match(cache, &cached_server, 1, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_pin(cache, &cached_server, 10, NOW), DANEPRIV_OK);
	return cache;
}

START_TEST(sequel)
{
	danepriv_cache *cache = open_pinned();
	danepriv_time now = NOW + sequels[_i].at;
	const char *name = sequels[_i].name;

	ck_assert_int_eq(
	    cached_put(cache, sequels[_i].security, sequels[_i].keys, now + 50, now), DANEPRIV_OK);
	danepriv_server_state state = state_at(cache, now);
	ck_assert_msg(state.pinned == (sequels[_i].is_pinned ? END(10) : NEVER), "%s", name);
	ck_assert_msg(state.record == sequels[_i].record, "%s: %zu", name, state.record);
	ck_assert_msg(state.authenticated == NOW / 60 * 60, "%s", name);
	ck_assert_msg(
	    state.generation == danepriv_cache_generation(cache, &cached_server), "%s", name);
	danepriv_cache_free(cache);
}
END_TEST

/* What is too large to be kept whole says nothing of the pin. */
START_TEST(too_large)
{
	static uint8_t octets[8191];
	danepriv_span rdata = { octets, sizeof octets };
	danepriv_cache *cache = open_pinned();
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &rdata, 1, NOW, &records),
	    DANEPRIV_OK);
	danepriv_time pinned = state_at(cache, NOW).pinned;
	ck_assert_int_ne(pinned, NEVER);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state_at(cache, NOW).pinned, pinned);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(claims_do_not_touch_it)
{
	danepriv_cache *cache = open_pinned();

	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(state_at(cache, NOW).pinned, END(10));
	ck_assert_int_eq(danepriv_cache_release(cache, &cached_server), DANEPRIV_OK);
	ck_assert_int_eq(state_at(cache, NOW).pinned, END(10));
	ck_assert_uint_eq(state_at(cache, NOW).record, 1);
	danepriv_cache_free(cache);
}
END_TEST

/* Whoever fills the cache with names does not get rid of it; who is forgotten is. */
START_TEST(eviction)
{
	danepriv_cache *cache = open_pinned();
	bool is_kept = _i == 0;
	char text[64];

	for (unsigned i = 0; i < 5000; i++) {
		danepriv_server server = crowd_server(i, "flood", text);
		crowd_put(cache, &server, SECURE, 1, 35, NOW + 9, NOW);
		if (!is_kept)
			ck_assert_int_eq(
			    danepriv_cache_note_match(cache, &server, 0, NOW), DANEPRIV_OK);
	}
	danepriv_server_state state = state_at(cache, NOW);
	ck_assert_int_eq(state.pinned, is_kept ? END(10) : NEVER);
	ck_assert_int_eq(state.authenticated, is_kept ? NOW / 60 * 60 : NEVER);
	ck_assert_int_eq(cached_put(cache, SECURE, "ab", NOW + 9, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state_at(cache, NOW).pinned, is_kept ? END(10) : NEVER);
	danepriv_cache_free(cache);
}
END_TEST

/* Somebody else's record may have been put since a peer was judged. */
static const struct {
	const char *name, *keys; /* NULL: nothing is known */
	danepriv_security security;
	char shown;
	bool says;
	uint16_t hours;
	size_t record;
	danepriv_time pinned;
} confirmed[] = {
	{ "first record", "ab", SECURE, 'a', false, 0, 0, END(10) },
	{ "second record", "ab", SECURE, 'b', false, 0, 1, END(10) },
	{ "longer", "ab", SECURE, 'b', true, 20, 1, END(20) + 60 },
	{ "shorter", "ab", SECURE, 'b', true, 2, 1, END(2) + 60 },
	{ "lifted", "ab", SECURE, 'b', true, 0, 1, NEVER },
	{ "of keys that went", "cd", SECURE, 'a', true, 20, SIZE_MAX, END(10) },
	{ "of keys that went, lifted", "cd", SECURE, 'a', true, 0, SIZE_MAX, NEVER },
	{ "denied meanwhile", "", DENIED, 'a', true, 20, SIZE_MAX, NEVER },
	{ "forgotten meanwhile", NULL, SECURE, 'a', true, 20, SIZE_MAX, NEVER },
};

START_TEST(confirmation)
{
	danepriv_cache *cache = confirmed[_i].keys ? open_pinned() : cached_open();
	danepriv_records *records = cached_records(SECURE, "ab", NOW);
	danepriv_time later = NOW + 60; /* than it authenticated itself before */
	danepriv_span rdata = danepriv_records_rdata(records, confirmed[_i].shown == 'b');
	const char *name = confirmed[_i].name;
	dp_key key;

	if (confirmed[_i].keys)
		ck_assert_int_eq(
		    cached_put(cache, confirmed[_i].security, confirmed[_i].keys, NOW + 100, NOW),
		    DANEPRIV_OK);
	ck_assert_int_eq(dp_key_read(&cache->table, &cached_server, &key), DANEPRIV_OK);
	dp_cache_confirm(
	    cache, &key, rdata, confirmed[_i].says ? &confirmed[_i].hours : NULL, later);
	danepriv_server_state state = state_at(cache, later);
	ck_assert_msg(state.record == confirmed[_i].record, "%s", name);
	ck_assert_msg(state.pinned == confirmed[_i].pinned, "%s", name);
	bool is_there = confirmed[_i].record != SIZE_MAX;
	ck_assert_msg((state.authenticated == later / 60 * 60) == is_there, "%s", name);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- the state of a server ---- */

static const struct {
	const char *name;
	danepriv_security security;
	int at, valid_until; /* seconds after NOW; it is put at NOW */
	danepriv_security told;
	int again; /* 0: never */
} states[] = {
	{ "secure", SECURE, 5, 9, SECURE, 0 },
	{ "last second", SECURE, 9, 9, SECURE, 0 },
	{ "over", SECURE, 10, 9, NOTHING, 0 },
	{ "clock set back too far", SECURE, -10, 9, NOTHING, 0 },
	{ "denied", DENIED, 5, 9, DENIED, 0 },
	{ "insecure", INSECURE, 5, 9, INSECURE, 0 },
	{ "bogus", BOGUS, 5, 60, BOGUS, 60 },
	{ "bogus, last second", BOGUS, 60, 60, BOGUS, 60 },
	{ "bogus, over", BOGUS, 61, 60, NOTHING, 0 },
	{ "indeterminate, over, but left alone", INDETERMINATE, 5, 3, NOTHING, 60 },
};

START_TEST(state)
{
	danepriv_cache *cache = cached_open();
	const char *name = states[_i].name;

	ck_assert_int_eq(
	    cached_put(cache, states[_i].security, "ab", NOW + states[_i].valid_until, NOW),
	    DANEPRIV_OK);
	danepriv_server_state s = state_at(cache, NOW + states[_i].at);
	bool holds = states[_i].told != NOTHING;
	ck_assert_msg(s.security == states[_i].told, "%s", name);
	ck_assert_msg(
	    s.source == (holds ? DANEPRIV_SOURCE_VOUCHED : DANEPRIV_SOURCE_NONE), "%s", name);
	ck_assert_msg(s.valid_until == (holds ? NOW + states[_i].valid_until : NEVER), "%s", name);
	ck_assert_int_eq(s.reason, DANEPRIV_REASON_NONE);
	ck_assert_msg(s.generation == danepriv_cache_generation(cache, &cached_server), "%s", name);
	ck_assert_msg(s.again == (states[_i].again ? NOW + states[_i].again : NEVER), "%s", name);
	ck_assert_uint_eq(s.record, SIZE_MAX);
	ck_assert_int_eq(s.authenticated, NEVER);
	ck_assert_int_eq(s.pinned, NEVER);
	danepriv_cache_free(cache);
}
END_TEST

static void
check_nothing(const danepriv_server_state *s)
{
	ck_assert(s->security == NOTHING && s->reason == DANEPRIV_REASON_NONE &&
		  s->source == DANEPRIV_SOURCE_NONE);
	ck_assert(s->valid_until == NEVER && s->authenticated == NEVER && s->pinned == NEVER &&
		  s->again == NEVER);
	ck_assert(s->generation == 0 && s->record == SIZE_MAX);
}

START_TEST(nothing_is_known)
{
	danepriv_cache *cache = cached_open();
	danepriv_server_state s;

	memset(&s, 0x55, sizeof s);
	s.size = sizeof s;
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &cached_server, NOW, &s), NOTFOUND);
	check_nothing(&s);
	ck_assert_int_eq(danepriv_cache_pin(cache, &cached_server, 1, NOW), NOTFOUND);
	ck_assert_int_eq(danepriv_cache_pin(cache, &cached_server, 0, NOW), NOTFOUND);
	/* Nothing was made of it. */
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &cached_server, NOW, &s), NOTFOUND);
	/* Whom somebody is looking up is known. */
	ck_assert_int_eq(danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(cache, &cached_server, NOW, &s), DANEPRIV_OK);
	check_nothing(&s);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	danepriv_server server;
	danepriv_status pin, state;
} bad_servers[] = {
	{ { NULL, 0, 0 }, EINVAL_, EINVAL_ },
	{ { "192.0.2.1", 0, 0 }, EINVAL_, EINVAL_ },
	{ { ".", 0, 0 }, EINVAL_, EINVAL_ },
	{ { "a.b", 0, (danepriv_transport)9 }, EINVAL_, EINVAL_ },
	{ { "a.b", 0, 0, (danepriv_aliases)9 }, EINVAL_, EINVAL_ },
	{ { "a..b", 0, 0 }, MALFORMED, MALFORMED },
	{ { "a.b", 0, DANEPRIV_TRANSPORT_DOQ }, EINVAL_, NOTFOUND },
	{ { "a.b", 0, DANEPRIV_TRANSPORT_DOQ, 0, "_udp" }, EINVAL_, NOTFOUND },
	{ { "a.b", 0, DANEPRIV_TRANSPORT_DOH3 }, EINVAL_, NOTFOUND },
	{ { "a.b", 0, DANEPRIV_TRANSPORT_IPSEC }, EINVAL_, NOTFOUND },
	/* Not the one that is known. */
	{ { "ns1.example.net", 854, 0 }, NOTFOUND, NOTFOUND },
	{ { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DTLS }, NOTFOUND, NOTFOUND },
	{ { "ns2.example.net", 0, 0 }, NOTFOUND, NOTFOUND },
	{ { "ns1.example.net", 0, 0, DANEPRIV_ALIASES_FOLLOW }, DANEPRIV_OK, DANEPRIV_OK },
	{ { "NS1.Example.NET.", 853, 0 }, DANEPRIV_OK, DANEPRIV_OK },
};

START_TEST(servers)
{
	danepriv_cache *cache = cached_open();
	danepriv_server_state s = { .size = sizeof s };

	ck_assert_int_eq(cached_put(cache, SECURE, "a", NOW, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_pin(cache, &bad_servers[_i].server, 1, NOW), bad_servers[_i].pin);
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &bad_servers[_i].server, NOW, &s),
	    bad_servers[_i].state);
	if (bad_servers[_i].state != DANEPRIV_OK) {
		check_nothing(&s);
		ck_assert_int_eq(state_at(cache, NOW).pinned, NEVER);
	}
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(arguments)
{
	danepriv_cache *cache = cached_open();
	danepriv_server_state s = { .size = sizeof s };

	ck_assert_int_eq(danepriv_cache_pin(NULL, &cached_server, 1, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_pin(cache, NULL, 1, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get_server_state(NULL, &cached_server, NOW, &s), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, NULL, NOW, &s), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(cache, &cached_server, NOW, NULL), EINVAL_);
	const size_t sizes[] = { 0, sizeof s - 1, 4097 };
	for (int i = 0; i < ROWS(sizes); i++) {
		s.size = sizes[i];
		ck_assert_int_eq(
		    danepriv_cache_get_server_state(cache, &cached_server, NOW, &s), EINVAL_);
	}
	danepriv_cache_free(cache);
}
END_TEST

/* Nothing of it takes memory. */
START_TEST(without_memory)
{
	danepriv_cache *cache = open_pinned();

	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_cache_pin(cache, &cached_server, 3, NOW), DANEPRIV_OK);
	ck_assert_int_eq(state_at(cache, NOW).pinned, END(3));
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("pins");
	TCase *tc = tcase_create("pins");

	tcase_add_loop_test(tc, span_of_a_pin, 0, ROWS(spans));
	tcase_add_loop_test(tc, pin_is_changed, 0, ROWS(changes));
	tcase_add_loop_test(tc, sequel, 0, ROWS(sequels));
	tcase_add_test(tc, too_large);
	tcase_add_test(tc, claims_do_not_touch_it);
	tcase_add_loop_test(tc, eviction, 0, 2);
	tcase_add_loop_test(tc, confirmation, 0, ROWS(confirmed));
	tcase_add_loop_test(tc, state, 0, ROWS(states));
	tcase_add_test(tc, nothing_is_known);
	tcase_add_loop_test(tc, servers, 0, ROWS(bad_servers));
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
