/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/rules: which profile goes for this zone and this server? */
#include "dns/name.h"
#include "support/failing_alloc.h"
#include "support/names.h"
#include "support/suite.h"

#include <danepriv/rules.h>
#include <stdio.h>
#include <string.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define ZONE DANEPRIV_RULE_ZONE
#define SERVER DANEPRIV_RULE_SERVER

#define L10 "aaaaaaaaaa"
#define L61 L10 L10 L10 L10 L10 L10 "a"
#define L63 L61 "aa"
#define NAME_255 L63 "." L63 "." L63 "." L61 "."
#define NAME_256 L63 "." L63 "." L63 "." L61 "b."
#define UPPER_255 "A" L61 "a." L63 "." L63 "." L61 "."
#define A32 "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
#define LABELS_127 A32 A32 A32 "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b."
#define LABELS_128 "a." LABELS_127

typedef struct rule {
	danepriv_rule_kind kind;
	const char *domain;
	danepriv_profile profile;
} rule;

static danepriv_rules *
rules_from(danepriv_profile otherwise, const rule *list, size_t count)
{
	danepriv_rules *rules;

	ck_assert_int_eq(danepriv_rules_new(otherwise, &rules), DANEPRIV_OK);
	for (size_t i = 0; i < count && list[i].domain; i++)
		ck_assert_msg(danepriv_rules_add(rules, list[i].kind, list[i].domain,
				  list[i].profile) == DANEPRIV_OK,
		    "test is wrong: %s", list[i].domain);
	return rules;
}

/* ---- which rule goes ---- */

typedef struct row {
	const char *name;
	rule rules[4]; /* ends before one without a domain */
	danepriv_profile otherwise;
	const char *zone, *server;
	danepriv_profile wanted;
} row;

