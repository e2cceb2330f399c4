/* SPDX-License-Identifier: BSD-2-Clause
 * Does an NSEC3 prove that there is nothing?  (RFC 5155 section 8, RFC 6840 section 4, RFC 9276) */
#include "dnssec/nsec3.h"
#include "base/bounds.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/cut.h"
#include "dnssec/denial.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/rrsig.h"
#include "dnssec/validator.h"
#include "dnssec/zone.h"

#include <danepriv/records.h>
#include <danepriv/status.h>
#include <string.h>

/* Those that were tried already. */
typedef struct chains {
	dp_nsec3_chain list[DP_NSEC3_CHAINS_MAX];
	size_t count;
} chains;

/* Strictly between owner hash and next hash, around the end of the circle. */
static bool
hash_covered(const dp_nsec3_at *n, const uint8_t *hash)
{
	int after_owner = memcmp(hash, n->hash, DP_NSEC3_HASH_OCTETS);
	int before_next = memcmp(hash, n->nsec3.next.data, DP_NSEC3_HASH_OCTETS);

	if (memcmp(n->hash, n->nsec3.next.data, DP_NSEC3_HASH_OCTETS) < 0)
		return after_owner > 0 && before_next < 0;
	return after_owner != 0 && (after_owner > 0 || before_next < 0);
}

/* Finds the NSEC3 of a chain that matches a hash, or covers it: the first that is signed, so that a
 * forged one does not hide it; else the first. */
static bool
find(dp_validator *v, const dp_nsec3_chain *c, const uint8_t *hash, bool match, dp_nsec3_at *out)
{
	bool found = false;
	dp_nsec3_at n;

	for (size_t i = 0; i < v->evidence.count && !dp_budget_stopped(&v->budget); i++) {
		if (!dp_nsec3_read_item(v, i, &n) || !dp_nsec3_in_chain(&n, c) ||
		    !(match ? memcmp(n.hash, hash, DP_NSEC3_HASH_OCTETS) == 0
			    : hash_covered(&n, hash)))
			continue;
		bool is_signed = dp_rrsig_check(v, i).proven.security == DANEPRIV_SECURITY_SECURE;
		if (is_signed || !found)
			*out = n;
		found = true;
		if (is_signed)
			break;
	}
	return found;
}

static dp_proven
nothing(const dp_validator *v)
{
	return dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
}

/* Is the NSEC3 signed by the zone that its name lies in? */
static dp_proven
check_nsec3(dp_validator *v, const dp_nsec3_at *n)
{
	dp_checked c = dp_rrsig_check(v, n->item);

	if (c.proven.security == DANEPRIV_SECURITY_SECURE && !dp_name_equal(c.signer, n->zone))
		return nothing(v);
	return c.proven;
}

static dp_proven
turned(dp_proven proven, danepriv_security security, danepriv_reason reason)
{
	if (proven.security == DANEPRIV_SECURITY_SECURE) {
		proven.security = security;
		proven.reason = reason;
	}
	return proven;
}

/* Does this NSEC3 say that `type` is not at the name it matches?  (RFC 5155 8.5, 8.6) */
static bool
lacks(const dp_nsec3_at *n, uint16_t type)
{
	if (dp_rr_types_have(n->nsec3.types, type) ||
	    dp_rr_types_have(n->nsec3.types, DP_TYPE_CNAME))
		return false;
	if (type == DP_TYPE_DS)
		return !dp_rr_types_have(n->nsec3.types, DP_TYPE_SOA);
	return !dp_nsec3_is_delegation(n);
}

/* Opt-out covers may hide an unsigned delegation (RFC 5155 sections 6 and 9.2). */
static dp_proven
covered(dp_proven proven, const dp_nsec3_at *cover)
{
	if (cover->nsec3.flags & DP_NSEC3_OPT_OUT)
		return turned(proven, DANEPRIV_SECURITY_INSECURE, DANEPRIV_REASON_OPT_OUT);
	return proven;
}

