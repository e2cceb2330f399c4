/* SPDX-License-Identifier: BSD-2-Clause
 * Is this credential the one that was published?  (RFC 6698, RFC 7671)
 *
 * Records were read and weighed against each other when they came (usable.c).  Those that can be
 * judged are tried in turn until one matches. */
#include "dane/match.h"

#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/span.h"
#include "base/time.h"
#include "crypto/credential.h"
#include "crypto/der.h"
#include "crypto/extension.h"
#include "dane/issuer.h"
#include "crypto/subject.h"
#include "dane/usable.h"
#include "dns/name.h"
#include "dns/tlsa.h"
#include "dnssec/lacking.h"

#include <string.h>

/* All that one judgement needs, on the stack: DANE-EE allocates nothing. */
typedef struct judgement {
	const danepriv *ctx;
	const dp_association *associations;
	size_t count;
	const danepriv_credential *credential;
	dp_subject leaf;
	dp_name base;
	const dp_wanted *wanted;
	danepriv_time now;
	dp_issuers *issuers;   /* NULL until a record needs them */
	size_t found_unusable; /* records that turned out to be so when they were tried */
	bool is_incomplete;    /* there are more records than these */
	bool has_passed_bound; /* a record was not tried to the end */
	bool lacks_list;       /* a record could match by what was not shown */
	size_t faulty;	       /* the first record on whose path something is at fault */
	danepriv_record_reason fault;
	danepriv_record_reason unusable; /* why the first is that turned out to be so */
	danepriv_time shown_until;	 /* of a match: what the peer has shown holds so long */
	danepriv_verdict *out;
} judgement;

/* These two need a path to an authority that the caller trusts (RFC 7671 section 4). */
static bool
usage_needs_roots(uint8_t usage)
{
	return usage == DP_TLSA_PKIX_TA || usage == DP_TLSA_PKIX_EE;
}

/* Why a record of this usage is of no use to this context. */
static danepriv_record_reason
reason_against(const danepriv *ctx, uint8_t usage)
{
	if (dp_context_excludes(ctx, usage))
		return DANEPRIV_RECORD_REASON_EXCLUDED;
	return ctx->roots.count == 0 && usage_needs_roots(usage) ? DANEPRIV_RECORD_REASON_NO_ROOTS
								 : DANEPRIV_RECORD_REASON_NONE;
}

/* What is known of a record before it is tried. */
static danepriv_record_verdict
untried(const judgement *j, const dp_association *a)
{
	danepriv_record_verdict v = dp_association_verdict(a);
	danepriv_record_reason against = DANEPRIV_RECORD_REASON_NONE;

	if (v.judgement != DANEPRIV_JUDGEMENT_UNUSABLE)
		against = reason_against(j->ctx, v.usage);
	if (against != DANEPRIV_RECORD_REASON_NONE) {
		v.judgement = DANEPRIV_JUDGEMENT_UNUSABLE;
		v.reason = against;
	}
	return v;
}

/* Writes the verdict on record `i`, if the caller's array has room for it. */
static void
tell(const judgement *j, size_t i, const danepriv_record_verdict *v)
{
	if (j->out->each && i < j->out->each_room)
		dp_sized_put_element(j->out->each, j->out->each_size, i, v, sizeof *v);
}

/* Is the raw key the one in a certificate that is published whole? */
static bool
holds_key(const judgement *j, const dp_tlsa *record)
{
	danepriv_span key;

	return j->credential->type == DANEPRIV_CREDENTIAL_RAW_KEY &&
	       record->selector == DP_TLSA_CERT && record->matching == DP_TLSA_FULL &&
	       dp_der_certificate_spki(record->data, &key) == DANEPRIV_OK &&
	       dp_span_equal(j->credential->items[0], key);
}

/* DANE-EE: the end entity's key alone.  No names, no dates, no usage bits, no issuer (RFC 7671
 * section 5.1), and no other certificate of the list: a list is the peer's to fill, and anybody may
 * append the true server's certificate to their own. */
static void
try_end_entity(judgement *j, const dp_tlsa *record, danepriv_record_verdict *v)
{
	if (dp_subject_matches(&j->leaf, record)) {
		v->judgement = DANEPRIV_JUDGEMENT_MATCH;
		return;
	}
	if (j->wanted->digs_for_keys && holds_key(j, record)) {
		v->judgement = DANEPRIV_JUDGEMENT_MATCH;
		return;
	}
	v->judgement = DANEPRIV_JUDGEMENT_NO_MATCH;
	/* `3 0 0` would hold the key, too, but clients are not expected to dig for it (RFC 7671
	 * section 5.1).  The peer chooses what it shows, so this is no reason to pass over the
	 * record: as "unusable" it would hide an attack. */
	v->reason =
	    j->credential->type == DANEPRIV_CREDENTIAL_RAW_KEY && v->selector != DP_TLSA_SPKI
		? DANEPRIV_RECORD_REASON_RAW_KEY
		: DANEPRIV_RECORD_REASON_DIFFERENT;
}

