/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test have a server send this or that proof?  One server and one connection at a time,
 * judged by the session of guarded.h. */
#ifndef TESTS_SENDING_H
#define TESTS_SENDING_H

#include "support/chain_server.h"

#define SENDING_HOURS 77

typedef enum sending {
	NO_EXTENSION = 0,
	RIGHT_CHAIN,	 /* for the honest key */
	BARE_CHAIN,	 /* the same without a length in front */
	LARGE_CHAIN,	 /* the same with strangers */
	IMPOSTORS_CHAIN, /* another zone says that the impostor is right */
	OTHER_NAME,
	OTHER_PORT,
	OTHER_TRANSPORT,
	DENIAL,
	GARBAGE,
	NO_OCTETS,
	FOUR_OCTETS
} sending;

/* Ways to take a proof in. */
typedef struct sending_way {
	const char *name, *priority;
	danepriv_gnutls_chain chain;
	bool again; /* who brings a chain is connected to twice */
} sending_way;

#define SENDING_WAYS 6
extern const sending_way ways[SENDING_WAYS];

extern chain_server peer;
extern chain_link line;
extern test_octets extension; /* what the server sends */

/* An impostor has a key of his own; who appends shows the honest certificate as well. */
void sending_open(sending what, bool is_impostor, bool appends);
void sending_close(void);

void connect_once(const char *priority, danepriv_gnutls_chain chain);
/* Once, and again if that is asked for; never a third time.  How many connections it took. */
int connect_all(const char *priority, danepriv_gnutls_chain chain);
danepriv_decision decide_line(danepriv_finding *finding);

#endif
