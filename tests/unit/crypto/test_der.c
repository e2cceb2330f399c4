/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/der: where in this certificate is its key? */
#include "crypto/der.h"
#include "base/buffer.h"
#include "base/span.h"
#include "support/octets.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

/* Certificates that somebody else made */

typedef struct made {
	test_vectors *file;
	const char *name;
	test_octets certificate, spki;
} made;

static made
made_open(int index)
{
	made m;
	test_vector row;

	m.file = vectors_at("certificates.txt", index, &row);
	m.name = row.fields[0];
	m.certificate = octets_from_hex(row.fields[1]);
	m.spki = octets_from_hex(row.fields[2]);
	return m;
}

static void
made_close(made *m)
{
	octets_free(m->certificate);
	octets_free(m->spki);
	vectors_close(m->file);
}

static bool
lies_within(danepriv_span part, danepriv_span whole)
{
	return part.data > whole.data && part.len < whole.len &&
	       (size_t)(part.data - whole.data) <= whole.len - part.len;
}

START_TEST(finds_the_key)
{
	made m = made_open(_i);
	danepriv_span spki;

	ck_assert_msg(dp_der_certificate_spki(octets_span(m.certificate), &spki) == DANEPRIV_OK,
	    "%s", m.name);
	ck_assert_msg(dp_span_equal(spki, octets_span(m.spki)), "%s: another key", m.name);
	ck_assert_msg(lies_within(spki, octets_span(m.certificate)), "%s: not as found", m.name);
	ck_assert_msg(dp_der_spki_check(spki) == DANEPRIV_OK, "%s", m.name);
	made_close(&m);
}
END_TEST

START_TEST(a_certificate_is_no_key_nor_the_other_way_round)
{
	made m = made_open(_i);
	danepriv_span spki;

	ck_assert_msg(
	    dp_der_spki_check(octets_span(m.certificate)) == DANEPRIV_EMALFORMED, "%s", m.name);
	ck_assert_msg(dp_der_certificate_spki(octets_span(m.spki), &spki) == DANEPRIV_EMALFORMED,
	    "%s", m.name);
	made_close(&m);
}
END_TEST

START_TEST(no_cut_is_taken)
{
	made m = made_open(_i);
	danepriv_span spki;

	for (size_t len = 0; len < m.certificate.len; len++) {
		test_octets cut = octets_copy((danepriv_span){ m.certificate.data, len });
		spki = octets_span(m.spki);
		ck_assert_msg(
		    dp_der_certificate_spki(octets_span(cut), &spki) == DANEPRIV_EMALFORMED,
		    "%s cut at %zu", m.name, len);
		ck_assert_msg(spki.len == 0 && spki.data == NULL, "%s cut at %zu", m.name, len);
		octets_free(cut);
	}
	for (size_t len = 0; len < m.spki.len; len++) {
		test_octets cut = octets_copy((danepriv_span){ m.spki.data, len });
		ck_assert_msg(dp_der_spki_check(octets_span(cut)) == DANEPRIV_EMALFORMED,
		    "key of %s cut at %zu", m.name, len);
		octets_free(cut);
	}
	made_close(&m);
}
END_TEST

START_TEST(nothing_may_follow)
{
	made m = made_open(_i);
	test_octets certificate = { malloc(m.certificate.len + 1), m.certificate.len + 1 };
	test_octets key = { malloc(m.spki.len + 1), m.spki.len + 1 };
	danepriv_span spki;

	ck_assert(certificate.data && key.data);
	memcpy(certificate.data, m.certificate.data, m.certificate.len);
	memcpy(key.data, m.spki.data, m.spki.len);
	for (unsigned last = 0; last < 256; last++) {
		certificate.data[certificate.len - 1] = key.data[key.len - 1] = (uint8_t)last;
		ck_assert_msg(
		    dp_der_certificate_spki(octets_span(certificate), &spki) == DANEPRIV_EMALFORMED,
		    "%s", m.name);
		ck_assert_msg(
		    dp_der_spki_check(octets_span(key)) == DANEPRIV_EMALFORMED, "%s", m.name);
	}
	octets_free(certificate);
	octets_free(key);
	made_close(&m);
}
END_TEST

