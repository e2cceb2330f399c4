/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns/loop, timers: is each event called when it is due, and never again after it is gone?
 * getdns closes descriptors before it clears their events, takes numbers into use again, and frees
 * events in their own callbacks. */
#include "getdns/carrier.h"
#include "getdns/flight.h"
#include "getdns/loop.h"
#include "getdns/timers.h"
#include "support/failing_alloc.h"
#include "support/probe.h"
#include "support/suite.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define FOREVER UINT64_MAX
#define FAR 3600000

/* ---- time ---- */

static const struct {
	const char *name;
	uint64_t timeout;
	int least, most; /* of danepriv_getdns_poll_timeout */
} timeouts[] = {
	{ "now", 0, 0, 0 },
	{ "an hour", FAR, FAR - 60000, FAR },
	{ "too far for an int", UINT64_C(1) << 40, INT_MAX, INT_MAX },
	{ "too far for the clock", FOREVER / 1000000, -1, -1 },
	{ "forever but one", FOREVER - 1, -1, -1 },
	{ "forever", FOREVER, -1, -1 },
};

START_TEST(every_timeout)
{
	probe p = { .reads = 0 };

	ck_assert_int_eq(danepriv_getdns_poll_timeout(probe_dns), -1);
	ck_assert_int_eq(probe_schedule(&p, TIMES, -1, timeouts[_i].timeout), 0);
	int ms = danepriv_getdns_poll_timeout(probe_dns);
	ck_assert_msg(ms >= timeouts[_i].least && ms <= timeouts[_i].most, "%s: %d ms",
	    timeouts[_i].name, ms);
	ck_assert_int_eq(probe_is_readable(0), ms == 0);
	probe_run();
	ck_assert_uint_eq(p.timeouts, ms == 0);
	probe_clear(&p);
	ck_assert_int_eq(danepriv_getdns_poll_timeout(probe_dns), -1);
}
END_TEST

/* The descriptor tells the time too; not of what was cleared, and of the rest once each. */
START_TEST(readable_in_time)
{
	probe sooner = { .reads = 0 }, later = { .reads = 0 };

	ck_assert_int_eq(probe_schedule(&sooner, TIMES, -1, 5), 0);
	ck_assert_int_eq(probe_schedule(&later, TIMES, -1, 50), 0);
	if (_i)
		probe_clear(&sooner);
	for (unsigned wanted = _i ? 1 : 0; wanted < 2; wanted++) {
		ck_assert(probe_is_readable(-1));
		probe_run();
		ck_assert_uint_eq(sooner.timeouts, !_i);
		ck_assert_uint_eq(later.timeouts, wanted);
		ck_assert(!probe_is_readable(0));
	}
	probe_clear(&sooner);
	probe_clear(&later); /* called once each, although nobody cleared them */
}
END_TEST

/* The timeout alone is enough: after it, something is due. */
START_TEST(timeout_is_enough)
{
	probe p = { .reads = 0 };

	ck_assert_int_eq(probe_schedule(&p, TIMES, -1, 2), 0);
	ck_assert_int_eq(poll(NULL, 0, danepriv_getdns_poll_timeout(probe_dns)), 0);
	probe_run();
	ck_assert_uint_eq(p.timeouts, 1);
	probe_clear(&p);
}
END_TEST

static void
again_at_once(probe *p)
{
	probe_clear(p);
	ck_assert_int_eq(probe_schedule(p, TIMES, -1, 0), 0);
}

START_TEST(turns_are_bounded)
{
	probe many[200] = { { .reads = 0 } };
	unsigned called = 0, turns = 0;
	probe p = { .action = again_at_once };

	ck_assert_int_eq(probe_schedule(&p, TIMES, -1, 0), 0);
	probe_run();
	ck_assert_uint_le(p.timeouts, 64);
	ck_assert(probe_is_readable(0));
	probe_clear(&p);
	ck_assert(!probe_is_readable(0));
	for (int i = 0; i < 200; i++)
		ck_assert_int_eq(probe_schedule(&many[i], TIMES, -1, 0), 0);
	for (; probe_is_readable(0); turns++)
		probe_run();
	ck_assert_uint_ge(turns, 3);
	for (int i = 0; i < 200; i++) {
		called += many[i].timeouts;
		probe_clear(&many[i]);
	}
	ck_assert_uint_eq(called, 200);
}
END_TEST

