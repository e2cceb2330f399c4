/* SPDX-License-Identifier: BSD-2-Clause
 * How does a question get from the root to its answer?
 *
 * By referrals, and with no more of its name shown than it takes (RFC 9156).  Where the name is not
 * that of a zone, the same servers are asked for one label more. */
#include "iterate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEPS_MAX 64 /* questions on the way to an answer */

/* What the servers get to see: `shown` and a label more, of a type that gives nothing away. */
static bool
minimise(const danepriv_question *question, const char *shown, danepriv_purpose purpose,
    danepriv_question *out)
{
	*out = *question;
	if (danepriv_minimised_name(question->name, shown, out->name, sizeof out->name, NULL) !=
	    DANEPRIV_OK)
		return false;
	/* no zone is expected at _tcp and the like (RFC 9156 section 2.3) */
	if (purpose == DANEPRIV_PURPOSE_META && out->name[0] == '_')
		strcpy(out->name, question->name);
	if (strcmp(out->name, question->name) != 0)
		out->type = DNS_TYPE_A;
	return true;
}

static danepriv_decision
decision_of(const reply *answer)
{
	return answer->is_authenticated ? DANEPRIV_DECISION_PROCEED : DANEPRIV_DECISION_REFUSE;
}

/* A zone that is nearer to the answer: remembered, and gone on with. */
static bool
refer(iterator *it, zone *z, const danepriv_question *question, danepriv_purpose purpose,
    const reply *answer)
{
	danepriv_span octets = { answer->octets, answer->len };
	const char *names[SERVERS_MAX];
	zone below;

	if (!referral_read(octets, z, question->name, time(NULL), &below)) {
		(void)danepriv_zones_note_decision(
		    it->zones, z->name, decision_of(answer), time(NULL));
		return false;
	}
	/* what its names are worth ends then, too (zones.h) */
	if (below.valid_until > z->valid_until)
		below.valid_until = z->valid_until;
	for (size_t i = 0; i < below.count; i++) {
		names[i] = below.servers[i].name;
		tell(it, "zone %s server %s, %s", below.name, names[i],
		    answer->is_authenticated ? "by its authenticated parent" : "unproven");
	}
	(void)danepriv_zones_note_referral(it->zones, z->name, decision_of(answer), below.name,
	    names, below.count, below.valid_until, time(NULL));
	(void)tree_put(&it->trees[purpose], &below); /* or asked for again next time */
	*z = below;
	return true;
}

/* One of the questions on the way. */
static outcome
ask(iterator *it, turn *t, reply *answer)
{
	if (t->purpose == DANEPRIV_PURPOSE_META && answers_find(it, t->question, answer))
		return OUTCOME_ANSWERED;
	return plan_carry_out(it, t, answer);
}

/* A strict domain may be a zone of its own, which its parent, who need not be strict, has to be
 * asked for then: but for no more than where it is. */
static bool
is_stricter_than_parent(const iterator *it, const turn *t)
{
	turn part = *t;

	part.is_whole = false;
	return t->is_whole && rules_say(it, t, ".") == DANEPRIV_PROFILE_STRICT &&
	       rules_say(it, &part, ".") != DANEPRIV_PROFILE_STRICT;
}

/* True: the zone of the turn is now one further down. */
static bool
find_domain(iterator *it, const turn *t, reply *answer)
{
	danepriv_question where = *t->question;
	turn part = { t->zone, &where, t->purpose, .is_whole = false };

	where.type = DNS_TYPE_NS;
	if (ask(it, &part, answer) != OUTCOME_ANSWERED)
		return false;
	bool is_below = refer(it, t->zone, &where, t->purpose, answer);
	free(answer->octets);
	*answer = (reply){ 0 };
	return is_below;
}

/* Where nobody refers further down: how much of the name is known not to be a zone?  NULL: that was
 * the answer. */
static const char *
shown_by(const danepriv_question *question, const turn *t, const reply *answer)
{
	int rcode = dns_message_rcode((danepriv_span){ answer->octets, answer->len });

	if (t->is_whole)
		return NULL;
	if (rcode != DNS_RCODE_NXDOMAIN)
		return t->question->name;
	/* Nor is there anything below (RFC 8020); but a proof is wanted for the very name. */
	return t->purpose == DANEPRIV_PURPOSE_QUESTION ? NULL : question->name;
}

outcome
walk_down(iterator *it, const danepriv_question *question, danepriv_purpose purpose, reply *answer)
{
	const zone *nearest = tree_nearest(&it->trees[purpose], question, time(NULL));
	danepriv_question asked;
	char shown[DNS_NAME_ROOM];

	if (!nearest)
		return OUTCOME_REFUSED;
	zone z = *nearest; /* what is asked for in between may change the tree */
	strcpy(shown, z.name);
	for (int i = 0; i < STEPS_MAX && minimise(question, shown, purpose, &asked); i++) {
		turn t = { &z, &asked, purpose,
			.is_whole = strcmp(asked.name, question->name) == 0 };
		outcome came = ask(it, &t, answer);
		if (came != OUTCOME_ANSWERED) {
			if (!is_stricter_than_parent(it, &t) || !find_domain(it, &t, answer))
				return came;
			strcpy(shown, z.name);
			continue;
		}
		bool is_below = refer(it, &z, question, purpose, answer);
		if (!is_below && purpose == DANEPRIV_PURPOSE_META)
			answers_keep(it, &asked, answer);
		const char *until = is_below ? z.name : shown_by(question, &t, answer);
		if (!until)
			return OUTCOME_ANSWERED;
		strcpy(shown, until);
		free(answer->octets);
		*answer = (reply){ 0 };
	}
	return OUTCOME_UNREACHED;
}