static const row table[] = {
	/* no rule */
	{ "none, strict", { { 0 } }, STRICT, "a.b.", "ns.c.", STRICT },
	{ "none, opportunistic", { { 0 } }, FREE, "a.b.", "ns.c.", FREE },
	{ "others have some", { { ZONE, "x.", STRICT }, { SERVER, "y.", STRICT } }, FREE, "a.b.",
	    "ns.c.", FREE },
	{ "none for the server's name as a zone", { { ZONE, "c.", STRICT } }, FREE, "a.b.", "ns.c.",
	    FREE },
	{ "none for the zone's name as a server", { { SERVER, "b.", STRICT } }, FREE, "a.b.",
	    "ns.c.", FREE },
	{ "as a zone, nor in strict", { { ZONE, "c.", FREE } }, STRICT, "a.b.", "ns.c.", STRICT },
	{ "as a server, nor in strict", { { SERVER, "b.", FREE } }, STRICT, "a.b.", "ns.c.",
	    STRICT },
	/* where a rule reaches */
	{ "the name itself", { { ZONE, "a.b.", STRICT } }, FREE, "a.b.", "ns.c.", STRICT },
	{ "below", { { ZONE, "b.", STRICT } }, FREE, "x.y.a.b.", "ns.c.", STRICT },
	{ "not above", { { ZONE, "a.b.", STRICT } }, FREE, "b.", "ns.c.", FREE },
	{ "not above, in strict", { { ZONE, "a.b.", FREE } }, STRICT, "b.", "ns.c.", STRICT },
	{ "not beside", { { ZONE, "a.b.", FREE } }, STRICT, "c.b.", "ns.c.", STRICT },
	{ "not by the end of a label", { { ZONE, "b.", FREE } }, STRICT, "ab.", "ns.c.", STRICT },
	{ "not by its beginning", { { ZONE, "ab.", FREE } }, STRICT, "b.", "ns.c.", STRICT },
	{ "an escaped dot parts no labels", { { ZONE, "b.", FREE } }, STRICT, "a\\.b.", "ns.c.",
	    STRICT },
	{ "the server itself", { { SERVER, "ns.c.", STRICT } }, FREE, "a.b.", "ns.c.", STRICT },
	{ "below the server's", { { SERVER, "c.", STRICT } }, FREE, "a.b.", "ns.c.", STRICT },
	{ "not above the server", { { SERVER, "x.ns.c.", FREE } }, STRICT, "a.b.", "ns.c.",
	    STRICT },
	/* the longest of a kind */
	{ "longer strict", { { ZONE, "b.", FREE }, { ZONE, "a.b.", STRICT } }, FREE, "x.a.b.",
	    "ns.c.", STRICT },
	{ "longer opportunistic", { { ZONE, "a.b.", FREE }, { ZONE, "b.", STRICT } }, STRICT,
	    "x.a.b.", "ns.c.", FREE },
	{ "shorter beside the longer", { { ZONE, "a.b.", FREE }, { ZONE, "b.", STRICT } }, FREE,
	    "x.b.", "ns.c.", STRICT },
	{ "in between, of another kind",
	    { { ZONE, "b.", STRICT }, { SERVER, "a.b.", FREE }, { ZONE, "x.x.a.b.", FREE } }, FREE,
	    "x.a.b.", "ns.c.", STRICT },
	{ "longest of the servers'", { { SERVER, "c.", STRICT }, { SERVER, "ns.c.", FREE } },
	    STRICT, "a.b.", "ns.c.", FREE },
	/* both kinds */
	{ "zone strict", { { ZONE, "b.", STRICT }, { SERVER, "ns.c.", FREE } }, FREE, "a.b.",
	    "ns.c.", STRICT },
	{ "server strict", { { ZONE, "a.b.", FREE }, { SERVER, "c.", STRICT } }, FREE, "a.b.",
	    "ns.c.", STRICT },
	{ "both strict", { { ZONE, "a.b.", STRICT }, { SERVER, "c.", STRICT } }, FREE, "a.b.",
	    "ns.c.", STRICT },
	{ "both opportunistic", { { ZONE, "a.b.", FREE }, { SERVER, "c.", FREE } }, STRICT, "a.b.",
	    "ns.c.", FREE },
	{ "one for both kinds, apart", { { ZONE, "b.", FREE }, { SERVER, "b.", STRICT } }, STRICT,
	    "a.b.", "ns.c.", FREE },
	{ "one for both kinds, together", { { ZONE, "b.", FREE }, { SERVER, "b.", STRICT } }, FREE,
	    "a.b.", "ns.b.", STRICT },
	/* twice */
	{ "strict stays", { { ZONE, "b.", STRICT }, { ZONE, "b.", FREE } }, FREE, "b.", "ns.c.",
	    STRICT },
	{ "strict comes", { { ZONE, "b.", FREE }, { ZONE, "B", STRICT } }, FREE, "b.", "ns.c.",
	    STRICT },
	{ "opportunistic twice", { { ZONE, "b.", FREE }, { ZONE, "b.", FREE } }, STRICT, "b.",
	    "ns.c.", FREE },
	/* the root */
	{ "root, strict", { { ZONE, ".", STRICT } }, FREE, "a.b.", "ns.c.", STRICT },
	{ "root, opportunistic", { { ZONE, ".", FREE } }, STRICT, "a.b.", "ns.c.", FREE },
	{ "all servers", { { SERVER, ".", STRICT } }, FREE, "a.b.", "ns.c.", STRICT },
	{ "all servers and one zone", { { SERVER, ".", STRICT }, { ZONE, "a.b.", FREE } }, FREE,
	    "a.b.", "ns.c.", STRICT },
	{ "root and a longer", { { ZONE, ".", STRICT }, { ZONE, "b.", FREE } }, STRICT, "a.b.",
	    "ns.c.", FREE },
	{ "root is asked for", { { ZONE, "b.", FREE } }, STRICT, ".", "ns.c.", STRICT },
	{ "root is asked for, and has one", { { ZONE, ".", STRICT } }, FREE, ".", "ns.c.", STRICT },
	{ "server without a name", { { SERVER, "c.", STRICT } }, FREE, "a.b.", ".", FREE },
	{ "without a name, rule for all", { { SERVER, ".", STRICT } }, FREE, "a.b.", ".", STRICT },
	/* how names are written */
	{ "case of the rule", { { ZONE, "A.eXample.", STRICT } }, FREE, "a.example.", "ns.c.",
	    STRICT },
	{ "case of the question", { { ZONE, "a.example.", STRICT } }, FREE, "x.A.exAMPLE.", "ns.c.",
	    STRICT },
	{ "case of the server", { { SERVER, "Ns.c.", STRICT } }, FREE, "a.", "nS.C.", STRICT },
	{ "no final dot in the rule", { { ZONE, "a.b", STRICT } }, FREE, "x.a.b.", "ns.c.",
	    STRICT },
	{ "no final dot in the question", { { ZONE, "a.b.", STRICT } }, FREE, "x.a.b", "ns.c",
	    STRICT },
	{ "escapes", { { ZONE, "\\097.b.", STRICT } }, FREE, "\\065.b.", "ns.c.", STRICT },
	{ "only letters have case", { { ZONE, "\\192.b.", FREE } }, STRICT, "\\224.b.", "ns.c.",
	    STRICT },
	{ "octets of zero", { { ZONE, "\\000.b.", FREE } }, STRICT, "\\000\\000.b.", "ns.c.",
	    STRICT },
	{ "the last octet of a long label", { { ZONE, L63 ".b.", FREE } }, STRICT, L61 "ab.b.",
	    "ns.c.", STRICT },
	/* a wildcard is a label */
	{ "wildcard and another label", { { ZONE, "*.b.", FREE } }, STRICT, "a.b.", "ns.c.",
	    STRICT },
	{ "wildcard and itself", { { ZONE, "*.b.", STRICT } }, FREE, "*.b.", "ns.c.", STRICT },
	{ "below a wildcard", { { ZONE, "*.b.", STRICT } }, FREE, "x.*.b.", "ns.c.", STRICT },
	{ "wildcard asked for", { { ZONE, "a.b.", FREE } }, STRICT, "*.b.", "ns.c.", STRICT },
	{ "wildcard alone", { { ZONE, "*", FREE } }, STRICT, "b.", "ns.c.", STRICT },
	/* long names */
	{ "255 octets", { { ZONE, NAME_255, STRICT } }, FREE, UPPER_255, "ns.c.", STRICT },
	{ "255 octets, for the root", { { ZONE, ".", STRICT } }, FREE, NAME_255, "ns.c.", STRICT },
	{ "255 octets, server", { { SERVER, L61 ".", STRICT } }, FREE, "a.", NAME_255, STRICT },
	{ "127 labels", { { ZONE, LABELS_127, STRICT } }, FREE, LABELS_127, "ns.c.", STRICT },
	{ "127 labels, for the first", { { ZONE, "b.", STRICT }, { ZONE, LABELS_127, FREE } },
	    STRICT, LABELS_127, "ns.c.", FREE },
	{ "127 labels, for the last", { { ZONE, "b.", STRICT } }, FREE, LABELS_127, "ns.c.",
	    STRICT },
	{ "127 labels, not for the first", { { ZONE, LABELS_127, FREE } }, STRICT, "a.b.", "ns.c.",
	    STRICT },
	/* not names: strict, whatever the rules */
	{ "no zone", { { ZONE, ".", FREE }, { SERVER, ".", FREE } }, FREE, NULL, "ns.c.", STRICT },
	{ "no server", { { ZONE, ".", FREE }, { SERVER, ".", FREE } }, FREE, "a.b.", NULL, STRICT },
	{ "empty zone", { { ZONE, ".", FREE } }, FREE, "", "ns.c.", STRICT },
	{ "empty server", { { SERVER, ".", FREE } }, FREE, "a.b.", "", STRICT },
	{ "empty label", { { ZONE, ".", FREE } }, FREE, "a..b.", "ns.c.", STRICT },
	{ "begins with a dot", { { ZONE, ".", FREE } }, FREE, ".b.", "ns.c.", STRICT },
	{ "two dots", { { ZONE, ".", FREE } }, FREE, "..", "ns.c.", STRICT },
	{ "bad escape", { { ZONE, ".", FREE } }, FREE, "a\\256.b.", "ns.c.", STRICT },
	{ "label of 64", { { ZONE, ".", FREE } }, FREE, L63 "a.b.", "ns.c.", STRICT },
	{ "256 octets", { { ZONE, ".", FREE } }, FREE, NAME_256, "ns.c.", STRICT },
	{ "256 octets, server", { { SERVER, ".", FREE } }, FREE, "a.b.", NAME_256, STRICT },
	{ "128 labels", { { ZONE, ".", FREE } }, FREE, LABELS_128, "ns.c.", STRICT },
	{ "server with a bad escape", { { SERVER, ".", FREE } }, FREE, "a.b.", "ns\\", STRICT },
};

