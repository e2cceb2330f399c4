/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan: does each plan keep the rules, whatever happened to whomever?  Worlds by chance,
 * always the same ones, and hundreds of thousands of plans, each of which is held against what the
 * rules say of it (plan.h, rules.h, policy.h) in the words of this file alone. */
#include "support/suite.h"
#include "support/worlds.h"

#include <stdio.h>
#include <string.h>

#define PARTS 16
#define WORLDS 400 /* to a part */
#define PLANS 40   /* to a world */
#define RULES_MAX 4
#define CANDIDATES_MAX 8
#define PLACES_MAX 4
#define ATTEMPTS_MAX (2 * CANDIDATES_MAX * PLACES_MAX)

typedef struct rule {
	danepriv_rule_kind kind;
	world_name name;
	danepriv_profile profile;
} rule;

/* What is asked, and what the plan was. */
typedef struct asked {
	rule list[RULES_MAX];
	size_t rules_count;
	danepriv_profile otherwise;
	bool has_rules, has_limits;
	danepriv_limits limits;
	world_name zone, name;
	size_t servers[CANDIDATES_MAX], addresses[CANDIDATES_MAX][PLACES_MAX];
	uint8_t octets[CANDIDATES_MAX][PLACES_MAX][16];
	char texts[CANDIDATES_MAX][WORLD_TEXT], zone_text[WORLD_TEXT], name_text[WORLD_TEXT];
	danepriv_place places[CANDIDATES_MAX][PLACES_MAX];
	danepriv_candidate candidates[CANDIDATES_MAX];
	danepriv_request request;
	danepriv_plan plan;
	danepriv_attempt attempts[ATTEMPTS_MAX];
} asked;

/* What the rules say of a place. */
typedef struct view {
	size_t server, address;
	bool strict, tls, clear, open, unknown, expected;
	bool proven_keys, matched, authenticated, against, failed;
	uint32_t rtt_us;
	danepriv_obstacle obstacle;
} view;

/* ---- what is asked ---- */

static danepriv_profile
some_profile(world *w)
{
	return world_chance(w, 2) ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT;
}

static void
ask_by_rules(world *w, asked *a, danepriv_rules **rules)
{
	char text[WORLD_TEXT];

	*rules = NULL;
	a->has_rules = world_chance(w, 8) > 0;
	a->otherwise = some_profile(w);
	a->rules_count = world_chance(w, RULES_MAX + 1);
	if (!a->has_rules)
		return;
	ck_assert_int_eq(danepriv_rules_new(a->otherwise, rules), DANEPRIV_OK);
	for (size_t i = 0; i < a->rules_count; i++) {
		rule *r = &a->list[i];
		r->kind = (danepriv_rule_kind)world_chance(w, 2);
		r->profile = some_profile(w);
		r->name = world_server_name(world_chance(w, WORLD_SERVERS));
		if (r->kind == DANEPRIV_RULE_ZONE)
			r->name = world_chance(w, 2) ? a->name : world_any_name(w);
		r->name = world_tail(&r->name, world_chance(w, (unsigned)r->name.count + 1));
		world_write_name(w, &r->name, text);
		ck_assert_int_eq(
		    danepriv_rules_add(*rules, r->kind, text, r->profile), DANEPRIV_OK);
	}
}

static void
ask_whom(world *w, asked *a, size_t i)
{
	static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_SECURE,
		DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL,
		DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_PROVENANCE_UNPROVEN,
		DANEPRIV_PROVENANCE_UNPROVEN, (danepriv_provenance)4, (danepriv_provenance)-1 };
	danepriv_candidate *c = &a->candidates[i];

	a->servers[i] = world_chance(w, WORLD_SERVERS);
	*c = (danepriv_candidate){ .server = world_server(w, a->servers[i], a->texts[i]),
		.places = a->places[i],
		.place_size = sizeof *a->places[i] };
	c->provenance = provenances[world_chance(w, ROWS(provenances))];
	c->encrypted_only = world_chance(w, 6) == 0;
	c->count = world_chance(w, PLACES_MAX + 1);
	for (size_t k = 0; k < c->count; k++) {
		a->addresses[i][k] = world_chance(w, WORLD_ADDRESSES);
		a->places[i][k].octets = world_address(w, a->addresses[i][k], a->octets[i][k]);
		a->places[i][k].connections = world_chance(w, 6) ? 0 : 1 + world_chance(w, 2);
	}
}

