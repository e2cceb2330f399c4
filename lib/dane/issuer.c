/* SPDX-License-Identifier: BSD-2-Clause
 * Is the peer's certificate issued by whom a record means?  Usages 0, 1 and 2 (RFC 6698 section
 * 2.1.1, RFC 7671 sections 5.2 to 5.4)
 *
 * That a record's data is found somewhere in the peer's list proves nothing, since the list is the
 * peer's to fill: what counts is that a verified path goes there from the peer's own certificate.
 */
#include "dane/issuer.h"

#include "base/account.h"
#include "base/alloc.h"
#include "base/bounds.h"
#include "base/span.h"
#include "crypto/der.h"
#include "crypto/link.h"
#include "crypto/path.h"
#include "crypto/path_rules.h"
#include "crypto/profile.h"
#include "crypto/roots.h"
#include "crypto/subject.h"
#include "dns/name.h"
#include "dns/tlsa.h"

/* One block: this, and behind it the certificates. */
struct dp_issuers {
	const danepriv *ctx;
	/* Those of the server's names that the peer's own certificate is for. */
	dp_name names[1 + DP_NAMES_MAX];
	bool is_named; /* there is one */
	bool is_whole; /* all that the peer sent is there */
	size_t count;  /* of the peer's certificates that can be read, its own first, none twice */
	dp_path_search search;
	dp_profile *certificates;
	dp_subject subjects[];
};

/* What one record comes to, so far: the best of what its candidates come to. */
typedef struct attempt {
	dp_issuers *issuers;
	const dp_tlsa *record;
	bool is_tried;	  /* there is a candidate */
	bool is_unusable; /* the authority that is meant has a key that nobody here can use */
	dp_path_found best;
	danepriv_status status;
} attempt;

/* To go through all that it is made out to.  False: that cannot be paid for. */
static bool
pay_for_names(dp_issuers *issuers)
{
	const dp_profile *own = &issuers->certificates[0];

	return dp_account_pay(&issuers->search.work,
	    own->name_count / DP_ITEMS_PER_WORK + own->names.len / DP_NAME_OCTETS_PER_WORK);
}

/* Is it made out to this one, too?  False: that cannot be paid for. */
static bool
add_name(dp_issuers *issuers, dp_name name, bool may_have_star)
{
	const dp_profile *own = &issuers->certificates[0];

	if (!pay_for_names(issuers))
		return false;
	if (may_have_star ? dp_reference_fits(own, name) : dp_reference_fits_wholly(own, name))
		issuers->names[issuers->search.asked.name_count++] = name;
	return true;
}

/* False: that cannot be paid for. */
static bool
add_names(dp_issuers *issuers, dp_name base, const dp_names *names)
{
	bool is_known = add_name(issuers, base, true);

	for (size_t i = 0; names && i < names->count && is_known; i++)
		is_known = add_name(issuers, dp_name_of(&names->list[i]), true);
	return is_known;
}

/* The same where no star stands for a name. */
static bool
add_identity(dp_issuers *issuers, dp_name base, dp_name identity)
{
	return add_name(issuers, base, false) &&
	       (dp_name_equal(base, identity) || add_name(issuers, identity, false));
}

/* The same of an address, which stands for all names. */
static bool
add_address(dp_issuers *issuers, danepriv_span address)
{
	if (!pay_for_names(issuers))
		return false;
	issuers->search.asked.is_by_address =
	    dp_reference_fits_address(&issuers->certificates[0], address);
	return true;
}

static void
read_names(dp_issuers *issuers, dp_name base, const dp_wanted *wanted)
{
	dp_path_asked *asked = &issuers->search.asked;
	/* Of one that cannot be read, or is too large, nobody knows whom it is for; no path begins
	 * with it. */
	bool is_known = issuers->certificates[0].standing >= DP_STANDING_CRITICAL;

	if (is_known && wanted->address.len > 0)
		is_known = add_address(issuers, wanted->address);
	else if (is_known && wanted->identity.octets)
		is_known = add_identity(issuers, base, wanted->identity);
	else if (is_known)
		is_known = add_names(issuers, base, wanted->names);
	issuers->is_named = asked->name_count > 0 || asked->is_by_address || !is_known;
	asked->names = issuers->names;
	asked->purposes = wanted->purposes;
}

/* Is it there already?  Few are as long as another and end like it; those are compared, which costs
 * what it costs. */
static bool
is_known(dp_issuers *issuers, danepriv_span item)
{
	for (size_t i = 0; i < issuers->count; i++) {
		danepriv_span known = issuers->certificates[i].fields.whole;
		if (known.len != item.len || known.data[item.len - 1] != item.data[item.len - 1])
			continue;
		if (!dp_account_pay(&issuers->search.work, item.len / DP_SAME_OCTETS_PER_WORK) ||
		    dp_span_equal(known, item))
			return true;
	}
	return false;
}

/* Takes what can be read of the list, as long as it can be paid for.  Anything else in it is of no
 * use to anybody. */