/* The heap against a plain search. */
START_TEST(first_is_first)
{
	dp_timer all[100] = { { .due = 0 } };
	bool is_in[100] = { false };
	dp_timers timers = { .count = 0 };
	uint32_t state = (uint32_t)_i + 1;

	for (int step = 0; step < 5000; step++) {
		state = state * 1103515245 + 12345;
		size_t at = (state >> 16) % 100;
		uint64_t due = (state >> 8) % 50;
		if (!is_in[at])
			ck_assert(dp_timers_add(&timers, &all[at], due));
		else if (step % 3)
			dp_timers_move(&timers, &all[at], due);
		else
			dp_timers_remove(&timers, &all[at]);
		is_in[at] = !is_in[at] || step % 3;
		uint64_t least = DP_TIMER_NEVER;
		for (size_t i = 0; i < 100; i++)
			if (is_in[i] && all[i].due < least)
				least = all[i].due;
		ck_assert_uint_eq(dp_timers_due(&timers), least);
		ck_assert_int_eq(dp_timers_first(&timers) != NULL, timers.count > 0);
	}
	dp_timers_free(&timers);
}
END_TEST

/* ---- who waits for room ---- */

/* First come, first served; whoever gives up leaves no gap. */
START_TEST(in_order)
{
	dp_waiting all[5] = { { .is_in = false } };
	dp_flight flight = { .count = 0 };

	ck_assert_ptr_null(dp_flight_next(&flight));
	for (int i = 0; i < 5; i++)
		dp_flight_wait(&flight, &all[i]);
	dp_flight_wait(&flight, &all[0]); /* waits already: keeps its place */
	dp_flight_give_up(&flight, &all[_i]);
	dp_flight_give_up(&flight, &all[_i]);
	flight.count = DP_FLIGHT_MAX;
	ck_assert_ptr_null(dp_flight_next(&flight));
	flight.count--;
	for (int i = 0; i < 5; i++)
		if (i != _i)
			ck_assert_ptr_eq(dp_flight_next(&flight), &all[i]);
	ck_assert_ptr_null(dp_flight_next(&flight));
	dp_flight_wait(&flight, &all[_i]);
	ck_assert_ptr_eq(dp_flight_next(&flight), &all[_i]);
}
END_TEST

/* ---- descriptors ---- */

START_TEST(read_and_write)
{
	probe reader = { .reads = 0 }, writer = { .reads = 0 }, both = { .reads = 0 };
	int pair[2];

	probe_open_pair(pair);
	ck_assert_int_eq(probe_schedule(&reader, READS | TIMES, pair[0], FAR), 0);
	ck_assert(!probe_is_readable(0));
	ck_assert_int_eq(probe_schedule(&writer, WRITES, pair[0], FOREVER), 0);
	ck_assert(probe_is_readable(0));
	probe_run();
	ck_assert_uint_eq(reader.reads + reader.timeouts, 0);
	ck_assert_uint_eq(writer.writes, 1);
	probe_say(pair[1]);
	probe_run();
	ck_assert_uint_eq(reader.reads, 1);
	ck_assert_uint_eq(writer.writes, 2);
	probe_clear(&writer);
	ck_assert(probe_is_readable(0)); /* nobody has read it */
	probe_run();
	ck_assert_uint_eq(reader.reads, 2);
	probe_clear(&reader);
	ck_assert(!probe_is_readable(0));
	ck_assert_int_eq(probe_schedule(&both, READS | WRITES, pair[0], FOREVER), 0);
	probe_run();
	ck_assert_uint_ge(both.reads + both.writes, 1);
	probe_clear(&both);
	probe_close_pair(pair);
}
END_TEST

/* The other end of a pipe goes away: nothing can be read or written, but the event is told. */
START_TEST(hangs_up)
{
	probe p = { .reads = 0 };
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(probe_schedule(&p, _i ? WRITES : READS, ends[_i], FOREVER), 0);
	(void)close(ends[!_i]);
	ck_assert(probe_is_readable(0));
	probe_run();
	ck_assert_uint_eq(p.reads + p.writes, 1);
	probe_clear(&p);
	ck_assert(!probe_is_readable(0));
	(void)close(ends[_i]);
}
END_TEST

/* The number of a descriptor is in use again before its event is cleared, or after. */
START_TEST(number_again)
{
	probe before = { .reads = 0 }, after = { .reads = 0 };
	int pair[2], again[2];

	probe_open_pair(pair);
	ck_assert_int_eq(probe_schedule(&before, READS, pair[0], FOREVER), 0);
	(void)close(pair[0]);
	if (_i)
		probe_clear(&before);
	probe_open_pair(again);
	ck_assert_int_eq(again[0], pair[0]);
	ck_assert_int_eq(probe_schedule(&after, READS, again[0], FOREVER), 0);
	probe_clear(&before);
	ck_assert(!probe_is_readable(0));
	probe_say(again[1]);
	ck_assert(probe_is_readable(0));
	probe_run();
	ck_assert_uint_eq(before.reads, 0);
	ck_assert_uint_eq(after.reads, 1);
	probe_clear(&after);
	ck_assert(!probe_is_readable(0));
	probe_close_pair(again);
	(void)close(pair[1]);
}
END_TEST

