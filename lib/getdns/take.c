/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program come by lookups that have ended?  It takes them; nothing calls back. */
#include "getdns/carrier.h"
#include "getdns/fetch.h"
#include "getdns/loop.h"

#include <danepriv/getdns.h>
#include <danepriv/lookup.h>
#include <danepriv/status.h>

static dp_fetch *
find_in(const dp_fetches *those, const danepriv_lookup *lookup)
{
	dp_fetch *fetch = those->first;

	while (fetch && fetch->lookup != lookup)
		fetch = fetch->next;
	return fetch;
}

dp_fetch *
dp_fetch_find(const danepriv_getdns *dns, const danepriv_lookup *lookup)
{
	dp_fetch *fetch = find_in(&dns->ended, lookup);

	return fetch ? fetch : find_in(&dns->under_way, lookup);
}

void
dp_getdns_tell(danepriv_getdns *dns)
{
	dp_loop_keep_readable(dns->loop, dns->ended.first && !dns->is_running);
}

danepriv_status
danepriv_getdns_take(danepriv_getdns *dns, danepriv_lookup **lookup, danepriv_status *status)
{
	if (lookup)
		*lookup = NULL;
	danepriv_status checked = dp_getdns_check(dns);
	if (checked != DANEPRIV_OK)
		return checked;
	if (!lookup || !status)
		return DANEPRIV_EINVAL;
	dp_fetch *fetch = dns->ended.first;
	if (!fetch)
		return DANEPRIV_ENOTFOUND;
	*status = fetch->status;
	*lookup = dp_fetch_free(fetch);
	return DANEPRIV_OK;
}

/* What a caller may end.  *out only on success. */
static danepriv_status
find(danepriv_getdns *dns, const danepriv_lookup *lookup, dp_fetch **out)
{
	danepriv_status status = dp_getdns_check(dns);

	if (status != DANEPRIV_OK)
		return status;
	*out = dp_fetch_find(dns, lookup);
	return *out ? DANEPRIV_OK : DANEPRIV_EINVAL;
}

danepriv_status
danepriv_getdns_run(danepriv_getdns *dns, danepriv_lookup *lookup)
{
	dp_fetch *fetch;
	danepriv_status status = find(dns, lookup, &fetch);

	if (status != DANEPRIV_OK)
		return status;
	dns->is_running = true;
	dp_getdns_tell(dns);
	while (!fetch->has_ended) /* it has a deadline */
		dp_loop_turn(dns->loop, true);
	dns->is_running = false;
	status = fetch->status;
	(void)dp_fetch_free(fetch);
	return status;
}

danepriv_status
danepriv_getdns_stop(danepriv_getdns *dns, danepriv_lookup *lookup)
{
	dp_fetch *fetch;
	danepriv_status status = find(dns, lookup, &fetch);

	if (status == DANEPRIV_OK)
		(void)dp_fetch_free(fetch);
	return status;
}
