/* SPDX-License-Identifier: BSD-2-Clause
 * Does an NSEC3 prove that there is nothing?  (RFC 5155 section 8, RFC 6840 section 4, RFC 9276) */
#include "dnssec/validator.h"

#include "base/alloc.h"
#include "base/span.h"
#include "crypto/digest.h"

#include <string.h>

#define HASH_OCTETS 20 /* SHA-1, the only algorithm there is */
#define HASH_LETTERS 32
/* To read an NSEC3 costs as much as to compare so many octets of names. */
#define NSEC3_OCTETS 24

/* Those of honest zones are no longer than this. */
#define HONEST_OCTETS 48

/* An NSEC3 of the evidence: the first of its RRset, well-formed, of algorithm 1. */
typedef struct nsec3_at {
	size_t item;
	dp_name zone;
	uint8_t hash[HASH_OCTETS]; /* out of the owner's name */
	dp_nsec3 nsec3;
} nsec3_at;

/* What all records of one proof share (RFC 5155 section 8.2). */
typedef struct chain {
	dp_name zone;
	uint16_t iterations;
	danepriv_span salt;
} chain;

/* Iterations from which on it pays to keep what they led to. */
#define ITERATIONS_TO_KEEP 2

/* A name that was hashed with so many iterations.  The salt is part of what `first` was made of. */
struct dp_hashed {
	struct dp_hashed *next;
	uint16_t iterations;
	uint8_t first[HASH_OCTETS], last[HASH_OCTETS];
};

/* Those that were tried already. */
typedef struct chains {
	chain list[DP_NSEC3_CHAINS_MAX];
	size_t count;
} chains;

/* Hashes are as good as random: what branches on their letters goes the wrong way half the time. */
static int
base32hex_value(uint8_t c)
{
	unsigned digit = c - (unsigned)'0', letter = (c | 0x20u) - 'a';
	int value = letter < 22 ? (int)letter + 10 : -1;

	return digit < 10 ? (int)digit : value;
}

/* The hash in the owner's first label; 32 letters hold exactly 160 bits. */
static bool
read_hash(dp_name owner, uint8_t *hash)
{
	uint32_t held = 0;
	unsigned have = 0;

	if (owner.octets[0] != HASH_LETTERS)
		return false;
	for (unsigned i = 0; i < HASH_LETTERS; i++) {
		int value = base32hex_value(owner.octets[1 + i]);
		if (value < 0)
			return false;
		held = held << 5 | (uint32_t)value;
		have += 5;
		if (have >= 8) {
			have -= 8;
			*hash++ = (uint8_t)(held >> have);
		}
	}
	return true;
}

/* What it costs to read this one, in octets of names that are compared. */
static size_t
price_of(danepriv_span rdata)
{
	return NSEC3_OCTETS + (rdata.len > HONEST_OCTETS ? 3 * (rdata.len - HONEST_OCTETS) / 2 : 0);
}

static bool
read_nsec3(dp_validator *v, size_t item, nsec3_at *out)
{
	const dp_evidence *e = &v->evidence;
	const dp_rr *rr = &e->items[item].rr;

	if (rr->type != DP_TYPE_NSEC3 || !dp_evidence_is_single(e, item) ||
	    !dp_look(v, price_of(rr->rdata)))
		return false;
	out->item = item;
	out->zone = dp_name_parent(rr->owner);
	/* Unknown algorithms and flags are as if not there (RFC 5155 sections 8.1, 8.2). */
	return dp_nsec3_parse(rr->rdata, &out->nsec3) == DANEPRIV_OK && out->nsec3.algorithm == 1 &&
	       out->nsec3.flags <= DP_NSEC3_OPT_OUT && out->nsec3.next.len == HASH_OCTETS &&
	       read_hash(rr->owner, out->hash);
}

static chain
chain_of(const nsec3_at *n)
{
	chain c = { n->zone, n->nsec3.iterations, n->nsec3.salt };

	return c;
}

static bool
in_chain(const nsec3_at *n, const chain *c)
{
	return n->nsec3.iterations == c->iterations && dp_span_equal(n->nsec3.salt, c->salt) &&
	       dp_name_equal(n->zone, c->zone);
}

/* What the name of this first digest was hashed to before. */
static const struct dp_hashed *
find_hashed(const dp_validator *v, const chain *c, const uint8_t *first)
{
	for (const struct dp_hashed *h = v->hashed; h; h = h->next)
		if (h->iterations == c->iterations && memcmp(h->first, first, HASH_OCTETS) == 0)
			return h;
	return NULL;
}

