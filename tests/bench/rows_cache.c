/* SPDX-License-Identifier: BSD-2-Clause
 * What does the cache cost, beside a plain hash table with the same keys and entries as large,
 * which knows nothing of threads, bounds, eviction or chosen names? */
#include "bench/jobs.h"
#include "bench/plain.h"

#include <danepriv/hooks.h>
#include <danepriv/ike.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVERS 100000
#define SERVERS_QUICK 1000
#define MILLION 1000000
#define MILLION_QUICK 10000
#define EACH_OCTETS 320 /* that a server may take */
#define ADDRESS_KEY_OCTETS 8

typedef struct cache_job {
	judge_job judged;
	danepriv_cache *cache;
	danepriv_cache *ike;  /* holds the same servers over IPsec */
	unsigned count, many; /* servers */
	unsigned at;	      /* the next one to be asked for */
	char (*names)[40];
	danepriv_records **records;
	plain_table servers, addresses;
	plain_entry *entries, *address_entries;
	danepriv_rules *rules;
	danepriv_judged *connections; /* what was found of one to each server, */
	struct sockaddr_in *sockets;  /* at the address that it is bound to */
} cache_job;

/* ---- work ---- */

static unsigned
next_number(cache_job *job)
{
	/* Odd and large: all of them, none in the order of memory. */
	job->at = (job->at + 61803u) % job->count;
	return job->at;
}

static danepriv_server
server_of(const cache_job *job, unsigned number)
{
	return (danepriv_server){ job->names[number], 0, DANEPRIV_TRANSPORT_DOT };
}

/* The next call waits for this one: questions come one at a time, and a processor that runs ahead
 * into the next would hide what one takes. */
static bool
done(cache_job *job, bool fine)
{
	job->at += !fine;
	return fine;
}

static void
write_address(unsigned number, uint8_t octets[4])
{
	octets[0] = 10;
	octets[1] = (uint8_t)(number >> 16);
	octets[2] = (uint8_t)(number >> 8);
	octets[3] = (uint8_t)number;
}

static bool
cache_put(void *state)
{
	cache_job *job = state;

	return done(job, danepriv_cache_put(job->cache, job->records[next_number(job)],
			     job->judged.now) == DANEPRIV_OK);
}

static bool
plain_put(void *state)
{
	cache_job *job = state;
	unsigned number = next_number(job);
	const char *name = job->names[number];
	plain_entry *e = plain_find(&job->servers, name, strlen(name) + 1);

	if (!e)
		return false;
	memset(e->filling, (int)number, sizeof e->filling);
	e->records = job->records[number];
	return done(job, e->records != NULL);
}

/* What an evaluation begins with: the server's name is read, and its entry found. */
static bool
cache_find(void *state)
{
	cache_job *job = state;
	danepriv_server server = server_of(job, next_number(job));

	return done(job, danepriv_cache_generation(job->cache, &server) != 0);
}

static bool
plain_find_server(void *state)
{
	cache_job *job = state;
	const char *name = job->names[next_number(job)];
	const plain_entry *e = plain_find(&job->servers, name, strlen(name) + 1);

	return done(job, e && e->records);
}

static bool
cache_evaluate(void *state)
{
	cache_job *job = state;
	danepriv_server server = server_of(job, next_number(job));
	danepriv_verdict verdict = { .size = sizeof verdict };

	return done(job, danepriv_cache_evaluate(job->cache, job->judged.ctx, &server,
			     &job->judged.credential, job->judged.now, &verdict) == DANEPRIV_OK &&
			     verdict.finding == DANEPRIV_FINDING_MATCH);
}

/* The same key for the same names, by IPSECA. */
static bool
ike_judge(void *state)
{
	cache_job *job = state;
	unsigned number = next_number(job);
	const char *name = job->names[number];
	const danepriv_server server = { name, 0, DANEPRIV_TRANSPORT_IPSEC };
	const danepriv_ike_certificate shown = { job->judged.credential.items[0], 4 };
	const danepriv_ike_peer peer = { .size = sizeof peer,
		.id = { { (const uint8_t *)name, strlen(name) }, 2 },
		.certificates = &shown,
		.count = 1,
		.auth = 14 };
	danepriv_ike_found found = { .size = sizeof found };

	return done(job, danepriv_ike_judge(job->ike, job->judged.ctx, &server, &peer,
			     job->judged.now, &found, NULL) == DANEPRIV_OK &&
			     found.finding == DANEPRIV_FINDING_MATCH);
}

