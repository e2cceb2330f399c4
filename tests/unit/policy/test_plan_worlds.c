/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan: does each plan keep the rules, whatever is known?  All states of one server,
 * beside all states of another, for each profile, purpose and lookup of names. */
#include "support/crowd.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define PROOFS 6
#define PROVENANCES 2
#define FINDINGS 3
#define TRANSPORTS 4
#define OPENS 2
#define STATES (PROOFS * PROVENANCES * FINDINGS * TRANSPORTS * OPENS)

/* All that is known of a server with one address. */
typedef struct state {
	danepriv_security security;
	danepriv_provenance provenance;
	danepriv_finding finding;
	danepriv_event event;
	size_t connections;
} state;

/* The servers of all states are in one cache: they share nothing. */
typedef struct worlds {
	danepriv_cache *cache;
	char names[2][STATES][24];
	uint8_t octets[2][STATES][4];
	danepriv_place places[2][STATES];
	danepriv_rules *rules[3]; /* strict, opportunistic, strict for the first of the two */
} worlds;

static state
state_of(int number)
{
	static const danepriv_finding findings[] = { DANEPRIV_FINDING_UNJUDGED,
		DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH };
	static const danepriv_event events[] = { DANEPRIV_EVENT_NONE, DANEPRIV_EVENT_COMPLETED,
		DANEPRIV_EVENT_FAILED, DANEPRIV_EVENT_INITIATED };
	state s;

	s.security = (danepriv_security)(number % PROOFS);
	number /= PROOFS;
	s.provenance =
	    number % PROVENANCES ? DANEPRIV_PROVENANCE_SECURE : DANEPRIV_PROVENANCE_UNPROVEN;
	number /= PROVENANCES;
	s.finding = findings[number % FINDINGS];
	number /= FINDINGS;
	s.event = events[number % TRANSPORTS];
	s.connections = (size_t)(number / TRANSPORTS);
	return s;
}

static danepriv_server
server_of(const worlds *w, int which, int number)
{
	return (
	    danepriv_server){ .name = w->names[which][number], .aliases = DANEPRIV_ALIASES_REFUSE };
}

static void
add_server(worlds *w, int which, int number)
{
	const state s = state_of(number);
	uint8_t *octets = w->octets[which][number];
	const danepriv_server server = server_of(w, which, number);
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };

	(void)snprintf(w->names[which][number], sizeof w->names[which][number], "%c.n%d.example.",
	    'a' + which, number);
	octets[0] = (uint8_t)(which + 1);
	octets[2] = (uint8_t)(number >> 8);
	octets[3] = (uint8_t)number;
	w->places[which][number] = (danepriv_place){ address.octets, s.connections };
	if (s.security != DANEPRIV_SECURITY_UNKNOWN)
		crowd_put(w->cache, &server, s.security, 0, 35, NOW + 60, NOW);
	if (s.event != DANEPRIV_EVENT_NONE)
		ck_assert_int_eq(
		    danepriv_cache_note_event(w->cache, &address, s.event, 0, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_note_finding(w->cache, &address, &server, s.finding, NOW), DANEPRIV_OK);
}

static void
open_worlds(worlds *w, int first)
{
	memset(w, 0, sizeof *w);
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 1048576 };
	ck_assert_int_eq(danepriv_cache_new(&settings, &w->cache), DANEPRIV_OK);
	add_server(w, 0, first);
	for (int i = 0; i < STATES; i++)
		add_server(w, 1, i);
	ck_assert_int_eq(danepriv_rules_new(DANEPRIV_PROFILE_STRICT, &w->rules[0]), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &w->rules[1]), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &w->rules[2]), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_rules_add(w->rules[2], DANEPRIV_RULE_SERVER, w->names[0][first],
			     DANEPRIV_PROFILE_STRICT),
	    DANEPRIV_OK);
}

static void
close_worlds(worlds *w)
{
	for (int i = 0; i < 3; i++)
		danepriv_rules_free(w->rules[i]);
	danepriv_cache_free(w->cache);
}

/* ---- the rules ---- */

typedef struct planned {
	state states[2];
	bool strict[2], meta;
	danepriv_security names;
	danepriv_plan plan;
	danepriv_attempt attempts[8];
} planned;

