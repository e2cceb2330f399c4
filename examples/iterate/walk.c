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
		out->type = TYPE_A;
	return true;
}

/* A zone that is nearer to the answer: remembered, and gone on with. */
static bool
refer(iterator *it, zone *z, const danepriv_question *question, danepriv_purpose purpose,
    const reply *answer)
{
	danepriv_span octets = { answer->octets, answer->len };
	danepriv_provenance provenance =
	    answer->is_authenticated ? DANEPRIV_PROVENANCE_CHANNEL : DANEPRIV_PROVENANCE_UNPROVEN;
	zone below;

	if (!referral_read(octets, z, question->name, provenance, time(NULL), &below))
		return false;
	for (size_t i = 0; i < below.count; i++)
		tell(it, "zone %s server %s, %s", below.name, below.servers[i].name,
		    provenance == DANEPRIV_PROVENANCE_CHANNEL ? "by its authenticated parent"
							      : "unproven");
	(void)tree_put(&it->trees[purpose], &below); /* or asked for again next time */
	*z = below;
	return true;
}

/* One of the questions on the way. */
static outcome
ask(iterator *it, zone *z, const danepriv_question *asked, danepriv_purpose purpose, reply *answer)
{
	turn t = { z, asked, purpose, false };

	if (purpose == DANEPRIV_PURPOSE_META && answers_find(it, asked, answer))
		return OUTCOME_ANSWERED;
	return plan_carry_out(it, &t, answer);
}

outcome
walk_down(iterator *it, const danepriv_question *question, danepriv_purpose purpose, reply *answer)
{
	const zone *nearest = tree_nearest(&it->trees[purpose], question, time(NULL));
	danepriv_question asked;
	char shown[NAME_ROOM];

	if (!nearest)
		return OUTCOME_REFUSED;
	zone z = *nearest; /* what is asked for in between may change the tree */
	strcpy(shown, z.name);
	for (int i = 0; i < STEPS_MAX && minimise(question, shown, purpose, &asked); i++) {
		outcome came = ask(it, &z, &asked, purpose, answer);
		if (came != OUTCOME_ANSWERED)
			return came;
		bool is_whole = strcmp(asked.name, question->name) == 0;
		int rcode = message_rcode((danepriv_span){ answer->octets, answer->len });
		bool is_below = refer(it, &z, question, purpose, answer);
		if (!is_below && purpose == DANEPRIV_PURPOSE_META)
			answers_keep(it, &asked, answer);
		if (is_below)
			strcpy(shown, z.name);
		else if (is_whole)
			return OUTCOME_ANSWERED;
		else if (rcode != RCODE_NXDOMAIN)
			strcpy(shown, asked.name);
		else if (purpose == DANEPRIV_PURPOSE_QUESTION)
			return OUTCOME_ANSWERED; /* nor anything below (RFC 8020) */
		else
			strcpy(shown, question->name); /* the proof is wanted for the very name */
		free(answer->octets);
		*answer = (reply){ 0 };
	}
	return OUTCOME_UNREACHED;
}
