/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns/sigpipe: does a program outlive a write to a connection that has ended, whatever it
 * does itself about the signal? */
#include "support/probe.h"
#include "support/suite.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t signals;

static void
count_signal(int number)
{
	(void)number;
	signals++;
}

static const struct {
	const char *name;
	void (*handler)(int);
	bool blocked, pending; /* by the caller; before */
	int signals;	       /* that must reach the caller once he lets them */
} sigpipe_rows[] = {
	{ "default: the process would end", SIG_DFL, false, false, 0 },
	{ "ignored", SIG_IGN, false, false, 0 },
	{ "handled", count_signal, false, false, 0 },
	{ "blocked", count_signal, true, false, 1 },
	{ "blocked, and one waits", count_signal, true, true, 1 },
};

#define WAYS 3
static const int ways_to_call[WAYS] = { TIMES, READS, WRITES };

/* As getdns does it. */
static void
write_to_nobody(probe *p)
{
	int ends[2];

	probe_clear(p);
	ck_assert_int_eq(pipe(ends), 0);
	(void)close(ends[0]);
	ck_assert_int_eq(write(ends[1], "", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	(void)close(ends[1]);
}

static bool
is_blocked(void)
{
	sigset_t mask;

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);
	return sigismember(&mask, SIGPIPE);
}

/* Whoever calls us lives, sees none of it, and blocks afterwards what he blocked before. */
START_TEST(sigpipe)
{
	size_t row = (size_t)_i / WAYS;
	probe p = { .action = write_to_nobody };
	sigset_t set;
	int pair[2];

	signals = 0;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	ck_assert(signal(SIGPIPE, sigpipe_rows[row].handler) != SIG_ERR);
	ck_assert_int_eq(
	    pthread_sigmask(sigpipe_rows[row].blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL), 0);
	if (sigpipe_rows[row].pending)
		ck_assert_int_eq(raise(SIGPIPE), 0);
	probe_open_pair(pair);
	probe_say(pair[1]);
	ck_assert_int_eq(probe_schedule(&p, ways_to_call[_i % WAYS], pair[0], 0), 0);
	probe_run();
	ck_assert_uint_eq(p.timeouts + p.reads + p.writes, 1);
	ck_assert_int_eq(signals, 0);
	ck_assert_int_eq(is_blocked(), sigpipe_rows[row].blocked);
	ck_assert_int_eq(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
	ck_assert_msg(signals == sigpipe_rows[row].signals, "%s: %d signals",
	    sigpipe_rows[row].name, (int)signals);
	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	probe_close_pair(pair);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("sigpipe");
	TCase *tc = tcase_create("sigpipe");

	tcase_add_checked_fixture(tc, probe_open_loop, probe_close_loop);
	tcase_add_loop_test(tc, sigpipe, 0, ROWS(sigpipe_rows) * WAYS);
	suite_add_tcase(suite, tc);
	return suite;
}
