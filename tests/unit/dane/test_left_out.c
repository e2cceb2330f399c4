/* SPDX-License-Identifier: BSD-2-Clause
 * What if a caller leaves something out, or exchanges two arguments?  Each argument, and each field
 * of a struct that is an argument, of every call that judges or decides is zeroed in turn: strict
 * never trusts more for it.  (danepriv_decide: test_policy.  Adapters: test_guard,
 * test_openssl_guard.  danepriv_zone_provenance: test_zone.) */
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <danepriv/ike.h>
#include <stddef.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define MATCH DANEPRIV_FINDING_MATCH
#define OVER DANEPRIV_CHANNEL_ENCRYPTED
#define FIELDS_MAX 40

/* All that any of the calls takes.  Pointers to structs stand beside these. */
typedef struct given {
	const danepriv *ctx;
	danepriv_cache *cache;
	danepriv_records *records;
	danepriv_session *session;
	const danepriv_rules *rules;
	danepriv_hooks *hooks;
	danepriv_hooks the_hooks;
	const struct sockaddr *address;
	danepriv_judged *judged;
	danepriv_judged the_judged;
	const danepriv_credential *credential;
	danepriv_credential the_credential;
	danepriv_verdict *why;
	danepriv_verdict the_why;
	const danepriv_server *server;
	danepriv_server the_server;
	const danepriv_request *request;
	danepriv_request the_request;
	danepriv_candidate candidate;
	danepriv_place place;
	danepriv_limits limits;
	danepriv_records *ike_records;
	const danepriv_server *ike_server;
	danepriv_server the_ike_server;
	const danepriv_ike_peer *ike_peer;
	danepriv_ike_peer the_ike_peer;
	danepriv_ike_certificate certificate;
	danepriv_ike_found *found;
	danepriv_ike_found the_found;
	const char *domain, *name;
	const char *const *names;
	size_t count;
	danepriv_profile profile;
	danepriv_provenance provenance;
	danepriv_channel channel;
	danepriv_time now;
} given;

/* How far a call has strict trust somebody: 0 is not at all. */
typedef int called(given *g);

static int
trust_of(danepriv_decision decision)
{
	return decision == DANEPRIV_DECISION_REFUSE ? 0 : 1;
}

static int
trust_of_finding(danepriv_finding finding)
{
	return trust_of(danepriv_decide(STRICT, DANEPRIV_PROVENANCE_SECURE, finding, OVER));
}

static int
call_session_decide(given *g)
{
	return trust_of(
	    danepriv_session_decide(g->session, g->provenance, g->channel, g->now, g->why));
}

static int
call_session_decide_again(given *g)
{
	return trust_of(danepriv_session_decide_again(
	    g->session, g->cache, g->profile, g->provenance, g->channel, g->now, g->why));
}

/* What is in the verdict without a word of the status counts, too: some look at that alone. */
static int
call_evaluate(given *g)
{
	(void)!danepriv_evaluate(g->ctx, g->records, g->credential, NULL, 0, g->now, g->why);
	return trust_of_finding(g->the_why.finding);
}

static int
call_evaluate_with_names(given *g)
{
	(void)!danepriv_evaluate(
	    g->ctx, g->records, g->credential, g->names, g->count, g->now, g->why);
	return trust_of_finding(g->the_why.finding);
}

static int
call_cache_evaluate(given *g)
{
	(void)!danepriv_cache_evaluate(g->cache, g->ctx, g->server, g->credential, g->now, g->why);
	return trust_of_finding(g->the_why.finding);
}

/* Whatever the status says: some look at what was found alone. */
static int
call_ike_evaluate(given *g)
{
	(void)!danepriv_ike_evaluate(g->ctx, g->ike_records, g->ike_peer, g->now, g->found, g->why);
	return trust_of(danepriv_ike_decide(g->profile, g->provenance, g->the_found.finding));
}

static int
call_ike_judge(given *g)
{
	(void)!danepriv_ike_judge(
	    g->cache, g->ctx, g->ike_server, g->ike_peer, g->now, g->found, g->why);
	return trust_of(danepriv_ike_decide(g->profile, g->provenance, g->the_found.finding));
}

