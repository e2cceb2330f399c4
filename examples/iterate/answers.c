/* SPDX-License-Identifier: BSD-2-Clause
 * Which meta-queries were answered already?
 *
 * The keys of two servers have most of their proofs in common.  What is remembered is nobody's word
 * but a message, which is validated each time that it is used. */
#include "iterate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REMEMBER_MAX 300 /* seconds */

static bool
copy(const uint8_t *octets, size_t len, reply *out)
{
	*out = (reply){ .octets = malloc(len), .len = len };
	if (out->octets)
		memcpy(out->octets, octets, len);
	return out->octets != NULL;
}

bool
answers_find(const iterator *it, const danepriv_question *question, reply *out)
{
	*out = (reply){ 0 };
	for (size_t i = 0; i < it->answer_count; i++) {
		const remembered *r = &it->answers[i];
		if (r->question.type == question->type && time(NULL) <= r->valid_until &&
		    r->question.stream >= question->stream &&
		    strcmp(r->question.name, question->name) == 0)
			return copy(r->octets, r->len, out);
	}
	return false;
}

void
answers_keep(iterator *it, const danepriv_question *question, const reply *answer)
{
	dns_message m = dns_message_over((danepriv_span){ answer->octets, answer->len });
	danepriv_time ttl = REMEMBER_MAX;
	remembered *to = it->answers; /* when there is no room, the first one goes */
	reply own;
	dns_record r;

	while (dns_message_next(&m, &r))
		if (r.type != DNS_TYPE_OPT && r.ttl < ttl)
			ttl = r.ttl;
	if (!copy(answer->octets, answer->len, &own))
		return;
	if (it->answer_count < ANSWERS_MAX)
		to = &it->answers[it->answer_count++];
	free(to->octets);
	*to = (remembered){ *question, own.octets, own.len, time(NULL) + ttl };
}

void
answers_forget(iterator *it)
{
	for (size_t i = 0; i < it->answer_count; i++)
		free(it->answers[i].octets);
	it->answer_count = 0;
}
