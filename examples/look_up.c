/* SPDX-License-Identifier: BSD-2-Clause
 * What has the owner of this server's name published, and what proves it? */
#include "look_up.h"

#include <time.h>

#define DEADLINE_MS 5000

danepriv_status
look_up(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    danepriv_records **records, danepriv_chain **chain)
{
	danepriv_lookup *lookup = NULL;

	danepriv_status status = danepriv_lookup_new(ctx, server, &lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_start(dns, lookup, DEADLINE_MS, time(NULL));
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_run(dns, lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, time(NULL), records);
	/* none, where nothing is proven */
	if (status == DANEPRIV_OK && chain)
		(void)!danepriv_lookup_chain(lookup, time(NULL), chain);
	danepriv_lookup_free(lookup);
	return status;
}
