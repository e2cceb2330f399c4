/* SPDX-License-Identifier: BSD-2-Clause
 * What does a thread do that has waited for longer than anybody works?  It lets others go first. */
#include "base/yield.h"

#ifndef __STDC_NO_THREADS__
#include <threads.h>
#endif

#define TURNS_MAX 64
#define SLEEP_NS 50000

void
dp_yield(unsigned turn)
{
#ifndef __STDC_NO_THREADS__
	const struct timespec moment = { .tv_nsec = SLEEP_NS };

	if (turn < TURNS_MAX)
		thrd_yield();
	else
		(void)thrd_sleep(&moment, NULL);
#else
	(void)turn;
#endif
}
