/* SPDX-License-Identifier: BSD-2-Clause
 * Does a path lead from the peer's certificate to one that is trusted?  (RFC 5280 section 6, RFC
 * 4158)
 *
 * Names and octets are compared first, which costs nothing; only a whole path goes to GnuTLS. */
#include "crypto/path.h"

#include "base/bounds.h"
#include "base/span.h"
#include "crypto/certificate.h"

typedef struct walk {
	dp_path_search *search;
	const dp_path_goal *goal;
	dp_path_found *found;
	danepriv_status status;
	dp_certificate path[DP_PATH_MAX]; /* the peer's own, its issuer, ... without the anchor */
	size_t len;
} walk;

/* Only a key is known of it. */
static bool
is_bare(const dp_certificate *anchor)
{
	return anchor->whole.len == 0;
}

static bool
is_on_path(const walk *w, const dp_certificate *certificate)
{
	for (size_t i = 0; i < w->len; i++)
		if (dp_span_equal(w->path[i].whole, certificate->whole))
			return true;
	return false;
}

/* By its name, could it have issued the certificate on top?  Octet by octet, as GnuTLS does. */
static bool
could_have_issued(const walk *w, const dp_certificate *issuer)
{
	return dp_span_equal(w->path[w->len - 1].issuer, issuer->subject) && !is_on_path(w, issuer);
}

/* Is it one of those that the path has to go through? */
static bool
is_wanted(const dp_path_goal *goal, const dp_certificate *certificate)
{
	for (size_t i = 0; i < goal->through_count; i++)
		if (dp_span_equal(goal->through[i].whole, certificate->whole))
			return true;
	return false;
}

/* Where the path, with this anchor at its end, goes through what is wanted; 0: nowhere. */
static unsigned
depth_of_wanted(const walk *w, const dp_certificate *anchor)
{
	if (!w->goal->through || is_wanted(w->goal, anchor))
		return (unsigned)w->len;
	for (size_t i = 1; i < w->len; i++)
		if (is_wanted(w->goal, &w->path[i]))
			return (unsigned)i;
	return 0;
}

/* Dates, purposes and sizes, of one certificate; lowers *until. */
static dp_path_result
judge_certificate(
    const walk *w, const dp_certificate *certificate, bool end_entity, danepriv_time *until)
{
	danepriv_time from, last;

	if (certificate->whole.len > DP_CERTIFICATE_OCTETS_MAX ||
	    dp_certificate_name_count(certificate) > DP_CERTIFICATE_NAMES_MAX)
		return DP_PATH_LIMIT;
	if (!dp_certificate_is_for_servers(certificate, end_entity))
		return DP_PATH_PURPOSE;
	if (dp_certificate_dates(certificate, &from, &last) != DANEPRIV_OK ||
	    w->search->now < from || w->search->now > last)
		return DP_PATH_DATES;
	if (last < *until)
		*until = last;
	return DP_PATH_OK;
}

/* The same of all of them. */
static dp_path_result
judge_certificates(const walk *w, const dp_certificate *anchor, danepriv_time *until)
{
	dp_path_result result = DP_PATH_OK;

	*until = INT64_MAX;
	for (size_t i = 0; i < w->len && result == DP_PATH_OK; i++)
		result = judge_certificate(w, &w->path[i], i == 0, until);
	if (result == DP_PATH_OK && !is_bare(anchor))
		result = judge_certificate(w, anchor, false, until);
	return result;
}

/* What GnuTLS takes for a certificate. */
static size_t
memory_of(const dp_certificate *certificate)
{
	if (certificate->whole.len > DP_CERTIFICATE_OCTETS_MAX)
		return DP_PATH_MEMORY_MAX + 1;
	return 2 * certificate->whole.len +
	       DP_ELEMENT_MEMORY * dp_certificate_element_count(certificate) +
	       DP_NAME_MEMORY * dp_certificate_name_count(certificate);
}