static void
ask_by_limits(world *w, asked *a)
{
	static const size_t open[] = { 0, 0, 0, 0, 1, 2, 3, 127, 128, SIZE_MAX };

	a->has_limits = world_chance(w, 2);
	a->limits = (danepriv_limits){ .size = sizeof a->limits,
		.connections = world_chance(w, 4),
		.total = world_chance(w, 4) };
	a->request.connections = open[world_chance(w, ROWS(open))];
	if (a->has_limits)
		a->request.limits = &a->limits;
}

static void
ask(world *w, asked *a)
{
	/* None of this is read where it is not written. */
	a->name = world_any_name(w);
	a->zone = world_tail(&a->name, world_chance(w, (unsigned)a->name.count + 1));
	world_write_name(w, &a->name, a->name_text);
	world_write_name(w, &a->zone, a->zone_text);
	a->request = (danepriv_request){ .size = sizeof a->request,
		.zone = a->zone_text,
		.name = a->name_text,
		.purpose = (danepriv_purpose)world_chance(w, 3),
		.names = (danepriv_security)(world_chance(w, 2) ? 0 : world_chance(w, 6)),
		.candidates = a->candidates,
		.candidate_size = sizeof *a->candidates,
		.count = world_chance(w, CANDIDATES_MAX + 1) };
	for (size_t i = 0; i < a->request.count; i++)
		ask_whom(w, a, i);
	ask_by_limits(w, a);
}

/* ---- what the rules say ---- */

/* That of the longest name; -1: none. */
static int
rule_by(const asked *a, danepriv_rule_kind kind, const world_name *name)
{
	size_t longest = 0;
	int says = -1;

	for (size_t i = 0; i < a->rules_count; i++) {
		const rule *r = &a->list[i];
		if (r->kind != kind || !world_is_within(name, &r->name) ||
		    (says >= 0 && r->name.count < longest))
			continue;
		if (says < 0 || r->name.count > longest || r->profile == DANEPRIV_PROFILE_STRICT)
			says = (int)r->profile;
		longest = r->name.count;
	}
	return says;
}

static bool
is_meta(const asked *a)
{
	return a->request.purpose == DANEPRIV_PURPOSE_META;
}

static bool
is_strict(const asked *a, size_t server)
{
	world_name ruled = a->name, who = world_server_name(server);

	if (is_meta(a) || !a->has_rules)
		return !is_meta(a);
	if (a->request.purpose == DANEPRIV_PURPOSE_REFERRAL)
		ruled = a->name.count <= a->zone.count + 1 ? a->zone : world_tail(&a->name, 1);
	int by_zone = rule_by(a, DANEPRIV_RULE_ZONE, &ruled),
	    by_server = rule_by(a, DANEPRIV_RULE_SERVER, &who);
	if (by_zone < 0 && by_server < 0)
		return a->otherwise == DANEPRIV_PROFILE_STRICT;
	return by_zone == DANEPRIV_PROFILE_STRICT || by_server == DANEPRIV_PROFILE_STRICT;
}

static bool
is_proven(danepriv_provenance provenance)
{
	return provenance == DANEPRIV_PROVENANCE_SECURE ||
	       provenance == DANEPRIV_PROVENANCE_CHANNEL ||
	       provenance == DANEPRIV_PROVENANCE_CONFIGURED;
}

/* Is there room for a connection more to this candidate? */
static bool
has_room(const asked *a, const danepriv_candidate *c)
{
	size_t each = a->has_limits && a->limits.connections ? a->limits.connections : 1;
	size_t total = a->has_limits && a->limits.total ? a->limits.total : 128, open = 0;

	for (size_t k = 0; k < c->count; k++)
		open += c->places[k].connections;
	return open < each && a->request.connections < total;
}

static danepriv_obstacle
obstacle_to(const view *v, const danepriv_candidate *c, danepriv_security security, bool rejected,
    bool room)
{
	if (!is_proven(c->provenance))
		return DANEPRIV_OBSTACLE_NAME_UNPROVEN;
	if (security == DANEPRIV_SECURITY_DENIED || security == DANEPRIV_SECURITY_INSECURE)
		return DANEPRIV_OBSTACLE_NO_KEY;
	if (security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE)
		return DANEPRIV_OBSTACLE_NOT_LEARNT;
	if (rejected)
		return DANEPRIV_OBSTACLE_REJECTED;
	return v->open || room ? DANEPRIV_OBSTACLE_NONE : DANEPRIV_OBSTACLE_CONNECTIONS;
}

