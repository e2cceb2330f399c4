/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost, beside the least that it could cost, and beside others?  One table; quote its
 * ratios, not its times.
 *
 *	bench [--json] [--quick] [--resolver ADDRESS@PORT --anchor FILE]
 *
 * --quick: two calls of everything, to see that it works.  --resolver, --anchor: the test world,
 *for the live rows; tests/bench/run starts one.  A target that is missed is no failure: the exit
 * status tells whether all rows did their work. */
#include "bench/bench.h"

#include <stdio.h>
#include <string.h>

/* Takes one option, and its value if it has one; returns how many words that was, 0 for neither. */
static int
take_option(bench *b, const char *word, const char *value)
{
	if (strcmp(word, "--json") == 0)
		b->json = true;
	else if (strcmp(word, "--quick") == 0)
		b->quick = true;
	else if (value && strcmp(word, "--resolver") == 0)
		b->resolver = value;
	else if (value && strcmp(word, "--anchor") == 0)
		b->anchor = value;
	else
		return 0;
	return word[2] == 'r' || word[2] == 'a' ? 2 : 1;
}

int
main(int argc, char **argv)
{
	bench b = { .json = false };

	for (int i = 1, taken; i < argc; i += taken) {
		taken = take_option(&b, argv[i], argv[i + 1]);
		if (taken > 0)
			continue;
		fprintf(
		    stderr, "bench [--json] [--quick] [--resolver ADDRESS@PORT --anchor FILE]\n");
		return 2;
	}
	rows_floor(&b);
	rows_judge(&b);
	rows_memory(&b);
	rows_proof(&b);
#ifdef HAVE_GETDNS
	rows_live(&b);
#else
	bench_heading(&b, "Live");
	bench_skip(&b, "fetch", "getdns: not installed");
#endif
	rows_hostile(&b);
	floor_close();
	return 0;
}
