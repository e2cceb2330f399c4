/* SPDX-License-Identifier: BSD-2-Clause
 * Which resolver is asked next? */
#include "getdns/upstreams.h"

#include <getdns/getdns_extra.h>

#include <stdbool.h>

/* NULL, or a list to be destroyed; *count is 0 then. */
static getdns_list *
list_of(getdns_context *dns, size_t *count)
{
	getdns_list *list = NULL;

	if (getdns_context_get_upstream_recursive_servers(dns, &list) != GETDNS_RETURN_GOOD ||
	    getdns_list_get_length(list, count) != GETDNS_RETURN_GOOD)
		*count = 0;
	return list;
}

size_t
dp_upstreams_count(getdns_context *dns)
{
	size_t count;

	getdns_list_destroy(list_of(dns, &count));
	return count;
}

/* As it is in `from`, only that what is at `first` there comes first. */
static bool
copy_turned(const getdns_list *from, size_t count, size_t first, getdns_list *to)
{
	for (size_t i = 0; i < count; i++) {
		getdns_dict *one = NULL;
		if (getdns_list_get_dict(from, (first + i) % count, &one) != GETDNS_RETURN_GOOD ||
		    getdns_list_set_dict(to, i, one) != GETDNS_RETURN_GOOD)
			return false;
	}
	return true;
}

void
dp_upstreams_turn(getdns_context *dns, dp_flight *flight, size_t first)
{
	size_t count;

	if (flight->first_upstream == first)
		return;
	getdns_list *list = list_of(dns, &count);
	getdns_list *turned = getdns_list_create();
	/* Those who have set another list since have lost count, and no harm is done. */
	size_t by = count ? (first + count - flight->first_upstream % count) % count : 0;
	if (count > 0 && turned && copy_turned(list, count, by, turned) &&
	    getdns_context_set_upstream_recursive_servers(dns, turned) == GETDNS_RETURN_GOOD)
		flight->first_upstream = first;
	getdns_list_destroy(list);
	getdns_list_destroy(turned);
}
