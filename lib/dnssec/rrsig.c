/* SPDX-License-Identifier: BSD-2-Clause
 * Is this RRset signed by the zone that it lies in?  (RFC 4035 section 5.3, RFC 6840 section 5) */
#include "dnssec/rrsig.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "crypto/memo.h"
#include "crypto/pubkey.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"
#include "dnssec/budget.h"
#include "dnssec/cut.h"
#include "dnssec/evidence.h"
#include "dnssec/place.h"
#include "dnssec/proven.h"
#include "dnssec/round.h"
#include "dnssec/zone.h"

#include <danepriv/records.h>
#include <danepriv/status.h>
#include <string.h>

/* RRsets of a name two or three zones deep. */
#define CHECKED_AT_FIRST 4

/* Labels as an RRSIG counts them: a leading "*" does not count (RFC 4034 section 3.1.3). */
static unsigned
signed_labels(dp_name name)
{
	return dp_name_labels(name) - (dp_name_is_wildcard(name) ? 1 : 0);
}

/* a is not after b, as serial numbers (RFC 4034 section 3.1.5, RFC 1982). */
static bool
serial_not_after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) >= 0;
}

danepriv_reason
dp_rrsig_dates(const dp_validator *v, const dp_rrsig *sig)
{
	uint32_t now = (uint32_t)v->now;
	uint32_t skew_s = v->ctx->skew_s;

	if (!serial_not_after(sig->inception, sig->expiration))
		return DANEPRIV_REASON_SIGNATURE_DATES_CROSSED;
	if (!serial_not_after(now, sig->expiration + skew_s))
		return DANEPRIV_REASON_SIGNATURE_EXPIRED;
	if (!serial_not_after(sig->inception - skew_s, now))
		return DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID;
	return DANEPRIV_REASON_NONE;
}

/* A TTL with the top bit set counts as zero (RFC 2181 section 8). */
static uint32_t
counted_ttl(uint32_t ttl)
{
	return ttl > INT32_MAX ? 0 : ttl;
}

dp_proven
dp_rrsig_proven(dp_validator *v, size_t first, size_t rrsig, const dp_rrsig *sig)
{
	const dp_evidence *e = &v->evidence;
	int32_t left = (int32_t)(sig->expiration + v->ctx->skew_s - (uint32_t)v->now);
	dp_proven proven = { DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE, { 0 }, 0,
		v->now + left };
	uint32_t ttl = sig->original_ttl;

	/* The RRSIG's own TTL bounds the set, too (RFC 4035 section 5.3.3). */
	if (e->items[rrsig].rr.ttl < ttl)
		ttl = e->items[rrsig].rr.ttl;
	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i))
		if (e->items[i].rr.ttl < ttl)
			ttl = e->items[i].rr.ttl;
	ttl = counted_ttl(ttl);
	proven.valid_until = (int64_t)ttl < left ? v->now + ttl : proven.expiry;
	v->evidence.items[rrsig].checked = 1;
	return proven;
}

