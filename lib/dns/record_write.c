/* SPDX-License-Identifier: BSD-2-Clause
 * How is a TLSA record written for a zone file?  (RFC 6698 section 2.2, RFC 3597 section 5) */
#include "dns/name.h"

#include <danepriv/record.h>

#define RDATA_OCTETS_MAX 65535

/* Text in the manner of snprintf. */
typedef struct line {
	char *text;
	size_t room;
	size_t len;
} line;

static void
put(line *l, char c)
{
	if (l->len + 1 < l->room)
		l->text[l->len] = c;
	l->len++;
}

static void
put_number(line *l, size_t value)
{
	char digits[8];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	while (count > 0)
		put(l, digits[--count]);
}

static void
put_data(line *l, const uint8_t *octets, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		put(l, digits[octets[i] >> 4]);
		put(l, digits[octets[i] & 15]);
	}
}

static void
put_fields(line *l, danepriv_span rdata)
{
	for (size_t i = 0; i < 3; i++) {
		put_number(l, rdata.data[i]);
		put(l, ' ');
	}
	put_data(l, rdata.data + 3, rdata.len - 3);
}

static void
put_generic(line *l, danepriv_span rdata)
{
	put(l, '\\');
	put(l, '#');
	put(l, ' ');
	put_number(l, rdata.len);
	if (rdata.len > 0)
		put(l, ' ');
	put_data(l, rdata.data, rdata.len);
}

danepriv_status
danepriv_record_write(
    danepriv_span rdata, danepriv_record_form form, char *text, size_t room, size_t *needed)
{
	line l = { text, room, 0 };

	if (!dp_name_text_clear(text, room, needed) || (!rdata.data && rdata.len > 0) ||
	    (form != DANEPRIV_RECORD_FORM_FIELDS && form != DANEPRIV_RECORD_FORM_GENERIC))
		return DANEPRIV_EINVAL;
	if (rdata.len > RDATA_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	if (form == DANEPRIV_RECORD_FORM_FIELDS && rdata.len > 3)
		put_fields(&l, rdata);
	else
		put_generic(&l, rdata);
	if (room > 0)
		text[l.len < room ? l.len : room - 1] = '\0';
	if (needed)
		*needed = l.len;
	return l.len < room ? DANEPRIV_OK : DANEPRIV_ELIMIT;
}