/* The NSEC3 that covers the name one label longer than `encloser` on the way to `name`. */
static dp_proven
check_next_closer(dp_validator *v, const dp_nsec3_chain *c, dp_name name, unsigned encloser_labels)
{
	uint8_t hash[DP_NSEC3_HASH_OCTETS];
	dp_nsec3_at cover;

	if (!dp_nsec3_hash(v, c, dp_name_tail(name, encloser_labels + 1), hash) ||
	    !find(v, c, hash, false, &cover))
		return nothing(v);
	return covered(check_nsec3(v, &cover), &cover);
}

/* The wildcard of the closest encloser: not there (8.4), or without the type (8.7). */
static dp_proven
check_wildcard(dp_validator *v, const dp_nsec3_chain *c, dp_name encloser, uint16_t type)
{
	uint8_t hash[DP_NSEC3_HASH_OCTETS];
	dp_name_store store;
	dp_nsec3_at n;

	if (dp_name_wildcard(encloser, &store) != DANEPRIV_OK ||
	    !dp_nsec3_hash(v, c, dp_name_of(&store), hash))
		return nothing(v);
	if (find(v, c, hash, true, &n))
		return lacks(&n, type) ? turned(check_nsec3(v, &n), DANEPRIV_SECURITY_DENIED,
					     DANEPRIV_REASON_NO_DATA)
				       : nothing(v);
	if (!find(v, c, hash, false, &n))
		return nothing(v);
	return turned(
	    covered(check_nsec3(v, &n), &n), DANEPRIV_SECURITY_DENIED, DANEPRIV_REASON_NO_NAME);
}

/* Closest-encloser proof and what follows from it (RFC 5155 sections 8.3 to 8.7). */
static dp_proven
deny_below(dp_validator *v, const dp_nsec3_chain *c, const dp_nsec3_at *encloser, dp_name name,
    unsigned labels, uint16_t type)
{
	/* What was delegated or redirected away is not this zone's to deny (section 8.3). */
	if (dp_nsec3_is_delegation(encloser) ||
	    dp_rr_types_have(encloser->nsec3.types, DP_TYPE_DNAME))
		return nothing(v);
	dp_proven p = check_nsec3(v, encloser);
	if (p.security != DANEPRIV_SECURITY_SECURE)
		return p;
	dp_proven closer = check_next_closer(v, c, name, labels);
	dp_proven_limit(&closer, p);
	if (closer.security != DANEPRIV_SECURITY_SECURE)
		return closer;
	dp_proven wildcard = check_wildcard(v, c, dp_name_tail(name, labels), type);
	dp_proven_limit(&wildcard, closer);
	return wildcard;
}

/* All that one chain proves about `name`. */
static dp_denial
deny_by_chain(dp_validator *v, const dp_nsec3_chain *c, dp_name name, uint16_t type)
{
	dp_denial d = { nothing(v), false };
	unsigned labels = dp_name_labels(name), top = dp_name_labels(c->zone);
	uint8_t hash[DP_NSEC3_HASH_OCTETS];
	dp_nsec3_at n;

	for (unsigned at = labels; at >= top; at--) {
		if (!dp_nsec3_hash(v, c, dp_name_tail(name, at), hash))
			return d;
		if (find(v, c, hash, true, &n)) {
			if (at < labels) {
				d.proven = deny_below(v, c, &n, name, at, type);
			} else if (lacks(&n, type)) {
				d.delegation = dp_nsec3_is_delegation(&n);
				/* RFC 9824 section 3.1 */
				d.proven = turned(check_nsec3(v, &n), DANEPRIV_SECURITY_DENIED,
				    dp_rr_types_deny_name(n.nsec3.types) ? DANEPRIV_REASON_NO_NAME
									 : DANEPRIV_REASON_NO_DATA);
			}
			return d;
		}
		if (at == 0)
			break;
	}
	return d;
}