/* Why strict must not ask this server, in an order of its own making. */
static danepriv_obstacle
strict_obstacle(const state *s)
{
	if (s->provenance == DANEPRIV_PROVENANCE_UNPROVEN)
		return DANEPRIV_OBSTACLE_NAME_UNPROVEN;
	if (s->security == DANEPRIV_SECURITY_DENIED || s->security == DANEPRIV_SECURITY_INSECURE)
		return DANEPRIV_OBSTACLE_NO_KEY;
	if (s->security == DANEPRIV_SECURITY_BOGUS ||
	    s->security == DANEPRIV_SECURITY_INDETERMINATE)
		return DANEPRIV_OBSTACLE_NOT_LEARNT;
	return s->finding == DANEPRIV_FINDING_MISMATCH ? DANEPRIV_OBSTACLE_REJECTED
						       : DANEPRIV_OBSTACLE_NONE;
}

/* The checks below say which rule is broken; NULL: none.  (An assertion for each rule of each plan
 * would take a minute.) */

/* What each attempt has to be, by itself. */
static const char *
check_attempt(const planned *p, const danepriv_attempt *a)
{
	const state *s = &p->states[a->candidate];
	bool strict = p->strict[a->candidate], clear = a->channel == DANEPRIV_CHANNEL_CLEAR;

	if (a->place != 0 || (!clear && a->channel != DANEPRIV_CHANNEL_ENCRYPTED))
		return "an attempt says whom to ask, and over what";
	if (strict && (clear || a->unauthenticated_ok))
		return "strict is encrypted and authenticated";
	if (strict && strict_obstacle(s) != DANEPRIV_OBSTACLE_NONE)
		return "strict asks nobody whom it must not ask";
	if (strict && !danepriv_decide(DANEPRIV_PROFILE_STRICT, s->provenance,
			  DANEPRIV_FINDING_MATCH, DANEPRIV_CHANNEL_ENCRYPTED))
		return "strict asks where the policy would let it";
	if (!a->unauthenticated_ok != strict)
		return "only strict insists on authentication";
	if (a->learn != (!clear && !p->meta && s->security == DANEPRIV_SECURITY_UNKNOWN))
		return "what is not known is learnt, but not for a meta-query";
	if (a->open != (!clear && s->connections > 0))
		return "connections are used";
	return NULL;
}

/* How many attempts there are of a kind; *last receives the last one. */
static size_t
count(const planned *p, size_t candidate, danepriv_channel channel, size_t *last)
{
	size_t n = 0;

	for (size_t i = 0; i < p->plan.count; i++)
		if (p->attempts[i].candidate == candidate && p->attempts[i].channel == channel) {
			n++;
			*last = i;
		}
	return n;
}

static bool
all_clear_from(const planned *p, size_t at)
{
	while (at < p->plan.count && p->attempts[at].channel == DANEPRIV_CHANNEL_CLEAR)
		at++;
	return at == p->plan.count;
}

/* Nobody is left out who may be asked, and nobody is asked twice. */
static const char *
check_candidate(const planned *p, size_t i)
{
	const state *s = &p->states[i];
	size_t at = 0, clear_at = 0;
	size_t encrypted = count(p, i, DANEPRIV_CHANNEL_ENCRYPTED, &at);
	size_t clear = count(p, i, DANEPRIV_CHANNEL_CLEAR, &clear_at);
	bool is_left = s->event == DANEPRIV_EVENT_FAILED || s->event == DANEPRIV_EVENT_INITIATED;
	bool has_keys = s->security == DANEPRIV_SECURITY_SECURE && !p->meta;
	bool is_expected = has_keys || s->connections > 0 || s->event == DANEPRIV_EVENT_COMPLETED;

	if (p->strict[i] && (clear != 0 || encrypted != (strict_obstacle(s) == 0)))
		return "strict asks everybody whom it may ask, once";
	if (p->strict[i])
		return NULL;
	if (clear != 1 || encrypted != (is_expected || !is_left))
		return "all others are asked in clear, and over TLS unless it is left alone";
	if (encrypted > 0 && at > clear_at)
		return "TLS comes before cleartext";
	if (is_expected && !all_clear_from(p, clear_at))
		return "where TLS is expected, cleartext comes behind all TLS";
	return NULL;
}