static void
read_certificates(dp_issuers *issuers, const danepriv_credential *credential)
{
	for (size_t i = 0; i < credential->count; i++) {
		danepriv_span item = credential->items[i];
		dp_subject *subject = &issuers->subjects[issuers->count];
		size_t price = DP_CERTIFICATE_WORK + item.len / DP_OCTETS_PER_WORK;
		if (is_known(issuers, item) ||
		    dp_subject_read(subject, DANEPRIV_CREDENTIAL_X509, item) != DANEPRIV_OK)
			continue;
		if (!dp_account_pay(&issuers->search.work, price) && issuers->count > 0)
			return;
		dp_profile_read(&subject->fields, &issuers->certificates[issuers->count]);
		issuers->count++;
	}
}

danepriv_status
dp_issuers_new(dp_issuers **out, const danepriv *ctx, const danepriv_credential *credential,
    dp_name base, const dp_wanted *wanted, danepriv_time now)
{
	/* No overflow: the count is within its bound. */
	dp_issuers *issuers = dp_alloc(
	    1, sizeof *issuers +
		   credential->count * (sizeof *issuers->subjects + sizeof *issuers->certificates));

	*out = issuers;
	if (!issuers)
		return DANEPRIV_ENOMEM;
	issuers->certificates = (dp_profile *)&issuers->subjects[credential->count];
	issuers->ctx = ctx;
	issuers->search.work = (uint64_t)ctx->max_work * DP_WORK_UNIT;
	issuers->is_whole = credential->type != DANEPRIV_CREDENTIAL_LEAF;
	read_certificates(issuers, credential);
	read_names(issuers, base, wanted);
	issuers->search.certificates = issuers->certificates;
	issuers->search.count = issuers->count;
	issuers->search.asked.now = now;
	issuers->search.asked.work = issuers->search.links.work = &issuers->search.work;
	issuers->search.links.crypto = ctx->crypto;
	issuers->search.steps = DP_PATH_STEPS_MAX;
	return DANEPRIV_OK;
}

void
dp_issuers_free(dp_issuers *issuers)
{
	if (issuers)
		dp_links_free(&issuers->search.links);
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

/* Is there no need for another, after the searches for this authority?  One that leads nowhere may
 * have a key with which nobody here can do anything.  Who shows what the record means, or publishes
 * it whole, says by its key that the record is of no use to us (RFC 7671 section 9): it is not the
 * peer's choice. */
static bool
settle(attempt *a, bool is_over, danepriv_span key)
{
	dp_path_result result;

	if (a->status != DANEPRIV_OK || a->best.result == DP_PATH_OK)
		return true;
	a->status = dp_link_issuer(&a->issuers->search.links, key, &result);
	a->is_unusable = a->status == DANEPRIV_OK && result == DP_PATH_KEY;
	return is_over || a->status != DANEPRIV_OK || a->is_unusable;
}

/* False: the rest cannot be paid for. */
static bool
pay(attempt *a, uint64_t price)
{
	if (dp_account_pay(&a->issuers->search.work, price))
		return true;
	a->is_tried = true;
	a->best.result = DP_PATH_LIMIT;
	return false;
}

/* Does the record mean this certificate of the peer's?  What that takes is paid for; false also
 * where it cannot be. */
static bool
means(attempt *a, size_t i)
{
	dp_subject *subject = &a->issuers->subjects[i];

	return pay(a, dp_subject_work(subject, a->record) / DP_OCTETS_PER_WORK) &&
	       dp_subject_matches(subject, a->record);
}

/* DANE-TA, one certificate.  Its own constraints hold (RFC 7671 section 5.2), and if it is of an
 * age that knows none, it has to be published whole. */
static bool
search_anchor(attempt *a, const dp_profile *anchor)
{
	dp_path_goal goal = { .anchors = anchor, .anchor_count = 1 };

	goal.old_anchor = a->record->selector == DP_TLSA_CERT;
	return settle(a, search(a, &goal), anchor->fields.spki);
}

/* Full data, with which the peer need not send the authority along (RFC 7671 sections 5.2.2 and
 * 5.2.3).  A path of none has no signature of the authority's on it. */
static void
search_published(attempt *a)
{
	dp_profile anchor = { .fields = { .spki = a->record->data } };
	dp_certificate fields;

	/* The peer's own key or certificate is no authority over itself here, either. */
	if (means(a, 0) || a->best.result == DP_PATH_LIMIT)
		return;
	if (a->record->selector == DP_TLSA_CERT) {
		if (dp_der_certificate(a->record->data, &fields) != DANEPRIV_OK)
			return;
		dp_profile_read(&fields, &anchor);
	}
	(void)search_anchor(a, &anchor);
	/* Nothing leads there, and the peer did not say that something does. */
	if (a->best.result == DP_PATH_NONE && a->issuers->is_named && !a->is_unusable)
		a->is_tried = false;
}

/* DANE-TA(2): the path ends in the authority that the record means (RFC 7671 section 5.2). */
static void
try_dane_ta(attempt *a)
{
	dp_issuers *issuers = a->issuers;

	/* The first one is the peer's own, and no authority over itself. */
	for (size_t i = 1; i < issuers->count; i++)
		if (means(a, i) && search_anchor(a, &issuers->certificates[i]))
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
		.anchors = roots->profiles, .anchor_count = roots->count, .old_anchor = true
	};

	if (means(a, 0))
		(void)search(a, &goal);
}

