/* SPDX-License-Identifier: BSD-2-Clause
 * What does DNSSEC say of an answer, why, and for how long? */
#include "dnssec/proven.h"

#include "base/bounds.h"

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
