/* SPDX-License-Identifier: BSD-2-Clause
 * May this zone's keys be used, and where does signing end?  (RFC 4035 section 5.2, RFC 6840 5.2,
 * RFC 4509 section 3, RFC 9905 section 2) */
#include "dnssec/zone.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/span.h"
#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"
#include "dnssec/budget.h"
#include "dnssec/denial.h"
#include "dnssec/evidence.h"
#include "dnssec/look.h"
#include "dnssec/place.h"
#include "dnssec/proven.h"
#include "dnssec/questions.h"
#include "dnssec/round.h"
#include "dnssec/rrsig.h"
#include "dnssec/served.h"

#include <danepriv/records.h>
#include <string.h>

/* A DNSKEY that may be a zone's. */
typedef struct candidate {
	size_t item;
	uint16_t tag;
	dp_dnskey key;
} candidate;

/* What vouches for a zone's keys: the anchors of that name, or a DS RRset that was checked. */
typedef struct trust {
	dp_name zone;
	bool by_anchor;
	size_t ds;	 /* else: first item of the DS RRset */
	bool has_strong; /* a supported DS with digest 2 or 4 is there: digest 1 is passed over */
} trust;

static bool
ds_is_supported(const danepriv *ctx, const dp_ds *ds)
{
	return dp_algorithms_have(ctx->algorithms, ds->algorithm) &&
	       dp_digest_ds(ds->digest_type) != DP_DIGEST_NONE;
}

/* Is this DS the digest of this key?  (RFC 4034 section 5.1.4) */
static bool
ds_matches(dp_validator *v, const trust *t, const dp_ds *ds, const candidate *c)
{
	uint8_t digest[DP_DIGEST_OCTETS_MAX], owner_octets[DP_NAME_OCTETS_MAX];
	dp_buffer owner = dp_buffer_over(owner_octets, sizeof owner_octets);

	if (!ds_is_supported(v->ctx, ds) || (ds->digest_type == 1 && t->has_strong) ||
	    ds->digest.len != dp_digest_len(dp_digest_ds(ds->digest_type)) ||
	    ds->algorithm != c->key.algorithm || ds->tag != c->tag)
		return false;
	if (++v->digests > DP_DS_DIGESTS_MAX) {
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_HASHES);
		return false;
	}
	if (!dp_budget_charge(&v->budget, 2 + c->key.rdata.len / DP_OCTETS_PER_WORK))
		return false;
	dp_name_write(&owner, t->zone, true);
	if (!dp_digest(dp_digest_ds(ds->digest_type), dp_buffer_span(&owner), c->key.rdata, digest))
		return false;
	danepriv_span ours = { digest, ds->digest.len };
	return dp_span_equal(ours, ds->digest);
}

static bool
anchor_trusts(dp_validator *v, const trust *t, const candidate *c)
{
	const dp_anchors *anchors = &v->ctx->anchors;

	for (size_t i = 0; i < anchors->count; i++) {
		const dp_anchor *anchor = &anchors->list[i];
		dp_ds ds;
		if (!dp_name_equal(dp_name_of(&anchor->owner), t->zone))
			continue;
		if (anchor->type == DP_TYPE_DNSKEY && dp_span_equal(anchor->rdata, c->key.rdata))
			return true;
		if (anchor->type == DP_TYPE_DS && dp_ds_parse(anchor->rdata, &ds) == DANEPRIV_OK &&
		    ds_matches(v, t, &ds, c))
			return true;
	}
	return false;
}

static bool
ds_set_trusts(dp_validator *v, const trust *t, const candidate *c)
{
	const dp_evidence *e = &v->evidence;
	dp_ds ds;

	for (size_t i = t->ds; i < e->count && dp_budget_charge(&v->budget, 1);
	     i = dp_evidence_next(e, i))
		if (dp_ds_parse(e->items[i].rr.rdata, &ds) == DANEPRIV_OK &&
		    ds_matches(v, t, &ds, c))
			return true;
	return false;
}