/* DANE-TA and the two that need roots: a path of certificates. */
static danepriv_status
try_issuers(judgement *j, const dp_tlsa *record, danepriv_record_verdict *v)
{
	danepriv_status status = DANEPRIV_OK;

	if (j->credential->type == DANEPRIV_CREDENTIAL_RAW_KEY) {
		/* Nobody issues a raw key (RFC 7671 section 5.1). */
		v->judgement = DANEPRIV_JUDGEMENT_NO_MATCH;
		v->reason = DANEPRIV_RECORD_REASON_RAW_KEY;
		return DANEPRIV_OK;
	}
	if (!j->issuers)
		status =
		    dp_issuers_new(&j->issuers, j->ctx, j->credential, j->base, j->wanted, j->now);
	if (status == DANEPRIV_OK)
		status = dp_issuers_try(j->issuers, record, v, &j->shown_until);
	if (v->judgement == DANEPRIV_JUDGEMENT_MATCH && j->shown_until < j->out->valid_until)
		j->out->valid_until = j->shown_until;
	return status;
}

/* What makes certificates useless that the peer may well have been given by the authority meant. */
static bool
is_fault(danepriv_record_reason reason)
{
	return reason == DANEPRIV_RECORD_REASON_WEAK ||
	       reason == DANEPRIV_RECORD_REASON_CONSTRAINTS ||
	       reason == DANEPRIV_RECORD_REASON_PURPOSE || reason == DANEPRIV_RECORD_REASON_DATES ||
	       reason == DANEPRIV_RECORD_REASON_LIMIT || reason == DANEPRIV_RECORD_REASON_KEY;
}

static void
note_fault(judgement *j, size_t i, danepriv_record_reason reason)
{
	if (!is_fault(reason) || i > j->faulty)
		return;
	j->faulty = i;
	j->fault = reason;
}

/* Tries all records of one usage that can be judged, until one matches. */
static danepriv_status
try_usage(judgement *j, uint8_t usage)
{
	danepriv_status status = DANEPRIV_OK;

	for (size_t i = 0; i < j->count && status == DANEPRIV_OK; i++) {
		danepriv_record_verdict v = untried(j, &j->associations[i]);
		if (v.usage != usage || v.judgement != DANEPRIV_JUDGEMENT_UNTRIED)
			continue;
		dp_tlsa record = dp_association_tlsa(&j->associations[i]);
		if (usage == DP_TLSA_DANE_EE)
			try_end_entity(j, &record, &v);
		else
			status = try_issuers(j, &record, &v);
		tell(j, i, &v);
		if (v.judgement == DANEPRIV_JUDGEMENT_UNUSABLE && j->found_unusable++ == 0)
			j->unusable = v.reason;
		j->has_passed_bound |= v.reason == DANEPRIV_RECORD_REASON_LIMIT;
		j->lacks_list |= v.reason == DANEPRIV_RECORD_REASON_NOT_SHOWN;
		note_fault(j, i, v.reason);
		if (status == DANEPRIV_OK && v.judgement == DANEPRIV_JUDGEMENT_MATCH) {
			j->out->finding = DANEPRIV_FINDING_MATCH;
			j->out->record = i;
			break;
		}
	}
	return status;
}

/* What follows when no record matches. */
static danepriv_finding
finding_without_match(const judgement *j)
{
	size_t usable = 0;

	/* One of the others may match: whoever has all of them can tell. */
	if (j->is_incomplete)
		return j->credential ? DANEPRIV_FINDING_UNJUDGED : DANEPRIV_FINDING_INDETERMINATE;
	for (size_t i = 0; i < j->count; i++)
		usable += untried(j, &j->associations[i]).judgement != DANEPRIV_JUDGEMENT_UNUSABLE;
	if (usable == j->found_unusable)
		return DANEPRIV_FINDING_UNUSABLE;
	return j->credential && !j->lacks_list ? DANEPRIV_FINDING_MISMATCH
					       : DANEPRIV_FINDING_INDETERMINATE;
}

/* What is found when no record matches, and what is at fault then. */
static void
find_without_match(judgement *j)
{
	j->out->finding = finding_without_match(j);
	if (j->out->finding == DANEPRIV_FINDING_MISMATCH)
		j->out->fault = j->fault;
	if (j->out->finding != DANEPRIV_FINDING_UNUSABLE)
		return;
	j->out->fault = untried(j, &j->associations[0]).reason;
	if (j->out->fault == DANEPRIV_RECORD_REASON_NONE)
		j->out->fault = j->unusable;
}

