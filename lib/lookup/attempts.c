/* SPDX-License-Identifier: BSD-2-Clause
 * Whose answers count, where there are several resolvers?  One that proves nothing is no reason to
 * give up: the next is asked all of it, and what one has answered never counts beside another. */
#include "base/bounds.h"
#include "dnssec/proven.h"
#include "lookup/lookup.h"

void
dp_outcome_free(dp_outcome *outcome)
{
	danepriv_records_free(outcome->records);
	danepriv_zone_free(outcome->zone);
	*outcome = (dp_outcome){ NULL, NULL };
}

static danepriv_security
proof_of(const dp_outcome *o)
{
	return o->zone ? danepriv_zone_security(o->zone) : danepriv_records_security(o->records);
}

static danepriv_reason
reason_of(const dp_outcome *o)
{
	return o->zone ? danepriv_zone_reason(o->zone) : danepriv_records_reason(o->records);
}

bool
dp_outcome_is_proven(const dp_outcome *outcome)
{
	return dp_proven_counts(proof_of(outcome));
}

/* Might another resolver's answers prove something, where these did not?  Not after silence: others
 * were asked then, until there was no time left. */
static bool
is_doubtful(const dp_outcome *o)
{
	danepriv_reason reason = reason_of(o);
	danepriv_security security = proof_of(o);

	return security == DANEPRIV_SECURITY_BOGUS ||
	       (security == DANEPRIV_SECURITY_INDETERMINATE &&
		   (reason == DANEPRIV_REASON_QUERY_REFUSED ||
		       reason == DANEPRIV_REASON_QUERY_FAILED ||
		       reason == DANEPRIV_REASON_QUERY_STREAM ||
		       reason == DANEPRIV_REASON_CANCELLED));
}

size_t
dp_lookup_upstream(const danepriv_lookup *lookup)
{
	return (lookup->first + lookup->attempt) % lookup->upstreams;
}

/* Takes what came of an attempt where it counts before what there is: what is proven does, then
 * what is bogus, then the first. */
static void
choose(danepriv_lookup *lookup, dp_outcome *after)
{
	dp_outcome *best = &lookup->best;
	bool is_first = proof_of(best) == DANEPRIV_SECURITY_UNKNOWN;
	bool is_worse =
	    proof_of(after) == DANEPRIV_SECURITY_BOGUS && proof_of(best) != DANEPRIV_SECURITY_BOGUS;

	if (!is_first && !is_worse && !dp_outcome_is_proven(after)) {
		dp_outcome_free(after);
		return;
	}
	dp_outcome_free(best);
	*best = *after;
}

/* An attempt has ended.  Does another one follow? */
static bool
end_attempt(danepriv_lookup *lookup, dp_outcome *outcome)
{
	bool again = is_doubtful(outcome) && !lookup->is_expired &&
		     lookup->attempt + 1 < DP_ATTEMPTS_MAX &&
		     lookup->attempt + 1 < lookup->upstreams;

	if (dp_outcome_is_proven(outcome))
		lookup->counted = dp_lookup_upstream(lookup);
	choose(lookup, outcome);
	return again && dp_lookup_begin_again(lookup);
}

danepriv_status
danepriv_lookup_judge(danepriv_lookup *lookup, danepriv_time now)
{
	dp_outcome outcome;

	if (!lookup)
		return DANEPRIV_EINVAL;
	/* Ends: each time an attempt ends, or a question; both are bounded. */
	while (!lookup->is_over) {
		danepriv_status status = dp_lookup_find(lookup, now, &outcome);
		if (status == DANEPRIV_EAGAIN && lookup->is_expired && dp_lookup_give_up(lookup))
			continue;
		if (status != DANEPRIV_OK)
			return status;
		lookup->is_over = !end_attempt(lookup, &outcome);
	}
	return DANEPRIV_OK;
}

danepriv_status
danepriv_lookup_set_upstreams(danepriv_lookup *lookup, size_t count, size_t first)
{
	if (!lookup || first >= count || lookup->is_begun)
		return DANEPRIV_EINVAL;
	lookup->upstreams = count;
	lookup->first = lookup->counted = first;
	return DANEPRIV_OK;
}

void
danepriv_lookup_expire(danepriv_lookup *lookup)
{
	if (!lookup || lookup->is_over)
		return;
	lookup->is_expired = true;
	(void)dp_lookup_give_up(lookup);
}

size_t
danepriv_lookup_upstream(const danepriv_lookup *lookup)
{
	return lookup ? lookup->counted : 0;
}
