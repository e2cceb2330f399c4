/* SPDX-License-Identifier: BSD-2-Clause
 * In which form do people keep their trust anchors?  What others write is made into lines of DS
 * and DNSKEY, which the library reads. */
#ifndef CLI_ANCHOR_FORMS_H
#define CLI_ANCHOR_FORMS_H

#include <danepriv/status.h>
#include <stdbool.h>

/* More than the library takes, so that it is the one to complain. */
#define CLI_ANCHOR_LINES_MAX 1024

typedef struct cli_anchor_line {
	char *text;	/* a record, as in a zone file, with a line end behind it */
	unsigned where; /* the line of the file where it begins */
} cli_anchor_line;

/* Zero it first. */
typedef struct cli_anchor_lines {
	cli_anchor_line list[CLI_ANCHOR_LINES_MAX];
	size_t count;
} cli_anchor_lines;

/* Why a file was not understood, and in which line of it. */
typedef struct cli_slip {
	const char *what;
	unsigned where;
} cli_slip;

/* Reads zone-file lines (Unbound's autotrust files, too), BIND's trust-anchors, managed-keys and
 * trusted-keys, IANA's root-anchors.xml (RFC 9718; what is not valid at `now` is left out), or
 * dnsmasq's trust-anchor lines.  What the library would say of the records is not asked.  False:
 * *slip says why.  cli_anchor_lines_free either way. */
bool cli_read_anchor_lines(
    const char *text, danepriv_time now, cli_anchor_lines *out, cli_slip *slip);
void cli_anchor_lines_free(cli_anchor_lines *lines);

/* For the forms: adds a record, `OWNER IN TYPE A B C DATA`.  The words must be such as may stand in
 * a zone file; blanks within `data` are left out.  False: *slip says why. */
typedef struct cli_word {
	const char *text;
	size_t len;
} cli_word;
bool cli_add_anchor(cli_anchor_lines *out, unsigned where, cli_word owner, const char *type,
    const cli_word numbers[3], cli_word data, cli_slip *slip);

/* The same as cli_read_anchor_lines for IANA's form alone (anchor_xml.c). */
bool cli_read_anchor_xml(
    const char *text, danepriv_time now, cli_anchor_lines *out, cli_slip *slip);

#endif
