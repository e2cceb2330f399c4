/* SPDX-License-Identifier: BSD-2-Clause
 * Was this name delegated away by the zone that signed it?  What a parent signs below a zone cut is
 * forged or stale.  The RFCs leave the check to validators that see zone cuts.
 *
 * A lookup has to see the same ones in whatever order its answers come.  So those count that must
 * be there first: what came beside the record, and the answers to all questions for a DS at a name
 * where the cut would be.  Nothing is signed before those are settled. */
#include "dnssec/cut.h"

#include "base/bounds.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/nsec3.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"
#include "dnssec/rrsig.h"

#include <danepriv/records.h>
#include <danepriv/status.h>

/* The parent's own records at a cut: DS, and the NSEC of the delegation (RFC 4035 section 2.4). */
static bool
parent_holds(uint16_t type)
{
	return type == DP_TYPE_DS || type == DP_TYPE_NSEC;
}

/* A name at which the cut would be?  `lowest` is below the signer, and so is what of it is longer.
 */
static bool
is_between(dp_validator *v, dp_name name, const dp_cut *cut)
{
	return name.len > cut->signer.len && name.len <= cut->lowest.len &&
	       dp_budget_look(&v->budget, cut->lowest.len) && dp_name_within(cut->lowest, name);
}

void
dp_cut_add(dp_cut *cut, unsigned source)
{
	if (source < DP_CUT_SOURCES_MAX)
		cut->sources[source / 8] |= (uint8_t)(1u << source % 8);
}

bool
dp_cut_has(const dp_cut *cut, const dp_item *item)
{
	return cut->is_all || item->source >= DP_CUT_SOURCES_MAX ||
	       cut->sources[item->source / 8] >> item->source % 8 & 1;
}

/* Is this the question for a DS at such a name? */
static bool
shows_cut(dp_validator *v, const dp_question *question, const dp_cut *cut)
{
	return question->type == DP_TYPE_DS && is_between(v, dp_name_of(&question->name), cut);
}

static bool
is_waiting(dp_validator *v, const dp_cut *cut)
{
	const dp_questions *questions = &v->questions;

	if (!dp_budget_charge(&v->budget, questions->count / DP_ITEMS_PER_WORK))
		return false;
	for (size_t i = 0; i < questions->count; i++)
		if (dp_question_is_out(&questions->list[i]) &&
		    shows_cut(v, &questions->list[i], cut))
			return true;
	return false;
}

bool
dp_cut_begin(dp_validator *v, dp_cut *cut, dp_name signer, dp_name owner, uint16_t type)
{
	const dp_questions *questions = &v->questions;

	*cut = (dp_cut){ .signer = signer, .is_all = questions->closed };
	cut->lowest = parent_holds(type) ? dp_name_parent(owner) : owner;
	/* A hash has no cuts above it. */
	if (type == DP_TYPE_NSEC3 || !dp_name_below(cut->lowest, signer))
		cut->lowest = signer;
	if (cut->is_all || dp_name_equal(cut->lowest, signer))
		return true;
	if (is_waiting(v, cut))
		return false;
	for (size_t i = 0; i < questions->count; i++)
		if (questions->list[i].source > 0 && shows_cut(v, &questions->list[i], cut))
			dp_cut_add(cut, questions->list[i].source - 1);
	return true;
}

/* Does this record, if it is genuine, make its owner a zone cut? */
static bool
says_cut(dp_validator *v, const dp_rr *rr)
{
	dp_nsec nsec;

	if (rr->type == DP_TYPE_DS)
		return true;
	return rr->type == DP_TYPE_NSEC && dp_budget_look(&v->budget, rr->rdata.len) &&
	       dp_nsec_parse(rr->rdata, &nsec) == DANEPRIV_OK &&
	       dp_rr_types_have(nsec.types, DP_TYPE_NS) &&
	       !dp_rr_types_have(nsec.types, DP_TYPE_SOA);
}

/* Is there a signature by this zone over the RRset that begins at `first`? */
static bool
is_signed_by(dp_validator *v, size_t first, dp_name signer)
{
	const dp_evidence *e = &v->evidence;
	dp_rrsig sig;

	for (size_t i = dp_evidence_signatures(e, first);
	     i < e->count && dp_budget_look(&v->budget, signer.len); i = dp_evidence_next(e, i))
		if (dp_rrsig_parse(e->items[i].rr.rdata, &sig) == DANEPRIV_OK &&
		    sig.covered == e->items[first].rr.type && dp_name_equal(sig.signer, signer))
			return true;
	return false;
}

danepriv_security
dp_cut_weigh(dp_validator *v, size_t first, danepriv_security before)
{
	danepriv_security security = dp_rrsig_check(v, first).proven.security;

	if (security == DANEPRIV_SECURITY_SECURE)
		return DANEPRIV_SECURITY_BOGUS;
	return security == DANEPRIV_SECURITY_UNKNOWN ? security : before;
}

/* Looks for a DS, or the NSEC of a delegation. */
static danepriv_security
look_for_cut(dp_validator *v, const dp_cut *cut)
{
	const dp_evidence *e = &v->evidence;
	danepriv_security result = DANEPRIV_SECURITY_SECURE;

	if (!dp_budget_charge(&v->budget, e->count / DP_ITEMS_PER_WORK))
		return result;
	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		const dp_rr *rr = &e->items[i].rr;
		if ((rr->type != DP_TYPE_DS && rr->type != DP_TYPE_NSEC) ||
		    !dp_cut_has(cut, &e->items[i]) || !is_between(v, rr->owner, cut) ||
		    !says_cut(v, rr) || !dp_evidence_is_first(e, i) ||
		    !is_signed_by(v, i, cut->signer))
			continue;
		result = dp_cut_weigh(v, i, result);
		if (result == DANEPRIV_SECURITY_BOGUS)
			return result;
	}
	return result;
}

dp_proven
dp_cut_check(dp_validator *v, const dp_cut *cut)
{
	dp_proven fine = { DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE, { 0 }, INT64_MAX,
		INT64_MAX };

	if (dp_name_equal(cut->lowest, cut->signer))
		return fine;
	danepriv_security security = look_for_cut(v, cut);
	if (security != DANEPRIV_SECURITY_BOGUS) {
		danepriv_security hashed = dp_nsec3_look_for_cut(v, cut);
		security = hashed == DANEPRIV_SECURITY_SECURE ? security : hashed;
	}
	if (security == DANEPRIV_SECURITY_SECURE)
		return fine;
	return dp_proven_not(security,
	    security == DANEPRIV_SECURITY_BOGUS ? DANEPRIV_REASON_SIGNER_ABOVE_CUT
						: DANEPRIV_REASON_NONE,
	    v->now);
}
