/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/zones.c: does all of it hold when many threads are at it?
 *
 * Four threads put, note and ask, in no order, by a clock that is set forwards and backwards, in a
 * memory that is too small.  A server's name says of which zone it is, how it came there and until
 * when it holds, so that every reader can tell what must not be told of it; tests/run --all has it
 * watched by the thread sanitizer. */
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include "policy/zones.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define NOW CROWD_NOW
#define THREADS 4
#define ROUNDS 40000
#define ZONES 4000 /* more than there is room for */
#define TEXT 64
#define SPAN 30 /* seconds that names hold, at the most */
#define SIGNED 's'
#define REFERRED 'r'

typedef struct worker {
	danepriv_zones *zones;
	uint32_t random;
	const char *wrong; /* what was; NULL: nothing */
	unsigned secure, channel;
} worker;

static _Atomic danepriv_time clock_now;
static worker workers[THREADS];

static unsigned
draw(worker *w, unsigned bound)
{
	w->random = w->random * 1664525u + 1013904223u;
	return (w->random >> 8) % bound;
}

/* ---- what names say ---- */

static void
write_zone(unsigned number, char text[TEXT])
{
	(void)snprintf(text, TEXT, "z%u.test.", number);
}

/* Two of each; the longer one is not in the first cell of its entry. */
static void
write_names(unsigned number, char kind, danepriv_time until, char texts[2][TEXT])
{
	(void)snprintf(
	    texts[0], TEXT, "%c%lld.z%u.example.", kind, (long long)(until - NOW), number);
	(void)snprintf(texts[1], TEXT, "the-other-one-of-the-two.%.30s", texts[0]);
}

/* ---- what threads do; false: something is wrong ---- */

static bool
put(worker *w, unsigned number, danepriv_time now)
{
	static const danepriv_security securities[] = { DANEPRIV_SECURITY_SECURE,
		DANEPRIV_SECURITY_SECURE, DANEPRIV_SECURITY_SECURE, DANEPRIV_SECURITY_DENIED,
		DANEPRIV_SECURITY_INSECURE, DANEPRIV_SECURITY_BOGUS };
	danepriv_security security = securities[draw(w, ROWS(securities))];
	danepriv_time until = now + draw(w, SPAN);
	char zone[TEXT], texts[2][TEXT];
	const char *const names[] = { texts[0], texts[1] };
	danepriv_zone *vouched;

	write_zone(number, zone);
	write_names(number, SIGNED, until, texts);
	if (danepriv_zone_vouch(zone, security, DANEPRIV_REASON_NONE, names,
		security == DANEPRIV_SECURITY_SECURE ? 2 : 0, until, &vouched) != DANEPRIV_OK)
		return false;
	bool fine = danepriv_zones_put(w->zones, vouched, now) == DANEPRIV_OK;
	danepriv_zone_free(vouched);
	return fine;
}

static bool
refer(worker *w, unsigned number, danepriv_time now)
{
	static const char *const parents[] = { ".", "test." };
	danepriv_time until = now + draw(w, SPAN);
	char zone[TEXT], texts[2][TEXT];
	const char *const names[] = { texts[0], texts[1] };

	write_zone(number, zone);
	write_names(number, REFERRED, until, texts);
	return danepriv_zones_note_referral(w->zones, parents[draw(w, 2)],
		   DANEPRIV_DECISION_PROCEED, zone, names, 2, until, now) == DANEPRIV_OK;
}

/* Of what comes without leave nothing is ever to be seen. */
static bool
refer_without_leave(worker *w, unsigned number, danepriv_time now)
{
	char zone[TEXT];
	const char *const names[] = { "nobody.example." };

	write_zone(number, zone);
	return danepriv_zones_note_referral(w->zones, ".",
		   DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, zone, names, 1, now + SPAN,
		   now) == DANEPRIV_OK &&
	       danepriv_zones_get_provenance(w->zones, zone, names[0], now) ==
		   DANEPRIV_PROVENANCE_UNPROVEN;
}

