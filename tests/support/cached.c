/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a cache, and by something in it? */
#include "support/cached.h"

#include "support/suite.h"

#include <string.h>

const danepriv_server cached_server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

danepriv_cache *
cached_open(void)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 65536 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&settings, &cache), DANEPRIV_OK);
	return cache;
}

danepriv_records *
cached_records(danepriv_security security, const char *keys, danepriv_time until)
{
	uint8_t rdatas[8][35];
	danepriv_span spans[8];
	danepriv_records *records;
	size_t count = security == SECURE ? strlen(keys) : 0;

	for (size_t i = 0; i < count; i++) {
		memset(rdatas[i], keys[i], sizeof rdatas[i]);
		memcpy(rdatas[i], "\3\1\1", 3);
		spans[i] = (danepriv_span){ rdatas[i], sizeof rdatas[i] };
	}
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, security,
			     DANEPRIV_REASON_NONE, spans, count, until, &records),
	    DANEPRIV_OK);
	return records;
}

danepriv_status
cached_put(danepriv_cache *cache, danepriv_security security, const char *keys, danepriv_time until,
    danepriv_time now)
{
	danepriv_records *records = cached_records(security, keys, until);
	danepriv_status status = danepriv_cache_put(cache, records, now);

	danepriv_records_free(records);
	return status;
}

danepriv_security
cached_proof(danepriv_cache *cache, danepriv_time now)
{
	danepriv_records *records;
	danepriv_status status = danepriv_cache_get(cache, &cached_server, now, &records);
	danepriv_security security = danepriv_records_security(records);

	ck_assert_int_eq(status, security == NOTHING ? NOTFOUND : DANEPRIV_OK);
	danepriv_records_free(records);
	return security;
}
