/* SPDX-License-Identifier: BSD-2-Clause
 * Which records are meant by --record?  The library reads each; here they are told apart, and what
 * is wrong with one is said. */
#include "tlsa_text.h"

#include <danepriv/record.h>
#include <stdlib.h>
#include <string.h>

#define RDATA_OCTETS_MAX 65535

static const char wrong_data[] =
    "is not 'U S M HEX', nor a TLSA line of a zone file (_853._tcp.NAME IN TLSA 3 1 1 HEX)";

/* Where reading ended, and what is wrong there; NULL: nothing. */
typedef struct slip {
	const char *at;
	const char *wrong;
} slip;

static bool
is_open_quote(const char *at)
{
	return *at == '"' && at[1 + strcspn(at + 1, "\"\n")] != '"';
}

static const char *
wrong_at(danepriv_status status, const char *at)
{
	if (status == DANEPRIV_ELIMIT)
		return "is larger than any record";
	if (*at == '(' || *at == ')' || is_open_quote(at))
		return "has a parenthesis or a quote without its fellow";
	if (strncmp(at, "\\#", 2) == 0 && strcspn(at, " \t\r\n();\"") == 2)
		return "has another length than it says";
	return wrong_data;
}

/* What is wrong, or NULL. */
static const char *
add(cli_rdatas *out, const uint8_t *octets, size_t len)
{
	uint8_t *rdata = out->count < CLI_LIST_MAX ? malloc(len + 1) : NULL;

	if (!rdata)
		return out->count < CLI_LIST_MAX ? "does not fit in memory" : "is one too many";
	memcpy(rdata, octets, len);
	out->items[out->count].data = rdata;
	out->items[out->count++].len = len;
	return NULL;
}

/* Adds as many as there are. */
static slip
read_all(const char *text, cli_rdatas *out)
{
	static uint8_t octets[RDATA_OCTETS_MAX];
	slip found = { text, NULL };

	while (!found.wrong) {
		size_t len, used;
		danepriv_status status =
		    danepriv_record_read(found.at, octets, sizeof octets, &len, &used);
		if (status == DANEPRIV_ENOTFOUND)
			break;
		found.at += used;
		found.wrong =
		    status == DANEPRIV_OK ? add(out, octets, len) : wrong_at(status, found.at);
	}
	return found;
}

/* One record, with line ends for blanks. */
static bool
read_wrapped(const char *text, cli_rdatas *out)
{
	static uint8_t octets[RDATA_OCTETS_MAX];
	size_t len;

	return danepriv_record_read(text, octets, sizeof octets, &len, NULL) == DANEPRIV_OK &&
	       !add(out, octets, len);
}

static unsigned
line_of(const char *text, const char *at)
{
	unsigned line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static void
drop(cli_rdatas *list, size_t count)
{
	while (list->count > count)
		free((void *)(uintptr_t)list->items[--list->count].data);
}

bool
cli_read_records(const char *text, cli_rdatas *out)
{
	size_t before = out->count;

	slip found = read_all(text, out);
	bool first_was_good = out->count > before;
	if (!found.wrong && first_was_good)
		return true;
	drop(out, before);
	if (!first_was_good && read_wrapped(text, out))
		return true;
	if (first_was_good)
		cli_complain(
		    "--record, line %u: the record %s", line_of(text, found.at), found.wrong);
	else
		cli_complain("record '%.60s' %s", text, found.wrong ? found.wrong : wrong_data);
	return false;
}

void
cli_rdatas_free(cli_rdatas *rdatas)
{
	drop(rdatas, 0);
}
