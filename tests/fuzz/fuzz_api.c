/* SPDX-License-Identifier: BSD-2-Clause
 * Is anybody called authenticated who is not, in whatever order session, hooks, rules and cache are
 * called?  Each octet says what is called, those after it with what.  Beside it goes a model that
 * knows no more than which key was published for which server, and until when.  Nobody is called
 * authenticated who is not in it. */
#include "crypto/digest.h"
#include "support/fuzz.h"

#include <danepriv/danepriv.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN 1700000000
#define SERVERS 2
#define KEYS 3
#define CALLS_MAX 200

static const char *const names[SERVERS] = { "ns1.example.net.", "ns2.example.net." };

/* RFC 8410: an Ed25519 key, but for its 32 octets. */
static const uint8_t spki_head[12] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03,
	0x21, 0x00 };

typedef struct world {
	const uint8_t *data; /* what is left of the input */
	size_t len;
	danepriv *ctx;
	danepriv_cache *cache;
	danepriv_rules *rules;
	danepriv_hooks hooks;
	danepriv_judged judged; /* of the server that was judged last */
	unsigned shown;		/* the key that it showed, */
	unsigned server;	/* as which server */
	danepriv_session *session;
	unsigned session_shown, session_server;
	danepriv_time now;
	danepriv_time valid_until[SERVERS]
				 [KEYS]; /* the last second at which the key was published */
} world;

static void
require(bool what)
{
	if (!what)
		abort();
}

static unsigned
take(world *w, unsigned below)
{
	if (w->len == 0)
		return 0;
	w->len--;
	return *w->data++ % below;
}

/* What is left of the input, up to so many octets. */
static danepriv_span
take_octets(world *w, size_t most)
{
	danepriv_span span = { w->data, w->len < most ? w->len : most };

	w->data += span.len;
	w->len -= span.len;
	return span;
}

static danepriv_channel
take_channel(world *w)
{
	static const danepriv_channel channels[] = { DANEPRIV_CHANNEL_NONE, DANEPRIV_CHANNEL_CLEAR,
		DANEPRIV_CHANNEL_ENCRYPTED, (danepriv_channel)1 };

	return channels[take(w, 4)];
}

/* Of three one is none. */
static danepriv_profile
some_profile(world *w, unsigned below)
{
	static const danepriv_profile profiles[] = { DANEPRIV_PROFILE_STRICT,
		DANEPRIV_PROFILE_OPPORTUNISTIC, (danepriv_profile)1 };

	return profiles[take(w, below)];
}

static danepriv_provenance
take_provenance(world *w)
{
	static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_UNPROVEN,
		DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL,
		DANEPRIV_PROVENANCE_CONFIGURED, (danepriv_provenance)1 };

	return provenances[take(w, 5)];
}

static bool
is_proven(danepriv_provenance provenance)
{
	return provenance == DANEPRIV_PROVENANCE_SECURE ||
	       provenance == DANEPRIV_PROVENANCE_CHANNEL ||
	       provenance == DANEPRIV_PROVENANCE_CONFIGURED;
}

static danepriv_server
server_of(unsigned which)
{
	return (danepriv_server){ .name = names[which], .transport = DANEPRIV_TRANSPORT_DOT };
}

static void
key_of(unsigned which, uint8_t spki[44])
{
	memcpy(spki, spki_head, sizeof spki_head);
	memset(spki + sizeof spki_head, 0x51 + (int)which, 32);
}

/* `3 1 1` of a key. */
static void
record_of(unsigned which, uint8_t rdata[3 + DP_DIGEST_OCTETS_MAX])
{
	uint8_t spki[44];
	danepriv_span none = { NULL, 0 };

	key_of(which, spki);
	memcpy(rdata, "\3\1\1", 3);
	require(dp_digest(DP_DIGEST_SHA256, (danepriv_span){ spki, sizeof spki }, none, rdata + 3));
}

/* ---- evidence ---- */

/* Records of some keys, or what stands in their place; and when the model has to know of them. */
static danepriv_records *
make_records(world *w, unsigned server, unsigned *mask, danepriv_time *until)
{
	uint8_t rdata[KEYS][3 + DP_DIGEST_OCTETS_MAX];
	danepriv_span spans[KEYS];
	danepriv_server meant = server_of(server);
	danepriv_security security = (danepriv_security)take(w, 7);
	danepriv_records *records = NULL;
	size_t count = 0;

	*mask = take(w, 1u << KEYS);
	*until = w->now + take(w, 256) - 64;
	for (unsigned i = 0; i < KEYS; i++)
		if (*mask & 1u << i) {
			record_of(i, rdata[count]);
			spans[count] = (danepriv_span){ rdata[count], 35 };
			count++;
		}
	if (security != DANEPRIV_SECURITY_SECURE)
		count = *mask = 0;
	danepriv_status status = danepriv_records_vouch(
	    &meant, NULL, security, DANEPRIV_REASON_NONE, spans, count, *until, &records);
	require((status == DANEPRIV_OK) == (records != NULL));
	return records;
}

