/* SPDX-License-Identifier: BSD-2-Clause
 * How do names look in messages, and how to people?  (RFC 1035 sections 3.1, 4.1.4 and 5.1) */
#include "name.h"

#include "octets.h"

#include <stdio.h>
#include <string.h>

#define NAME_OCTETS_MAX 255
#define LABEL_OCTETS_MAX 63
#define POINTERS_MAX 126 /* a name has no more labels than that */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One octet of a label, which may be written as \. or \123; NULL: it is not well written. */
static const char *
read_octet(const char *text, uint8_t *out)
{
	unsigned number = 0;

	if (*text != '\\') {
		*out = (uint8_t)*text;
		return text + 1;
	}
	if (!is_digit(text[1])) {
		*out = (uint8_t)text[1];
		return text[1] ? text + 2 : NULL;
	}
	for (int i = 1; i <= 3; i++) {
		if (!is_digit(text[i]))
			return NULL;
		number = 10 * number + (unsigned)(text[i] - '0');
	}
	*out = (uint8_t)number;
	return number <= UINT8_MAX ? text + 4 : NULL;
}

size_t
dns_name_write(const char *text, uint8_t out[DNS_NAME_OCTETS])
{
	size_t label = 0, len = 1; /* where the label's length stands */

	out[0] = 0;
	if (strcmp(text, ".") == 0)
		return 1;
	if (*text == '\0')
		return 0;
	while (text && *text != '\0' && len < NAME_OCTETS_MAX) {
		if (*text == '.') {
			if (out[label] == 0)
				return 0;
			label = len;
			out[len++] = 0;
			text++;
		} else if (out[label] == LABEL_OCTETS_MAX) {
			return 0;
		} else {
			text = read_octet(text, &out[len++]);
			out[label]++;
		}
	}
	if (!text || *text)
		return 0;
	if (out[label] != 0) /* the final dot was left out */
		out[len++] = 0;
	return len <= NAME_OCTETS_MAX ? len : 0;
}

/* By the rule of DNS (RFC 4343 section 3), whatever the locale says. */
static char
lower(uint8_t octet)
{
	return (char)(octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
}

static size_t
write_octet(uint8_t octet, char *out)
{
	if (octet == '.' || octet == '\\')
		return (size_t)sprintf(out, "\\%c", octet);
	if (octet <= ' ' || octet > '~')
		return (size_t)sprintf(out, "\\%03u", octet);
	*out = lower(octet);
	return 1;
}

size_t
dns_name_read(danepriv_span m, size_t at, char out[DNS_NAME_ROOM])
{
	size_t end = 0, len = 0, octets = 1;

	for (int pointers = 0; at < m.len && pointers <= POINTERS_MAX;) {
		size_t label = m.data[at];
		if (label == 0) {
			if (len == 0)
				out[len++] = '.';
			out[len] = '\0';
			return end ? end : at + 1;
		}
		if ((label & 0xC0) == 0xC0 && at + 1 < m.len) {
			end = end ? end : at + 2;
			at = dns_get_u16(m.data + at) & 0x3FFF;
			pointers++;
			continue;
		}
		octets += label + 1;
		if (label > LABEL_OCTETS_MAX || at + label >= m.len || octets > NAME_OCTETS_MAX)
			return 0;
		for (size_t i = 1; i <= label; i++)
			len += write_octet(m.data[at + i], out + len);
		out[len++] = '.';
		at += label + 1;
	}
	return 0;
}

bool
dns_name_normal(const char *text, char out[DNS_NAME_ROOM])
{
	uint8_t wire[DNS_NAME_OCTETS];
	size_t len = dns_name_write(text, wire);

	return len > 0 && dns_name_read((danepriv_span){ wire, len }, 0, out) > 0;
}

bool
dns_name_is_below(const char *name, const char *above)
{
	char text[DNS_NAME_ROOM];

	return danepriv_minimised_name(name, above, text, sizeof text, NULL) == DANEPRIV_OK;
}