static bool
decide(worker *w, unsigned number, danepriv_time now)
{
	char zone[TEXT];

	write_zone(number, zone);
	return danepriv_zones_note_decision(w->zones, zone, DANEPRIV_DECISION_PROCEED, now) ==
	       DANEPRIV_OK;
}

static bool
ask(worker *w, unsigned number, danepriv_time now)
{
	danepriv_time until = now + (danepriv_time)draw(w, SPAN) - 4;
	char kind = draw(w, 2) ? SIGNED : REFERRED;
	char zone[TEXT], texts[2][TEXT];

	write_zone(number, zone);
	write_names(number, kind, until, texts);
	danepriv_provenance told =
	    danepriv_zones_get_provenance(w->zones, zone, texts[draw(w, 2)], now);
	if (told == DANEPRIV_PROVENANCE_UNPROVEN)
		return true;
	w->secure += told == DANEPRIV_PROVENANCE_SECURE;
	w->channel += told == DANEPRIV_PROVENANCE_CHANNEL;
	return now <= until &&
	       told ==
		   (kind == SIGNED ? DANEPRIV_PROVENANCE_SECURE : DANEPRIV_PROVENANCE_CHANNEL) &&
	       danepriv_zones_get_provenance(w->zones, zone, "nobody.example.", now) ==
		   DANEPRIV_PROVENANCE_UNPROVEN;
}

/* Names of another zone are never those of this one. */
static bool
ask_wrongly(worker *w, unsigned number, danepriv_time now)
{
	char zone[TEXT], texts[2][TEXT];

	write_zone(number, zone);
	write_names(number + 1, draw(w, 2) ? SIGNED : REFERRED, now + draw(w, SPAN), texts);
	return danepriv_zones_get_provenance(w->zones, zone, texts[draw(w, 2)], now) ==
	       DANEPRIV_PROVENANCE_UNPROVEN;
}

static bool
set_clock(worker *w, unsigned number, danepriv_time now)
{
	danepriv_time then = now + (danepriv_time)draw(w, 10) - 4;

	if (number % 16 == 0 && then > NOW && then < NOW + 100000)
		atomic_store(&clock_now, then);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(worker *w, unsigned number, danepriv_time now);
} actions[] = { { "put", put }, { "put", put }, { "refer", refer }, { "refer", refer },
	{ "refer_without_leave", refer_without_leave }, { "decide", decide }, { "ask", ask },
	{ "ask", ask }, { "ask", ask }, { "ask_wrongly", ask_wrongly },
	{ "set_clock", set_clock } };

static void *
work(void *arg)
{
	worker *w = arg;

	for (unsigned i = 0; i < ROUNDS && !w->wrong; i++) {
		unsigned which = draw(w, ROWS(actions));
		/* Half of what is asked is about few zones, for which threads meet. */
		unsigned number = draw(w, draw(w, 2) ? 20 : ZONES);
		if (!actions[which].run(w, number, atomic_load(&clock_now)))
			w->wrong = actions[which].name;
	}
	return NULL;
}

/* One shard, and several. */
static const size_t sizes[] = { 262144, 1u << 20 };

START_TEST(many_threads)
{
	const danepriv_zones_settings settings = { sizeof settings, sizes[_i] };
	unsigned secure = 0, channel = 0;
	pthread_t threads[THREADS];
	danepriv_zones *zones;

	atomic_store(&clock_now, NOW + 1000);
	ck_assert_int_eq(danepriv_zones_new(&settings, &zones), DANEPRIV_OK);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (worker){ .zones = zones, .random = i * 7919 + (unsigned)_i };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		secure += workers[i].secure;
		channel += workers[i].channel;
	}
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_msg(!workers[i].wrong, "%zu: %s", sizes[_i], workers[i].wrong);
	/* Else all of this says nothing. */
	ck_assert_uint_gt(secure, 20);
	ck_assert_uint_gt(channel, 20);
	crowd_assert_sound_table(&zones->table);
	danepriv_zones_free(zones);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zones_threads");
	TCase *tc = tcase_create("zones_threads");

	tcase_set_timeout(tc, 250);
	tcase_add_loop_test(tc, many_threads, 0, ROWS(sizes));
	suite_add_tcase(suite, tc);
	return suite;
}
