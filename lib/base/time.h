/* SPDX-License-Identifier: BSD-2-Clause
 * Is this a moment at which something can be judged? */
#ifndef DP_BASE_TIME_H
#define DP_BASE_TIME_H

#include <danepriv/status.h>
#include <stdbool.h>

/* 0 is what a caller has left out, and before 1970 no clock of today is right. */
static inline bool
dp_time_counts(danepriv_time now)
{
	return now > 0;
}

#endif