static bool
plain_evaluate(void *state)
{
	cache_job *job = state;
	const char *name = job->names[next_number(job)];
	danepriv_verdict verdict = { .size = sizeof verdict };
	const plain_entry *e = plain_find(&job->servers, name, strlen(name) + 1);

	return done(job, e &&
			     danepriv_evaluate(job->judged.ctx, e->records, &job->judged.credential,
				 NULL, 0, job->judged.now, &verdict) == DANEPRIV_OK &&
			     verdict.finding == DANEPRIV_FINDING_MATCH);
}

static bool
wants_tls(cache_job *job, unsigned number)
{
	uint8_t octets[4];
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

	write_address(number, octets);
	return danepriv_cache_get_wish(job->cache, &address, job->judged.now) ==
	       DANEPRIV_WISH_EXPECTED;
}

static bool
cache_wants_tls(void *state)
{
	return done(state, wants_tls(state, next_number(state)));
}

/* The same key as in the cache. */
static void
write_plain_key(unsigned number, char key[ADDRESS_KEY_OCTETS])
{
	uint8_t octets[4];

	write_address(number, octets);
	memcpy(key, "\2\0\3\125", 4); /* kind, transport, port 853 */
	memcpy(key + 4, octets, sizeof octets);
}

static bool
plain_wants_tls(void *state)
{
	cache_job *job = state;
	char key[ADDRESS_KEY_OCTETS];

	write_plain_key(next_number(job), key);
	const plain_entry *e = plain_find(&job->addresses, key, sizeof key);
	return done(
	    job, e && e->reach == DANEPRIV_REACH_SUCCESS && job->judged.now - e->time < 259200);
}

/* Of an address whose server has published keys; it was never reached. */
static bool
cache_wants_tls_bound(void *state)
{
	cache_job *job = state;

	return done(job, wants_tls(job, next_number(job) + job->count));
}

static bool
plain_wants_tls_bound(void *state)
{
	cache_job *job = state;
	unsigned number = next_number(job);
	const char *name = job->names[number];
	char key[ADDRESS_KEY_OCTETS];

	write_plain_key(number, key);
	if (!plain_find(&job->addresses, key, sizeof key))
		return false;
	const plain_entry *e = plain_find(&job->servers, name, strlen(name) + 1);
	return done(job, e && danepriv_records_security(e->records) == DANEPRIV_SECURITY_SECURE);
}

/* ---- what a resolver's hooks ask for ---- */

static danepriv_hooks
hooks_of(const cache_job *job)
{
	return (danepriv_hooks){ sizeof(danepriv_hooks), job->judged.ctx, job->cache, job->rules };
}

static bool
hooks_judge(void *state)
{
	cache_job *job = state;
	unsigned number = next_number(job);
	const danepriv_hooks hooks = hooks_of(job);
	const danepriv_server server = server_of(job, number);
	danepriv_judged *judged = &job->connections[number];

	return done(job,
	    danepriv_hooks_judge(&hooks, &server, (const struct sockaddr *)&job->sockets[number],
		&job->judged.credential, job->judged.now, judged, NULL) == DANEPRIV_OK &&
		judged->finding == DANEPRIV_FINDING_MATCH);
}

static bool
hooks_decide(void *state)
{
	cache_job *job = state;
	unsigned number = next_number(job);
	const danepriv_hooks hooks = hooks_of(job);
	const danepriv_server server = server_of(job, number);

	return done(
	    job, danepriv_hooks_decide(&hooks, "www.example.com.", &server,
		     DANEPRIV_PROVENANCE_SECURE, &job->connections[number],
		     DANEPRIV_CHANNEL_ENCRYPTED, job->judged.now) == DANEPRIV_DECISION_PROCEED);
}

/* ---- threads ---- */

/* Each goes its own way through all of them. */
static bool
call_often(const cache_job *job, unsigned thread, unsigned calls, bench_run run)
{
	cache_job own = *job;
	bool fine = true;

	own.at = thread * (job->count / 2);
	for (unsigned i = 0; i < calls; i++)
		fine = run(&own) && fine;
	return fine;
}

static bool
share_wants_tls(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, cache_wants_tls);
}

static bool
share_plain_wants_tls(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, plain_wants_tls);
}

static bool
share_evaluate(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, cache_evaluate);
}

static bool
share_plain_evaluate(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, plain_evaluate);
}

static bool
share_find(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, cache_find);
}

static bool
share_plain_find(const void *state, unsigned thread, unsigned calls)
{
	return call_often(state, thread, calls, plain_find_server);
}

/* ---- room ---- */

