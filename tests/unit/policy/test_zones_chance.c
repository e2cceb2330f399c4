/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/zones.c: does it say what a simple list says, whatever was put and noted before?  Steps
 * by chance, always the same ones, by a clock that is set forwards and backwards.  The list keeps
 * the rules of zones.h in the words of this file alone. */
#include "support/crowd.h"
#include "support/suite.h"

#include <danepriv/zones.h>

#include <stdio.h>
#include <string.h>

#define PARTS 16
#define STEPS 30000 /* to a part */
#define ZONES 40
#define NAMES 6
#define TEXT 128
#define SPAN 40 /* seconds that anything holds, at the most */

typedef enum kind { NOTHING = 0, SIGNED, DENIED, REFERRED } kind;

typedef struct known {
	kind kind;
	unsigned names; /* a bit each */
	danepriv_time put, until;
} known;

typedef struct world {
	danepriv_zones *zones;
	known list[ZONES];
	uint32_t random;
	danepriv_time now;
	unsigned unproven, secure, channel; /* how often each was told */
	unsigned refused;		    /* calls */
} world;

static char zone_texts[ZONES][TEXT];
static char name_texts[NAMES][TEXT];

static unsigned
draw(world *w, unsigned bound)
{
	w->random = w->random * 1664525u + 1013904223u;
	return (w->random >> 8) % bound;
}

/* ---- a tree ---- */

/* Each zone has three below it; the root is 0. */
static unsigned
parent_of(unsigned zone)
{
	return (zone - 1) / 3;
}

static bool
is_below(unsigned zone, unsigned ancestor)
{
	while (zone > ancestor)
		zone = parent_of(zone);
	return zone == ancestor;
}

static void
write_texts(void)
{
	(void)snprintf(zone_texts[0], TEXT, ".");
	for (unsigned i = 1; i < ZONES; i++)
		(void)snprintf(zone_texts[i], TEXT, "z%u.%.100s", i,
		    parent_of(i) ? zone_texts[parent_of(i)] : "");
	for (unsigned i = 0; i < NAMES; i++)
		(void)snprintf(name_texts[i], TEXT, "ns%u.%s", i, i % 2 ? "Example." : "test");
}

/* ---- the list ---- */

/* From `put` up to `until`, and as long before. */
static bool
holds(const known *k, danepriv_time now)
{
	return k->kind != NOTHING && now > 0 && now <= k->until &&
	       now >= k->put - (k->until - k->put);
}

static bool
list_put(
    known *k, danepriv_security security, unsigned names, danepriv_time until, danepriv_time now)
{
	if (now <= 0 || now > until)
		return false;
	if (security == DANEPRIV_SECURITY_SECURE)
		*k = (known){ SIGNED, names, now, until };
	if (security == DANEPRIV_SECURITY_DENIED)
		*k = (known){ DENIED, 0, now, until };
	if (security == DANEPRIV_SECURITY_INSECURE && k->kind != REFERRED)
		k->kind = NOTHING;
	return true;
}

static bool
list_refer(world *w, unsigned parent, danepriv_decision decision, unsigned child, unsigned names,
    danepriv_time until, danepriv_time now)
{
	const known *above = &w->list[parent];
	known *k = &w->list[child];

	if (now <= 0 || now > until || child == parent || !is_below(child, parent))
		return false;
	if (decision != DANEPRIV_DECISION_PROCEED || (k->kind != REFERRED && holds(k, now)))
		return true;
	if (above->kind != NOTHING && (above->names == 0 || !holds(above, now)))
		return true;
	if (above->kind != NOTHING && until > above->until)
		until = above->until;
	*k = (known){ REFERRED, names, now, until };
	return true;
}

static danepriv_provenance
list_provenance(const world *w, unsigned zone, unsigned name, danepriv_time now)
{
	const known *k = &w->list[zone];

	if (!holds(k, now) || !(k->names & 1u << name))
		return DANEPRIV_PROVENANCE_UNPROVEN;
	return k->kind == SIGNED ? DANEPRIV_PROVENANCE_SECURE : DANEPRIV_PROVENANCE_CHANNEL;
}

/* ---- steps ---- */

/* Some of the names, at least one. */
static unsigned
draw_names(world *w, const char *out[NAMES], size_t *count)
{
	unsigned names = 1 + draw(w, (1u << NAMES) - 1);

	*count = 0;
	for (unsigned i = 0; i < NAMES; i++)
		if (names & 1u << i)
			out[(*count)++] = name_texts[i];
	return names;
}