/* Does it take more than it may for all of the path?  It makes a copy of the anchor; and of a bare
 * key, a certificate is made with the name that the last one has for its issuer. */
static bool
is_too_large(const walk *w, const dp_certificate *anchor)
{
	const dp_certificate *last = is_bare(anchor) ? &w->path[w->len - 1] : anchor;
	size_t sum = 2 * memory_of(last) + 4 * (is_bare(anchor) ? anchor->spki.len : 0);

	for (size_t i = 0; i < w->len && sum <= DP_PATH_MEMORY_MAX; i++)
		sum += memory_of(&w->path[i]);
	return sum > DP_PATH_MEMORY_MAX;
}

/* The signatures come first in what is told: nobody's dates matter who is not issued by the
 * authority that is meant. */
static dp_path_result
judge_path(walk *w, const dp_certificate *anchor, danepriv_time *until)
{
	dp_chain chain = { w->path, w->len, anchor, w->goal->old_anchor };
	dp_path_result verified, result = judge_certificates(w, anchor, until);

	if (result == DP_PATH_LIMIT || w->search->work < w->len || is_too_large(w, anchor))
		return DP_PATH_LIMIT;
	w->search->work -= (uint32_t)w->len;
	w->status = dp_chain_verify(&chain, &verified);
	return verified == DP_PATH_OK ? result : verified;
}

/* GnuTLS leaves a self-issued certificate at the end of a list out, and so would verify another
 * path than this one.  None ends in such a one, therefore; below other authorities they are fine.
 */
static bool
can_be_verified(const walk *w)
{
	const dp_certificate *last = &w->path[w->len - 1];

	return w->len == 1 || !dp_span_equal(last->issuer, last->subject);
}

/* True: there is no need to look further. */
static bool
try_anchor(walk *w, const dp_certificate *anchor)
{
	danepriv_time until;
	unsigned through = depth_of_wanted(w, anchor);

	if (through == 0 || (!is_bare(anchor) && !could_have_issued(w, anchor)))
		return false;
	dp_path_result result = judge_path(w, anchor, &until);
	if (w->status != DANEPRIV_OK)
		return true;
	if (result > w->found->result)
		w->found->result = result;
	if (result == DP_PATH_OK) {
		w->found->depth = (unsigned)w->len;
		w->found->through = through;
		w->found->until = until;
	}
	return result >= DP_PATH_LIMIT;
}

static bool
try_anchors(walk *w)
{
	if (!can_be_verified(w))
		return false;
	for (size_t i = 0; i < w->goal->anchor_count; i++)
		if (try_anchor(w, &w->goal->anchors[i]))
			return true;
	return false;
}

/* Puts each certificate on top that could be there, and goes on from it.  As deep as DP_PATH_MAX,
 * as often as there are steps.  True: there is no need to look further. */
static bool
climb(walk *w)
{
	if (try_anchors(w))
		return true;
	if (w->len == DP_PATH_MAX)
		return false;
	for (size_t i = 1; i < w->search->count; i++) {
		const dp_certificate *next = &w->search->certificates[i];
		if (!could_have_issued(w, next))
			continue;
		if (w->search->steps == 0) {
			w->found->result = DP_PATH_LIMIT;
			return true;
		}
		w->search->steps--;
		w->path[w->len++] = *next;
		bool done = climb(w);
		w->len--;
		if (done)
			return true;
	}
	return false;
}

danepriv_status
dp_path_find(dp_path_search *search, const dp_path_goal *goal, dp_path_found *out)
{
	walk w = { .search = search, .goal = goal, .found = out };

	out->result = DP_PATH_NONE;
	out->depth = out->through = 0;
	out->until = INT64_MIN;
	if (search->count == 0)
		return DANEPRIV_OK;
	w.path[0] = search->certificates[0];
	w.len = 1;
	(void)climb(&w);
	if (w.status != DANEPRIV_OK)
		out->result = DP_PATH_NONE;
	return w.status;
}
