/* SPDX-License-Identifier: BSD-2-Clause
 * Which keys does IANA's root-anchors.xml name, and from when to when?  (RFC 9718 section 2)  The
 * digests alone are read: a public key beside one says no more. */
#include "anchor_forms.h"

#include <string.h>

/* A tag, and the text in front of it. */
typedef struct tags {
	const char *at;
	unsigned line;
	cli_word text;	/* between the tag before and this one */
	cli_word name;	/* with a slash in front where it ends something */
	cli_word rest;	/* what stands in the tag behind its name */
	unsigned where; /* the tag's line */
	bool broken; /* a tag or a comment does not end, or is of a kind that has no place here */
} tags;

/* What is known of a key. */
typedef struct digest {
	unsigned where;
	cli_word numbers[3], data;
	bool valid; /* now */
} digest;

static bool
fail(cli_slip *slip, const char *what, unsigned where)
{
	slip->what = what;
	slip->where = where;
	return false;
}

/* Moves behind the next `end`, counting lines. */
static bool
move_behind(tags *t, const char *end)
{
	const char *found = strstr(t->at, end);

	if (!found)
		return false;
	for (found += strlen(end); t->at < found; t->at++)
		t->line += *t->at == '\n';
	return true;
}

/* False at the end, or where the file is broken. */
static bool
next_tag(tags *t)
{
	for (;;) {
		size_t len = strcspn(t->at, "<");
		t->text = (cli_word){ t->at, len };
		if (t->at[len] == '\0')
			return false;
		(void)move_behind(t, "<");
		t->where = t->line;
		if (strncmp(t->at, "!--", 3) != 0 && *t->at != '?')
			break;
		if (!move_behind(t, *t->at == '?' ? "?>" : "-->")) {
			t->broken = true;
			return false;
		}
	}
	const char *start = t->at;
	t->name = (cli_word){ start, strcspn(start, " \t\r\n>") };
	/* No DOCTYPE, no CDATA. */
	if (*start == '!' || !move_behind(t, ">")) {
		t->broken = true;
		return false;
	}
	t->rest = (cli_word){ start + t->name.len, (size_t)(t->at - start) - t->name.len - 1 };
	return true;
}

static bool
word_is(cli_word word, const char *wanted)
{
	return word.len == strlen(wanted) && memcmp(word.text, wanted, word.len) == 0;
}

static cli_word
trimmed(cli_word word)
{
	while (word.len > 0 && strchr(" \t\r\n", word.text[0])) {
		word.text++;
		word.len--;
	}
	while (word.len > 0 && strchr(" \t\r\n", word.text[word.len - 1]))
		word.len--;
	return word;
}

/* The text of an element, up to the tag that ends it. */
static bool
read_text(tags *t, cli_word *out)
{
	cli_word name = t->name;
	const char *start = t->at;

	if (out->len > 0 || t->rest.len > 0 || !next_tag(t))
		return false;
	*out = trimmed(t->text);
	/* Text with a comment in its midst would be read in part. */
	return out->len > 0 && t->text.text == start && t->name.len == name.len + 1 &&
	       t->name.text[0] == '/' && memcmp(t->name.text + 1, name.text, name.len) == 0;
}

/* The value of an attribute; without octets when it is not there. */
static cli_word
attribute(cli_word rest, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 1; i + len + 2 < rest.len; i++) {
		const char *at = rest.text + i;
		char quote = at[len + 1];
		if (!strchr(" \t\r\n", at[-1]) || memcmp(at, name, len) != 0 || at[len] != '=' ||
		    (quote != '"' && quote != '\''))
			continue;
		const char *value = at + len + 2;
		const char *end = memchr(value, quote, rest.len - i - len - 2);
		if (end)
			return (cli_word){ value, (size_t)(end - value) };
	}
	return (cli_word){ NULL, 0 };
}

/* Two digits or four; -1 if it is something else. */
static int
read_digits(const char *at, unsigned count)
{
	int value = 0;

	for (unsigned i = 0; i < count; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -1;
		value = 10 * value + (at[i] - '0');
	}
	return value;
}