/* Whatever is found in a spoilt certificate lies within it and has the form of a key. */
START_TEST(survives_each_altered_octet)
{
	static const uint8_t masks[] = { 0xFF, 0x01, 0x80, 0x20, 0x1F };
	made m = made_open(_i);
	danepriv_span whole = octets_span(m.certificate), spki;

	for (size_t i = 0; i < sizeof masks * m.certificate.len; i++) {
		size_t at = i / sizeof masks;
		m.certificate.data[at] ^= masks[i % sizeof masks];
		danepriv_status status = dp_der_certificate_spki(whole, &spki);
		if (status == DANEPRIV_OK) {
			ck_assert_msg(lies_within(spki, whole), "%s, octet %zu", m.name, at);
			ck_assert_msg(
			    dp_der_spki_check(spki) == DANEPRIV_OK, "%s, octet %zu", m.name, at);
		} else {
			ck_assert_msg(status == DANEPRIV_EMALFORMED && !spki.data && spki.len == 0,
			    "%s, octet %zu", m.name, at);
		}
		m.certificate.data[at] ^= masks[i % sizeof masks];
	}
	made_close(&m);
}
END_TEST

/* Certificates made by hand.  `30(` ... `)` is an element of tag 30 with the length that its
 * content has; all else is hexadecimal digits. */

static void write_notation(const char **text, dp_buffer *out);

static void
write_element(const char **text, uint8_t tag, dp_buffer *out)
{
	dp_buffer content = dp_buffer_growing(65535);

	write_notation(text, &content);
	ck_assert_int_eq(**text, ')');
	++*text;
	dp_write_u8(out, tag);
	if (content.len > 0xFF)
		dp_write_u8(out, 0x82);
	else if (content.len > 0x7F)
		dp_write_u8(out, 0x81);
	if (content.len > 0xFF)
		dp_write_u8(out, (uint8_t)(content.len >> 8));
	dp_write_u8(out, (uint8_t)content.len);
	dp_write_span(out, dp_buffer_span(&content));
	dp_buffer_free(&content);
}

static void
write_notation(const char **text, dp_buffer *out)
{
	while (**text && **text != ')') {
		if (**text == ' ') {
			++*text;
			continue;
		}
		char digits[3] = { (*text)[0], (*text)[1], 0 };
		test_octets octet = octets_from_hex(digits);
		*text += 2;
		if (**text == '(') {
			++*text;
			write_element(text, octet.data[0], out);
		} else {
			dp_write_span(out, octets_span(octet));
		}
		octets_free(octet);
	}
}

static test_octets
from_notation(const char *text)
{
	dp_buffer b = dp_buffer_growing(65535);

	write_notation(&text, &b);
	ck_assert_int_eq(*text, '\0');
	return octets_of_buffer(&b);
}

#define X16 "00112233445566778899aabbccddeeff"
#define ALG "30(06(2b6570)) "
#define KEY "30(30(06(2b6570) 05()) 03(00abcd)) "
#define SIG ALG "03(00ff)"
#define NAMES "30() 30() 30() "
#define HEAD "a0(020102) 020101 " ALG
#define TBS "30(" HEAD NAMES KEY ") "

typedef struct hand_row {
	const char *name, *certificate;
	const char *spki; /* NULL: malformed */
} hand_row;

