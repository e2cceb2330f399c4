/* SPDX-License-Identifier: BSD-2-Clause
 * How much more do many threads do than one, beside as many at something that they only read?
 *
 * One thread and many, and the row and its peer, alternate.  Each thread tells how fast it was by
 * the time that it had a processor, so that others who run in between do not count; nothing here
 * sleeps, and who waits for a lock spends that time. */
#include "bench/bench.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 21
#define CALLS 50000
#define CALLS_QUICK 10
#define THREADS_MAX 8

/* Where all threads wait until the last one is there. */
static pthread_barrier_t start;

typedef struct worker {
	bench_share run;
	const void *state;
	unsigned number, calls;
	double speed; /* calls a second; 0: the work is not done */
} worker;

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *
work(void *arg)
{
	worker *w = arg;

	/* What is read for the first time is read from afar, by whomever. */
	bool fine = w->run(w->state, w->number, w->calls);
	(void)pthread_barrier_wait(&start);
	double begun = seconds();
	if (w->run(w->state, w->number, w->calls) && fine)
		w->speed = w->calls / (seconds() - begun);
	return NULL;
}

/* Calls a second of so many threads together. */
static double
speed_of(const bench *b, bench_share run, const void *state, unsigned count)
{
	worker workers[THREADS_MAX];
	pthread_t threads[THREADS_MAX];
	double sum = 0;

	bench_require(pthread_barrier_init(&start, NULL, count) == 0, "no barrier");
	for (unsigned i = 0; i < count; i++) {
		workers[i] = (worker){ run, state, i, b->quick ? CALLS_QUICK : CALLS, 0 };
		bench_require(
		    pthread_create(&threads[i], NULL, work, &workers[i]) == 0, "no thread");
	}
	for (unsigned i = 0; i < count; i++) {
		(void)pthread_join(threads[i], NULL);
		bench_require(workers[i].speed > 0, "a thread's work is not done");
		sum += workers[i].speed;
	}
	(void)pthread_barrier_destroy(&start);
	return sum;
}

static double
scaling_of(const bench *b, bench_share run, const void *state, unsigned threads)
{
	double one = speed_of(b, run, state, 1);

	return speed_of(b, run, state, threads) / one;
}

static void
print(const bench *b, const bench_scaling *row, double own, double peer, double ratio)
{
	const char *form = b->json ? "{\"row\":\"%s\",\"scaling\":%.3f,\"peer\":\"%s\","
				     "\"peer_scaling\":%.3f,\"ratio\":%.3f,\"of\":\"scaling\""
				   : "%-46s %8.2f x one's; %s: %.2f x; ratio %.2f";

	printf(form, row->name, own, row->peer, peer, ratio);
	bench_print_wanted(b, ratio, row->wanted);
	printf(b->json ? "}\n" : "\n");
	(void)fflush(stdout);
}

void
bench_scalings(const bench *b, const bench_scaling *rows, size_t count, const void *state)
{
	double own[ROUNDS], peer[ROUNDS], ratio[ROUNDS];
	unsigned rounds = b->quick ? 1 : ROUNDS;

	for (size_t i = 0; i < count; i++) {
		const bench_scaling *row = &rows[i];
		if (!bench_wants(b, row->name) && !bench_wants(b, row->peer))
			continue;
		for (unsigned r = 0; r < rounds; r++) {
			own[r] = scaling_of(b, row->run, state, row->threads);
			peer[r] = scaling_of(b, row->peer_run, state, row->threads);
			ratio[r] = own[r] / peer[r];
		}
		print(b, row, bench_median(own, rounds), bench_median(peer, rounds),
		    bench_median(ratio, rounds));
	}
}