/* Fails unless all of them are there at the end. */
static bool
hold_many(void *state)
{
	const cache_job *job = state;
	const danepriv_cache_settings settings = { .size = sizeof settings,
		.max_octets = (size_t)job->many * EACH_OCTETS };
	const danepriv_span rdata = { job->judged.rdata.data, job->judged.rdata.len };
	danepriv_cache *cache;
	bool fine = danepriv_cache_new(&settings, &cache) == DANEPRIV_OK;
	char name[40];

	for (unsigned i = 0; i < job->many && fine; i++) {
		danepriv_server server = { name, 0, DANEPRIV_TRANSPORT_DOT };
		danepriv_records *records;
		(void)snprintf(name, sizeof name, "ns%u.example.net", i);
		fine = danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			   DANEPRIV_REASON_NONE, &rdata, 1, job->judged.now + 1,
			   &records) == DANEPRIV_OK &&
		       danepriv_cache_put(cache, records, job->judged.now) == DANEPRIV_OK;
		danepriv_records_free(records);
	}
	for (unsigned i = 0; i < job->many && fine; i++) {
		danepriv_server server = { name, 0, DANEPRIV_TRANSPORT_DOT };
		(void)snprintf(name, sizeof name, "ns%u.example.net", i);
		fine = danepriv_cache_generation(cache, &server) != 0;
	}
	danepriv_cache_free(cache);
	return fine;
}

/* ---- a job ---- */

static void *
room_for(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	bench_require(memory != NULL, "out of memory");
	return memory;
}

static void
add_server(cache_job *job, unsigned number)
{
	const danepriv_span rdata = { job->judged.rdata.data, job->judged.rdata.len };
	const char *name = job->names[number];
	danepriv_server server = server_of(job, number);
	plain_entry *e = &job->entries[number];

	(void)snprintf(job->names[number], sizeof job->names[number], "ns%u.example.net", number);
	bench_require(
	    danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE,
		&rdata, 1, job->judged.now + 86400, &job->records[number]) == DANEPRIV_OK &&
		danepriv_cache_put(job->cache, job->records[number], job->judged.now) ==
		    DANEPRIV_OK,
	    "no records");
	e->records = job->records[number];
	plain_add(&job->servers, e, name, strlen(name) + 1);
}

static void
add_ike_server(cache_job *job, unsigned number)
{
	const danepriv_span rdata = { job->judged.rdata.data, job->judged.rdata.len };
	const danepriv_server server = { job->names[number], 0, DANEPRIV_TRANSPORT_IPSEC };
	danepriv_records *records;

	bench_require(
	    danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE,
		&rdata, 1, job->judged.now + 86400, &records) == DANEPRIV_OK &&
		danepriv_cache_put(job->ike, records, job->judged.now) == DANEPRIV_OK,
	    "no records");
	danepriv_records_free(records);
}

static void
add_address(cache_job *job, unsigned number)
{
	plain_entry *e = &job->address_entries[number];
	uint8_t octets[4];
	char key[ADDRESS_KEY_OCTETS];
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

	write_address(number, octets);
	bench_require(danepriv_cache_note_event(job->cache, &address, DANEPRIV_EVENT_COMPLETED,
			  1000, job->judged.now) == DANEPRIV_OK,
	    "no address");
	danepriv_server server = server_of(job, number);
	write_address(number + job->count, octets);
	bench_require(danepriv_cache_bind(job->cache, &address, &server) == DANEPRIV_OK, "no bind");
	e->reach = DANEPRIV_REACH_SUCCESS;
	e->time = job->judged.now;
	write_plain_key(number, key);
	plain_add(&job->addresses, e, key, sizeof key);
}

/* A judgement for each, so that all of them can be decided by. */
static void
add_connection(cache_job *job, unsigned number)
{
	struct sockaddr_in *socket = &job->sockets[number];
	uint8_t octets[4];

	write_address(number + job->count, octets);
	socket->sin_family = AF_INET;
	memcpy(&socket->sin_addr, octets, sizeof octets);
	job->connections[number].size = sizeof(danepriv_judged);
}

static void
add_connections(cache_job *job)
{
	job->sockets = room_for(job->count, sizeof *job->sockets);
	job->connections = room_for(job->count, sizeof *job->connections);
	bench_require(
	    danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &job->rules) == DANEPRIV_OK &&
		danepriv_rules_add(job->rules, DANEPRIV_RULE_ZONE, "example.com.",
		    DANEPRIV_PROFILE_STRICT) == DANEPRIV_OK,
	    "no rules");
	for (unsigned i = 0; i < job->count; i++)
		add_connection(job, i);
	for (unsigned i = 0; i < job->count; i++)
		bench_require(hooks_judge(job), "not judged");
}

