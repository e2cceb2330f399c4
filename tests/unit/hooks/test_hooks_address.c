/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: the addresses of sockets, which of them want TLS, and which comes first? */
#include "support/failing_alloc.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/hooks.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <stdbool.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define PROVEN DANEPRIV_PROVENANCE_SECURE
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define PLACES_MAX 128

/* ---- what can be read ---- */

START_TEST(readable)
{
	const size_t lengths[KINDS] = { [IPV4] = 4, [IPV6] = 16, [MAPPED] = 16 };
	address_kind k = (address_kind)_i;
	any_address room;
	danepriv_address read;
	resolving r;

	memset(&read, 0xff, sizeof read);
	const struct sockaddr *address = address_of(k, 1, &room);
	danepriv_status status = danepriv_address_read(address, DANEPRIV_TRANSPORT_DOQ, &read);
	ck_assert_int_eq(status, lengths[k] ? DANEPRIV_OK : DANEPRIV_EINVAL);
	ck_assert_uint_eq(read.octets.len, lengths[k]);
	ck_assert_uint_eq(read.port, 0);
	ck_assert_int_eq(
	    read.transport, lengths[k] ? DANEPRIV_TRANSPORT_DOQ : DANEPRIV_TRANSPORT_DOT);
	if (lengths[k])
		ck_assert_int_eq(read.octets.data[lengths[k] - 1], 1);
	else
		ck_assert_ptr_null(read.octets.data);
	ck_assert_int_eq(
	    danepriv_address_read(address, DANEPRIV_TRANSPORT_DOQ, NULL), DANEPRIV_EINVAL);
	/* What cannot be read is no hindrance: nothing is noted of it. */
	resolving_open(&r, STRICT);
	r.address = address;
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	ck_assert_int_eq(resolving_verify(&r, "ee", 0, NULL), DANEPRIV_DECISION_PROCEED);
	resolving_close(&r);
}
END_TEST

/* ---- does it want TLS? ---- */

typedef struct wish_row {
	const char *name;
	address_kind noted, asked;
	danepriv_transport transport;
	danepriv_event events[2];
	int seconds; /* until it is asked */
	danepriv_status status;
	danepriv_wish wish;
} wish_row;

#define EVENT(e) DANEPRIV_EVENT_##e

static const wish_row wishes[] = {
	{ "reached", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT, { EVENT(INITIATED), EVENT(COMPLETED) }, 10,
	    0, DANEPRIV_WISH_EXPECTED },
	{ "reached, mapped", IPV4, MAPPED, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(COMPLETED) }, 10, 0, DANEPRIV_WISH_EXPECTED },
	{ "reached as mapped", MAPPED, IPV4, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(COMPLETED) }, 10, 0, DANEPRIV_WISH_EXPECTED },
	{ "reached, IPv6", IPV6, IPV6, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(COMPLETED) }, 10, 0, DANEPRIV_WISH_EXPECTED },
	{ "reached long ago", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(COMPLETED) }, 300000, 0, DANEPRIV_WISH_TRY },
	{ "failed", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT, { EVENT(INITIATED), EVENT(FAILED) }, 10, 0,
	    DANEPRIV_WISH_NONE },
	{ "failed long ago", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(FAILED) }, 100000, 0, DANEPRIV_WISH_TRY },
	{ "on its way", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT, { EVENT(INITIATED) }, 1, 0,
	    DANEPRIV_WISH_NONE },
	{ "another address", IPV4, IPV6, DANEPRIV_TRANSPORT_DOT,
	    { EVENT(INITIATED), EVENT(FAILED) }, 10, 0, DANEPRIV_WISH_TRY },
	{ "another transport", IPV4, IPV4, DANEPRIV_TRANSPORT_DOQ,
	    { EVENT(INITIATED), EVENT(FAILED) }, 10, 0, DANEPRIV_WISH_TRY },
	{ "no such transport", IPV4, IPV4, (danepriv_transport)99, { EVENT(FAILED) }, 10,
	    DANEPRIV_EINVAL, DANEPRIV_WISH_TRY },
	{ "no such event", IPV4, IPV4, DANEPRIV_TRANSPORT_DOT, { (danepriv_event)99 }, 10,
	    DANEPRIV_EINVAL, DANEPRIV_WISH_TRY },
	{ "local", LOCAL, LOCAL, DANEPRIV_TRANSPORT_DOT, { EVENT(COMPLETED) }, 10, DANEPRIV_EINVAL,
	    DANEPRIV_WISH_NONE },
	{ "none", NONE, NONE, DANEPRIV_TRANSPORT_DOT, { EVENT(COMPLETED) }, 10, DANEPRIV_EINVAL,
	    DANEPRIV_WISH_NONE },
	{ "unspecified", UNSPECIFIED, UNSPECIFIED, DANEPRIV_TRANSPORT_DOT, { EVENT(COMPLETED) }, 10,
	    DANEPRIV_EINVAL, DANEPRIV_WISH_NONE },
};

