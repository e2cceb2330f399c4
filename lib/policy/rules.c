/* SPDX-License-Identifier: BSD-2-Clause
 * Which profile applies to this zone and this server?  (RFC 8310 section 5,
 * draft-bortzmeyer-dprive-resolver-to-auth section 2)
 *
 * A table of names with open addressing: who looks for a name begins at the place of its hash and
 * goes on to the next one until it is found or a place is empty.  The names that are looked up come
 * from strangers, so the hash is keyed.  The names themselves stand one after the other in a block
 * of their own, lowered. */
#include "policy/rules.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/references.h"
#include "crypto/keyed.h"

#include <string.h>

#define KINDS (DANEPRIV_RULE_SERVER + 1)
#define PLACES_FIRST 16
#define OCTETS_FIRST 256

/* A name and the rules for it. */
typedef struct place {
	uint64_t hash;
	uint32_t at;	/* of its octets among the names' */
	uint8_t octets; /* how many; 0: the place is empty */
	uint8_t verdicts[KINDS];
} place;

struct danepriv_rules {
	dp_references references;
	uint8_t secret[DP_KEYED_SECRET_OCTETS];
	danepriv_profile otherwise;
	unsigned deepest; /* labels of the name that has most */
	place *places;
	size_t mask; /* places - 1, a power of two less one */
	size_t count;
	uint8_t *names;
	size_t names_len, names_room;
};

_Static_assert(sizeof(place) == 16, "a rule takes 8 / 3 of a place at the most, 43 octets");
_Static_assert((uint64_t)DP_RULES_MAX *DP_NAME_OCTETS_MAX <= UINT32_MAX, "place.at holds it");

/* No rule: there is no such profile. */
static dp_rule
rule_of(danepriv_profile profile)
{
	switch (profile) {
	case DANEPRIV_PROFILE_STRICT:
		return DP_RULE_STRICT;
	case DANEPRIV_PROFILE_OPPORTUNISTIC:
		return DP_RULE_OPPORTUNISTIC;
	}
	return DP_NO_RULE;
}

danepriv_status
danepriv_rules_new(danepriv_profile otherwise, danepriv_rules **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (rule_of(otherwise) == DP_NO_RULE)
		return DANEPRIV_EINVAL;
	danepriv_rules *rules = dp_alloc(1, sizeof *rules);
	if (!rules)
		return DANEPRIV_ENOMEM;
	dp_references_begin(&rules->references);
	rules->otherwise = otherwise;
	rules->places = dp_alloc(PLACES_FIRST, sizeof *rules->places);
	rules->mask = PLACES_FIRST - 1;
	if (!rules->places || !dp_keyed_secret(rules->secret)) {
		danepriv_rules_free(rules);
		return DANEPRIV_ENOMEM;
	}
	*out = rules;
	return DANEPRIV_OK;
}

danepriv_rules *
danepriv_rules_ref(danepriv_rules *rules)
{
	if (rules)
		dp_references_take(&rules->references);
	return rules;
}

void
danepriv_rules_free(danepriv_rules *rules)
{
	if (!rules || !dp_references_drop(&rules->references))
		return;
	dp_free(rules->names);
	dp_free(rules->places);
	dp_free(rules);
}

bool
dp_rules_read_name(const char *text, dp_name_store *out)
{
	dp_name_store name;
	dp_buffer lowered = dp_buffer_over(out->octets, sizeof out->octets);

	if (dp_name_from_text(text, &name) != DANEPRIV_OK)
		return false;
	dp_name_write(&lowered, dp_name_of(&name), true);
	out->len = name.len;
	return lowered.status == DANEPRIV_OK;
}

static uint64_t
hash_of(const danepriv_rules *rules, dp_name name)
{
	return dp_keyed_hash(rules->secret, (danepriv_span){ name.octets, name.len });
}

static bool
holds(const danepriv_rules *rules, const place *p, uint64_t hash, dp_name name)
{
	return p->hash == hash && p->octets == name.len &&
	       memcmp(rules->names + p->at, name.octets, name.len) == 0;
}

/* Where the name is, or else the empty place where it would be.  Ends: one in four is empty. */
static place *
find(const danepriv_rules *rules, uint64_t hash, dp_name name)
{
	size_t i = (size_t)hash & rules->mask;

	while (rules->places[i].octets != 0 && !holds(rules, &rules->places[i], hash, name))
		i = (i + 1) & rules->mask;
	return &rules->places[i];
}

