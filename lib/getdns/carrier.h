/* SPDX-License-Identifier: BSD-2-Clause
 * What carries questions?  The resolvers, a loop, and what is under way. */
#ifndef DP_GETDNS_CARRIER_H
#define DP_GETDNS_CARRIER_H

#include "getdns/flight.h"
#include "getdns/loop.h"
#include "getdns/upstreams.h"

#include <danepriv/getdns.h>

struct danepriv_getdns {
	dp_loop *loop;
	dp_upstreams upstreams;
	size_t preferred; /* upstream that fetches begin with: it was of help before */
	dp_flight flight;
	getdns_dict *extensions; /* of each question */
	danepriv_fetch *fetches; /* under way */
};

#endif
