/* SPDX-License-Identifier: BSD-2-Clause
 * Does a path lead from the peer's certificate to one that is trusted?  (RFC 5280 section 6, RFC
 * 4158)
 *
 * Names are compared first, which costs nothing, and then signatures: what nobody signed leads
 * nowhere, and is not followed. */
#include "crypto/path.h"

#include "base/account.h"
#include "base/bounds.h"
#include "crypto/profile.h"

#include <string.h>

typedef struct walk {
	dp_path_search *search;
	const dp_path_goal *goal;
	dp_path_found *found;
	danepriv_status status;
	dp_path path;
	/* What the signatures and keys come to up to each certificate: OK, KEY or WEAK.  One that
	 * cannot be verified is followed all the same, so as to tell what a path fails for. */
	dp_path_result links[DP_PATH_MAX];
} walk;

static const dp_profile *
top_of(const walk *w)
{
	return w->path.list[w->path.len - 1];
}

/* The peer's certificates are all different. */
static bool
is_on_path(const walk *w, const dp_profile *certificate)
{
	for (size_t i = 0; i < w->path.len; i++)
		if (w->path.list[i] == certificate)
			return true;
	return false;
}

/* By its name, could it have issued the certificate on top? */
static bool
could_have_issued(const walk *w, const dp_profile *issuer)
{
	return issuer->standing != DP_STANDING_MALFORMED &&
	       dp_profile_names_issuer(top_of(w), issuer) && !is_on_path(w, issuer);
}

/* False: it costs more than is left. */
static bool
pay(walk *w, size_t price)
{
	if (dp_account_pay(&w->search->work, price))
		return true;
	w->found->result = DP_PATH_LIMIT;
	return false;
}

/* Did its key sign the certificate on top?  *out: what the path comes to with it.  False: it did
 * not, or there is no need to look further. */
static bool
has_issued(walk *w, const dp_profile *issuer, dp_path_result *out)
{
	dp_path_result below = w->links[w->path.len - 1];

	w->status = dp_link_verify(&w->search->links, top_of(w), issuer->fields.spki, out);
	if (w->status != DANEPRIV_OK || *out == DP_PATH_NONE)
		return false;
	if (*out == DP_PATH_LIMIT) {
		w->found->result = DP_PATH_LIMIT;
		return false;
	}
	if (below < *out)
		*out = below;
	return true;
}

/* There is no need to look further. */
static bool
is_over(const walk *w)
{
	return w->status != DANEPRIV_OK || w->found->result >= DP_PATH_LIMIT;
}

/* Is it one of those that the path has to go through? */
static bool
is_wanted(const walk *w, const dp_profile *certificate)
{
	for (size_t i = 0; i < w->goal->through_count; i++)
		if (dp_profile_is(&w->goal->through[i], certificate, &w->search->work))
			return true;
	return false;
}

/* Where the path, with this anchor at its end, goes through what is wanted; 0: nowhere. */
static unsigned
depth_of_wanted(walk *w, const dp_profile *anchor)
{
	if (!w->goal->through)
		return (unsigned)w->path.len;
	if (!pay(w, w->goal->through_count * w->path.len / DP_CERTIFICATES_PER_WORK))
		return 0;
	if (is_wanted(w, anchor))
		return (unsigned)w->path.len;
	for (size_t i = 1; i < w->path.len; i++)
		if (is_wanted(w, w->path.list[i]))
			return (unsigned)i;
	return 0;
}

/* Does the path hold the anchor already, from another list?  A certificate is no anchor of itself.
 */
static bool
holds(const walk *w, const dp_profile *anchor)
{
	for (size_t i = 0; i < w->path.len; i++)
		if (dp_profile_is(w->path.list[i], anchor, &w->search->work))
			return true;
	return false;
}

/* A whole path: what is told of it is what stands against it first.  Nobody's dates matter who is
 * not issued by the authority that is meant. */
static void
try_anchor(walk *w, const dp_profile *anchor)
{
	dp_path_result linked;
	danepriv_time until;

	if (!dp_path_is_bare(anchor) && (!could_have_issued(w, anchor) || holds(w, anchor)))
		return;
	unsigned through = depth_of_wanted(w, anchor);
	if (through == 0 || !has_issued(w, anchor, &linked))
		return;
	w->path.anchor = anchor;
	dp_path_result result = dp_path_judge(&w->path, &w->search->asked, &until);
	if (result != DP_PATH_LIMIT && linked < result)
		result = linked;
	if (result > w->found->result)
		w->found->result = result;
	if (result == DP_PATH_OK) {
		w->found->depth = (unsigned)w->path.len;
		w->found->through = through;
		w->found->valid_until = until;
	}
}

static void
try_anchors(walk *w)
{
	if (!pay(w, w->goal->anchor_count / DP_CERTIFICATES_PER_WORK))
		return;
	for (size_t i = 0; i < w->goal->anchor_count && !is_over(w); i++)
		try_anchor(w, &w->goal->anchors[i]);
}

/* A step is taken, unless there were too many. */
static bool
step(walk *w)
{
	if (w->search->steps == 0) {
		w->found->result = DP_PATH_LIMIT;
		return false;
	}
	w->search->steps--;
	return true;
}

/* Puts each certificate on top that could be there, and goes on from it.  As deep as DP_PATH_MAX,
 * as often as there are steps. */
static void
climb(walk *w)
{
	dp_path_result linked;

	try_anchors(w);
	if (is_over(w) || w->path.len == DP_PATH_MAX ||
	    !pay(w, w->search->count / DP_CERTIFICATES_PER_WORK))
		return;
	for (size_t i = 1; i < w->search->count && !is_over(w); i++) {
		const dp_profile *next = &w->search->certificates[i];
		if (!could_have_issued(w, next) || !step(w) || !has_issued(w, next, &linked))
			continue;
		w->links[w->path.len] = linked;
		w->path.list[w->path.len++] = next;
		climb(w);
		w->path.len--;
	}
}

danepriv_status
dp_path_find(dp_path_search *search, const dp_path_goal *goal, dp_path_found *out)
{
	walk w = { .search = search, .goal = goal, .found = out };

	out->result = DP_PATH_NONE;
	out->depth = out->through = 0;
	out->valid_until = INT64_MIN;
	if (search->count == 0 || search->certificates[0].standing == DP_STANDING_MALFORMED)
		return DANEPRIV_OK;
	if (search->certificates[0].standing == DP_STANDING_LIMIT)
		out->result = DP_PATH_LIMIT;
	if (out->result == DP_PATH_LIMIT || !step(&w))
		return DANEPRIV_OK;
	w.path.list[0] = &search->certificates[0];
	w.path.len = 1;
	w.path.old_anchor = goal->old_anchor;
	w.links[0] = dp_link_key(search->certificates[0].fields.spki);
	climb(&w);
	if (w.status != DANEPRIV_OK)
		out->result = DP_PATH_NONE;
	return w.status;
}
