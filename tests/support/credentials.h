/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a peer?  From tests/vectors/dane: credentials.txt, authorities.txt and
 * ike_authorities.txt. */
#ifndef TESTS_CREDENTIALS_H
#define TESTS_CREDENTIALS_H

#include "support/octets.h"

#include <danepriv/danepriv.h>

#define PEER_ITEMS_MAX 8

/* What a peer presents, with octets of its own. */
typedef struct test_peer {
	danepriv_credential credential;
	danepriv_span items[PEER_ITEMS_MAX];
	test_octets octets[PEER_ITEMS_MAX];
} test_peer;

/* One certificate or key by its name. */
test_octets octets_of_credential(const char *name);

/* `text`: names with commas between them, the end entity first; `raw:` in front of a raw key.  The
 * peer must stay where it is. */
void peer_open(test_peer *peer, const char *text);
void peer_close(test_peer *peer);

/* The RDATA `usage selector matching` that means the peer's first item. */
test_octets rdata_of_peer(const test_peer *peer, uint8_t usage, uint8_t selector, uint8_t matching);

/* A context with these for its roots, names with commas between them; "-": without any. */
danepriv *context_open(const char *roots);
/* With other settings beside them. */
danepriv *context_open_with(const char *roots, danepriv_settings settings);

#endif
