/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/zones.c: where does a name come from, after all that was put and noted?  Each rule of
 * zones.h is a row: a few steps, and what is asked after each. */
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include "policy/zones.h"

#include <stdio.h>
#include <string.h>

#define NOW CROWD_NOW
#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define OK DANEPRIV_OK
#define EINVAL DANEPRIV_EINVAL
#define EMALFORMED DANEPRIV_EMALFORMED
#define ELIMIT DANEPRIV_ELIMIT
#define NAMES_MAX 65

typedef enum act { END = 0, PUT, REFER, DECIDE, ASK } act;

/* Times in seconds from NOW. */
typedef struct step {
	act act;
	const char *zone; /* or the parent */
	int how;	  /* security, decision; the provenance that is wanted */
	const char *child;
	const char *names; /* with commas between */
	danepriv_time until, at;
	danepriv_status status; /* that is wanted */
} step;

#define STEPS_MAX 8

typedef struct row {
	const char *name;
	step steps[STEPS_MAX];
} row;

#define PUT_SIGNED(zone, names, until, at)                                                         \
	{                                                                                          \
		PUT, zone, SECURE, NULL, names, until, at, OK                                      \
	}
#define PUT_OTHER(zone, security, until, at)                                                       \
	{                                                                                          \
		PUT, zone, security, NULL, "", until, at, OK                                       \
	}
#define REFERRED(parent, child, names, until, at)                                                  \
	{                                                                                          \
		REFER, parent, PROCEED, child, names, until, at, OK                                \
	}
#define DECIDED(zone, decision, at, status)                                                        \
	{                                                                                          \
		DECIDE, zone, decision, NULL, "", 0, at, status                                    \
	}
#define IS_SECURE(zone, name, at)                                                                  \
	{                                                                                          \
		ASK, zone, DANEPRIV_PROVENANCE_SECURE, NULL, name, 0, at, OK                       \
	}
#define IS_CHANNEL(zone, name, at)                                                                 \
	{                                                                                          \
		ASK, zone, DANEPRIV_PROVENANCE_CHANNEL, NULL, name, 0, at, OK                      \
	}
#define IS_UNPROVEN(zone, name, at)                                                                \
	{                                                                                          \
		ASK, zone, DANEPRIV_PROVENANCE_UNPROVEN, NULL, name, 0, at, OK                     \
	}

#define ALL_BELOW_1970 (-(danepriv_time)NOW)

