/* SPDX-License-Identifier: BSD-2-Clause
 * What does a program that validates DNSSEC itself put into the cache? */
#include "vouch.h"

danepriv_status
vouch(danepriv_cache *cache, const danepriv_server *server, const char *text, uint32_t ttl,
    danepriv_time now)
{
	static uint8_t octets[65535];
	danepriv_span rdata = { octets, 0 };
	danepriv_records *records = NULL;
	danepriv_status status;

	if ((status = danepriv_record_read(text, octets, sizeof octets, &rdata.len, NULL)) ==
		DANEPRIV_OK &&
	    (status = danepriv_records_vouch(server, NULL, DANEPRIV_SECURITY_SECURE,
		 DANEPRIV_REASON_NONE, &rdata, 1, now + ttl, &records)) == DANEPRIV_OK)
		status = danepriv_cache_put(cache, records, now);
	danepriv_records_free(records);
	return status;
}