/* Each iteration goes over blocks of 64 octets, 9 of which are SHA-1's own. */
static bool
charge_iterations(dp_validator *v, const chain *c)
{
	uint64_t blocks = 1 + (HASH_OCTETS + c->salt.len + 8) / 64;

	return dp_charge(v, c->iterations * blocks);
}

/* IH(name) from H(name) (RFC 5155 section 5), in `digest`. */
static bool
iterate(const chain *c, uint8_t digest[DP_DIGEST_OCTETS_MAX])
{
	uint8_t before[HASH_OCTETS];

	for (unsigned i = 0; i < c->iterations; i++) {
		memcpy(before, digest, HASH_OCTETS);
		if (!dp_digest(
			DP_DIGEST_SHA1, (danepriv_span){ before, HASH_OCTETS }, c->salt, digest))
			return false;
	}
	return true;
}

/* Takes note of what a name was hashed to. */
static bool
keep_hashed(dp_validator *v, const chain *c, const uint8_t *first, const uint8_t *last)
{
	if (v->hashes == DP_NSEC3_HASHES_MAX) {
		dp_limit(v, DANEPRIV_REASON_LIMIT_HASHES);
		return false;
	}
	struct dp_hashed *h = dp_alloc(1, sizeof *h);
	if (!h) {
		v->status = DANEPRIV_ENOMEM;
		return false;
	}
	h->next = v->hashed;
	h->iterations = c->iterations;
	memcpy(h->first, first, HASH_OCTETS);
	memcpy(h->last, last, HASH_OCTETS);
	v->hashed = h;
	v->hashes++;
	return true;
}

/* From H(name) to IH(name), in place; kept, if that is worth it. */
static bool
hash_again(dp_validator *v, const chain *c, uint8_t digest[DP_DIGEST_OCTETS_MAX])
{
	const struct dp_hashed *known = NULL;
	uint8_t first[HASH_OCTETS];

	memcpy(first, digest, HASH_OCTETS);
	if (c->iterations >= ITERATIONS_TO_KEEP)
		known = find_hashed(v, c, first);
	if (known)
		memcpy(digest, known->last, HASH_OCTETS);
	else if (!charge_iterations(v, c) || !iterate(c, digest))
		return false;
	return known || c->iterations < ITERATIONS_TO_KEEP || keep_hashed(v, c, first, digest);
}

void
dp_nsec3_free(dp_validator *v)
{
	for (struct dp_hashed *h = v->hashed; h;) {
		struct dp_hashed *next = h->next;
		dp_free(h);
		h = next;
	}
	v->hashed = NULL;
}

/* IH(name).  False when the work is more than we do. */
static bool
hash_name(dp_validator *v, const chain *c, dp_name name, uint8_t *out)
{
	uint8_t octets[DP_NAME_OCTETS_MAX], digest[DP_DIGEST_OCTETS_MAX];
	dp_buffer lowered = dp_buffer_over(octets, sizeof octets);

	if (c->iterations > DP_NSEC3_ITERATIONS_MAX ||
	    !dp_charge(v,
		2 + (name.len + c->salt.len) / DP_OCTETS_PER_WORK + v->hashes / DP_ITEMS_PER_WORK))
		return false;
	dp_name_write(&lowered, name, true);
	if (!dp_digest(DP_DIGEST_SHA1, dp_buffer_span(&lowered), c->salt, digest))
		return false;
	if (!hash_again(v, c, digest))
		return false;
	memcpy(out, digest, HASH_OCTETS);
	return true;
}

/* Strictly between owner hash and next hash, around the end of the circle. */
static bool
hash_covered(const nsec3_at *n, const uint8_t *hash)
{
	int after_owner = memcmp(hash, n->hash, HASH_OCTETS);
	int before_next = memcmp(hash, n->nsec3.next.data, HASH_OCTETS);

	if (memcmp(n->hash, n->nsec3.next.data, HASH_OCTETS) < 0)
		return after_owner > 0 && before_next < 0;
	return after_owner != 0 && (after_owner > 0 || before_next < 0);
}

/* Finds the NSEC3 of a chain that matches a hash, or covers it: the first that is signed, so that a
 * forged one does not hide it; else the first. */
static bool
find(dp_validator *v, const chain *c, const uint8_t *hash, bool match, nsec3_at *out)
{
	bool found = false;
	nsec3_at n;

	for (size_t i = 0; i < v->evidence.count && !dp_stopped(v); i++) {
		if (!read_nsec3(v, i, &n) || !in_chain(&n, c) ||
		    !(match ? memcmp(n.hash, hash, HASH_OCTETS) == 0 : hash_covered(&n, hash)))
			continue;
		bool is_signed = dp_check(v, i).proven.proof == DANEPRIV_PROOF_SECURE;
		if (is_signed || !found)
			*out = n;
		found = true;
		if (is_signed)
			break;
	}
	return found;
}