static const row rows[] = {
	/* ---- what is known ---- */
	{ "nothing", { IS_UNPROVEN("test.", "a.test.", 0), IS_UNPROVEN(".", "a.test.", 0) } },
	{ "signed names",
	    { PUT_SIGNED("test.", "a.test.,b.other.", 60, 0), IS_SECURE("test.", "a.test.", 0),
		IS_SECURE("TEST", "B.Other", 60), IS_UNPROVEN("test.", "c.test.", 0) } },
	{ "the root's", { PUT_SIGNED(".", "a.root.", 60, 0), IS_SECURE(".", "a.root.", 0) } },
	{ "a referral",
	    { REFERRED(".", "Test", "a.test.,b.other.", 60, 0), IS_CHANNEL("test.", "A.TEST", 0),
		IS_CHANNEL("test.", "b.other.", 60), IS_UNPROVEN("test.", "c.test.", 0) } },
	{ "a referral further down",
	    { REFERRED("test.", "a.b.c.test.", "a.test.", 60, 0),
		IS_CHANNEL("a.b.c.test.", "a.test.", 0), IS_UNPROVEN("b.c.test.", "a.test.", 0),
		IS_UNPROVEN("c.test.", "a.test.", 0), IS_UNPROVEN("test.", "a.test.", 0) } },
	{ "the cut, and no zone around it",
	    { PUT_SIGNED("b.test.", "a.test.", 60, 0), IS_UNPROVEN("test.", "a.test.", 0),
		IS_UNPROVEN("c.b.test.", "a.test.", 0), IS_UNPROVEN("bb.test.", "a.test.", 0),
		IS_UNPROVEN(".", "a.test.", 0) } },
	{ "a name, and none like it",
	    { PUT_SIGNED("test.", "ns1.test.", 60, 0), IS_UNPROVEN("test.", "s1.test.", 0),
		IS_UNPROVEN("test.", "a.ns1.test.", 0), IS_UNPROVEN("test.", "test.", 0),
		IS_UNPROVEN("test.", "ns1\\.test.", 0),
		IS_UNPROVEN("test.", "ns1.test.test.", 0) } },
	{ "what is no name",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), IS_UNPROVEN("test.", "", 0),
		IS_UNPROVEN("test.", ".", 0), IS_UNPROVEN("test.", "a..test.", 0),
		IS_UNPROVEN("", "a.test.", 0), IS_UNPROVEN("test..", "a.test.", 0) } },
	{ "names that no server has",
	    { PUT_SIGNED("test.", ".,192.0.2.1,a.test.", 60, 0), IS_UNPROVEN("test.", ".", 0),
		IS_UNPROVEN("test.", "192.0.2.1.", 0), IS_SECURE("test.", "a.test.", 0),
		REFERRED("test.", "b.test.", ".,192.0.2.1", 60, 0),
		IS_UNPROVEN("b.test.", "192.0.2.1.", 0), IS_UNPROVEN("b.test.", ".", 0) } },

	/* ---- what replaces what ---- */
	{ "signed once more",
	    { PUT_SIGNED("test.", "a.test.,b.test.", 60, 0), PUT_SIGNED("test.", "b.test.", 30, 1),
		IS_UNPROVEN("test.", "a.test.", 1), IS_SECURE("test.", "b.test.", 30),
		IS_UNPROVEN("test.", "b.test.", 31) } },
	{ "referred to once more",
	    { REFERRED(".", "test.", "a.test.,b.test.", 60, 0),
		REFERRED(".", "test.", "b.test.", 30, 1), IS_UNPROVEN("test.", "a.test.", 1),
		IS_CHANNEL("test.", "b.test.", 30), IS_UNPROVEN("test.", "b.test.", 31) } },
	{ "signed replaces a referral",
	    { REFERRED(".", "test.", "a.test.,b.test.", 60, 0),
		PUT_SIGNED("test.", "b.test.,c.test.", 30, 1), IS_UNPROVEN("test.", "a.test.", 1),
		IS_SECURE("test.", "b.test.", 1), IS_SECURE("test.", "c.test.", 1),
		IS_UNPROVEN("test.", "a.test.", 31) } },
	{ "a referral never replaces what is signed",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED(".", "test.", "b.test.", 60, 1),
		IS_SECURE("test.", "a.test.", 1), IS_UNPROVEN("test.", "b.test.", 1),
		IS_UNPROVEN("test.", "b.test.", 30), IS_UNPROVEN("test.", "b.test.", 31) } },
	{ "nor does it make it last longer",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED(".", "test.", "a.test.", 60, 30),
		IS_SECURE("test.", "a.test.", 30), IS_UNPROVEN("test.", "a.test.", 31) } },
	{ "it does what has ended",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED(".", "test.", "b.test.", 60, 31),
		IS_UNPROVEN("test.", "a.test.", 31), IS_CHANNEL("test.", "b.test.", 31) } },
	{ "signed, and no server has such a name",
	    { PUT_SIGNED("test.", ".", 30, 0), REFERRED(".", "test.", "a.test.", 60, 1),
		IS_UNPROVEN("test.", "a.test.", 1) } },
	{ "denied replaces what is signed",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), PUT_OTHER("test.", DENIED, 30, 1),
		IS_UNPROVEN("test.", "a.test.", 1), IS_UNPROVEN("test.", "a.test.", 31) } },
	{ "denied replaces a referral, and keeps the next one away",
	    { REFERRED(".", "test.", "a.test.", 60, 0), PUT_OTHER("test.", DENIED, 30, 1),
		IS_UNPROVEN("test.", "a.test.", 1), REFERRED(".", "test.", "a.test.", 60, 30),
		IS_UNPROVEN("test.", "a.test.", 30), REFERRED(".", "test.", "a.test.", 60, 31),
		IS_CHANNEL("test.", "a.test.", 31) } },
	{ "signed replaces denied",
	    { PUT_OTHER("test.", DENIED, 30, 0), PUT_SIGNED("test.", "a.test.", 60, 1),
		IS_SECURE("test.", "a.test.", 1) } },
	{ "insecure ends what is signed",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), PUT_OTHER("test.", INSECURE, 30, 1),
		IS_UNPROVEN("test.", "a.test.", 1), REFERRED(".", "test.", "a.test.", 60, 1),
		IS_CHANNEL("test.", "a.test.", 1) } },
	{ "insecure ends what is denied",
	    { PUT_OTHER("test.", DENIED, 60, 0), PUT_OTHER("test.", INSECURE, 30, 1),
		REFERRED(".", "test.", "a.test.", 60, 1), IS_CHANNEL("test.", "a.test.", 1) } },
	{ "insecure leaves a referral",
	    { REFERRED(".", "test.", "a.test.", 60, 0), PUT_OTHER("test.", INSECURE, 30, 1),
		IS_CHANNEL("test.", "a.test.", 1), IS_CHANNEL("test.", "a.test.", 60) } },
	{ "insecure of what nobody knows",
	    { PUT_OTHER("test.", INSECURE, 30, 1), IS_UNPROVEN("test.", "a.test.", 1) } },
	{ "bogus and indeterminate remove nothing that is signed",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), PUT_OTHER("test.", BOGUS, 90, 1),
		IS_SECURE("test.", "a.test.", 1), PUT_OTHER("test.", INDETERMINATE, 90, 1),
		IS_SECURE("test.", "a.test.", 60), IS_UNPROVEN("test.", "a.test.", 61) } },
	{ "nor a referral",
	    { REFERRED(".", "test.", "a.test.", 60, 0), PUT_OTHER("test.", BOGUS, 90, 1),
		PUT_OTHER("test.", INDETERMINATE, 90, 1), IS_CHANNEL("test.", "a.test.", 60),
		IS_UNPROVEN("test.", "a.test.", 61) } },
	{ "nor a denial",
	    { PUT_OTHER("test.", DENIED, 60, 0), PUT_OTHER("test.", BOGUS, 90, 1),
		REFERRED(".", "test.", "a.test.", 60, 2), IS_UNPROVEN("test.", "a.test.", 2) } },
	{ "and keep no referral away",
	    { PUT_OTHER("test.", BOGUS, 60, 0), PUT_OTHER("test.", INDETERMINATE, 60, 0),
		REFERRED(".", "test.", "a.test.", 60, 1), IS_CHANNEL("test.", "a.test.", 1) } },

	/* ---- decisions ---- */
	{ "refused", { { REFER, ".", DANEPRIV_DECISION_REFUSE, "test.", "a.test.", 60, 0, OK },
			 IS_UNPROVEN("test.", "a.test.", 0) } },
	{ "encrypted to somebody", { { REFER, ".", DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED,
					 "test.", "a.test.", 60, 0, OK },
				       IS_UNPROVEN("test.", "a.test.", 0) } },
	{ "in clear",
	    { { REFER, ".", DANEPRIV_DECISION_PROCEED_CLEARTEXT, "test.", "a.test.", 60, 0, OK },
		IS_UNPROVEN("test.", "a.test.", 0) } },
	{ "what is not decided so removes nothing",
	    { REFERRED(".", "test.", "a.test.", 60, 0),
		{ REFER, ".", DANEPRIV_DECISION_REFUSE, "test.", "b.test.", 60, 1, OK },
		{ REFER, ".", DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, "test.", "b.test.", 60, 1,
		    OK },
		IS_CHANNEL("test.", "a.test.", 60), IS_UNPROVEN("test.", "b.test.", 1) } },
	{ "no such decision",
	    { { REFER, ".", 99, "test.", "a.test.", 60, 0, EINVAL },
		{ REFER, ".", -1, "test.", "a.test.", 60, 0, EINVAL },
		{ REFER, ".", 4, "test.", "a.test.", 60, 0, EINVAL },
		IS_UNPROVEN("test.", "a.test.", 0), DECIDED("test.", 99, 0, EINVAL),
		DECIDED("test.", -1, 0, EINVAL) } },
	{ "a decision alone says nothing of names",
	    { DECIDED("test.", PROCEED, 0, OK), IS_UNPROVEN("test.", "a.test.", 0),
		IS_UNPROVEN("test.", "test.", 0) } },
	{ "of what is no name",
	    { DECIDED("", PROCEED, 0, EMALFORMED), DECIDED("a..b", PROCEED, 0, EMALFORMED) } },

	/* ---- parents ---- */
	{ "a zone refers to itself",
	    { { REFER, "test.", PROCEED, "test.", "a.test.", 60, 0, EINVAL },
		{ REFER, ".", PROCEED, ".", "a.test.", 60, 0, EINVAL },
		{ REFER, "Test", PROCEED, "tEST.", "a.test.", 60, 0, EINVAL },
		IS_UNPROVEN("test.", "a.test.", 0), IS_UNPROVEN(".", "a.test.", 0) } },
	{ "upwards and sideways",
	    { { REFER, "b.test.", PROCEED, "test.", "a.test.", 60, 0, EINVAL },
		{ REFER, "b.test.", PROCEED, "c.test.", "a.test.", 60, 0, EINVAL },
		{ REFER, "est.", PROCEED, "test.", "a.test.", 60, 0, EINVAL },
		{ REFER, "test.", PROCEED, "b\\.test.", "a.test.", 60, 0, EINVAL },
		IS_UNPROVEN("test.", "a.test.", 0), IS_UNPROVEN("c.test.", "a.test.", 0) } },
	{ "so also where the decision is no leave",
	    { { REFER, "b.test.", DANEPRIV_DECISION_REFUSE, "test.", "a.test.", 60, 0, EINVAL } } },
	{ "no longer than the parent's signed names",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED("test.", "b.test.", "a.b.", 60, 1),
		IS_CHANNEL("b.test.", "a.b.", 30), IS_UNPROVEN("b.test.", "a.b.", 31) } },
	{ "no longer than those that were referred to",
	    { REFERRED(".", "test.", "a.test.", 30, 0), REFERRED("test.", "b.test.", "a.b.", 60, 1),
		REFERRED("b.test.", "c.b.test.", "a.c.", 90, 2),
		IS_CHANNEL("c.b.test.", "a.c.", 30), IS_UNPROVEN("c.b.test.", "a.c.", 31),
		IS_UNPROVEN("b.test.", "a.b.", 31) } },
	{ "nor longer than it says itself",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), REFERRED("test.", "b.test.", "a.b.", 30, 1),
		IS_CHANNEL("b.test.", "a.b.", 30), IS_UNPROVEN("b.test.", "a.b.", 31) } },
	{ "not where the parent's names have ended",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED("test.", "b.test.", "a.b.", 60, 31),
		IS_UNPROVEN("b.test.", "a.b.", 31) } },
	{ "which removes nothing",
	    { PUT_SIGNED("test.", "a.test.", 30, 0), REFERRED(".", "b.test.", "a.b.", 60, 0),
		REFERRED("test.", "b.test.", "c.b.", 60, 31), IS_CHANNEL("b.test.", "a.b.", 31),
		IS_UNPROVEN("b.test.", "c.b.", 31) } },
	{ "not where the parent has none",
	    { PUT_OTHER("test.", DENIED, 30, 0), REFERRED("test.", "b.test.", "a.b.", 60, 1),
		IS_UNPROVEN("b.test.", "a.b.", 1), PUT_SIGNED("c.", ".", 30, 0),
		REFERRED("c.", "b.c.", "a.b.", 60, 1), IS_UNPROVEN("b.c.", "a.b.", 1) } },
	{ "where the parent's are configured",
	    { PUT_OTHER("test.", INSECURE, 30, 0), REFERRED("test.", "b.test.", "a.b.", 60, 1),
		IS_CHANNEL("b.test.", "a.b.", 60), IS_UNPROVEN("b.test.", "a.b.", 61) } },

	/* ---- time ---- */
	{ "from when on to when",
	    { PUT_SIGNED("test.", "a.test.", 60, 0), IS_SECURE("test.", "a.test.", -60),
		IS_UNPROVEN("test.", "a.test.", -61), IS_SECURE("test.", "a.test.", 60),
		IS_UNPROVEN("test.", "a.test.", 61), IS_UNPROVEN("test.", "a.test.", INT32_MAX) } },
	{ "and a referral",
	    { REFERRED(".", "test.", "a.test.", 60, 0), IS_CHANNEL("test.", "a.test.", -60),
		IS_UNPROVEN("test.", "a.test.", -61), IS_CHANNEL("test.", "a.test.", 60),
		IS_UNPROVEN("test.", "a.test.", 61) } },
	{ "a clock that was far ahead",
	    { PUT_SIGNED("test.", "a.test.", 1000060, 1000000), IS_UNPROVEN("test.", "a.test.", 0),
		REFERRED(".", "test.", "b.test.", 60, 0), IS_CHANNEL("test.", "b.test.", 0) } },
	{ "and the parent's names by it",
	    { PUT_SIGNED("test.", "a.test.", 1000060, 1000000),
		REFERRED("test.", "b.test.", "a.b.", 60, 0), IS_UNPROVEN("b.test.", "a.b.", 0) } },
	{ "for ever", { { PUT, "test.", SECURE, NULL, "a.test.", INT64_MAX - NOW, 0, OK },
			  IS_SECURE("test.", "a.test.", INT64_MAX - NOW),
			  IS_SECURE("test.", "a.test.", 0) } },
	{ "too late",
	    { { PUT, "test.", SECURE, NULL, "a.test.", -1, 0, EINVAL },
		{ PUT, "test.", DENIED, NULL, "", -1, 0, EINVAL },
		{ PUT, "test.", BOGUS, NULL, "", -1, 0, EINVAL },
		{ REFER, ".", PROCEED, "test.", "a.test.", -1, 0, EINVAL },
		IS_UNPROVEN("test.", "a.test.", 0), IS_UNPROVEN("test.", "a.test.", -1) } },
	{ "too late changes nothing",
	    { PUT_SIGNED("test.", "a.test.", 60, 0),
		{ PUT, "test.", DENIED, NULL, "", 0, 1, EINVAL },
		{ PUT, "test.", INSECURE, NULL, "", 0, 1, EINVAL },
		{ PUT, "test.", SECURE, NULL, "b.test.", 0, 1, EINVAL },
		IS_SECURE("test.", "a.test.", 1), IS_UNPROVEN("test.", "b.test.", 1) } },
	{ "in the last second",
	    { PUT_SIGNED("test.", "a.test.", 0, 0), IS_SECURE("test.", "a.test.", 0),
		IS_UNPROVEN("test.", "a.test.", 1), IS_UNPROVEN("test.", "a.test.", -1) } },
	{ "no time: nothing is stored",
	    { { PUT, "test.", SECURE, NULL, "a.test.", 60, ALL_BELOW_1970, EINVAL },
		{ REFER, ".", PROCEED, "b.", "a.test.", 60, ALL_BELOW_1970, EINVAL },
		{ PUT, "test.", SECURE, NULL, "a.test.", 60, ALL_BELOW_1970 - 1, EINVAL },
		DECIDED("test.", PROCEED, ALL_BELOW_1970, EINVAL),
		IS_UNPROVEN("test.", "a.test.", 0), IS_UNPROVEN("b.", "a.test.", 0),
		IS_UNPROVEN("test.", "a.test.", ALL_BELOW_1970) } },
	{ "no time: everything is unproven",
	    { { PUT, "test.", SECURE, NULL, "a.test.", INT64_MAX - NOW, 0, OK },
		REFERRED(".", "b.", "a.test.", INT64_MAX - NOW, 0),
		IS_UNPROVEN("test.", "a.test.", ALL_BELOW_1970),
		IS_UNPROVEN("b.", "a.test.", ALL_BELOW_1970),
		IS_UNPROVEN("test.", "a.test.", ALL_BELOW_1970 - 1),
		IS_SECURE("test.", "a.test.", ALL_BELOW_1970 + 1) } },

	/* ---- what cannot be read ---- */
	{ "zones that are none",
	    { { REFER, "", PROCEED, "test.", "a.test.", 60, 0, EMALFORMED },
		{ REFER, ".", PROCEED, "", "a.test.", 60, 0, EMALFORMED },
		{ REFER, "a..b", PROCEED, "c.a..b", "a.test.", 60, 0, EMALFORMED } } },
	{ "names that are none",
	    { { REFER, ".", PROCEED, "test.", "a.test.,b..c", 60, 0, EMALFORMED },
		{ REFER, ".", PROCEED, "test.", "a.test.,", 60, 0, EMALFORMED },
		{ REFER, ".", DANEPRIV_DECISION_REFUSE, "test.", "b..c", 60, 0, EMALFORMED },
		IS_UNPROVEN("test.", "a.test.", 0) } },
};

