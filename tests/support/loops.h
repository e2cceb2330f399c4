/* SPDX-License-Identifier: BSD-2-Clause
 * On which event loops must lookups work?  The context's own, driven in every way that its header
 * offers, and getdns' other ones. */
#ifndef TESTS_LOOPS_H
#define TESTS_LOOPS_H

#include <danepriv/getdns.h>

#include <stdbool.h>

typedef struct loop_kind loop_kind;

typedef struct test_loop {
	const loop_kind *kind;
	getdns_context *dns;
	void *base;  /* the other library's loop */
	void *watch; /* and what waits there for our descriptor */
} test_loop;

struct loop_kind {
	const char *name;
	void (*open)(test_loop *loop);
	void (*turn)(test_loop *loop); /* waits until something happens */
	void (*close)(test_loop *loop);
	bool no_tcp; /* crashes in getdns when a question goes over TCP */
};

#define LOOPS_MAX 8
extern const loop_kind loop_kinds[LOOPS_MAX];

/* Once, before descriptors are counted: libuv keeps some for the process from its first loop on. */
void loops_prepare(void);

/* A context on such a loop.  False when the loop was not there to build the tests with. */
bool loop_open(test_loop *loop, size_t kind, const char *upstream);

/* Destroys the context, and ends the loop, which must be empty then. */
void loop_close(test_loop *loop);

#endif
