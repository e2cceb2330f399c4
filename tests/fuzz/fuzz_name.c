/* SPDX-License-Identifier: BSD-2-Clause
 * Is any name read, out of messages and out of text?  Input: an octet that says where the name
 * begins; the message. */
#include "base/reader.h"
#include "dns/name.h"
#include "support/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* What was read must be well-formed, and the same after having been written and read again. */
static void
check(dp_name name)
{
	char text[DP_NAME_TEXT_MAX];
	dp_name_store again;
	dp_reader r = dp_reader_over((danepriv_span){ name.octets, name.len });

	if (dp_name_read(&r).len != name.len || !dp_reader_done(&r))
		abort();
	if (dp_name_to_text(name, text, sizeof text) >= sizeof text)
		abort();
	if (dp_name_from_text(text, &again) != DANEPRIV_OK || again.len != name.len ||
	    memcmp(again.octets, name.octets, name.len) != 0)
		abort();
	if (dp_name_labels(name) > DP_NAME_LABELS_MAX || dp_name_compare(name, name) != 0)
		abort();
	if (!dp_name_within(name, dp_name_parent(name)) ||
	    dp_name_below(dp_name_parent(name), name))
		abort();
}

static void
check_order(dp_name a, dp_name b)
{
	int there = dp_name_compare(a, b), back = dp_name_compare(b, a);

	if ((there > 0) != (back < 0) || (there == 0) != dp_name_equal(a, b))
		abort();
	if (dp_name_shared(a, b) != dp_name_shared(b, a))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	dp_name_store unpacked, read;
	char text[2048] = { 0 };
	size_t text_len = len < sizeof text ? len : sizeof text - 1;

	if (len == 0)
		return 0;
	dp_reader r = dp_reader_over((danepriv_span){ data + 1, len - 1 });
	(void)dp_read_span(&r, data[0]);
	memcpy(text, data, text_len);
	if (dp_name_unpack(&r, &unpacked) == DANEPRIV_OK)
		check(dp_name_of(&unpacked));
	if (dp_name_from_text(text, &read) == DANEPRIV_OK)
		check(dp_name_of(&read));
	if (unpacked.len && read.len)
		check_order(dp_name_of(&unpacked), dp_name_of(&read));
	return 0;
}
