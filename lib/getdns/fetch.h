/* SPDX-License-Identifier: BSD-2-Clause
 * What is under way in a fetch? */
#ifndef DP_GETDNS_FETCH_H
#define DP_GETDNS_FETCH_H

#include "getdns/flight.h"
#include "getdns/wanted.h"

#include <danepriv/getdns.h>

#include <getdns/getdns_extra.h>

typedef enum dp_ask_state {
	DP_ASK_TO_SEND = 0, /* also: again */
	DP_ASK_SENT,
	DP_ASK_SETTLED /* the lookup has an answer, or knows that there is none */
} dp_ask_state;

typedef struct dp_ask {
	struct dp_ask *next;
	danepriv_fetch *fetch;
	danepriv_question question;
	getdns_transaction_t transaction;
	dp_ask_state state;
	unsigned tries;
	unsigned errors;
	uint64_t deadline; /* of one over a stream, monotonic milliseconds; 0: none yet */
	uint64_t again;	   /* it is not sent before that, monotonic milliseconds */
} dp_ask;

struct danepriv_fetch {
	dp_waiting waiting; /* first: the flight gives it back */
	dp_flight *flight;  /* NULL on loops of others: no limit */
	getdns_context *dns;
	getdns_eventloop *loop;
	getdns_dict *extensions;
	dp_wanted wanted;
	danepriv_lookup *lookup;
	dp_ask *asks;
	dp_outcome before; /* of other resolvers' answers; zeroed: there were none */
	size_t lookups;	   /* that have ended */
	size_t upstream;   /* to begin with in this one */
	uint64_t started;  /* monotonic milliseconds */
	uint64_t deadline; /* monotonic milliseconds */
	danepriv_time now; /* at `started` */
	bool expired;
	bool is_alone; /* the upstream: there is one */
	danepriv_fetch_done done;
	danepriv_fetch_chain_done chain_done;
	danepriv_fetch_zone_done zone_done; /* one of the three */
	void *arg;
	getdns_eventloop_event step_event;
	getdns_eventloop_event again_event; /* when one may be sent again */
	getdns_eventloop_event deadline_event;
};

/* Monotonic milliseconds. */
uint64_t dp_fetch_clock(void);

/* Takes the fetch further, in an event of its own: what is called from getdns may not. */
void dp_fetch_go_on(danepriv_fetch *fetch);

/* Asks, or settles it on the spot.  Over a stream only where there is one upstream: beside others
 * getdns 1.6.0 goes to whichever it likes, and comes back to connections that it has freed when its
 * list is changed. */
void dp_ask_send(dp_ask *ask);
/* Nobody waits for the answer any more; the lookup is not told. */
void dp_ask_stop(dp_ask *ask);
/* There is no more time: one that was sent counts as not answered. */
void dp_ask_expire(dp_ask *ask);

#endif
