/* SPDX-License-Identifier: BSD-2-Clause
 * Which name servers do the owners of zones name?
 *
 * zone_names RESOLVER ANCHORS: each line of input is a zone.  Each line of output is what is
 * proven, `secure`, `denied`, `insecure`, `bogus` or `indeterminate`, then the names that are, each
 * with a blank in front, and last, behind a tab, the reason. */
#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANCHORS_MAX 65536
#define LINE_MAX 2048
#define DEADLINE_MS 60000

static danepriv *
open_with(const char *path)
{
	static char anchors[ANCHORS_MAX];
	danepriv_settings settings = { .size = sizeof settings, .anchors = anchors };
	FILE *stream = fopen(path, "r");
	danepriv *ctx = NULL;

	if (!stream)
		return NULL;
	anchors[fread(anchors, 1, sizeof anchors - 1, stream)] = '\0';
	(void)fclose(stream);
	return danepriv_open(&settings, &ctx) == DANEPRIV_OK ? ctx : NULL;
}

static void
tell(const danepriv_zone *zone)
{
	(void)fputs(danepriv_word(DANEPRIV_KIND_SECURITY, danepriv_zone_security(zone)), stdout);
	for (size_t i = 0; i < danepriv_zone_count(zone); i++)
		(void)printf(" %s", danepriv_zone_name(zone, i));
	(void)printf("\t%s\n", danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_zone_reason(zone)));
}

int
main(int argc, char **argv)
{
	danepriv *ctx = argc == 3 ? open_with(argv[2]) : NULL;
	const char *upstream = argv[1];
	danepriv_getdns *dns = NULL;
	char line[LINE_MAX];

	if (!ctx || danepriv_getdns_open(&upstream, 1, &dns) != DANEPRIV_OK)
		goto out;
	while (fgets(line, sizeof line, stdin)) {
		danepriv_zone *zone = NULL;
		line[strcspn(line, "\n")] = '\0';
		danepriv_lookup *lookup = NULL;
		danepriv_status status = danepriv_lookup_new_zone(ctx, line, &lookup);
		if (status == DANEPRIV_OK)
			status = danepriv_getdns_start(dns, lookup, DEADLINE_MS, time(NULL));
		if (status == DANEPRIV_OK)
			status = danepriv_getdns_run(dns, lookup);
		if (status == DANEPRIV_OK)
			status = danepriv_lookup_finish_zone(lookup, time(NULL), &zone);
		if (status == DANEPRIV_OK)
			tell(zone);
		else
			(void)printf(
			    "error\t%s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		danepriv_zone_free(zone);
		danepriv_lookup_free(lookup);
	}
out:
	danepriv_getdns_close(dns);
	danepriv_close(ctx);
	return dns ? EXIT_SUCCESS : EXIT_FAILURE;
}
