/* SPDX-License-Identifier: BSD-2-Clause
 * How are octets put together?  A buffer with a sticky failure, over memory of the caller or over
 * memory that grows up to a bound. */
#ifndef DP_BASE_BUFFER_H
#define DP_BASE_BUFFER_H

#include <danepriv/status.h>
#include <stdbool.h>

typedef struct dp_buffer {
	uint8_t *data;
	size_t len;
	size_t room;
	size_t bound;		/* grows up to this; 0: memory of the caller, does not grow */
	danepriv_status status; /* the first failure: ENOMEM or ELIMIT; sticky */
} dp_buffer;

/* Over `room` octets of the caller. */
dp_buffer dp_buffer_over(void *memory, size_t room);
/* Empty, growing up to `bound` octets; release with dp_buffer_free. */
dp_buffer dp_buffer_growing(size_t bound);
void dp_buffer_free(dp_buffer *b);
/* Empties a growing buffer that is to take `len` octets: room for them is made at once, for hardly
 * more, and nothing is moved. */
void dp_buffer_begin(dp_buffer *b, size_t len);

void dp_write(dp_buffer *b, const void *data, size_t len);
void dp_write_span(dp_buffer *b, danepriv_span s);
void dp_write_u8(dp_buffer *b, uint8_t value);
void dp_write_u16(dp_buffer *b, uint16_t value);
void dp_write_u32(dp_buffer *b, uint32_t value);
/* Writes over two octets that are there already. */
void dp_buffer_patch_u16(dp_buffer *b, size_t at, uint16_t value);
danepriv_span dp_buffer_span(const dp_buffer *b);

#endif
