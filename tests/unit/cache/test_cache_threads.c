/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/cache: does all of it hold when many threads are at it?
 *
 * Four threads do all that can be done, in no order, by a clock that is set forwards and backwards,
 * in a cache that is too small.  What a server publishes says whose it is, which key, and which
 * proof it came with, so that every reader can tell what belongs together; tests/run --all has it
 * watched by the thread sanitizer. */
#include "support/credentials.h"
#include "support/crowd.h"
#include "support/exported.h"
#include "support/suite.h"

#include <danepriv/plan.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define ROUNDS 40000
#define SERVERS 600 /* more than there is room for */
#define KEYS 8
#define GENUINE (KEYS - 1) /* the key that the peer has; published for each fourth server */
#define LENGTH_MAX (35 + KEYS * 60)
#define CODES 16 /* of keys and other proofs; the remainder of `valid_until` */
#define ACTIONS 18
#define GENERATIONS (THREADS * ROUNDS * 2)

typedef struct worker {
	danepriv_cache *cache;
	uint32_t random;
	danepriv_cache_due due;
	uint64_t position;
	const char *wrong; /* what was; NULL: nothing */
	unsigned *telling; /* how often the action came to what says something */
	uint8_t room[DANEPRIV_EXPORT_MAX];
} worker;

static _Atomic danepriv_time clock_now;
static unsigned telling[THREADS][ACTIONS];
/* What each generation was of: 0 is nobody yet. */
static _Atomic uint32_t owners[GENERATIONS];
static worker workers[THREADS];
static test_peer peer;
static test_octets genuine;
static danepriv *peer_ctx;
static test_octets chains[2]; /* of cached_server: two keys that its owner has signed */
static danepriv_records *proven[2];

static unsigned
draw(worker *w, unsigned bound)
{
	w->random = w->random * 1664525u + 1013904223u;
	return (w->random >> 8) % bound;
}

/* ---- what is published ---- */

static bool
is_genuine(unsigned number, unsigned key)
{
	return key == GENUINE && number % 4 == 0;
}

/* The record of a server and a key, which is like no other. */
static danepriv_span
record_of(unsigned number, unsigned key, uint8_t octets[LENGTH_MAX])
{
	danepriv_span record = { octets, 35 + key * 60 };

	if (is_genuine(number, key))
		return octets_span(genuine);
	memset(octets, (int)(number * 31 + key), LENGTH_MAX);
	memcpy(octets, "\3\1\1", 3);
	octets[3] = (uint8_t)(number >> 8);
	octets[4] = (uint8_t)number;
	octets[5] = (uint8_t)key;
	return record;
}

static unsigned
code_of(danepriv_security security, unsigned key)
{
	return security == SECURE ? key : KEYS + (unsigned)security;
}

static danepriv_records *
publish(worker *w, unsigned number, danepriv_security security, danepriv_time now)
{
	uint8_t octets[LENGTH_MAX];
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	unsigned key = draw(w, KEYS);
	danepriv_span record = record_of(number, key, octets);
	danepriv_time until =
	    now / CODES * CODES + CODES * (1 + draw(w, 12)) + code_of(security, key);
	danepriv_records *records;

	if (danepriv_records_vouch(&server, NULL, security, DANEPRIV_REASON_NONE, &record,
		security == SECURE, until, &records) != DANEPRIV_OK)
		w->wrong = "vouch";
	return records;
}

/* Does all that was found belong together and hold?  *code: what it is. */
static bool
is_whole(const danepriv_records *records, unsigned number, danepriv_time now, unsigned *code)
{
	uint8_t octets[LENGTH_MAX];
	char name[64];
	danepriv_security security = danepriv_records_security(records);
	danepriv_time until = danepriv_records_valid_until(records);

	(void)snprintf(name, sizeof name, "ns%u.shared.test.", number);
	*code = (unsigned)(until % CODES);
	if (until < now || strcmp(danepriv_records_base(records), name) != 0 ||
	    danepriv_records_count(records) != (security == SECURE))
		return false;
	if (security != SECURE)
		return *code == code_of(security, 0);
	danepriv_span found = danepriv_records_rdata(records, 0);
	danepriv_span wanted = record_of(number, *code % KEYS, octets);
	return *code < KEYS && found.len == wanted.len &&
	       memcmp(found.data, wanted.data, found.len) == 0;
}

