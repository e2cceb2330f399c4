/* SPDX-License-Identifier: BSD-2-Clause
 * Where does trust begin, and where was it taken back?  (RFC 4033 section 2, RFC 7646) */
#include "dnssec/anchor.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "dns/name.h"
#include "dns/rr.h"

#include <string.h>

const char dp_root_anchors[] =
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

/* Can anything be proven from this anchor?  EMALFORMED when it is none at all. */
static danepriv_status
judge_anchor(const dp_anchor *anchor, bool *useful)
{
	dp_dnskey key;
	dp_ds ds;

	*useful = false;
	if (anchor->type == DP_TYPE_DS) {
		if (dp_ds_parse(anchor->rdata, &ds) != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
		size_t len = dp_digest_len(dp_digest_ds(ds.digest_type));
		*useful = anchor->is_trusted && dp_pubkey_knows(ds.algorithm) && len > 0;
		return len > 0 && ds.digest.len != len ? DANEPRIV_EMALFORMED : DANEPRIV_OK;
	}
	if (dp_dnskey_parse(anchor->rdata, &key) != DANEPRIV_OK || !(key.flags & DP_DNSKEY_ZONE) ||
	    key.protocol != 3)
		return DANEPRIV_EMALFORMED;
	/* A revoked key never anchors (RFC 5011 section 2.1). */
	*useful =
	    anchor->is_trusted && !(key.flags & DP_DNSKEY_REVOKE) && dp_pubkey_knows(key.algorithm);
	return DANEPRIV_OK;
}

/* Takes over the anchor's RDATA, or frees it. */
static danepriv_status
add_anchor(dp_anchors *anchors, dp_anchor *anchor)
{
	bool useful;
	danepriv_status status = judge_anchor(anchor, &useful);

	if (status == DANEPRIV_OK && useful && anchors->count == DP_ANCHORS_MAX)
		status = DANEPRIV_ELIMIT;
	if (status != DANEPRIV_OK || !useful)
		goto out;
	dp_anchor *list = dp_realloc(anchors->list, anchors->count + 1, sizeof *list);
	if (!list) {
		status = DANEPRIV_ENOMEM;
		goto out;
	}
	anchors->list = list;
	list[anchors->count++] = *anchor;
	return DANEPRIV_OK;
out:
	dp_free((void *)(uintptr_t)anchor->rdata.data);
	return status;
}

danepriv_status
dp_anchors_read(dp_anchors *anchors, const char *text)
{
	danepriv_status status;
	dp_anchor anchor;

	/* Ends with the text: every round moves past a line. */
	while ((status = dp_anchor_read_line(&text, &anchor)) == DANEPRIV_OK) {
		status = add_anchor(anchors, &anchor);
		if (status != DANEPRIV_OK)
			return status;
	}
	if (status != DANEPRIV_ENOTFOUND)
		return status;
	return anchors->count > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

static danepriv_status
add_negative(dp_anchors *anchors, const char *name, size_t len)
{
	char text[DP_NAME_TEXT_MAX];
	dp_name_store store;

	if (len >= sizeof text)
		return DANEPRIV_EMALFORMED;
	memcpy(text, name, len);
	text[len] = '\0';
	if (dp_name_from_text(text, &store) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	if (anchors->negative_count == DP_ANCHORS_MAX)
		return DANEPRIV_ELIMIT;
	dp_name_store *list =
	    dp_realloc(anchors->negative, anchors->negative_count + 1, sizeof *list);
	if (!list)
		return DANEPRIV_ENOMEM;
	anchors->negative = list;
	list[anchors->negative_count++] = store;
	return DANEPRIV_OK;
}

danepriv_status
dp_anchors_read_negative(dp_anchors *anchors, const char *names)
{
	static const char white[] = " \t\r\n";

	for (names += strspn(names, white); *names; names += strspn(names, white)) {
		size_t len = strcspn(names, white);
		danepriv_status status = add_negative(anchors, names, len);
		if (status != DANEPRIV_OK)
			return status;
		names += len;
	}
	return DANEPRIV_OK;
}

void
dp_anchors_free(dp_anchors *anchors)
{
	for (size_t i = 0; i < anchors->count; i++)
		dp_free((void *)(uintptr_t)anchors->list[i].rdata.data);
	dp_free(anchors->list);
	dp_free(anchors->negative);
	memset(anchors, 0, sizeof *anchors);
}

dp_name
dp_anchors_closest(const dp_anchors *anchors, dp_name name)
{
	dp_name closest = { NULL, 0 };

	for (size_t i = 0; i < anchors->count; i++) {
		dp_name owner = dp_name_of(&anchors->list[i].owner);
		if (owner.len > closest.len && dp_name_within(name, owner))
			closest = owner;
	}
	return closest;
}

bool
dp_anchors_negate(const dp_anchors *anchors, dp_name name)
{
	dp_name closest = dp_anchors_closest(anchors, name);

	for (size_t i = 0; i < anchors->negative_count; i++) {
		dp_name negative = dp_name_of(&anchors->negative[i]);
		if (negative.len >= closest.len && dp_name_within(name, negative))
			return true;
	}
	return false;
}