/* Tries the usages, the cheapest first; any one match will do (RFC 7671 section 8). */
static danepriv_status
try_all(judgement *j)
{
	static const uint8_t order[] = { DP_TLSA_DANE_EE, DP_TLSA_DANE_TA, DP_TLSA_PKIX_EE,
		DP_TLSA_PKIX_TA };
	danepriv_status status = DANEPRIV_OK;

	for (size_t i = 0; i < sizeof order && j->out->finding != DANEPRIV_FINDING_MATCH; i++) {
		status = try_usage(j, order[i]);
		if (status != DANEPRIV_OK)
			return status;
	}
	if (j->out->finding == DANEPRIV_FINDING_MATCH)
		return DANEPRIV_OK;
	find_without_match(j);
	/* A bound of ours is no sign of an attack, and the peer had better know which it was. */
	if (j->out->finding == DANEPRIV_FINDING_MISMATCH && j->has_passed_bound)
		j->out->reason = DANEPRIV_REASON_LIMIT_WORK;
	if (j->out->finding == DANEPRIV_FINDING_INDETERMINATE)
		j->out->reason = DANEPRIV_REASON_NOT_SHOWN;
	return DANEPRIV_OK;
}

/* Judges by records that are proven. */
static danepriv_status
judge(judgement *j)
{
	for (size_t i = 0; j->out->each && i < j->count && i < j->out->each_room; i++) {
		const danepriv_record_verdict v = untried(j, &j->associations[i]);
		tell(j, i, &v);
	}
	if (!j->credential) {
		find_without_match(j);
		return DANEPRIV_OK;
	}
	danepriv_status status =
	    dp_subject_read(&j->leaf, j->credential->type, j->credential->items[0]);
	if (status != DANEPRIV_OK) {
		j->out->finding = DANEPRIV_FINDING_MISMATCH;
		return status;
	}
	status = try_all(j);
	if (j->issuers)
		dp_issuers_free(j->issuers);
	return status;
}

/* What a proof means where there are no records to judge by. */
static danepriv_finding
finding_of_proof(danepriv_security security)
{
	switch (security) {
	case DANEPRIV_SECURITY_DENIED:
		return DANEPRIV_FINDING_ABSENT;
	case DANEPRIV_SECURITY_INSECURE:
		return DANEPRIV_FINDING_UNSIGNED;
	case DANEPRIV_SECURITY_BOGUS:
		return DANEPRIV_FINDING_BOGUS;
	case DANEPRIV_SECURITY_INDETERMINATE:
		return DANEPRIV_FINDING_INDETERMINATE;
	case DANEPRIV_SECURITY_SECURE:
	case DANEPRIV_SECURITY_UNKNOWN:
		break;
	}
	return DANEPRIV_FINDING_UNJUDGED;
}

/* No record has a verdict.  EINVAL: there is no telling how long one is. */
static danepriv_status
clear_each(danepriv_verdict *out)
{
	size_t room = out->each_room < DP_ASSOCIATIONS_MAX ? out->each_room : DP_ASSOCIATIONS_MAX;

	if (!dp_sized_fits(out->each_size, DP_RECORD_VERDICT_LEAST))
		return DANEPRIV_EINVAL;
	memset(out->each, 0, room * out->each_size);
	return DANEPRIV_OK;
}

danepriv_status
dp_match_clear(danepriv_verdict *out)
{
	if (!out || !dp_sized_fits(out->size, DP_VERDICT_LEAST))
		return DANEPRIV_EINVAL;
	out->finding = DANEPRIV_FINDING_UNJUDGED;
	out->security = DANEPRIV_SECURITY_UNKNOWN;
	out->reason = DANEPRIV_REASON_NONE;
	out->record = SIZE_MAX;
	out->valid_until = INT64_MIN;
	out->fault = DANEPRIV_RECORD_REASON_NONE;
	out->attack = 0;
	out->count = 0;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	return out->each && out->each_room > 0 ? clear_each(out) : DANEPRIV_OK;
}

dp_published
dp_match_until(const danepriv_records *records, danepriv_time bound)
{
	dp_published published = { records->proven, records->base, records->associations,
		records->count };

	published.proven.valid_until = bound;
	return published;
}

/* Was a bound of ours passed? */
static bool
is_limit(danepriv_reason reason)
{
	return (reason >= DANEPRIV_REASON_LIMIT_WORK && reason <= DANEPRIV_REASON_LIMIT_OCTETS) ||
	       reason == DANEPRIV_REASON_LIMIT_QUESTIONS;
}

