/* SPDX-License-Identifier: BSD-2-Clause
 * How do people write a TLSA record down?  (RFC 6698 section 2.2, RFC 1035 section 5.1, RFC 3597
 * section 5, RFC 7218)
 *
 *     [OWNER] [TTL] [IN] TLSA U S M HEX...      the front may be missing, TLSA included
 *     [OWNER] [TTL] [IN] TYPE52 \# LENGTH HEX...
 *
 * with comments, parentheses and quotes.  The owner is not compared with anything. */
#include "tlsa_text.h"

#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char blanks[] = " \t\r\n";
static const char wrong_data[] =
    "is not 'U S M HEX', nor a TLSA line of a zone file (_853._tcp.NAME IN TLSA 3 1 1 HEX)";
static const char wrong_length[] = "has another length than it says";
static const char wrong_marks[] = "has a parenthesis or a quote without its fellow";

/* The words of a record, one after the other. */
typedef struct words {
	const char *at;
	const char *word;
	size_t len;
	unsigned depth;	   /* open parentheses */
	bool lines;	   /* a line's end ends the record, outside parentheses */
	const char *wrong; /* what is wrong with it, or NULL */
} words;

/* To the next word of the record; false at its end. */
static bool
skip_blanks(words *w)
{
	for (;; w->at++) {
		if (*w->at == ';')
			w->at += strcspn(w->at, "\n");
		if (*w->at == '\0' || (*w->at == '\n' && w->lines && w->depth == 0)) {
			w->wrong = w->depth > 0 ? wrong_marks : w->wrong;
			return false;
		}
		if (*w->at == '(')
			w->depth++;
		else if (*w->at == ')' && w->depth > 0)
			w->depth--;
		else if (*w->at == ')')
			w->wrong = wrong_marks;
		else if (!strchr(blanks, *w->at))
			return true;
	}
}

static bool
next_word(words *w)
{
	w->len = 0;
	if (!skip_blanks(w))
		return false;
	bool quoted = *w->at == '"';
	w->word = quoted ? w->at + 1 : w->at;
	w->len = strcspn(w->word, quoted ? "\"\n" : " \t\r\n();\"");
	w->at = w->word + w->len;
	if (quoted && *w->at == '"')
		w->at++;
	else if (quoted)
		w->wrong = wrong_marks;
	return true;
}

static bool
word_is(const words *w, const char *wanted)
{
	return strlen(wanted) == w->len && strncasecmp(w->word, wanted, w->len) == 0;
}

static bool
word_is_type(const words *w)
{
	/* A draft's IPSECA has the same data, and no number of its own yet. */
	return word_is(w, "TLSA") || word_is(w, "TYPE52") || word_is(w, "IPSECA") ||
	       word_is(w, "TYPE65347");
}

/* Seconds, or 1h30m. */
static bool
word_is_ttl(const words *w)
{
	return w->len > 0 && w->word[0] >= '0' && w->word[0] <= '9' &&
	       strspn(w->word, "0123456789smhdwSMHDW") >= w->len;
}

/* Goes past owner, TTL, class and type, where they are in front of the data. */
static void
skip_front(words *w)
{
	words ahead = *w;
	unsigned ttls = 0, classes = 0;

	for (unsigned n = 0; ttls < 2 && classes < 2; n++) {
		if (word_is_type(&ahead)) {
			*w = ahead;
			(void)next_word(w);
			return;
		}
		/* The first word may be the owner's name, whatever it looks like. */
		bool is_class = word_is(&ahead, "IN") || word_is(&ahead, "CLASS1");
		if (n > 0 && !is_class && !word_is_ttl(&ahead))
			return;
		classes += n > 0 && is_class;
		ttls += n > 0 && !is_class;
		if (!next_word(&ahead))
			return;
	}
}

/* A decimal number; or the place of an acronym among `names`, the last of which is 255. */
static bool
read_field(words *w, const char *const names[5], uint8_t *out)
{
	char digits[8];
	int64_t value;

	for (uint8_t i = 0; i < 5; i++)
		if (names[i] && word_is(w, names[i])) {
			*out = i < 4 ? i : 255;
			return next_word(w);
		}
	if (w->len >= sizeof digits)
		return false;
	memcpy(digits, w->word, w->len);
	digits[w->len] = '\0';
	if (!cli_read_number(digits, 0, 255, &value))
		return false;
	*out = (uint8_t)value;
	return next_word(w);
}

