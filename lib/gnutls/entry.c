/* SPDX-License-Identifier: BSD-2-Clause
 * Where in this Certificate message is the server's proof?  (RFC 8446 section 4.4.2) */
#include "gnutls/entry.h"

#include "base/reader.h"

#include <string.h>

#define EXTENSION_HEAD 4 /* type and length */

static uint32_t
read_u24(dp_reader *r)
{
	uint32_t high = dp_read_u8(r);

	return high << 16 | dp_read_u16(r);
}

/* A vector: its length, then its octets; `inner` stands over those. */
static dp_reader
enter(dp_reader *r, size_t len)
{
	return dp_reader_over(dp_read_span(r, len));
}

/* The extensions of the first entry: certificate_request_context, then the list of entries, of
 * which the first is the end entity's. */
static dp_reader
enter_extensions(danepriv_span message, dp_reader *list)
{
	dp_reader r = dp_reader_over(message);

	(void)dp_read_span(&r, dp_read_u8(&r));
	*list = enter(&r, read_u24(&r));
	if (!dp_reader_done(&r))
		dp_reader_fail(list);
	(void)dp_read_span(list, read_u24(list));
	dp_reader extensions = enter(list, dp_read_u16(list));
	if (!dp_reader_ok(list))
		dp_reader_fail(&extensions);
	return extensions;
}

danepriv_span
dp_entry_first(danepriv_span message)
{
	dp_reader r = dp_reader_over(message);

	(void)dp_read_span(&r, dp_read_u8(&r));
	dp_reader list = enter(&r, read_u24(&r));
	if (!dp_reader_done(&r))
		dp_reader_fail(&list);
	return dp_read_span(&list, read_u24(&list));
}

danepriv_status
dp_entry_find(danepriv_span message, uint16_t type, dp_entry *out)
{
	dp_entry found = { 0, 0, { NULL, 0 } };
	dp_reader list;
	dp_reader r = enter_extensions(message, &list);
	unsigned count = 0;

	memset(out, 0, sizeof *out);
	if (!dp_reader_ok(&r))
		return DANEPRIV_EMALFORMED;
	found.block = (size_t)(r.data - message.data);
	/* Each takes four octets or more, so this ends. */
	while (dp_reader_left(&r) > 0) {
		size_t at = found.block + r.at;
		uint16_t this_one = dp_read_u16(&r);
		danepriv_span data = dp_read_span(&r, dp_read_u16(&r));
		if (!dp_reader_ok(&r))
			return DANEPRIV_EMALFORMED;
		if (this_one != type)
			continue;
		found.at = at;
		found.data = data;
		count++;
	}
	if (count > 1)
		return DANEPRIV_EMALFORMED;
	if (count == 0)
		return DANEPRIV_ENOTFOUND;
	*out = found;
	return DANEPRIV_OK;
}

void
dp_entry_relabel(uint8_t *message, const dp_entry *entry, uint16_t type)
{
	size_t len = entry->data.len;
	uint8_t *block = message + entry->block;

	memmove(block + EXTENSION_HEAD + len, block, entry->at - entry->block);
	block[0] = (uint8_t)(type >> 8);
	block[1] = (uint8_t)type;
	block[2] = (uint8_t)(len >> 8);
	block[3] = (uint8_t)len;
	memset(block + EXTENSION_HEAD, 0, len);
}
