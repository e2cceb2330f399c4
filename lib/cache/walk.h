/* SPDX-License-Identifier: BSD-2-Clause
 * Which entries of the table are there, one after the other, while others use it?
 *
 * A walk goes from hash to hash, by where they belong: its position is the last one that is behind
 * it.  No call looks at more than a bounded number of places, some of them at a time under the lock
 * of one shard.  What is there all the while is met once; what comes meanwhile may be met or not.
 * Of entries with the same hash no more than one must be meant. */
#ifndef DP_CACHE_WALK_H
#define DP_CACHE_WALK_H

#include "cache/pack.h"
#include "cache/table.h"

#include <danepriv/status.h>

/* Is this one meant? */
typedef bool dp_walk_means(const dp_entry *entry, const void *argument);

/* The next entry that is meant, from *position on (0 at the start).  OK: *shard is locked, to be
 * unlocked by you when *entry has been read.  EAGAIN: none among those that one call looks at.
 * ENOTFOUND: there are no more, and *position is 0. */
danepriv_status dp_walk_next(const dp_table *table, uint64_t *position, dp_walk_means *means,
    const void *argument, dp_shard **shard, const dp_entry **entry);

/* The key of an entry, as that of the server that it is about; its hash is not told. */
void dp_walk_key(const dp_shard *shard, const dp_entry *entry, dp_key *out);

#endif
