/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/address: does this address want TLS?  (RFC 9539 section 4) */
#include "cache/cache.h"
#include "support/crowd.h"
#include "support/suite.h"

#include <string.h>

#define NOW 1700000000
#define PERSISTENCE 259200
#define DAMPING 86400
#define NONE DANEPRIV_WISH_NONE
#define TRY DANEPRIV_WISH_TRY
#define EXPECTED DANEPRIV_WISH_EXPECTED
#define EINVAL_ DANEPRIV_EINVAL

static const uint8_t octets[17] = { 192, 0, 2, 1 };
static const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

static danepriv_cache *
cache_open(uint32_t persistence_s, uint32_t damping_s, uint32_t timeout_s)
{
	const danepriv_cache_settings settings = { .size = sizeof settings,
		.persistence_s = persistence_s,
		.damping_s = damping_s,
		.timeout_s = timeout_s,
		.max_octets = 65536 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&settings, &cache), DANEPRIV_OK);
	return cache;
}

/* ---- what happened, and what follows ---- */

typedef struct wish_row {
	const char *name;
	const char *events; /* i, c, f, t, r: INITIATED and so on; one second each, from NOW on */
	int seconds;	    /* after the last of them */
	danepriv_wish wish;
} wish_row;

static const wish_row wishes[] = {
	{ "unknown", "", 0, TRY },
	{ "on its way", "i", 0, NONE },
	{ "on its way, the timeout", "i", 4, NONE },
	{ "timed out, as nobody says otherwise", "i", 5, NONE },
	{ "to the end of damping", "i", 4 + DAMPING, NONE },
	{ "damping is over", "i", 5 + DAMPING, TRY },
	{ "reached", "ic", 0, EXPECTED },
	{ "nearly as long as may be", "ic", PERSISTENCE - 1, EXPECTED },
	{ "as long as may be", "ic", PERSISTENCE, EXPECTED },
	{ "longer", "ic", PERSISTENCE + 1, TRY },
	{ "answered in between", "icrrrr", PERSISTENCE, EXPECTED },
	{ "answered, longer", "icrrrr", PERSISTENCE + 1, TRY },
	{ "reached, clock set back", "ic", -PERSISTENCE, EXPECTED },
	{ "reached, set back by more", "ic", -PERSISTENCE - 1, TRY },
	{ "failed", "if", 0, NONE },
	{ "failed, damped", "if", DAMPING, NONE },
	{ "failed, over", "if", DAMPING + 1, TRY },
	{ "failed, set back", "if", -DAMPING, NONE },
	{ "failed, set back by more", "if", -DAMPING - 1, TRY },
	{ "timed out", "it", 0, NONE },
	{ "timed out, damped", "it", DAMPING, NONE },
	{ "timed out, over", "it", DAMPING + 1, TRY },
	{ "reached, then failed", "icf", 0, NONE },
	{ "reached, then timed out", "icrt", 1, NONE },
	{ "failed, then reached", "ific", 0, EXPECTED },
	{ "reached, another on its way", "ici", 0, EXPECTED },
	{ "reached, another got lost", "ici", 4, EXPECTED },
	{ "as nobody says otherwise", "ici", 5, NONE },
	{ "to the end of damping", "ici", 4 + DAMPING, NONE },
	{ "damping is over", "ici", 5 + DAMPING, TRY },
	{ "reached, another got lost, the first one answers", "icir", 100, EXPECTED },
	{ "failed, another got lost, an answer", "ifir", 100, NONE },
	{ "failed, on its way", "ifi", 0, NONE },
	{ "an answer alone is no handshake", "r", 0, TRY },
	{ "failed, a late answer", "ifr", 0, NONE },
};