/* Does one trusted key sign the whole key set?  Else *reason says why not. */
static bool
key_signs_set(dp_validator *v, size_t first, const candidate *c, unsigned *tried, dp_proven *out,
    danepriv_reason *reason)
{
	const dp_evidence *e = &v->evidence;
	dp_name owner = e->items[first].rr.owner;
	dp_rrsig sig;

	for (size_t i = dp_evidence_signatures(e, first);
	     i < e->count && dp_budget_look(&v->budget, owner.len); i = dp_evidence_next(e, i)) {
		if (dp_rrsig_parse(e->items[i].rr.rdata, &sig) != DANEPRIV_OK ||
		    sig.covered != DP_TYPE_DNSKEY || sig.algorithm != c->key.algorithm ||
		    sig.tag != c->tag || !dp_name_equal(sig.signer, owner) ||
		    sig.labels != dp_name_labels(owner))
			continue;
		danepriv_reason dates = dp_rrsig_dates(v, &sig);
		*reason = dates != DANEPRIV_REASON_NONE ? dates : DANEPRIV_REASON_SIGNATURE_INVALID;
		if (dates != DANEPRIV_REASON_NONE)
			continue;
		if (++*tried > DP_SIGNATURES_PER_RRSET_MAX)
			dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_SIGNATURES);
		if (!dp_rrsig_verify(v, first, &sig, c->item))
			continue;
		*out = dp_rrsig_proven(v, first, i, &sig);
		return true;
	}
	return false;
}

/* One DNSKEY RRset against what vouches for it (RFC 4035 section 5.2). */
static dp_proven
check_key_set(dp_validator *v, const trust *t, size_t first)
{
	const dp_evidence *e = &v->evidence;
	danepriv_reason reason = DANEPRIV_REASON_DNSKEY_MISSING;
	unsigned tried = 0;
	dp_proven proven;
	candidate c;

	for (size_t i = first; i < e->count && dp_budget_look(&v->budget, 0);
	     i = dp_evidence_next(e, i)) {
		c.item = i;
		c.tag = e->items[i].tag;
		if (dp_dnskey_parse(e->items[i].rr.rdata, &c.key) != DANEPRIV_OK ||
		    c.key.flags & DP_DNSKEY_REVOKE ||
		    !(t->by_anchor ? anchor_trusts(v, t, &c) : ds_set_trusts(v, t, &c)))
			continue;
		if (!(c.key.flags & DP_DNSKEY_ZONE) || c.key.protocol != 3) {
			reason = DANEPRIV_REASON_NO_ZONE_KEY;
			continue;
		}
		danepriv_reason why = DANEPRIV_REASON_SIGNATURE_MISSING;
		if (key_signs_set(v, first, &c, &tried, &proven, &why))
			return proven;
		if (reason == DANEPRIV_REASON_DNSKEY_MISSING ||
		    reason == DANEPRIV_REASON_SIGNATURE_MISSING)
			reason = why;
	}
	return dp_proven_not(DANEPRIV_SECURITY_BOGUS, reason, v->now);
}

/* What to say of an RRset that is not in the evidence. */
static dp_proven
missing(dp_validator *v, dp_name name, uint16_t type, danepriv_reason otherwise)
{
	danepriv_reason reason;

	switch (dp_look_ask(v, name, type, &reason)) {
	case DP_QUESTION_NEW:
	case DP_QUESTION_OUT:
		return dp_proven_not(DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
	case DP_QUESTION_FAILED:
		return dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, reason, v->now);
	case DP_QUESTION_ANSWERED:
		break;
	}
	return dp_proven_not(DANEPRIV_SECURITY_BOGUS, otherwise, v->now);
}

/* A failure is only one when nothing better can still be answered. */
static dp_proven
unless_asked(dp_validator *v, dp_name name, uint16_t type, dp_proven failure)
{
	dp_proven asked = missing(v, name, type, failure.reason);

	return asked.security == DANEPRIV_SECURITY_UNKNOWN ? asked : failure;
}

/* What it means that the zone has no key at all.  Who trusts a key of a private zone has a resolver
 * in mind that asks the zone's servers; a stock one does not. */
static danepriv_reason
reason_for_none(const trust *t)
{
	return t->by_anchor && dp_served_locally(t->zone) ? DANEPRIV_REASON_SERVED_LOCALLY
							  : DANEPRIV_REASON_DNSKEY_MISSING;
}

static dp_proven
check_keys(dp_validator *v, dp_zone *zone, const trust *t)
{
	const dp_evidence *e = &v->evidence;
	size_t first = dp_look_find(v, t->zone, DP_TYPE_DNSKEY, 0);

	if (first == e->count)
		return missing(v, t->zone, DP_TYPE_DNSKEY, reason_for_none(t));
	dp_proven best =
	    dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DNSKEY_MISSING, v->now);
	for (; first < e->count && !dp_budget_stopped(&v->budget);
	     first = dp_look_find(v, t->zone, DP_TYPE_DNSKEY, first + 1)) {
		best = check_key_set(v, t, first);
		zone->keys = (uint16_t)first;
		if (best.security == DANEPRIV_SECURITY_SECURE)
			return best;
	}
	return unless_asked(v, t->zone, DP_TYPE_DNSKEY, best);
}

