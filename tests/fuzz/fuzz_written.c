/* SPDX-License-Identifier: BSD-2-Clause
 * How does the program `danepriv` read what people have at hand?  Anchors, records, and files that
 * are not what was asked for.  Input: one octet that says which, then the text. */
#include "anchor_forms.h"
#include "file_kind.h"
#include "output.h"
#include "support/fuzz.h"
#include "tlsa_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* options.c prints help, which nobody asks for here. */
bool
cli_flush(void)
{
	return true;
}

static unsigned
lines_of(const char *text)
{
	unsigned lines = 1;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* Each record ends with its line, and stands where there is one. */
static void
read_anchors(const char *text)
{
	static cli_anchor_lines lines;
	cli_slip slip = { NULL, 0 };

	lines.count = 0;
	bool read = cli_read_anchor_lines(text, 1700000000, &lines, &slip);
	if (!read && (!slip.what || slip.where < 1 || slip.where > lines_of(text)))
		abort();
	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.list[i].text;
		size_t len = strlen(line);
		if (len < 2 || line[len - 1] != '\n' || lines.list[i].where < 1 ||
		    lines.list[i].where > lines_of(text))
			abort();
	}
	cli_anchor_lines_free(&lines);
}

/* No more octets than there are pairs of digits, and in all of what was not read nothing. */
static void
read_records(const char *text)
{
	static cli_rdatas rdatas;
	size_t octets = 0;

	bool read = cli_read_records(text, &rdatas);
	for (size_t i = 0; i < rdatas.count; i++)
		octets += rdatas.items[i].len;
	if (read != (rdatas.count > 0) || octets > 3 * rdatas.count + strlen(text) / 2)
		abort();
	cli_rdatas_free(&rdatas);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);

	if (!text)
		return 0;
	switch (data[0] % 3) {
	case 0:
		read_anchors(text);
		break;
	case 1:
		read_records(text);
		break;
	default:
		cli_complain_of_file(
		    "a file", (const uint8_t *)text, len - 1, data[0] & 0x80, "it");
		break;
	}
	free(text);
	return 0;
}
