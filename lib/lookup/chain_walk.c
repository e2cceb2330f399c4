/* SPDX-License-Identifier: BSD-2-Clause
 * Which records are in a chain, and which of them are proven?  For people who look at one: what it
 * proves of its server is for prove_chain.c to say. */
#include "base/alloc.h"
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/chain.h"
#include "dnssec/evidence.h"
#include "dnssec/look.h"
#include "dnssec/proven.h"
#include "dnssec/rrsig.h"
#include "dnssec/validator.h"
#include "dnssec/zone.h"

#include <danepriv/chain.h>
#include <string.h>

typedef struct judged {
	danepriv_security security;
	danepriv_reason reason;
} judged;

struct danepriv_chain_walk {
	dp_evidence evidence; /* lent `octets` */
	danepriv_time now;
	judged each[DP_EVIDENCE_RECORDS_MAX];
	uint8_t octets[];
};

/* What is found of the RRset that begins at `first`. */
static dp_proven
judge_set(dp_validator *v, size_t first)
{
	const dp_rr *rr = &v->evidence.items[first].rr;
	const dp_proven unknown = { .security = DANEPRIV_SECURITY_UNKNOWN };

	if (rr->type != DP_TYPE_DNSKEY)
		return dp_rrsig_check(v, first).proven;
	const dp_zone *zone = dp_zone_check(v, rr->owner);
	return zone ? zone->proven : unknown;
}

/* A signature that was used stands and falls with what it signs; where another one was used, nobody
 * has looked at it. */
static dp_proven
judge_signature(dp_validator *v, size_t item)
{
	const dp_evidence *e = &v->evidence;
	dp_proven proven = { .security = DANEPRIV_SECURITY_UNKNOWN };
	dp_rrsig sig;

	if (dp_rrsig_parse(e->items[item].rr.rdata, &sig) != DANEPRIV_OK)
		return dp_proven_not(DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_MALFORMED, v->now);
	size_t first = dp_look_find(v, e->items[item].rr.owner, sig.covered, 0);
	if (first == e->count)
		return proven;
	dp_proven of_set = judge_set(v, first);
	bool is_used = e->items[item].checked > 0;
	return is_used || of_set.security != DANEPRIV_SECURITY_SECURE ? of_set : proven;
}

/* `verdict`: on the server's records, which were judged first.  What was found while the work ended
 * says nothing. */
static void
judge_each(danepriv_chain_walk *walk, dp_validator *v, dp_proven verdict)
{
	const dp_evidence *e = &v->evidence;
	bool has_clock = verdict.reason != DANEPRIV_REASON_CLOCK;

	for (size_t i = 0; i < e->count; i++) {
		dp_proven proven = verdict;
		if (has_clock)
			proven = e->items[i].rr.type == DP_TYPE_RRSIG
				     ? judge_signature(v, i)
				     : judge_set(v, e->items[i].first);
		walk->each[i] = (judged){ proven.security, proven.reason };
		if (dp_budget_stopped(&v->budget))
			walk->each[i] = (judged){ DANEPRIV_SECURITY_UNKNOWN, v->budget.limit };
	}
}

static danepriv_status
judge(danepriv_chain_walk *walk, const danepriv *ctx, const dp_server *server, danepriv_span octets,
    danepriv_time now)
{
	dp_name_store owner;
	dp_validator v;
	dp_found found;

	dp_validator_init(&v, ctx);
	v.questions.closed = true;
	walk->now = now;
	danepriv_status status = dp_server_owner(server, &owner);
	if (status == DANEPRIV_OK)
		status = dp_validator_lend(&v, octets);
	if (status == DANEPRIV_OK)
		status = dp_validate(&v, dp_name_of(&owner), dp_server_type(server), now, &found);
	if (status == DANEPRIV_OK)
		judge_each(walk, &v, found.proven);
	if (status == DANEPRIV_OK)
		status = v.budget.status;
	if (status == DANEPRIV_OK) {
		walk->evidence = v.evidence;
		v.evidence = (dp_evidence){ .items = NULL };
	}
	dp_validator_free(&v);
	return status;
}