/* Ends the other one, whose descriptor is ready too, and reuses its number. */
static void
replace_other(probe *p)
{
	probe *other = p->other;
	int pair[2], at = other->fd;

	p->action = other->action = NULL;
	probe_clear(other);
	(void)close(at);
	probe_open_pair(pair);
	ck_assert_int_eq(pair[0], at);
	ck_assert_int_eq(probe_schedule(other, READS, at, FOREVER), 0);
	other->reads = 0;
	(void)close(pair[1]); /* it is readable, but was not when this turn began */
}

START_TEST(number_again_in_a_turn)
{
	probe a = { .action = replace_other }, b = { .action = replace_other };
	int first[2], second[2];

	a.other = &b;
	b.other = &a;
	probe_open_pair(first);
	probe_open_pair(second);
	ck_assert_int_eq(probe_schedule(&a, READS, first[0], FOREVER), 0);
	ck_assert_int_eq(probe_schedule(&b, READS, second[0], FOREVER), 0);
	probe_say(first[1]);
	probe_say(second[1]);
	probe_run();
	ck_assert_uint_eq(a.reads + b.reads, 1);
	probe_run();
	ck_assert_uint_eq(a.reads + b.reads, 3);
	probe_clear(&a);
	probe_clear(&b);
	probe_close_pair(first);
	probe_close_pair(second);
}
END_TEST

/* ---- events that go away in callbacks ---- */

static unsigned freed;

static void
free_both(probe *p)
{
	probe *other = p->other;

	probe_clear(p);
	probe_clear(other);
	free(other);
	free(p);
	freed++;
}

START_TEST(freed_in_callbacks)
{
	probe *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
	int pair[2];

	freed = 0;
	probe_open_pair(pair);
	probe_say(pair[1]);
	*a = (probe){ .action = free_both, .other = b };
	*b = (probe){ .action = free_both, .other = a };
	ck_assert_int_eq(probe_schedule(a, _i & 1 ? TIMES : READS | WRITES | TIMES, pair[0], 0), 0);
	ck_assert_int_eq(probe_schedule(b, _i & 2 ? TIMES : READS | WRITES | TIMES, pair[0], 0), 0);
	probe_run();
	ck_assert_uint_eq(freed, 1);
	ck_assert(!probe_is_readable(0));
	probe_close_pair(pair);
}
END_TEST

static void
destroy(probe *p)
{
	probe_clear(p);
	danepriv_getdns_close(probe_dns);
	probe_dns = NULL;
}

START_TEST(destroyed_in_callback)
{
	probe p = { .action = destroy }, left = { .reads = 0 };
	int pair[2];

	probe_open_pair(pair);
	probe_say(pair[1]);
	ck_assert_int_eq(probe_schedule(&p, _i & 1 ? TIMES : READS, pair[0], 0), 0);
	ck_assert_int_eq(probe_schedule(&left, READS | TIMES, pair[1], 10), 0);
	if (_i & 2)
		probe_loop->vmt->run(probe_loop);
	else
		probe_run();
	ck_assert_ptr_null(probe_dns);
	ck_assert_uint_eq(left.reads + left.timeouts, 0);
	probe_close_pair(pair);
}
END_TEST

/* Runs until nothing is scheduled that could still happen. */
START_TEST(runs_to_the_end)
{
	probe once = { .reads = 0 }, never = { .reads = 0 };

	probe_loop->vmt->run(probe_loop);
	probe_loop->vmt->run_once(probe_loop, 1);
	ck_assert_int_eq(probe_schedule(&once, TIMES, -1, 3), 0);
	ck_assert_int_eq(probe_schedule(&never, TIMES, -1, FOREVER), 0);
	probe_loop->vmt->run(probe_loop);
	ck_assert_uint_eq(once.timeouts, 1);
	ck_assert_uint_eq(never.timeouts, 0);
	probe_clear(&once);
	probe_clear(&never);
}
END_TEST

/* ---- what cannot be scheduled ---- */