static danepriv_event
event_of(char letter)
{
	switch (letter) {
	case 'i':
		return DANEPRIV_EVENT_INITIATED;
	case 'c':
		return DANEPRIV_EVENT_COMPLETED;
	case 'f':
		return DANEPRIV_EVENT_FAILED;
	case 't':
		return DANEPRIV_EVENT_TIMED_OUT;
	default:
		return DANEPRIV_EVENT_RESPONSE;
	}
}

static danepriv_time
tell(danepriv_cache *cache, const char *events)
{
	danepriv_time now = NOW - 1;

	for (; *events; events++)
		ck_assert_int_eq(
		    danepriv_cache_note_event(cache, &address, event_of(*events), 0, ++now),
		    DANEPRIV_OK);
	return now;
}

START_TEST(wish)
{
	const wish_row *row = &wishes[_i];
	danepriv_cache *cache = cache_open(0, 0, 0);
	danepriv_time now = tell(cache, row->events) + row->seconds;
	danepriv_wish wanted = danepriv_cache_get_wish(cache, &address, now);

	ck_assert_msg(wanted == row->wish, "%s: %d", row->name, (int)wanted);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	const char *events;
	int seconds;
	danepriv_wish wish;
} settable[] = {
	{ "ic", 10, EXPECTED },
	{ "ic", 11, TRY },
	{ "if", 20, NONE },
	{ "if", 21, TRY },
	{ "i", 23, NONE },
	{ "i", 24, TRY },
};

