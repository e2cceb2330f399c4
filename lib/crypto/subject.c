/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate or key the one that a record means?  (RFC 6698 section 2.1.2 and 2.1.3) */
#include "crypto/subject.h"

#include <string.h>

dp_digest_type
dp_subject_digest(uint8_t matching)
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
	if (type != DANEPRIV_CREDENTIAL_RAW_KEY)
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
	dp_digest_type type = dp_subject_digest(matching);
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
	return dp_digest_equal(
	    dp_subject_data(subject, record->selector, record->matching), record->data);
}

size_t
dp_subject_work(const dp_subject *subject, const dp_tlsa *record)
{
	danepriv_span part =
	    record->selector == DP_TLSA_SPKI ? subject->fields.spki : subject->fields.whole;

	if (record->selector > DP_TLSA_SPKI || record->matching > DP_TLSA_SHA512)
		return 0;
	if (record->matching == DP_TLSA_FULL)
		return part.len == record->data.len ? part.len : 0;
	return subject->known[record->selector][record->matching - DP_TLSA_SHA256] ? 0 : part.len;
}

bool
dp_subject_complete(dp_subject *subject)
{
	bool is_complete = true;

	for (uint8_t selector = DP_TLSA_CERT; selector <= DP_TLSA_SPKI; selector++)
		for (uint8_t matching = DP_TLSA_SHA256; matching <= DP_TLSA_SHA512; matching++)
			if (dp_subject_data(subject, selector, matching).len == 0)
				is_complete = false;
	return is_complete;
}
