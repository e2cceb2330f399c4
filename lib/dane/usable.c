/* SPDX-License-Identifier: BSD-2-Clause
 * Which of these records could be judged at all, whatever the peer presents?  (RFC 6698 section
 * 4.1, RFC 7671 section 9)
 *
 * First every record is read; then, among the usable ones, weaker digests give way to stronger. */
#include "dane/usable.h"

#include "base/bounds.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/subject.h"

_Static_assert(DP_MESSAGE_OCTETS_MAX <= UINT16_MAX, "the length of an RDATA fits");

dp_association
dp_association_of(danepriv_span rdata)
{
	dp_association a = { .octets = rdata.data, .len = (uint16_t)rdata.len };

	return a;
}

danepriv_span
dp_association_rdata(const dp_association *association)
{
	danepriv_span rdata = { association->octets, association->len };

	return rdata;
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

/* Reads a record.  Why it cannot be judged, if so. */
static danepriv_record_reason
read_record(dp_association *a)
{
	dp_tlsa t;

	danepriv_status status = dp_tlsa_parse(dp_association_rdata(a), &t);
	a->usage = t.usage;
	a->selector = t.selector;
	a->matching = t.matching;
	if (status != DANEPRIV_OK)
		return DANEPRIV_RECORD_REASON_MALFORMED;
	/* The private values (255 of each field) are nobody's in particular, and so unknown. */
	if (t.usage > DP_TLSA_DANE_EE)
		return DANEPRIV_RECORD_REASON_USAGE;
	if (t.selector != DP_TLSA_CERT && t.selector != DP_TLSA_SPKI)
		return DANEPRIV_RECORD_REASON_SELECTOR;
	dp_digest_type digest = dp_subject_digest(t.matching);
	if (digest == DP_DIGEST_NONE && t.matching != DP_TLSA_FULL)
		return DANEPRIV_RECORD_REASON_MATCHING;
	if (digest != DP_DIGEST_NONE && t.data.len != dp_digest_len(digest))
		return DANEPRIV_RECORD_REASON_DIGEST_LENGTH;
	if (digest == DP_DIGEST_NONE && !full_data_is_sound(&t))
		return DANEPRIV_RECORD_REASON_DATA;
	return DANEPRIV_RECORD_REASON_NONE;
}

/* Digest agility (RFC 7671 section 9): in each pair of usage and selector the strongest digest that
 * is there and usable silences the weaker ones.  Full data is no digest: it neither silences nor is
 * silenced.  Later matching types count as stronger, which holds for the two there are.  That roots
 * may be missing makes no difference: it concerns all of a usage, and so none of a pair alone. */
static void
suppress_weaker_digests(dp_association *list, size_t count)
{
	uint8_t strongest[DP_TLSA_DANE_EE + 1][DP_TLSA_SPKI + 1] = { { DP_TLSA_FULL } };

	for (size_t i = 0; i < count; i++) {
		const dp_association *a = &list[i];
		if (a->judgement == DANEPRIV_JUDGEMENT_UNTRIED &&
		    a->matching > strongest[a->usage][a->selector])
			strongest[a->usage][a->selector] = a->matching;
	}
	for (size_t i = 0; i < count; i++) {
		dp_association *a = &list[i];
		if (a->judgement == DANEPRIV_JUDGEMENT_UNTRIED && a->matching != DP_TLSA_FULL &&
		    a->matching < strongest[a->usage][a->selector])
			a->judgement = DANEPRIV_JUDGEMENT_SUPPRESSED;
	}
}

void
dp_associations_read(dp_association *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		danepriv_record_reason reason = read_record(&list[i]);
		list[i].reason = (uint8_t)reason;
		list[i].judgement =
		    reason ? DANEPRIV_JUDGEMENT_UNUSABLE : DANEPRIV_JUDGEMENT_UNTRIED;
	}
	suppress_weaker_digests(list, count);
}