static int
call_hooks_decide(given *g)
{
	return trust_of(danepriv_hooks_decide(
	    g->hooks, g->domain, g->server, g->provenance, g->judged, g->channel, g->now));
}

/* And decides by what came of it. */
static int
call_hooks_judge(given *g)
{
	(void)!danepriv_hooks_judge(
	    g->hooks, g->server, g->address, g->credential, g->now, g->judged, g->why);
	return call_hooks_decide(g);
}

static int
call_hooks_channels(given *g)
{
	danepriv_channels channels = danepriv_hooks_channels(
	    g->hooks, g->domain, g->server, g->provenance, g->address, g->now);

	return channels != DANEPRIV_CHANNELS_NONE && channels != DANEPRIV_CHANNELS_ENCRYPTED;
}

static int
call_session_get_judged(given *g)
{
	(void)!danepriv_session_get_judged(g->session, g->cache, g->judged);
	return call_hooks_decide(g);
}

static int
call_rules_profile(given *g)
{
	return danepriv_rules_profile(g->rules, g->domain, g->name) != STRICT;
}

/* An attempt that goes to somebody unknown. */
static int
call_plan_make(given *g)
{
	danepriv_attempt attempts[4];
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = 4 };
	int trust = 0;

	(void)!danepriv_plan_make(g->cache, g->request, g->now, &plan);
	for (size_t i = 0; plan.step == DANEPRIV_STEP_ASK && i < plan.count; i++)
		trust |= attempts[i].channel != OVER || attempts[i].unauthenticated_ok;
	return trust;
}

typedef struct field {
	const char *name;
	size_t at, octets;
	bool is_enum;	    /* an argument: it is exchanged with others, too */
	const char *exempt; /* why what is zero may mean another question, or a default */
} field;

#define AT(member) #member, offsetof(given, member), sizeof(((given *)0)->member)
#define F(member)                                                                                  \
	{                                                                                          \
		AT(member), false, NULL                                                            \
	}
#define E(member)                                                                                  \
	{                                                                                          \
		AT(member), true, NULL                                                             \
	}
#define X(member, why)                                                                             \
	{                                                                                          \
		AT(member), false, why                                                             \
	}
#define QUESTION "which question it is"
#define DEFAULT "zero is a default that its header states"

#define VERDICT F(why), F(the_why.size), F(the_why.each), F(the_why.each_size), F(the_why.each_room)
#define CREDENTIAL                                                                                 \
	F(credential), F(the_credential.type), F(the_credential.items), F(the_credential.count)
#define SERVER(of)                                                                                 \
	X(of.name, QUESTION), X(of.port, QUESTION), X(of.transport, QUESTION),                     \
	    X(of.label, DEFAULT), F(of.aliases)
#define IKE_PEER                                                                                   \
	F(ike_peer), F(the_ike_peer.size), F(the_ike_peer.id), F(the_ike_peer.id.octets.data),     \
	    F(the_ike_peer.id.octets.len), F(the_ike_peer.id.type), F(the_ike_peer.certificates),  \
	    F(the_ike_peer.count), F(certificate.octets), F(certificate.octets.data),              \
	    F(certificate.octets.len), F(certificate.encoding), F(the_ike_peer.key),               \
	    F(the_ike_peer.key.data), F(the_ike_peer.key.len), F(the_ike_peer.address),            \
	    F(the_ike_peer.address.data), F(the_ike_peer.auth), F(the_ike_peer.resource),          \
	    F(found), F(the_found.size)
#define HOOKS F(hooks), F(the_hooks.size), F(the_hooks.ctx), F(the_hooks.cache), F(the_hooks.rules)
#define JUDGED                                                                                     \
	F(judged), F(the_judged.size), F(the_judged.place), F(the_judged.generation),              \
	    F(the_judged.finding), F(the_judged.valid_until)

