/* SPDX-License-Identifier: BSD-2-Clause
 * How is a TLSA record read that people or name servers have written down?  (RFC 6698 section 2.2,
 * RFC 1035 section 5.1, RFC 3597 section 5, RFC 7218)
 *
 *     [OWNER] [TTL] [IN] TLSA U S M HEX...      the front may be missing, TLSA included
 *     [OWNER] [TTL] [IN] TYPE52 \# LENGTH HEX...
 *
 * with comments, parentheses and quotes. */
#include "base/bounds.h"

#include <danepriv/record.h>
#include <stdbool.h>
#include <string.h>

#define RDATA_OCTETS_MAX 65535
#define NUMBER_DIGITS_MAX 7
#define NO_FAULT SIZE_MAX

/* The words of a record, one after the other. */
typedef struct words {
	const char *text;
	size_t at;	  /* the next octet */
	size_t begin;	  /* of the word at hand, with its quote */
	size_t word, len; /* of it, without */
	bool has_word;	  /* false: the record has ended */
	bool is_over;	  /* there is more text than is read for one */
	bool is_by_line;  /* a line's end ends the record, outside parentheses */
	size_t depth;	  /* of parentheses that are open */
	size_t open;	  /* where the outermost of them stands */
	size_t fault;	  /* where the first one stands */
} words;

/* The octets of the data; those that fit are written. */
typedef struct sink {
	uint8_t *octets;
	size_t room;
	size_t digits;
} sink;

static void
fail(words *w, size_t at)
{
	if (w->fault == NO_FAULT)
		w->fault = at;
}

/* The next octet; at the end of the text, or of what is read of it, NUL. */
static char
peek(words *w)
{
	if (w->at < DP_RECORD_TEXT_MAX)
		return w->text[w->at];
	w->is_over = true;
	return '\0';
}

static void
skip_comment(words *w)
{
	if (peek(w) == ';')
		while (peek(w) != '\0' && peek(w) != '\n')
			w->at++;
}

static void
note_parenthesis(words *w, char c)
{
	if (c == ')' && w->depth == 0)
		fail(w, w->at);
	else if (c == ')')
		w->depth--;
	else if (w->depth++ == 0)
		w->open = w->at;
}

/* To the next word of the record; false at its end. */
static bool
skip_blanks(words *w)
{
	for (;; w->at++) {
		skip_comment(w);
		char c = peek(w);
		if (c == '\0' || (c == '\n' && w->is_by_line && w->depth == 0))
			break;
		if (c == '(' || c == ')')
			note_parenthesis(w, c);
		else if (!strchr(" \t\r\n", c))
			return true;
	}
	if (w->depth > 0)
		fail(w, w->open);
	return false;
}

static void
next_word(words *w)
{
	w->has_word = skip_blanks(w);
	w->begin = w->word = w->at;
	w->len = 0;
	if (!w->has_word)
		return;
	bool is_quoted = peek(w) == '"';
	const char *ends = is_quoted ? "\"\n" : " \t\r\n();\"";
	if (is_quoted)
		w->word = ++w->at;
	while (!strchr(ends, peek(w))) /* NUL is among them */
		w->at++;
	w->len = w->at - w->word;
	if (is_quoted && peek(w) == '"')
		w->at++;
	else if (is_quoted)
		fail(w, w->begin);
}