/* Where an item's RDATA belongs among those before it, which are in order. */
static size_t
place_of(dp_validator *v, size_t count, size_t item)
{
	const dp_evidence *e = &v->evidence;
	const dp_rr *rr = &e->items[item].rr;
	size_t low = 0;

	while (
	    low < count && dp_budget_charge(&v->budget, 1 + rr->rdata.len / DP_OCTETS_PER_WORK)) {
		size_t middle = low + (count - low) / 2;
		const dp_rr *other = &e->items[v->order[middle]].rr;
		if (dp_rr_rdata_compare(rr->type, other->rdata, rr->rdata) <= 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Room for the order of an RRset's items. */
static bool
make_order(dp_validator *v, size_t first)
{
	const dp_evidence *e = &v->evidence;
	size_t count = 0;

	for (size_t i = first; i < e->count && dp_budget_charge(&v->budget, 1);
	     i = dp_evidence_next(e, i))
		count++;
	uint16_t *order = dp_realloc(v->order, count, sizeof *order);
	v->order_count = 0;
	if (order)
		v->order = order;
	else
		v->budget.status = DANEPRIV_ENOMEM;
	return !dp_budget_stopped(&v->budget);
}

/* Puts the items of an RRset in the order of their RDATAs (RFC 4034 section 6.3), if they are not
 * the ones that were put so last.  False when all work is to stop. */
static bool
sort_set(dp_validator *v, size_t first)
{
	const dp_evidence *e = &v->evidence;

	if (v->order_count > 0 && v->ordered == first)
		return true;
	if (!make_order(v, first))
		return false;
	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i)) {
		size_t at = place_of(v, v->order_count, i);
		memmove(
		    &v->order[at + 1], &v->order[at], (v->order_count++ - at) * sizeof *v->order);
		v->order[at] = (uint16_t)i;
	}
	v->ordered = first;
	return !dp_budget_stopped(&v->budget);
}

/* The owner as it was signed: the wildcard, when the RRSIG has fewer labels (RFC 4035 5.3.2). */
static void
write_owner(dp_buffer *b, dp_name owner, unsigned labels)
{
	static const uint8_t star[2] = { 1, '*' };

	if (labels < signed_labels(owner)) {
		dp_write(b, star, sizeof star);
		owner = dp_name_tail(owner, labels);
	}
	dp_name_write(b, owner, true);
}

/* One record as it was signed: name, type, class, TTL, length, RDATA. */
static void
write_signed_record(dp_buffer *b, const dp_rr *rr, const dp_rrsig *sig)
{
	write_owner(b, rr->owner, sig->labels);
	dp_write_u16(b, rr->type);
	dp_write_u16(b, DP_CLASS_IN);
	dp_write_u32(b, sig->original_ttl);
	dp_write_u16(b, (uint16_t)rr->rdata.len);
	dp_rr_rdata_write(b, rr->type, rr->rdata);
}

/* How long what was signed can be. */
static size_t
signed_octets(const dp_evidence *e, size_t first, const dp_rrsig *sig)
{
	size_t octets = sig->head.len + sig->signer.len;

	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i))
		octets += e->items[i].rr.owner.len + 10 + e->items[i].rr.rdata.len;
	return octets;
}

/* Puts together what was signed (RFC 4034 section 3.1.8.1). */
static bool
write_signed_data(dp_validator *v, size_t first, const dp_rrsig *sig)
{
	const dp_evidence *e = &v->evidence;
	size_t octets = signed_octets(e, first, sig);
	dp_buffer *b = &v->signed_data;

	/* Written, hashed for the memo, and hashed again. */
	if (!dp_budget_charge(&v->budget, 2 * octets / DP_OCTETS_PER_WORK) || !sort_set(v, first))
		return false;
	dp_buffer_begin(b, octets);
	dp_write_span(b, sig->head);
	dp_name_write(b, sig->signer, true);
	for (size_t i = 0; i < v->order_count; i++) {
		const dp_rr *rr = &e->items[v->order[i]].rr;
		if (i > 0 && dp_rr_rdata_compare(
				 rr->type, rr->rdata, e->items[v->order[i - 1]].rr.rdata) == 0)
			continue; /* said twice, signed once */
		write_signed_record(b, rr, sig);
	}
	if (b->status == DANEPRIV_ELIMIT)
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_OCTETS);
	else if (b->status != DANEPRIV_OK)
		v->budget.status = b->status;
	return b->status == DANEPRIV_OK;
}

/* The key of a DNSKEY item; NULL when it cannot be used. */
static const dp_pubkey *
import_key(dp_validator *v, size_t key, const dp_dnskey *dnskey)
{
	if (v->key && v->key_item == key)
		return v->key;
	dp_pubkey_free(v->key);
	v->key_item = key;
	danepriv_status status =
	    dp_pubkey_from_dnskey(v->ctx->crypto, dnskey->algorithm, dnskey->key, &v->key);
	if (status == DANEPRIV_ENOMEM)
		v->budget.status = status;
	return v->key;
}

/* Verifies, unless that has gone well before.  A failure is not remembered: whoever sends one sends
 * another one next time. */
static bool
verify_once(
    dp_validator *v, const dp_rrsig *sig, size_t key, const dp_dnskey *dnskey, unsigned price)
{
	danepriv_span data = dp_buffer_span(&v->signed_data);
	dp_fingerprint fingerprint =
	    dp_memo_fingerprint(v->ctx->memo, dnskey->rdata, data, sig->signature);

	if (dp_memo_knows(v->ctx->memo, &fingerprint))
		return true;
	if (v->known_is_free && !dp_budget_charge(&v->budget, price))
		return false;
	v->verified++;
	const dp_pubkey *pubkey = import_key(v, key, dnskey);
	if (!pubkey || !dp_pubkey_verify(pubkey, data, sig->signature))
		return false;
	dp_memo_remember(v->ctx->memo, &fingerprint);
	return true;
}

