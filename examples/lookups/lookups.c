/* SPDX-License-Identifier: BSD-2-Clause
 * What have the lookup_* examples in common? */
#include "lookups.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What has come of one, which ended with `status`. */
static void
tell(lookups *all, danepriv_lookup *lookup, danepriv_status status)
{
	danepriv_records *records = NULL;
	size_t i = 0;

	while (all->each[i] != lookup)
		i++;
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, time(NULL), &records);
	danepriv_security security = danepriv_records_security(records);
	if (status == DANEPRIV_OK)
		printf("%s: %s (%s)\n", all->names[i],
		    danepriv_word(DANEPRIV_KIND_SECURITY, security),
		    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	else
		printf("%s: %s\n", all->names[i], danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	if (security != DANEPRIV_SECURITY_SECURE)
		all->result = 1;
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	all->each[i] = NULL;
	all->left--;
}

void
lookups_run(lookups *all)
{
	danepriv_lookup *lookup;
	danepriv_status status;

	danepriv_getdns_poll_run(all->dns);
	while (danepriv_getdns_take(all->dns, &lookup, &status) == DANEPRIV_OK)
		tell(all, lookup, status);
}

static danepriv_status
start(lookups *all, size_t i)
{
	danepriv_server server = { .name = all->names[i], .aliases = DANEPRIV_ALIASES_FOLLOW };
	danepriv_lookup *lookup = NULL;
	danepriv_status status;

	if ((status = danepriv_lookup_new(all->ctx, &server, &lookup)) == DANEPRIV_OK &&
	    (status = danepriv_getdns_start(all->dns, lookup, 5000, time(NULL))) == DANEPRIV_OK) {
		all->each[i] = lookup;
		all->left++;
	} else {
		danepriv_lookup_free(lookup);
	}
	return status;
}

bool
lookups_start(lookups *all, int argc, char **argv)
{
	*all = (lookups){ .result = 2 };
	if (argc < 4) {
		fprintf(stderr, "usage: %s RESOLVER[@PORT] ANCHORS NAME...\n", argv[0]);
		return false;
	}
	danepriv_settings settings = { .size = sizeof settings,
		.anchors = *argv[2] ? argv[2] : NULL };
	const char *upstreams[] = { argv[1] };
	all->count = (size_t)argc - 3;
	all->names = argv + 3;
	all->each = calloc(all->count, sizeof *all->each);
	danepriv_status status = all->each ? DANEPRIV_OK : DANEPRIV_ENOMEM;
	if (status == DANEPRIV_OK && (status = danepriv_open(&settings, &all->ctx)) == DANEPRIV_OK)
		status = danepriv_getdns_open(upstreams, 1, &all->dns);
	for (size_t i = 0; i < all->count && status == DANEPRIV_OK; i++)
		status = start(all, i);
	all->result = status == DANEPRIV_OK ? 0 : 2;
	if (status != DANEPRIV_OK)
		fprintf(
		    stderr, "%s: %s\n", argv[0], danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	return status == DANEPRIV_OK;
}

int
lookups_end(lookups *all)
{
	if (all->left > 0)
		all->result = 2;
	danepriv_getdns_close(all->dns); /* and what is left */
	danepriv_close(all->ctx);
	free(all->each);
	return all->result;
}
