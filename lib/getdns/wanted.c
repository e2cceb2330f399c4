/* SPDX-License-Identifier: BSD-2-Clause
 * What is a fetch to find out, and what has come of it? */
#include "getdns/wanted.h"

#include "base/alloc.h"

#include <string.h>

danepriv_status
dp_wanted_begin(const dp_wanted *wanted, danepriv_lookup **out)
{
	if (wanted->zone)
		return danepriv_lookup_new_zone(out, wanted->ctx, wanted->zone);
	return danepriv_lookup_new(out, wanted->ctx, &wanted->server);
}

/* The text after the one that was copied; NULL stays NULL. */
static char *
copy(char *room, const char **text)
{
	if (!*text)
		return room;
	size_t octets = strlen(*text) + 1;
	memcpy(room, *text, octets);
	*text = room;
	return room + octets;
}

danepriv_status
dp_wanted_keep(dp_wanted *wanted)
{
	const char **texts[] = { &wanted->server.name, &wanted->server.label, &wanted->zone };
	size_t octets = 1;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		octets += *texts[i] ? strlen(*texts[i]) + 1 : 0;
	char *room = dp_alloc(octets, 1);
	if (!room)
		return DANEPRIV_ENOMEM;
	wanted->text = room;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		room = copy(room, texts[i]);
	return DANEPRIV_OK;
}

void
dp_wanted_free(dp_wanted *wanted)
{
	dp_free(wanted->text);
	wanted->text = NULL;
}

/* ---- what came of it ---- */

dp_outcome
dp_outcome_of(const dp_wanted *wanted, danepriv_lookup *lookup, danepriv_time now)
{
	dp_outcome o = { DANEPRIV_OK, NULL, NULL };

	if (wanted->zone)
		o.status = danepriv_lookup_finish_zone(lookup, now, &o.zone);
	else
		o.status = danepriv_lookup_finish(lookup, now, &o.records);
	return o;
}

void
dp_outcome_free(dp_outcome *outcome)
{
	danepriv_records_free(outcome->records);
	danepriv_zone_free(outcome->zone);
	*outcome = (dp_outcome){ DANEPRIV_OK, NULL, NULL };
}

static danepriv_proof
proof_of(const dp_outcome *o)
{
	return o->zone ? danepriv_zone_proof(o->zone) : danepriv_records_proof(o->records);
}

bool
dp_outcome_is_proven(const dp_outcome *outcome)
{
	danepriv_proof proof = proof_of(outcome);

	return proof == DANEPRIV_PROOF_SECURE || proof == DANEPRIV_PROOF_DENIED ||
	       proof == DANEPRIV_PROOF_INSECURE;
}

bool
dp_outcome_is_doubtful(const dp_outcome *outcome)
{
	danepriv_reason reason = outcome->zone ? danepriv_zone_reason(outcome->zone)
					       : danepriv_records_reason(outcome->records);
	danepriv_proof proof = proof_of(outcome);

	return outcome->status == DANEPRIV_OK &&
	       (proof == DANEPRIV_PROOF_BOGUS || (proof == DANEPRIV_PROOF_INDETERMINATE &&
						     (reason == DANEPRIV_REASON_QUERY_REFUSED ||
							 reason == DANEPRIV_REASON_QUERY_FAILED ||
							 reason == DANEPRIV_REASON_QUERY_STREAM ||
							 reason == DANEPRIV_REASON_CANCELLED)));
}

dp_outcome
dp_outcome_choose(dp_outcome *before, dp_outcome *after)
{
	bool is_worse =
	    proof_of(after) == DANEPRIV_PROOF_BOGUS && proof_of(before) != DANEPRIV_PROOF_BOGUS;
	bool is_first = proof_of(before) == DANEPRIV_PROOF_UNKNOWN;
	dp_outcome *stays = is_first || is_worse || dp_outcome_is_proven(after) ? after : before;
	dp_outcome chosen = *stays;

	*stays = (dp_outcome){ DANEPRIV_OK, NULL, NULL };
	dp_outcome_free(before);
	dp_outcome_free(after);
	return chosen;
}
