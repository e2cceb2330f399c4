/* SPDX-License-Identifier: BSD-2-Clause
 * Is the peer's certificate issued by whom a record means?  Usages 0, 1 and 2 (RFC 6698 section
 * 2.1.1, RFC 7671 sections 5.2 to 5.4)
 *
 * That a record's data is found somewhere in the peer's list proves nothing, since the list is the
 * peer's to fill: what counts is that a verified path goes there from the peer's own certificate.
 */
#include "dane/issuer.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/span.h"

/* One block: this, and behind it the certificates. */
struct dp_issuers {
	const danepriv *ctx;
	bool is_named; /* the peer's own certificate is made out to the server */
	size_t count;  /* of the peer's certificates that can be read, its own first, none twice */
	dp_path_search search;
	dp_certificate *certificates;
	dp_subject subjects[];
};

/* What one record comes to, so far: the best of what its candidates come to. */
typedef struct attempt {
	dp_issuers *issuers;
	const dp_tlsa *record;
	bool is_tried; /* there is a candidate */
	dp_path_found best;
	danepriv_status status;
} attempt;

static bool
is_made_out_to(const dp_certificate *certificate, dp_name base, const dp_names *names)
{
	if (dp_certificate_is_for_name(certificate, base))
		return true;
	for (size_t i = 0; names && i < names->count; i++)
		if (dp_certificate_is_for_name(certificate, dp_name_of(&names->list[i])))
			return true;
	return false;
}

/* Takes what can be read of the list.  Anything else in it is of no use to anybody. */
static void
read_certificates(dp_issuers *issuers, const danepriv_credential *credential)
{
	for (size_t i = 0; i < credential->count; i++) {
		size_t n = issuers->count, same = 0;
		while (same < n &&
		       !dp_span_equal(issuers->certificates[same].whole, credential->items[i]))
			same++;
		if (same < n || dp_subject_read(&issuers->subjects[n], DANEPRIV_X509,
				    credential->items[i]) != DANEPRIV_OK)
			continue;
		issuers->certificates[n] = issuers->subjects[n].fields;
		issuers->count++;
	}
}

danepriv_status
dp_issuers_new(dp_issuers **out, const danepriv *ctx, const danepriv_credential *credential,
    dp_name base, const dp_names *names, danepriv_time now)
{
	/* No overflow: the count is within its bound. */
	dp_issuers *issuers = dp_alloc(
	    1, sizeof *issuers +
		   credential->count * (sizeof *issuers->subjects + sizeof *issuers->certificates));

	*out = issuers;
	if (!issuers)
		return DANEPRIV_ENOMEM;
	issuers->certificates = (dp_certificate *)&issuers->subjects[credential->count];
	issuers->ctx = ctx;
	read_certificates(issuers, credential);
	issuers->is_named = is_made_out_to(&issuers->certificates[0], base, names);
	issuers->search.certificates = issuers->certificates;
	issuers->search.count = issuers->count;
	issuers->search.now = now;
	issuers->search.work = ctx->max_work;
	issuers->search.steps = DP_PATH_STEPS_MAX;
	return DANEPRIV_OK;
}

void
dp_issuers_free(dp_issuers *issuers)
{
	dp_free(issuers);
}

/* Looks for a path, unless the names have settled it.  True: there is no need for another. */
static bool
search(attempt *a, const dp_path_goal *goal)
{
	dp_path_found found;

	a->is_tried = true;
	if (!a->issuers->is_named)
		return true;
	a->status = dp_path_find(&a->issuers->search, goal, &found);
	if (a->status != DANEPRIV_OK)
		return true;
	if (found.result > a->best.result)
		a->best = found;
	return a->best.result >= DP_PATH_LIMIT;
}

/* DANE-TA, one certificate.  Its own constraints hold (RFC 7671 section 5.2), and if it is of an
 * age that knows none, it has to be published whole. */
static bool
search_anchor(attempt *a, const dp_certificate *anchor)
{
	dp_path_goal goal = { .anchors = anchor, .anchor_count = 1 };

	goal.old_anchor = a->record->selector == DP_TLSA_CERT;
	return search(a, &goal);
}

/* Full data, with which the peer need not send the authority along (RFC 7671 sections 5.2.2 and
 * 5.2.3).  A path of none has no signature of the authority's on it. */
static void
search_published(attempt *a)
{
	dp_certificate anchor = { 0 };

	/* The peer's own key or certificate is no authority over itself here, either. */
	if (dp_subject_matches(&a->issuers->subjects[0], a->record))
		return;
	if (a->record->selector == DP_TLSA_SPKI)
		anchor.spki = a->record->data;
	else if (dp_der_certificate(a->record->data, &anchor) != DANEPRIV_OK)
		return;
	(void)search_anchor(a, &anchor);
	/* Nothing leads there, and the peer did not say that something does. */
	if (a->best.result == DP_PATH_NONE && a->issuers->is_named)
		a->is_tried = false;
}