static const struct {
	const char *name;
	called *call;
	field fields[FIELDS_MAX]; /* up to one without a name */
} calls[] = {
	{ "session_decide", call_session_decide,
	    { F(session), E(provenance), E(channel), F(now), VERDICT } },
	{ "session_decide_again", call_session_decide_again,
	    { F(session), F(cache), E(profile), E(provenance), E(channel), F(now), VERDICT } },
	{ "evaluate", call_evaluate, { F(ctx), F(records), CREDENTIAL, F(now), VERDICT } },
	{ "evaluate with names", call_evaluate_with_names,
	    { F(ctx), F(records), CREDENTIAL, F(names), F(count), F(now), VERDICT } },
	{ "cache_evaluate", call_cache_evaluate,
	    { F(cache), F(ctx), F(server), SERVER(the_server), CREDENTIAL, F(now), VERDICT } },
	{ "hooks_judge", call_hooks_judge,
	    { HOOKS, F(server), SERVER(the_server), F(address), CREDENTIAL, F(now), JUDGED,
		VERDICT } },
	{ "hooks_decide", call_hooks_decide,
	    { HOOKS, F(domain), F(server), SERVER(the_server), E(provenance), JUDGED, E(channel),
		F(now) } },
	{ "hooks_channels", call_hooks_channels,
	    { HOOKS, F(domain), F(server), SERVER(the_server), E(provenance), F(address),
		F(now) } },
	{ "session_get_judged", call_session_get_judged, { F(session), F(cache), JUDGED } },
	{ "ike_evaluate", call_ike_evaluate,
	    { F(ctx), F(ike_records), IKE_PEER, F(now), VERDICT, E(profile), E(provenance) } },
	{ "ike_judge", call_ike_judge,
	    { F(cache), F(ctx), F(ike_server), SERVER(the_ike_server), IKE_PEER, F(now), VERDICT,
		E(profile), E(provenance) } },
	{ "rules_profile", call_rules_profile, { F(rules), F(domain), F(name) } },
	{ "plan_make", call_plan_make,
	    { F(cache), F(request), F(the_request.size), F(the_request.zone), F(the_request.name),
		F(the_request.purpose), F(the_request.names), F(the_request.candidates),
		F(the_request.candidate_size), F(the_request.count), F(the_request.rules),
		F(the_request.limits), F(the_request.connections), F(limits.size),
		X(limits.tls_version, DEFAULT), X(limits.connections, DEFAULT),
		X(limits.total, DEFAULT), X(limits.idle_s, DEFAULT), SERVER(candidate.server),
		F(candidate.provenance), F(candidate.encrypted_only), F(candidate.places),
		F(candidate.place_size), F(candidate.count), F(place.octets), F(place.connections),
		F(now) } },
};

/* ---- the world ---- */

static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_CONFIGURED,
	DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL, DANEPRIV_PROVENANCE_UNPROVEN };
static const danepriv_channel channels[] = { OVER, DANEPRIV_CHANNEL_CLEAR, DANEPRIV_CHANNEL_NONE };
static const danepriv_security securities[] = { SECURE, DENIED, INSECURE, BOGUS, INDETERMINATE };
/* The one whose key is published, and another; a key that has no certificate. */
static const char *const shown[] = { "ee", "other", "raw:ee-key" };

#define WORLDS (2 * ROWS(provenances) * ROWS(channels) * ROWS(securities) * ROWS(shown))

typedef struct world {
	resolving r;
	test_peer good, peer;
	danepriv_records *records;
	danepriv_records *ike_records; /* the same for IKE, */
	danepriv_server ike_server;    /* and the server over that */
	test_octets key;	       /* that the peer's AUTH was verified with */
	danepriv_session *session;
	danepriv_server server;
	const char *base; /* the end of an alias, or NULL */
	given g;
} world;

