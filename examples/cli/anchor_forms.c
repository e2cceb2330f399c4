/* SPDX-License-Identifier: BSD-2-Clause
 * In which form do people keep their trust anchors?
 *
 *     .  IN DS 20326 8 2 E06D...                                    a zone file
 *     trust-anchors { . initial-key 257 3 8 "AwEAA..."; };          BIND
 *     trust-anchor=.,20326,8,2,E06D...                              dnsmasq
 *     <TrustAnchor><Zone>.</Zone><KeyDigest ...                     IANA: anchor_xml.c */
#include "anchor_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char white[] = " \t\r\n";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool
fail(cli_slip *slip, const char *what, unsigned where)
{
	slip->what = what;
	slip->where = where;
	return false;
}

void
cli_anchor_lines_free(cli_anchor_lines *lines)
{
	while (lines->count > 0)
		free(lines->list[--lines->count].text);
}

/* Takes over `text`. */
static bool
add_line(cli_anchor_lines *out, char *text, unsigned where, cli_slip *slip)
{
	if (!text)
		return fail(slip, "out of memory", where);
	if (out->count == CLI_ANCHOR_LINES_MAX) {
		free(text);
		return fail(slip, "more than 1024 anchors", where);
	}
	out->list[out->count].where = where;
	out->list[out->count++].text = text;
	return true;
}

/* Letters, digits and what is in `more`, and at least one of them. */
static bool
is_plain(cli_word word, const char *more)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.text[i] == '\0' ||
		    (!strchr(letters, word.text[i]) && !strchr(more, word.text[i])))
			return false;
	return word.len > 0;
}

bool
cli_add_anchor(cli_anchor_lines *out, unsigned where, cli_word owner, const char *type,
    const cli_word numbers[3], cli_word data, cli_slip *slip)
{
	if (!is_plain(owner, ".-_\\*") || !is_plain(data, "+/= \t\r\n"))
		return fail(slip, "not an anchor", where);
	size_t room = owner.len + data.len + 64;
	for (unsigned i = 0; i < 3; i++) {
		if (!is_plain(numbers[i], "-"))
			return fail(slip, "not an anchor", where);
		room += numbers[i].len;
	}
	char *text = malloc(room);
	if (!text)
		return fail(slip, "out of memory", where);
	int at = snprintf(text, room, "%.*s IN %s", (int)owner.len, owner.text, type);
	for (unsigned i = 0; i < 3; i++)
		at += snprintf(
		    text + at, room - (size_t)at, " %.*s", (int)numbers[i].len, numbers[i].text);
	text[at++] = ' ';
	for (size_t i = 0; i < data.len; i++)
		if (!strchr(white, data.text[i]))
			text[at++] = data.text[i];
	text[at++] = '\n';
	text[at] = '\0';
	return add_line(out, text, where, slip);
}

/* ---- a zone file ---- */

/* Lines as they are; within parentheses several of them are one. */
static bool
read_zone(const char *text, cli_anchor_lines *out, cli_slip *slip)
{
	const char *start = text;
	unsigned line = 1, where = 1, depth = 0;
	bool blank = true, comment = false;

	for (const char *at = text;; at++) {
		if (*at == '\0' || (*at == '\n' && depth == 0)) {
			size_t len = (size_t)(at - start);
			char *copy = blank ? NULL : malloc(len + 2);
			if (copy)
				(void)snprintf(copy, len + 2, "%.*s\n", (int)len, start);
			if (!blank && !add_line(out, copy, where, slip))
				return false;
			if (*at == '\0')
				return true;
			start = at + 1;
			where = line + 1;
			blank = true;
		}
		if (*at == '\n') {
			line++;
			comment = false;
			continue;
		}
		comment = comment || *at == ';';
		if (comment)
			continue;
		blank = blank && strchr(" \t\r", *at);
		depth += *at == '(';
		depth -= *at == ')' && depth > 0;
	}
}

/* ---- BIND ---- */

/* A word, a quoted string, or one of { } ; */
typedef struct tokens {
	const char *at;
	unsigned line; /* of what comes next */
	cli_word token;
	unsigned where; /* the token's line */
} tokens;

static const char *
skip_to(const char *at, const char *end, size_t beyond)
{
	const char *found = strstr(at, end);

	return found ? found + beyond : at + strlen(at);
}

/* Past blanks and comments of all three kinds. */
static void
skip_comments(tokens *t)
{
	const char *before = t->at;

	for (;;) {
		t->at += strspn(t->at, white);
		if (*t->at == '#' || strncmp(t->at, "//", 2) == 0)
			t->at = skip_to(t->at, "\n", 0);
		else if (strncmp(t->at, "/*", 2) == 0)
			t->at = skip_to(t->at + 2, "*/", 2);
		else
			break;
	}
	for (; before < t->at; before++)
		t->line += *before == '\n';
}

/* False at the end, or at a string that does not end. */
static bool
next_token(tokens *t)
{
	skip_comments(t);
	t->token = (cli_word){ t->at, 0 };
	t->where = t->line;
	if (*t->at == '\0')
		return false;
	if (*t->at == '"') {
		t->token.text++;
		t->token.len = strcspn(t->token.text, "\"");
		t->at = t->token.text + t->token.len;
		for (const char *c = t->token.text; c < t->at; c++)
			t->line += *c == '\n';
		return *t->at++ == '"';
	}
	t->token.len = strchr("{};", *t->at) ? 1 : strcspn(t->at, " \t\r\n{};\"");
	t->at += t->token.len;
	return true;
}

