/* SPDX-License-Identifier: BSD-2-Clause
 * What could befall servers and their addresses?  A world by chance, from a seed: all that happens
 * is told to a cache by its public calls, and to a model of it, which was written from what cache.h
 * promises, and shares nothing with lib/. */
#ifndef TESTS_WORLDS_H
#define TESTS_WORLDS_H

#include <danepriv/danepriv.h>
#include <stdbool.h>

#define WORLD_SERVERS 9
#define WORLD_ADDRESSES 5 /* the last two of IPv6 */
#define WORLD_WAYS 3	  /* DoT, DoT at another port, DoQ; server i has way i % WORLD_WAYS */
#define WORLD_LABELS 8
#define WORLD_TEXT 1024

/* A domain name: indices of labels, of which no two are the same. */
typedef struct world_name {
	unsigned labels[WORLD_LABELS];
	size_t count;
} world_name;

/* What is known of a server. */
typedef struct world_known {
	danepriv_security security;
	danepriv_time put, valid_until, failed;
	unsigned failures;
	bool is_there, has_authenticated;
} world_known;

/* Of an address, over one way; and what was found of each server there. */
typedef struct world_reached {
	danepriv_reach reach;
	bool is_pending;
	danepriv_time initiated, completed, answered;
	uint32_t rtt_us;
	danepriv_finding found[WORLD_SERVERS];
	danepriv_time rejected[WORLD_SERVERS];
} world_reached;

typedef struct world {
	uint64_t chance;
	danepriv_cache *cache;
	danepriv_time now;
	world_known known[WORLD_SERVERS];
	world_reached reached[WORLD_ADDRESSES][WORLD_WAYS];
} world;

/* The same seed, the same world. */
void world_open(world *w, uint64_t seed);
void world_close(world *w);

/* Below `n`, which is not 0. */
unsigned world_chance(world *w, unsigned n);
/* Something happens, or time passes, in either direction. */
void world_goes_on(world *w);

/* ---- what there is ---- */

world_name world_server_name(size_t server);
/* With other letters, dots and escapes each time, and the way of the server. */
danepriv_server world_server(world *w, size_t server, char text[WORLD_TEXT]);
/* IPv4 also within IPv6. */
danepriv_span world_address(world *w, size_t address, uint8_t octets[16]);
/* Any name but those of servers; it may be as long as names can be. */
world_name world_any_name(world *w);
void world_write_name(world *w, const world_name *name, char text[WORLD_TEXT]);
/* Is it `above`, or below that? */
bool world_is_within(const world_name *name, const world_name *above);
/* Without its first `count` labels. */
world_name world_tail(const world_name *name, size_t count);

/* ---- what the model says, as of now ---- */

/* What holds; else why lookups are left alone; else UNKNOWN. */
danepriv_security world_proof(const world *w, size_t server);
/* Lately, and no evidence came since. */
bool world_is_rejected(const world *w, size_t address, size_t server);
bool world_has_failed(const world *w, size_t address, size_t way);
danepriv_wish world_wish(const world *w, size_t address, size_t way);

#endif
