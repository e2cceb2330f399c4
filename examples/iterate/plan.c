/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers of a zone are asked, and what has to be learnt before?
 *
 * Plan, do what it says, and plan again with what was learnt.  Strict learns a key when it is a
 * server's turn: in the handshake, if the server has a proof, otherwise by looking it up.
 * Opportunistic looks up all of them, for then they race. */
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
	if (a->channel == DANEPRIV_CHANNEL_CLEAR)
		return &d->clear[a->candidate][a->place];
	return a->open ? &d->open[a->candidate][a->place] : &d->tls[a->candidate][a->place];
}

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
		if (!a->unauthenticated_ok)
			return NULL;
	}
	return NULL;
}

static void
learn(iterator *it, turn *t, const danepriv_attempt *first, done *d, const name_server *unknown)
{
	greeting came =
	    first->unauthenticated_ok ? GREETING_UNPROVEN : learn_by_handshake(it, t, first);

	if (came == GREETING_UNPROVEN)
		learn_key(it, unknown);
	if (came == GREETING_LOST) {
		*attempt_done(d, first) = true;
		d->key[first->candidate] = false; /* it may be at another address */
	}
}

/* One after the other in strict; otherwise all of them, each at its time. */
static bool
make_attempts(iterator *it, turn *t, const danepriv_plan *plan, done *d, reply *answer)
{
	size_t count = plan->attempts[0].unauthenticated_ok ? plan->count : 1;

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
		danepriv_plan plan = { .size = sizeof plan,
			.attempts = attempts,
			.attempt_size = sizeof *attempts,
			.room = ATTEMPTS_MAX };
		if (plan_make(it, t, &plan) != DANEPRIV_OK)
			return OUTCOME_REFUSED;
		drop_done(&plan, &d);
		const name_server *unknown = next_to_learn(t, &plan, &d);
		plan_tell(it, t, &plan, unknown);
		if (plan.step == DANEPRIV_STEP_LEARN_NAMES) {
			learn_names(it, t->zone);
			memset(&d, 0, sizeof d); /* they may be other servers now */
		} else if (unknown) {
			learn(it, t, plan.attempts, &d, unknown);
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
