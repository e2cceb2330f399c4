/* SPDX-License-Identifier: BSD-2-Clause
 * What does a TLSA record say?  (RFC 6698 section 2.1) */
#include "dns/tlsa.h"

#include "base/reader.h"

#include <string.h>

danepriv_status
dp_tlsa_parse(danepriv_span rdata, dp_tlsa *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->usage = dp_read_u8(&r);
	out->selector = dp_read_u8(&r);
	out->matching = dp_read_u8(&r);
	out->data = dp_read_rest(&r);
	if (dp_reader_done(&r) && out->data.len > 0)
		return DANEPRIV_OK;
	memset(out, 0, sizeof *out);
	return DANEPRIV_EMALFORMED;
}
