/* SPDX-License-Identifier: BSD-2-Clause
 * On which event loops must lookups work?  In every way that getdns.h offers. */
#ifndef TESTS_LOOPS_H
#define TESTS_LOOPS_H

#include <danepriv/getdns.h>

#include <stdbool.h>

typedef struct loop_kind loop_kind;

typedef struct test_loop {
	const loop_kind *kind;
	danepriv_getdns *dns;
	void *base;  /* the other library's loop */
	void *watch; /* and what waits there for our descriptor */
} test_loop;

struct loop_kind {
	const char *name;
	void (*open)(test_loop *loop);
	void (*turn)(test_loop *loop); /* waits until something happens */
	void (*close)(test_loop *loop);
};

#define LOOPS_MAX 5
extern const loop_kind loop_kinds[LOOPS_MAX];

/* Once, before descriptors are counted: libuv keeps some for the process from its first loop on. */
void loops_prepare(void);

/* Lookups on such a loop.  False when the loop was not there to build the tests with. */
bool loop_open(test_loop *loop, size_t kind, const char *upstream);

/* Closes them, and ends the loop, which must be empty then. */
void loop_close(test_loop *loop);

/* Runs until nothing will be due any more. */
void loop_run_out(danepriv_getdns *dns);

#endif