/* Which DS of the set can be used?  NONE, or why none can (RFC 6840 section 5.2). */
static danepriv_reason
choose_ds(const dp_validator *v, size_t first, bool *has_strong)
{
	const dp_evidence *e = &v->evidence;
	danepriv_reason reason = DANEPRIV_REASON_ALGORITHM_UNSUPPORTED;
	bool usable = false, malformed = false;
	dp_ds ds;

	*has_strong = false;
	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i)) {
		if (dp_ds_parse(e->items[i].rr.rdata, &ds) != DANEPRIV_OK) {
			malformed = true;
			continue;
		}
		if (!dp_algorithms_have(v->ctx->algorithms, ds.algorithm))
			continue;
		reason = DANEPRIV_REASON_DIGEST_UNSUPPORTED;
		bool is_supported = ds_is_supported(v->ctx, &ds);
		usable = usable || is_supported;
		*has_strong = *has_strong || (is_supported && ds.digest_type != 1);
	}
	if (usable)
		return DANEPRIV_REASON_NONE;
	return malformed ? DANEPRIV_REASON_MALFORMED : reason;
}

void
dp_zone_ask_path(dp_validator *v, dp_name name)
{
	dp_name anchor = dp_anchors_closest(&v->ctx->anchors, name);

	if (anchor.len == 0 || dp_anchors_negate(&v->ctx->anchors, name))
		return;
	/* Zones seldom begin at a label like _tcp: asked for only when a signature says so. */
	while (dp_name_below(name, anchor) && name.octets[1] == '_')
		name = dp_name_parent(name);
	for (; dp_name_below(name, anchor); name = dp_name_parent(name)) {
		/* What leads down to this one was asked for at the same time. */
		if (dp_look_ask(v, name, DP_TYPE_DS, NULL) != DP_QUESTION_NEW)
			return;
		(void)dp_look_ask(v, name, DP_TYPE_DNSKEY, NULL);
	}
	(void)dp_look_ask(v, anchor, DP_TYPE_DNSKEY, NULL);
}

/* No DS was proven at `name`: is its absence? */
static dp_proven
check_ds_absence(dp_validator *v, dp_name name)
{
	dp_denial denial = dp_denial_find(v, name, DP_TYPE_DS);

	if (denial.proven.security != DANEPRIV_SECURITY_DENIED)
		return denial.proven;
	if (!denial.delegation) /* no zone begins here, whatever an RRSIG says */
		return dp_proven_not(
		    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DNSKEY_MISSING, v->now);
	denial.proven.security = DANEPRIV_SECURITY_INSECURE;
	denial.proven.reason = DANEPRIV_REASON_DELEGATION_UNSIGNED;
	return denial.proven;
}

/* The DS RRset of a zone: SECURE, with its first item in *ds; INSECURE; or a failure. */
static dp_proven
find_ds(dp_validator *v, dp_name name, size_t *ds)
{
	const dp_evidence *e = &v->evidence;
	dp_proven best =
	    dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);

	for (*ds = dp_look_find(v, name, DP_TYPE_DS, 0);
	     *ds < e->count && !dp_budget_stopped(&v->budget);
	     *ds = dp_look_find(v, name, DP_TYPE_DS, *ds + 1)) {
		dp_proven proven = dp_rrsig_check(v, *ds).proven;
		if (proven.security == DANEPRIV_SECURITY_SECURE ||
		    proven.security == DANEPRIV_SECURITY_INSECURE)
			return proven;
		best = dp_proven_worse(best, proven);
	}
	if (best.security != DANEPRIV_SECURITY_UNKNOWN)
		best = dp_proven_worse(best, check_ds_absence(v, name));
	if (best.security != DANEPRIV_SECURITY_BOGUS)
		return best;
	best = best.reason == DANEPRIV_REASON_DENIAL_MISSING
		   ? missing(v, name, DP_TYPE_DS, best.reason)
		   : unless_asked(v, name, DP_TYPE_DS, best);
	if (best.security == DANEPRIV_SECURITY_UNKNOWN)
		dp_zone_ask_path(v, name);
	return best;
}