/* ---- steps ---- */

/* Takes `text` apart, where it stands. */
static size_t
split(char *text, const char *names[NAMES_MAX])
{
	size_t count = *text ? 1 : 0;

	names[0] = text;
	for (char *at = strchr(text, ','); at; at = strchr(at, ',')) {
		*at++ = '\0';
		names[count++] = at;
	}
	return count;
}

static danepriv_status
put(danepriv_zones *zones, const step *s, const char *const *names, size_t count)
{
	danepriv_zone *zone;

	ck_assert_int_eq(danepriv_zone_vouch(s->zone, (danepriv_security)s->how,
			     DANEPRIV_REASON_NONE, names, count, NOW + s->until, &zone),
	    OK);
	danepriv_status status = danepriv_zones_put(zones, zone, NOW + s->at);
	danepriv_zone_free(zone);
	return status;
}

static danepriv_status
carry_out(danepriv_zones *zones, const step *s)
{
	const char *names[NAMES_MAX];
	char text[256];

	(void)snprintf(text, sizeof text, "%s", s->names);
	size_t count = split(text, names);
	if (s->act == PUT)
		return put(zones, s, names, count);
	if (s->act == DECIDE)
		return danepriv_zones_note_decision(
		    zones, s->zone, (danepriv_decision)s->how, NOW + s->at);
	return danepriv_zones_note_referral(zones, s->zone, (danepriv_decision)s->how, s->child,
	    names, count, NOW + s->until, NOW + s->at);
}

START_TEST(rule)
{
	const row *r = &rows[_i];
	danepriv_zones *zones;

	ck_assert_int_eq(danepriv_zones_new(NULL, &zones), OK);
	for (size_t i = 0; i < STEPS_MAX && r->steps[i].act != END; i++) {
		const step *s = &r->steps[i];
		if (s->act == ASK)
			ck_assert_msg((int)danepriv_zones_get_provenance(
					  zones, s->zone, s->names, NOW + s->at) == s->how,
			    "%s, step %zu", r->name, i + 1);
		else
			ck_assert_msg(
			    carry_out(zones, s) == s->status, "%s, step %zu", r->name, i + 1);
	}
	crowd_assert_sound_table(&zones->table);
	danepriv_zones_free(zones);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zones");
	TCase *tc = tcase_create("zones");

	tcase_add_loop_test(tc, rule, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