/* Must nobody be asked there in clear? */
static bool
is_encrypted_only(const asked *a, size_t address)
{
	for (size_t i = 0; i < a->request.count; i++)
		for (size_t k = 0; k < a->candidates[i].count; k++)
			if (a->candidates[i].encrypted_only && a->addresses[i][k] == address)
				return true;
	return false;
}

static view
view_of(const world *w, const asked *a, size_t i, size_t k)
{
	const danepriv_candidate *c = &a->candidates[i];
	size_t server = a->servers[i], address = a->addresses[i][k];
	const world_reached *r = &w->reached[address][server % WORLD_WAYS];
	danepriv_security security =
	    is_meta(a) ? DANEPRIV_SECURITY_UNKNOWN : world_proof(w, server);
	danepriv_wish wish = world_wish(w, address, server % WORLD_WAYS);
	bool is_withdrawn =
	    security == DANEPRIV_SECURITY_DENIED || security == DANEPRIV_SECURITY_INSECURE;
	bool room = has_room(a, c), rejected = !is_meta(a) && world_is_rejected(w, address, server);
	view v = { .server = server, .address = address, .rtt_us = r->rtt_us };

	v.strict = is_strict(a, server);
	v.open = c->places[k].connections > 0;
	v.unknown = security == DANEPRIV_SECURITY_UNKNOWN;
	v.proven_keys = security == DANEPRIV_SECURITY_SECURE;
	v.failed = world_has_failed(w, address, server % WORLD_WAYS) && !v.open;
	v.against = rejected || security == DANEPRIV_SECURITY_BOGUS;
	v.matched = !is_meta(a) && !is_withdrawn && r->found[server] == DANEPRIV_FINDING_MATCH;
	v.authenticated =
	    v.matched || (!is_meta(a) && !is_withdrawn && w->known[server].has_authenticated);
	v.expected = v.open || v.proven_keys || wish == DANEPRIV_WISH_EXPECTED;
	if (v.strict) {
		v.obstacle = obstacle_to(&v, c, security, rejected, room);
		v.tls = v.obstacle == DANEPRIV_OBSTACLE_NONE;
		return v;
	}
	v.clear = !is_encrypted_only(a, address);
	v.tls = v.open || (room && (v.proven_keys || !v.clear || wish != DANEPRIV_WISH_NONE));
	/* Our own limit is no reason to go in clear, but for what others may be waiting for. */
	v.clear = v.clear && (v.tls || room || !v.expected || is_meta(a));
	if (!v.tls && !v.clear)
		v.obstacle =
		    is_meta(a) ? DANEPRIV_OBSTACLE_ENCRYPTED_ONLY : DANEPRIV_OBSTACLE_CONNECTIONS;
	return v;
}

/* ---- does the plan do that? ---- */

/* The checks say which rule is broken; NULL: none. */
static const char *
check_attempt(const world *w, const asked *a, const danepriv_attempt *t)
{
	if (t->candidate >= a->request.count || t->place >= a->candidates[t->candidate].count)
		return "an attempt is for a place of the request";
	view v = view_of(w, a, t->candidate, t->place);
	bool is_clear = t->channel == DANEPRIV_CHANNEL_CLEAR;
	if (!is_clear && t->channel != DANEPRIV_CHANNEL_ENCRYPTED)
		return "an attempt is encrypted or clear";
	if (v.strict && is_clear)
		return "strict never yields cleartext";
	if (v.strict && t->unauthenticated_ok)
		return "strict authenticates";
	if (v.strict && !is_proven(a->candidates[t->candidate].provenance))
		return "strict asks proven names only";
	if (is_clear ? !v.clear : !v.tls)
		return "nobody is asked who must not be";
	if (!t->unauthenticated_ok != (v.strict && !is_clear) || t->open != (v.open && !is_clear))
		return "only strict insists, and connections are used";
	if (t->learn != (v.unknown && !is_clear && !is_meta(a)))
		return "unknown keys are learnt, but not for a meta-query";
	return NULL;
}