static danepriv_wish
wants_tls(const resolving *r, const struct sockaddr *address, danepriv_time now)
{
	danepriv_address read;

	if (danepriv_address_read(address, DANEPRIV_TRANSPORT_DOT, &read) != DANEPRIV_OK)
		return DANEPRIV_WISH_NONE;
	return danepriv_cache_get_wish(r->cache, &read, now);
}

START_TEST(wish)
{
	const wish_row *row = &wishes[_i];
	any_address noted, asked;
	resolving r;

	resolving_open(&r, FREE);
	const struct sockaddr *address = address_of(row->noted, 1, &noted);
	for (int i = 0; i < 2 && row->events[i]; i++)
		ck_assert_msg(danepriv_hooks_note(&r.hooks, address, row->transport, row->events[i],
				  1000, NOW) == row->status,
		    "%s", row->name);
	address = address_of(row->asked, 1, &asked);
	ck_assert_msg(wants_tls(&r, address, NOW + row->seconds) == row->wish, "%s", row->name);
	resolving_close(&r);
}
END_TEST

/* A server that was judged at an address is bound to it: its keys make TLS expected there. */
START_TEST(verified_is_bound)
{
	any_address room;
	resolving r;

	resolving_open(&r, FREE);
	const struct sockaddr *address = address_of(_i ? MAPPED : IPV4, 1, &room);
	ck_assert_int_eq(wants_tls(&r, address, NOW), DANEPRIV_WISH_TRY);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	ck_assert_int_eq(
	    resolving_verify(&r, "other", 0, NULL), DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED);
	ck_assert_int_eq(wants_tls(&r, address, NOW), DANEPRIV_WISH_EXPECTED);
	ck_assert_int_eq(wants_tls(&r, address, NOW + 101), DANEPRIV_WISH_TRY);
	resolving_close(&r);
}
END_TEST

/* ---- in which order ---- */

/* What befalls the address 192.0.2.N or 2001:db8::N. */
typedef struct spot {
	address_kind family;
	uint8_t last;
	danepriv_event event; /* NONE: nothing */
	uint32_t rtt_us;
} spot;

typedef struct rank_row {
	const char *name;
	danepriv_profile profile;
	danepriv_provenance provenance;
	danepriv_security security; /* NOTHING: nothing is known */
	const char *match, *not ;   /* indices of addresses where `ee` was shown, or another key */
	spot spots[4];
	size_t count;
	const char *order;
} rank_row;

#define FOUR                                                                                       \
	{                                                                                          \
		{ IPV4, 1, 0, 0 }, { IPV4, 2, 0, 0 }, { IPV4, 3, 0, 0 },                           \
		{                                                                                  \
			IPV4, 4, 0, 0                                                              \
		}                                                                                  \
	}