/* Above 50 iterations a zone counts as insecure, if it is really the zone that says so (RFC 9276
 * section 3.2): one record of the chain will do, as others may be forged. */
static dp_proven
too_many_iterations(dp_validator *v, const dp_nsec3_chain *c)
{
	dp_proven best = nothing(v);
	dp_nsec3_at n;

	for (size_t i = 0; i < v->evidence.count && !dp_budget_stopped(&v->budget); i++) {
		if (!dp_nsec3_read_item(v, i, &n) || !dp_nsec3_in_chain(&n, c))
			continue;
		dp_proven p = turned(check_nsec3(v, &n), DANEPRIV_SECURITY_INSECURE,
		    DANEPRIV_REASON_NSEC3_ITERATIONS);
		if (p.security == DANEPRIV_SECURITY_INSECURE)
			return p;
		best = dp_proven_worse(best, p);
	}
	return best;
}

/* Is this the first NSEC3 of its chain, so that each chain is tried once? */
static bool
leads_chain(dp_validator *v, const dp_nsec3_at *n, chains *tried)
{
	for (size_t i = 0; i < tried->count; i++)
		if (dp_nsec3_in_chain(n, &tried->list[i]))
			return false;
	if (tried->count == DP_NSEC3_CHAINS_MAX) {
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_HASHES);
		return false;
	}
	tried->list[tried->count++] = dp_nsec3_chain_of(n);
	return true;
}

dp_denial
dp_nsec3_deny(dp_validator *v, dp_name name, uint16_t type)
{
	const dp_evidence *e = &v->evidence;
	dp_denial best = { nothing(v), false };
	chains tried = { .count = 0 };
	dp_cut cut;
	dp_nsec3_at n;

	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!dp_nsec3_read_item(v, i, &n))
			continue;
		if (type == DP_TYPE_DS ? !dp_name_below(name, n.zone)
				       : !dp_name_within(name, n.zone))
			continue;
		if (!leads_chain(v, &n, &tried))
			continue;
		dp_nsec3_chain c = dp_nsec3_chain_of(&n);
		dp_denial d = { nothing(v), false };
		if (dp_zone_is_waiting(v, n.zone) || !dp_cut_begin(v, &cut, n.zone, name, type))
			d.proven =
			    dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
		else if (c.iterations > DP_NSEC3_ITERATIONS_MAX)
			d.proven = too_many_iterations(v, &c);
		else
			d = deny_by_chain(v, &c, name, type);
		if (d.proven.security == DANEPRIV_SECURITY_DENIED ||
		    d.proven.security == DANEPRIV_SECURITY_INSECURE) {
			dp_proven may = dp_denial_may(v, n.zone, name, type);
			if (may.security == DANEPRIV_SECURITY_SECURE)
				return d;
			d.proven = may;
		}
		best.proven = dp_proven_worse(best.proven, d.proven);
	}
	return best;
}

dp_proven
dp_nsec3_no_closer(dp_validator *v, dp_name name, unsigned labels, dp_name zone)
{
	const dp_evidence *e = &v->evidence;
	dp_proven best = nothing(v);
	chains tried = { .count = 0 };
	dp_nsec3_at n;

	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!dp_nsec3_read_item(v, i, &n) || !dp_name_equal(n.zone, zone) ||
		    !leads_chain(v, &n, &tried))
			continue;
		dp_nsec3_chain c = dp_nsec3_chain_of(&n);
		dp_proven p = c.iterations > DP_NSEC3_ITERATIONS_MAX
				  ? too_many_iterations(v, &c)
				  : check_next_closer(v, &c, name, labels);
		if (p.security == DANEPRIV_SECURITY_SECURE ||
		    p.security == DANEPRIV_SECURITY_INSECURE)
			return p;
		best = dp_proven_worse(best, p);
	}
	return best;
}
