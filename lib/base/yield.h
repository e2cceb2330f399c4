/* SPDX-License-Identifier: BSD-2-Clause
 * What does a thread do that has waited for longer than anybody works?  It lets others go first. */
#ifndef DP_BASE_YIELD_H
#define DP_BASE_YIELD_H

/* Gives the processor to another thread, if one wants it.  Does nothing where C has no threads. */
void dp_yield(void);

#endif