/* Evidence has no end, so that it would hold at any time. */
static danepriv_records *
publish_for(world *w, const danepriv_server *server, danepriv_security security)
{
	test_octets rdata = rdata_of_peer(&w->good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(server, w->base, security, DANEPRIV_REASON_NONE,
			     &span, security == SECURE, INT64_MAX, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(w->r.cache, records, NOW), DANEPRIV_OK);
	octets_free(rdata);
	return records;
}

static void
publish(world *w, danepriv_security security)
{
	w->ike_server = w->server;
	w->ike_server.transport = DANEPRIV_TRANSPORT_IPSEC;
	w->records = publish_for(w, &w->server, security);
	w->ike_records = publish_for(w, &w->ike_server, security);
}

/* The peer as IKE has it, with all that there may be of it. */
static void
fill_ike(world *w)
{
	static const uint8_t octets[4] = { 192, 0, 2, 1 };
	const char *name = w->ike_server.name;
	bool is_raw = w->peer.credential.type == DANEPRIV_CREDENTIAL_RAW_KEY;

	w->g.ike_records = w->ike_records;
	w->g.the_ike_server = w->ike_server;
	w->g.certificate = (danepriv_ike_certificate){ w->peer.items[0], is_raw ? 15 : 4 };
	w->g.the_ike_peer = (danepriv_ike_peer){ .size = sizeof w->g.the_ike_peer,
		.id = { { (const uint8_t *)name, strlen(name) }, 2 },
		.count = 1,
		.key = { w->key.data + 3, w->key.len - 3 },
		.address = { octets, 4 },
		.auth = 14,
		.resource = DANEPRIV_RESOURCE_CERTIFIED };
	w->g.the_found.size = sizeof w->g.the_found;
}

/* A connection whose peer was judged before, as configured. */
static void
connect_to_peer(world *w)
{
	ck_assert_int_eq(
	    danepriv_session_new(w->r.ctx, &w->server, STRICT, &w->session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_recall(w->session, w->r.cache, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_sni(w->session, danepriv_session_sni(w->session)), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_credential(w->session, &w->peer.credential), DANEPRIV_OK);
	(void)!danepriv_session_decide(w->session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL);
	w->r.server = w->server;
	ck_assert_int_eq(danepriv_hooks_judge(&w->r.hooks, &w->server, w->r.address,
			     &w->peer.credential, NOW, &w->r.judged, NULL),
	    DANEPRIV_OK);
}

static void
fill(world *w, danepriv_provenance provenance, danepriv_channel channel)
{
	static const uint8_t octets[4] = { 192, 0, 2, 1 };
	static const char *const names[] = { "alias.example." };

	w->g = (given){ .ctx = w->r.ctx,
		.cache = w->r.cache,
		.records = w->records,
		.session = w->session,
		.rules = w->r.rules,
		.the_hooks = w->r.hooks,
		.address = w->r.address,
		.the_judged = w->r.judged,
		.the_credential = w->peer.credential,
		.the_why = { .size = sizeof(danepriv_verdict) },
		.the_server = w->server,
		.the_request = { .size = sizeof(danepriv_request),
		    .zone = "example.com.",
		    .name = WWW,
		    .purpose = DANEPRIV_PURPOSE_REFERRAL,
		    .names = SECURE,
		    .candidate_size = sizeof(danepriv_candidate),
		    .count = 1,
		    .rules = w->r.rules,
		    .connections = 1 },
		.candidate = { .server = w->server,
		    .provenance = provenance,
		    .place_size = sizeof(danepriv_place),
		    .count = 1 },
		.place = { { octets, 4 }, 1 },
		.limits = { .size = sizeof(danepriv_limits), .tls_version = 0x0304 },
		.domain = WWW,
		.name = cached_server.name,
		.names = names,
		.count = 1,
		.profile = STRICT,
		.provenance = provenance,
		.channel = channel,
		.now = NOW };
}

/* All of it but these octets, which are zero.  Pointers to the structs beside them come first: they
 * may be what is left out. */
static void
leave_out(given *g, const given *of, size_t at, size_t octets)
{
	*g = *of;
	g->hooks = &g->the_hooks;
	g->judged = &g->the_judged;
	g->credential = &g->the_credential;
	g->why = &g->the_why;
	g->server = &g->the_server;
	g->request = &g->the_request;
	g->ike_server = &g->the_ike_server;
	g->ike_peer = &g->the_ike_peer;
	g->the_ike_peer.certificates = &g->certificate;
	g->found = &g->the_found;
	g->the_request.candidates = &g->candidate;
	g->the_request.limits = &g->limits;
	g->candidate.places = &g->place;
	memset((char *)g + at, 0, octets);
}

/* What the call says, after it was given everything once more: none of them depends on what the one
 * before it was given. */
static int
call_without(world *w, called *call, size_t at, size_t octets)
{
	given g;

	(void)!danepriv_session_decide(w->session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, NULL);
	leave_out(&g, &w->g, at, octets);
	return call(&g);
}

static void
exchange(given *g, const field *one, const field *other)
{
	int kept[2];

	memcpy(&kept[0], (char *)g + one->at, sizeof kept[0]);
	memcpy(&kept[1], (char *)g + other->at, sizeof kept[1]);
	memcpy((char *)g + one->at, &kept[1], sizeof kept[1]);
	memcpy((char *)g + other->at, &kept[0], sizeof kept[0]);
}

static void
check_exchanges(world *w, int c, int meant)
{
	for (const field *one = calls[c].fields; one->name; one++)
		for (const field *other = calls[c].fields; other->name; other++) {
			given g;
			if (!one->is_enum || !other->is_enum)
				continue;
			leave_out(&g, &w->g, 0, 0);
			exchange(&g, one, other);
			ck_assert_msg(calls[c].call(&g) <= meant, "%s: %s and %s exchanged",
			    calls[c].name, one->name, other->name);
		}
}

/* Returns how far all that was given had strict trust somebody. */
static int
check_call(world *w, int c)
{
	int meant = call_without(w, calls[c].call, 0, 0);

	for (const field *f = calls[c].fields; f->name; f++) {
		int trust = call_without(w, calls[c].call, f->at, f->octets);
		ck_assert_msg(trust <= meant || f->exempt, "%s without %s", calls[c].name, f->name);
	}
	check_exchanges(w, c, meant);
	for (danepriv_time now = -1; now <= 0; now++) {
		w->g.now = now;
		ck_assert_msg(call_without(w, calls[c].call, 0, 0) == 0 ||
				  calls[c].call == call_rules_profile,
		    "%s at %d", calls[c].name, (int)now);
	}
	w->g.now = NOW;
	return meant;
}

/* Each call, with each peer and each proof. */
START_TEST(left_out)
{
	int c = _i % ROWS(calls), trusts = 0;

	for (int i = 0; i < WORLDS; i++) {
		world w;
		int n = i;
		resolving_open(&w.r, STRICT);
		peer_open(&w.good, shown[0]);
		peer_open(&w.peer, shown[n % ROWS(shown)]);
		n /= ROWS(shown);
		w.server = cached_server;
		w.base = n % 2 ? "end.example." : NULL;
		if (w.base)
			w.server.aliases = DANEPRIV_ALIASES_FOLLOW;
		n /= 2;
		publish(&w, securities[n % ROWS(securities)]);
		n /= ROWS(securities);
		danepriv_provenance provenance = provenances[n % ROWS(provenances)];
		connect_to_peer(&w);
		w.key = rdata_of_peer(&w.peer, 3, 1, 0); /* behind three octets */
		fill(&w, provenance, channels[n / ROWS(provenances)]);
		fill_ike(&w);
		trusts += check_call(&w, c);
		danepriv_session_free(w.session);
		octets_free(w.key);
		danepriv_records_free(w.ike_records);
		danepriv_records_free(w.records);
		peer_close(&w.peer);
		peer_close(&w.good);
		resolving_close(&w.r);
	}
	/* Or nothing was left to lose. */
	ck_assert(trusts > 0 || calls[c].call == call_rules_profile ||
		  calls[c].call == call_plan_make || calls[c].call == call_hooks_channels);
	ck_assert(trusts < WORLDS);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("left_out");
	TCase *tc = tcase_create("left_out");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, left_out, 0, ROWS(calls));
	suite_add_tcase(suite, tc);
	return suite;
}
