/* SPDX-License-Identifier: BSD-2-Clause
 * Is this credential the one that was published?  (RFC 6698, RFC 7671)
 *
 * First every record is read and the unusable ones are dropped; then, among those that are left,
 * weaker digests give way to stronger ones; then the rest is tried in turn until one matches. */
#include "dane/match.h"

#include "base/bounds.h"
#include "crypto/credential.h"
#include "dane/issuer.h"
#include "dane/subject.h"
#include "dane/usable.h"

#include <string.h>

/* All that one judgement needs, on the stack: DANE-EE allocates nothing. */
typedef struct judgement {
	const danepriv *ctx;
	size_t count;
	dp_tlsa records[DP_ASSOCIATIONS_MAX];
	danepriv_record_verdict verdicts[DP_ASSOCIATIONS_MAX];
	const danepriv_credential *credential;
	dp_subject leaf;
	dp_name base;
	const dp_names *names;
	danepriv_time now;
	dp_issuers *issuers; /* NULL until a record needs them */
	danepriv_status status;
	danepriv_verdict *out;
} judgement;

static void
read_records(judgement *j, const danepriv_records *records)
{
	j->count = danepriv_records_count(records);
	for (size_t i = 0; i < j->count; i++) {
		dp_tlsa *t = &j->records[i];
		danepriv_record_verdict *v = &j->verdicts[i];
		memset(v, 0, sizeof *v);
		v->reason = dp_tlsa_read_usable(
		    danepriv_records_rdata(records, i), j->ctx->roots.count > 0, t);
		if (v->reason != DANEPRIV_RECORD_REASON_NONE)
			v->judgement = DANEPRIV_RECORD_UNUSABLE;
		v->usage = t->usage;
		v->selector = t->selector;
		v->matching = t->matching;
	}
}

/* Digest agility (RFC 7671 section 9): in each pair of usage and selector the strongest digest that
 * is there and usable silences the weaker ones.  Full data is no digest: it neither silences nor is
 * silenced.  Later matching types count as stronger, which holds for the two there are. */
static void
suppress_weaker_digests(judgement *j)
{
	uint8_t strongest[DP_TLSA_DANE_EE + 1][DP_TLSA_SPKI + 1] = { { DP_TLSA_FULL } };

	for (size_t i = 0; i < j->count; i++) {
		const dp_tlsa *t = &j->records[i];
		if (j->verdicts[i].judgement == DANEPRIV_RECORD_UNTRIED &&
		    t->matching > strongest[t->usage][t->selector])
			strongest[t->usage][t->selector] = t->matching;
	}
	for (size_t i = 0; i < j->count; i++) {
		const dp_tlsa *t = &j->records[i];
		if (j->verdicts[i].judgement == DANEPRIV_RECORD_UNTRIED &&
		    t->matching != DP_TLSA_FULL && t->matching < strongest[t->usage][t->selector])
			j->verdicts[i].judgement = DANEPRIV_RECORD_SUPPRESSED;
	}
}

/* DANE-EE: the end entity's key alone.  No names, no dates, no usage bits, no issuer (RFC 7671
 * section 5.1), and no other certificate of the list: a list is the peer's to fill, and anybody may
 * append the true server's certificate to his own. */
static void
try_end_entity(judgement *j, size_t i)
{
	danepriv_record_verdict *v = &j->verdicts[i];

	if (dp_subject_matches(&j->leaf, &j->records[i])) {
		v->judgement = DANEPRIV_RECORD_MATCH;
		v->depth = 0;
		return;
	}
	v->judgement = DANEPRIV_RECORD_NO_MATCH;
	/* `3 0 0` would hold the key, too, but clients are not expected to dig for it (RFC 7671
	 * section 5.1).  The peer chooses what it shows, so this is no reason to pass over the
	 * record: as "unusable" it would hide an attack. */
	v->reason = j->credential->type == DANEPRIV_RAW_KEY && v->selector != DP_TLSA_SPKI
			? DANEPRIV_RECORD_REASON_RAW_KEY
			: DANEPRIV_RECORD_REASON_DIFFERENT;
}

/* DANE-TA and the two that need roots: a path of certificates. */
static void
try_issuers(judgement *j, size_t i)
{
	danepriv_record_verdict *v = &j->verdicts[i];
	danepriv_time until = INT64_MIN;

	if (j->credential->type == DANEPRIV_RAW_KEY) {
		/* Nobody issues a raw key (RFC 7671 section 5.1). */
		v->judgement = DANEPRIV_RECORD_NO_MATCH;
		v->reason = DANEPRIV_RECORD_REASON_RAW_KEY;
		return;
	}
	if (!j->issuers)
		j->status =
		    dp_issuers_new(&j->issuers, j->ctx, j->credential, j->base, j->names, j->now);
	if (j->status == DANEPRIV_OK)
		j->status = dp_issuers_try(j->issuers, &j->records[i], v, &until);
	if (v->judgement == DANEPRIV_RECORD_MATCH && until < j->out->until)
		j->out->until = until;
}

/* Tries all records of one usage that are left.  True: there is no need to go on. */
static bool
try_usage(judgement *j, uint8_t usage, void (*try_record)(judgement *j, size_t i))
{
	for (size_t i = 0; i < j->count; i++) {
		danepriv_record_verdict *v = &j->verdicts[i];
		if (v->judgement != DANEPRIV_RECORD_UNTRIED || v->usage != usage)
			continue;
		try_record(j, i);
		if (j->status != DANEPRIV_OK)
			return true;
		if (v->judgement == DANEPRIV_RECORD_MATCH) {
			j->out->finding = DANEPRIV_MATCH;
			j->out->record = i;
			return true;
		}
	}
	return false;
}

