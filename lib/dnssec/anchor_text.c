/* SPDX-License-Identifier: BSD-2-Clause
 * How are trust anchors written?  DS and DNSKEY lines of a zone file (RFC 1035 section 5.1, RFC
 * 4034 sections 2.2 and 5.3): OWNER [TTL] [IN] DS|DNSKEY fields, with comments and parentheses.
 *
 * Unbound keeps the keys that it follows as such lines, too, and each key's state (RFC 5011 section
 * 4.2) in the comment behind it. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/anchor.h"

#include <danepriv/status.h>
#include <string.h>

#define WORD_MAX 1024
/* Words of a line: base64 of a 4096-bit key in groups of four letters would be 180. */
#define WORDS_MAX 512

/* The words of one line, one after the other. */
typedef struct words {
	const char *at;
	unsigned depth; /* open parentheses */
	char word[WORD_MAX];
	size_t len;
	bool is_held; /* a comment says that this key is not one to trust, or not yet */
	bool failed;
} words;

/* What Unbound writes before the number of a key's state, after two semicolons. */
static const char state_word[] = "state";
/* RFC 5011 section 4.2; 0 is START, 1 ADDPEND, 4 REVOKED, 5 REMOVED. */
#define STATE_VALID '2'
#define STATE_MISSING '3'
#define STATE_LAST '5'

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '(' || c == ')';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static const char *
skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* If the comment goes on with "state=", where its value begins; else NULL. */
static const char *
value_of_state(const char *at)
{
	at = skip_blanks(at);
	for (const char *s = state_word; *s; s++, at++)
		if (lower(*at) != *s)
			return NULL;
	at = skip_blanks(at);
	return *at == '=' ? skip_blanks(at + 1) : NULL;
}

/* A key in its hold-down time, or that was revoked or removed, anchors nothing (RFC 5011 sections
 * 2.2 and 2.4.1); nor does one whose state cannot be read. */
static void
read_state(words *w, const char *value)
{
	bool ends = value[0] != '\0' && strchr(" \t\r\n[;", value[1]) != NULL;

	if (value[0] < '0' || value[0] > STATE_LAST || !ends)
		w->failed = true;
	else if (value[0] != STATE_VALID && value[0] != STATE_MISSING)
		w->is_held = true;
}

/* Reads a comment up to the end of the line. */
static void
skip_comment(words *w)
{
	for (; *w->at != '\0' && *w->at != '\n'; w->at++) {
		const char *value = w->at[0] == ';' && w->at[1] == ';'
					? value_of_state(w->at + strspn(w->at, ";"))
					: NULL;
		if (value)
			read_state(w, value);
	}
}

/* Skips to the next word of this line; false at its end. */
static bool
skip_white(words *w)
{
	for (;; w->at++) {
		if (*w->at == ';')
			skip_comment(w);
		if (*w->at == '\0' || (*w->at == '\n' && w->depth == 0))
			return false;
		if (*w->at == '(')
			w->depth++;
		if (*w->at == ')' && w->depth-- == 0) {
			w->failed = true;
			w->depth = 0;
		}
		if (*w->at != '\n' && !is_white(*w->at))
			return true;
	}
}

/* Reads the next word; false at the end of the line. */
static bool
next_word(words *w)
{
	w->len = 0;
	if (!skip_white(w))
		return false;
	while (*w->at != '\0' && *w->at != '\n' && *w->at != ';' && !is_white(*w->at)) {
		if (w->len == sizeof w->word - 1) {
			w->failed = true;
			return false;
		}
		w->word[w->len++] = *w->at++;
	}
	w->word[w->len] = '\0';
	return true;
}

static bool
word_is(const words *w, const char *upper)
{
	size_t len = strlen(upper);

	if (w->len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = w->word[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - ('a' - 'A'));
		if (c != upper[i])
			return false;
	}
	return true;
}

/* The word as a decimal number; sets `failed` when it is none or above `max`. */
static uint32_t
number(words *w, uint32_t max)
{
	uint64_t value = 0;

	if (w->len == 0 || w->len > 10)
		w->failed = true;
	for (size_t i = 0; i < w->len && i < 10; i++) {
		if (w->word[i] < '0' || w->word[i] > '9')
			w->failed = true;
		value = value * 10 + (uint64_t)(w->word[i] - '0');
	}
	if (value > max)
		w->failed = true;
	return w->failed ? 0 : (uint32_t)value;
}

static uint32_t
next_number(words *w, uint32_t max)
{
	if (!next_word(w))
		w->failed = true;
	return number(w, max);
}

/* A number, or what it is called (RFC 4034 appendix A.1, RFC 5155, 5702, 6605 and 8080).  What
 * cannot be checked here has its name all the same: such a line is good, and anchors nothing. */