/* DANE-TA(2): the path ends in the authority that the record means (RFC 7671 section 5.2). */
static void
try_dane_ta(attempt *a)
{
	dp_issuers *issuers = a->issuers;

	/* The first one is the peer's own, and no authority over itself. */
	for (size_t i = 1; i < issuers->count; i++)
		if (dp_subject_matches(&issuers->subjects[i], a->record) &&
		    search_anchor(a, &issuers->certificates[i]))
			return;
	if (!a->is_tried && a->record->matching == DP_TLSA_FULL)
		search_published(a);
}

/* PKIX-EE(1): the record means the peer's own certificate, and a path goes to a root (RFC 7671
 * section 5.3). */
static void
try_pkix_ee(attempt *a)
{
	const dp_roots *roots = &a->issuers->ctx->roots;
	dp_path_goal goal = {
		.anchors = roots->list, .anchor_count = roots->count, .old_anchor = true
	};

	if (dp_subject_matches(&a->issuers->subjects[0], a->record))
		(void)search(a, &goal);
}

/* A path through this certificate of the peer's to a root; or one that goes through a root to this
 * certificate: whose roots hold an intermediate authority may not know who is above it, and the
 * record may mean that one (RFC 7671 section 5.4). */
static bool
search_through(attempt *a, const dp_certificate *certificate)
{
	const dp_roots *roots = &a->issuers->ctx->roots;
	dp_path_goal below = { .anchors = roots->list,
		.anchor_count = roots->count,
		.through = certificate,
		.through_count = 1,
		.old_anchor = true };
	dp_path_goal above = { .anchors = certificate,
		.anchor_count = 1,
		.through = roots->list,
		.through_count = roots->count };

	if (!search(a, &below))
		return search(a, &above);
	a->best.depth = a->best.through;
	return true;
}

/* Could this root be the end of a path?  Saves most of them from being hashed. */
static bool
is_an_issuer(const dp_issuers *issuers, const dp_certificate *root)
{
	for (size_t i = 0; i < issuers->count; i++)
		if (dp_span_equal(issuers->certificates[i].issuer, root->subject))
			return true;
	return false;
}

/* PKIX-TA(0): a path goes to a root, and through what the record means (RFC 7671 section 5.4). */
static void
try_pkix_ta(attempt *a)
{
	const dp_roots *roots = &a->issuers->ctx->roots;
	dp_subject subject;

	for (size_t i = 1; i < a->issuers->count; i++)
		if (dp_subject_matches(&a->issuers->subjects[i], a->record) &&
		    search_through(a, &a->issuers->certificates[i]))
			return;
	for (size_t i = 0; i < roots->count; i++) {
		dp_path_goal goal = {
			.anchors = &roots->list[i], .anchor_count = 1, .old_anchor = true
		};
		if (is_an_issuer(a->issuers, &roots->list[i]) &&
		    dp_subject_read(&subject, DANEPRIV_X509, roots->list[i].whole) == DANEPRIV_OK &&
		    dp_subject_matches(&subject, a->record) && search(a, &goal))
			return;
	}
}

static danepriv_record_reason
reason_of(const attempt *a)
{
	if (!a->is_tried)
		return DANEPRIV_RECORD_REASON_DIFFERENT;
	if (!a->issuers->is_named)
		return DANEPRIV_RECORD_REASON_NAME;
	switch (a->best.result) {
	case DP_PATH_NONE:
		return DANEPRIV_RECORD_REASON_PATH;
	case DP_PATH_WEAK:
		return DANEPRIV_RECORD_REASON_WEAK;
	case DP_PATH_CONSTRAINTS:
		return DANEPRIV_RECORD_REASON_CONSTRAINTS;
	case DP_PATH_PURPOSE:
		return DANEPRIV_RECORD_REASON_PURPOSE;
	case DP_PATH_DATES:
		return DANEPRIV_RECORD_REASON_DATES;
	case DP_PATH_LIMIT:
		return DANEPRIV_RECORD_REASON_LIMIT;
	case DP_PATH_OK:
		break;
	}
	return DANEPRIV_RECORD_REASON_NONE;
}

danepriv_status
dp_issuers_try(dp_issuers *issuers, const dp_tlsa *record, danepriv_record_verdict *verdict,
    danepriv_time *until)
{
	attempt a = { .issuers = issuers, .record = record };

	if (record->usage == DP_TLSA_DANE_TA)
		try_dane_ta(&a);
	else if (record->usage == DP_TLSA_PKIX_EE)
		try_pkix_ee(&a);
	else if (record->usage == DP_TLSA_PKIX_TA)
		try_pkix_ta(&a);
	if (a.status != DANEPRIV_OK)
		return a.status;
	verdict->judgement = DANEPRIV_RECORD_NO_MATCH;
	verdict->reason = reason_of(&a);
	if (a.best.result != DP_PATH_OK)
		return DANEPRIV_OK;
	verdict->judgement = DANEPRIV_RECORD_MATCH;
	verdict->depth = record->usage == DP_TLSA_PKIX_EE ? 0 : a.best.depth;
	*until = a.best.until;
	return DANEPRIV_OK;
}
