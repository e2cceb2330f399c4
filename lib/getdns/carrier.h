/* SPDX-License-Identifier: BSD-2-Clause
 * What carries questions?  The resolvers, a loop, and the lookups that are under way. */
#ifndef DP_GETDNS_CARRIER_H
#define DP_GETDNS_CARRIER_H

#include "getdns/flight.h"
#include "getdns/loop.h"
#include "getdns/upstreams.h"

#include <danepriv/getdns.h>

#include <stdbool.h>
#include <sys/types.h>

typedef struct dp_fetch dp_fetch;

/* Zeroed: none. */
typedef struct dp_fetches {
	dp_fetch *first, *last;
} dp_fetches;

struct danepriv_getdns {
	pid_t process; /* that may use it: the kernel's side of the loop is shared after fork */
	dp_loop *loop;
	dp_upstreams upstreams;
	size_t preferred; /* upstream that lookups begin with: it was of help before */
	dp_flight flight;
	getdns_dict *extensions; /* of each question */
	dp_fetches under_way, ended;
	bool is_running; /* somebody waits for one lookup: others that have ended wake nobody */
};

/* Not NULL, and not after fork: OK, or EINVAL, EADAPTER. */
danepriv_status dp_getdns_check(const danepriv_getdns *dns);

/* The descriptor is readable while something waits to be taken. */
void dp_getdns_tell(danepriv_getdns *dns);

#endif
