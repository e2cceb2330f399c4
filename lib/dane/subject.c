/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate or key the one that a record means?  (RFC 6698 section 2.1.2 and 2.1.3) */
#include "dane/subject.h"

#include <string.h>

dp_digest_type
dp_tlsa_digest(uint8_t matching)
{
	if (matching == DP_TLSA_SHA256)
		return DP_DIGEST_SHA256;
	return matching == DP_TLSA_SHA512 ? DP_DIGEST_SHA512 : DP_DIGEST_NONE;
}

danepriv_status
dp_subject_read(dp_subject *out, danepriv_credential_type type, danepriv_span item)
{
	const dp_certificate none = { 0 };

	/* The digests need no clearing: `known` tells which are there. */
	memset(out->known, 0, sizeof out->known);
	if (type == DANEPRIV_X509)
		return dp_der_certificate(item, &out->fields);
	out->fields = none;
	if (dp_der_spki_check(item) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->fields.spki = item;
	return DANEPRIV_OK;
}

/* Empty when the digest cannot be had. */
static danepriv_span
digest_of_part(dp_subject *subject, const danepriv_span *part, uint8_t selector, uint8_t matching)
{
	danepriv_span none = { NULL, 0 };
	dp_digest_type type = dp_tlsa_digest(matching);
	bool *known = &subject->known[selector][matching - DP_TLSA_SHA256];
	uint8_t *digest = subject->digests[selector][matching - DP_TLSA_SHA256];

	if (!*known)
		*known = dp_digest(type, *part, none, digest);
	if (!*known)
		return none;
	danepriv_span s = { digest, dp_digest_len(type) };
	return s;
}

danepriv_span
dp_subject_data(dp_subject *subject, uint8_t selector, uint8_t matching)
{
	danepriv_span none = { NULL, 0 };

	if (selector > DP_TLSA_SPKI || matching > DP_TLSA_SHA512)
		return none;
	const danepriv_span *part =
	    selector == DP_TLSA_SPKI ? &subject->fields.spki : &subject->fields.whole;
	if (part->len == 0 || matching == DP_TLSA_FULL)
		return *part;
	return digest_of_part(subject, part, selector, matching);
}

bool
dp_subject_matches(dp_subject *subject, const dp_tlsa *record)
{
	/* Empty spans are never equal: a part that is not there matches nothing. */
	return dp_equal_constant_time(
	    dp_subject_data(subject, record->selector, record->matching), record->data);
}
