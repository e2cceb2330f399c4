/* SPDX-License-Identifier: BSD-2-Clause
 * Which record is meant by what somebody has written down?  Input: an octet for the room; the
 * text. */
#include "support/fuzz.h"

#include <danepriv/record.h>
#include <stdlib.h>
#include <string.h>

#define RDATA_MAX 65535
#define TEXT_ROOM (2 * RDATA_MAX + 16)

static uint8_t rdata[RDATA_MAX], again[RDATA_MAX];
static char line[TEXT_ROOM];

/* It is the same after having been written and read again. */
static void
check(danepriv_span octets, danepriv_record_form form)
{
	size_t len, needed;

	if (danepriv_record_write(octets, form, line, sizeof line, &len) != DANEPRIV_OK ||
	    strlen(line) != len)
		abort();
	if (danepriv_record_read(line, again, sizeof again, &needed, NULL) != DANEPRIV_OK ||
	    needed != octets.len || memcmp(again, octets.data, needed) != 0)
		abort();
}

/* In less room it is as long, and nothing is written. */
static void
check_room(const char *text, size_t len, size_t room)
{
	size_t needed, used;

	memset(again, 'x', sizeof again);
	danepriv_status status = danepriv_record_read(text, again, room, &needed, &used);
	if (needed != len || status != (len > room ? DANEPRIV_ELIMIT : DANEPRIV_OK) ||
	    again[room] != 'x' || (len > room && again[0] != 'x'))
		abort();
}

/* Each call gets further, and none beyond the end. */
static void
read_all(const char *text, size_t room)
{
	const char *end = text + strlen(text);
	size_t len, used;

	for (;;) {
		danepriv_status status =
		    danepriv_record_read(text, rdata, sizeof rdata, &len, &used);
		if (used > (size_t)(end - text))
			abort();
		if (status != DANEPRIV_OK)
			return;
		if (used == 0 || 2 * len > used + 3)
			abort();
		check((danepriv_span){ rdata, len }, DANEPRIV_RECORD_FORM_FIELDS);
		check((danepriv_span){ rdata, len }, DANEPRIV_RECORD_FORM_GENERIC);
		check_room(text, len, room);
		text += used;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t needed;
	char *text = fuzz_text(data, len);

	if (!text)
		return 0;
	read_all(text, data[0]);
	if (danepriv_record_read(text, rdata, sizeof rdata, &needed, NULL) == DANEPRIV_OK)
		check((danepriv_span){ rdata, needed }, DANEPRIV_RECORD_FORM_FIELDS);
	free(text);
	return 0;
}