static char
lowered(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
word_is(const words *w, const char *wanted)
{
	if (!w->has_word || w->len != strlen(wanted))
		return false;
	for (size_t i = 0; i < w->len; i++)
		if (lowered(w->text[w->word + i]) != lowered(wanted[i]))
			return false;
	return true;
}

static bool
word_is_type(const words *w)
{
	/* A draft's IPSECA has the same data, and no number of its own yet. */
	return word_is(w, "TLSA") || word_is(w, "TYPE52") || word_is(w, "IPSECA") ||
	       word_is(w, "TYPE65347");
}

static bool
word_is_of(const words *w, const char *letters)
{
	for (size_t i = 0; i < w->len; i++)
		if (!strchr(letters, w->text[w->word + i]))
			return false;
	return w->len > 0;
}

/* Seconds, or 1h30m. */
static bool
word_is_ttl(const words *w)
{
	char first = w->text[w->word];

	return word_is_of(w, "0123456789smhdwSMHDW") && first >= '0' && first <= '9';
}

/* Goes past owner, TTL, class and type, where they are in front of the data. */
static void
skip_front(words *w)
{
	words ahead = *w;
	unsigned ttls = 0, classes = 0;

	for (unsigned n = 0; ttls < 2 && classes < 2 && ahead.has_word; n++) {
		if (word_is_type(&ahead)) {
			*w = ahead;
			next_word(w);
			return;
		}
		/* The first word may be the owner's name, whatever it looks like. */
		bool is_class = word_is(&ahead, "IN") || word_is(&ahead, "CLASS1");
		if (n > 0 && !is_class && !word_is_ttl(&ahead))
			return;
		classes += n > 0 && is_class;
		ttls += n > 0 && !is_class;
		next_word(&ahead);
	}
}

/* A decimal number, and goes on.  Where there is none, that is a fault. */
static unsigned
read_number(words *w, unsigned most)
{
	unsigned value = 0;

	if (w->len > NUMBER_DIGITS_MAX || !word_is_of(w, "0123456789")) {
		fail(w, w->begin);
		return 0;
	}
	for (size_t i = 0; i < w->len; i++)
		value = 10 * value + (unsigned)(w->text[w->word + i] - '0');
	if (value > most)
		fail(w, w->begin);
	next_word(w);
	return value;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lowered(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
put_digit(sink *out, unsigned digit)
{
	size_t at = out->digits++ / 2;

	if (at >= out->room)
		return;
	if (out->digits % 2 == 1)
		out->octets[at] = (uint8_t)(digit << 4);
	else
		out->octets[at] |= (uint8_t)digit;
}

static void
put_octet(sink *out, unsigned octet)
{
	put_digit(out, octet >> 4);
	put_digit(out, octet & 15);
}

/* From the word at hand to the end of the record. */
static void
read_digits(words *w, sink *out)
{
	for (; w->has_word; next_word(w)) {
		for (size_t i = 0; i < w->len; i++) {
			int digit = hex_value(w->text[w->word + i]);
			if (digit < 0) {
				fail(w, w->word + i);
				return;
			}
			put_digit(out, (unsigned)digit);
		}
	}
	if (out->digits % 2 != 0)
		fail(w, w->at);
}

/* `\# LENGTH HEX...`: all of the data, and how long it is. */
static void
read_generic(words *w, sink *out)
{
	size_t mark = w->begin;

	next_word(w);
	size_t told = read_number(w, RDATA_OCTETS_MAX);
	if (w->fault != NO_FAULT)
		return;
	read_digits(w, out);
	if (out->digits / 2 != told)
		fail(w, mark);
}

/* A decimal number; or the place of an acronym among `names`, the last of which is 255. */
static void
read_field(words *w, const char *const names[5], sink *out)
{
	for (unsigned i = 0; i < 5; i++) {
		if (names[i] && word_is(w, names[i])) {
			put_octet(out, i < 4 ? i : 255);
			next_word(w);
			return;
		}
	}
	put_octet(out, read_number(w, 255));
}

static void
read_fields(words *w, sink *out)
{
	static const char *const usages[] = { "PKIX-TA", "PKIX-EE", "DANE-TA", "DANE-EE",
		"PrivCert" };
	static const char *const selectors[] = { "Cert", "SPKI", NULL, NULL, "PrivSel" };
	static const char *const matchings[] = { "Full", "SHA2-256", "SHA2-512", NULL,
		"PrivMatch" };

	read_field(w, usages, out);
	read_field(w, selectors, out);
	read_field(w, matchings, out);
	size_t digits = out->digits;
	if (w->fault == NO_FAULT)
		read_digits(w, out);
	if (out->digits == digits)
		fail(w, w->at);
}

/* One record and nothing behind it; *end is where it ends, or where its fault is. */
static danepriv_status
read_record(const char *text, bool is_by_line, sink *out, size_t *end)
{
	words w = { .text = text, .is_by_line = is_by_line, .fault = NO_FAULT };

	for (next_word(&w); !w.has_word && peek(&w) == '\n'; next_word(&w))
		w.at++;
	bool is_there = w.has_word;
	if (is_there) {
		skip_front(&w);
		if (word_is(&w, "\\#"))
			read_generic(&w, out);
		else
			read_fields(&w, out);
	}
	*end = w.fault != NO_FAULT ? w.fault : w.at;
	if (w.is_over || out->digits / 2 > RDATA_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	if (w.fault != NO_FAULT)
		return DANEPRIV_EMALFORMED;
	return is_there ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}

/* Is a record of one line the only one? */
static danepriv_status
check_rest(const char *text)
{
	sink none = { NULL, 0, 0 };
	size_t end;

	danepriv_status status = read_record(text, true, &none, &end);
	if (status == DANEPRIV_ENOTFOUND)
		return DANEPRIV_OK;
	return status == DANEPRIV_ELIMIT ? status : DANEPRIV_EMALFORMED;
}

danepriv_status
danepriv_record_read(const char *text, uint8_t *rdata, size_t room, size_t *needed, size_t *used)
{
	sink measured = { NULL, 0, 0 }, out = { rdata, room, 0 };
	bool is_by_line = true;
	size_t end;

	if (needed)
		*needed = 0;
	if (used)
		*used = 0;
	if (!text || (!rdata && room > 0))
		return DANEPRIV_EINVAL;
	danepriv_status status = read_record(text, true, &measured, &end);
	if (!used && status == DANEPRIV_OK)
		status = check_rest(text + end);
	else if (!used && status == DANEPRIV_EMALFORMED) {
		measured.digits = 0;
		is_by_line = false;
		status = read_record(text, false, &measured, &end);
	}
	if (used)
		*used = end;
	if (status != DANEPRIV_OK)
		return status;
	if (needed)
		*needed = measured.digits / 2;
	if (measured.digits / 2 > room)
		return DANEPRIV_ELIMIT;
	return read_record(text, is_by_line, &out, &end);
}
