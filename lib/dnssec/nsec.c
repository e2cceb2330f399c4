/* SPDX-License-Identifier: BSD-2-Clause
 * Does an NSEC prove that there is nothing?  (RFC 4035 section 5.4, RFC 6840 section 4, RFC 6672
 * section 5.3.2) */
#include "dnssec/nsec.h"

#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/denial.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/rrsig.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>
#include <danepriv/status.h>

/* An NSEC of the evidence that may be used once its signature is good. */
typedef struct nsec_at {
	size_t item;
	dp_name owner;
	dp_nsec nsec;
} nsec_at;

/* The NSEC that an RRset holds; exactly one record, else it is none.  It is held against `name`
 * then. */
static bool
read_nsec(dp_validator *v, size_t item, dp_name name, nsec_at *out)
{
	const dp_evidence *e = &v->evidence;
	const dp_rr *rr = &e->items[item].rr;

	/* Each of the three names is compared with the two others. */
	if (rr->type != DP_TYPE_NSEC || !dp_evidence_is_single(e, item) ||
	    !dp_budget_look(&v->budget, 2 * (name.len + rr->owner.len + rr->rdata.len)))
		return false;
	out->item = item;
	out->owner = rr->owner;
	return dp_nsec_parse(rr->rdata, &out->nsec) == DANEPRIV_OK;
}

/* The parent's NSEC of a delegation (RFC 6840 section 4.1). */
static bool
is_delegation(const nsec_at *n)
{
	return dp_rr_types_have(n->nsec.types, DP_TYPE_NS) &&
	       !dp_rr_types_have(n->nsec.types, DP_TYPE_SOA);
}

/* Does this NSEC say that `type` is not at its owner? */
static bool
lacks(const nsec_at *n, uint16_t type)
{
	if (dp_rr_types_have(n->nsec.types, type) || dp_rr_types_have(n->nsec.types, DP_TYPE_CNAME))
		return false;
	/* DS lives above the cut, everything else below it. */
	if (type == DP_TYPE_DS)
		return !dp_rr_types_have(n->nsec.types, DP_TYPE_SOA);
	return !is_delegation(n);
}

/* Is `name` strictly between owner and next, and may this NSEC speak of it? */
static bool
covers(const nsec_at *n, dp_name name)
{
	if (dp_name_compare(n->owner, name) >= 0)
		return false;
	/* The last NSEC of a zone points back to its apex, which is not after any owner. */
	bool is_last = dp_name_compare(n->owner, n->nsec.next) >= 0;
	if (is_last ? !dp_name_below(name, n->nsec.next) : dp_name_compare(name, n->nsec.next) >= 0)
		return false;
	/* Not what was delegated or redirected away. */
	return !dp_name_below(name, n->owner) ||
	       !(is_delegation(n) || dp_rr_types_have(n->nsec.types, DP_TYPE_DNAME));
}

/* The closest encloser that a covering NSEC shows (RFC 4035 section 5.4). */
static dp_name
encloser(const nsec_at *n, dp_name name)
{
	unsigned by_owner = dp_name_shared(name, n->owner);
	unsigned by_next = dp_name_shared(name, n->nsec.next);

	return dp_name_tail(name, by_owner > by_next ? by_owner : by_next);
}

/* Is the NSEC signed by a zone that may speak of `name`, and does it stay in that zone (RFC 4034
 * section 4.1.1)?  SECURE, or why not. */
