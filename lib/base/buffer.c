/* SPDX-License-Identifier: BSD-2-Clause
 * How are octets put together? */
#include "base/buffer.h"

#include "base/alloc.h"

#include <string.h>

#define SMALLEST 512

dp_buffer
dp_buffer_over(void *memory, size_t room)
{
	dp_buffer b = { memory, 0, room, 0, DANEPRIV_OK };

	return b;
}

dp_buffer
dp_buffer_growing(size_t bound)
{
	dp_buffer b = { NULL, 0, 0, bound, DANEPRIV_OK };

	return b;
}

void
dp_buffer_free(dp_buffer *b)
{
	if (b->bound)
		dp_free(b->data);
	memset(b, 0, sizeof *b);
}

void
dp_buffer_begin(dp_buffer *b, size_t len)
{
	b->len = 0;
	if (b->status != DANEPRIV_OK || len <= b->room)
		return;
	dp_free(b->data);
	b->data = NULL;
	b->room = 0;
	if (len > b->bound) {
		b->status = DANEPRIV_ELIMIT;
		return;
	}
	size_t room = len > SMALLEST ? len : SMALLEST;
	b->data = dp_realloc(NULL, room, 1);
	if (b->data)
		b->room = room;
	else
		b->status = DANEPRIV_ENOMEM;
}

/* Makes room for `len` more octets; false, and the status set, when there is none. */
static bool
reserve(dp_buffer *b, size_t len)
{
	if (b->status != DANEPRIV_OK)
		return false;
	if (len <= b->room - b->len)
		return true;
	if (len > b->bound || b->len > b->bound - len) {
		b->status = DANEPRIV_ELIMIT;
		return false;
	}
	size_t room = b->room ? b->room : SMALLEST;
	while (room < b->len + len)
		room *= 2;
	if (room > b->bound)
		room = b->bound;
	uint8_t *data = dp_realloc(b->data, room, 1);
	if (!data) {
		b->status = DANEPRIV_ENOMEM;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

void
dp_write(dp_buffer *b, const void *data, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
dp_write_span(dp_buffer *b, danepriv_span s)
{
	dp_write(b, s.data, s.len);
}

void
dp_write_u8(dp_buffer *b, uint8_t value)
{
	dp_write(b, &value, 1);
}

void
dp_write_u16(dp_buffer *b, uint16_t value)
{
	uint8_t octets[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	dp_write(b, octets, sizeof octets);
}

void
dp_write_u32(dp_buffer *b, uint32_t value)
{
	dp_write_u16(b, (uint16_t)(value >> 16));
	dp_write_u16(b, (uint16_t)value);
}

void
dp_buffer_patch_u16(dp_buffer *b, size_t at, uint16_t value)
{
	if (b->status != DANEPRIV_OK || b->len < 2 || at > b->len - 2)
		return;
	b->data[at] = (uint8_t)(value >> 8);
	b->data[at + 1] = (uint8_t)value;
}

danepriv_span
dp_buffer_span(const dp_buffer *b)
{
	danepriv_span s = { b->data, b->len };

	return s;
}