static void
open_job(cache_job *job)
{
	const danepriv_cache_settings settings = { .size = sizeof settings,
		.max_octets = (size_t)job->count * 2 * EACH_OCTETS };

	judge_job_add_named(&job->judged, "ee");
	judge_job_open(&job->judged, 3, 1, 0, (danepriv_span){ NULL, 0 });
	bench_require(danepriv_cache_new(&settings, &job->cache) == DANEPRIV_OK &&
			  danepriv_cache_new(&settings, &job->ike) == DANEPRIV_OK,
	    "no cache");
	job->names = room_for(job->count, sizeof *job->names);
	job->records = room_for(job->count, sizeof(danepriv_records *));
	plain_open(&job->servers, job->count);
	job->entries = room_for(job->count, sizeof(plain_entry));
	plain_open(&job->addresses, job->count);
	job->address_entries = room_for(job->count, sizeof(plain_entry));
	for (unsigned i = 0; i < job->count; i++) {
		add_server(job, i);
		add_ike_server(job, i);
		add_address(job, i);
	}
}

static void
close_job(cache_job *job)
{
	for (unsigned i = 0; i < job->count; i++)
		danepriv_records_free(job->records[i]);
	free(job->names);
	free(job->records);
	plain_close(&job->servers);
	free(job->entries);
	plain_close(&job->addresses);
	free(job->address_entries);
	free(job->sockets);
	free(job->connections);
	danepriv_rules_free(job->rules);
	danepriv_cache_free(job->ike);
	danepriv_cache_free(job->cache);
	judge_job_close(&job->judged);
}

void
rows_cache(const bench *b)
{
	static const bench_row rows[] = {
		{ "cache put", cache_put, "a plain hash table", plain_put, .faster = true },
		{ "cache put, 500000 a second", cache_put, .wanted = "<= 2" },
		{ "cache wants_tls", cache_wants_tls, "a plain hash table", plain_wants_tls,
		    .faster = true, .wanted = ">= 0.6" },
		{ "cache wants_tls by a server's keys", cache_wants_tls_bound, "two lookups in it",
		    plain_wants_tls_bound, .faster = true },
		{ "cache evaluate 3 1 1", cache_evaluate, "a plain hash table", plain_evaluate,
		    .faster = true, .wanted = ">= 0.6" },
		{ "ike judge 3 1 1", ike_judge, "cache evaluate 3 1 1", cache_evaluate,
		    .wanted = "<= 1.3" },
		{ "cache find server", cache_find, "a plain hash table", plain_find_server,
		    .faster = true, .wanted = ">= 0.6" },
	};
	static const bench_row hooks_rows[] = {
		{ "hooks judge 3 1 1", hooks_judge, "cache evaluate 3 1 1", cache_evaluate },
		{ "hooks decide", hooks_decide, "cache find server", cache_find },
	};
	static const bench_scaling scalings[] = {
		{ "cache wants_tls, two threads", 2, share_wants_tls, "a plain hash table",
		    share_plain_wants_tls, ">= 0.9" },
		{ "cache evaluate 3 1 1, two threads", 2, share_evaluate, "a plain hash table",
		    share_plain_evaluate, ">= 0.9" },
		{ "cache find server, two threads", 2, share_find, "a plain hash table",
		    share_plain_find, ">= 0.9" },
		/* Mostly more than there are processors: who holds a lock is interrupted. */
		{ "cache wants_tls, eight threads", 8, share_wants_tls, "a plain hash table",
		    share_plain_wants_tls, NULL },
	};
	const bench_amount amounts[] = {
		{ b->quick ? "cache of 10000 servers, each" : "cache of a million servers, each",
		    hold_many, BENCH_OCTETS, "<= 400", b->quick ? MILLION_QUICK : MILLION },
	};
	cache_job job = { .count = b->quick ? SERVERS_QUICK : SERVERS,
		.many = b->quick ? MILLION_QUICK : MILLION };

	bench_heading(b, "The cache, 100000 servers and as many addresses");
	open_job(&job);
	bench_times(b, rows, COUNT(rows), &job);
	bench_scalings(b, scalings, COUNT(scalings), &job);
	/* Afterwards: what is known of a server takes longer to change once it was judged. */
	add_connections(&job);
	bench_times(b, hooks_rows, COUNT(hooks_rows), &job);
	bench_amounts(b, amounts, COUNT(amounts), &job);
	close_job(&job);
}
