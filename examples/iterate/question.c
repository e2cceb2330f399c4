/* SPDX-License-Identifier: BSD-2-Clause
 * What is the answer to a question of the user's, at the end of all aliases?
 *
 * Each of them is a question of its own, from the nearest zone down, by the rules that go for its
 * name.  What a server says beyond the alias is passed over: it may not be the one to ask. */
#include "iterate.h"

#include <stdlib.h>
#include <string.h>

#define ALIASES_MAX 8 /* one after the other */

/* Where the name that was asked for is an alias: it becomes what that stands for. */
static bool
is_alias(const reply *answer, danepriv_question *question)
{
	danepriv_span octets = { answer->octets, answer->len };
	dns_message m = dns_message_over(octets);
	char leads_to[DNS_NAME_ROOM] = "";
	dns_record r;

	while (dns_message_next(&m, &r)) {
		if (r.section != DNS_SECTION_ANSWER || strcmp(r.name, question->name) != 0)
			continue;
		if (r.type == question->type || question->type == DNS_TYPE_ANY)
			return false;
		if (r.type == DNS_TYPE_CNAME && !dns_name_read(octets, r.at, leads_to))
			return false;
	}
	if (*leads_to == '\0')
		return false;
	strcpy(question->name, leads_to);
	return true;
}

static const char *
failure_text(const iterator *it, outcome came)
{
	if (it->budget == 0)
		return "given up: too much was asked for it";
	return came == OUTCOME_REFUSED ? "refused" : "nobody answered";
}

outcome
question_answer(iterator *it, const danepriv_question *question)
{
	danepriv_question asked = *question;

	it->budget = BUDGET;
	for (int i = 0; i <= ALIASES_MAX; i++) {
		reply answer = { 0 };
		tell(it, "question %s %s%s", asked.name, dns_type_text(asked.type),
		    i > 0 ? ", where the alias leads" : "");
		outcome came = walk_down(it, &asked, DANEPRIV_PURPOSE_QUESTION, &answer);
		if (came == OUTCOME_ANSWERED)
			tell_answer(it, &asked, &answer);
		else
			tell(it, "%s", failure_text(it, came));
		bool goes_on = came == OUTCOME_ANSWERED && is_alias(&answer, &asked);
		free(answer.octets);
		if (!goes_on)
			return came;
	}
	tell(it, "too many aliases");
	return OUTCOME_UNREACHED;
}