static bool
token_is(const tokens *t, const char *wanted)
{
	return t->token.len == strlen(wanted) &&
	       strncasecmp(t->token.text, wanted, t->token.len) == 0;
}

/* DS or DNSKEY, by the word behind the name. */
static const char *
type_of(const tokens *t)
{
	if (token_is(t, "initial-ds") || token_is(t, "static-ds"))
		return "DS";
	return token_is(t, "initial-key") || token_is(t, "static-key") ? "DNSKEY" : NULL;
}

/* NAME [KIND] NUMBER NUMBER NUMBER "DATA"; whose name is at hand. */
static bool
read_entry(tokens *t, bool has_kind, cli_anchor_lines *out, cli_slip *slip)
{
	cli_word owner = t->token, numbers[3];
	unsigned where = t->where;
	const char *type = "DNSKEY";

	if (has_kind)
		type = next_token(t) ? type_of(t) : NULL;
	for (unsigned i = 0; type && i < 3; i++) {
		if (!next_token(t))
			type = NULL;
		numbers[i] = t->token;
	}
	if (!type || !next_token(t))
		return fail(slip, "not an anchor of BIND's", where);
	cli_word data = t->token;
	if (!next_token(t) || !token_is(t, ";"))
		return fail(slip, "not an anchor of BIND's", where);
	return cli_add_anchor(out, where, owner, type, numbers, data, slip);
}

static bool
is_bind(const tokens *t)
{
	return token_is(t, "trust-anchors") || token_is(t, "managed-keys") ||
	       token_is(t, "trusted-keys");
}

/* Statements, the first word of which is at hand, to the end of the text. */
static bool
read_bind(tokens *t, cli_anchor_lines *out, cli_slip *slip)
{
	do {
		bool has_kind = !token_is(t, "trusted-keys");
		if (!is_bind(t))
			return fail(slip, "a statement of BIND's without anchors", t->where);
		if (!next_token(t) || !token_is(t, "{"))
			return fail(slip, "'{' is missing", t->where);
		while (next_token(t) && !token_is(t, "}"))
			if (!read_entry(t, has_kind, out, slip))
				return false;
		if (!token_is(t, "}") || !next_token(t) || !token_is(t, ";"))
			return fail(slip, "'};' is missing", t->where);
	} while (next_token(t));
	return *t->at == '\0' ? true : fail(slip, "not an anchor of BIND's", t->where);
}

/* ---- dnsmasq ---- */

static const char dnsmasq[] = "trust-anchor=";

/* NAME,TAG,ALGORITHM,TYPE,DIGEST, with a class in front or not. */
static bool
read_fields(cli_word value, unsigned where, cli_anchor_lines *out, cli_slip *slip)
{
	cli_word fields[6];
	size_t count = 0;

	for (const char *at = value.text, *end = at + value.len; at <= end && count < 6; count++) {
		size_t len = strcspn(at, ",\n");
		if (len > (size_t)(end - at))
			len = (size_t)(end - at);
		fields[count] = (cli_word){ at, len };
		at += len + 1;
	}
	cli_word *f = fields;
	if (count == 6 && f[0].len == 2 && strncasecmp(f[0].text, "IN", 2) == 0)
		f++;
	if (f - fields + 5 != (ptrdiff_t)count)
		return fail(slip, "not an anchor of dnsmasq's", where);
	return cli_add_anchor(out, where, f[0], "DS", f + 1, f[4], slip);
}

static bool
read_dnsmasq(const char *text, cli_anchor_lines *out, cli_slip *slip)
{
	unsigned line = 1;

	for (const char *at = text; *at != '\0'; line++) {
		at += strspn(at, " \t\r");
		size_t len = strcspn(at, "\n");
		size_t used = strcspn(at, "#\n");
		while (used > 0 && strchr(" \t\r", at[used - 1]))
			used--;
		if (used > 0 && strncmp(at, dnsmasq, sizeof dnsmasq - 1) != 0)
			return fail(slip, "not an anchor of dnsmasq's", line);
		cli_word value = { at + sizeof dnsmasq - 1, used - (sizeof dnsmasq - 1) };
		if (used > 0 && !read_fields(value, line, out, slip))
			return false;
		at += len + (at[len] == '\n');
	}
	return true;
}

/* ---- which one? ---- */

bool
cli_read_anchor_lines(const char *text, danepriv_time now, cli_anchor_lines *out, cli_slip *slip)
{
	static const char mark[] = "\xEF\xBB\xBF"; /* some editors begin UTF-8 so */
	tokens t = { .line = 1 };

	text += strncmp(text, mark, 3) == 0 ? 3 : 0;
	t.at = text;
	if (next_token(&t) && is_bind(&t))
		return read_bind(&t, out, slip);
	if (t.token.len >= sizeof dnsmasq - 1 &&
	    strncmp(t.token.text, dnsmasq, sizeof dnsmasq - 1) == 0)
		return read_dnsmasq(text, out, slip);
	if (t.token.len > 0 && t.token.text[0] == '<')
		return cli_read_anchor_xml(text, now, out, slip);
	return read_zone(text, out, slip);
}