/* Gives the caller the verdicts that it has room for. */
static void
report(const judgement *j)
{
	size_t count = j->count < j->out->each_room ? j->count : j->out->each_room;

	if (j->out->each && count > 0)
		memcpy(j->out->each, j->verdicts, count * sizeof *j->verdicts);
}

/* Tries what is left, the cheapest usage first; any one match will do (RFC 7671 section 8). */
static void
try_all(judgement *j)
{
	static const struct {
		uint8_t usage;
		void (*try_record)(judgement *j, size_t i);
	} order[] = {
		{ DP_TLSA_DANE_EE, try_end_entity },
		{ DP_TLSA_DANE_TA, try_issuers },
		{ DP_TLSA_PKIX_EE, try_issuers },
		{ DP_TLSA_PKIX_TA, try_issuers },
	};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (try_usage(j, order[i].usage, order[i].try_record))
			return;
}

/* What follows when no record matches. */
static danepriv_finding
finding_without_match(const judgement *j)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->verdicts[i].judgement != DANEPRIV_RECORD_UNUSABLE)
			return j->credential ? DANEPRIV_MISMATCH : DANEPRIV_INDETERMINATE;
	return DANEPRIV_UNUSABLE;
}

/* Judges by records that are proven. */
static danepriv_status
judge(judgement *j, const danepriv_records *records)
{
	read_records(j, records);
	suppress_weaker_digests(j);
	j->out->finding = finding_without_match(j);
	if (j->credential)
		j->status = dp_subject_read(&j->leaf, j->credential->type, j->credential->items[0]);
	if (j->status != DANEPRIV_OK)
		j->out->finding = DANEPRIV_MISMATCH;
	else if (j->credential)
		try_all(j);
	dp_issuers_free(j->issuers);
	if (j->status == DANEPRIV_ENOMEM)
		j->out->finding = DANEPRIV_UNJUDGED;
	report(j);
	return j->status;
}

/* What a proof means where there are no records to judge by. */
static danepriv_finding
finding_of_proof(danepriv_proof proof)
{
	switch (proof) {
	case DANEPRIV_PROOF_DENIED:
		return DANEPRIV_ABSENT;
	case DANEPRIV_PROOF_INSECURE:
		return DANEPRIV_UNSIGNED;
	case DANEPRIV_PROOF_BOGUS:
		return DANEPRIV_BOGUS;
	case DANEPRIV_PROOF_INDETERMINATE:
		return DANEPRIV_INDETERMINATE;
	case DANEPRIV_PROOF_SECURE:
	case DANEPRIV_PROOF_UNKNOWN:
		break;
	}
	return DANEPRIV_UNJUDGED;
}

danepriv_status
dp_verdict_clear(danepriv_verdict *out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	out->finding = DANEPRIV_UNJUDGED;
	if (out->size != sizeof *out)
		return DANEPRIV_EINVAL;
	out->proof = DANEPRIV_PROOF_UNKNOWN;
	out->reason = DANEPRIV_REASON_NONE;
	out->record = SIZE_MAX;
	out->until = INT64_MIN;
	for (size_t i = 0; out->each && i < out->each_room && i < DP_ASSOCIATIONS_MAX; i++)
		memset(&out->each[i], 0, sizeof out->each[i]);
	return DANEPRIV_OK;
}

danepriv_status
dp_evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const dp_names *names, danepriv_time now,
    danepriv_time bound, danepriv_verdict *out)
{
	judgement j;
	danepriv_status status = dp_verdict_clear(out);

	if (status != DANEPRIV_OK)
		return status;
	if (!ctx || !records)
		return DANEPRIV_EINVAL;
	if (credential)
		status = dp_credential_check(credential, NULL);
	if (status != DANEPRIV_OK)
		return status;
	out->proof = danepriv_records_proof(records);
	out->reason = danepriv_records_reason(records);
	out->until = bound;
	if (now > bound)
		return DANEPRIV_OK;
	out->finding = finding_of_proof(out->proof);
	if (out->proof != DANEPRIV_PROOF_SECURE)
		return DANEPRIV_OK;
	j.ctx = ctx;
	j.credential = credential;
	j.base = dp_records_base(records);
	j.names = names;
	j.now = now;
	j.issuers = NULL;
	j.status = DANEPRIV_OK;
	j.out = out;
	return judge(&j, records);
}

danepriv_status
danepriv_evaluate_names(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const char *const *names, size_t count,
    danepriv_time now, danepriv_verdict *out)
{
	danepriv_time until = danepriv_records_until(records);
	dp_names known;

	danepriv_status status = dp_verdict_clear(out);
	if (status != DANEPRIV_OK)
		return status;
	if (!credential || (!names && count > 0))
		return DANEPRIV_EINVAL;
	if (count > DP_NAMES_MAX)
		return DANEPRIV_ELIMIT;
	known.count = 0;
	for (size_t i = 0; i < count && status == DANEPRIV_OK; i++)
		status = dp_names_add(&known, names[i]);
	if (status != DANEPRIV_OK)
		return status;
	return dp_evaluate(ctx, records, credential, &known, now, until, out);
}

danepriv_status
danepriv_evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *out)
{
	return danepriv_evaluate_names(ctx, records, credential, NULL, 0, now, out);
}