static bool
put(world *w)
{
	danepriv_security security = (danepriv_security)(1 + draw(w, 5));
	danepriv_time until = w->now + draw(w, SPAN) - 2;
	unsigned zone = draw(w, ZONES), bits = 0;
	const char *names[NAMES];
	size_t count = 0;
	danepriv_zone *vouched;

	if (security == DANEPRIV_SECURITY_SECURE)
		bits = draw_names(w, names, &count);
	ck_assert(danepriv_zone_vouch(zone_texts[zone], security, DANEPRIV_REASON_NONE, names,
		      count, until, &vouched) == DANEPRIV_OK);
	bool is_taken = danepriv_zones_put(w->zones, vouched, w->now) == DANEPRIV_OK;
	danepriv_zone_free(vouched);
	w->refused += !is_taken;
	return is_taken == list_put(&w->list[zone], security, bits, until, w->now);
}

static bool
refer(world *w)
{
	static const danepriv_decision others[] = { DANEPRIV_DECISION_REFUSE,
		DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, DANEPRIV_DECISION_PROCEED_CLEARTEXT };
	danepriv_decision decision = draw(w, 4) ? DANEPRIV_DECISION_PROCEED : others[draw(w, 3)];
	unsigned child = 1 + draw(w, ZONES - 1), parent = parent_of(child);
	danepriv_time until = w->now + draw(w, SPAN) - 2;
	const char *names[NAMES];
	size_t count;
	unsigned bits = draw_names(w, names, &count);

	if (draw(w, 3) == 0)
		parent = draw(w, ZONES);
	bool is_taken = danepriv_zones_note_referral(w->zones, zone_texts[parent], decision,
			    zone_texts[child], names, count, until, w->now) == DANEPRIV_OK;
	w->refused += !is_taken;
	return is_taken == list_refer(w, parent, decision, child, bits, until, w->now);
}

/* Says nothing of names. */
static bool
decide(world *w)
{
	danepriv_decision decision = (danepriv_decision)draw(w, 4);

	return (danepriv_zones_note_decision(w->zones, zone_texts[draw(w, ZONES)], decision,
		    w->now) == DANEPRIV_OK) == (w->now > 0);
}

/* A second on, mostly; or it is set, at times to no time at all. */
static bool
set_clock(world *w)
{
	unsigned how = draw(w, 40);

	if (w->now <= 0)
		w->now = CROWD_NOW;
	w->now += how < 30 ? 1 : (danepriv_time)draw(w, 2 * SPAN) - SPAN;
	if (how == 39)
		w->now = -(danepriv_time)draw(w, 2);
	return true;
}

static bool
ask(world *w, unsigned zone, unsigned name, danepriv_time now)
{
	danepriv_provenance told =
	    danepriv_zones_get_provenance(w->zones, zone_texts[zone], name_texts[name], now);

	w->unproven += told == DANEPRIV_PROVENANCE_UNPROVEN;
	w->secure += told == DANEPRIV_PROVENANCE_SECURE;
	w->channel += told == DANEPRIV_PROVENANCE_CHANNEL;
	return told == list_provenance(w, zone, name, now);
}

static bool
ask_some(world *w)
{
	for (unsigned i = 0; i < 8; i++) {
		danepriv_time now = w->now + (danepriv_time)draw(w, SPAN) - SPAN / 2;
		if (!ask(w, draw(w, ZONES), draw(w, NAMES), draw(w, 2) ? w->now : now))
			return false;
	}
	return true;
}

START_TEST(chance)
{
	static const struct {
		const char *name;
		bool (*run)(world *w);
	} acts[] = { { "put", put }, { "refer", refer }, { "refer", refer }, { "decide", decide },
		{ "set_clock", set_clock } };
	world w = { .random = (uint32_t)_i * 7919, .now = CROWD_NOW };

	ck_assert_int_eq(danepriv_zones_new(NULL, &w.zones), DANEPRIV_OK);
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned which = draw(&w, ROWS(acts));
		if (!acts[which].run(&w))
			ck_abort_msg("part %d, step %u: %s", _i, i, acts[which].name);
		if (!ask_some(&w))
			ck_abort_msg("part %d, step %u: asked after %s", _i, i, acts[which].name);
	}
	/* Else all of this says nothing. */
	ck_assert_uint_gt(w.refused, 100);
	ck_assert_uint_gt(w.unproven, 1000);
	ck_assert_uint_gt(w.secure, 1000);
	ck_assert_uint_gt(w.channel, 1000);
	danepriv_zones_free(w.zones);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zones_chance");
	TCase *tc = tcase_create("zones_chance");

	write_texts();
	tcase_set_timeout(tc, 250);
	tcase_add_loop_test(tc, chance, 0, PARTS);
	suite_add_tcase(suite, tc);
	return suite;
}