danepriv_status
danepriv_chain_walk_new(const danepriv *ctx, const danepriv_server *server, danepriv_span chain,
    danepriv_time now, danepriv_chain_walk **out)
{
	danepriv_span records;
	dp_server read;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!ctx || (!chain.data && chain.len > 0))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status == DANEPRIV_OK)
		status = dp_chain_read(chain, &records);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_chain_walk *walk = dp_alloc(1, sizeof *walk + records.len);
	if (!walk)
		return DANEPRIV_ENOMEM;
	memcpy(walk->octets, records.data, records.len);
	records.data = walk->octets;
	status = judge(walk, ctx, &read, records, now);
	if (status != DANEPRIV_OK) {
		danepriv_chain_walk_free(walk);
		return status;
	}
	*out = walk;
	return DANEPRIV_OK;
}

void
danepriv_chain_walk_free(danepriv_chain_walk *walk)
{
	if (!walk)
		return;
	dp_evidence_free(&walk->evidence);
	dp_free(walk);
}

size_t
danepriv_chain_walk_count(const danepriv_chain_walk *walk)
{
	return walk ? walk->evidence.count : 0;
}

/* Dates of signatures are serial numbers: the nearest to `now` is meant (RFC 4034 section 3.1.5).
 */
static danepriv_time
date_of(danepriv_time now, uint32_t serial)
{
	danepriv_time near = now > 0 && now <= INT64_MAX - UINT32_MAX ? now : 0;

	return near + (int32_t)(serial - (uint32_t)near);
}

static void
write_signature(const danepriv_chain_walk *walk, danepriv_chain_record *out)
{
	dp_rrsig sig;

	if (dp_rrsig_parse(out->rdata, &sig) != DANEPRIV_OK)
		return;
	out->inception = date_of(walk->now, sig.inception);
	out->expiration = date_of(walk->now, sig.expiration);
	out->signed_ttl = sig.original_ttl;
	out->covered = sig.covered;
	out->key_tag = sig.tag;
	out->algorithm = sig.algorithm;
	out->labels = sig.labels;
	dp_rr_type_to_text(sig.covered, out->covered_text, sizeof out->covered_text);
	(void)dp_name_to_text(sig.signer, out->signer, sizeof out->signer);
}

static void
write_key(const dp_item *item, danepriv_chain_record *out)
{
	dp_dnskey key;
	dp_ds ds;

	if (item->rr.type == DP_TYPE_DNSKEY &&
	    dp_dnskey_parse(item->rr.rdata, &key) == DANEPRIV_OK) {
		out->key_tag = item->tag;
		out->algorithm = key.algorithm;
	}
	if (item->rr.type == DP_TYPE_DS && dp_ds_parse(item->rr.rdata, &ds) == DANEPRIV_OK) {
		out->key_tag = ds.tag;
		out->algorithm = ds.algorithm;
	}
}

danepriv_status
danepriv_chain_walk_record(
    const danepriv_chain_walk *walk, size_t index, danepriv_chain_record *out)
{
	if (!out || !dp_sized_fits(out->size, DP_CHAIN_RECORD_LEAST))
		return DANEPRIV_EINVAL;
	memset((uint8_t *)out + sizeof out->size, 0, out->size - sizeof out->size);
	if (!walk)
		return DANEPRIV_EINVAL;
	if (index >= walk->evidence.count)
		return DANEPRIV_ENOTFOUND;
	const dp_item *item = &walk->evidence.items[index];
	out->rdata = item->rr.rdata;
	out->ttl = item->rr.ttl;
	out->type = item->rr.type;
	out->security = walk->each[index].security;
	out->reason = walk->each[index].reason;
	dp_rr_type_to_text(item->rr.type, out->type_text, sizeof out->type_text);
	(void)dp_name_to_text(item->rr.owner, out->owner, sizeof out->owner);
	if (item->rr.type == DP_TYPE_RRSIG)
		write_signature(walk, out);
	else
		write_key(item, out);
	return DANEPRIV_OK;
}
