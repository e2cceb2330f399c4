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

/* Borrows from the input. */
static inline danepriv_span
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

static inline danepriv_span
dp_read_rest(dp_reader *r)
{
	return dp_read_span(r, dp_reader_left(r));
}

static inline uint8_t
dp_read_u8(dp_reader *r)
{
	danepriv_span s = dp_read_span(r, 1);

	return s.len ? s.data[0] : 0;
}

/* Big-endian, like the rest. */
static inline uint16_t
dp_read_u16(dp_reader *r)
{
	danepriv_span s = dp_read_span(r, 2);

	return s.len ? (uint16_t)((unsigned)s.data[0] << 8 | s.data[1]) : 0;
}

static inline uint32_t
dp_read_u32(dp_reader *r)
{
	uint32_t high = dp_read_u16(r);

	return high << 16 | dp_read_u16(r);
}

#endif
