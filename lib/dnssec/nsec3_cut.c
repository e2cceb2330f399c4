/* SPDX-License-Identifier: BSD-2-Clause
 * Does an NSEC3 show that a zone delegated a name away?  (RFC 5155 section 3.2.1) */
#include "base/bounds.h"
#include "dns/name.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/nsec3.h"
#include "dnssec/cut.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>
#include <string.h>

/* The names at which the cut would be, hashed as one chain does. */
typedef struct hashes {
	dp_nsec3_chain chain; /* no zone: of none */
	size_t count;
	uint8_t list[DP_NAME_LABELS_MAX][DP_NSEC3_HASH_OCTETS];
} hashes;

static bool
hash_reach(dp_validator *v, const dp_cut *cut, const dp_nsec3_at *n, hashes *h)
{
	if (h->chain.zone.len > 0 && dp_nsec3_in_chain(n, &h->chain))
		return h->count > 0;
	h->chain = dp_nsec3_chain_of(n);
	h->count = 0;
	for (dp_name at = cut->lowest; dp_name_below(at, cut->signer); at = dp_name_parent(at))
		if (dp_nsec3_hash(v, &h->chain, at, h->list[h->count]))
			h->count++;
	return h->count > 0;
}

static bool
has_hash(dp_validator *v, const hashes *h, const uint8_t *hash)
{
	if (!dp_budget_charge(&v->budget, 1 + h->count / DP_ITEMS_PER_WORK))
		return false;
	for (size_t i = 0; i < h->count; i++)
		if (memcmp(h->list[i], hash, DP_NSEC3_HASH_OCTETS) == 0)
			return true;
	return false;
}

danepriv_security
dp_nsec3_look_for_cut(dp_validator *v, const dp_cut *cut)
{
	const dp_evidence *e = &v->evidence;
	danepriv_security result = DANEPRIV_SECURITY_SECURE;
	dp_nsec3_at n;
	hashes h;

	h.chain.zone.len = 0;
	for (size_t i = 0; i < e->count && !dp_budget_stopped(&v->budget); i++) {
		if (!dp_cut_has(cut, &e->items[i]) || !dp_nsec3_read_item(v, i, &n) ||
		    !dp_nsec3_is_delegation(&n) || !dp_name_equal(n.zone, cut->signer) ||
		    !hash_reach(v, cut, &n, &h) || !has_hash(v, &h, n.hash))
			continue;
		result = dp_cut_weigh(v, i, result);
		if (result == DANEPRIV_SECURITY_BOGUS)
			return result;
	}
	return result;
}