/* From the word at hand to the end of the record.  The number of octets, or -1. */
static long
read_digits(words *w, uint8_t *out)
{
	long digits = 0;

	if (w->len == 0)
		return 0;
	do {
		for (size_t i = 0; i < w->len; i++, digits++) {
			int digit = cli_hex_digit(w->word[i]);
			if (digit < 0)
				return -1;
			if (digits % 2 == 0)
				out[digits / 2] = (uint8_t)(digit << 4);
			else
				out[digits / 2] |= (uint8_t)digit;
		}
	} while (next_word(w));
	return digits % 2 == 0 ? digits / 2 : -1;
}

/* `\# LENGTH HEX...`: all of the data, and how long it is. */
static long
read_unknown(words *w, uint8_t *rdata)
{
	char digits[8];
	int64_t told;

	if (!next_word(w) || w->len >= sizeof digits)
		return -1;
	memcpy(digits, w->word, w->len);
	digits[w->len] = '\0';
	if (!cli_read_number(digits, 0, UINT16_MAX, &told))
		return -1;
	(void)next_word(w);
	long len = read_digits(w, rdata);
	if (len >= 0 && len != told && !w->wrong)
		w->wrong = wrong_length;
	return len;
}

/* One record, whose first word is at hand.  The octets of its RDATA; -1, and w->wrong says why. */
static long
read_record(words *w, uint8_t *rdata)
{
	static const char *const usages[] = { "PKIX-TA", "PKIX-EE", "DANE-TA", "DANE-EE",
		"PrivCert" };
	static const char *const selectors[] = { "Cert", "SPKI", NULL, NULL, "PrivSel" };
	static const char *const matchings[] = { "Full", "SHA2-256", "SHA2-512", NULL,
		"PrivMatch" };
	long len = -1;

	skip_front(w);
	if (word_is(w, "\\#")) {
		len = read_unknown(w, rdata);
	} else if (read_field(w, usages, &rdata[0]) && read_field(w, selectors, &rdata[1]) &&
		   read_field(w, matchings, &rdata[2])) {
		len = read_digits(w, rdata + 3);
		len = len > 0 ? 3 + len : -1;
	}
	if (len < 0 && !w->wrong)
		w->wrong = wrong_data;
	return w->wrong ? -1 : len;
}

static bool
add(cli_rdatas *out, uint8_t *rdata, long len)
{
	if (len < 0 || out->count == CLI_LIST_MAX) {
		free(rdata);
		return false;
	}
	out->items[out->count].data = rdata;
	out->items[out->count++].len = (size_t)len;
	return true;
}

/* Adds what is there: one record, or with w->lines as many as there are.  False: w->at is where
 * that ended. */
static bool
read_all(words *w, cli_rdatas *out)
{
	size_t before = out->count;

	for (;;) {
		while (!next_word(w) && *w->at == '\n')
			w->at++;
		if (w->len == 0 && *w->at == '\0')
			return out->count > before && !w->wrong;
		uint8_t *rdata = malloc(strlen(w->at) + w->len + 4);
		if (!rdata) {
			w->wrong = "does not fit in memory";
			return false;
		}
		if (out->count == CLI_LIST_MAX)
			w->wrong = "is one too many";
		if (!add(out, rdata, read_record(w, rdata)))
			return false;
	}
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
	words w = { .at = text, .lines = true };

	if (read_all(&w, out))
		return true;
	bool first_was_good = out->count > before;
	drop(out, before);
	/* Or one record, with line ends for blanks. */
	words whole = { .at = text };
	if (!first_was_good && read_all(&whole, out) && out->count == before + 1)
		return true;
	drop(out, before);
	const char *wrong = w.wrong ? w.wrong : wrong_data;
	if (first_was_good)
		cli_complain("--record, line %u: the record %s", line_of(text, w.word), wrong);
	else
		cli_complain("record '%.60s' %s", text, wrong);
	return false;
}

void
cli_rdatas_free(cli_rdatas *rdatas)
{
	drop(rdatas, 0);
}
