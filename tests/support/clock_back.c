/* SPDX-License-Identifier: BSD-2-Clause
 * What does a program do when the clock is put back while it runs?  To be preloaded: half a second
 * after it was first asked, the time of day falls back by an hour. */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { AFTER_MS = 500, BACK_SECONDS = 3600 };

static int64_t
milliseconds(void)
{
	struct timespec t = { 0, 0 };

	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
clock_gettime(clockid_t clock, struct timespec *t)
{
	static int64_t first;
	int64_t now = milliseconds();

	if (first == 0)
		first = now;
	if (syscall(SYS_clock_gettime, clock, t) != 0)
		return -1;
	if (clock == CLOCK_REALTIME && now - first > AFTER_MS)
		t->tv_sec -= BACK_SECONDS;
	return 0;
}
