/* SPDX-License-Identifier: BSD-2-Clause
 * What could befall servers and their addresses? */
#include "support/worlds.h"

#include "support/crowd.h"
#include "support/suite.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NEVER INT64_MIN
#define HOUR 3600
#define DAY 86400
#define PERSISTENCE (3 * DAY)
#define DAMPING DAY
#define TIMEOUT 4

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10

/* Those of servers first.  No two are equal, whatever their case. */
static const char *const labels[] = { "ns1", "ns2", "ns3", "ns4", "ns5", "ns6", "ns7", "ns8", "ns9",
	"net", "com", "example", "www", "*", "a.b", "x\\y", "\1\t", "_853", "xn--e1afmkfd", "-",
	"z", L60 "abc", L60 "abd", L60 "abe", L60 "f", "192" };
#define LABELS ((unsigned)(sizeof labels / sizeof *labels))
#define LABEL_NET WORLD_SERVERS
#define LABEL_LONG (WORLD_SERVERS + 12)

/* ---- chance ---- */

/* xorshift64*, whose low bits are not used. */
unsigned
world_chance(world *w, unsigned n)
{
	w->chance ^= w->chance >> 12;
	w->chance ^= w->chance << 25;
	w->chance ^= w->chance >> 27;
	return (unsigned)((w->chance * UINT64_C(2685821657736338717)) >> 33) % n;
}

/* ---- names ---- */

world_name
world_server_name(size_t server)
{
	return (world_name){ { (unsigned)server, LABEL_NET }, 2 };
}

world_name
world_any_name(world *w)
{
	world_name name = { .count = world_chance(w, 5) };

	/* 255 octets: 3 * 64 + 62 + 1 */
	if (world_chance(w, 16) == 0)
		return (world_name){ { LABEL_LONG, LABEL_LONG + 1, LABEL_LONG + 2, LABEL_LONG + 3 },
			4 };
	for (size_t i = 0; i < name.count; i++)
		name.labels[i] = LABEL_NET + world_chance(w, 4 + 8 * (world_chance(w, 4) == 0));
	return name;
}

static char *
write_octet(world *w, char octet, char *at)
{
	bool is_plain = octet > ' ' && octet != '.' && octet != '\\';

	if (!is_plain || world_chance(w, 32) == 0)
		return at + sprintf(at, "\\%03u", (unsigned)(unsigned char)octet);
	*at = world_chance(w, 2) ? (char)toupper((unsigned char)octet) : octet;
	return at + 1;
}

void
world_write_name(world *w, const world_name *name, char text[WORLD_TEXT])
{
	char *at = text;

	for (size_t i = 0; i < name->count; i++) {
		for (const char *octet = labels[name->labels[i]]; *octet; octet++)
			at = write_octet(w, *octet, at);
		*at++ = '.';
	}
	if (name->count == 0)
		*at++ = '.';
	else if (world_chance(w, 2))
		at--;
	*at = '\0';
}

bool
world_is_within(const world_name *name, const world_name *above)
{
	for (size_t i = 1; i <= above->count; i++)
		if (i > name->count ||
		    name->labels[name->count - i] != above->labels[above->count - i])
			return false;
	return true;
}

world_name
world_tail(const world_name *name, size_t count)
{
	world_name tail = { .count = name->count - count };

	memcpy(tail.labels, name->labels + count, tail.count * sizeof *tail.labels);
	return tail;
}

/* ---- servers and addresses ---- */

danepriv_server
world_server(world *w, size_t server, char text[WORLD_TEXT])
{
	static const uint16_t ports[] = { 853, 8853, 853 };
	size_t way = server % WORLD_WAYS;
	world_name name = world_server_name(server);

	world_write_name(w, &name, text);
	return (danepriv_server){ .name = text,
		.port = way != 1 && world_chance(w, 2) ? 0 : ports[way],
		.transport = way == 2 ? DANEPRIV_TRANSPORT_DOQ : DANEPRIV_TRANSPORT_DOT,
		.aliases = DANEPRIV_ALIASES_REFUSE };
}

