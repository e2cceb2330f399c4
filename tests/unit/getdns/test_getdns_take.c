/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns/take: who has a lookup, from its start until it is given back?  Whatever it is at, and
 * on whichever side of a fork. */
#include "support/fetching.h"
#include "support/loops.h"
#include "support/manners.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW 1900000000
#define MANY 8

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

/* Stopped after so many turns of the loop: it is not given back again, and nothing is left on the
 * loop.  Whoever wants a verdict still has one. */
START_TEST(stopped)
{
	upstream_manner manner = _i & 1 ? UPSTREAM_TRUNCATES : UPSTREAM_SILENT;
	danepriv_records *records = NULL;
	fetching f = { .ended = 0 };
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", manner));
	danepriv_getdns *dns = fetching_by(&r);
	fetching_start(&f, dns, fetching_ctx, &server, PATIENCE_MS, NOW);
	for (int i = 0; i < _i / 2; i++)
		danepriv_getdns_poll_run(dns);
	ck_assert_int_eq(danepriv_getdns_stop(dns, f.lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_stop(dns, f.lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_run(dns, f.lookup), DANEPRIV_EINVAL);
	danepriv_lookup_expire(f.lookup);
	ck_assert_int_eq(danepriv_lookup_finish(f.lookup, NOW, &records), DANEPRIV_OK);
	ck_assert_int_ne(danepriv_records_security(records), DANEPRIV_SECURITY_SECURE);
	danepriv_records_free(records);
	danepriv_lookup_free(f.lookup);
	loop_run_out(dns);
	ck_assert_uint_eq(fetching_take(&f, 1, dns, NOW), 0);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* The descriptor is readable until both were taken; and one that has ended can be stopped, or
 * waited for. */
START_TEST(ended)
{
	fetching those[3] = { { .ended = 0 } };
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = fetching_by(&r);
	struct pollfd p = { .fd = danepriv_getdns_poll_fd(dns), .events = POLLIN };
	for (int i = 0; i < 3; i++)
		fetching_start(&those[i], dns, fetching_ctx, &server, PATIENCE_MS, NOW);
	danepriv_lookup *other = those[2].lookup;
	ck_assert_int_eq(danepriv_getdns_run(dns, those[_i].lookup), DANEPRIV_OK);
	danepriv_lookup_free(those[_i].lookup);
	those[_i].lookup = NULL;
	for (int i = 0; i < 3; i++) /* those that ended meanwhile are ended still */
		if (i != _i && i != 2)
			ck_assert_int_eq(danepriv_getdns_run(dns, those[i].lookup), DANEPRIV_OK);
	for (int i = 0; i < 2; i++) {
		danepriv_lookup_free(those[i].lookup);
		those[i].lookup = NULL;
	}
	if (_i == 2)
		goto out;
	for (int i = 0; i < 100; i++) { /* the others wait for the loop to be run */
		ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
		danepriv_getdns_poll_run(dns);
	}
	ck_assert_int_eq(danepriv_getdns_poll_timeout(dns), 0);
	if (_i == 0) {
		fetching_stop(&those[2], dns);
	} else {
		ck_assert_uint_eq(fetching_take(those, 3, dns, NOW), 1);
		ck_assert_int_eq(those[2].security, DANEPRIV_SECURITY_BOGUS);
		ck_assert_int_eq(danepriv_getdns_stop(dns, other), DANEPRIV_EINVAL);
	}
	loop_run_out(dns);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
out:
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* One that was given back before its first turn is not started again. */
START_TEST(stopped_at_once)
{
	danepriv_lookup *lookup;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = fetching_by(&r);
	ck_assert_int_eq(danepriv_lookup_new(fetching_ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, PATIENCE_MS, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_stop(dns, lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, PATIENCE_MS, NOW), DANEPRIV_EINVAL);
	danepriv_lookup_free(lookup);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* The verdict stays what it was. */
START_TEST(found_once)
{
	danepriv_records *records = NULL, *again = NULL;
	danepriv_lookup *lookup;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = fetching_by(&r), *second = fetching_by(&r);
	ck_assert_int_eq(danepriv_lookup_new(fetching_ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, PATIENCE_MS, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, PATIENCE_MS, NOW), DANEPRIV_EINVAL);
	/* It belongs to one, from the beginning on. */
	ck_assert_int_eq(danepriv_getdns_start(second, lookup, PATIENCE_MS, NOW), DANEPRIV_EINVAL);
	danepriv_getdns_close(second);
	ck_assert_int_eq(danepriv_getdns_run(dns, lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, PATIENCE_MS, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, NOW, &records), DANEPRIV_OK);
	danepriv_getdns_close(dns);
	ck_assert_int_eq(danepriv_lookup_finish(lookup, 1, &again), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_reason(again), danepriv_records_reason(records));
	danepriv_records_free(records);
	danepriv_records_free(again);
	danepriv_lookup_free(lookup);
	upstream_stop(&r);
}
END_TEST

/* ---- threads ---- */

#define THREADS 3
#define ROUNDS 20

/* What one thread does, with a danepriv_getdns of its own; the context is everybody's. */
typedef struct thread_job {
	pthread_t thread;
	danepriv_getdns *dns;
	unsigned taken, bogus;
} thread_job;

static void *
look_up_and_take(void *argument)
{
	thread_job *job = argument;
	danepriv_lookup *lookup;
	danepriv_status status;

	for (int i = 0; i < ROUNDS; i++)
		if (danepriv_lookup_new(fetching_ctx, &server, &lookup) != DANEPRIV_OK ||
		    danepriv_getdns_start(job->dns, lookup, PATIENCE_MS, NOW) != DANEPRIV_OK)
			return NULL;
	while (job->taken < ROUNDS) {
		struct pollfd p = { .fd = danepriv_getdns_poll_fd(job->dns), .events = POLLIN };
		if (poll(&p, 1, 2 * PATIENCE_MS) != 1)
			return NULL;
		danepriv_getdns_poll_run(job->dns);
		while (danepriv_getdns_take(job->dns, &lookup, &status) == DANEPRIV_OK) {
			danepriv_records *records = NULL;
			(void)!danepriv_lookup_finish(lookup, NOW, &records);
			job->taken++;
			job->bogus += danepriv_records_security(records) == DANEPRIV_SECURITY_BOGUS;
			danepriv_records_free(records);
			danepriv_lookup_free(lookup);
		}
	}
	return NULL;
}

START_TEST(threads)
{
	thread_job jobs[THREADS];
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	for (int i = 0; i < THREADS; i++)
		jobs[i] = (thread_job){ .dns = fetching_by(&r) };
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&jobs[i].thread, NULL, look_up_and_take, &jobs[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(jobs[i].thread, NULL), 0);
		danepriv_getdns_close(jobs[i].dns);
		ck_assert_uint_eq(jobs[i].taken, ROUNDS);
		ck_assert_uint_eq(jobs[i].bogus, ROUNDS);
	}
	upstream_stop(&r);
}
END_TEST

/* ---- after fork ---- */

static bool
refuses(danepriv_getdns *dns, danepriv_lookup *under_way, danepriv_lookup *other)
{
	danepriv_lookup *taken;
	danepriv_status status;

	danepriv_getdns_poll_run(dns);
	return danepriv_getdns_start(dns, other, 1, NOW) == DANEPRIV_EADAPTER &&
	       danepriv_getdns_take(dns, &taken, &status) == DANEPRIV_EADAPTER && !taken &&
	       danepriv_getdns_run(dns, under_way) == DANEPRIV_EADAPTER &&
	       danepriv_getdns_stop(dns, under_way) == DANEPRIV_EADAPTER &&
	       danepriv_getdns_poll_fd(dns) == -1 && danepriv_getdns_poll_timeout(dns) == -1;
}

/* The child is refused, and the parent sees nothing of what the child does, closing included. */
START_TEST(forked)
{
	fetching those[MANY] = { { .ended = 0 } };
	danepriv_lookup *other;
	int status;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", _i ? UPSTREAM_TRUNCATES : UPSTREAM_ANSWERS));
	danepriv_getdns *dns = fetching_by(&r);
	ck_assert_int_eq(danepriv_lookup_new(fetching_ctx, &server, &other), DANEPRIV_OK);
	for (int i = 0; i < MANY; i++)
		fetching_start(&those[i], dns, fetching_ctx, &server, PATIENCE_MS, NOW);
	danepriv_getdns_poll_run(dns);
	pid_t child = fork();
	if (child == 0) {
		bool good = refuses(dns, those[0].lookup, other);
		danepriv_getdns_close(dns);
		_exit(good ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	fetching_wait(those, MANY, dns, NOW);
	for (int i = 0; i < MANY; i++)
		ck_assert_int_eq(those[i].security, DANEPRIV_SECURITY_BOGUS);
	danepriv_lookup_free(other);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* ---- arguments ---- */

START_TEST(arguments)
{
	const char *many[17];
	const char *one[] = { "127.0.0.1@9" };
	danepriv_lookup *lookup, *none = (danepriv_lookup *)one;
	danepriv_getdns *dns = (danepriv_getdns *)one;
	danepriv_question question;
	danepriv_status status;

	for (size_t i = 0; i < 17; i++)
		many[i] = one[0];
	ck_assert_int_eq(danepriv_getdns_open(one, 1, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_open(NULL, 1, &dns), DANEPRIV_EINVAL);
	ck_assert_ptr_null(dns);
	ck_assert_int_eq(danepriv_getdns_open(many, 17, &dns), DANEPRIV_ELIMIT);
	ck_assert_int_eq(danepriv_getdns_open(many, 16, &dns), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_new(fetching_ctx, &server, &lookup), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(NULL, lookup, 1, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_start(dns, NULL, 1, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_take(NULL, &none, &status), DANEPRIV_EINVAL);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(danepriv_getdns_take(dns, NULL, &status), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_take(dns, &none, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_take(dns, &none, &status), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(danepriv_getdns_run(NULL, lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_run(dns, lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_run(dns, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_stop(NULL, lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_stop(dns, lookup), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_getdns_stop(dns, NULL), DANEPRIV_EINVAL);
	/* somebody else carries its questions */
	ck_assert_int_eq(danepriv_lookup_next(lookup, &question), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, lookup, 1, NOW), DANEPRIV_EINVAL);
	danepriv_lookup_free(lookup);
	danepriv_getdns_close(dns);
	danepriv_getdns_close(NULL);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_take");
	TCase *tc = tcase_create("getdns_take");

	tcase_add_checked_fixture(tc, fetching_open, fetching_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, stopped, 0, 24);
	tcase_add_loop_test(tc, ended, 0, 3);
	tcase_add_test(tc, stopped_at_once);
	tcase_add_test(tc, found_once);
	tcase_add_test(tc, threads);
	tcase_add_loop_test(tc, forked, 0, 2);
	tcase_add_test(tc, arguments);
	suite_add_tcase(suite, tc);
	return suite;
}
