/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost to find the profile for a name among many rules?  Beside one look for one text
 * in the C library's hash table, where the longest match takes a look a label. */
#define _GNU_SOURCE
#include "bench/bench.h"

#include <danepriv/rules.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES 200000
#define ASKED 65536 /* a power of two, and more than caches near the processor hold */
#define NAME_OCTETS 32

/* The same names, as rules and as keys. */
typedef struct names {
	danepriv_rules *rules;
	struct hsearch_data table;
	char (*domains)[NAME_OCTETS];
	char (*asked)[NAME_OCTETS]; /* five labels, the last two have a rule */
	size_t next;
} names;

static bool
profile_of_a_name(void *state)
{
	names *n = state;
	const char *asked = n->asked[n->next++ % ASKED];

	return danepriv_rules_profile(n->rules, asked, "ns1.example.net.") ==
	       DANEPRIV_PROFILE_STRICT;
}

static bool
one_look(void *state)
{
	names *n = state;
	ENTRY wanted = { n->domains[n->next++ % ASKED], NULL }, *found = NULL;

	return hsearch_r(wanted, FIND, &found, &n->table) != 0;
}

static void
add_names(names *n)
{
	for (unsigned i = 0; i < RULES; i++) {
		ENTRY entry = { n->domains[i], NULL }, *added;
		(void)snprintf(n->domains[i], NAME_OCTETS, "d%u.test.", i * 2654435761u);
		bench_require(danepriv_rules_add(n->rules, DANEPRIV_RULE_ZONE, n->domains[i],
				  DANEPRIV_PROFILE_STRICT) == DANEPRIV_OK,
		    "no rule");
		bench_require(hsearch_r(entry, ENTER, &added, &n->table) != 0, "no key");
		if (i < ASKED)
			(void)snprintf(
			    n->asked[i], NAME_OCTETS, "a.bc.www.d%u.test.", i * 2654435761u);
	}
}

void
rows_rules(const bench *b)
{
	static const bench_row rows[] = {
		{ "profile of a name among 200000 rules", profile_of_a_name, "one look in a hash",
		    one_look },
	};
	names n = { .next = 0 };

	if (!bench_wants(b, rows[0].name) && !bench_wants(b, rows[0].peer))
		return;
	bench_heading(b, "Rules: a name of five labels, the last two of which have a rule");
	n.domains = calloc(RULES, sizeof *n.domains);
	n.asked = calloc(ASKED, sizeof *n.asked);
	bench_require(
	    n.domains && n.asked && hcreate_r((size_t)2 * RULES, &n.table) != 0 &&
		danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &n.rules) == DANEPRIV_OK,
	    "no memory");
	add_names(&n);
	/* So that names are looked for from the first of five labels on. */
	bench_require(danepriv_rules_add(n.rules, DANEPRIV_RULE_ZONE, "a.b.c.d.test.",
			  DANEPRIV_PROFILE_STRICT) == DANEPRIV_OK,
	    "no rule");
	bench_times(b, rows, COUNT(rows), &n);
	danepriv_rules_free(n.rules);
	hdestroy_r(&n.table);
	free(n.domains);
	free(n.asked);
}
