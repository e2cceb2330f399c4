/* SPDX-License-Identifier: BSD-2-Clause
 * Which resolver is asked next?  getdns 1.6.0 asks the first of its list, and after silence the one
 * behind it; an answer that is no help makes no difference to it.  So the list is turned. */
#ifndef DP_GETDNS_UPSTREAMS_H
#define DP_GETDNS_UPSTREAMS_H

#include "getdns/flight.h"

#include <getdns/getdns.h>

#include <stddef.h>

/* How many there are; 0 when memory is out. */
size_t dp_upstreams_count(getdns_context *dns);

/* Has those questions that are sent from now on begin with the one that was at `first` in the list
 * as it was given.  Questions that are under way stay where they are.  Where memory is out, nothing
 * changes. */
void dp_upstreams_turn(getdns_context *dns, dp_flight *flight, size_t first);

#endif
