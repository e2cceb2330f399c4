/* SPDX-License-Identifier: BSD-2-Clause
 * What may a server send as extension 59?  The honest server's proof, and everything else. */
#ifndef TESTS_SENT_CHAINS_H
#define TESTS_SENT_CHAINS_H

#include "support/tiny_zone.h"

typedef enum sent_chain {
	SILENCE = 0,
	PREFIXED,
	BARE,
	OF_KEY,	 /* 3 1 1 of another key */
	DOUBLED, /* each record twice */
	LONG,	 /* with a record of no use, of nearly 60,000 octets */
	CHANGED, /* a bit of it */
	FOREIGN, /* signed by somebody else's root */
	EXPIRED,
	OF_NAME,       /* for another name */
	OF_PORT,       /* for another port */
	NOTHING_THERE, /* denied */
	EMPTY,	       /* no octets at all */
	LIFETIME,      /* and no chain */
	NESTED,	       /* two lengths in front */
	CUT,
	NOISE
} sent_chain;

/* About the honest key of support/guarded.h, for NAME and `_853._tcp`, or `_udp` with datagrams;
 * good at NOW. */
test_octets extension_with(const tiny_zone *zone, sent_chain what, bool datagrams);

#endif
