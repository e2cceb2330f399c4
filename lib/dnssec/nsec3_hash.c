/* SPDX-License-Identifier: BSD-2-Clause
 * Which NSEC3 is this, and what is a name's hash in its chain?  (RFC 5155 section 5) */
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/nsec3.h"
#include "dnssec/validator.h"

#include "base/alloc.h"
#include "base/span.h"
#include "crypto/digest.h"

#include <danepriv/records.h>
#include <string.h>

#define HASH_LETTERS 32
/* To read an NSEC3 costs as much as to compare so many octets of names. */
#define NSEC3_OCTETS 24

/* Those of honest zones are no longer than this. */
#define HONEST_OCTETS 48

/* Iterations from which on it pays to keep what they led to. */
#define ITERATIONS_TO_KEEP 2

/* A name that was hashed with so many iterations.  The salt is part of what `first` was made of. */
struct dp_hashed {
	struct dp_hashed *next;
	uint16_t iterations;
	uint8_t first[DP_NSEC3_HASH_OCTETS], last[DP_NSEC3_HASH_OCTETS];
};

/* Those that were tried already. */
typedef struct chains {
	dp_nsec3_chain list[DP_NSEC3_CHAINS_MAX];
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

bool
dp_nsec3_read_item(dp_validator *v, size_t item, dp_nsec3_at *out)
{
	const dp_evidence *e = &v->evidence;
	const dp_rr *rr = &e->items[item].rr;

	if (rr->type != DP_TYPE_NSEC3 || !dp_evidence_is_single(e, item) ||
	    !dp_budget_look(&v->budget, price_of(rr->rdata)))
		return false;
	out->item = item;
	out->zone = dp_name_parent(rr->owner);
	/* Unknown algorithms and flags are as if not there (RFC 5155 sections 8.1, 8.2). */
	return dp_nsec3_parse(rr->rdata, &out->nsec3) == DANEPRIV_OK && out->nsec3.algorithm == 1 &&
	       out->nsec3.flags <= DP_NSEC3_OPT_OUT &&
	       out->nsec3.next.len == DP_NSEC3_HASH_OCTETS && read_hash(rr->owner, out->hash);
}

dp_nsec3_chain
dp_nsec3_chain_of(const dp_nsec3_at *n)
{
	dp_nsec3_chain c = { n->zone, n->nsec3.iterations, n->nsec3.salt };

	return c;
}

bool
dp_nsec3_in_chain(const dp_nsec3_at *n, const dp_nsec3_chain *c)
{
	return n->nsec3.iterations == c->iterations && dp_span_equal(n->nsec3.salt, c->salt) &&
	       dp_name_equal(n->zone, c->zone);
}

bool
dp_nsec3_is_delegation(const dp_nsec3_at *n)
{
	return dp_rr_types_have(n->nsec3.types, DP_TYPE_NS) &&
	       !dp_rr_types_have(n->nsec3.types, DP_TYPE_SOA);
}

/* What the name of this first digest was hashed to before. */
static const struct dp_hashed *
find_hashed(const dp_validator *v, const dp_nsec3_chain *c, const uint8_t *first)
{
	for (const struct dp_hashed *h = v->hashed; h; h = h->next)
		if (h->iterations == c->iterations &&
		    memcmp(h->first, first, DP_NSEC3_HASH_OCTETS) == 0)
			return h;
	return NULL;
}

/* Each iteration goes over blocks of 64 octets, 9 of which are SHA-1's own. */
static bool
charge_iterations(dp_validator *v, const dp_nsec3_chain *c)
{
	uint64_t blocks = 1 + (DP_NSEC3_HASH_OCTETS + c->salt.len + 8) / 64;

	return dp_budget_charge(&v->budget, c->iterations * blocks);
}

/* IH(name) from H(name) (RFC 5155 section 5), in `digest`. */
static bool
iterate(const dp_nsec3_chain *c, uint8_t digest[DP_DIGEST_OCTETS_MAX])
{
	uint8_t before[DP_NSEC3_HASH_OCTETS];

	for (unsigned i = 0; i < c->iterations; i++) {
		memcpy(before, digest, DP_NSEC3_HASH_OCTETS);
		if (!dp_digest(DP_DIGEST_SHA1, (danepriv_span){ before, DP_NSEC3_HASH_OCTETS },
			c->salt, digest))
			return false;
	}
	return true;
}

/* Takes note of what a name was hashed to. */
static bool
keep_hashed(dp_validator *v, const dp_nsec3_chain *c, const uint8_t *first, const uint8_t *last)
{
	if (v->hashes == DP_NSEC3_HASHES_MAX) {
		dp_budget_limit(&v->budget, DANEPRIV_REASON_LIMIT_HASHES);
		return false;
	}
	struct dp_hashed *h = dp_alloc(1, sizeof *h);
	if (!h) {
		v->budget.status = DANEPRIV_ENOMEM;
		return false;
	}
	h->next = v->hashed;
	h->iterations = c->iterations;
	memcpy(h->first, first, DP_NSEC3_HASH_OCTETS);
	memcpy(h->last, last, DP_NSEC3_HASH_OCTETS);
	v->hashed = h;
	v->hashes++;
	return true;
}

/* From H(name) to IH(name), in place; kept, if that is worth it. */
static bool
hash_again(dp_validator *v, const dp_nsec3_chain *c, uint8_t digest[DP_DIGEST_OCTETS_MAX])
{
	const struct dp_hashed *known = NULL;
	uint8_t first[DP_NSEC3_HASH_OCTETS];

	memcpy(first, digest, DP_NSEC3_HASH_OCTETS);
	if (c->iterations >= ITERATIONS_TO_KEEP)
		known = find_hashed(v, c, first);
	if (known)
		memcpy(digest, known->last, DP_NSEC3_HASH_OCTETS);
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

bool
dp_nsec3_hash(dp_validator *v, const dp_nsec3_chain *c, dp_name name, uint8_t *out)
{
	uint8_t octets[DP_NAME_OCTETS_MAX], digest[DP_DIGEST_OCTETS_MAX];
	dp_buffer lowered = dp_buffer_over(octets, sizeof octets);

	if (c->iterations > DP_NSEC3_ITERATIONS_MAX ||
	    !dp_budget_charge(&v->budget,
		2 + (name.len + c->salt.len) / DP_OCTETS_PER_WORK + v->hashes / DP_ITEMS_PER_WORK))
		return false;
	dp_name_write(&lowered, name, true);
	if (!dp_digest(DP_DIGEST_SHA1, dp_buffer_span(&lowered), c->salt, digest))
		return false;
	if (!hash_again(v, c, digest))
		return false;
	memcpy(out, digest, DP_NSEC3_HASH_OCTETS);
	return true;
}
