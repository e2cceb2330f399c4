/* SPDX-License-Identifier: BSD-2-Clause
 * Who frees what several share?  Whoever lets go of it last, in whichever thread. */
#ifndef DP_BASE_REFERENCES_H
#define DP_BASE_REFERENCES_H

#include <stdatomic.h>
#include <stdbool.h>

/* How many share it. */
typedef atomic_size_t dp_references;

/* Whoever made it has one. */
static inline void
dp_references_begin(dp_references *references)
{
	atomic_init(references, 1);
}

/* By whoever has one: what is shared does not end meanwhile. */
static inline void
dp_references_take(dp_references *references)
{
	atomic_fetch_add_explicit(references, 1, memory_order_relaxed);
}

/* True: it was the last one. */
static inline bool
dp_references_drop(dp_references *references)
{
	/* Who frees it must see all that the others did before. */
	return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

#endif
