/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#include "dnssec/validator.h"

dp_proven
dp_proven_not(danepriv_security security, danepriv_reason reason, danepriv_time now)
{
	danepriv_time end = now <= INT64_MAX - DP_FAILURE_SECONDS ? now + DP_FAILURE_SECONDS : now;
	dp_proven proven = { security, reason, end, end };

	return proven;
}

void
dp_proven_limit(dp_proven *proven, dp_proven other)
{
	if (other.valid_until < proven->valid_until)
		proven->valid_until = other.valid_until;
	if (other.expiry < proven->expiry)
		proven->expiry = other.expiry;
}

static int
rank(dp_proven p)
{
	switch (p.security) {
	case DANEPRIV_SECURITY_INSECURE:
		return 6;
	case DANEPRIV_SECURITY_UNKNOWN:
		return 5;
	case DANEPRIV_SECURITY_INDETERMINATE:
		return 4;
	case DANEPRIV_SECURITY_BOGUS:
		break;
	case DANEPRIV_SECURITY_SECURE:
	case DANEPRIV_SECURITY_DENIED:
		return 7;
	}
	/* What is missing tells less than what is there and wrong. */
	if (p.reason == DANEPRIV_REASON_DENIAL_MISSING)
		return 1;
	return p.reason == DANEPRIV_REASON_SIGNATURE_MISSING ? 2 : 3;
}

dp_proven
dp_proven_worse(dp_proven a, dp_proven b)
{
	return rank(b) > rank(a) ? b : a;
}

unsigned
dp_round_now(const dp_validator *v)
{
	return 1 + v->evidence.sources + v->questions.settled;
}

unsigned
dp_round_remember(dp_validator *v, danepriv_security security, unsigned without, unsigned depth)
{
	/* Found in the middle of a search: what it lacked may be known at the end. */
	if (without < depth)
		return DP_ROUND_NONE;
	if (security == DANEPRIV_SECURITY_UNKNOWN)
		return dp_round_now(v);
	if (v->failed == 0 && dp_proven_is_failure(security))
		v->failed = dp_round_now(v);
	return DP_ROUND_ALL;
}

bool
dp_proven_is_failure(danepriv_security security)
{
	return security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
}

bool
dp_round_forget_failures(dp_validator *v)
{
	if (v->failed == 0 || v->failed == dp_round_now(v) || dp_budget_stopped(v))
		return false;
	v->failed = 0;
	for (size_t i = 0; i < v->zone_count; i++)
		if (dp_proven_is_failure(v->zones[i].proven.security))
			v->zones[i].round = DP_ROUND_NONE;
	for (size_t i = 0; i < v->checked_count; i++)
		if (dp_proven_is_failure(v->checked[i].proven.security))
			v->checked[i].round = DP_ROUND_NONE;
	return true;
}
