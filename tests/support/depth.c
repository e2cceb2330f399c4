/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a stack does something take? */
#include "support/depth.h"

#include "support/require.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define ROOM ((size_t)1024 * 1024)
#define PAINT 0xA5
#define TIMES_WITH_SANITIZERS 4

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#endif

/* Contexts cannot hand on pointers. */
static void (*wanted)(void *);
static void *wanted_argument;

static void
call(void)
{
	wanted(wanted_argument);
}

size_t
depth_of(void (*run)(void *argument), void *argument)
{
	static ucontext_t here, there;
	uint8_t *stack = malloc(ROOM);
	size_t untouched = 0;

	test_require(stack && getcontext(&there) == 0, "stack");
	memset(stack, PAINT, ROOM);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = ROOM;
	there.uc_link = &here;
	wanted = run;
	wanted_argument = argument;
	makecontext(&there, call, 0);
	test_require(swapcontext(&here, &there) == 0, "context");
	while (untouched < ROOM && stack[untouched] == PAINT)
		untouched++;
	free(stack);
	return ROOM - untouched;
}

size_t
depth_allowed(size_t octets)
{
#ifdef IS_SANITIZED
	return octets * TIMES_WITH_SANITIZERS;
#else
	return octets;
#endif
}