static void
publish(world *w, unsigned server, unsigned mask, danepriv_time until)
{
	for (unsigned i = 0; i < KEYS; i++)
		if (mask & 1u << i && until > w->valid_until[server][i])
			w->valid_until[server][i] = until;
}

/* A key that is not published, or no longer, authenticates nobody. */
static void
check(const world *w, danepriv_decision decision, unsigned server, unsigned key, bool strict)
{
	if (decision == DANEPRIV_DECISION_PROCEED)
		require(key < KEYS && w->valid_until[server][key] >= w->now);
	if (strict)
		require(
		    decision == DANEPRIV_DECISION_PROCEED || decision == DANEPRIV_DECISION_REFUSE);
}

static void
call_put(world *w)
{
	unsigned server = take(w, SERVERS), mask;
	danepriv_time until;
	danepriv_records *records = make_records(w, server, &mask, &until);

	if (records && danepriv_cache_put(w->cache, records, w->now) == DANEPRIV_OK)
		publish(w, server, mask, until);
	danepriv_records_free(records);
}

/* Nobody here can sign: nothing that is imported is believed. */
static void
call_import(world *w)
{
	danepriv_span octets = take_octets(w, take(w, 256));
	size_t used = 0;

	(void)!danepriv_cache_import(w->cache, w->ctx, octets, w->now, &used);
	require(used <= octets.len);
}

static void
call_export(world *w)
{
	uint8_t octets[512];
	uint64_t position = 0;
	size_t len = 0;

	require(danepriv_cache_export(w->cache, w->now, &position, octets, sizeof octets, &len) !=
		DANEPRIV_OK);
}

/* ---- hooks ---- */

/* Whether rules are strict for what is asked is the input's to say. */
static bool
is_strict(const world *w, const char *zone, unsigned server)
{
	return danepriv_rules_profile(w->rules, zone, names[server]) == DANEPRIV_PROFILE_STRICT;
}

static const char *
take_zone(world *w)
{
	static const char *const zones[] = { "example.com.", "strict.example.", ".", "a..b" };

	return zones[take(w, 4)];
}

static void
call_judge(world *w)
{
	uint8_t spki[44];
	danepriv_span item = { spki, sizeof spki };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_RAW_KEY, &item, 1 };
	danepriv_verdict why = { .size = sizeof why };
	const char *zone = take_zone(w);

	w->server = take(w, SERVERS);
	w->shown = take(w, KEYS + 1);
	key_of(w->shown, spki);
	const danepriv_server server = server_of(w->server);
	(void)!danepriv_hooks_judge(
	    &w->hooks, &server, NULL, &credential, w->now, &w->judged, &why);
	danepriv_provenance provenance = take_provenance(w);
	danepriv_decision decision = danepriv_hooks_decide(
	    &w->hooks, zone, &server, provenance, &w->judged, DANEPRIV_CHANNEL_ENCRYPTED, w->now);
	check(w, decision, w->server, w->shown, is_strict(w, zone, w->server));
	if (!is_proven(provenance))
		require(decision != DANEPRIV_DECISION_PROCEED);
}

/* By a judgement of one server about any. */
static void
call_decide(world *w)
{
	const char *zone = take_zone(w);
	unsigned number = take(w, SERVERS);
	const danepriv_server server = server_of(number);
	danepriv_channel channel = take_channel(w);
	danepriv_decision decision = danepriv_hooks_decide(
	    &w->hooks, zone, &server, take_provenance(w), &w->judged, channel, w->now);

	check(w, decision, number, w->shown, is_strict(w, zone, number));
	if (channel != DANEPRIV_CHANNEL_ENCRYPTED || number != w->server)
		require(decision != DANEPRIV_DECISION_PROCEED);
}

static void
call_address(world *w)
{
	uint8_t octets[4] = { 192, 0, 2, 0 };
	unsigned server = take(w, SERVERS), finding;
	danepriv_server meant = server_of(server);
	danepriv_address address = { .octets = { octets, 4 }, .transport = DANEPRIV_TRANSPORT_DOT };

	octets[3] = (uint8_t)take(w, 3);
	switch (take(w, 4)) {
	case 0:
		(void)danepriv_cache_bind(w->cache, &address, &meant);
		break;
	case 1:
		(void)danepriv_cache_note_event(
		    w->cache, &address, (danepriv_event)take(w, 7), take(w, 9), w->now);
		break;
	case 2:
		finding = take(w, 12);
		(void)danepriv_cache_note_finding(w->cache, &address, &meant,
		    finding == 1 ? DANEPRIV_FINDING_MATCH : (danepriv_finding)finding, w->now);
		break;
	default:
		require(
		    danepriv_cache_get_wish(w->cache, &address, w->now) <= DANEPRIV_WISH_EXPECTED);
	}
}

static void
call_rule(world *w)
{
	const char *zone = take_zone(w);
	danepriv_rule_kind kind = (danepriv_rule_kind)take(w, 3);

	(void)!danepriv_rules_add(w->rules, kind, zone, some_profile(w, 3));
}