/* Is the generation of these keys alone?  Denials and unsigned zones have none, and are alike. */
static bool
is_own(uint64_t generation, unsigned number, unsigned code)
{
	uint32_t owner = number << 8 | (code < KEYS ? code + 1 : KEYS + 1), before = 0;

	if (generation >= GENERATIONS)
		return false;
	return atomic_compare_exchange_strong(&owners[generation], &before, owner) ||
	       before == owner;
}

/* ---- what threads do; false: something is wrong ---- */

typedef bool (*action)(worker *w, unsigned number, danepriv_time now);

static bool
put(worker *w, unsigned number, danepriv_time now)
{
	danepriv_security security = draw(w, 2) ? SECURE : (danepriv_security)(1 + draw(w, 5));
	danepriv_records *records = publish(w, number, security, now);
	danepriv_status status = danepriv_cache_put(w->cache, records, now);

	danepriv_records_free(records);
	return status == DANEPRIV_OK;
}

/* It need not be true: whoever imports it finds that. */
static bool
put_proof(worker *w, unsigned number, danepriv_time now)
{
	danepriv_records *records =
	    publish(w, number, draw(w, 4) ? SECURE : DANEPRIV_SECURITY_DENIED, now);
	danepriv_status status =
	    danepriv_cache_put_proof(w->cache, records, octets_span(chains[0]), now);

	danepriv_records_free(records);
	return status == DANEPRIV_OK;
}

/* The same keys before and after are those in between. */
static bool
get(worker *w, unsigned number, danepriv_time now)
{
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_records *records;
	unsigned code;
	uint64_t before = danepriv_cache_generation(w->cache, &server);

	if (danepriv_cache_get(w->cache, &server, now, &records) != DANEPRIV_OK)
		return records == NULL;
	bool fine = is_whole(records, number, now, &code);
	danepriv_security security = danepriv_records_security(records);
	bool has_keys =
	    security != DANEPRIV_SECURITY_BOGUS && security != DANEPRIV_SECURITY_INDETERMINATE;
	danepriv_records_free(records);
	if (has_keys && before != 0 && danepriv_cache_generation(w->cache, &server) == before) {
		fine = fine && is_own(before, number, code);
		(*w->telling)++;
	}
	return fine;
}

static bool
evaluate(worker *w, unsigned number, danepriv_time now)
{
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_verdict v = { .size = sizeof v };
	danepriv_status status =
	    danepriv_cache_evaluate(w->cache, peer_ctx, &server, &peer.credential, now, &v);

	if (status != DANEPRIV_OK)
		return status == DANEPRIV_ENOTFOUND && v.finding == DANEPRIV_FINDING_UNJUDGED;
	*w->telling += v.finding == DANEPRIV_FINDING_MATCH;
	if (v.valid_until < now)
		return false;
	return (v.finding == DANEPRIV_FINDING_MATCH) ==
	       (v.security == SECURE && is_genuine(number, (unsigned)(v.valid_until % CODES)));
}

static bool
claim(worker *w, unsigned number, danepriv_time now)
{
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_time again;
	danepriv_status status = danepriv_cache_claim(w->cache, &server, now, &again);

	if (status == DANEPRIV_EAGAIN)
		return again >= now;
	(*w->telling)++;
	if (draw(w, 2))
		(void)danepriv_cache_release(w->cache, &server);
	return status == DANEPRIV_OK;
}

static bool
say(worker *w, unsigned number, danepriv_time now)
{
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_status status = draw(w, 2) ? danepriv_cache_note_match(w->cache, &server, 0, now)
					    : danepriv_cache_pin(w->cache, &server, 1, now);

	return status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND;
}

static bool
state(worker *w, unsigned number, danepriv_time now)
{
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_server_state s = { .size = sizeof s };

	if (danepriv_cache_get_server_state(w->cache, &server, now, &s) != DANEPRIV_OK)
		return s.security == DANEPRIV_SECURITY_UNKNOWN;
	*w->telling += s.pinned != INT64_MIN;
	return s.security == DANEPRIV_SECURITY_UNKNOWN || s.valid_until >= now;
}

static bool
refresh(worker *w, unsigned number, danepriv_time now)
{
	danepriv_status status = danepriv_cache_next_due(w->cache, now + 90, now, &w->due);
	char zone[8];

	if (status != DANEPRIV_OK)
		return status == DANEPRIV_EAGAIN || status == DANEPRIV_ENOTFOUND;
	(*w->telling)++;
	if (strcmp(w->due.name, "ns1.example.net.") == 0)
		return w->due.valid_until >= now;
	return w->due.valid_until >= now && w->due.valid_until <= now + 90 &&
	       w->due.valid_until % CODES < KEYS &&
	       sscanf(w->due.name, "ns%u.%7[a-z]", &number, zone) == 2 && number < SERVERS;
}