START_TEST(arguments)
{
	FILE *file = tmpfile();
	probe p = { .reads = 0 };
	int pair[2];

	ck_assert_int_ne(probe_schedule(&p, 0, -1, 1), 0);
	ck_assert_int_ne(probe_schedule(&p, READS, -1, 1), 0);
	ck_assert_int_ne(probe_schedule(&p, READS, fileno(file), 1), 0);
	ck_assert_ptr_null(p.event.ev);
	probe_open_pair(pair);
	ck_assert_int_ne(probe_schedule(&p, 0, pair[0], 1), 0);
	probe_close_pair(pair);
	ck_assert_int_ne(probe_schedule(&p, READS | TIMES, pair[0], 0), 0);
	ck_assert_ptr_null(p.event.ev);
	probe_clear(&p);
	probe_run();
	ck_assert_uint_eq(p.reads + p.timeouts, 0);
	ck_assert_int_eq(danepriv_getdns_poll_timeout(probe_dns), -1);
	ck_assert_int_eq(danepriv_getdns_poll_fd(NULL), -1);
	ck_assert_int_eq(danepriv_getdns_poll_timeout(NULL), -1);
	danepriv_getdns_poll_run(NULL);
	(void)fclose(file);
}
END_TEST

/* There is a context for each upstream on it; it does not end with one of them. */
START_TEST(outlives_contexts)
{
	getdns_context *context = NULL;
	probe p = { .reads = 0 };

	ck_assert_int_eq(probe_schedule(&p, TIMES, -1, 0), 0);
	ck_assert_int_eq(getdns_context_create(&context, 0), 0);
	ck_assert_int_eq(getdns_context_set_eventloop(context, probe_loop), 0);
	getdns_context_destroy(context);
	ck_assert(probe_is_readable(0));
	probe_run();
	ck_assert_uint_eq(p.timeouts, 1);
	probe_clear(&p);
}
END_TEST

#define HIGH 300 /* a descriptor for which there is no room at first */

START_TEST(memory_runs_out)
{
	probe many[40] = { { .reads = 0 } };
	int pair[2];
	long n = 0;
	bool failed = true;

	probe_open_pair(pair);
	ck_assert_int_eq(dup2(pair[0], HIGH), HIGH);
	for (; failed; n++) {
		danepriv_getdns_close(probe_dns); /* what has grown would not grow again */
		ck_assert_int_eq(probe_try_open(), DANEPRIV_OK);
		probe_loop = dp_loop_base(probe_dns->loop);
		dp_fail_allocation_at(n);
		for (int i = 0; i < 40; i++) {
			getdns_return_t result =
			    probe_schedule(&many[i], READS | TIMES, i == 20 ? HIGH : pair[0], FAR);
			ck_assert_int_eq(result,
			    many[i].event.ev ? GETDNS_RETURN_GOOD : GETDNS_RETURN_MEMORY_ERROR);
		}
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		for (int i = 0; i < 40; i++)
			probe_clear(&many[i]);
		ck_assert_int_eq(danepriv_getdns_poll_timeout(probe_dns), -1);
		ck_assert(!probe_is_readable(0));
	}
	ck_assert_int_ge(n, 40 + 5); /* twice for descriptors, three times for the heap */
	probe_close_pair(pair);
	(void)close(HIGH);
}
END_TEST

START_TEST(descriptors_run_out)
{
	struct rlimit before, none;

	danepriv_getdns_close(probe_dns);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	int next = dup(0);
	ck_assert_int_ge(next, 0);
	(void)close(next);
	none.rlim_cur = (rlim_t)next + (rlim_t)_i;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	danepriv_status status = probe_try_open();
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(status, _i < 3 ? DANEPRIV_EADAPTER : DANEPRIV_OK);
	ck_assert_int_eq(probe_dns != NULL, status == DANEPRIV_OK);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("loop");
	TCase *tc = tcase_create("loop");

	tcase_add_checked_fixture(tc, probe_open_loop, probe_close_loop);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_timeout, 0, ROWS(timeouts));
	tcase_add_loop_test(tc, readable_in_time, 0, 2);
	tcase_add_loop_test(tc, timeout_is_enough, 0, 5);
	tcase_add_test(tc, turns_are_bounded);
	tcase_add_loop_test(tc, first_is_first, 0, 10);
	tcase_add_loop_test(tc, in_order, 0, 5);
	tcase_add_test(tc, read_and_write);
	tcase_add_loop_test(tc, hangs_up, 0, 2);
	tcase_add_loop_test(tc, number_again, 0, 2);
	tcase_add_test(tc, number_again_in_a_turn);
	tcase_add_loop_test(tc, freed_in_callbacks, 0, 4);
	tcase_add_loop_test(tc, destroyed_in_callback, 0, 4);
	tcase_add_test(tc, runs_to_the_end);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, outlives_contexts);
	tcase_add_test(tc, memory_runs_out);
	tcase_add_loop_test(tc, descriptors_run_out, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
