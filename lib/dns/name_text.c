/* SPDX-License-Identifier: BSD-2-Clause
 * How is a domain name written for people?  (RFC 1035 section 5.1, RFC 4343 section 2.1) */
#include "base/buffer.h"
#include "dns/name.h"

#include <danepriv/status.h>
#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads one character of a label, escaped or not, and moves on; -1 for a bad escape. */
static int
read_character(const char **text)
{
	const char *t = *text;

	if (*t != '\\') {
		*text = t + 1;
		return (uint8_t)*t;
	}
	if (t[1] == '\0')
		return -1;
	if (!is_digit(t[1])) {
		*text = t + 2;
		return (uint8_t)t[1];
	}
	if (!is_digit(t[2]) || !is_digit(t[3]))
		return -1;
	int value = (t[1] - '0') * 100 + (t[2] - '0') * 10 + (t[3] - '0');
	*text = t + 4;
	return value <= 255 ? value : -1;
}

/* Reads one label up to a dot or the end. */
static danepriv_status
read_label(const char **text, dp_buffer *out)
{
	size_t start = out->len;

	dp_write_u8(out, 0);
	while (**text != '\0' && **text != '.') {
		int octet = read_character(text);
		if (octet < 0)
			return DANEPRIV_EMALFORMED;
		dp_write_u8(out, (uint8_t)octet);
		if (out->status != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
	}
	size_t len = out->len - start - 1;
	if (out->status != DANEPRIV_OK || len == 0 || len > 63)
		return DANEPRIV_EMALFORMED;
	out->data[start] = (uint8_t)len;
	return DANEPRIV_OK;
}

danepriv_status
dp_name_from_text(const char *text, dp_name_store *out)
{
	dp_buffer name = dp_buffer_over(out->octets, sizeof out->octets);

	out->len = 0;
	if (!text || text[0] == '\0')
		return DANEPRIV_EMALFORMED;
	if (strcmp(text, ".") == 0)
		text++;
	while (*text != '\0') {
		if (read_label(&text, &name) != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
		if (*text == '.')
			text++;
	}
	dp_write_u8(&name, 0);
	if (name.status != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->len = (uint8_t)name.len;
	return DANEPRIV_OK;
}

static void
write_character(dp_buffer *b, uint8_t octet)
{
	if (octet <= ' ' || octet >= 0x7F) {
		dp_write_u8(b, '\\');
		dp_write_u8(b, (uint8_t)('0' + octet / 100));
		dp_write_u8(b, (uint8_t)('0' + octet / 10 % 10));
		dp_write_u8(b, (uint8_t)('0' + octet % 10));
		return;
	}
	if (strchr(".\\\"$();@", octet))
		dp_write_u8(b, '\\');
	dp_write_u8(b, octet);
}

size_t
dp_name_to_text(dp_name name, char *text, size_t room)
{
	char whole[DP_NAME_TEXT_MAX];
	dp_buffer b = dp_buffer_over(whole, sizeof whole);

	if (dp_name_is_root(name))
		dp_write_u8(&b, '.');
	for (; name.len > 1; name = dp_name_parent(name)) {
		for (size_t i = 1; i <= name.octets[0]; i++)
			write_character(&b, name.octets[i]);
		dp_write_u8(&b, '.');
	}
	if (room > 0) {
		size_t fits = b.len < room ? b.len : room - 1;
		memcpy(text, whole, fits);
		text[fits] = '\0';
	}
	return b.len;
}

danepriv_status
dp_name_tell(dp_name name, char *text, size_t room, size_t *needed)
{
	size_t len = dp_name_to_text(name, text, room);

	if (needed)
		*needed = len;
	return len < room ? DANEPRIV_OK : DANEPRIV_ELIMIT;
}

bool
dp_name_text_clear(char *text, size_t room, size_t *needed)
{
	if (needed)
		*needed = 0;
	if (text && room > 0)
		text[0] = '\0';
	return text || room == 0;
}
