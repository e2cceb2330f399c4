/* SPDX-License-Identifier: BSD-2-Clause
 * Could this record be judged at all, whatever the peer presents?  (RFC 6698 section 4.1, RFC 7671
 * section 9) */
#include "dane/usable.h"

#include "crypto/der.h"
#include "dane/subject.h"

/* These two need a path to an authority that the caller trusts (RFC 7671 section 4). */
static bool
usage_needs_roots(uint8_t usage)
{
	return usage == DP_TLSA_PKIX_TA || usage == DP_TLSA_PKIX_EE;
}

/* Full data has to be what the selector says (RFC 7671 section 9 counts it as unusable else). */
static bool
full_data_is_sound(const dp_tlsa *t)
{
	danepriv_span spki;

	if (t->selector == DP_TLSA_SPKI)
		return dp_der_spki_check(t->data) == DANEPRIV_OK;
	return dp_der_certificate_spki(t->data, &spki) == DANEPRIV_OK;
}

danepriv_record_reason
dp_tlsa_read_usable(danepriv_span rdata, bool have_roots, dp_tlsa *out)
{
	if (dp_tlsa_parse(rdata, out) != DANEPRIV_OK)
		return DANEPRIV_RECORD_REASON_MALFORMED;
	/* The private values (255 of each field) are nobody's in particular, and so unknown. */
	if (out->usage > DP_TLSA_DANE_EE)
		return DANEPRIV_RECORD_REASON_USAGE;
	if (out->selector != DP_TLSA_CERT && out->selector != DP_TLSA_SPKI)
		return DANEPRIV_RECORD_REASON_SELECTOR;
	dp_digest_type digest = dp_tlsa_digest(out->matching);
	if (digest == DP_DIGEST_NONE && out->matching != DP_TLSA_FULL)
		return DANEPRIV_RECORD_REASON_MATCHING;
	if (digest != DP_DIGEST_NONE && out->data.len != dp_digest_len(digest))
		return DANEPRIV_RECORD_REASON_DIGEST_LENGTH;
	if (digest == DP_DIGEST_NONE && !full_data_is_sound(out))
		return DANEPRIV_RECORD_REASON_DATA;
	if (usage_needs_roots(out->usage) && !have_roots)
		return DANEPRIV_RECORD_REASON_NO_ROOTS;
	return DANEPRIV_RECORD_REASON_NONE;
}
