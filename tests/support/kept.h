/* SPDX-License-Identifier: BSD-2-Clause
 * What is in a cache, and which proofs does it give away? */
#ifndef TESTS_KEPT_H
#define TESTS_KEPT_H

#include "support/octets.h"

#include <danepriv/cache.h>

/* The next one as danepriv_cache_export, however many calls it takes.  NULL data: there are no
 * more. */
test_octets exported_next(danepriv_cache *cache, danepriv_time now, uint64_t *position);
/* The one that there is. */
test_octets exported_only(danepriv_cache *cache, danepriv_time now);

/* Entries of servers, or of proofs, whether they hold or not. */
unsigned exported_servers(const danepriv_cache *cache);
unsigned exported_proofs(const danepriv_cache *cache);

#endif
