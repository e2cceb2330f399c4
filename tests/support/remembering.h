/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a session with a memory?  One cache and one session at a time, about
 * cached_server; and what its owner has signed. */
#ifndef TESTS_REMEMBERING_H
#define TESTS_REMEMBERING_H

#include "support/cached.h"
#include "support/credentials.h"
#include "support/tiny_zone.h"

#define HOUR 3600
#define NEVER INT64_MIN
/* Of a pin: in whole minutes, rounded down; 0: none. */
#define PIN_END(from, hours) ((hours) ? ((from) + (hours)*HOUR) / 60 * 60 : NEVER)
#define CHAIN_LIFE 3600 /* seconds up to which chains hold; their signatures hold longer */

/* What a server sends of itself. */
typedef enum remembered_chain {
	SILENT = 0,
	KEY,	 /* 3 1 1 of the good peer */
	BAD_KEY, /* 3 1 1 of the bad one */
	USELESS, /* 3 1 9 */
	WITHOUT, /* denied */
	FOREIGN, /* signed by somebody else */
	ENDED,	 /* a second ago */
	GARBAGE,
	OF_OTHER, /* of another server */
	OF_PORT	  /* of another port */
} remembered_chain;

extern test_peer good, bad;
extern danepriv *remember_ctx;
extern danepriv *unsigned_ctx; /* for which the server's zone is not signed */
extern danepriv_cache *memory;
extern danepriv_session *session;

/* A fixture. */
void remember_open(void);
/* And that no memory is left behind. */
void remember_close(void);

void session_open(const danepriv *ctx, danepriv_profile profile);
void session_close(void);

/* Extension 59; empty for SILENT. */
test_octets extension_sent(remembered_chain what, uint16_t hours);
/* To the session at NOW, if there is any. */
void give_sent(remembered_chain what, uint16_t hours);

/* `3 1 1`: of the good peer 'g', of the bad one 'b', one of each 'a'; vouched for. */
danepriv_records *vouched(danepriv_security security, char keys, danepriv_time until);
danepriv_status put_vouched(
    danepriv_security security, char keys, danepriv_time until, danepriv_time now);
void give_fetched(danepriv_security security, char keys, danepriv_time until);
/* The same, with another time for this connection. */
void give_fetched_once(char keys, danepriv_time until, danepriv_time expiry);

/* A server that is known, with no evidence any more, and pinned at NOW. */
void pin_server(uint16_t hours);

danepriv_server_state remembered_at(danepriv_time now);

#endif
