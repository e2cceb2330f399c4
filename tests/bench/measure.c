/* SPDX-License-Identifier: BSD-2-Clause
 * How long does it take, beside something else?  Rounds of a row and of its peer alternate, so that
 * a machine that slows down slows both; the ratio is the median of the rounds'.  The time is that
 * of the processor, so that others who run in between do not count; only what waits for the network
 * goes by the clock on the wall, and wants a quiet machine. */
#include "bench/bench.h"
#include "bench/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 41
#define ROUND_SECONDS 0.005
#define QUICK_CALLS 2

/* What came of one row. */
typedef struct result {
	double micros, peer_micros, ratio;
} result;

void
bench_give_up(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

void
bench_require(bool fine, const char *what)
{
	if (!fine)
		bench_give_up(what);
}

static void
work(const char *name, bench_run run, void *state)
{
	if (run(state))
		return;
	fprintf(stderr, "bench: %s: ", name);
	bench_give_up("the work is not done");
}

static double
seconds(const bench_row *row)
{
	struct timespec t;

	clock_gettime(row->waits ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds for one call. */
static double
time_round(const bench_row *row, bench_run run, void *state, unsigned calls)
{
	double start = seconds(row);

	for (unsigned i = 0; i < calls; i++)
		work(run == row->run ? row->name : row->peer, run, state);
	return (seconds(row) - start) / calls;
}

/* Calls that fill a round. */
static unsigned
calls_for(const bench *b, const bench_row *row, bench_run run, void *state)
{
	unsigned calls = 1;

	if (b->quick)
		return QUICK_CALLS;
	while (calls < 1u << 24 && time_round(row, run, state, calls) * calls < ROUND_SECONDS)
		calls *= 2;
	return calls;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *values, unsigned count)
{
	qsort(values, count, sizeof *values, compare_doubles);
	return values[count / 2];
}

static result
measure(const bench *b, const bench_row *row, void *state)
{
	double own[ROUNDS], peer[ROUNDS], ratio[ROUNDS];
	double times = row->times > 0 ? row->times : 1;
	unsigned rounds = b->quick ? 1 : ROUNDS, peer_calls = 0;
	unsigned calls = calls_for(b, row, row->run, state);

	if (row->peer_run)
		peer_calls = calls_for(b, row, row->peer_run, state);
	for (unsigned i = 0; i < rounds; i++) {
		own[i] = time_round(row, row->run, state, calls);
		peer[i] = ratio[i] = 0;
		if (!row->peer_run)
			continue;
		peer[i] = time_round(row, row->peer_run, state, peer_calls) * times;
		ratio[i] = row->faster ? peer[i] / own[i] : own[i] / peer[i];
	}
	return (result){ bench_median(own, rounds) * 1e6, bench_median(peer, rounds) * 1e6,
		bench_median(ratio, rounds) };
}

/* Is the value, as it is printed, within `wanted`, which is `<= N`, `>= N` or `N to M`? */
static bool
is_met(double value, const char *wanted)
{
	const char *to = strstr(wanted, " to ");
	double bound = strtod(to ? to + 4 : wanted + 2, NULL);
	char printed[64];

	(void)snprintf(printed, sizeof printed, "%.2f", value);
	value = strtod(printed, NULL);
	if (to && value < strtod(wanted, NULL))
		return false;
	return to || wanted[0] == '<' ? value <= bound : value >= bound;
}

void
bench_print_wanted(const bench *b, double value, const char *wanted)
{
	if (!wanted)
		return;
	const char *met = is_met(value, wanted) ? "true" : "false";
	if (b->json)
		printf(",\"wanted\":\"%s\",\"met\":%s", wanted, met);
	else
		printf("  %s (%s)", met[0] == 't' ? "met" : "missed", wanted);
}

/* Names hold no character that JSON would have to escape. */
static void
print_json(const bench_row *row, const result *r)
{
	printf("{\"row\":\"%s\",\"microseconds\":%.3f", row->name, r->micros);
	if (!row->peer)
		return;
	printf(",\"peer\":\"%s\"", row->peer);
	if (!row->peer_run)
		printf(",\"skipped\":\"not installed\"");
	else
		printf(",\"peer_microseconds\":%.3f,\"ratio\":%.3f,\"of\":\"%s\"", r->peer_micros,
		    r->ratio, row->faster ? "speed" : "time");
}

static void
print_text(const bench_row *row, const result *r)
{
	printf("%-46s %10.2f us", row->name, r->micros);
	if (!row->peer)
		return;
	if (!row->peer_run)
		printf("  %s: not installed", row->peer);
	else
		printf(" %8.2f x %s%s", r->ratio, row->faster ? "the speed of " : "", row->peer);
}

void
bench_heading(const bench *b, const char *text)
{
	if (!b->json)
		printf("\n%s\n", text);
}

bool
bench_wants(const bench *b, const char *name)
{
	return !b->only || (name && strstr(name, b->only));
}

void
bench_skip(const bench *b, const char *name, const char *why)
{
	printf(b->json ? "{\"row\":\"%s\",\"skipped\":\"%s\"}\n" : "%-46s %s\n", name, why);
}

void
bench_times(const bench *b, const bench_row *rows, size_t count, void *state)
{
	for (size_t i = 0; i < count; i++) {
		const bench_row *row = &rows[i];
		if (!bench_wants(b, row->name) && !bench_wants(b, row->peer))
			continue;
		if (!row->run) {
			bench_skip(b, row->name, "not installed");
			continue;
		}
		result r = measure(b, row, state);
		if (b->json)
			print_json(row, &r);
		else
			print_text(row, &r);
		if (row->peer_run)
			bench_print_wanted(b, r.ratio, row->wanted);
		else if (!row->peer)
			bench_print_wanted(b, r.micros, row->wanted);
		printf(b->json ? "}\n" : "\n");
		(void)fflush(stdout);
	}
}

void
bench_amounts(const bench *b, const bench_amount *rows, size_t count, void *state)
{
	for (size_t i = 0; i < count; i++) {
		const bench_amount *row = &rows[i];
		bool octets = row->unit == BENCH_OCTETS;
		if (!bench_wants(b, row->name))
			continue;
		if (!memory_is_counted()) {
			bench_skip(b, row->name, "memory is not counted in this build");
			work(row->name, row->run, state);
			continue;
		}
		work(row->name, row->run, state); /* what is set up once is no part of it */
		memory_begin();
		work(row->name, row->run, state);
		memory_use use = memory_end();
		size_t value = octets ? use.peak : use.allocations;
		if (row->things > 0)
			value = (value + row->things - 1) / row->things;
		const char *unit = octets ? "octets" : "allocations";
		if (b->json)
			printf("{\"row\":\"%s\",\"%s\":%zu", row->name, unit, value);
		else
			printf("%-46s %10zu %s", row->name, value, unit);
		bench_print_wanted(b, (double)value, row->wanted);
		printf(b->json ? "}\n" : "\n");
	}
}