/* A path through this certificate of the peer's to a root; or one that goes through a root to this
 * certificate: whose roots hold an intermediate authority may not know who is above it, and the
 * record may mean that one (RFC 7671 section 5.4). */
static bool
search_through(attempt *a, const dp_profile *certificate)
{
	const dp_roots *roots = &a->issuers->ctx->roots;
	dp_path_goal below = { .anchors = roots->profiles,
		.anchor_count = roots->count,
		.through = certificate,
		.through_count = 1,
		.old_anchor = true };
	dp_path_goal above = { .anchors = certificate,
		.anchor_count = 1,
		.through = roots->profiles,
		.through_count = roots->count };

	bool is_over = search(a, &below);
	if (a->best.result == DP_PATH_OK)
		a->best.depth = a->best.through;
	if (!is_over)
		is_over = search(a, &above);
	return settle(a, is_over, certificate->fields.spki);
}

/* Could this root be the end of a path? */
static bool
is_an_issuer(const dp_issuers *issuers, const dp_profile *root)
{
	for (size_t i = 0; i < issuers->count; i++)
		if (dp_profile_names_issuer(&issuers->certificates[i], root))
			return true;
	return false;
}

/* PKIX-TA(0): a path goes to a root, and through what the record means (RFC 7671 section 5.4). */
static void
try_pkix_ta(attempt *a)
{
	const dp_roots *roots = &a->issuers->ctx->roots;

	for (size_t i = 1; i < a->issuers->count; i++)
		if (means(a, i) && search_through(a, &a->issuers->certificates[i]))
			return;
	if (!pay(a, roots->count / DP_COMPARISONS_PER_WORK))
		return;
	for (size_t i = 0; i < roots->count; i++) {
		const dp_profile *root = &roots->profiles[i];
		dp_path_goal goal = { .anchors = root, .anchor_count = 1, .old_anchor = true };
		if (dp_subject_matches(&roots->subjects[i], a->record) &&
		    is_an_issuer(a->issuers, root) &&
		    settle(a, search(a, &goal), root->fields.spki))
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
	case DP_PATH_KEY:
		return DANEPRIV_RECORD_REASON_KEY;
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

/* Could certificates that were not shown still make the record match?  What the peer's own decides
 * stays what it is: whom it is for, that it is not the one that usage 1 means, and what it comes to
 * on any path. */
static bool
could_still_match(attempt *a)
{
	const dp_issuers *issuers = a->issuers;

	if (issuers->is_whole || a->is_unusable || a->best.result >= DP_PATH_LIMIT ||
	    (a->record->usage == DP_TLSA_PKIX_EE && !a->is_tried))
		return false;
	a->is_tried = true;
	if (!issuers->is_named)
		return false;
	dp_path_result own = dp_path_judge_end(&issuers->certificates[0], &issuers->search.asked);
	if (own != DP_PATH_OK)
		a->best.result = own;
	return own == DP_PATH_OK;
}

danepriv_status
dp_issuers_try(dp_issuers *issuers, const dp_tlsa *record, danepriv_record_verdict *verdict,
    danepriv_time *until)
{
	attempt a = { .issuers = issuers, .record = record };

	if (!pay(&a, 1 + issuers->count / DP_CERTIFICATES_PER_WORK))
		a.best.result = DP_PATH_LIMIT;
	else if (record->usage == DP_TLSA_DANE_TA)
		try_dane_ta(&a);
	else if (record->usage == DP_TLSA_PKIX_EE)
		try_pkix_ee(&a);
	else if (record->usage == DP_TLSA_PKIX_TA)
		try_pkix_ta(&a);
	if (a.status != DANEPRIV_OK)
		return a.status;
	if (could_still_match(&a)) {
		verdict->judgement = DANEPRIV_JUDGEMENT_UNTRIED;
		verdict->reason = DANEPRIV_RECORD_REASON_NOT_SHOWN;
		return DANEPRIV_OK;
	}
	verdict->judgement =
	    a.is_unusable ? DANEPRIV_JUDGEMENT_UNUSABLE : DANEPRIV_JUDGEMENT_NO_MATCH;
	verdict->reason = a.is_unusable ? DANEPRIV_RECORD_REASON_KEY : reason_of(&a);
	if (a.best.result != DP_PATH_OK)
		return DANEPRIV_OK;
	verdict->judgement = DANEPRIV_JUDGEMENT_MATCH;
	verdict->depth = record->usage == DP_TLSA_PKIX_EE ? 0 : a.best.depth;
	*until = a.best.valid_until;
	return DANEPRIV_OK;
}
