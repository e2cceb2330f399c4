/* SPDX-License-Identifier: BSD-2-Clause
 * What is under way for a lookup? */
#ifndef DP_GETDNS_FETCH_H
#define DP_GETDNS_FETCH_H

#include "getdns/carrier.h"
#include "getdns/flight.h"

#include <getdns/getdns_extra.h>

typedef enum dp_ask_state {
	DP_ASK_TO_SEND = 0, /* also: again */
	DP_ASK_SENT,
	DP_ASK_SETTLED /* the lookup has an answer, or knows that there is none */
} dp_ask_state;

typedef struct dp_look_ask {
	struct dp_look_ask *next;
	dp_fetch *fetch;
	danepriv_question question;
	size_t upstream; /* that it goes to, or went to last */
	getdns_transaction_t transaction;
	dp_ask_state state;
	unsigned tries;
	unsigned errors;   /* since the last try that was waited for */
	uint64_t deadline; /* of one over a stream, monotonic milliseconds; 0: none yet */
	uint64_t again;	   /* it is not sent before that, monotonic milliseconds */
	uint64_t overdue;  /* then getdns has lost it, monotonic milliseconds */
} dp_look_ask;

struct dp_fetch {
	dp_waiting waiting; /* first: the flight gives it back */
	danepriv_getdns *dns;
	dp_fetch *next, *before; /* others of `dns`, under way or ended */
	danepriv_lookup *lookup;
	danepriv_status status; /* of one that has ended */
	bool has_ended;
	dp_look_ask *asks;
	size_t asked;	   /* the upstream that the lookup wants to be asked */
	size_t upstream;   /* that new questions go to: the same, or after silence another */
	uint64_t started;  /* monotonic milliseconds */
	uint64_t deadline; /* monotonic milliseconds */
	danepriv_time now; /* at `started` */
	getdns_eventloop_event step_event;
	getdns_eventloop_event wake_event; /* at wake_at */
	uint64_t wake_at;		   /* monotonic milliseconds; 0: never */
	getdns_eventloop_event deadline_event;
};

/* Monotonic milliseconds. */
uint64_t dp_fetch_clock(void);

/* Takes the fetch further, in an event of its own: what is called from getdns may not. */
void dp_fetch_go_on(dp_fetch *fetch);

/* The one of this lookup, under way or ended; NULL: there is none. */
dp_fetch *dp_fetch_find(const danepriv_getdns *dns, const danepriv_lookup *lookup);

/* Frees all but the lookup, which it gives back. */
danepriv_lookup *dp_fetch_free(dp_fetch *fetch);

/* As for one of a new question of the lookup. */
void dp_ask_init(dp_look_ask *ask, dp_fetch *fetch, const danepriv_question *question);
/* The same question once more, over a stream: of whom has answered. */
void dp_ask_over_stream(dp_look_ask *ask);

/* Asks, or settles it on the spot. */
void dp_ask_send(dp_look_ask *ask);
/* Nobody waits for the answer any more; the lookup is not told. */
void dp_ask_stop(dp_look_ask *ask);

/* When something is to be done about it although nothing comes; monotonic milliseconds, 0: never.
 */
uint64_t dp_ask_due(const dp_look_ask *ask);
/* Asks again where an answer is overdue. */
void dp_ask_check(dp_look_ask *ask);

#endif