/* How many attempts there are to the same; for clear, to the address. */
static size_t
count_same(const asked *a, const view *v, danepriv_channel channel)
{
	size_t n = 0;

	for (size_t i = 0; i < a->plan.count; i++) {
		const danepriv_attempt *t = &a->attempts[i];
		if (t->channel == channel && a->addresses[t->candidate][t->place] == v->address &&
		    (channel == DANEPRIV_CHANNEL_CLEAR || a->servers[t->candidate] == v->server))
			n++;
	}
	return n;
}

static bool
is_unproven(const asked *a, size_t i)
{
	return is_strict(a, a->servers[i]) && !is_proven(a->candidates[i].provenance);
}

/* What has become of one server. */
typedef struct outcome {
	const char *wrong; /* or NULL */
	danepriv_obstacle obstacle;
	bool is_asked;
} outcome;

static outcome
check_one(const world *w, const asked *a, size_t i)
{
	outcome o = { NULL,
		is_unproven(a, i) ? DANEPRIV_OBSTACLE_NAME_UNPROVEN : DANEPRIV_OBSTACLE_NO_PLACE,
		false };

	for (size_t k = 0; k < a->candidates[i].count; k++) {
		view v = view_of(w, a, i, k);
		if (v.tls && count_same(a, &v, DANEPRIV_CHANNEL_ENCRYPTED) != 1)
			o.wrong = "who may be asked over TLS is, once";
		if (v.clear && count_same(a, &v, DANEPRIV_CHANNEL_CLEAR) != 1)
			o.wrong = "an address is asked in clear where it may be, once";
		o.is_asked = o.is_asked || v.tls || v.clear;
		o.obstacle = k == 0 || v.obstacle > o.obstacle ? v.obstacle : o.obstacle;
	}
	return o;
}

static danepriv_step
step_of(const asked *a, bool is_anybody, bool is_nameless, danepriv_obstacle worst)
{
	if (is_anybody)
		return DANEPRIV_STEP_ASK;
	if (worst == DANEPRIV_OBSTACLE_CONNECTIONS)
		return DANEPRIV_STEP_WAIT;
	return is_nameless && a->request.names == DANEPRIV_SECURITY_UNKNOWN
		   ? DANEPRIV_STEP_LEARN_NAMES
		   : DANEPRIV_STEP_REFUSE;
}

/* Whoever may be asked is, once; and why nobody is. */
static const char *
check_all(const world *w, const asked *a)
{
	danepriv_obstacle worst =
	    a->request.count ? DANEPRIV_OBSTACLE_NONE : DANEPRIV_OBSTACLE_NO_PLACE;
	bool is_nameless = false, is_anybody = false;

	for (size_t i = 0; i < a->request.count; i++) {
		outcome o = check_one(w, a, i);
		if (o.wrong)
			return o.wrong;
		is_anybody = is_anybody || o.is_asked;
		is_nameless = is_nameless || is_unproven(a, i);
		worst = o.obstacle > worst ? o.obstacle : worst;
	}
	danepriv_step step = step_of(a, is_anybody, is_nameless, worst);
	if (step == DANEPRIV_STEP_LEARN_NAMES)
		worst = DANEPRIV_OBSTACLE_NAME_UNPROVEN;
	if (a->plan.step != step || (step == DANEPRIV_STEP_ASK) != (a->plan.count > 0))
		return "the step follows from who is left";
	if (a->plan.obstacle != (step == DANEPRIV_STEP_ASK ? DANEPRIV_OBSTACLE_NONE : worst))
		return "the last obstacle is told";
	if (is_meta(a) && step != DANEPRIV_STEP_ASK && worst != DANEPRIV_OBSTACLE_NO_PLACE &&
	    (worst != DANEPRIV_OBSTACLE_ENCRYPTED_ONLY || step != DANEPRIV_STEP_REFUSE))
		return "a meta-query waits for nobody, and is not refused";
	return NULL;
}

/* Must one of two attempts over TLS come before the other? */
static bool
must_precede(const view *first, const view *second)
{
	bool is_fine = !first->failed && !first->against;

	if (first->strict != second->strict)
		return false;
	if (first->strict && first->unknown != second->unknown)
		return second->unknown;
	if (first->failed != second->failed)
		return second->failed;
	if (second->open || first->failed)
		return false;
	if (is_fine && first->open)
		return !first->strict || first->proven_keys;
	if (is_fine && first->authenticated && !second->authenticated)
		return true;
	if (first->against != second->against)
		return second->against;
	return first->matched == second->matched && first->authenticated == second->authenticated &&
	       first->proven_keys == second->proven_keys && first->open == second->open &&
	       first->rtt_us != 0 && (second->rtt_us == 0 || first->rtt_us < second->rtt_us);
}