static dp_proven
check_nsec(dp_validator *v, const nsec_at *n, dp_name name, uint16_t type, dp_name *zone)
{
	dp_checked c = dp_rrsig_check(v, n->item);

	if (c.proven.security != DANEPRIV_SECURITY_SECURE)
		return c.proven;
	if (!dp_name_within(n->nsec.next, c.signer))
		return dp_proven_not(
		    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
	*zone = c.signer;
	dp_proven may = dp_denial_may(v, c.signer, name, type);
	return may.security == DANEPRIV_SECURITY_SECURE ? c.proven : may;
}

/* Does this genuine NSEC have to wait until it may speak?  The same from other answers would, too.
 */
static bool
is_waiting(const dp_validator *v, const nsec_at *n, dp_proven proven)
{
	return proven.security == DANEPRIV_SECURITY_UNKNOWN && dp_rrsig_is_secure(v, n->item);
}

static dp_denial
denied(dp_proven proven, danepriv_reason reason)
{
	dp_denial d = { proven, false };

	if (proven.security == DANEPRIV_SECURITY_SECURE) {
		d.proven.security = DANEPRIV_SECURITY_DENIED;
		d.proven.reason = reason;
	}
	return d;
}

/* `name` does not exist: what of the wildcard that could stand in for it? */
static dp_denial
deny_wildcard(dp_validator *v, dp_name encloser_name, uint16_t type, dp_name zone)
{
	const dp_evidence *e = &v->evidence;
	dp_denial best =
	    denied(dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now),
		DANEPRIV_REASON_NONE);
	dp_name_store store;
	dp_name signer;
	nsec_at n;

	if (dp_name_wildcard(encloser_name, &store) != DANEPRIV_OK)
		return best;
	dp_name wildcard = dp_name_of(&store);
	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!read_nsec(v, i, wildcard, &n))
			continue;
		bool matches = dp_name_equal(n.owner, wildcard) && lacks(&n, type);
		if (!matches && !covers(&n, wildcard))
			continue;
		dp_proven p = check_nsec(v, &n, encloser_name, 0, &signer);
		if (p.security == DANEPRIV_SECURITY_SECURE && dp_name_equal(signer, zone))
			return denied(
			    p, matches ? DANEPRIV_REASON_NO_DATA : DANEPRIV_REASON_NO_NAME);
		if (is_waiting(v, &n, p))
			return denied(p, DANEPRIV_REASON_NONE);
		if (p.security != DANEPRIV_SECURITY_SECURE)
			best.proven = dp_proven_worse(best.proven, p);
	}
	return best;
}

/* Why there is nothing at the owner of an NSEC that was made for the question: the name itself may
 * be missing (RFC 9824 section 3.1). */
static danepriv_reason
reason_at_owner(const nsec_at *n)
{
	return dp_rr_types_deny_name(n->nsec.types) ? DANEPRIV_REASON_NO_NAME
						    : DANEPRIV_REASON_NO_DATA;
}

/* What one NSEC, with help of others for the wildcard, proves about `name`. */
static dp_denial
deny_by(dp_validator *v, const nsec_at *n, dp_name name, uint16_t type)
{
	dp_name zone;

	if (dp_name_equal(n->owner, name)) {
		dp_denial d = denied(check_nsec(v, n, name, type, &zone), reason_at_owner(n));
		d.delegation = is_delegation(n);
		return d;
	}
	dp_proven p = check_nsec(v, n, name, type, &zone);
	if (p.security != DANEPRIV_SECURITY_SECURE)
		return denied(p, DANEPRIV_REASON_NONE);
	if (dp_name_below(n->nsec.next, name)) /* an empty non-terminal */
		return denied(p, DANEPRIV_REASON_NO_DATA);
	dp_denial d = deny_wildcard(v, encloser(n, name), type, zone);
	dp_proven_limit(&d.proven, p);
	return d;
}

dp_denial
dp_nsec_deny(dp_validator *v, dp_name name, uint16_t type)
{
	const dp_evidence *e = &v->evidence;
	dp_denial best =
	    denied(dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now),
		DANEPRIV_REASON_NONE);
	nsec_at n;

	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!read_nsec(v, i, name, &n))
			continue;
		if (!(dp_name_equal(n.owner, name) ? lacks(&n, type) : covers(&n, name)))
			continue;
		dp_denial d = deny_by(v, &n, name, type);
		if (d.proven.security == DANEPRIV_SECURITY_DENIED || is_waiting(v, &n, d.proven))
			return d;
		best.proven = dp_proven_worse(best.proven, d.proven);
	}
	return best;
}

dp_proven
dp_nsec_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone)
{
	const dp_evidence *e = &v->evidence;
	dp_proven best =
	    dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
	dp_name signer;
	nsec_at n;

	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!read_nsec(v, i, name, &n) || !covers(&n, name) ||
		    dp_name_below(n.nsec.next, name) ||
		    dp_name_labels(encloser(&n, name)) != labels)
			continue;
		dp_proven p = check_nsec(v, &n, name, 0, &signer);
		if ((p.security == DANEPRIV_SECURITY_SECURE && dp_name_equal(signer, zone)) ||
		    is_waiting(v, &n, p))
			return p;
		if (p.security != DANEPRIV_SECURITY_SECURE)
			best = dp_proven_worse(best, p);
	}
	return best;
}
