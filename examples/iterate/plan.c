/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers of a zone are asked, and what has to be learnt before?
 *
 * Plan, do what it says, and plan again with what was learnt.  Strict looks up a key when it is a
 * server's turn; opportunistic looks up all of them, for then they race. */
#include "iterate.h"

#include <string.h>
#include <time.h>

#define PLANS_MAX 64 /* for one question to a zone: each learns something, or tries somebody */

/* What was done already, by server and address: no plan needs to say it twice. */
typedef struct done {
	bool clear[SERVERS_MAX][HOSTS_MAX], tls[SERVERS_MAX][HOSTS_MAX],
	    open[SERVERS_MAX][HOSTS_MAX];
	bool key[SERVERS_MAX];
} done;

static bool *
attempt_done(done *d, const danepriv_attempt *a)
{
	if (a->channel == DANEPRIV_CLEAR)
		return &d->clear[a->candidate][a->place];
	return a->open ? &d->open[a->candidate][a->place] : &d->tls[a->candidate][a->place];
}

/* ---- a plan ---- */

static danepriv_server
server_of(const name_server *s)
{
	return (danepriv_server){ .name = s->name, .role = DANEPRIV_NAME_SERVER };
}

danepriv_profile
rules_say(const iterator *it, const turn *t, const char *server)
{
	char ruled[NAME_ROOM];

	if (t->is_whole)
		return danepriv_rules_profile(it->rules, t->question->name, server);
	/* What cannot be is empty, which is strict. */
	(void)!danepriv_ruled_name(t->question->name, t->zone->name, ruled, sizeof ruled, NULL);
	return danepriv_rules_profile(it->rules, ruled, server);
}

static danepriv_purpose
purpose_of(const turn *t)
{
	return t->is_whole || t->purpose == DANEPRIV_PURPOSE_META ? t->purpose
								  : DANEPRIV_PURPOSE_REFERRAL;
}

/* How many connections to an address could carry the question: one is all that we open. */
static size_t
connections_to(iterator *it, const turn *t, const name_server *s, const host *h)
{
	danepriv_profile profile = rules_say(it, t, s->name);
	target to = { s, h, DANEPRIV_ENCRYPTED, t->purpose, profile == DANEPRIV_STRICT };

	return pool_find(it, &to) ? 1 : 0;
}

static danepriv_status
make(iterator *it, const turn *t, danepriv_plan *plan)
{
	danepriv_candidate candidates[SERVERS_MAX];
	danepriv_place places[SERVERS_MAX][HOSTS_MAX];

	pool_tidy(it);
	for (size_t i = 0; i < t->zone->count; i++) {
		const name_server *s = &t->zone->servers[i];
		for (size_t k = 0; k < s->count; k++)
			places[i][k] = (danepriv_place){ { s->hosts[k].octets, s->hosts[k].len },
				connections_to(it, t, s, &s->hosts[k]) };
		candidates[i] =
		    (danepriv_candidate){ server_of(s), s->provenance, places[i], s->count };
	}
	danepriv_request request = { .size = sizeof request,
		.zone = t->zone->name,
		.name = t->question->name,
		.purpose = purpose_of(t),
		.names = t->zone->names,
		.candidates = candidates,
		.count = t->zone->count,
		.rules = it->rules,
		.limits = &it->limits,
		.connections = pool_count(it) };
	return danepriv_plan_make(it->cache, &request, time(NULL), plan);
}

/* Those of meta-queries are all the same: ask anybody. */
static void
tell_plan(const iterator *it, const turn *t, const danepriv_plan *plan, const name_server *unknown)
{
	if (plan->step != DANEPRIV_STEP_ASK)
		tell(it, "zone %s plan for %s: %s: %s", t->zone->name, t->question->name,
		    danepriv_step_text(plan->step), danepriv_obstacle_text(plan->obstacle));
	else if (plan->count > 0 && t->purpose == DANEPRIV_PURPOSE_QUESTION)
		tell(it, "zone %s plan for %s: %s, attempts: %zu%s%s", t->zone->name,
		    t->question->name, plan->attempts[0].authenticate ? "strict" : "opportunistic",
		    plan->count, unknown ? ", but first learn the key of " : "",
		    unknown ? unknown->name : "");
}

/* ---- what it says ---- */

/* Leaves those attempts that were not made yet. */
static void
drop_done(danepriv_plan *plan, done *d)
{
	size_t left = 0, count = plan->count < plan->room ? plan->count : plan->room;

	for (size_t i = 0; i < count; i++)
		if (!*attempt_done(d, &plan->attempts[i]))
			plan->attempts[left++] = plan->attempts[i];
	plan->count = left;
}

/* The server whose key is to be looked up before anything is sent; NULL: there is none. */
static const name_server *
next_to_learn(const turn *t, const danepriv_plan *plan, done *d)
{
	for (size_t i = 0; i < plan->count; i++) {
		const danepriv_attempt *a = &plan->attempts[i];
		if (a->learn && !d->key[a->candidate]) {
			d->key[a->candidate] = true;
			return &t->zone->servers[a->candidate];
		}
		if (a->authenticate)
			return NULL;
	}
	return NULL;
}

/* One after the other in strict; else all of them, each at its time. */
static bool
make_attempts(iterator *it, turn *t, const danepriv_plan *plan, done *d, reply *answer)
{
	size_t count = plan->attempts[0].authenticate ? 1 : plan->count;

	for (size_t i = 0; i < count; i++)
		*attempt_done(d, &plan->attempts[i]) = true;
	return race_run(it, t, plan->attempts, count, answer);
}

/* A server whose addresses nobody has told us; NULL: there is none. */
static name_server *
next_without_address(zone *z)
{
	for (size_t i = 0; i < z->count; i++)
		if (z->servers[i].count == 0 && !z->servers[i].is_looked_up)
			return &z->servers[i];
	return NULL;
}

/* Nobody is left.  No plan says to wait here: connections that are not used make room before each
 * (pool_tidy), and none is used while there are plans to be made. */
static outcome
end(const turn *t, const danepriv_plan *plan)
{
	bool is_forbidden =
	    plan->step != DANEPRIV_STEP_ASK && plan->obstacle != DANEPRIV_OBSTACLE_NO_PLACE;

	return is_forbidden || t->is_reached ? OUTCOME_REFUSED : OUTCOME_UNREACHED;
}

outcome
plan_carry_out(iterator *it, turn *t, reply *answer)
{
	danepriv_attempt attempts[ATTEMPTS_MAX];
	name_server *nowhere;
	done d = { 0 };

	for (int i = 0; i < PLANS_MAX; i++) {
		danepriv_plan plan = {
			.size = sizeof plan, .attempts = attempts, .room = ATTEMPTS_MAX
		};
		if (make(it, t, &plan) != DANEPRIV_OK)
			return OUTCOME_REFUSED;
		drop_done(&plan, &d);
		const name_server *unknown = next_to_learn(t, &plan, &d);
		tell_plan(it, t, &plan, unknown);
		if (plan.step == DANEPRIV_STEP_LEARN_NAMES) {
			learn_names(it, t->zone);
			memset(&d, 0, sizeof d); /* they may be other servers now */
		} else if (unknown) {
			learn_key(it, unknown);
		} else if (plan.count > 0) {
			if (make_attempts(it, t, &plan, &d, answer))
				return OUTCOME_ANSWERED;
		} else if ((nowhere = next_without_address(t->zone))) {
			learn_addresses(it, nowhere);
			(void)tree_put(&it->trees[t->purpose], t->zone);
		} else {
			return end(t, &plan);
		}
	}
	return OUTCOME_REFUSED;
}
