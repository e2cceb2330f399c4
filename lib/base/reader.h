/* SPDX-License-Identifier: BSD-2-Clause
 * How is foreign input read without ever leaving it?  A sticky reader: read all fields, ask once.
 */
#ifndef DP_BASE_READER_H
#define DP_BASE_READER_H

#include <danepriv/status.h>
#include <stdbool.h>

typedef struct dp_reader {
	const uint8_t *data;
	size_t len;
	size_t at;
	bool failed; /* a read went past the end; all later ones give zero */
} dp_reader;

dp_reader dp_reader_over(danepriv_span input);
uint8_t dp_read_u8(dp_reader *r);
uint16_t dp_read_u16(dp_reader *r); /* big-endian, like the rest */
uint32_t dp_read_u32(dp_reader *r);
danepriv_span dp_read_span(dp_reader *r, size_t len); /* borrows from the input */
danepriv_span dp_read_rest(dp_reader *r);
size_t dp_reader_left(const dp_reader *r);
bool dp_reader_ok(const dp_reader *r);	 /* nothing was read past the end */
bool dp_reader_done(const dp_reader *r); /* ... and nothing is left */
void dp_reader_fail(dp_reader *r);

#endif