/* Twice as many places, when three in four would be taken. */
static danepriv_status
make_places(danepriv_rules *rules)
{
	size_t old = rules->mask + 1, mask = 2 * old - 1;

	if ((rules->count + 1) * 4 <= old * 3)
		return DANEPRIV_OK;
	place *places = dp_alloc(2 * old, sizeof *places);
	if (!places)
		return DANEPRIV_ENOMEM;
	for (size_t i = 0; i < old; i++) {
		size_t to = (size_t)rules->places[i].hash & mask;
		if (rules->places[i].octets == 0)
			continue;
		while (places[to].octets != 0)
			to = (to + 1) & mask;
		places[to] = rules->places[i];
	}
	dp_free(rules->places);
	rules->places = places;
	rules->mask = mask;
	return DANEPRIV_OK;
}

/* An eighth more than there is: hundreds of thousands of names leave little empty. */
static danepriv_status
make_octets(danepriv_rules *rules, size_t wanted)
{
	size_t room = rules->names_room + rules->names_room / 8 + OCTETS_FIRST;

	if (wanted <= rules->names_room - rules->names_len)
		return DANEPRIV_OK;
	uint8_t *names = dp_realloc(rules->names, room, 1);
	if (!names)
		return DANEPRIV_ENOMEM;
	rules->names = names;
	rules->names_room = room;
	return DANEPRIV_OK;
}

/* A place for a name that has none.  *out only on success. */
static danepriv_status
settle(danepriv_rules *rules, uint64_t hash, dp_name name, place **out)
{
	if (rules->count == DP_RULES_MAX)
		return DANEPRIV_ELIMIT;
	if (make_places(rules) != DANEPRIV_OK || make_octets(rules, name.len) != DANEPRIV_OK)
		return DANEPRIV_ENOMEM;
	place *p = find(rules, hash, name);
	p->hash = hash;
	p->at = (uint32_t)rules->names_len;
	p->octets = (uint8_t)name.len;
	memcpy(rules->names + rules->names_len, name.octets, name.len);
	rules->names_len += name.len;
	rules->count++;
	unsigned labels = dp_name_labels(name);
	if (labels > rules->deepest)
		rules->deepest = labels;
	*out = p;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_rules_add(
    danepriv_rules *rules, danepriv_rule_kind kind, const char *domain, danepriv_profile profile)
{
	dp_name_store store;

	/* An enum may be signed or not; the cast makes negative values large. */
	if (!rules || !domain || (size_t)kind >= KINDS || rule_of(profile) == DP_NO_RULE)
		return DANEPRIV_EINVAL;
	if (!dp_rules_read_name(domain, &store))
		return DANEPRIV_EMALFORMED;
	dp_name name = dp_name_of(&store);
	uint64_t hash = hash_of(rules, name);
	place *p = find(rules, hash, name);
	if (p->octets == 0) {
		danepriv_status status = settle(rules, hash, name, &p);
		if (status != DANEPRIV_OK)
			return status;
	}
	if (p->verdicts[kind] != DP_RULE_STRICT)
		p->verdicts[kind] = (uint8_t)rule_of(profile);
	return DANEPRIV_OK;
}

/* Of the longest name; no name deeper than the deepest is looked for. */
static dp_rule
rule_for(const danepriv_rules *rules, danepriv_rule_kind kind, dp_name name)
{
	name = dp_name_tail(name, rules->deepest);
	for (;;) {
		dp_rule v = find(rules, hash_of(rules, name), name)->verdicts[kind];
		if (v != DP_NO_RULE || dp_name_is_root(name))
			return v;
		name = dp_name_parent(name);
	}
}

dp_rule
dp_rules_zone(const danepriv_rules *rules, dp_name zone)
{
	return rules ? rule_for(rules, DANEPRIV_RULE_ZONE, zone) : DP_RULE_STRICT;
}

danepriv_profile
dp_rules_profile(const danepriv_rules *rules, dp_rule by_zone, dp_name server)
{
	if (!rules || by_zone == DP_RULE_STRICT)
		return DANEPRIV_PROFILE_STRICT;
	dp_rule by_server = rule_for(rules, DANEPRIV_RULE_SERVER, server);
	if (by_server == DP_RULE_STRICT)
		return DANEPRIV_PROFILE_STRICT;
	return by_zone == DP_NO_RULE && by_server == DP_NO_RULE ? rules->otherwise
								: DANEPRIV_PROFILE_OPPORTUNISTIC;
}

danepriv_profile
dp_rules_profile_for(const danepriv_rules *rules, const char *zone, dp_name server)
{
	dp_name_store asked;

	if (!rules || !dp_rules_read_name(zone, &asked))
		return DANEPRIV_PROFILE_STRICT;
	return dp_rules_profile(rules, dp_rules_zone(rules, dp_name_of(&asked)), server);
}

danepriv_profile
danepriv_rules_profile(const danepriv_rules *rules, const char *zone, const char *server)
{
	dp_name_store asks;

	if (!dp_rules_read_name(server, &asks))
		return DANEPRIV_PROFILE_STRICT;
	return dp_rules_profile_for(rules, zone, dp_name_of(&asks));
}
