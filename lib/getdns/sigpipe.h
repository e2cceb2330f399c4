/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program outlive a resolver that ends a connection?  getdns writes to it without a word
 * against SIGPIPE, which ends the process.  A library must not change what a process does about a
 * signal; a thread may keep one from itself for a while. */
#ifndef DP_GETDNS_SIGPIPE_H
#define DP_GETDNS_SIGPIPE_H

#include <stdbool.h>

/* From here on the thread gets no SIGPIPE.  True: dp_sigpipe_release must follow; false: it was
 * blocked before. */
bool dp_sigpipe_hold(void);

/* As it was before; what came in between has never come. */
void dp_sigpipe_release(void);

#endif