size_t
dp_nsec3_match(dp_validator *v, dp_name zone, dp_name name, dp_nsec3 *out)
{
	const dp_evidence *e = &v->evidence;
	uint8_t hash[HASH_OCTETS];
	nsec3_at n;

	for (size_t i = 0; i < e->count && !dp_stopped(v); i++) {
		if (!read_nsec3(v, i, &n) || !dp_name_equal(n.zone, zone))
			continue;
		chain c = chain_of(&n);
		if (hash_name(v, &c, name, hash) && find(v, &c, hash, true, &n)) {
			*out = n.nsec3;
			return n.item;
		}
		break; /* one zone, one chain */
	}
	return e->count;
}

static dp_proven
nothing(const dp_validator *v)
{
	return dp_proven_not(DANEPRIV_PROOF_BOGUS, DANEPRIV_REASON_DENIAL_MISSING, v->now);
}

/* Is the NSEC3 signed by the zone that its name lies in? */
static dp_proven
check_nsec3(dp_validator *v, const nsec3_at *n)
{
	dp_checked c = dp_check(v, n->item);

	if (c.proven.proof == DANEPRIV_PROOF_SECURE && !dp_name_equal(c.signer, n->zone))
		return nothing(v);
	return c.proven;
}

static dp_proven
turned(dp_proven proven, danepriv_proof proof, danepriv_reason reason)
{
	if (proven.proof == DANEPRIV_PROOF_SECURE) {
		proven.proof = proof;
		proven.reason = reason;
	}
	return proven;
}

static bool
is_delegation(const nsec3_at *n)
{
	return dp_types_have(n->nsec3.types, DP_TYPE_NS) &&
	       !dp_types_have(n->nsec3.types, DP_TYPE_SOA);
}

/* Does this NSEC3 say that `type` is not at the name it matches?  (RFC 5155 8.5, 8.6) */
static bool
lacks(const nsec3_at *n, uint16_t type)
{
	if (dp_types_have(n->nsec3.types, type) || dp_types_have(n->nsec3.types, DP_TYPE_CNAME))
		return false;
	if (type == DP_TYPE_DS)
		return !dp_types_have(n->nsec3.types, DP_TYPE_SOA);
	return !is_delegation(n);
}

/* Opt-out covers may hide an unsigned delegation (RFC 5155 sections 6 and 9.2). */
static dp_proven
covered(dp_proven proven, const nsec3_at *cover)
{
	if (cover->nsec3.flags & DP_NSEC3_OPT_OUT)
		return turned(proven, DANEPRIV_PROOF_INSECURE, DANEPRIV_REASON_OPT_OUT);
	return proven;
}

/* The NSEC3 that covers the name one label longer than `encloser` on the way to `name`. */
static dp_proven
check_next_closer(dp_validator *v, const chain *c, dp_name name, unsigned encloser_labels)
{
	uint8_t hash[HASH_OCTETS];
	nsec3_at cover;

	if (!hash_name(v, c, dp_name_tail(name, encloser_labels + 1), hash) ||
	    !find(v, c, hash, false, &cover))
		return nothing(v);
	return covered(check_nsec3(v, &cover), &cover);
}

/* The wildcard of the closest encloser: not there (8.4), or without the type (8.7). */
static dp_proven
check_wildcard(dp_validator *v, const chain *c, dp_name encloser, uint16_t type)
{
	uint8_t hash[HASH_OCTETS];
	dp_name_store store;
	nsec3_at n;

	if (dp_name_wildcard(encloser, &store) != DANEPRIV_OK ||
	    !hash_name(v, c, dp_name_of(&store), hash))
		return nothing(v);
	if (find(v, c, hash, true, &n))
		return lacks(&n, type) ? turned(check_nsec3(v, &n), DANEPRIV_PROOF_DENIED,
					     DANEPRIV_REASON_NO_DATA)
				       : nothing(v);
	if (!find(v, c, hash, false, &n))
		return nothing(v);
	return turned(
	    covered(check_nsec3(v, &n), &n), DANEPRIV_PROOF_DENIED, DANEPRIV_REASON_NO_NAME);
}