static void
call_server(world *w)
{
	danepriv_server meant = server_of(take(w, SERVERS));
	danepriv_time again = 0;

	switch (take(w, 4)) {
	case 0:
		(void)danepriv_cache_pin(w->cache, &meant, (uint16_t)take(w, 4), w->now);
		break;
	case 1:
		(void)!danepriv_cache_claim(w->cache, &meant, w->now, &again);
		break;
	case 2:
		(void)danepriv_cache_release(w->cache, &meant);
		break;
	default:
		(void)danepriv_cache_note_match(w->cache, &meant, take(w, KEYS), w->now);
	}
}

/* ---- sessions ---- */

static void
call_session_new(world *w)
{
	w->session_server = take(w, SERVERS);
	w->session_shown = KEYS; /* as good as none */
	danepriv_server meant = server_of(w->session_server);
	danepriv_session_free(w->session);
	if (danepriv_session_new(w->ctx, &meant, some_profile(w, 3), &w->session) != DANEPRIV_OK)
		require(w->session == NULL);
}

static void
call_session_give(world *w)
{
	uint8_t spki[44];
	danepriv_span item = { spki, sizeof spki };
	danepriv_credential credential = { (danepriv_credential_type)take(w, 3), &item, 1 };
	unsigned shown = take(w, KEYS + 1);

	key_of(shown, spki);
	danepriv_status status = danepriv_session_give_credential(w->session, &credential);
	w->session_shown =
	    status == DANEPRIV_OK && credential.type == DANEPRIV_CREDENTIAL_RAW_KEY ? shown : KEYS;
}

static void
call_session_records(world *w)
{
	unsigned server = take(w, SERVERS), mask;
	bool fetched = take(w, 2);
	danepriv_time until;
	danepriv_records *records = make_records(w, server, &mask, &until);

	if (!records)
		return;
	danepriv_status status = fetched
				     ? danepriv_session_give_fetched_records(w->session, records)
				     : danepriv_session_give_records(w->session, records);
	require((status == DANEPRIV_OK) == (server == w->session_server));
	if (status == DANEPRIV_OK)
		publish(w, server, mask, until);
	danepriv_records_free(records);
}

static void
call_session_decide(world *w)
{
	danepriv_channel channel = take_channel(w);
	danepriv_provenance provenance = take_provenance(w);
	danepriv_profile profile = danepriv_session_profile(w->session);
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision;

	if (take(w, 2)) {
		profile = some_profile(w, 3);
		decision = danepriv_session_decide_again(
		    w->session, w->cache, profile, provenance, channel, w->now, &why);
	} else {
		decision = danepriv_session_decide(w->session, provenance, channel, w->now, &why);
	}
	check(w, decision, w->session_server, w->session_shown,
	    profile != DANEPRIV_PROFILE_OPPORTUNISTIC);
	if (channel != DANEPRIV_CHANNEL_ENCRYPTED || !is_proven(provenance))
		require(decision != DANEPRIV_DECISION_PROCEED);
}

static void
call_session(world *w)
{
	unsigned what = take(w, 8);

	if (what == 0 || !w->session) {
		call_session_new(w);
		return;
	}
	switch (what) {
	case 1:
		call_session_give(w);
		break;
	case 2:
		call_session_records(w);
		break;
	case 3:
		(void)danepriv_session_recall(w->session, w->cache, w->now);
		break;
	case 4:
		(void)danepriv_session_remember(w->session, w->cache, w->now);
		break;
	case 5:
		(void)danepriv_session_give_extension(
		    w->session, take_octets(w, take(w, 256)), w->now);
		break;
	case 6:
		(void)danepriv_session_give_sni(w->session, names[take(w, SERVERS)]);
		break;
	default:
		call_session_decide(w);
	}
}

/* ---- the world ---- */

static void
wait(world *w)
{
	w->now += take(w, 100) - 20;
}

static void (*const calls[])(world *w) = { call_put, call_judge, call_decide, call_session,
	call_session, call_address, call_rule, call_server, call_import, call_export, wait };
#define CALLS (sizeof calls / sizeof *calls)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const danepriv_cache_settings small = { .size = sizeof small, .max_octets = 65536 };
	world w = { .data = data, .len = len, .now = BEGIN };

	w.ctx = fuzz_context();
	require(danepriv_cache_new(&small, &w.cache) == DANEPRIV_OK);
	require(danepriv_rules_new(some_profile(&w, 2), &w.rules) == DANEPRIV_OK);
	w.hooks = (danepriv_hooks){ sizeof w.hooks, w.ctx, w.cache, w.rules };
	w.judged.size = sizeof w.judged;
	for (unsigned i = 0; i < CALLS_MAX && w.len > 0; i++)
		calls[take(&w, CALLS)](&w);
	danepriv_session_free(w.session);
	danepriv_rules_free(w.rules);
	danepriv_cache_free(w.cache);
	return 0;
}