/* The work is charged for what is remembered, too, so that what is proven to one is proven to all;
 * unless it is the same over and over. */
bool
dp_rrsig_verify(dp_validator *v, size_t first, const dp_rrsig *sig, size_t key)
{
	dp_dnskey dnskey;

	if (dp_budget_stopped(&v->budget) ||
	    dp_dnskey_parse(v->evidence.items[key].rr.rdata, &dnskey) != DANEPRIV_OK)
		return false;
	unsigned price = dp_pubkey_cost(dnskey.algorithm, dnskey.key);
	if (!v->known_is_free && !dp_budget_charge(&v->budget, price))
		return false;
	return write_signed_data(v, first, sig) && verify_once(v, sig, key, &dnskey, price);
}

/* May this signature be over this RRset at all?  (RFC 4035 section 5.3.1) */
static bool
signature_fits(const danepriv *ctx, const dp_rr *rr, const dp_rrsig *sig)
{
	unsigned labels = signed_labels(rr->owner);

	if (sig->covered != rr->type || sig->labels > labels ||
	    !dp_algorithms_have(ctx->algorithms, sig->algorithm) ||
	    !dp_name_within(rr->owner, sig->signer) || sig->labels < dp_name_labels(sig->signer))
		return false;
	switch (rr->type) {
	case DP_TYPE_DS: /* the parent's, and never expanded from a wildcard */
		return dp_name_below(rr->owner, sig->signer) && sig->labels == labels;
	case DP_TYPE_DNSKEY: /* the zone's own */
		return dp_name_equal(rr->owner, sig->signer) && sig->labels == labels;
	case DP_TYPE_NSEC:
	case DP_TYPE_NSEC3:
	case DP_TYPE_DNAME:
		return sig->labels == labels;
	default:
		return true;
	}
}

/* Tries the zone's keys of the signature's tag and algorithm. */
static bool
verify_with_zone(dp_validator *v, size_t first, const dp_rrsig *sig, size_t keys, unsigned *tried)
{
	const dp_evidence *e = &v->evidence;
	unsigned same_tag = 0;
	dp_dnskey key;

	for (size_t i = keys; i < e->count && dp_budget_charge(&v->budget, 1);
	     i = dp_evidence_next(e, i)) {
		if (e->items[i].tag != sig->tag ||
		    dp_dnskey_parse(e->items[i].rr.rdata, &key) != DANEPRIV_OK ||
		    key.protocol != 3 || !(key.flags & DP_DNSKEY_ZONE) ||
		    key.flags & DP_DNSKEY_REVOKE || key.algorithm != sig->algorithm)
			continue;
		if (same_tag == 0 && ++*tried > DP_SIGNATURES_PER_RRSET_MAX)
			dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_SIGNATURES);
		if (++same_tag > DP_KEYS_PER_TAG_MAX)
			dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_KEYS);
		if (dp_rrsig_verify(v, first, sig, i))
			return true;
	}
	return false;
}

static dp_checked
failed(const dp_validator *v, danepriv_reason reason)
{
	dp_checked c = { .proven = dp_proven_not(DANEPRIV_SECURITY_BOGUS, reason, v->now) };

	return c;
}