static bool
address(worker *w, unsigned number, danepriv_time now)
{
	const uint8_t octets[4] = { 10, 0, 0, (uint8_t)number };
	const danepriv_address at = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	char text[64];
	const danepriv_server server = crowd_server(number, "shared", text);
	danepriv_address_state s = { .size = sizeof s };
	danepriv_event event = (danepriv_event)(1 + draw(w, 5));
	danepriv_finding finding = draw(w, 2) ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_MISMATCH;
	bool fine = danepriv_cache_note_event(w->cache, &at, event, 1000, now) == DANEPRIV_OK;

	if (draw(w, 2))
		fine = fine && danepriv_cache_bind(w->cache, &at, &server) == DANEPRIV_OK;
	else
		fine = fine && danepriv_cache_note_finding(w->cache, &at, &server, finding, now) ==
				   DANEPRIV_OK;
	(void)danepriv_cache_get_wish(w->cache, &at, now);
	danepriv_status status = danepriv_cache_get_address_state(w->cache, &at, &s);
	*w->telling += status == DANEPRIV_OK && s.rtt_us > 0;
	return fine && (status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND) &&
	       (s.rtt_us == 0 || s.rtt_us == 1000);
}

/* Strict, whatever is going on. */
static bool
plan(worker *w, unsigned number, danepriv_time now)
{
	static const uint8_t octets[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
	const danepriv_place places[2] = { { { octets[0], 4 }, 0 }, { { octets[1], 4 }, 0 } };
	char texts[2][64];
	danepriv_candidate candidates[2];
	danepriv_attempt attempts[4];
	danepriv_plan p = {
		.size = sizeof p, .attempts = attempts, .attempt_size = sizeof *attempts, .room = 4
	};
	const danepriv_request request = { .size = sizeof request,
		.zone = ".",
		.name = "test.",
		.candidates = candidates,
		.candidate_size = sizeof *candidates,
		.count = 2 };

	for (unsigned i = 0; i < 2; i++)
		candidates[i] =
		    (danepriv_candidate){ .server = crowd_server(number ^ i, "shared", texts[i]),
			    .provenance = DANEPRIV_PROVENANCE_CONFIGURED,
			    .places = places,
			    .place_size = sizeof *places,
			    .count = 2 };
	if (danepriv_plan_make(w->cache, &request, now, &p) != DANEPRIV_OK || p.count > 4)
		return false;
	for (size_t i = 0; i < p.count; i++)
		if (attempts[i].channel != DANEPRIV_CHANNEL_ENCRYPTED ||
		    attempts[i].unauthenticated_ok)
			return false;
	*w->telling += p.count > 0;
	return true;
}

/* What is known of the one server that is signed: one of its two keys. */
static bool
is_signed(danepriv_cache *cache, danepriv_time now)
{
	danepriv_records *records;

	if (danepriv_cache_get(cache, &cached_server, now, &records) != DANEPRIV_OK)
		return true;
	danepriv_span rdata = danepriv_records_rdata(records, 0);
	bool fine = rdata.len == 35 && (rdata.data[3] == 'a' || rdata.data[3] == 'o') &&
		    rdata.data[34] == rdata.data[3] && danepriv_records_valid_until(records) >= now;
	danepriv_records_free(records);
	return fine;
}

/* By a cache that knows nothing yet: only what is proven is taken. */
static bool
believe(worker *w, size_t len, danepriv_time now)
{
	size_t used;
	danepriv_cache *cache = crowd_open(65536);
	danepriv_status status =
	    danepriv_cache_import(cache, exported_ctx, (danepriv_span){ w->room, len }, now, &used);
	bool is_known = danepriv_cache_generation(cache, &cached_server) != 0;
	bool fine = used == len && is_signed(cache, now) && is_known == (status == DANEPRIV_OK);

	*w->telling += is_known;
	danepriv_cache_free(cache);
	return fine && (is_known || status == DANEPRIV_ENOTFOUND);
}

/* All proofs that are written can be read; those of the one server that is signed are believed. */
static bool
proofs(worker *w, unsigned number, danepriv_time now)
{
	size_t len, used;
	unsigned which = number % 2;

	if (number % 8 == 0 && danepriv_cache_put_proof(w->cache, proven[which],
				   octets_span(chains[which]), now) != DANEPRIV_OK)
		return false;
	danepriv_status status =
	    danepriv_cache_export(w->cache, now, &w->position, w->room, sizeof w->room, &len);
	if (status == DANEPRIV_OK && !believe(w, len, now))
		return false;
	if (status == DANEPRIV_OK &&
	    (danepriv_cache_import(w->cache, exported_ctx, (danepriv_span){ w->room, len }, now,
		 &used) == DANEPRIV_EMALFORMED ||
		used != len))
		return false;
	return (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN ||
		   status == DANEPRIV_ENOTFOUND) &&
	       is_signed(w->cache, now);
}

/* Clocks are set; proofs are of the hour after NOW. */
static bool
set_clock(worker *w, unsigned number, danepriv_time now)
{
	danepriv_time then = now + (danepriv_time)draw(w, 60) - 25;

	if (number % 20 == 0)
		then = NOW + draw(w, 3000);
	if (then >= NOW && then < NOW + 3000)
		atomic_store(&clock_now, then);
	return true;
}

static const struct {
	const char *name;
	action run;
	bool tells; /* it has to come to what says something */
} actions[ACTIONS] = { { "put", put }, { "put", put }, { "put", put }, { "put_proof", put_proof },
	{ "get", get, true }, { "get", get, true }, { "get", get, true },
	{ "evaluate", evaluate, true }, { "evaluate", evaluate, true }, { "claim", claim, true },
	{ "say", say }, { "state", state, true }, { "refresh", refresh, true },
	{ "address", address, true }, { "address", address, true }, { "plan", plan, true },
	{ "proofs", proofs, true }, { "set_clock", set_clock } };

/* ---- all of it ---- */

static void *
work(void *arg)
{
	worker *w = arg;

	for (unsigned i = 0; i < ROUNDS && !w->wrong; i++) {
		unsigned which = draw(w, ROWS(actions));
		/* Half of what is asked is about few servers, for which threads meet. */
		unsigned number = draw(w, draw(w, 2) ? 20 : SERVERS);
		w->telling = &telling[w - workers][which];
		if (!actions[which].run(w, number, atomic_load(&clock_now)))
			w->wrong = actions[which].name;
	}
	return NULL;
}

static void
open_world(void)
{
	exported_open();
	peer_open(&peer, "ee");
	genuine = rdata_of_peer(&peer, 3, 1, 1);
	peer_ctx = context_open("-");
	for (int i = 0; i < 2; i++) {
		chains[i] = exported_chain_of(i ? OLD_KEY : THE_KEY);
		proven[i] = exported_records(&cached_server, octets_span(chains[i]));
	}
}

static void
close_world(void)
{
	for (int i = 0; i < 2; i++) {
		danepriv_records_free(proven[i]);
		octets_free(chains[i]);
	}
	danepriv_close(peer_ctx);
	octets_free(genuine);
	peer_close(&peer);
	exported_close();
}

/* The smallest, and some with several shards. */
static const size_t sizes[] = { 65536, 200000, 1u << 20 };

START_TEST(many_threads)
{
	danepriv_cache *cache = crowd_open(sizes[_i]);
	pthread_t threads[THREADS];

	atomic_store(&clock_now, NOW);
	memset(telling, 0, sizeof telling);
	for (unsigned i = 0; i < GENERATIONS; i++)
		atomic_store(&owners[i], 0);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (worker){ .cache = cache, .random = i * 7919 + (unsigned)_i };
		workers[i].due.size = sizeof workers[i].due;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_msg(!workers[i].wrong, "%zu: %s", sizes[_i], workers[i].wrong);
	for (int i = 0; i < ROWS(actions); i++) {
		unsigned sum = 0;
		for (unsigned t = 0; t < THREADS; t++)
			sum += telling[t][i];
		ck_assert_msg(sum > 0 || !actions[i].tells, "%s never tells", actions[i].name);
	}
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_threads");
	TCase *tc = tcase_create("cache_threads");

	tcase_set_timeout(tc, 250);
	tcase_add_checked_fixture(tc, open_world, close_world);
	tcase_add_loop_test(tc, many_threads, 0, ROWS(sizes));
	suite_add_tcase(suite, tc);
	return suite;
}
