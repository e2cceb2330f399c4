/* SPDX-License-Identifier: BSD-2-Clause
 * What do we know of this server and this address? */
#ifndef DP_DANE_CACHE_H
#define DP_DANE_CACHE_H

#include "dane/cache_pack.h"

#include <danepriv/cache.h>

struct danepriv_cache {
	dp_table table;
	_Atomic uint64_t generations; /* the last one given */
	uint32_t persistence, damping, timeout;
};

/* A time that is in no span: never. */
#define DP_NEVER INT64_MIN

/* `now` is no further than `span` seconds from `start`, on either side. */
bool dp_cache_within(danepriv_time now, danepriv_time start, uint64_t span);
/* Minutes since 1970, rounded down; 0 before that. */
uint32_t dp_minutes(danepriv_time now);
/* There is evidence, and it holds. */
bool dp_cache_holds(const dp_known *known, danepriv_time now);

#endif