START_TEST(times_are_settable)
{
	danepriv_cache *cache = cache_open(10, 20, 3);
	danepriv_time now = tell(cache, settable[_i].events) + settable[_i].seconds;

	ck_assert_int_eq(danepriv_cache_get_wish(cache, &address, now), settable[_i].wish);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- what servers published ---- */

typedef struct bound_row {
	const char *name;
	danepriv_security security; /* UNKNOWN: nothing */
	const char *events;
	int seconds; /* after NOW; the evidence holds for 100 */
	danepriv_wish wish;
} bound_row;

static const bound_row bounds[] = {
	{ "nothing", DANEPRIV_SECURITY_UNKNOWN, "", 0, TRY },
	{ "secure", DANEPRIV_SECURITY_SECURE, "", 0, EXPECTED },
	{ "secure, to the last", DANEPRIV_SECURITY_SECURE, "", 100, EXPECTED },
	{ "secure, over", DANEPRIV_SECURITY_SECURE, "", 101, TRY },
	{ "secure, failed", DANEPRIV_SECURITY_SECURE, "if", 5, NONE },
	{ "secure, timed out", DANEPRIV_SECURITY_SECURE, "it", 5, NONE },
	{ "secure, lost", DANEPRIV_SECURITY_SECURE, "i", 6, NONE },
	{ "secure, on its way", DANEPRIV_SECURITY_SECURE, "i", 1, EXPECTED },
	{ "secure, over, failed", DANEPRIV_SECURITY_SECURE, "if", 101, NONE },
	{ "denied", DANEPRIV_SECURITY_DENIED, "", 0, TRY },
	{ "denied, failed", DANEPRIV_SECURITY_DENIED, "if", 5, NONE },
	{ "denied, reached", DANEPRIV_SECURITY_DENIED, "ic", 5, EXPECTED },
	{ "insecure", DANEPRIV_SECURITY_INSECURE, "", 0, TRY },
	{ "bogus", DANEPRIV_SECURITY_BOGUS, "", 0, TRY },
	{ "indeterminate", DANEPRIV_SECURITY_INDETERMINATE, "", 0, TRY },
};

START_TEST(bound)
{
	const bound_row *row = &bounds[_i];
	const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_cache *cache = cache_open(0, 0, 0);

	ck_assert_int_eq(danepriv_cache_bind(cache, &address, &server), DANEPRIV_OK);
	if (row->security != DANEPRIV_SECURITY_UNKNOWN)
		crowd_put(cache, &server, row->security, 0, 35, NOW + 100, NOW);
	(void)tell(cache, row->events);
	danepriv_wish wanted = danepriv_cache_get_wish(cache, &address, NOW + row->seconds);
	ck_assert_msg(wanted == row->wish, "%s: %d", row->name, (int)wanted);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- which address ---- */

static const uint8_t mapped[16] = { [10] = 255, [11] = 255, 192, 0, 2, 1 };
static const uint8_t compatible[16] = { [12] = 192, 0, 2, 1 };
static const uint8_t next[] = { 192, 0, 2, 2 };

static const struct {
	const char *name;
	danepriv_address address;
	bool is_same, is_none;
} addresses[] = {
	{ "the same", { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT }, true, false },
	{ "its port by number", { { octets, 4 }, 853, DANEPRIV_TRANSPORT_DOT }, true, false },
	{ "IPv4 in IPv6", { { mapped, 16 }, 0, DANEPRIV_TRANSPORT_DOT }, true, false },
	{ "IPv4-compatible", { { compatible, 16 }, 0, DANEPRIV_TRANSPORT_DOT }, false, false },
	{ "IPv6", { { octets, 16 }, 0, DANEPRIV_TRANSPORT_DOT }, false, false },
	{ "another", { { next, 4 }, 0, DANEPRIV_TRANSPORT_DOT }, false, false },
	{ "another port", { { octets, 4 }, 854, DANEPRIV_TRANSPORT_DOT }, false, false },
	{ "another transport", { { octets, 4 }, 853, DANEPRIV_TRANSPORT_DOQ }, false, false },
	{ "nothing", { { NULL, 0 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "no octets", { { NULL, 4 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "none", { { octets, 0 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "three", { { octets, 3 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "five", { { octets, 5 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "seventeen", { { octets, 17 }, 0, DANEPRIV_TRANSPORT_DOT }, false, true },
	{ "unknown transport", { { octets, 4 }, 853, (danepriv_transport)9 }, false, true },
};

START_TEST(which_address)
{
	const danepriv_address *other = &addresses[_i].address;
	const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_address_state state = { .size = sizeof state };
	danepriv_cache *cache = cache_open(0, 0, 0);
	danepriv_status wanted = addresses[_i].is_none	 ? EINVAL_
				 : addresses[_i].is_same ? DANEPRIV_OK
							 : DANEPRIV_ENOTFOUND;

	(void)tell(cache, "ic");
	ck_assert_int_eq(danepriv_cache_get_address_state(cache, other, &state), wanted);
	ck_assert_msg(
	    danepriv_cache_get_wish(cache, other, NOW) == (addresses[_i].is_none      ? NONE
							      : addresses[_i].is_same ? EXPECTED
										      : TRY),
	    "%s", addresses[_i].name);
	wanted = addresses[_i].is_none ? EINVAL_ : DANEPRIV_OK;
	ck_assert_int_eq(
	    danepriv_cache_note_event(cache, other, DANEPRIV_EVENT_FAILED, 0, NOW), wanted);
	ck_assert_int_eq(danepriv_cache_bind(cache, other, &server), wanted);
	ck_assert_int_eq(
	    danepriv_cache_get_wish(cache, &address, NOW), addresses[_i].is_same ? NONE : EXPECTED);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(no_arguments)
{
	const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_address_state state = { .size = sizeof state };
	danepriv_cache *cache = cache_open(0, 0, 0);
	static const int events[] = { -1, 0, 6, 1000 };

	for (int i = 0; i < ROWS(events); i++)
		ck_assert_int_eq(
		    danepriv_cache_note_event(cache, &address, (danepriv_event)events[i], 0, NOW),
		    EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_note_event(NULL, &address, DANEPRIV_EVENT_FAILED, 0, NOW), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_note_event(cache, NULL, DANEPRIV_EVENT_FAILED, 0, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_bind(NULL, &address, &server), EINVAL_);
	ck_assert_int_eq(danepriv_cache_bind(cache, NULL, &server), EINVAL_);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get_wish(NULL, &address, NOW), NONE);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, NULL, NOW), NONE);
	ck_assert_int_eq(danepriv_cache_get_address_state(NULL, &address, &state), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get_address_state(cache, NULL, &state), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get_address_state(cache, &address, NULL), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_get_address_state(cache, &address, &state), DANEPRIV_ENOTFOUND);
	state.size--;
	ck_assert_int_eq(danepriv_cache_get_address_state(cache, &address, &state), EINVAL_);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- what is told of it ---- */

static void
assert_state(danepriv_cache *cache, const danepriv_address_state *wanted)
{
	danepriv_address_state state = { .size = sizeof state };

	(void)danepriv_cache_get_address_state(cache, &address, &state);
	ck_assert_int_eq(state.reach, wanted->reach);
	ck_assert_int_eq(state.initiated, wanted->initiated);
	ck_assert_int_eq(state.completed, wanted->completed);
	ck_assert_int_eq(state.last_response, wanted->last_response);
	ck_assert_uint_eq(state.rtt_us, wanted->rtt_us);
}

static const struct {
	danepriv_event event;
	uint32_t rtt_us;
	danepriv_address_state then;
} events[] = {
	{ DANEPRIV_EVENT_INITIATED, 99, { 0, DANEPRIV_REACH_UNKNOWN, 0, 0, INT64_MIN, INT64_MIN } },
	{ DANEPRIV_EVENT_TIMED_OUT, 99, { 0, DANEPRIV_REACH_TIMEOUT, 0, 0, 1, INT64_MIN } },
	{ DANEPRIV_EVENT_INITIATED, 99, { 0, DANEPRIV_REACH_TIMEOUT, 0, 2, 1, INT64_MIN } },
	{ DANEPRIV_EVENT_COMPLETED, 8000, { 0, DANEPRIV_REACH_SUCCESS, 8000, 2, 3, 3 } },
	{ DANEPRIV_EVENT_RESPONSE, 16000, { 0, DANEPRIV_REACH_SUCCESS, 9000, 2, 3, 4 } },
	{ DANEPRIV_EVENT_RESPONSE, 0, { 0, DANEPRIV_REACH_SUCCESS, 9000, 2, 3, 5 } },
	{ DANEPRIV_EVENT_RESPONSE, 1000, { 0, DANEPRIV_REACH_SUCCESS, 8000, 2, 3, 6 } },
	{ DANEPRIV_EVENT_FAILED, 99, { 0, DANEPRIV_REACH_FAIL, 8000, 2, 7, 6 } },
	{ DANEPRIV_EVENT_COMPLETED, UINT32_MAX, { 0, DANEPRIV_REACH_SUCCESS, 536877911, 2, 8, 8 } },
};

START_TEST(state_is_told)
{
	const danepriv_address_state never = { 0, DANEPRIV_REACH_UNKNOWN, 0, INT64_MIN, INT64_MIN,
		INT64_MIN };
	danepriv_cache *cache = cache_open(0, 0, 0);

	assert_state(cache, &never);
	for (int i = 0; i < ROWS(events); i++) {
		ck_assert_int_eq(danepriv_cache_note_event(
				     cache, &address, events[i].event, events[i].rtt_us, i),
		    DANEPRIV_OK);
		assert_state(cache, &events[i].then);
	}
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("address");
	TCase *tc = tcase_create("address");

	tcase_add_loop_test(tc, wish, 0, ROWS(wishes));
	tcase_add_loop_test(tc, times_are_settable, 0, ROWS(settable));
	tcase_add_loop_test(tc, bound, 0, ROWS(bounds));
	tcase_add_loop_test(tc, which_address, 0, ROWS(addresses));
	tcase_add_test(tc, no_arguments);
	tcase_add_test(tc, state_is_told);
	suite_add_tcase(suite, tc);
	return suite;
}