danepriv_span
world_address(world *w, size_t address, uint8_t octets[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(octets, 0, 16);
	if (address >= WORLD_ADDRESSES - 2) {
		octets[0] = 0x20;
		octets[15] = (uint8_t)address;
		return (danepriv_span){ octets, 16 };
	}
	bool is_mapped = world_chance(w, 4) == 0;
	if (is_mapped)
		memcpy(octets, mapped, sizeof mapped);
	octets[is_mapped ? 12 : 0] = 192;
	octets[is_mapped ? 15 : 3] = (uint8_t)address;
	return (danepriv_span){ octets, is_mapped ? 16 : 4 };
}

static danepriv_address
way_to(world *w, size_t address, size_t way, uint8_t octets[16])
{
	char text[WORLD_TEXT];
	const danepriv_server any = world_server(w, way, text);

	return (danepriv_address){ world_address(w, address, octets), any.port, any.transport };
}

/* ---- the model ---- */

static bool
is_within(danepriv_time a, danepriv_time b, uint64_t span)
{
	uint64_t apart = a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;

	return a != NEVER && b != NEVER && apart <= span;
}

static bool
is_failure(danepriv_security security)
{
	return security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
}

/* From as long before it was put as it holds after. */
static bool
holds(const world *w, const world_known *k)
{
	return k->security != DANEPRIV_SECURITY_UNKNOWN && w->now <= k->valid_until &&
	       is_within(w->now, k->put, (uint64_t)k->valid_until - (uint64_t)k->put);
}

/* 60 seconds, 120, and so on up to an hour. */
static bool
is_left_alone(const world *w, const world_known *k)
{
	uint64_t span = 60;

	for (unsigned i = 1; i < k->failures && span < HOUR; i++)
		span *= 2;
	return k->failures > 0 && is_within(w->now, k->failed, span < HOUR ? span : HOUR);
}

danepriv_security
world_proof(const world *w, size_t server)
{
	const world_known *k = &w->known[server];

	if (holds(w, k))
		return k->security;
	if (!is_left_alone(w, k))
		return DANEPRIV_SECURITY_UNKNOWN;
	return k->security == DANEPRIV_SECURITY_BOGUS ? DANEPRIV_SECURITY_BOGUS
						      : DANEPRIV_SECURITY_INDETERMINATE;
}

bool
world_is_rejected(const world *w, size_t address, size_t server)
{
	const world_reached *r = &w->reached[address][server % WORLD_WAYS];
	danepriv_time put = w->known[server].put;
	bool came_since = put != NEVER && put > r->rejected[server] && put <= w->now;

	return r->found[server] == DANEPRIV_FINDING_MISMATCH &&
	       is_within(w->now, r->rejected[server], 60) && !came_since;
}

/* An attempt that nobody said anything of, nor has anything come since. */
static bool
is_lost(const world *w, const world_reached *r)
{
	bool is_alive = r->reach == DANEPRIV_REACH_SUCCESS && r->answered >= r->initiated;

	return r->is_pending && !is_within(w->now, r->initiated, TIMEOUT) && !is_alive;
}

bool
world_has_failed(const world *w, size_t address, size_t way)
{
	const world_reached *r = &w->reached[address][way];
	bool has_ended_so = r->reach == DANEPRIV_REACH_FAIL || r->reach == DANEPRIV_REACH_TIMEOUT;

	return (has_ended_so && is_within(w->now, r->completed, DAMPING)) ||
	       (is_lost(w, r) && is_within(w->now, r->initiated, TIMEOUT + DAMPING));
}

danepriv_wish
world_wish(const world *w, size_t address, size_t way)
{
	const world_reached *r = &w->reached[address][way];

	if (world_has_failed(w, address, way))
		return DANEPRIV_WISH_NONE;
	if (r->reach == DANEPRIV_REACH_SUCCESS && !is_lost(w, r) &&
	    is_within(w->now, r->answered, PERSISTENCE))
		return DANEPRIV_WISH_EXPECTED;
	if (r->is_pending && is_within(w->now, r->initiated, TIMEOUT))
		return DANEPRIV_WISH_NONE;
	return DANEPRIV_WISH_TRY;
}

/* ---- what happens ---- */

static void
model_put(world *w, world_known *k, danepriv_security security, danepriv_time until)
{
	bool stays = is_failure(security) && !is_failure(k->security) && holds(w, k);

	k->is_there = true;
	if (!is_failure(security))
		k->failures = 0;
	else if (!is_left_alone(w, k)) {
		k->failed = w->now;
		k->failures++;
	}
	if (stays)
		return;
	k->security = security;
	k->put = w->now;
	k->valid_until = until;
}

static void
put(world *w)
{
	static const danepriv_time spans[] = { 0, 1, 30, 61, 300, HOUR, 2 * DAY };
	size_t i = world_chance(w, WORLD_SERVERS);
	danepriv_security security = (danepriv_security)(1 + world_chance(w, 5));
	danepriv_time span = spans[world_chance(w, ROWS(spans))],
		      until = w->now > INT64_MAX - span ? INT64_MAX : w->now + span;
	char text[WORLD_TEXT];
	const danepriv_server server = world_server(w, i, text);

	crowd_put(w->cache, &server, security, 0, 35, until, w->now);
	model_put(w, &w->known[i], security, until);
}

/* RFC 6298 section 2 */
static void
model_rtt(world_reached *r, uint32_t rtt_us)
{
	if (rtt_us)
		r->rtt_us = r->rtt_us ? (uint32_t)(((uint64_t)r->rtt_us * 7 + rtt_us) / 8) : rtt_us;
}

static void
model_note(const world *w, world_reached *r, danepriv_event event, uint32_t rtt_us)
{
	if (event == DANEPRIV_EVENT_INITIATED) {
		r->is_pending = true;
		r->initiated = w->now;
		return;
	}
	if (event == DANEPRIV_EVENT_COMPLETED || event == DANEPRIV_EVENT_RESPONSE) {
		r->answered = w->now;
		model_rtt(r, rtt_us);
	}
	if (event == DANEPRIV_EVENT_RESPONSE)
		return;
	r->is_pending = false;
	r->completed = w->now;
	r->reach = event == DANEPRIV_EVENT_COMPLETED ? DANEPRIV_REACH_SUCCESS
		   : event == DANEPRIV_EVENT_FAILED  ? DANEPRIV_REACH_FAIL
						     : DANEPRIV_REACH_TIMEOUT;
}

static void
note(world *w)
{
	static const uint32_t rtts[] = { 0, 1, 30000, 49999, 60000, 999999, 1000500,
		UINT32_MAX - 1 };
	size_t i = world_chance(w, WORLD_ADDRESSES), way = world_chance(w, WORLD_WAYS);
	danepriv_event event = (danepriv_event)(1 + world_chance(w, 5));
	uint32_t rtt_us = rtts[world_chance(w, ROWS(rtts))];
	uint8_t octets[16];
	const danepriv_address address = way_to(w, i, way, octets);

	ck_assert_int_eq(
	    danepriv_cache_note_event(w->cache, &address, event, rtt_us, w->now), DANEPRIV_OK);
	model_note(w, &w->reached[i][way], event, rtt_us);
}

static void
model_finding(const world *w, world_reached *r, size_t server, danepriv_finding finding)
{
	if (finding == DANEPRIV_FINDING_MATCH)
		r->found[server] = finding;
	if (finding == DANEPRIV_FINDING_INDETERMINATE && r->found[server] == DANEPRIV_FINDING_MATCH)
		r->found[server] = DANEPRIV_FINDING_UNJUDGED;
	if (finding != DANEPRIV_FINDING_MISMATCH && finding != DANEPRIV_FINDING_DOWNGRADE)
		return;
	/* Those that do not count now are dropped, and do not come back with the clock. */
	for (size_t i = 0; i < WORLD_SERVERS; i++)
		if (r->found[i] == DANEPRIV_FINDING_MISMATCH &&
		    !is_within(w->now, r->rejected[i], 60))
			r->found[i] = DANEPRIV_FINDING_UNJUDGED;
	r->found[server] = DANEPRIV_FINDING_MISMATCH;
	r->rejected[server] = w->now;
}

static void
find(world *w)
{
	size_t i = world_chance(w, WORLD_ADDRESSES), who = world_chance(w, WORLD_SERVERS);
	size_t which = world_chance(w, DANEPRIV_FINDING_DOWNGRADE + 1);
	danepriv_finding finding = which == 1 ? DANEPRIV_FINDING_MATCH : (danepriv_finding)which;
	uint8_t octets[16];
	char text[WORLD_TEXT];
	const danepriv_server server = world_server(w, who, text);
	const danepriv_address address = way_to(w, i, who % WORLD_WAYS, octets);

	ck_assert_int_eq(
	    danepriv_cache_note_finding(w->cache, &address, &server, finding, w->now), DANEPRIV_OK);
	model_finding(w, &w->reached[i][who % WORLD_WAYS], who, finding);
}

/* Of these only the first matters to a plan, and it only for a server that is known; times are kept
 * to the minute, and before the first of them there is none. */
static void
tell_of_server(world *w)
{
	size_t i = world_chance(w, WORLD_SERVERS);
	char text[WORLD_TEXT];
	const danepriv_server server = world_server(w, i, text);

	switch (world_chance(w, 4)) {
	case 0:
		if (danepriv_cache_note_match(w->cache, &server, 0, w->now) == DANEPRIV_OK)
			w->known[i].has_authenticated = w->now >= 60;
		break;
	case 1:
		if (danepriv_cache_claim(w->cache, &server, w->now, NULL) == DANEPRIV_OK)
			w->known[i].is_there = true;
		break;
	case 2:
		(void)danepriv_cache_release(w->cache, &server);
		break;
	default:
		if (i % WORLD_WAYS != 2)
			(void)danepriv_cache_pin(w->cache, &server, 24, w->now);
	}
}

static void
pass(world *w)
{
	static const danepriv_time spans[] = { 1, 2, 4, 5, 59, 60, 61, 119, 120, 121, 300, HOUR,
		HOUR + 1, DAMPING, DAMPING + 1, DAMPING + 5, PERSISTENCE, PERSISTENCE + 1,
		10 * DAY };
	danepriv_time span = spans[world_chance(w, world_chance(w, 4) ? 9 : ROWS(spans))];

	if (world_chance(w, 5) == 0)
		w->now = w->now < INT64_MIN + 1 + span ? INT64_MIN + 1 : w->now - span;
	else
		w->now = w->now > INT64_MAX - span ? INT64_MAX : w->now + span;
}

void
world_goes_on(world *w)
{
	static void (*const ways[])(
	    world * w) = { put, put, put, note, note, note, find, find, tell_of_server, pass };

	ways[world_chance(w, ROWS(ways))](w);
}

void
world_open(world *w, uint64_t seed)
{
	static const danepriv_time starts[] = { 0, -1, INT64_MAX - HOUR, INT64_MIN + 1 };
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 65536 };

	memset(w, 0, sizeof *w);
	w->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 8; i++)
		(void)world_chance(w, 2);
	w->now = 1700000000;
	if (world_chance(w, 16) == 0)
		w->now = starts[world_chance(w, ROWS(starts))];
	for (size_t i = 0; i < WORLD_SERVERS; i++)
		w->known[i].put = w->known[i].failed = NEVER;
	for (size_t i = 0; i < WORLD_ADDRESSES; i++)
		for (size_t k = 0; k < WORLD_WAYS; k++)
			w->reached[i][k].initiated = w->reached[i][k].completed =
			    w->reached[i][k].answered = NEVER;
	ck_assert_int_eq(danepriv_cache_new(&settings, &w->cache), DANEPRIV_OK);
}

void
world_close(world *w)
{
	danepriv_cache_free(w->cache);
}
