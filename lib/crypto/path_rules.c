/* SPDX-License-Identifier: BSD-2-Clause
 * May these certificates stand in this order, up to this anchor?  (RFC 5280 section 6.1) */
#include "crypto/path_rules.h"

#include "crypto/constraints.h"
#include "crypto/profile.h"
#include "crypto/scheme.h"

bool
dp_path_is_bare(const dp_profile *anchor)
{
	return anchor->fields.whole.len == 0;
}

/* Of all results that stand against a path, the one that is told; bounds come before everything. */
static dp_path_result
worse(dp_path_result a, dp_path_result b)
{
	if (a == DP_PATH_LIMIT || b == DP_PATH_LIMIT)
		return DP_PATH_LIMIT;
	return a < b ? a : b;
}

/* The certificates one by one: what they have in them, purposes and dates.  Lowers *until. */
static dp_path_result
judge_certificate(const dp_profile *certificate, uint8_t purposes, const dp_path_asked *asked,
    danepriv_time *until)
{
	if (certificate->standing == DP_STANDING_LIMIT)
		return DP_PATH_LIMIT;
	if (certificate->standing != DP_STANDING_GOOD)
		return DP_PATH_CONSTRAINTS;
	if ((purposes & asked->purposes) == 0)
		return DP_PATH_PURPOSE;
	if (asked->now < certificate->from || asked->now > certificate->valid_until)
		return DP_PATH_DATES;
	if (certificate->valid_until < *until)
		*until = certificate->valid_until;
	return DP_PATH_OK;
}

/* By how it was signed, whoever did it. */
static dp_path_result
judge_scheme(const dp_profile *certificate)
{
	danepriv_scheme scheme;
	danepriv_status status = dp_scheme_read(certificate->algorithm, &scheme);

	if (status == DANEPRIV_OK)
		return DP_PATH_OK;
	return status == DANEPRIV_ELIMIT ? DP_PATH_WEAK : DP_PATH_NONE;
}

dp_path_result
dp_path_judge_end(const dp_profile *leaf, const dp_path_asked *asked)
{
	danepriv_time until = INT64_MAX;

	if (leaf->standing == DP_STANDING_MALFORMED)
		return DP_PATH_NONE;
	dp_path_result result = judge_certificate(leaf, leaf->may_end, asked, &until);
	if (result == DP_PATH_LIMIT)
		return result;
	result = worse(result, judge_scheme(leaf));
	return worse(result, dp_link_key(leaf->fields.spki));
}

static dp_path_result
judge_certificates(const dp_path *path, const dp_path_asked *asked, danepriv_time *until)
{
	const dp_profile *leaf = path->list[0];

	*until = INT64_MAX;
	dp_path_result result = judge_certificate(leaf, leaf->may_end, asked, until);
	for (size_t i = 1; i < path->len; i++)
		result = worse(result,
		    judge_certificate(path->list[i], path->list[i]->may_lead, asked, until));
	if (dp_path_is_bare(path->anchor))
		return result;
	return worse(result, judge_certificate(path->anchor, path->anchor->may_lead, asked, until));
}

/* Authorities (section 6.1.4 (k) to (n)) */

/* `below`: authorities between this one and the end entity, without those that are self-issued. */
static bool
may_issue(const dp_profile *authority, size_t below)
{
	return authority->is_authority && authority->may_sign && below <= authority->path_len;
}

/* Section 6.1.4 (k): what does not say that it is an authority has to be known as one by other
 * means.  That is so for a certificate that is published or configured whole. */
static bool
anchor_may_issue(const dp_path *path, size_t below)
{
	if (dp_path_is_bare(path->anchor))
		return true;
	if (path->anchor->version < 3)
		return path->old_anchor;
	return may_issue(path->anchor, below);
}

static dp_path_result
judge_authorities(const dp_path *path)
{
	size_t below = 0;

	for (size_t i = 1; i < path->len; i++) {
		if (!may_issue(path->list[i], below))
			return DP_PATH_CONSTRAINTS;
		below += !path->list[i]->is_self_issued;
	}
	return anchor_may_issue(path, below) ? DP_PATH_OK : DP_PATH_CONSTRAINTS;
}

/* Name constraints (section 6.1.3 (b) and (c)) */

/* The authority above the `below` certificates that come first; NULL: a bare key. */
static const dp_profile *
authority_at(const dp_path *path, size_t below)
{
	if (below < path->len)
		return path->list[below];
	return dp_path_is_bare(path->anchor) ? NULL : path->anchor;
}

/* Certificates by which an authority speaks of itself are left out, but for the last one. */
static dp_permission
permits_certificates(
    const dp_path *path, const dp_profile *authority, size_t below, dp_path_asked *asked)
{
	dp_permission permission = DP_PERMISSION_YES;

	for (size_t i = 0; i < below && permission == DP_PERMISSION_YES; i++)
		if (i == 0 || !path->list[i]->is_self_issued)
			permission = dp_constraints_permit(authority, path->list[i], asked->work);
	return permission;
}

/* Does every authority of the path permit the server's name?  A star may be for more than that. */
static dp_permission
permits_name(const dp_path *path, dp_name name, dp_path_asked *asked)
{
	dp_permission permission = DP_PERMISSION_YES;

	for (size_t i = 1; i <= path->len && permission == DP_PERMISSION_YES; i++) {
		const dp_profile *authority = authority_at(path, i);
		if (authority)
			permission = dp_constraints_permit_name(authority, name, asked->work);
	}
	return permission;
}

/* One of the names has to be permitted; one that is not does not hide another.  An address stands in
 * the certificate as it is, and was held against the constraints with all that stands there. */
static dp_permission
permits_a_name(const dp_path *path, dp_path_asked *asked)
{
	dp_permission permission = asked->is_by_address ? DP_PERMISSION_YES : DP_PERMISSION_NO;

	for (size_t i = 0; i < asked->name_count && permission == DP_PERMISSION_NO; i++)
		permission = permits_name(path, asked->names[i], asked);
	return permission;
}

static dp_path_result
judge_names(const dp_path *path, dp_path_asked *asked)
{
	dp_permission permission = DP_PERMISSION_YES;

	for (size_t i = 1; i <= path->len && permission == DP_PERMISSION_YES; i++) {
		const dp_profile *authority = authority_at(path, i);
		if (authority)
			permission = permits_certificates(path, authority, i, asked);
	}
	if (permission == DP_PERMISSION_YES)
		permission = permits_a_name(path, asked);
	if (permission == DP_PERMISSION_LIMIT)
		return DP_PATH_LIMIT;
	return permission == DP_PERMISSION_YES ? DP_PATH_OK : DP_PATH_CONSTRAINTS;
}

dp_path_result
dp_path_judge(const dp_path *path, dp_path_asked *asked, danepriv_time *until)
{
	dp_path_result result = judge_certificates(path, asked, until);

	if (result != DP_PATH_LIMIT)
		result = worse(result, judge_authorities(path));
	if (result != DP_PATH_LIMIT)
		result = worse(result, judge_names(path, asked));
	return result;
}
