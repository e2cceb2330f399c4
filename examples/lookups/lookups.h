/* SPDX-License-Identifier: BSD-2-Clause
 * What have the lookup_* examples in common?  All but the loop: what to look up, and what came. */
#ifndef EXAMPLES_LOOKUPS_H
#define EXAMPLES_LOOKUPS_H

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct lookups {
	danepriv *ctx;
	danepriv_getdns *dns;
	char **names;
	danepriv_lookup **each; /* NULL: it has ended */
	size_t count;
	size_t left; /* lookups under way; at 0 the loop can end */
	int result;
} lookups;

/* Starts them all at once, from the arguments RESOLVER[@PORT] ANCHORS NAME...  (ANCHORS: lines of a
 * zone file, or empty for the root's).  Each prints a line when it ends.  False, with a message,
 * when they could not all be started.  To be ended with lookups_end in any case. */
bool lookups_start(lookups *all, int argc, char **argv);

/* Does what is due, and never waits: to be called when the descriptor of `dns` is readable. */
void lookups_run(lookups *all);

/* Ends what is left.  The exit status: 0 when all were secure, 1 when one was not, 2 when not
 * all have ended. */
int lookups_end(lookups *all);

#endif
