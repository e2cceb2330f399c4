/* SPDX-License-Identifier: BSD-2-Clause
 * Is this a credential as a peer can present one? */
#include "crypto/credential.h"

#include "base/alloc.h"
#include "base/bounds.h"

#include <stdbool.h>
#include <string.h>

static bool
type_is_known(danepriv_credential_type type)
{
	return type == DANEPRIV_CREDENTIAL_X509 || type == DANEPRIV_CREDENTIAL_RAW_KEY ||
	       type == DANEPRIV_CREDENTIAL_LEAF;
}

danepriv_status
dp_credential_check(const danepriv_credential *credential, size_t *octets)
{
	size_t sum = 0;

	if (!credential || !credential->items || credential->count == 0)
		return DANEPRIV_EINVAL;
	if (!type_is_known(credential->type))
		return DANEPRIV_EINVAL;
	/* A raw key comes alone (RFC 7250 section 3). */
	if (credential->type == DANEPRIV_CREDENTIAL_RAW_KEY && credential->count != 1)
		return DANEPRIV_EINVAL;
	if (credential->count > DP_CREDENTIAL_ITEMS_MAX)
		return DANEPRIV_ELIMIT;
	for (size_t i = 0; i < credential->count; i++) {
		danepriv_span item = credential->items[i];
		if (item.len == 0)
			return DANEPRIV_EMALFORMED;
		if (!item.data)
			return DANEPRIV_EINVAL;
		if (item.len > DP_CREDENTIAL_OCTETS_MAX - sum)
			return DANEPRIV_ELIMIT;
		sum += item.len;
	}
	if (octets)
		*octets = sum;
	return DANEPRIV_OK;
}

danepriv_status
dp_credential_copy(const danepriv_credential *credential, danepriv_credential **out)
{
	size_t octets;

	*out = NULL;
	danepriv_status status = dp_credential_check(credential, &octets);
	if (status != DANEPRIV_OK)
		return status;
	/* No overflow: both bounds are small. */
	size_t spans = credential->count * sizeof(danepriv_span);
	danepriv_credential *copy = dp_alloc(1, sizeof *copy + spans + octets);
	if (!copy)
		return DANEPRIV_ENOMEM;
	danepriv_span *items = (danepriv_span *)(copy + 1);
	uint8_t *at = (uint8_t *)(items + credential->count);
	for (size_t i = 0; i < credential->count; i++) {
		items[i].data = at;
		items[i].len = credential->items[i].len;
		memcpy(at, credential->items[i].data, items[i].len);
		at += items[i].len;
	}
	copy->type = credential->type;
	copy->items = items;
	copy->count = credential->count;
	*out = copy;
	return DANEPRIV_OK;
}