static const rank_row ranks[] = {
	{ "as they come", STRICT, PROVEN, SECURE, "", "", FOUR, 4, "0123" },
	{ "as they come, freely", FREE, UNPROVEN, SECURE, "", "", FOUR, 4, "0123" },
	{ "one", STRICT, PROVEN, SECURE, "", "", FOUR, 1, "0" },
	{ "none", STRICT, PROVEN, SECURE, "", "", FOUR, 0, "" },
	{ "by a referral", STRICT, UNPROVEN, SECURE, "", "", FOUR, 4, "" },
	{ "denied", STRICT, PROVEN, DENIED, "", "", FOUR, 4, "" },
	{ "denied, freely", FREE, PROVEN, DENIED, "", "", FOUR, 4, "0123" },
	{ "insecure", STRICT, PROVEN, INSECURE, "", "", FOUR, 4, "" },
	{ "bogus", STRICT, PROVEN, BOGUS, "", "", FOUR, 4, "" },
	{ "bogus, freely", FREE, PROVEN, BOGUS, "", "", FOUR, 4, "0123" },
	{ "to be learnt", STRICT, PROVEN, NOTHING, "", "", FOUR, 4, "0123" },
	{ "one matched", STRICT, PROVEN, SECURE, "2", "", FOUR, 4, "2013" },
	{ "one was rejected", STRICT, PROVEN, SECURE, "", "0", FOUR, 4, "123" },
	{ "all were rejected", STRICT, PROVEN, SECURE, "", "0123", FOUR, 4, "" },
	{ "one was rejected, freely", FREE, PROVEN, SECURE, "", "0", FOUR, 4, "1230" },
	{ "all were rejected, freely", FREE, PROVEN, SECURE, "", "0123", FOUR, 4, "0123" },
	{ "by their times", STRICT, PROVEN, SECURE, "", "",
	    { { IPV4, 1, EVENT(COMPLETED), 9000 }, { IPV4, 2, EVENT(COMPLETED), 1000 },
		{ IPV6, 3, EVENT(COMPLETED), 4000 } },
	    3, "120" },
	{ "without TLS, freely", FREE, PROVEN, NOTHING, "", "",
	    { { IPV4, 1, EVENT(FAILED), 0 }, { IPV4, 2, 0, 0 },
		{ IPV4, 3, EVENT(COMPLETED), 500 } },
	    3, "210" },
	{ "what cannot be read", STRICT, PROVEN, SECURE, "", "",
	    { { LOCAL, 1, 0, 0 }, { IPV4, 2, 0, 0 }, { NONE, 3, 0, 0 }, { IPV6, 4, 0, 0 } }, 4,
	    "13" },
	{ "nothing can be read", FREE, PROVEN, SECURE, "", "",
	    { { LOCAL, 1, 0, 0 }, { UNKNOWN, 2, 0, 0 } }, 2, "" },
	{ "one of IPv4 in IPv6 was rejected", STRICT, PROVEN, SECURE, "", "1",
	    { { IPV6, 1, 0, 0 }, { MAPPED, 2, 0, 0 } }, 2, "0" },
};

/* Shows a key at each of the addresses. */
static void
show(resolving *r, const struct sockaddr *const *list, const char *indices, const char *shown)
{
	for (; *indices; indices++) {
		r->address = list[*indices - '0'];
		(void)resolving_verify(r, shown, 0, NULL);
	}
}

START_TEST(ranked)
{
	const rank_row *row = &ranks[_i];
	any_address room[4];
	const struct sockaddr *list[4];
	size_t order[4] = { 9, 9, 9, 9 };
	char text[5] = "";
	resolving r;

	resolving_open(&r, row->profile);
	if (row->security != NOTHING)
		resolving_put(&r, row->security, row->security == SECURE ? "ee" : NULL, 3, 100, 0);
	for (size_t i = 0; i < row->count; i++) {
		list[i] = address_of(row->spots[i].family, row->spots[i].last, &room[i]);
		if (row->spots[i].event)
			ck_assert_int_eq(
			    danepriv_hooks_note(&r.hooks, list[i], DANEPRIV_TRANSPORT_DOT,
				row->spots[i].event, row->spots[i].rtt_us, NOW),
			    DANEPRIV_OK);
	}
	show(&r, list, row->match, "ee");
	show(&r, list, row->not, "other");
	dp_fail_allocation_at(-1);
	size_t count = danepriv_hooks_rank(
	    &r.hooks, WWW, &cached_server, row->provenance, list, row->count, NOW, order);
	ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_uint_le(count, row->count);
	for (size_t i = 0; i < count; i++)
		text[i] = (char)('0' + order[i]);
	ck_assert_msg(strcmp(text, row->order) == 0, "%s: %s", row->name, text);
	for (size_t i = count; i < 4; i++)
		ck_assert_uint_eq(order[i], 9);
	resolving_close(&r);
}
END_TEST

