/* SPDX-License-Identifier: BSD-2-Clause
 * What does a thread do that has waited for longer than anybody works?  It lets others go first. */
#include "base/yield.h"

#ifndef __STDC_NO_THREADS__
#include <threads.h>
#endif

void
dp_yield(void)
{
#ifndef __STDC_NO_THREADS__
	thrd_yield();
#endif
}