/* The order of two of them, the first of which comes first. */
static const char *
check_pair(const world *w, const asked *a, size_t first, size_t second)
{
	const danepriv_attempt *t = &a->attempts[first], *u = &a->attempts[second];
	view v = view_of(w, a, t->candidate, t->place), x = view_of(w, a, u->candidate, u->place);
	bool is_clear = t->channel == DANEPRIV_CHANNEL_CLEAR,
	     is_next_clear = u->channel == DANEPRIV_CHANNEL_CLEAR;

	if (!is_clear && !is_next_clear && must_precede(&x, &v))
		return "servers that authenticated come first, and failed ones last";
	if (is_clear && !is_next_clear && v.address == x.address && v.server == x.server)
		return "TLS comes before cleartext";
	if (is_clear && !is_next_clear && !x.strict && v.expected)
		return "where TLS is expected, cleartext comes last";
	return NULL;
}

/* RFC 8305 section 5: a quarter of a second, or twice the round trip within bounds. */
static const char *
check_order(const world *w, const asked *a)
{
	uint64_t delay = 0;

	for (size_t i = 0; i < a->plan.count; i++) {
		const danepriv_attempt *t = &a->attempts[i];
		uint32_t rtt_us = view_of(w, a, t->candidate, t->place).rtt_us;
		uint64_t twice = 2 * (uint64_t)rtt_us / 1000;
		if (t->delay_ms != delay)
			return "each begins when it is its turn";
		delay += rtt_us == 0 ? 250 : twice < 100 ? 100 : twice > 2000 ? 2000 : twice;
		for (size_t k = 0; k < i; k++) {
			const char *broken = check_pair(w, a, k, i);
			if (broken)
				return broken;
		}
	}
	return NULL;
}

/* The same once more, with less room. */
static const char *
check_again(world *w, const asked *a)
{
	danepriv_attempt less[ATTEMPTS_MAX];
	danepriv_plan plan = { .size = sizeof plan,
		.attempts = less,
		.attempt_size = sizeof *less,
		.room = world_chance(w, (unsigned)a->plan.count + 1) };

	memset(less, 0, sizeof less);
	if (danepriv_plan_make(w->cache, &a->request, w->now, &plan) != DANEPRIV_OK ||
	    plan.step != a->plan.step || plan.obstacle != a->plan.obstacle ||
	    plan.count != a->plan.count || memcmp(less, a->attempts, plan.room * sizeof *less) != 0)
		return "the same is planned the same way";
	return NULL;
}

static const char *
check_plan(world *w, asked *a)
{
	danepriv_rules *rules;
	const char *broken = NULL;

	ask_by_rules(w, a, &rules);
	a->request.rules = rules;
	memset(a->attempts, 0, sizeof a->attempts);
	a->plan = (danepriv_plan){ .size = sizeof a->plan,
		.attempts = a->attempts,
		.attempt_size = sizeof *a->attempts,
		.room = ATTEMPTS_MAX };
	if (danepriv_plan_make(w->cache, &a->request, w->now, &a->plan) != DANEPRIV_OK ||
	    a->plan.count > ATTEMPTS_MAX)
		broken = "a plan can be made";
	for (size_t i = 0; i < a->plan.count && !broken; i++)
		broken = check_attempt(w, a, &a->attempts[i]);
	if (!broken)
		broken = check_all(w, a);
	if (!broken)
		broken = check_order(w, a);
	if (!broken)
		broken = check_again(w, a);
	danepriv_rules_free(rules);
	return broken;
}

START_TEST(worlds)
{
	static asked a;
	static world w;

	for (uint64_t i = 0; i < WORLDS; i++) {
		uint64_t seed = (uint64_t)_i * WORLDS + i;
		world_open(&w, seed);
		for (unsigned k = 0; k < PLANS; k++) {
			world_goes_on(&w);
			world_goes_on(&w);
			ask(&w, &a);
			const char *broken = check_plan(&w, &a);
			ck_assert_msg(!broken, "world %llu, plan %u: not so that %s",
			    (unsigned long long)seed, k, broken);
		}
		world_close(&w);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_chance");
	TCase *tc = tcase_create("plan_chance");

	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, worlds, 0, PARTS);
	suite_add_tcase(suite, tc);
	return suite;
}