static const hand_row hands[] = {
	{ "least of all", "30(" TBS SIG ")", KEY },
	{ "version 1", "30(30(020101 " ALG NAMES KEY ")" SIG ")", KEY },
	{ "version 1, and it says so", "30(30(a0(020100) 020101 " ALG NAMES KEY ")" SIG ")", KEY },
	{ "unique identifiers", "30(30(" HEAD NAMES KEY "81(00ab) 82(00ab))" SIG ")", KEY },
	{ "extensions", "30(30(" HEAD NAMES KEY "a3(30()))" SIG ")", KEY },
	{ "serial number padded with zeros",
	    "30(30(a0(020102) 02(0000000001)" ALG NAMES KEY ")" SIG ")", KEY },
	{ "length of one octet more",
	    "30(30(" HEAD NAMES "30(30(06(2b6570)) 03(00" X16 X16 X16 X16 X16 X16 X16 X16 ")))" SIG
	    ")",
	    "30(30(06(2b6570)) 03(00" X16 X16 X16 X16 X16 X16 X16 X16 "))" },
	{ "key with unused bits", "30(30(" HEAD NAMES "30(" ALG "03(07ab80)))" SIG ")",
	    "30(" ALG "03(07ab80))" },
	{ "key without a bit", "30(30(" HEAD NAMES "30(" ALG "03(00)))" SIG ")",
	    "30(" ALG "03(00))" },
	{ "nothing", "", NULL },
	{ "empty", "30()", NULL },
	{ "a SET", "31(" TBS SIG ")", NULL },
	{ "primitive", "10(" TBS SIG ")", NULL },
	{ "two certificates", "30(" TBS SIG ") 30(" TBS SIG ")", NULL },
	{ "zeros behind", "30(" TBS SIG ") 0000", NULL },
	{ "an element behind the signature", "30(" TBS SIG "05())", NULL },
	{ "no signature", "30(" TBS ALG ")", NULL },
	{ "no algorithm of the signature", "30(" TBS "03(00ff))", NULL },
	{ "signature is an OCTET STRING", "30(" TBS ALG "04(00ff))", NULL },
	{ "signature in pieces", "30(" TBS ALG "23(03(00ff)))", NULL },
	{ "no TBSCertificate", "30(" SIG ")", NULL },
	{ "empty TBSCertificate", "30(30()" SIG ")", NULL },
	{ "version is no INTEGER", "30(30(a0(040102) 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "version without octets", "30(30(a0(0200) 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "version left empty", "30(30(a0() 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "two versions", "30(30(a0(020102 020102) 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "version twice", "30(30(a0(020102) a0(020102) 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "version implicit", "30(30(80(02) 020101 " ALG NAMES KEY ")" SIG ")", NULL },
	{ "no serial number", "30(30(a0(020102)" ALG NAMES KEY ")" SIG ")", NULL },
	{ "serial number without octets", "30(30(a0(020102) 0200 " ALG NAMES KEY ")" SIG ")",
	    NULL },
	{ "no algorithm", "30(30(a0(020102) 020101 " NAMES KEY ")" SIG ")", NULL },
	{ "algorithm without OID", "30(30(a0(020102) 020101 30()" NAMES KEY ")" SIG ")", NULL },
	{ "algorithm with empty OID", "30(30(a0(020102) 020101 30(0600)" NAMES KEY ")" SIG ")",
	    NULL },
	{ "algorithm with two parameters",
	    "30(30(a0(020102) 020101 30(06(2b6570) 0500 0500)" NAMES KEY ")" SIG ")", NULL },
	{ "no issuer", "30(30(" HEAD "30() 30()" KEY ")" SIG ")", NULL },
	{ "issuer is a SET", "30(30(" HEAD "31() 30() 30()" KEY ")" SIG ")", NULL },
	{ "validity is a time", "30(30(" HEAD "30() 17() 30()" KEY ")" SIG ")", NULL },
	{ "subject is a string", "30(30(" HEAD "30() 30() 0c()" KEY ")" SIG ")", NULL },
	{ "no key", "30(30(" HEAD NAMES ")" SIG ")", NULL },
	{ "extensions in place of the key", "30(30(" HEAD NAMES "a3(30()))" SIG ")", NULL },
	{ "key without its bits", "30(30(" HEAD NAMES "30(" ALG "))" SIG ")", NULL },
	{ "key without its algorithm", "30(30(" HEAD NAMES "30(03(00abcd)))" SIG ")", NULL },
	{ "key with more behind", "30(30(" HEAD NAMES "30(" ALG "03(00abcd) 0500))" SIG ")", NULL },
	{ "key in an OCTET STRING", "30(30(" HEAD NAMES "30(" ALG "04(00abcd)))" SIG ")", NULL },
	{ "key in pieces", "30(30(" HEAD NAMES "30(" ALG "23(03(00ab) 03(00cd))))" SIG ")", NULL },
	{ "bit string without its first octet", "30(30(" HEAD NAMES "30(" ALG "0300))" SIG ")",
	    NULL },
	{ "eight unused bits", "30(30(" HEAD NAMES "30(" ALG "03(08ab00)))" SIG ")", NULL },
	{ "unused bits of no bit", "30(30(" HEAD NAMES "30(" ALG "03(01)))" SIG ")", NULL },
	{ "unused bits are not zero", "30(30(" HEAD NAMES "30(" ALG "03(01abcd)))" SIG ")", NULL },
	{ "element behind the key is cut", "30(30(" HEAD NAMES KEY "a305 00)" SIG ")", NULL },
	{ "only a tag behind the key", "30(30(" HEAD NAMES KEY "a3)" SIG ")", NULL },
	{ "tag of two octets", "30(30(" HEAD NAMES KEY "bf03 00)" SIG ")", NULL },
	{ "an element may not reach out of its own", "30(3003 020105 020101)", NULL },
	{ "length in two octets, one would do",
	    "30(30(a0(020102) 02810101" ALG NAMES KEY ")" SIG ")", NULL },
	{ "the same behind the key", "30(30(" HEAD NAMES KEY "a38100)" SIG ")", NULL },
	{ "indefinite length of the issuer", "30(30(" HEAD "30800000 30() 30()" KEY ")" SIG ")",
	    NULL },
	{ "indefinite length", "3080" TBS SIG "0000", NULL },
	{ "indefinite length of TBSCertificate", "30(3080" HEAD NAMES KEY "0000" SIG ")", NULL },
	{ "indefinite length behind the key", "30(30(" HEAD NAMES KEY "a380 3000 0000)" SIG ")",
	    NULL },
	{ "reserved length", "30ff" TBS SIG, NULL },
	{ "length of five octets", "308500000000ff", NULL },
	{ "largest length", "3084ffffffff" TBS SIG, NULL },
	{ "length is cut", "3082ff", NULL },
	{ "largest length behind the key", "30(30(" HEAD NAMES KEY "a384ffffffff)" SIG ")", NULL },
};

START_TEST(reads_what_is_made_by_hand)
{
	const hand_row *row = &hands[_i];
	test_octets certificate = from_notation(row->certificate);
	danepriv_span spki;
	danepriv_status status = dp_der_certificate_spki(octets_span(certificate), &spki);

	if (row->spki) {
		test_octets wanted = from_notation(row->spki);
		ck_assert_msg(status == DANEPRIV_OK, "%s", row->name);
		ck_assert_msg(dp_span_equal(spki, octets_span(wanted)), "%s", row->name);
		ck_assert_msg(dp_der_spki_check(spki) == DANEPRIV_OK, "%s", row->name);
		octets_free(wanted);
	} else {
		ck_assert_msg(status == DANEPRIV_EMALFORMED, "%s", row->name);
		ck_assert_msg(spki.data == NULL && spki.len == 0, "%s", row->name);
	}
	octets_free(certificate);
}
END_TEST

typedef struct length_row {
	const char *name, *length;
	size_t content;
	bool ok;
} length_row;

/* Of the BIT STRING in a bare key, which is then taken or not for this length alone. */
static const length_row lengths[] = {
	{ "5", "05", 5, true },
	{ "127", "7f", 127, true },
	{ "128", "8180", 128, true },
	{ "255", "81ff", 255, true },
	{ "256", "820100", 256, true },
	{ "5 in two octets", "8105", 5, false },
	{ "127 in two octets", "817f", 127, false },
	{ "128 in three octets", "820080", 128, false },
	{ "255 in three octets", "8200ff", 255, false },
	{ "256 in four octets", "83000100", 256, false },
	{ "256 in five octets", "8400000100", 256, false },
	{ "256 in six octets", "850000000100", 256, false },
	{ "indefinite", "80", 5, false },
	{ "one too many", "06", 5, false },
	{ "one too few", "04", 5, false },
};

START_TEST(reads_lengths)
{
	const length_row *row = &lengths[_i];
	char text[2048] = "30(" ALG "03";

	strcat(text, row->length);
	for (size_t i = 0; i < row->content; i++)
		strcat(text, "00");
	test_octets key = from_notation(strcat(text, ")"));
	ck_assert_msg(
	    dp_der_spki_check(octets_span(key)) == (row->ok ? DANEPRIV_OK : DANEPRIV_EMALFORMED),
	    "%s", row->name);
	octets_free(key);
}
END_TEST

START_TEST(nothing_is_neither)
{
	danepriv_span none = { NULL, 0 }, spki = { (const uint8_t *)"x", 1 };

	ck_assert_int_eq(dp_der_certificate_spki(none, &spki), DANEPRIV_EMALFORMED);
	ck_assert_uint_eq(spki.len, 0);
	ck_assert_int_eq(dp_der_spki_check(none), DANEPRIV_EMALFORMED);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *s = suite_create("der");
	TCase *vector = tcase_create("vector"), *hand = tcase_create("hand");
	int vectors = vectors_count("certificates.txt");

	tcase_set_timeout(vector, 60);
	tcase_add_loop_test(vector, finds_the_key, 0, vectors);
	tcase_add_loop_test(vector, a_certificate_is_no_key_nor_the_other_way_round, 0, vectors);
	tcase_add_loop_test(vector, no_cut_is_taken, 0, vectors);
	tcase_add_loop_test(vector, nothing_may_follow, 0, vectors);
	tcase_add_loop_test(vector, survives_each_altered_octet, 0, vectors);
	tcase_add_loop_test(hand, reads_what_is_made_by_hand, 0, ROWS(hands));
	tcase_add_loop_test(hand, reads_lengths, 0, ROWS(lengths));
	tcase_add_test(hand, nothing_is_neither);
	suite_add_tcase(s, vector);
	suite_add_tcase(s, hand);
	return s;
}
