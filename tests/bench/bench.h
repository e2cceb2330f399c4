/* SPDX-License-Identifier: BSD-2-Clause
 * What is a row of the bench, and how is it measured?  Rooms of rows are tables of these. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "support/octets.h"

#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* One piece of work; false when it did not come to the right result. */
typedef bool (*bench_run)(void *state);

/* Time beside time. */
typedef struct bench_row {
	const char *name;
	bench_run run;	    /* NULL: what it needs is not installed */
	const char *peer;   /* what it is compared with, or NULL */
	bench_run peer_run; /* NULL: not installed */
	double times;	    /* how often the peer's work is needed; 0 stands for once */
	bool faster;	    /* the ratio is one of speeds, higher is better; else of times */
	bool waits;	    /* for the network */
	const char *wanted; /* what the ratio is to be, `<= 1.5`, `>= 80` or `0.5 to 2`, or the
			       microseconds where there is no peer; NULL: nothing */
} bench_row;

typedef enum bench_unit { BENCH_OCTETS, BENCH_ALLOCATIONS } bench_unit;

/* Memory that one call takes: octets on the heap at the most, or how often it is asked for. */
typedef struct bench_amount {
	const char *name;
	bench_run run;
	bench_unit unit;
	const char *wanted;
	size_t things; /* the octets are those of so many, and are told for one; 0 stands for 1 */
} bench_amount;

/* Work of one of the threads that share `state`: so many calls.  False as for bench_run. */
typedef bool (*bench_share)(const void *state, unsigned thread, unsigned calls);

/* How much more many threads do than one, beside the same of something else. */
typedef struct bench_scaling {
	const char *name;
	unsigned threads; /* up to 8 */
	bench_share run;
	const char *peer;
	bench_share peer_run;
	const char *wanted; /* of the ratio of the two */
} bench_scaling;

/* How to measure and print, and where the live rows find the test world. */
typedef struct bench {
	bool json, quick;
	const char *only;     /* rows, or their peers, with this in their name; NULL: all */
	const char *resolver; /* ADDRESS@PORT; NULL: no world */
	const char *anchor;   /* file with the anchor of the world's root */
} bench;

void bench_heading(const bench *b, const char *text);
void bench_times(const bench *b, const bench_row *rows, size_t count, void *state);
void bench_amounts(const bench *b, const bench_amount *rows, size_t count, void *state);
void bench_scalings(const bench *b, const bench_scaling *rows, size_t count, const void *state);
/* Is there to be such a row?  For those that are dear to set up. */
bool bench_wants(const bench *b, const char *name);
/* Behind what was printed of a row: was its target met?  `wanted` as in the rows; NULL: nothing. */
void bench_print_wanted(const bench *b, double value, const char *wanted);
/* Sorts them. */
double bench_median(double *values, unsigned count);
/* Says of a row that it could not be measured. */
void bench_skip(const bench *b, const char *name, const char *why);
/* Ends the program: a bench whose rows do not work says nothing. */
_Noreturn void bench_give_up(const char *what);
/* The same unless all is well. */
void bench_require(bool fine, const char *what);

/* The rooms, in the order of the table. */
void rows_floor(const bench *b);
void rows_judge(const bench *b);
void rows_memory(const bench *b);
void rows_cache(const bench *b);
void rows_zones(const bench *b);
void rows_proof(const bench *b);
void rows_sent(const bench *b);
void rows_hostile(const bench *b);
void rows_paths(const bench *b);
void rows_prices(const bench *b);
void rows_live(const bench *b);
void rows_rules(const bench *b);
void rows_plan(const bench *b);

/* rows_floor.c: one verification, to compare with.  Ready once rows_floor was called. */
bool floor_p256(void *unused);
bool floor_rsa_2048(void *unused);
#ifdef HAVE_OPENSSL
bool floor_openssl_p256(void *unused);
#else
#define floor_openssl_p256 NULL
#endif
void floor_close(void);

#endif
