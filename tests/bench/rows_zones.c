/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost to know where a server's name comes from?  Beside the cache's look-up of the
 * same server, which every decision needs as well. */
#include "bench/bench.h"
#include "bench/jobs.h"

#include <danepriv/cache.h>
#include <danepriv/zones.h>

#include <stdio.h>
#include <stdlib.h>

#define ZONES 10000
#define ZONES_QUICK 1000
#define SERVERS 4 /* of a zone */
#define NOW 1700000000
#define EACH_OCTETS 320 /* that a zone, or a server, may take */

typedef char name_text[40];

typedef struct zones_job {
	danepriv_zones *zones;
	danepriv_cache *cache;
	unsigned count, at;
	name_text *zone_names, *server_names; /* of each zone one of its servers */
} zones_job;

/* As in rows_cache.c: all of them, none in the order of memory. */
static unsigned
next_number(zones_job *job)
{
	job->at = (job->at + 61803u) % job->count;
	return job->at;
}

static bool
done(zones_job *job, bool fine)
{
	job->at += !fine;
	return fine;
}

static bool
get_provenance(void *state)
{
	zones_job *job = state;
	unsigned number = next_number(job);

	return done(job, danepriv_zones_get_provenance(job->zones, job->zone_names[number],
			     job->server_names[number], NOW) == DANEPRIV_PROVENANCE_SECURE);
}

static bool
find_server(void *state)
{
	zones_job *job = state;
	danepriv_server server = { .name = job->server_names[next_number(job)] };

	return done(job, danepriv_cache_generation(job->cache, &server) != 0);
}

static void
add_zone(zones_job *job, unsigned number)
{
	static const uint8_t octets[35] = { 3, 1, 1 };
	const danepriv_span rdata = { octets, sizeof octets };
	const danepriv_server server = { .name = job->server_names[number] };
	danepriv_records *records;
	const char *names[SERVERS];
	name_text texts[SERVERS];
	danepriv_zone *zone;

	(void)snprintf(job->zone_names[number], sizeof(name_text), "zone%u.example.", number);
	for (unsigned i = 0; i < SERVERS; i++) {
		(void)snprintf(texts[i], sizeof texts[i], "ns%u.zone%u.example.", i, number);
		names[i] = texts[i];
	}
	(void)snprintf(job->server_names[number], sizeof(name_text), "%s", texts[number % SERVERS]);
	bench_require(
	    danepriv_zone_vouch(job->zone_names[number], DANEPRIV_SECURITY_SECURE,
		DANEPRIV_REASON_NONE, names, SERVERS, NOW + 86400, &zone) == DANEPRIV_OK &&
		danepriv_zones_put(job->zones, zone, NOW) == DANEPRIV_OK,
	    "no zone");
	bench_require(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			  DANEPRIV_REASON_NONE, &rdata, 1, NOW + 86400, &records) == DANEPRIV_OK &&
			  danepriv_cache_put(job->cache, records, NOW) == DANEPRIV_OK,
	    "no records");
	danepriv_zone_free(zone);
	danepriv_records_free(records);
}

static void
open_job(zones_job *job)
{
	size_t octets = (size_t)ZONES * 2 * EACH_OCTETS;
	const danepriv_zones_settings zones = { sizeof zones, octets };
	const danepriv_cache_settings cache = { .size = sizeof cache, .max_octets = octets };

	job->zone_names = calloc(job->count, sizeof *job->zone_names);
	job->server_names = calloc(job->count, sizeof *job->server_names);
	bench_require(job->zone_names && job->server_names, "out of memory");
	bench_require(danepriv_zones_new(&zones, &job->zones) == DANEPRIV_OK &&
			  danepriv_cache_new(&cache, &job->cache) == DANEPRIV_OK,
	    "no memory of zones");
	for (unsigned i = 0; i < job->count; i++)
		add_zone(job, i);
}

static void
close_job(zones_job *job)
{
	danepriv_zones_free(job->zones);
	danepriv_cache_free(job->cache);
	free(job->zone_names);
	free(job->server_names);
}

void
rows_zones(const bench *b)
{
	static const bench_row rows[] = {
		{ "zones get_provenance", get_provenance, "cache find server", find_server,
		    .faster = true, .wanted = ">= 0.6" },
	};
	static const bench_amount amounts[] = {
		{ "zones get_provenance", get_provenance, BENCH_ALLOCATIONS, "<= 0", 0 },
	};
	zones_job job = { .count = b->quick ? ZONES_QUICK : ZONES };

	bench_heading(b, "Zones' names, 10000 zones with four servers each");
	open_job(&job);
	bench_times(b, rows, COUNT(rows), &job);
	bench_amounts(b, amounts, COUNT(amounts), &job);
	close_job(&job);
}
