/* SPDX-License-Identifier: BSD-2-Clause
 * What has to be asked before the question: keys, names and addresses of servers?
 *
 * All of it by meta-queries, which go to anybody and never wait for a key (plan.h).  What comes
 * counts as far as danepriv_lookup_* has proven it; addresses need no proof, since a wrong one
 * leads to a server that has not the key. */
#include "iterate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEPTH_MAX 4	 /* of meta-queries for the addresses of servers for meta-queries */
#define QUESTIONS_MAX 64 /* of a lookup; the library has a bound of its own */

/* False: nobody answered. */
static bool
ask(iterator *it, const danepriv_question *question, reply *out)
{
	bool is_answered = answers_find(it, question, out);

	if (!is_answered && it->depth < DEPTH_MAX && it->budget > 0) {
		it->depth++;
		tell(it, "meta-query %s %s", question->name, dns_type_text(question->type));
		is_answered =
		    walk_down(it, question, DANEPRIV_PURPOSE_META, out) == OUTCOME_ANSWERED;
		if (!is_answered)
			tell(it, "nobody answered");
		it->depth--;
	}
	return is_answered;
}

/* ---- lookups ---- */

/* Carries the questions that a lookup has now; false when it has none. */
static bool
carry(iterator *it, danepriv_lookup *lookup)
{
	danepriv_question question;
	bool has_any = false;
	reply answer;

	for (int i = 0; i < QUESTIONS_MAX; i++) {
		danepriv_status status = danepriv_lookup_next(lookup, &question);
		if (status != DANEPRIV_OK || !dns_name_normal(question.name, question.name))
			break;
		if (ask(it, &question, &answer))
			status = danepriv_lookup_give_answer(
			    lookup, question.id, (danepriv_span){ answer.octets, answer.len });
		if (!answer.octets || status != DANEPRIV_OK)
			(void)danepriv_lookup_give_failure(
			    lookup, question.id, DANEPRIV_REASON_QUERY_FAILED);
		free(answer.octets);
		has_any = true;
	}
	return has_any;
}

void
learn_key(iterator *it, const name_server *server)
{
	danepriv_server of = { .name = server->name };
	danepriv_records *records = NULL;
	danepriv_lookup *lookup = NULL;
	danepriv_status status = danepriv_cache_claim(it->cache, &of, time(NULL), NULL);

	if (status != DANEPRIV_OK) { /* it failed recently */
		tell(it, "key of %s: left alone for now", server->name);
		return;
	}
	status = danepriv_lookup_new(it->ctx, &of, &lookup);
	while (status == DANEPRIV_OK &&
	       (status = danepriv_lookup_finish(lookup, time(NULL), &records)) == DANEPRIV_EAGAIN)
		status = carry(it, lookup) ? DANEPRIV_OK : DANEPRIV_EAGAIN;
	if (status == DANEPRIV_OK)
		status = danepriv_cache_put(it->cache, records, time(NULL));
	if (status == DANEPRIV_OK)
		tell_proof(it, "key of", server->name, danepriv_records_security(records),
		    danepriv_records_reason(records));
	else
		tell(it, "key of %s: %s", server->name,
		    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	(void)danepriv_cache_release(it->cache, &of); /* where there was nothing to put */
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
}

greeting
learn_by_handshake(iterator *it, turn *t, const danepriv_attempt *attempt)
{
	const name_server *server = &t->zone->servers[attempt->candidate];
	target to = { server, &server->hosts[attempt->place], DANEPRIV_CHANNEL_ENCRYPTED,
		DANEPRIV_PURPOSE_META, true };
	turn part = { t->zone, t->question, DANEPRIV_PURPOSE_META, .is_greeting = true };
	danepriv_attempt first = *attempt;
	danepriv_records *records = NULL;

	first.open = 1; /* or it was for a meta-query */
	if (!race_run(it, &part, &first, 1, NULL)) {
		t->is_reached |= part.is_reached;
		/* a bad proof is none (RFC 8310 section 8.2.2) */
		return part.found == DANEPRIV_FINDING_BOGUS ||
			       part.found == DANEPRIV_FINDING_INDETERMINATE
			   ? GREETING_UNPROVEN
			   : GREETING_LOST;
	}
	const connection *c = pool_find(it, &to);
	if (c && danepriv_session_get_records(c->session, &records) == DANEPRIV_OK)
		tell_proof(it, "handshake with", server->name, danepriv_records_security(records),
		    danepriv_records_reason(records));
	else
		tell(it, "handshake with %s: no proof of its key", server->name);
	danepriv_security security = danepriv_records_security(records);
	danepriv_records_free(records);
	return security == DANEPRIV_SECURITY_SECURE || security == DANEPRIV_SECURITY_DENIED
		   ? GREETING_PROVEN
		   : GREETING_UNPROVEN;
}

/* The servers that the zone has signed take the place of those that somebody said. */
static void
take_names(const iterator *it, zone *z, const danepriv_zone *proven)
{
	zone old = *z;

	z->names = danepriv_zone_security(proven);
	tell_proof(it, "servers of", z->name, z->names, danepriv_zone_reason(proven));
	if (z->names != DANEPRIV_SECURITY_SECURE)
		return;
	z->count = 0;
	z->valid_until = danepriv_zone_valid_until(proven);
	for (size_t i = 0; i < danepriv_zone_count(proven); i++) {
		char name[DNS_NAME_ROOM];
		if (!dns_name_normal(danepriv_zone_name(proven, i), name))
			continue;
		name_server *s = zone_add_server(z, name);
		for (size_t k = 0; s && k < old.count; k++)
			if (strcmp(old.servers[k].name, name) == 0)
				*s = old.servers[k];
		tell(it, "zone %s server %s, signed by the zone", z->name, name);
	}
}

void
learn_names(iterator *it, zone *z)
{
	danepriv_lookup *lookup = NULL;
	danepriv_zone *proven = NULL;
	danepriv_status status = danepriv_lookup_new_zone(it->ctx, z->name, &lookup);

	while (status == DANEPRIV_OK && (status = danepriv_lookup_finish_zone(
					     lookup, time(NULL), &proven)) == DANEPRIV_EAGAIN)
		status = carry(it, lookup) ? DANEPRIV_OK : DANEPRIV_EAGAIN;
	if (status == DANEPRIV_OK) {
		(void)danepriv_zones_put(it->zones, proven, time(NULL));
		take_names(it, z, proven);
	} else {
		z->names = DANEPRIV_SECURITY_INDETERMINATE; /* they were looked up, in vain */
	}
	(void)tree_put(&it->trees[DANEPRIV_PURPOSE_QUESTION], z);
	danepriv_zone_free(proven);
	danepriv_lookup_free(lookup);
}

void
learn_addresses(iterator *it, name_server *server)
{
	static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
	danepriv_question question = { 0 };
	reply answer;
	dns_record r;

	server->is_looked_up = true;
	strcpy(question.name, server->name);
	for (size_t i = 0; i < 2 && server->count == 0; i++) {
		question.type = types[i];
		if (!ask(it, &question, &answer))
			continue;
		dns_message m = dns_message_over((danepriv_span){ answer.octets, answer.len });
		while (dns_message_next(&m, &r))
			if (r.section == DNS_SECTION_ANSWER && r.type == types[i] &&
			    strcmp(r.name, server->name) == 0 && r.len == (i == 0 ? 4 : 16))
				(void)server_add_host(server, answer.octets + r.at, r.len);
		free(answer.octets);
	}
}