static bool
is_attack(const danepriv_verdict *verdict)
{
	switch (verdict->finding) {
	case DANEPRIV_FINDING_MISMATCH:
		return verdict->fault == DANEPRIV_RECORD_REASON_NONE && !is_limit(verdict->reason);
	case DANEPRIV_FINDING_BOGUS:
		return !dp_lacking_is_reason(verdict->reason) && !is_limit(verdict->reason);
	case DANEPRIV_FINDING_DOWNGRADE:
		return !is_limit(verdict->reason);
	case DANEPRIV_FINDING_UNJUDGED:
	case DANEPRIV_FINDING_MATCH:
	case DANEPRIV_FINDING_UNUSABLE:
	case DANEPRIV_FINDING_ABSENT:
	case DANEPRIV_FINDING_UNSIGNED:
	case DANEPRIV_FINDING_INDETERMINATE:
		break;
	}
	return false;
}

const dp_wanted dp_match_server = { .purposes = DP_PURPOSE_TLS };

void
dp_match_find(danepriv_verdict *verdict, danepriv_finding finding)
{
	verdict->finding = finding;
	verdict->attack = is_attack(verdict);
}

/* By records that are proven, and hold. */
static danepriv_status
judge_by_records(const danepriv *ctx, const dp_published *published,
    const danepriv_credential *credential, const dp_wanted *wanted, danepriv_time now,
    danepriv_time *shown_until, danepriv_verdict *out)
{
	judgement j;

	j.ctx = ctx;
	j.associations = published->associations;
	j.count = published->count;
	j.credential = credential;
	j.base = published->base;
	j.wanted = wanted;
	j.now = now;
	j.issuers = NULL;
	j.found_unusable = 0;
	j.is_incomplete = out->reason == DANEPRIV_REASON_LIMIT_RECORDS;
	j.has_passed_bound = j.lacks_list = false;
	j.faulty = SIZE_MAX;
	j.fault = j.unusable = DANEPRIV_RECORD_REASON_NONE;
	j.shown_until = INT64_MAX;
	j.out = out;
	danepriv_status status = judge(&j);
	if (shown_until)
		*shown_until = j.shown_until;
	return status;
}

danepriv_status
dp_match_evaluate(const danepriv *ctx, const dp_published *published,
    const danepriv_credential *credential, const dp_wanted *wanted, danepriv_time now,
    danepriv_time *shown_until, danepriv_verdict *out)
{
	danepriv_status status = DANEPRIV_OK;

	if (!ctx || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	if (credential)
		status = dp_credential_check(credential, NULL);
	/* What the peer chose to show is judged, and it is junk. */
	if (status != DANEPRIV_OK && status != DANEPRIV_EMALFORMED)
		return status;
	out->security = published->proven.security;
	out->reason = published->proven.reason;
	out->count = published->count;
	out->valid_until = published->proven.valid_until;
	if (now > out->valid_until)
		return DANEPRIV_OK;
	out->finding = finding_of_proof(out->security);
	if (out->security != DANEPRIV_SECURITY_SECURE)
		status = DANEPRIV_OK;
	else if (status != DANEPRIV_OK)
		out->finding = DANEPRIV_FINDING_MISMATCH;
	else
		status =
		    judge_by_records(ctx, published, credential, wanted, now, shown_until, out);
	dp_match_find(out, out->finding);
	return status;
}

/* By records of the caller's. */
static danepriv_status
evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const dp_names *names, danepriv_time now,
    danepriv_verdict *out)
{
	const dp_published published = dp_match_until(records, records->proven.valid_until);
	const dp_wanted wanted = { .names = names, .purposes = DP_PURPOSE_TLS };

	return dp_match_evaluate(ctx, &published, credential, &wanted, now, NULL, out);
}

static danepriv_status
evaluate_with_names(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const char *const *names, size_t count,
    danepriv_time now, danepriv_verdict *out)
{
	danepriv_status status = DANEPRIV_OK;
	dp_names known;

	if (count > DP_NAMES_MAX)
		return DANEPRIV_ELIMIT;
	known.count = 0;
	for (size_t i = 0; i < count && status == DANEPRIV_OK; i++)
		status = dp_reference_add(&known, names[i]);
	return status == DANEPRIV_OK ? evaluate(ctx, records, credential, &known, now, out)
				     : status;
}

danepriv_status
danepriv_evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_credential *credential, const char *const *names, size_t count,
    danepriv_time now, danepriv_verdict *out)
{
	danepriv_status status = dp_match_clear(out);

	if (status != DANEPRIV_OK)
		return status;
	if (!records || !credential || (!names && count > 0))
		return DANEPRIV_EINVAL;
	if (count > 0)
		return evaluate_with_names(ctx, records, credential, names, count, now, out);
	return evaluate(ctx, records, credential, NULL, now, out);
}