/* One signature over one RRset, cheapest tests first. */
static dp_checked
check_signature(dp_validator *v, size_t first, size_t rrsig, const dp_rrsig *sig, unsigned *tried)
{
	const dp_rr *rr = &v->evidence.items[first].rr;
	dp_name anchor = dp_anchors_closest(&v->ctx->anchors, rr->owner);
	dp_checked c = failed(v, DANEPRIV_REASON_SIGNATURE_INVALID);
	dp_cut cut;

	c.signer = sig->signer;
	/* A zone above the closest anchor has no say (RFC 4035 section 5). */
	if (!dp_budget_look(&v->budget, 2 * rr->owner.len) || !signature_fits(v->ctx, rr, sig) ||
	    !dp_name_within(sig->signer, anchor))
		return c;
	danepriv_reason dates = dp_rrsig_dates(v, sig);
	if (dates != DANEPRIV_REASON_NONE) {
		c.proven.reason = dates;
		return c;
	}
	const dp_zone *zone = dp_zone_check(v, sig->signer);
	if (!zone)
		return c;
	dp_proven above = zone->proven;
	if (above.security != DANEPRIV_SECURITY_SECURE) {
		c.proven = above;
		return c;
	}
	/* To verify it before that would be in vain. */
	if (!dp_cut_begin(v, &cut, sig->signer, rr->owner, rr->type)) {
		c.proven = dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
		return c;
	}
	dp_cut_add(&cut, v->evidence.items[first].source);
	if (!verify_with_zone(v, first, sig, zone->keys, tried))
		return c;
	dp_proven reached = dp_cut_check(v, &cut);
	if (reached.security != DANEPRIV_SECURITY_SECURE) {
		c.proven = reached;
		return c;
	}
	c.proven = dp_rrsig_proven(v, first, rrsig, sig);
	dp_proven_limit(&c.proven, above);
	c.labels = sig->labels;
	return c;
}

static dp_checked
check_set(dp_validator *v, size_t first)
{
	const dp_evidence *e = &v->evidence;
	const dp_rr *rr = &e->items[first].rr;
	dp_checked best = failed(v, DANEPRIV_REASON_SIGNATURE_MISSING);
	unsigned tried = 0, seen = 0;
	dp_rrsig sig;

	for (size_t i = dp_evidence_signatures(e, first);
	     i < e->count && dp_budget_charge(&v->budget, 1); i = dp_evidence_next(e, i)) {
		if (dp_rrsig_parse(e->items[i].rr.rdata, &sig) != DANEPRIV_OK ||
		    sig.covered != rr->type)
			continue;
		dp_checked one = check_signature(v, first, i, &sig, &tried);
		if (one.proven.security == DANEPRIV_SECURITY_SECURE)
			return one;
		if (seen++ == 0)
			best = one;
		best.proven = dp_proven_worse(best.proven, one.proven);
	}
	return best;
}

/* Keeps what was found of the RRset that begins at `first`. */
static void
keep_checked(dp_validator *v, size_t first, const dp_checked *found)
{
	dp_item *item = &v->evidence.items[first];

	if (item->checked == 0 && v->checked_count == v->checked_room) {
		uint16_t room =
		    v->checked_room ? (uint16_t)(2 * v->checked_room) : CHECKED_AT_FIRST;
		dp_checked *checked = dp_realloc(v->checked, room, sizeof *checked);
		if (!checked) {
			v->budget.status = DANEPRIV_ENOMEM;
			return;
		}
		v->checked = checked;
		v->checked_room = room;
	}
	if (item->checked == 0)
		item->checked = ++v->checked_count;
	v->checked[item->checked - 1] = *found;
}

dp_checked
dp_rrsig_check(dp_validator *v, size_t first)
{
	uint16_t place = v->evidence.items[first].checked;

	if (place > 0 && (v->checked[place - 1].round == DP_ROUND_ALL ||
			     v->checked[place - 1].round == dp_round_now(v)))
		return v->checked[place - 1];
	unsigned before = v->without;
	v->without = UINT_MAX;
	dp_checked found = check_set(v, first);
	found.proven = dp_proven_at(found.proven, DP_PLACE_SET, first);
	dp_place_note_end(v, DP_PLACE_SET, first);
	found.round = dp_round_remember(v, found.proven.security, v->without, UINT_MAX);
	v->without = before < v->without ? before : v->without;
	if (found.round != DP_ROUND_NONE)
		keep_checked(v, first, &found);
	return found;
}

uint32_t
dp_rrsig_ttl(const dp_validator *v, size_t first)
{
	const dp_evidence *e = &v->evidence;
	dp_rrsig sig;

	for (size_t i = dp_evidence_signatures(e, first); i < e->count; i = dp_evidence_next(e, i))
		if (e->items[i].checked > 0 &&
		    dp_rrsig_parse(e->items[i].rr.rdata, &sig) == DANEPRIV_OK &&
		    sig.covered == e->items[first].rr.type)
			return counted_ttl(sig.original_ttl);
	return 0;
}

bool
dp_rrsig_is_secure(const dp_validator *v, size_t first)
{
	uint16_t place = v->evidence.items[first].checked;

	return place > 0 && v->checked[place - 1].proven.security == DANEPRIV_SECURITY_SECURE;
}
