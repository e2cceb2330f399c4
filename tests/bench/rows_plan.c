/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost to decide whom to ask?  Beside so many looks in a plain hash table, one for
 * each server and each address, which is what it takes to learn anything at all of them. */
#include "bench/bench.h"
#include "bench/plain.h"

#include <danepriv/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define ZONES 25000 /* four servers with two addresses each: a hundred thousand servers */
#define ZONES_QUICK 100
#define SERVERS 4
#define PLACES 2
#define TEXT 32

typedef struct zone {
	char servers[SERVERS][TEXT];
	uint8_t octets[SERVERS][PLACES][4];
} zone;

typedef struct plans {
	danepriv_cache *cache;
	danepriv_rules *rules;
	plain_table table;
	plain_entry *entries;
	zone *zones;
	size_t count, at;
} plans;

/* Far from the one before. */
static zone *
next_zone(plans *p)
{
	p->at = (p->at + 61803u) % p->count;
	return &p->zones[p->at];
}

static bool
make_plan(void *job)
{
	plans *p = job;
	const zone *z = next_zone(p);
	danepriv_place places[SERVERS][PLACES];
	danepriv_candidate candidates[SERVERS];
	danepriv_attempt attempts[2 * SERVERS * PLACES];
	danepriv_request request = {
		.size = sizeof request, .zone = "example.com.", .name = "www.example.com."
	};
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = COUNT(attempts) };

	for (size_t i = 0; i < SERVERS; i++) {
		for (size_t k = 0; k < PLACES; k++)
			places[i][k] = (danepriv_place){ { z->octets[i][k], 4 }, 0 };
		candidates[i] = (danepriv_candidate){ .server = { .name = z->servers[i],
							  .aliases = DANEPRIV_ALIASES_REFUSE },
			.provenance = DANEPRIV_PROVENANCE_SECURE,
			.places = places[i],
			.place_size = sizeof *places[i],
			.count = PLACES };
	}
	request.candidates = candidates;
	request.candidate_size = sizeof *candidates;
	request.count = SERVERS;
	request.rules = p->rules;
	bool fine = danepriv_plan_make(p->cache, &request, NOW, &plan) == DANEPRIV_OK &&
		    plan.step == DANEPRIV_STEP_ASK && plan.count == SERVERS * PLACES &&
		    !attempts[0].unauthenticated_ok;
	/* The next one waits for this one, as questions do. */
	p->at += !fine;
	return fine;
}

static bool
twelve_looks(void *job)
{
	plans *p = job;
	const zone *z = next_zone(p);
	bool fine = true;

	for (size_t i = 0; i < SERVERS; i++) {
		const plain_entry *known =
		    plain_find(&p->table, z->servers[i], strlen(z->servers[i]) + 1);
		fine = fine && known && known->time > NOW;
		for (size_t k = 0; k < PLACES; k++) {
			const plain_entry *reached = plain_find(&p->table, z->octets[i][k], 4);
			fine = fine && reached && reached->time == NOW;
		}
	}
	p->at += !fine;
	return fine;
}

/* ---- what is known ---- */

static void
enter(plans *p, const void *key, size_t len, danepriv_time time)
{
	plain_entry *entry = p->entries++;

	entry->time = time;
	plain_add(&p->table, entry, key, len);
}

static void
add_place(plans *p, zone *z, unsigned number, size_t i, size_t k)
{
	const uint32_t address = (uint32_t)((number * SERVERS + i) * PLACES + k);
	uint8_t *octets = z->octets[i][k];
	const danepriv_server server = { .name = z->servers[i],
		.aliases = DANEPRIV_ALIASES_REFUSE };
	const danepriv_address place = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

	octets[0] = 10;
	octets[1] = (uint8_t)(address >> 16);
	octets[2] = (uint8_t)(address >> 8);
	octets[3] = (uint8_t)address;
	bench_require(danepriv_cache_note_event(p->cache, &place, DANEPRIV_EVENT_COMPLETED,
			  10000 + address % 1000, NOW) == DANEPRIV_OK &&
			  danepriv_cache_note_finding(p->cache, &place, &server,
			      DANEPRIV_FINDING_MATCH, NOW) == DANEPRIV_OK,
	    "no address");
	enter(p, octets, 4, NOW);
}

static void
add_server(plans *p, zone *z, unsigned number, size_t i)
{
	static const uint8_t octets[35] = { 3, 1, 1 };
	const danepriv_span rdata = { octets, sizeof octets };
	const danepriv_server server = { .name = z->servers[i],
		.aliases = DANEPRIV_ALIASES_REFUSE };
	danepriv_records *records;

	(void)snprintf(z->servers[i], TEXT, "ns%zu.d%u.example.net.", i, number);
	bench_require(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			  DANEPRIV_REASON_NONE, &rdata, 1, NOW + 86400, &records) == DANEPRIV_OK &&
			  danepriv_cache_put(p->cache, records, NOW) == DANEPRIV_OK,
	    "no records");
	danepriv_records_free(records);
	enter(p, z->servers[i], strlen(z->servers[i]) + 1, NOW + 86400);
	for (size_t k = 0; k < PLACES; k++)
		add_place(p, z, number, i, k);
}

static void
open_plans(plans *p)
{
	const size_t entries = p->count * SERVERS * (1 + PLACES);
	const danepriv_cache_settings settings = { .size = sizeof settings,
		.max_octets = entries * 320 };

	p->zones = calloc(p->count, sizeof *p->zones);
	p->entries = calloc(entries, sizeof *p->entries);
	plain_open(&p->table, entries);
	bench_require(
	    p->zones && p->entries && danepriv_cache_new(&settings, &p->cache) == DANEPRIV_OK &&
		danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &p->rules) == DANEPRIV_OK &&
		danepriv_rules_add(p->rules, DANEPRIV_RULE_ZONE, "example.com.",
		    DANEPRIV_PROFILE_STRICT) == DANEPRIV_OK,
	    "no memory");
	for (unsigned i = 0; i < p->count; i++)
		for (size_t k = 0; k < SERVERS; k++)
			add_server(p, &p->zones[i], i, k);
}

void
rows_plan(const bench *b)
{
	static const bench_row rows[] = {
		{ "plan for four servers, eight addresses", make_plan, .wanted = "<= 3" },
		{ "plan, four servers, eight addresses", make_plan,
		    "twelve looks in a plain hash table", twelve_looks },
	};
	plans p = { .count = b->quick ? ZONES_QUICK : ZONES };

	if (!bench_wants(b, rows[0].name) && !bench_wants(b, rows[1].name) &&
	    !bench_wants(b, rows[1].peer))
		return;
	bench_heading(b, "Plans, 100000 servers and 200000 addresses known");
	open_plans(&p);
	plain_entry *entries = p.entries - p.count * SERVERS * (1 + PLACES);
	bench_times(b, rows, COUNT(rows), &p);
	danepriv_rules_free(p.rules);
	danepriv_cache_free(p.cache);
	plain_close(&p.table);
	free(entries);
	free(p.zones);
}