/* Closest-encloser proof and what follows from it (RFC 5155 sections 8.3 to 8.7). */
static dp_proven
deny_below(dp_validator *v, const chain *c, const nsec3_at *encloser, dp_name name, unsigned labels,
    uint16_t type)
{
	/* What was delegated or redirected away is not this zone's to deny (section 8.3). */
	if (is_delegation(encloser) || dp_types_have(encloser->nsec3.types, DP_TYPE_DNAME))
		return nothing(v);
	dp_proven p = check_nsec3(v, encloser);
	if (p.proof != DANEPRIV_PROOF_SECURE)
		return p;
	dp_proven closer = check_next_closer(v, c, name, labels);
	dp_proven_limit(&closer, p);
	if (closer.proof != DANEPRIV_PROOF_SECURE)
		return closer;
	dp_proven wildcard = check_wildcard(v, c, dp_name_tail(name, labels), type);
	dp_proven_limit(&wildcard, closer);
	return wildcard;
}

/* All that one chain proves about `name`. */
static dp_denial
deny_by_chain(dp_validator *v, const chain *c, dp_name name, uint16_t type)
{
	dp_denial d = { nothing(v), false };
	unsigned labels = dp_name_labels(name), top = dp_name_labels(c->zone);
	uint8_t hash[HASH_OCTETS];
	nsec3_at n;

	for (unsigned at = labels; at >= top; at--) {
		if (!hash_name(v, c, dp_name_tail(name, at), hash))
			return d;
		if (find(v, c, hash, true, &n)) {
			if (at < labels) {
				d.proven = deny_below(v, c, &n, name, at, type);
			} else if (lacks(&n, type)) {
				d.delegation = is_delegation(&n);
				/* RFC 9824 section 3.1 */
				d.proven = turned(check_nsec3(v, &n), DANEPRIV_PROOF_DENIED,
				    dp_types_deny_name(n.nsec3.types) ? DANEPRIV_REASON_NO_NAME
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
 * section 3.2). */
static dp_proven
too_many_iterations(dp_validator *v, const nsec3_at *n)
{
	return turned(check_nsec3(v, n), DANEPRIV_PROOF_INSECURE, DANEPRIV_REASON_NSEC3_ITERATIONS);
}

/* Is this the first NSEC3 of its chain, so that each chain is tried once? */
static bool
leads_chain(dp_validator *v, const nsec3_at *n, chains *tried)
{
	for (size_t i = 0; i < tried->count; i++)
		if (in_chain(n, &tried->list[i]))
			return false;
	if (tried->count == DP_NSEC3_CHAINS_MAX) {
		dp_limit(v, DANEPRIV_REASON_LIMIT_HASHES);
		return false;
	}
	tried->list[tried->count++] = chain_of(n);
	return true;
}

dp_denial
dp_nsec3_deny(dp_validator *v, dp_name name, uint16_t type)
{
	const dp_evidence *e = &v->evidence;
	dp_denial best = { nothing(v), false };
	chains tried = { .count = 0 };
	nsec3_at n;

	for (size_t i = 0; i < e->count && !dp_stopped(v); i++) {
		if (!read_nsec3(v, i, &n))
			continue;
		if (type == DP_TYPE_DS ? !dp_name_below(name, n.zone)
				       : !dp_name_within(name, n.zone))
			continue;
		if (!leads_chain(v, &n, &tried))
			continue;
		chain c = chain_of(&n);
		dp_denial d = { nothing(v), false };
		if (dp_zone_is_waiting(v, n.zone))
			d.proven =
			    dp_proven_not(DANEPRIV_PROOF_UNKNOWN, DANEPRIV_REASON_NONE, v->now);
		else if (c.iterations > DP_NSEC3_ITERATIONS_MAX)
			d.proven = too_many_iterations(v, &n);
		else
			d = deny_by_chain(v, &c, name, type);
		if (d.proven.proof == DANEPRIV_PROOF_DENIED ||
		    d.proven.proof == DANEPRIV_PROOF_INSECURE) {
			dp_proven may = dp_may_deny(v, n.zone, name, type);
			if (may.proof == DANEPRIV_PROOF_SECURE)
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
	nsec3_at n;

	for (size_t i = 0; i < e->count && !dp_stopped(v); i++) {
		if (!read_nsec3(v, i, &n) || !dp_name_equal(n.zone, zone) ||
		    !leads_chain(v, &n, &tried))
			continue;
		chain c = chain_of(&n);
		dp_proven p = c.iterations > DP_NSEC3_ITERATIONS_MAX
				  ? too_many_iterations(v, &n)
				  : check_next_closer(v, &c, name, labels);
		if (p.proof == DANEPRIV_PROOF_SECURE || p.proof == DANEPRIV_PROOF_INSECURE)
			return p;
		best = dp_proven_worse(best, p);
	}
	return best;
}
