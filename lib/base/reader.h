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

/* These are in every loop of every parser, and cost more to call than to do. */

static inline dp_reader
dp_reader_over(danepriv_span input)
{
	static const uint8_t nothing[1] = { 0 }; /* NULL + 0 is undefined in C */
	dp_reader none = { nothing, 0, 0, false };
	dp_reader r = { input.data, input.len, 0, false };

	return input.data ? r : none;
}

/* Octets that are left to read; none after a failure. */
static inline size_t
dp_reader_left(const dp_reader *r)
{
	return r->failed ? 0 : r->len - r->at;
}

/* Nothing was read past the end ... */
static inline bool
dp_reader_ok(const dp_reader *r)
{
	return !r->failed;
}

/* ... and nothing is left. */
static inline bool
dp_reader_done(const dp_reader *r)
{
	return !r->failed && r->at == r->len;
}

static inline void
dp_reader_fail(dp_reader *r)
{
	r->failed = true;
}

uint8_t dp_read_u8(dp_reader *r);
uint16_t dp_read_u16(dp_reader *r); /* big-endian, like the rest */
uint32_t dp_read_u32(dp_reader *r);
danepriv_span dp_read_span(dp_reader *r, size_t len); /* borrows from the input */
danepriv_span dp_read_rest(dp_reader *r);

#endif
