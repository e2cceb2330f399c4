/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test fill a cache?  With many servers, each of a number. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

#include "cache/cache.h"

#include <danepriv/cache.h>
#include <stdbool.h>

#define CROWD_NOW 1700000000

/* An empty cache of at most so many octets. */
danepriv_cache *crowd_open(size_t octets);
/* The server of a number; its name lives in `text`. */
danepriv_server crowd_server(unsigned number, const char *zone, char text[64]);
/* One record of `len` octets, `3 1 1` and then all `key`. */
void crowd_put(danepriv_cache *cache, const danepriv_server *server, danepriv_security security,
    uint8_t key, size_t len, danepriv_time until, danepriv_time now);
bool crowd_knows(danepriv_cache *cache, const danepriv_server *server);
/* Of the servers 0 to `count` - 1 of a zone. */
unsigned crowd_count(danepriv_cache *cache, const char *zone, unsigned count);

/* What strangers can have put into a cache by choosing names and addresses. */
typedef enum crowd_junk {
	CROWD_SECURE = 0,
	CROWD_LARGE,  /* records as large as they may be */
	CROWD_PROVEN, /* with its proof */
	CROWD_DENIED,
	CROWD_INSECURE,
	CROWD_FAILED,
	CROWD_CLAIMED,
	CROWD_BOUND,   /* an address of a server */
	CROWD_TRIED,   /* an address that does not answer */
	CROWD_REACHED, /* an address that does */
	CROWD_NAMES,   /* all that are names, in turn */
	CROWD_ALL      /* all, in turn */
} crowd_junk;

/* The junk of a number. */
void crowd_throw(danepriv_cache *cache, crowd_junk junk, unsigned number);

/* What it takes to find an entry: places looked at. */
typedef struct crowd_chains {
	unsigned longest; /* of all entries */
	double mean;
} crowd_chains;

crowd_chains crowd_measure(const dp_table *table);
/* All lists are whole: each cell is in one place. */
void crowd_assert_sound_table(const dp_table *table);
void crowd_assert_sound(const danepriv_cache *cache);

#endif
