/* SPDX-License-Identifier: BSD-2-Clause
 * Whom is there to trust at the top? */
#include "anchors.h"

#include "anchor_forms.h"
#include "commands.h"
#include "file_kind.h"
#include "files.h"
#include "provider.h"
#include "server.h"

#include <danepriv/word.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One name, and not several with a blank between them. */
static bool
is_domain(const char *name)
{
	danepriv_settings settings = { .size = sizeof settings, .negative = name };
	danepriv *ctx = NULL;
	bool good = name[0] != '\0' && !strpbrk(name, " \t\r\n") &&
		    danepriv_open(&settings, &ctx) == DANEPRIV_OK;

	danepriv_close(ctx);
	return good;
}

/* The names with blanks between them, to free; NULL if one is none, and why was said. */
static char *
join_negative(const cli_list *list)
{
	size_t room = 1;

	for (size_t i = 0; i < list->count; i++) {
		if (!cli_name_is_ascii(list->items[i]))
			return NULL;
		if (!is_domain(list->items[i])) {
			cli_complain("--negative-anchor: '%.80s' is no domain", list->items[i]);
			return NULL;
		}
		room += strlen(list->items[i]) + 1;
	}
	char *joined = calloc(1, room);
	if (!joined)
		cli_complain("out of memory");
	for (size_t i = 0, at = 0; joined && i < list->count; i++)
		at += (size_t)snprintf(joined + at, room - at, "%s ", list->items[i]);
	return joined;
}

/* Is this one record of a kind that the library knows?  With another anchor beside it all else that
 * would be missing is there. */
static bool
is_anchor(const char *line)
{
	static const char root[] =
	    ". IN DS 20326 8 2 "
	    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n";
	size_t room = sizeof root + strlen(line);
	char *text = malloc(room);
	danepriv_settings settings = { .size = sizeof settings, .anchors = text, .memo = 1 };
	danepriv *ctx = NULL;

	if (text)
		(void)snprintf(text, room, "%s%s", root, line);
	bool good = text && danepriv_open(&settings, &ctx) == DANEPRIV_OK;
	danepriv_close(ctx);
	free(text);
	return good;
}

/* All lines one behind the other, to free; NULL, and *slip says why, if one is no anchor. */
static char *
join_lines(const cli_anchor_lines *lines, cli_slip *slip)
{
	size_t room = 1, at = 0;

	for (size_t i = 0; i < lines->count; i++) {
		room += strlen(lines->list[i].text);
		if (is_anchor(lines->list[i].text))
			continue;
		*slip = (cli_slip){ "not an anchor", lines->list[i].where };
		return NULL;
	}
	char *joined = calloc(1, room);
	*slip = (cli_slip){ "out of memory", 1 };
	for (size_t i = 0; joined && i < lines->count; i++)
		at += (size_t)snprintf(joined + at, room - at, "%s", lines->list[i].text);
	return joined;
}

/* The lines of the file `path`, to free, or for no path those of the library, which are NULL.
 * False: why was said. */
static bool
read_anchors(const char *path, danepriv_time now, char **out)
{
	cli_anchor_lines lines = { .count = 0 };
	cli_slip slip = { "a NUL octet", 1 };
	uint8_t *octets;
	size_t len;

	*out = NULL;
	if (!path)
		return true;
	if (!cli_read_file(path, &octets, &len))
		return false;
	if (strlen((const char *)octets) == len &&
	    cli_read_anchor_lines((const char *)octets, now, &lines, &slip))
		*out = join_lines(&lines, &slip);
	if (!*out)
		cli_complain(
		    "%.200s, line %u: %s: wanted is OWNER IN DS TAG ALGORITHM TYPE HEX, or "
		    "OWNER IN DNSKEY FLAGS 3 ALGORITHM BASE64",
		    cli_file_name(path), slip.where, slip.what);
	free(octets);
	cli_anchor_lines_free(&lines);
	return *out != NULL;
}

int
cli_context_open(const cli_anchors *a, danepriv_time earliest, danepriv_time now, danepriv **out)
{
	const danepriv_settings settings = { .earliest = earliest };

	return cli_context_open_with(a, settings, now, out);
}

int
cli_context_open_with(
    const cli_anchors *a, danepriv_settings settings, danepriv_time now, danepriv **out)
{
	char *lines = NULL, *negative = join_negative(&a->negative);
	danepriv_status status = DANEPRIV_EINVAL;

	if (!negative || !read_anchors(a->path, now, &lines))
		goto out;
	settings.size = sizeof settings;
	settings.crypto = examples_provider();
	settings.anchors = lines;
	settings.negative = negative;
	status = danepriv_open(&settings, out);
	if (status == DANEPRIV_EMALFORMED && a->path)
		cli_complain("%.200s: there is no DS or DNSKEY in it that can be trusted now",
		    cli_file_name(a->path));
	else if (status != DANEPRIV_OK)
		cli_complain(
		    "the trust anchors: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
out:
	free(lines);
	free(negative);
	return status == DANEPRIV_OK ? CLI_EXIT_YES : CLI_EXIT_USAGE;
}
