/* SPDX-License-Identifier: BSD-2-Clause
 * Which record should an owner publish for this certificate or key?  (RFC 6698 section 2.1) */
#include "base/buffer.h"
#include "crypto/credential.h"
#include "crypto/subject.h"
#include "dns/tlsa.h"

#define RDATA_OCTETS_MAX 65535

danepriv_status
danepriv_credential_record(const danepriv_credential *credential, uint8_t usage, uint8_t selector,
    uint8_t matching, uint8_t *rdata, size_t room, size_t *needed)
{
	dp_subject subject;

	if (needed)
		*needed = 0;
	danepriv_status status = dp_credential_check(credential, NULL);
	if (status != DANEPRIV_OK)
		return status;
	if (usage > DP_TLSA_DANE_EE || selector > DP_TLSA_SPKI || matching > DP_TLSA_SHA512 ||
	    (!rdata && room > 0))
		return DANEPRIV_EINVAL;
	if (credential->type == DANEPRIV_CREDENTIAL_RAW_KEY &&
	    (usage != DP_TLSA_DANE_EE || selector != DP_TLSA_SPKI))
		return DANEPRIV_EINVAL;
	status = dp_subject_read(&subject, credential->type, credential->items[0]);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_span data = dp_subject_data(&subject, selector, matching);
	if (data.len == 0)
		return DANEPRIV_EADAPTER;
	size_t len = 3 + data.len;
	if (needed)
		*needed = len;
	if (len > room || len > RDATA_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	dp_buffer b = dp_buffer_over(rdata, room);
	dp_write_u8(&b, usage);
	dp_write_u8(&b, selector);
	dp_write_u8(&b, matching);
	dp_write_span(&b, data);
	return b.status;
}
