/* SPDX-License-Identifier: BSD-2-Clause
 * What have the lookup_* examples in common? */
#include "lookups.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DEADLINE_MS 5000

struct lookup {
	lookups *all;
	const char *name;
	danepriv_fetch *fetch; /* NULL: not under way */
};

static const char *const words[] = {
	[DANEPRIV_PROOF_UNKNOWN] = "unknown",
	[DANEPRIV_PROOF_SECURE] = "secure",
	[DANEPRIV_PROOF_DENIED] = "denied",
	[DANEPRIV_PROOF_INSECURE] = "insecure",
	[DANEPRIV_PROOF_BOGUS] = "bogus",
	[DANEPRIV_PROOF_INDETERMINATE] = "indeterminate",
};

static void
on_done(void *arg, danepriv_status status, danepriv_records *records)
{
	struct lookup *lookup = arg;
	danepriv_proof proof = danepriv_records_proof(records);

	if (status == DANEPRIV_OK)
		printf("%s: %s (%s)\n", lookup->name, words[proof],
		    danepriv_reason_text(danepriv_records_reason(records)));
	else
		printf("%s: %s\n", lookup->name, danepriv_strerror(status));
	lookup->fetch = NULL;
	lookup->all->left--;
	if (proof != DANEPRIV_PROOF_SECURE)
		lookup->all->result = 1;
	danepriv_records_free(records);
}

static danepriv_status
start(lookups *all, struct lookup *lookup, const char *name)
{
	danepriv_server server = { name, 853, DANEPRIV_DOT };

	*lookup = (struct lookup){ .all = all, .name = name };
	danepriv_status status = danepriv_getdns_fetch(
	    all->dns, all->ctx, &server, DEADLINE_MS, time(NULL), &lookup->fetch, on_done, lookup);
	if (status == DANEPRIV_OK)
		all->left++;
	return status;
}

bool
lookups_start(lookups *all, int argc, char **argv)
{
	danepriv_settings settings = { .size = sizeof settings };

	*all = (lookups){ .result = 2 };
	if (argc < 4) {
		fprintf(stderr, "usage: %s RESOLVER[@PORT] ANCHORS NAME...\n", argv[0]);
		return false;
	}
	const char *upstreams[] = { argv[1] };
	settings.anchors = argv[2][0] ? argv[2] : NULL;
	all->count = (size_t)argc - 3;
	all->each = calloc(all->count, sizeof *all->each);
	danepriv_status status = all->each ? DANEPRIV_OK : DANEPRIV_ENOMEM;
	if (status == DANEPRIV_OK)
		status = danepriv_open(&all->ctx, &settings);
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_open(upstreams, 1, &all->dns);
	for (size_t i = 0; i < all->count && status == DANEPRIV_OK; i++)
		status = start(all, &all->each[i], argv[i + 3]);
	if (status != DANEPRIV_OK) {
		fprintf(stderr, "%s: %s\n", argv[0], danepriv_strerror(status));
		return false;
	}
	all->result = 0;
	return true;
}

int
lookups_end(lookups *all)
{
	if (all->left > 0)
		all->result = 2;
	for (size_t i = 0; all->each && i < all->count; i++)
		danepriv_getdns_cancel(all->each[i].fetch);
	danepriv_getdns_close(all->dns);
	danepriv_close(all->ctx);
	free(all->each);
	return all->result;
}