/* More addresses than are looked at. */
START_TEST(rank_bound)
{
	any_address room[PLACES_MAX + 1];
	const struct sockaddr *list[PLACES_MAX + 1];
	size_t order[PLACES_MAX + 1];
	bool seen[PLACES_MAX + 1] = { false };
	resolving r;

	resolving_open(&r, _i ? FREE : STRICT);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	for (size_t i = 0; i <= PLACES_MAX; i++)
		list[i] = address_of(i % 2 ? IPV6 : IPV4, (uint8_t)i, &room[i]);
	ck_assert_uint_eq(danepriv_hooks_rank(&r.hooks, WWW, &cached_server, PROVEN, list,
			      PLACES_MAX + 1, NOW, order),
	    PLACES_MAX);
	for (size_t i = 0; i < PLACES_MAX; i++) {
		ck_assert_uint_lt(order[i], PLACES_MAX);
		ck_assert(!seen[order[i]]);
		seen[order[i]] = true;
	}
	resolving_close(&r);
}
END_TEST

/* ---- what nobody should hand in ---- */

START_TEST(arguments)
{
	const danepriv_server nameless = { .name = NULL };
	any_address room;
	size_t order[1];
	resolving r;

	resolving_open(&r, FREE);
	const struct sockaddr *list[] = { address_of(IPV4, 1, &room) };
	const danepriv_hooks *good = &r.hooks;
	danepriv_hooks shorter = r.hooks, empty = r.hooks, zero;
	shorter.size--;
	empty.cache = NULL;
	memset(&zero, 0, sizeof zero);
	const danepriv_hooks *const bad[] = { NULL, &shorter, &empty, &zero };
	ck_assert_uint_eq(
	    danepriv_hooks_rank(good, WWW, &cached_server, PROVEN, list, 1, NOW, order), 1);
	for (int i = 0; i < ROWS(bad); i++) {
		ck_assert_uint_eq(
		    danepriv_hooks_rank(bad[i], WWW, &cached_server, PROVEN, list, 1, NOW, order),
		    0);
		ck_assert_int_eq(
		    danepriv_hooks_channels(bad[i], WWW, &cached_server, PROVEN, list[0], NOW),
		    DANEPRIV_CHANNELS_NONE);
		ck_assert_int_eq(danepriv_hooks_note(bad[i], list[0], DANEPRIV_TRANSPORT_DOT,
				     EVENT(COMPLETED), 0, NOW),
		    DANEPRIV_EINVAL);
	}
	const struct {
		const char *name;
		const danepriv_server *server;
		const struct sockaddr *const *list;
		size_t *order;
	} rows[] = {
		{ NULL, &cached_server, list, order },
		{ "a..b", &cached_server, list, order },
		{ WWW, NULL, list, order },
		{ WWW, &nameless, list, order },
		{ WWW, &cached_server, NULL, order },
		{ WWW, &cached_server, list, NULL },
	};
	for (int i = 0; i < ROWS(rows); i++)
		ck_assert_msg(danepriv_hooks_rank(good, rows[i].name, rows[i].server, PROVEN,
				  rows[i].list, 1, NOW, rows[i].order) == 0,
		    "row %d", i);
	for (int i = 0; i < ROWS(rows); i++)
		ck_assert_msg(danepriv_hooks_channels(good, rows[i].name, rows[i].server, PROVEN,
				  rows[i].list && rows[i].order ? list[0] : NULL,
				  NOW) == DANEPRIV_CHANNELS_NONE,
		    "row %d", i);
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks_address");
	TCase *tc = tcase_create("hooks_address");

	tcase_add_loop_test(tc, readable, 0, KINDS);
	tcase_add_loop_test(tc, wish, 0, ROWS(wishes));
	tcase_add_loop_test(tc, verified_is_bound, 0, 2);
	tcase_add_loop_test(tc, ranked, 0, ROWS(ranks));
	tcase_add_loop_test(tc, rank_bound, 0, 2);
	tcase_add_test(tc, arguments);
	suite_add_tcase(suite, tc);
	return suite;
}
