/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program with a loop of its own wait for getdns?  By one descriptor.
 *
 * The default loop of getdns 1.6.0 looks at all that it waits for in each turn, takes its timeouts
 * from the wall clock, and ends the program when poll(2) fails.  Each context gets this one. */
#ifndef DP_GETDNS_LOOP_H
#define DP_GETDNS_LOOP_H

#include "getdns/flight.h"

#include <danepriv/status.h>

#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>

/* Puts the context on a loop of its own, which ends with it.  ENOMEM.  EADAPTER: no descriptors
 * left, or getdns refused. */
danepriv_status dp_loop_attach(getdns_context *dns);

/* What is under way on such a loop; NULL on another. */
dp_flight *dp_loop_flight(getdns_eventloop *loop);

#endif