/* Days since 1970-01-01 in our calendar: years begin with March, so that a leap day is the last. */
static int64_t
days_to(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* Z, +02:00 or -02:00 as seconds to add; a day and more when it is none. */
static int64_t
read_offset(const char *at, size_t len)
{
	int hours = 24, minutes = 0;

	if (len == 1 && at[0] == 'Z')
		return 0;
	if (len == 6 && (at[0] == '+' || at[0] == '-') && at[3] == ':') {
		hours = read_digits(at + 1, 2);
		minutes = read_digits(at + 4, 2);
	}
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return 86400;
	return (at[0] == '+' ? -1 : 1) * (3600 * (int64_t)hours + 60 * minutes);
}

/* 2017-02-02T00:00:00+00:00 as seconds since 1970.  False if it is no such time. */
static bool
read_time(cli_word text, danepriv_time *out)
{
	static const char form[] = "....-..-..T..:..:..";
	int part[6];

	if (text.len < sizeof form)
		return false;
	for (size_t i = 0; i < sizeof form - 1; i++)
		if (form[i] != '.' && text.text[i] != form[i])
			return false;
	part[0] = read_digits(text.text, 4);
	for (unsigned i = 1; i < 6; i++)
		part[i] = read_digits(text.text + 2 + 3 * i, 2);
	int64_t offset = read_offset(text.text + sizeof form - 1, text.len - (sizeof form - 1));
	if (part[0] < 0 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 ||
	    part[3] < 0 || part[3] > 24 || part[4] < 0 || part[4] > 59 || part[5] < 0 ||
	    part[5] > 60 || offset == 86400)
		return false;
	*out = days_to(part[0], part[1], part[2]) * 86400 + part[3] * 3600 + part[4] * 60 +
	       part[5] + offset;
	return true;
}

/* May the key be used?  It is not an anchor before, nor after (RFC 9718 section 2.2). */
static bool
read_validity(cli_word rest, danepriv_time now, bool *valid)
{
	cli_word from = attribute(rest, "validFrom"), until = attribute(rest, "validUntil");
	danepriv_time first = 0, last = INT64_MAX;

	if (!read_time(from, &first) || (until.text && !read_time(until, &last)))
		return false;
	*valid = now >= first && now <= last;
	return true;
}

/* What is in a KeyDigest, up to its end. */
static bool
read_digest(tags *t, digest *d)
{
	while (next_tag(t)) {
		bool good;
		cli_word other = { NULL, 0 };
		if (word_is(t->name, "/KeyDigest"))
			return d->data.len > 0 && d->numbers[0].len > 0 && d->numbers[1].len > 0 &&
			       d->numbers[2].len > 0;
		if (word_is(t->name, "KeyTag"))
			good = read_text(t, &d->numbers[0]);
		else if (word_is(t->name, "Algorithm"))
			good = read_text(t, &d->numbers[1]);
		else if (word_is(t->name, "DigestType"))
			good = read_text(t, &d->numbers[2]);
		else if (word_is(t->name, "Digest"))
			good = read_text(t, &d->data);
		else
			good = (word_is(t->name, "PublicKey") || word_is(t->name, "Flags")) &&
			       read_text(t, &other);
		if (!good)
			return false;
	}
	return false;
}

bool
cli_read_anchor_xml(const char *text, danepriv_time now, cli_anchor_lines *out, cli_slip *slip)
{
	static const char what[] = "not understood in IANA's form";
	tags t = { .at = text, .line = 1 };
	cli_word zone = { NULL, 0 };

	if (!next_tag(&t) || !word_is(t.name, "TrustAnchor"))
		return fail(slip, what, t.where);
	while (next_tag(&t) && !word_is(t.name, "/TrustAnchor")) {
		digest d = { .where = t.where };
		if (word_is(t.name, "Zone") && read_text(&t, &zone))
			continue;
		if (!word_is(t.name, "KeyDigest") || !read_validity(t.rest, now, &d.valid) ||
		    !read_digest(&t, &d))
			return fail(slip, what, d.where);
		if (d.valid && !cli_add_anchor(out, d.where, zone, "DS", d.numbers, d.data, slip))
			return false;
	}
	if (t.broken || !word_is(t.name, "/TrustAnchor") || next_tag(&t) || trimmed(t.text).len > 0)
		return fail(slip, what, t.line);
	return true;
}