static dp_proven
local(dp_validator *v, danepriv_security security, danepriv_reason reason)
{
	dp_proven proven = dp_proven_not(security, reason, v->now);

	/* What the caller decided does not run out by itself. */
	if (v->now <= INT64_MAX - DP_DENIAL_SECONDS_MAX)
		proven.valid_until = proven.expiry = v->now + DP_DENIAL_SECONDS_MAX;
	return proven;
}

/* Can anything be verified by the anchors of this name?  The RFCs have a rule for DS alone (RFC
 * 4035 section 5.2); an anchor of an algorithm that was switched off is treated as those are. */
static bool
anchor_is_supported(const danepriv *ctx, dp_name name)
{
	dp_dnskey key;
	dp_ds ds;

	for (size_t i = 0; i < ctx->anchors.count; i++) {
		const dp_anchor *a = &ctx->anchors.list[i];
		if (!dp_name_equal(dp_name_of(&a->owner), name))
			continue;
		if (a->type == DP_TYPE_DS && dp_ds_parse(a->rdata, &ds) == DANEPRIV_OK &&
		    ds_is_supported(ctx, &ds))
			return true;
		if (a->type == DP_TYPE_DNSKEY && dp_dnskey_parse(a->rdata, &key) == DANEPRIV_OK &&
		    dp_algorithms_have(ctx->algorithms, key.algorithm))
			return true;
	}
	return false;
}

/* The zone's keys, by what vouches for them. */
static dp_proven
check_trusted(dp_validator *v, dp_zone *zone, const trust *t)
{
	return dp_proven_at(check_keys(v, zone, t), DP_PLACE_KEYS, (size_t)(zone - v->zones));
}

/* Why a DS RRset that was proven is of no use. */
static dp_proven
not_usable(const dp_validator *v, dp_proven ds, danepriv_reason why)
{
	/* Garbage is no algorithm that we do not know. */
	if (why == DANEPRIV_REASON_MALFORMED)
		return dp_proven_not(DANEPRIV_SECURITY_BOGUS, why, v->now);
	ds.security = DANEPRIV_SECURITY_INSECURE;
	ds.reason = why;
	return ds;
}

static dp_proven
check_zone(dp_validator *v, dp_zone *zone)
{
	const dp_anchors *anchors = &v->ctx->anchors;
	trust t = { .zone = zone->name };
	dp_name anchor = dp_anchors_closest(anchors, t.zone);

	if (dp_anchors_negate(anchors, t.zone))
		return local(v, DANEPRIV_SECURITY_INSECURE, DANEPRIV_REASON_NEGATIVE_ANCHOR);
	if (anchor.len == 0)
		return dp_proven_not(
		    DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_NO_ANCHOR, v->now);
	t.by_anchor = dp_name_equal(anchor, t.zone);
	if (t.by_anchor && !anchor_is_supported(v->ctx, t.zone))
		return local(v, DANEPRIV_SECURITY_INSECURE, DANEPRIV_REASON_ALGORITHM_UNSUPPORTED);
	if (t.by_anchor)
		return check_trusted(v, zone, &t);
	dp_proven ds = find_ds(v, t.zone, &t.ds);
	if (ds.security == DANEPRIV_SECURITY_SECURE) {
		danepriv_reason why = choose_ds(v, t.ds, &t.has_strong);
		if (why != DANEPRIV_REASON_NONE)
			ds = not_usable(v, ds, why);
	}
	if (ds.security != DANEPRIV_SECURITY_SECURE)
		return dp_proven_at(ds, DP_PLACE_DS, (size_t)(zone - v->zones));
	dp_proven keys = check_trusted(v, zone, &t);
	if (keys.security == DANEPRIV_SECURITY_SECURE)
		dp_proven_limit(&keys, ds);
	return keys;
}

/* The zone's entry, made when it is new; NULL when there are too many. */
static dp_zone *
zone_entry(dp_validator *v, dp_name name)
{
	for (size_t i = 0; i < v->zone_count; i++)
		if (dp_name_equal(v->zones[i].name, name))
			return &v->zones[i];
	if (v->zone_count == DP_ZONES_MAX) {
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_WORK);
		return NULL;
	}
	dp_zone *zone = &v->zones[v->zone_count++];
	memset(zone, 0, sizeof *zone);
	zone->name = name;
	return zone;
}

