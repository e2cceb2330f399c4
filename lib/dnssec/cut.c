/* SPDX-License-Identifier: BSD-2-Clause
 * Was this name delegated away by the zone that signed it?  What a parent signs below a zone cut is
 * forged or stale.  The RFCs leave the check to validators that see zone cuts; we look for one in
 * the evidence at hand, which costs nothing unless something there says that a cut exists. */
#include "dnssec/validator.h"

/* The parent's own records at a cut: DS, and the NSEC of the delegation (RFC 4035 section 2.4). */
static bool
parent_holds(uint16_t type)
{
	return type == DP_TYPE_DS || type == DP_TYPE_NSEC;
}

/* Does this record, if it is genuine, make its owner a zone cut? */
static bool
says_cut(const dp_rr *rr)
{
	dp_nsec nsec;

	if (rr->type == DP_TYPE_DS)
		return true;
	return rr->type == DP_TYPE_NSEC && dp_nsec_parse(rr->rdata, &nsec) == DANEPRIV_OK &&
	       dp_types_have(nsec.types, DP_TYPE_NS) && !dp_types_have(nsec.types, DP_TYPE_SOA);
}

static bool
nsec3_says_cut(dp_validator *v, dp_name signer, dp_name name)
{
	dp_nsec3 nsec3;
	size_t item = dp_nsec3_match(v, signer, name, &nsec3);

	return item < v->evidence.count && dp_types_have(nsec3.types, DP_TYPE_NS) &&
	       !dp_types_have(nsec3.types, DP_TYPE_SOA) &&
	       dp_check(v, item).proven.proof == DANEPRIV_PROOF_SECURE;
}

/* Is there any NSEC3 of a delegation, so that hashing is worth its while? */
static bool
any_nsec3_cut(dp_validator *v, dp_name signer)
{
	const dp_evidence *e = &v->evidence;
	dp_nsec3 nsec3;

	for (size_t i = 0; i < e->count; i++) {
		const dp_rr *rr = &e->items[i].rr;
		if (rr->type == DP_TYPE_NSEC3 && dp_look(v, signer.len + rr->rdata.len) &&
		    dp_name_equal(dp_name_parent(rr->owner), signer) &&
		    dp_nsec3_parse(rr->rdata, &nsec3) == DANEPRIV_OK &&
		    dp_types_have(nsec3.types, DP_TYPE_NS) &&
		    !dp_types_have(nsec3.types, DP_TYPE_SOA))
			return true;
	}
	return false;
}

bool
dp_cut_below(dp_validator *v, dp_name signer, dp_name owner, uint16_t type)
{
	const dp_evidence *e = &v->evidence;
	dp_name lowest = parent_holds(type) ? dp_name_parent(owner) : owner;

	if (type == DP_TYPE_NSEC3 || !dp_name_below(lowest, signer))
		return false;
	for (size_t i = 0; i < e->count && !dp_stopped(v); i++) {
		const dp_rr *rr = &e->items[i].rr;
		if ((rr->type != DP_TYPE_DS && rr->type != DP_TYPE_NSEC) ||
		    !dp_look(v, lowest.len + 2 * rr->owner.len + rr->rdata.len))
			continue;
		if (dp_name_below(rr->owner, signer) && dp_name_within(lowest, rr->owner) &&
		    says_cut(rr) && dp_evidence_is_first(e, i) &&
		    dp_check(v, i).proven.proof == DANEPRIV_PROOF_SECURE)
			return true;
	}
	if (!any_nsec3_cut(v, signer))
		return false;
	for (dp_name at = lowest; dp_name_below(at, signer) && !dp_stopped(v);
	     at = dp_name_parent(at))
		if (nsec3_says_cut(v, signer, at))
			return true;
	return false;
}
