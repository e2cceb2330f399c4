/* SPDX-License-Identifier: BSD-2-Clause
 * What does the library have to know to make a plan, and what does the plan say? */
#include "iterate.h"

#include <string.h>
#include <time.h>

static danepriv_server
server_of(const name_server *s)
{
	return (danepriv_server){ .name = s->name };
}

danepriv_profile
rules_say(const iterator *it, const turn *t, const char *server)
{
	char ruled[DNS_NAME_ROOM];

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
	target to = { s, h, DANEPRIV_CHANNEL_ENCRYPTED, t->purpose,
		profile == DANEPRIV_PROFILE_STRICT };

	return pool_find(it, &to) ? 1 : 0;
}

static danepriv_provenance
provenance_of(const iterator *it, const zone *z, const name_server *s)
{
	if (s->is_configured)
		return DANEPRIV_PROVENANCE_CONFIGURED;
	return danepriv_zones_get_provenance(it->zones, z->name, s->name, time(NULL));
}

danepriv_status
plan_make(iterator *it, const turn *t, danepriv_plan *plan)
{
	danepriv_candidate candidates[SERVERS_MAX];
	danepriv_place places[SERVERS_MAX][HOSTS_MAX];

	pool_tidy(it);
	for (size_t i = 0; i < t->zone->count; i++) {
		name_server *s = &t->zone->servers[i];
		s->provenance = provenance_of(it, t->zone, s);
		for (size_t k = 0; k < s->count; k++)
			places[i][k] = (danepriv_place){ { s->hosts[k].octets, s->hosts[k].len },
				connections_to(it, t, s, &s->hosts[k]) };
		candidates[i] = (danepriv_candidate){ .server = server_of(s),
			.provenance = s->provenance,
			.places = places[i],
			.place_size = sizeof *places[i],
			.count = s->count };
	}
	danepriv_request request = { .size = sizeof request,
		.zone = t->zone->name,
		.name = t->question->name,
		.purpose = purpose_of(t),
		.names = t->zone->names,
		.candidates = candidates,
		.candidate_size = sizeof *candidates,
		.count = t->zone->count,
		.rules = it->rules,
		.limits = &it->limits,
		.connections = pool_count(it) };
	return danepriv_plan_make(it->cache, &request, time(NULL), plan);
}

/* Those of meta-queries are all the same: ask anybody. */
void
plan_tell(const iterator *it, const turn *t, const danepriv_plan *plan, const name_server *unknown)
{
	if (plan->step != DANEPRIV_STEP_ASK)
		tell(it, "zone %s plan for %s: %s: %s", t->zone->name, t->question->name,
		    danepriv_sentence(DANEPRIV_KIND_STEP, plan->step),
		    danepriv_sentence(DANEPRIV_KIND_OBSTACLE, plan->obstacle));
	else if (plan->count > 0 && t->purpose == DANEPRIV_PURPOSE_QUESTION)
		tell(it, "zone %s plan for %s: %s, attempts: %zu%s%s", t->zone->name,
		    t->question->name,
		    plan->attempts[0].unauthenticated_ok ? "opportunistic" : "strict", plan->count,
		    unknown ? ", but first learn the key of " : "", unknown ? unknown->name : "");
}
