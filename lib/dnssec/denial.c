/* SPDX-License-Identifier: BSD-2-Clause
 * Is it proven that there is nothing, and for how long?  (RFC 4035 section 5.4, RFC 2308 section 5)
 */
#include "dnssec/denial.h"

#include "base/bounds.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"
#include "dnssec/budget.h"
#include "dnssec/cut.h"
#include "dnssec/evidence.h"
#include "dnssec/look.h"
#include "dnssec/nsec.h"
#include "dnssec/nsec3.h"
#include "dnssec/proven.h"

#include <danepriv/records.h>
#include <danepriv/status.h>

/* A denial lives no longer than the SOA beside it says, nor than our own cap.  The SOA is not
 * verified: it can only shorten. */
static void
limit_denial(dp_validator *v, dp_proven *proven)
{
	const dp_evidence *e = &v->evidence;
	danepriv_time cap = v->now + DP_DENIAL_SECONDS_MAX;
	uint32_t minimum;

	for (size_t i = 0; i < e->count; i++) {
		const dp_rr *rr = &e->items[i].rr;
		if (rr->type != DP_TYPE_SOA || !dp_budget_look(&v->budget, 0) ||
		    dp_rr_soa_minimum(rr->rdata, &minimum) != DANEPRIV_OK)
			continue;
		uint32_t least = minimum < rr->ttl ? minimum : rr->ttl;
		if (v->now + least < cap)
			cap = v->now + least;
	}
	if (cap < proven->valid_until)
		proven->valid_until = cap;
}

dp_proven
dp_denial_may(dp_validator *v, dp_name zone, dp_name name, uint16_t type)
{
	dp_name anchor = dp_anchors_closest(&v->ctx->anchors, name);
	dp_cut cut;

	/* A DS is the parent's to deny; and a zone above the closest anchor has no say at all. */
	if ((type == DP_TYPE_DS ? !dp_name_below(name, zone) : !dp_name_within(name, zone)) ||
	    !dp_name_within(zone, anchor))
		return dp_proven_not(
		    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
	if (!dp_cut_begin(v, &cut, zone, name, type))
		return dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
	unsigned source = dp_look_source(v, name, type);
	if (source > 0)
		dp_cut_add(&cut, source - 1);
	return dp_cut_check(v, &cut);
}

dp_denial
dp_denial_find(dp_validator *v, dp_name name, uint16_t type)
{
	dp_denial d = { dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now),
		false };

	/* What other answers seem to deny, the answer itself may bring. */
	if (dp_look_is_asked(v, name, type))
		return d;
	d = dp_nsec_deny(v, name, type);
	if (d.proven.security != DANEPRIV_SECURITY_DENIED) {
		dp_denial other = dp_nsec3_deny(v, name, type);
		if (other.proven.security == DANEPRIV_SECURITY_DENIED)
			d = other;
		else
			d.proven = dp_proven_worse(d.proven, other.proven);
	}
	if (d.proven.security == DANEPRIV_SECURITY_DENIED)
		limit_denial(v, &d.proven);
	return d;
}

dp_proven
dp_denial_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone)
{
	dp_proven p = dp_nsec_no_closer(v, name, labels, zone);

	if (p.security == DANEPRIV_SECURITY_SECURE)
		return p;
	dp_proven other = dp_nsec3_no_closer(v, name, labels, zone);
	return other.security == DANEPRIV_SECURITY_SECURE ? other : dp_proven_worse(p, other);
}