static uint8_t
next_algorithm(words *w)
{
	static const struct {
		const char *name;
		uint8_t number;
	} names[] = {
		{ "RSAMD5", 1 },
		{ "DH", 2 },
		{ "DSA", 3 },
		{ "RSASHA1", 5 },
		{ "DSA-NSEC3-SHA1", 6 },
		{ "NSEC3DSA", 6 },
		{ "RSASHA1-NSEC3-SHA1", 7 },
		{ "NSEC3RSASHA1", 7 },
		{ "RSASHA256", 8 },
		{ "RSASHA512", 10 },
		{ "ECC-GOST", 12 },
		{ "ECDSAP256SHA256", 13 },
		{ "ECDSAP384SHA384", 14 },
		{ "ED25519", 15 },
		{ "ED448", 16 },
	};

	if (!next_word(w))
		w->failed = true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (word_is(w, names[i].name))
			return names[i].number;
	return (uint8_t)number(w, UINT8_MAX);
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);

	return c && at ? (int)(at - digits) : -1;
}

static int
base64_value(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Reads digits of `bits` bits each up to the end of the line; base64 may end in "=". */
static void
read_digits(words *w, dp_buffer *out, int (*value_of)(char), unsigned bits)
{
	uint32_t held = 0;
	unsigned have = 0, padding = 0, digits = 0;

	for (unsigned n = 0; n < WORDS_MAX && next_word(w); n++) {
		for (size_t i = 0; i < w->len; i++, digits++) {
			int value = value_of(w->word[i]);
			if (bits == 6 && w->word[i] == '=') {
				padding++;
				continue;
			}
			if (value < 0 || padding)
				w->failed = true;
			held = held << bits | ((uint32_t)value & 0xFF);
			have += bits;
			if (have >= 8) {
				have -= 8;
				dp_write_u8(out, (uint8_t)(held >> have));
			}
		}
	}
	if (skip_white(w) || padding > 2 || digits % (bits == 6 ? 4 : 2) != 0)
		w->failed = true;
}

/* [TTL] [IN] TYPE, in any order of the first two.  0 for another type. */
static uint16_t
read_type(words *w)
{
	for (unsigned n = 0; n < 3 && next_word(w); n++) {
		if (word_is(w, "DS"))
			return DP_TYPE_DS;
		if (word_is(w, "DNSKEY"))
			return DP_TYPE_DNSKEY;
		if (!word_is(w, "IN"))
			(void)number(w, UINT32_MAX);
	}
	return 0;
}

static void
read_rdata(words *w, uint16_t type, dp_buffer *out)
{
	dp_write_u16(out, (uint16_t)next_number(w, UINT16_MAX));
	dp_write_u8(
	    out, type == DP_TYPE_DS ? next_algorithm(w) : (uint8_t)next_number(w, UINT8_MAX));
	dp_write_u8(
	    out, type == DP_TYPE_DS ? (uint8_t)next_number(w, UINT8_MAX) : next_algorithm(w));
	if (type == DP_TYPE_DS)
		read_digits(w, out, hex_value, 4);
	else
		read_digits(w, out, base64_value, 6);
}

/* One record whose owner has been read into `w`. */
static danepriv_status
read_record(words *w, dp_anchor *out)
{
	dp_buffer rdata = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);

	if (dp_name_from_text(w->word, &out->owner) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->type = read_type(w);
	if (out->type == 0 || w->failed)
		return DANEPRIV_EMALFORMED;
	read_rdata(w, out->type, &rdata);
	if (rdata.status == DANEPRIV_OK && !w->failed && w->depth == 0) {
		out->rdata = dp_buffer_span(&rdata);
		out->is_trusted = !w->is_held;
		return DANEPRIV_OK;
	}
	danepriv_status status =
	    rdata.status == DANEPRIV_ENOMEM ? DANEPRIV_ENOMEM : DANEPRIV_EMALFORMED;
	dp_buffer_free(&rdata);
	return status;
}

danepriv_status
dp_anchor_read_line(const char **line, dp_anchor *out)
{
	words w = { .at = *line };
	danepriv_status status = DANEPRIV_ENOTFOUND;

	/* Empty lines and comments are passed over. */
	while (status == DANEPRIV_ENOTFOUND && *w.at != '\0') {
		if (*w.at == '\n') {
			w.at++;
			w.is_held = false; /* that was no key's comment */
			continue;
		}
		/* A blank in front would stand for the owner before: not taken. */
		bool blank = is_white(*w.at);
		if (next_word(&w))
			status = blank ? DANEPRIV_EMALFORMED : read_record(&w, out);
		else if (w.failed || w.depth > 0)
			status = DANEPRIV_EMALFORMED;
	}
	*line = w.at;
	return status;
}
