/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost, beside the least that it could cost, and beside others?  One table; quote its
 * ratios, not its times.
 *
 *	bench [--json] [--quick] [--only TEXT] [--resolver ADDRESS@PORT --anchor FILE]
 *
 * --quick: two calls of everything, to see that it works.  --only: rows with this text in their
 * name, or in that of what they are compared with.  --resolver, --anchor: the test world, for the
 * live rows; tests/bench/run starts one.  A target that is missed is no failure: the exit status
 * tells whether all rows did their work. */
#include "bench/bench.h"

#include <stdio.h>
#include <string.h>

/* Where the value of an option goes; NULL for options without. */
static const char **
place_of(bench *b, const char *word)
{
	if (strcmp(word, "--only") == 0)
		return &b->only;
	if (strcmp(word, "--resolver") == 0)
		return &b->resolver;
	return strcmp(word, "--anchor") == 0 ? &b->anchor : NULL;
}

static bool
read_options(bench *b, int count, char **words)
{
	for (int i = 1; i < count; i++) {
		const char **place = place_of(b, words[i]);
		if (place && ++i < count)
			*place = words[i];
		else if (place)
			return false;
		else if (strcmp(words[i], "--json") == 0)
			b->json = true;
		else if (strcmp(words[i], "--quick") == 0)
			b->quick = true;
		else
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	bench b = { .json = false };

	if (!read_options(&b, argc, argv)) {
		fprintf(stderr, "bench [--json] [--quick] [--only TEXT] [--resolver ADDRESS@PORT "
				"--anchor FILE]\n");
		return 2;
	}
	rows_floor(&b);
	rows_judge(&b);
	rows_memory(&b);
	rows_cache(&b);
	rows_zones(&b);
	rows_proof(&b);
	rows_sent(&b);
	rows_rules(&b);
	rows_plan(&b);
#ifdef HAVE_GETDNS
	rows_live(&b);
#else
	bench_heading(&b, "Live");
	bench_skip(&b, "fetch", "getdns: not installed");
#endif
	rows_hostile(&b);
	rows_paths(&b);
	rows_prices(&b);
	floor_close();
	return 0;
}
