/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#include "dnssec/proven.h"

#include "base/bounds.h"

dp_proven
dp_proven_not(danepriv_security security, danepriv_reason reason, danepriv_time now)
{
	danepriv_time end = now <= INT64_MAX - DP_FAILURE_SECONDS ? now + DP_FAILURE_SECONDS : now;
	dp_proven proven = { security, reason, { 0 }, end, end };

	return proven;
}

/* What the caller or the clock says is so everywhere. */
static bool
has_place(danepriv_reason reason)
{
	return reason != DANEPRIV_REASON_NONE && reason != DANEPRIV_REASON_NEGATIVE_ANCHOR &&
	       reason != DANEPRIV_REASON_NO_ANCHOR && reason != DANEPRIV_REASON_CLOCK;
}

dp_proven
dp_proven_at(dp_proven proven, dp_place_kind kind, size_t index)
{
	bool is_broken =
	    dp_proven_is_failure(proven.security) || proven.security == DANEPRIV_SECURITY_INSECURE;

	if (is_broken && has_place(proven.reason) && proven.place.kind == DP_PLACE_NONE)
		proven.place = (dp_place){ (uint16_t)kind, (uint16_t)index };
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
	dp_proven worse = rank(b) > rank(a) ? b : a;

	/* Of the same twice, the one that is looked into says where. */
	if (a.security == b.security && a.reason == b.reason && a.place.kind == DP_PLACE_NONE)
		worse.place = b.place;
	return worse;
}

bool
dp_proven_counts(danepriv_security security)
{
	return security == DANEPRIV_SECURITY_SECURE || dp_proven_has_no_keys(security);
}

bool
dp_proven_has_no_keys(danepriv_security security)
{
	return security == DANEPRIV_SECURITY_DENIED || security == DANEPRIV_SECURITY_INSECURE;
}

bool
dp_proven_is_failure(danepriv_security security)
{
	return security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
}
