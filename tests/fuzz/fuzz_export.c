/* SPDX-License-Identifier: BSD-2-Clause
 * Is a proof taken that another process has exported?  What is taken can be exported again, and is
 * the same then. */
#include "support/fuzz.h"

#include <danepriv/cache.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000

static danepriv_cache *
open_cache(void)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 200000 };
	danepriv_cache *cache = NULL;

	if (danepriv_cache_new(&settings, &cache) != DANEPRIV_OK)
		abort();
	return cache;
}

/* How many octets there are of it; 0: nothing was taken. */
static size_t export(danepriv_cache *cache, uint8_t room[DANEPRIV_EXPORT_MAX])
{
	danepriv_status status = DANEPRIV_EAGAIN;
	uint64_t position = 0;
	size_t len = 0;

	while (status == DANEPRIV_EAGAIN)
		status =
		    danepriv_cache_export(cache, NOW, &position, room, DANEPRIV_EXPORT_MAX, &len);
	if (status != DANEPRIV_OK && status != DANEPRIV_ENOTFOUND)
		abort();
	return len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t once[DANEPRIV_EXPORT_MAX], twice[DANEPRIV_EXPORT_MAX];
	danepriv *ctx = fuzz_context();
	danepriv_span octets = { len > 0 ? data : NULL, len };
	danepriv_cache *cache = open_cache(), *again = open_cache();
	size_t used;

	danepriv_status status = danepriv_cache_import(cache, ctx, octets, NOW, &used);
	if (used > len || (status == DANEPRIV_EMALFORMED) != (used == 0))
		abort();
	size_t taken = export(cache, once);
	if (taken > 0) {
		octets = (danepriv_span){ once, taken };
		if (status != DANEPRIV_OK ||
		    danepriv_cache_import(again, ctx, octets, NOW, &used) != DANEPRIV_OK ||
		    used != taken || export(again, twice) != taken ||
		    memcmp(once, twice, taken) != 0)
			abort();
	}
	danepriv_cache_free(cache);
	danepriv_cache_free(again);
	return 0;
}
