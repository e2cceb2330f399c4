/* SPDX-License-Identifier: BSD-2-Clause
 * What does a thread do that has waited for longer than anybody works?  It lets others go first. */
#ifndef DP_BASE_YIELD_H
#define DP_BASE_YIELD_H

/* Gives the processor to another thread, if one wants it; and from some turns on, counted by the
 * caller, also to those of lower priority, which a real-time thread would keep from ending what it
 * waits for.  Does nothing where C has no threads. */
void dp_yield(unsigned turn);

#endif
