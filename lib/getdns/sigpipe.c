/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program outlive a resolver that ends a connection? */
#include "getdns/sigpipe.h"

#include <signal.h>
#include <time.h>

static sigset_t
only_sigpipe(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	return set;
}

bool
dp_sigpipe_hold(void)
{
	sigset_t set = only_sigpipe(), before;

	return pthread_sigmask(SIG_BLOCK, &set, &before) == 0 && !sigismember(&before, SIGPIPE);
}

void
dp_sigpipe_release(void)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t set = only_sigpipe();

	/* Nothing was pending before: an open signal is delivered. */
	(void)sigtimedwait(&set, NULL, &at_once);
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
