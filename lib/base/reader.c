/* SPDX-License-Identifier: BSD-2-Clause
 * How is foreign input read without ever leaving it? */
#include "base/reader.h"

danepriv_span
dp_read_span(dp_reader *r, size_t len)
{
	danepriv_span none = { NULL, 0 };

	if (dp_reader_left(r) < len) {
		r->failed = true;
		return none;
	}
	danepriv_span s = { r->data + r->at, len };
	r->at += len;
	return s;
}

danepriv_span
dp_read_rest(dp_reader *r)
{
	return dp_read_span(r, dp_reader_left(r));
}

uint8_t
dp_read_u8(dp_reader *r)
{
	danepriv_span s = dp_read_span(r, 1);

	return s.len ? s.data[0] : 0;
}

uint16_t
dp_read_u16(dp_reader *r)
{
	danepriv_span s = dp_read_span(r, 2);

	return s.len ? (uint16_t)((unsigned)s.data[0] << 8 | s.data[1]) : 0;
}

uint32_t
dp_read_u32(dp_reader *r)
{
	uint32_t high = dp_read_u16(r);

	return high << 16 | dp_read_u16(r);
}
