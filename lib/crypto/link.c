/* SPDX-License-Identifier: BSD-2-Clause
 * Did this key sign that certificate? */
#include "crypto/link.h"

#include "base/account.h"
#include "base/alloc.h"
#include "base/bounds.h"
#include "base/span.h"
#include "crypto/keyhole.h"
#include "crypto/scheme.h"
#include "crypto/signature.h"

/* So many at first: most chains have three. */
#define ROOM_AT_FIRST 4

/* A key is ready for use in a tenth of the time that a verification with it takes. */
#define IMPORTS_PER_SIGNATURE 10

/* May a library see this key? */
static dp_path_result
read_key(danepriv_span spki, dp_key *out)
{
	danepriv_status status = dp_keyhole_spki(spki, out);

	if (status == DANEPRIV_ELIMIT && out->bits < DP_RSA_BITS_MIN)
		return DP_PATH_WEAK;
	return status == DANEPRIV_OK ? DP_PATH_OK : DP_PATH_KEY;
}

/* RFC 9325 section 4.5: 112 bits at the least, which all curves of ours have. */
static bool
is_weak(const dp_key *key)
{
	return (key->kind == DP_KEY_RSA || key->kind == DP_KEY_RSA_PSS) &&
	       key->bits < DP_RSA_STRONG_BITS_MIN;
}

dp_path_result
dp_link_key(danepriv_span spki)
{
	dp_key key;
	dp_path_result result = read_key(spki, &key);

	return result == DP_PATH_OK && is_weak(&key) ? DP_PATH_WEAK : result;
}

static const dp_link *
find(const dp_links *links, const dp_profile *certificate, danepriv_span spki)
{
	for (size_t i = 0; i < links->count; i++)
		if (links->list[i].certificate == certificate &&
		    dp_span_equal(links->list[i].key, spki))
			return &links->list[i];
	return NULL;
}

static danepriv_status
make_room(dp_links *links)
{
	size_t room = links->room > 0 ? 2 * links->room : ROOM_AT_FIRST;

	if (links->count < links->room)
		return DANEPRIV_OK;
	dp_link *list = dp_realloc(links->list, room, sizeof *list);
	if (!list)
		return DANEPRIV_ENOMEM;
	links->list = list;
	links->room = room;
	return DANEPRIV_OK;
}

/* A place for what is now found out, if it may still cost so much; else *out is LIMIT. */
static danepriv_status
begin(dp_links *links, uint32_t cost, dp_path_result *out)
{
	*out = DP_PATH_OK;
	if (!dp_account_pay(links->work, cost) || links->count == DP_PATH_SIGNATURES_MAX) {
		*out = DP_PATH_LIMIT;
		return DANEPRIV_OK;
	}
	return make_room(links);
}

/* Takes note of what a library said.  ENOMEM. */
static danepriv_status
end(dp_links *links, const dp_profile *certificate, danepriv_span spki, danepriv_status said,
    dp_path_result *out)
{
	if (said == DANEPRIV_ENOMEM)
		return said;
	if (said == DANEPRIV_EINVAL)
		*out = DP_PATH_KEY;
	else if (said != DANEPRIV_OK)
		*out = DP_PATH_NONE;
	else
		*out = dp_link_key(spki);
	links->list[links->count++] = (dp_link){ certificate, spki, *out };
	return DANEPRIV_OK;
}

static danepriv_status
verify(dp_links *links, const dp_profile *certificate, danepriv_span spki, danepriv_scheme scheme,
    dp_path_result *out)
{
	dp_key key;

	*out = read_key(spki, &key);
	if (*out != DP_PATH_OK)
		return DANEPRIV_OK;
	danepriv_status status = begin(links, dp_signature_cost(&key, certificate->tbs.len), out);
	if (status != DANEPRIV_OK || *out != DP_PATH_OK)
		return status;
	status = dp_signature_verify(
	    links->crypto, &key, spki, scheme, certificate->tbs, certificate->signature);
	return end(links, certificate, spki, status, out);
}

/* Anything that was asked of this key tells. */
static const dp_link *
find_key(const dp_links *links, danepriv_span spki)
{
	for (size_t i = 0; i < links->count; i++)
		if (dp_span_equal(links->list[i].key, spki))
			return &links->list[i];
	return NULL;
}

danepriv_status
dp_link_issuer(dp_links *links, danepriv_span spki, dp_path_result *out)
{
	const dp_link *known = find_key(links, spki);
	dp_key key;

	*out = read_key(spki, &key);
	if (known && known->result == DP_PATH_KEY)
		*out = DP_PATH_KEY;
	if (known || *out != DP_PATH_OK)
		return DANEPRIV_OK;
	danepriv_status status =
	    begin(links, dp_signature_cost(&key, 0) / IMPORTS_PER_SIGNATURE, out);
	if (status != DANEPRIV_OK || *out != DP_PATH_OK)
		return status;
	status = dp_signature_key_check(links->crypto, &key, spki);
	return end(links, NULL, spki, status, out);
}

danepriv_status
dp_link_verify(
    dp_links *links, const dp_profile *certificate, danepriv_span spki, dp_path_result *out)
{
	danepriv_scheme scheme;

	*out = DP_PATH_LIMIT;
	if (!dp_account_pay(links->work, 1 + links->count / DP_ITEMS_PER_WORK))
		return DANEPRIV_OK;
	const dp_link *known = find(links, certificate, spki);
	if (known)
		*out = known->result;
	/* Too large to be read. */
	if (known || certificate->signature.len == 0)
		return DANEPRIV_OK;
	danepriv_status status = dp_scheme_read(certificate->algorithm, &scheme);
	if (status == DANEPRIV_OK)
		return verify(links, certificate, spki, scheme, out);
	*out = status == DANEPRIV_ELIMIT ? DP_PATH_WEAK : DP_PATH_NONE;
	return DANEPRIV_OK;
}

void
dp_links_free(dp_links *links)
{
	dp_free(links->list);
	links->list = NULL;
	links->count = links->room = 0;
}