static const char *
check_step(const planned *p)
{
	const danepriv_obstacle first = strict_obstacle(&p->states[0]),
				second = strict_obstacle(&p->states[1]),
				worst = first > second ? first : second;
	bool is_name =
	    p->names == DANEPRIV_SECURITY_UNKNOWN &&
	    (first == DANEPRIV_OBSTACLE_NAME_UNPROVEN || second == DANEPRIV_OBSTACLE_NAME_UNPROVEN);

	if ((p->plan.step == DANEPRIV_STEP_ASK) != (p->plan.count > 0))
		return "to ask is to have attempts";
	if (p->plan.count > 0)
		return p->plan.obstacle == 0 ? NULL : "to ask is to have no obstacle";
	if (!p->strict[0] || !p->strict[1])
		return "only strict refuses";
	if (p->plan.obstacle != (is_name ? DANEPRIV_OBSTACLE_NAME_UNPROVEN : worst))
		return "the last obstacle is told";
	if (p->plan.step != (is_name ? DANEPRIV_STEP_LEARN_NAMES : DANEPRIV_STEP_REFUSE))
		return "names are learnt where they are what is missing";
	return NULL;
}

/* What strict has to look up comes behind what it knows. */
static bool
is_out_of_order(const danepriv_attempt *earlier, const danepriv_attempt *later)
{
	return !earlier->unauthenticated_ok && earlier->learn && !later->unauthenticated_ok &&
	       !later->learn;
}

static const char *
check_plan(const planned *p)
{
	const danepriv_plan *plan = &p->plan;
	const char *broken = check_step(p);

	for (size_t i = 0; i < 2 && !broken; i++)
		broken = check_candidate(p, i);
	for (size_t i = 0; i < plan->count && !broken; i++) {
		broken = check_attempt(p, &plan->attempts[i]);
		if (plan->attempts[i].delay_ms != i * 250)
			broken = "a quarter of a second between attempts";
		for (size_t k = 0; k < i; k++)
			if (is_out_of_order(&plan->attempts[k], &plan->attempts[i]))
				broken = "strict asks first whose keys are known";
	}
	return broken;
}

static void
make_plan(worlds *w, int first, int second, int rules, bool meta, danepriv_security names)
{
	planned p = { .states = { state_of(first), state_of(second) },
		.strict = { rules != 1 && !meta, rules == 0 && !meta },
		.meta = meta,
		.names = names };
	const danepriv_candidate candidates[] = {
		{ .server = server_of(w, 0, first),
		    .provenance = p.states[0].provenance,
		    .places = &w->places[0][first],
		    .place_size = sizeof(danepriv_place),
		    .count = 1 },
		{ .server = server_of(w, 1, second),
		    .provenance = p.states[1].provenance,
		    .places = &w->places[1][second],
		    .place_size = sizeof(danepriv_place),
		    .count = 1 },
	};
	const danepriv_request request = { .size = sizeof request,
		.zone = "example.com.",
		.name = "www.example.com.",
		.purpose = meta ? DANEPRIV_PURPOSE_META : DANEPRIV_PURPOSE_QUESTION,
		.names = names,
		.candidates = candidates,
		.candidate_size = sizeof *candidates,
		.count = 2,
		.rules = w->rules[rules] };

	p.plan = (danepriv_plan){ .size = sizeof p.plan,
		.attempts = p.attempts,
		.attempt_size = sizeof *p.attempts,
		.room = 8 };
	danepriv_status status = danepriv_plan_make(w->cache, &request, NOW, &p.plan);
	const char *broken =
	    status == DANEPRIV_OK && p.plan.count <= 4 ? check_plan(&p) : "a plan can be made";
	if (broken)
		ck_abort_msg("states %d and %d, rules %d, meta %d, names %d: not so that %s", first,
		    second, rules, meta, (int)names, broken);
}

START_TEST(every_state)
{
	static const danepriv_security names[] = { DANEPRIV_SECURITY_UNKNOWN,
		DANEPRIV_SECURITY_SECURE, DANEPRIV_SECURITY_INSECURE };
	static worlds w;

	open_worlds(&w, _i);
	for (int second = 0; second < STATES; second++)
		for (int rules = 0; rules < 3; rules++)
			for (int k = 0; k < ROWS(names); k++) {
				make_plan(&w, _i, second, rules, false, names[k]);
				make_plan(&w, _i, second, rules, true, names[k]);
			}
	close_worlds(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_worlds");
	TCase *tc = tcase_create("plan_worlds");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_state, 0, STATES);
	suite_add_tcase(suite, tc);
	return suite;
}
