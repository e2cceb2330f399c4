/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a name does a server get to see?  (RFC 9156 section 2) */
#include "dns/name.h"

#include <danepriv/plan.h>

danepriv_status
danepriv_minimised_name(const char *name, const char *zone, char *text, size_t room, size_t *needed)
{
	dp_name_store asked, cut;

	if (!dp_text_clear(text, room, needed) || !name || !zone)
		return DANEPRIV_EINVAL;
	if (dp_name_from_text(name, &asked) != DANEPRIV_OK ||
	    dp_name_from_text(zone, &cut) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	dp_name whole = dp_name_of(&asked), apex = dp_name_of(&cut);
	if (!dp_name_within(whole, apex))
		return DANEPRIV_EINVAL;
	return dp_name_tell(dp_name_tail(whole, dp_name_labels(apex) + 1), text, room, needed);
}
