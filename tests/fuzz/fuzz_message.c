/* SPDX-License-Identifier: BSD-2-Clause
 * Is any DNS message read within its octets?  What comes out of one must be records that parse. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/message.h"
#include "dns/rr.h"
#include "support/fuzz.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	dp_buffer records = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX);
	dp_message m;
	danepriv_status status = dp_message_unpack((danepriv_span){ data, len }, &m, &records);

	if (status != DANEPRIV_OK && records.len > 0)
		abort();
	dp_reader r = dp_reader_over(dp_buffer_span(&records));
	while (dp_reader_left(&r) > 0) {
		dp_rr rr;
		if (!dp_rr_read(&r, &rr) || !dp_rr_type_is_understood(rr.type) ||
		    rr.class != DP_CLASS_IN)
			abort();
	}
	dp_buffer_free(&records);
	return 0;
}