/* In whatever order the rules come. */
START_TEST(which_rule_goes)
{
	const row *r = &table[_i];
	rule backwards[ROWS(r->rules)] = { { 0 } };
	size_t count = 0;

	while (count < (size_t)ROWS(r->rules) && r->rules[count].domain)
		count++;
	for (size_t i = 0; i < count; i++)
		backwards[i] = r->rules[count - 1 - i];
	const rule *lists[] = { r->rules, backwards };
	for (int i = 0; i < ROWS(lists); i++) {
		danepriv_rules *rules = rules_from(r->otherwise, lists[i], count);
		long before = (dp_fail_allocation_at(-1), dp_allocations());
		ck_assert_msg(
		    danepriv_rules_profile(rules, r->zone, r->server) == r->wanted, "%s", r->name);
		ck_assert_int_eq(dp_allocations(), before);
		danepriv_rules_free(rules);
	}
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(without_rules)
{
	ck_assert_int_eq(danepriv_rules_profile(NULL, "a.", "b."), STRICT);
	ck_assert_int_eq(danepriv_rules_profile(NULL, NULL, NULL), STRICT);
	danepriv_rules_free(NULL);
}
END_TEST

/* ---- what is no rule ---- */

static const struct {
	const char *name;
	int kind, profile;
	const char *domain;
	danepriv_status status;
} additions[] = {
	{ "good", ZONE, FREE, "a.b.", DANEPRIV_OK },
	{ "good, longest", SERVER, FREE, NAME_255, DANEPRIV_OK },
	{ "good, most labels", SERVER, FREE, LABELS_127, DANEPRIV_OK },
	{ "kind 2", 2, FREE, "a.b.", DANEPRIV_EINVAL },
	{ "kind -1", -1, FREE, "a.b.", DANEPRIV_EINVAL },
	{ "kind beyond all", INT32_MAX, FREE, "a.b.", DANEPRIV_EINVAL },
	{ "profile 2", ZONE, 2, "a.b.", DANEPRIV_EINVAL },
	{ "profile -1", ZONE, -1, "a.b.", DANEPRIV_EINVAL },
	{ "profile 255", ZONE, 255, "a.b.", DANEPRIV_EINVAL },
	{ "no name", ZONE, FREE, NULL, DANEPRIV_EINVAL },
	{ "empty", ZONE, FREE, "", DANEPRIV_EMALFORMED },
	{ "two dots", ZONE, FREE, "..", DANEPRIV_EMALFORMED },
	{ "empty label", ZONE, FREE, "a..b", DANEPRIV_EMALFORMED },
	{ "begins with a dot", ZONE, FREE, ".a.b", DANEPRIV_EMALFORMED },
	{ "bad escape", ZONE, FREE, "\\256.b.", DANEPRIV_EMALFORMED },
	{ "backslash at the end", ZONE, FREE, "a.b\\", DANEPRIV_EMALFORMED },
	{ "label of 64", ZONE, FREE, L63 "a.", DANEPRIV_EMALFORMED },
	{ "256 octets", SERVER, FREE, NAME_256, DANEPRIV_EMALFORMED },
	{ "128 labels", SERVER, FREE, LABELS_128, DANEPRIV_EMALFORMED },
};

START_TEST(what_is_no_rule)
{
	danepriv_rules *rules = rules_from(STRICT, NULL, 0);
	danepriv_rule_kind kind = (danepriv_rule_kind)additions[_i].kind;
	danepriv_profile profile = (danepriv_profile)additions[_i].profile;
	danepriv_status wanted = additions[_i].status;
	const char *domain = additions[_i].domain;

	ck_assert_int_eq(danepriv_rules_add(NULL, kind, domain, profile), DANEPRIV_EINVAL);
	ck_assert_msg(
	    danepriv_rules_add(rules, kind, domain, profile) == wanted, "%s", additions[_i].name);
	ck_assert_int_eq(
	    danepriv_rules_profile(rules, domain, domain), wanted == DANEPRIV_OK ? FREE : STRICT);
	danepriv_rules_free(rules);
}
END_TEST

START_TEST(what_is_no_default)
{
	static const int profiles[] = { -1, 2, 255, INT32_MAX };
	danepriv_rules *rules = (danepriv_rules *)&rules;

	ck_assert_int_eq(
	    danepriv_rules_new((danepriv_profile)profiles[_i], &rules), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_rules_new(DANEPRIV_PROFILE_STRICT, NULL), DANEPRIV_EINVAL);
	ck_assert_ptr_null(rules);
}
END_TEST

/* ---- memory ---- */

/* Enough for tables and names to grow. */
#define SOME 300

/* What did not fit is not there, and what was there still is; and with memory it fits. */
static void
check_added(danepriv_rules *rules, const char *name, danepriv_status status, bool is_first)
{
	danepriv_profile there = status == DANEPRIV_OK ? STRICT : FREE;

	ck_assert_int_eq(danepriv_rules_profile(rules, name, "."), there);
	ck_assert_int_eq(
	    danepriv_rules_profile(rules, "n0.example.", "."), is_first ? there : STRICT);
	if (status == DANEPRIV_OK)
		return;
	ck_assert_int_eq(status, DANEPRIV_ENOMEM);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(danepriv_rules_add(rules, ZONE, name, STRICT), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_rules_profile(rules, name, "."), STRICT);
}

static danepriv_status
build(danepriv_rules **out)
{
	danepriv_status status = danepriv_rules_new(FREE, out);
	char name[32];

	for (int i = 0; i < SOME && status == DANEPRIV_OK; i++) {
		(void)snprintf(name, sizeof name, "n%d.example.", i);
		status = danepriv_rules_add(*out, ZONE, name, STRICT);
		check_added(*out, name, status, i == 0);
	}
	return status;
}

START_TEST(no_memory)
{
	danepriv_status status = DANEPRIV_ENOMEM;
	long n;

	for (n = 0; status != DANEPRIV_OK; n++) {
		danepriv_rules *rules;
		dp_fail_allocation_at(n);
		status = build(&rules);
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert(n >= 2 || !rules);
		danepriv_rules_free(rules);
		ck_assert_int_eq(dp_blocks(), 0);
	}
	ck_assert_int_gt(n, 10);
}
END_TEST

/* ---- beside a plain list ---- */

#define LISTED 40
#define ASKED 400

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Few labels, so that names often meet. */
static void
random_name(uint32_t *state, char name[64])
{
	static const char *const labels[] = { "a", "A", "b", "*", "ab", "\\000", "\\098", "a\\.b" };
	unsigned count = next_random(state) % 6;

	name[0] = '\0';
	for (unsigned i = 0; i < count; i++) {
		strcat(name, labels[next_random(state) % ROWS(labels)]);
		if (i + 1 < count || next_random(state) % 2)
			strcat(name, ".");
	}
	if (count == 0)
		strcpy(name, ".");
}

typedef struct listed {
	danepriv_rule_kind kind;
	dp_name_store domain;
	danepriv_profile profile;
} listed;

/* The profile that the list has for one kind; -1 for none. */
static int
from_list(const listed *list, danepriv_rule_kind kind, dp_name name)
{
	size_t longest = 0;
	int profile = -1;

	for (int i = 0; i < LISTED; i++) {
		dp_name domain = dp_name_of(&list[i].domain);
		if (list[i].kind != kind || !dp_name_within(name, domain) || domain.len < longest)
			continue;
		if (domain.len > longest || list[i].profile == STRICT)
			profile = (int)list[i].profile;
		longest = domain.len;
	}
	return profile;
}

START_TEST(as_a_list_says)
{
	uint32_t state = 20180503u + (uint32_t)_i;
	danepriv_profile otherwise = _i % 2 ? STRICT : FREE;
	danepriv_rules *rules = rules_from(otherwise, NULL, 0);
	listed list[LISTED];
	char zone[64], server[64];

	for (int i = 0; i < LISTED; i++) {
		random_name(&state, zone);
		list[i].kind = next_random(&state) % 2 ? ZONE : SERVER;
		list[i].profile = next_random(&state) % 3 ? FREE : STRICT;
		list[i].domain = name_from(zone);
		ck_assert_int_eq(
		    danepriv_rules_add(rules, list[i].kind, zone, list[i].profile), DANEPRIV_OK);
	}
	for (int i = 0; i < ASKED; i++) {
		random_name(&state, zone);
		random_name(&state, server);
		dp_name_store z = name_from(zone), s = name_from(server);
		int by_zone = from_list(list, ZONE, dp_name_of(&z));
		int by_server = from_list(list, SERVER, dp_name_of(&s));
		danepriv_profile wanted = by_zone < 0 && by_server < 0	   ? otherwise
					  : by_zone == 0 || by_server == 0 ? STRICT
									   : FREE;
		ck_assert_msg(danepriv_rules_profile(rules, zone, server) == wanted,
		    "%s, %s: not %d", zone, server, (int)wanted);
	}
	danepriv_rules_free(rules);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("rules");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, which_rule_goes, 0, ROWS(table));
	tcase_add_test(tc, without_rules);
	tcase_add_loop_test(tc, what_is_no_rule, 0, ROWS(additions));
	tcase_add_loop_test(tc, what_is_no_default, 0, 4);
	tcase_add_test(tc, no_memory);
	tcase_add_loop_test(tc, as_a_list_says, 0, 20);
	suite_add_tcase(suite, tc);
	return suite;
}