const dp_zone *
dp_zone_check(dp_validator *v, dp_name name)
{
	dp_zone *zone = zone_entry(v, name);

	if (!zone || zone->round == DP_ROUND_ALL || zone->round == dp_round_now(v))
		return zone;
	/* What would prove itself proves nothing; but it may be proven by something else yet. */
	if (zone->depth > 0) {
		v->without = zone->depth < v->without ? zone->depth : v->without;
		return NULL;
	}
	unsigned before = v->without;
	v->without = UINT_MAX;
	zone->depth = ++v->depth;
	zone->proven = check_zone(v, zone);
	dp_place_note_end(v, DP_PLACE_KEYS, (size_t)(zone - v->zones));
	zone->round = dp_round_remember(v, zone->proven.security, v->without, zone->depth);
	/* Whoever asked has to do without those that are less deep. */
	if (v->without >= zone->depth)
		v->without = UINT_MAX;
	v->without = before < v->without ? before : v->without;
	v->depth--;
	zone->depth = 0;
	return zone;
}

bool
dp_zone_is_waiting(dp_validator *v, dp_name name)
{
	dp_name anchor = dp_anchors_closest(&v->ctx->anchors, name);

	return dp_look_is_asked(v, name, DP_TYPE_DNSKEY) || dp_look_is_asked(v, name, DP_TYPE_DS) ||
	       (anchor.len > 0 && dp_look_is_asked(v, anchor, DP_TYPE_DNSKEY));
}

/* Does signing end at `name`?  INSECURE if so; SECURE: not as far as can be seen; or a failure.
 * *gone: the name does not exist, and so nothing below it. */
static dp_proven
check_cut(dp_validator *v, dp_name name, bool *gone)
{
	dp_proven fine = local(v, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE);

	*gone = false;
	size_t ds = dp_look_find(v, name, DP_TYPE_DS, 0);
	if (ds < v->evidence.count) {
		const dp_zone *zone = dp_zone_check(v, v->evidence.items[ds].rr.owner);
		return zone ? zone->proven : fine;
	}
	dp_denial denial = dp_denial_find(v, name, DP_TYPE_DS);
	if (denial.proven.security == DANEPRIV_SECURITY_DENIED) {
		*gone = denial.proven.reason == DANEPRIV_REASON_NO_NAME;
		if (!denial.delegation)
			return fine;
		denial.proven.security = DANEPRIV_SECURITY_INSECURE;
		denial.proven.reason = DANEPRIV_REASON_DELEGATION_UNSIGNED;
		return denial.proven;
	}
	if (denial.proven.security != DANEPRIV_SECURITY_BOGUS)
		return denial.proven;
	dp_proven asked = missing(v, name, DP_TYPE_DS, DANEPRIV_REASON_DENIAL_MISSING);
	/* Answered, without a DS or a proof: nothing was proven about this name. */
	return asked.security == DANEPRIV_SECURITY_BOGUS ? fine : asked;
}

dp_proven
dp_zone_insecure_above(dp_validator *v, dp_name name)
{
	dp_name anchor = dp_anchors_closest(&v->ctx->anchors, name);
	dp_proven result = local(v, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE);
	bool gone = false;

	if (dp_anchors_negate(&v->ctx->anchors, name))
		return local(v, DANEPRIV_SECURITY_INSECURE, DANEPRIV_REASON_NEGATIVE_ANCHOR);
	if (anchor.len == 0)
		return dp_proven_not(
		    DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_NO_ANCHOR, v->now);
	const dp_zone *top = dp_zone_check(v, anchor);
	if (!top || top->proven.security != DANEPRIV_SECURITY_SECURE)
		return top ? top->proven : result;
	unsigned last = dp_name_labels(name);
	for (unsigned n = dp_name_labels(anchor) + 1;
	     n <= last && !gone && !dp_budget_stopped(&v->budget); n++) {
		dp_proven step =
		    dp_proven_at(check_cut(v, dp_name_tail(name, n), &gone), DP_PLACE_CUT, n);
		/* Below what is unknown there is nothing to be said yet. */
		if (step.security == DANEPRIV_SECURITY_INSECURE ||
		    step.security == DANEPRIV_SECURITY_BOGUS ||
		    step.security == DANEPRIV_SECURITY_UNKNOWN)
			return step;
		if (step.security != DANEPRIV_SECURITY_SECURE)
			result = result.security == DANEPRIV_SECURITY_SECURE
				     ? step
				     : dp_proven_worse(result, step);
	}
	return result;
}
