/* SPDX-License-Identifier: BSD-2-Clause
 * What is a fetch to find out, and what has come of it? */
#ifndef DP_GETDNS_WANTED_H
#define DP_GETDNS_WANTED_H

#include <danepriv/zone.h>

#include <stdbool.h>

/* The records of a server, or the name servers of a zone. */
typedef struct dp_wanted {
	const danepriv *ctx;
	danepriv_server server;
	const char *zone; /* NULL: a server's records */
	char *text;	  /* NULL: all texts are borrowed; else they are in here */
} dp_wanted;

/* A lookup of it, to be freed.  As danepriv_lookup_new, or danepriv_lookup_new_zone. */
danepriv_status dp_wanted_begin(const dp_wanted *wanted, danepriv_lookup **out);

/* Copies the texts, so that it can be begun again.  To be called once, for what could be begun.
 * ENOMEM: nothing is changed. */
danepriv_status dp_wanted_keep(dp_wanted *wanted);
void dp_wanted_free(dp_wanted *wanted);

/* What came of it. */
typedef struct dp_outcome {
	danepriv_status status;
	danepriv_records *records;
	danepriv_zone *zone;
} dp_outcome;

/* What is there, or EAGAIN. */
dp_outcome dp_outcome_of(const dp_wanted *wanted, danepriv_lookup *lookup, danepriv_time now);
/* It is zeroed. */
void dp_outcome_free(dp_outcome *outcome);

/* It is proven what the owner publishes, or that he does not. */
bool dp_outcome_is_proven(const dp_outcome *outcome);

/* Might another resolver's answers prove something, where these did not?  Not after silence: others
 * were asked then, until there was no time left. */
bool dp_outcome_is_doubtful(const dp_outcome *outcome);

/* Of two that came one after the other, takes the one that counts, and frees the other: what is
 * proven, else what is bogus, else the first. */
dp_outcome dp_outcome_choose(dp_outcome *before, dp_outcome *after);

#endif
