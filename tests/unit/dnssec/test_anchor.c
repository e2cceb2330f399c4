/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: where does trust begin?  Anchor files as tools write them, and settings. */
#include "base/bounds.h"
#include "base/sizes.h"
#include "dns/name.h"
#include "dnssec/anchor.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
#define KEY                                                                                        \
	"GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
#define GOOD ". IN DS 20326 8 2 " DIGEST "\n"

/* A line as Unbound writes it for a key that it follows (RFC 5011). */
#define FOLLOWED(state)                                                                            \
	". 86400 IN DNSKEY 257 3 13 " KEY " ;{id = 20326 (ksk), size = 256b} " state "\n"

typedef struct text_row {
	const char *name, *text;
	danepriv_status status;
	size_t count; /* of anchors, with OK */
} text_row;

static const text_row texts[] = {
	{ "dsfromkey", "example. IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "keygen",
	    "; This is a key-signing key, keyid 42253, for example.\n"
	    "; Created: 20240101000000 (Mon Jan  1 01:00:00 2024)\n"
	    "example. IN DNSKEY 257 3 13 " KEY "\n",
	    DANEPRIV_OK, 1 },
	{ "root-key-file",
	    "; autotrust trust anchor file\n;;id: . 1\n;;last_queried: 1700000000 ;;Tue Nov 14\n"
	    ".\t86400\tIN\tDNSKEY\t257 3 13 " KEY
	    " ;{id = 20326 (ksk), size = 256b} ;;state=2 [  VALID  ] ;;count=0\n",
	    DANEPRIV_OK, 1 },
	{ "no-newline", ". IN DS 20326 8 2 " DIGEST, DANEPRIV_OK, 1 },
	{ "line-ends-of-dos", ". IN DS 20326 8 2 " DIGEST "\r\n\r\n", DANEPRIV_OK, 1 },
	{ "two", GOOD "example. IN DS 1 13 2 " DIGEST "\n", DANEPRIV_OK, 2 },
	{ "twice", GOOD GOOD, DANEPRIV_OK, 2 },
	{ "lower-case",
	    ". in ds 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d084"
	    "58e880409bbc683457104237c7f8ec8d\n",
	    DANEPRIV_OK, 1 },
	{ "ttl-then-class", ". 3600 IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "class-then-ttl", ". IN 3600 DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "no-class", ". DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "ttl-alone", ". 0 DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "no-final-dot", "example IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "hex-in-groups",
	    ". DS 20326 8 2 E06D44B80B8F1D39 A95C0B0D7C65D084 58E880409BBC6834 "
	    "57104237C7F8EC8D\n",
	    DANEPRIV_OK, 1 },
	{ "parentheses",
	    ". IN DNSKEY ( 257 3 13 ; flags\n\tGojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb\n"
	    "\tkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA== ) ; and so on\n" GOOD,
	    DANEPRIV_OK, 2 },
	{ "parentheses-nested", ". IN DS ((20326\n8) 2 (" DIGEST "))\n", DANEPRIV_OK, 1 },
	{ "comment-and-blank-lines", "\n  \n; comment\n\t ; comment\n" GOOD "\n", DANEPRIV_OK, 1 },
	{ "comment-at-once", ". IN DS 20326 8 2 " DIGEST ";no blank before\n", DANEPRIV_OK, 1 },
	{ "state-missing", FOLLOWED(";;state=3 [ MISSING ] ;;count=0"), DANEPRIV_OK, 1 },
	{ "state-pending-beside",
	    FOLLOWED(";;state=2 [  VALID  ] ;;count=0") FOLLOWED(";;state=1 [ ADDPEND ] ;;count=9"),
	    DANEPRIV_OK, 1 },
	{ "state-pending-beside-and-before",
	    FOLLOWED(";;state=1 [ ADDPEND ] ;;count=9") FOLLOWED(";;state=2 [  VALID  ] ;;count=0"),
	    DANEPRIV_OK, 1 },
	{ "state-in-a-line-of-its-own", ";;state=1 [ ADDPEND ]\n" GOOD, DANEPRIV_OK, 1 },
	{ "state-with-one-semicolon", FOLLOWED("; its state=1 in the other file"), DANEPRIV_OK, 1 },
	{ "state-at-the-end-of-the-text", ". DS 20326 8 2 " DIGEST " ;;state=2", DANEPRIV_OK, 1 },
	{ "revoked-beside", GOOD ". IN DNSKEY 385 3 13 " KEY "\n", DANEPRIV_OK, 1 },
	{ "unsupported-beside", ". IN DS 1 5 2 " DIGEST "\n" GOOD, DANEPRIV_OK, 1 },
	{ "digest-3-beside", ". IN DS 1 8 3 " DIGEST "\n" GOOD, DANEPRIV_OK, 1 },
	{ "digest-1", ". IN DS 1 8 1 E06D44B80B8F1D39A95C0B0D7C65D08458E88040\n", DANEPRIV_OK, 1 },
	{ "algorithm-by-name", ". IN DS 20326 RSASHA256 2 " DIGEST "\n", DANEPRIV_OK, 1 },
	{ "algorithm-by-name-of-key", ". IN DNSKEY 257 3 ecdsap256sha256 " KEY "\n", DANEPRIV_OK,
	    1 },
	{ "algorithms-by-name",
	    ". DS 1 RSASHA512 2 " DIGEST "\n. DS 1 ECDSAP384SHA384 2 " DIGEST
	    "\n. DS 1 ED25519 2 " DIGEST "\n. DS 1 ED448 2 " DIGEST "\n",
	    DANEPRIV_OK, 4 },
	{ "algorithm-unsupported-by-name-beside", GOOD ". IN DS 1 NSEC3RSASHA1 2 " DIGEST "\n",
	    DANEPRIV_OK, 1 },

	{ "empty", "", DANEPRIV_EMALFORMED, 0 },
	{ "comments-alone", "; nothing\n\n", DANEPRIV_EMALFORMED, 0 },
	{ "wrong-type", GOOD ". IN A 192.0.2.1\n", DANEPRIV_EMALFORMED, 0 },
	{ "cds", ". IN CDS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "wrong-class", ". CH DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "owner-alone", ".\n", DANEPRIV_EMALFORMED, 0 },
	{ "owner-missing", " IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "owner-missing-second", GOOD "\tIN DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "owner-bad", "a..b. IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "owner-bad-escape", "a\\999. IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "no-fields", ". IN DS\n", DANEPRIV_EMALFORMED, 0 },
	{ "one-field", ". IN DS 20326\n", DANEPRIV_EMALFORMED, 0 },
	{ "no-digest", ". IN DS 20326 8 2\n", DANEPRIV_EMALFORMED, 0 },
	{ "tag-too-large", ". IN DS 65536 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "tag-overflows", ". IN DS 4294967296 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "tag-overflows-more", ". IN DS 18446744073709551617 8 2 " DIGEST "\n",
	    DANEPRIV_EMALFORMED, 0 },
	{ "tag-negative", ". IN DS -1 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "tag-hex", ". IN DS 0x10 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "algorithm-too-large", ". IN DS 20326 256 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "algorithm-by-half-a-name", ". IN DS 20326 RSASHA 2 " DIGEST "\n", DANEPRIV_EMALFORMED,
	    0 },
	{ "algorithm-by-another-name", ". IN DS 20326 SHA256 2 " DIGEST "\n", DANEPRIV_EMALFORMED,
	    0 },
	{ "algorithm-by-name-and-number", ". IN DS 20326 RSASHA256 8 2 " DIGEST "\n",
	    DANEPRIV_EMALFORMED, 0 },
	{ "tag-by-name", ". IN DS RSASHA256 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-type-by-name", ". IN DS 20326 8 SHA256 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "protocol-by-name", ". IN DNSKEY 257 DH 13 " KEY "\n", DANEPRIV_EMALFORMED, 0 },
	{ "algorithm-by-name-alone", ". IN DS 20326 DSA 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-type-too-large", ". IN DS 20326 8 256 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "ttl-too-large", ". 4294967296 IN DS 20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "hex-odd", ". IN DS 20326 8 2 " DIGEST "0\n", DANEPRIV_EMALFORMED, 0 },
	{ "hex-bad", ". IN DS 20326 8 2 G06D44B8\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-short", ". IN DS 20326 8 2 E06D44B8\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-long", ". IN DS 20326 8 2 " DIGEST "00\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-of-other-length", ". IN DS 20326 8 4 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "base64-bad", ". IN DNSKEY 257 3 13 A*==\n", DANEPRIV_EMALFORMED, 0 },
	{ "base64-short", ". IN DNSKEY 257 3 13 AAA\n", DANEPRIV_EMALFORMED, 0 },
	{ "base64-after-padding", ". IN DNSKEY 257 3 13 AA==AAAA\n", DANEPRIV_EMALFORMED, 0 },
	{ "base64-padding-alone", ". IN DNSKEY 257 3 13 ====\n", DANEPRIV_EMALFORMED, 0 },
	{ "key-missing", ". IN DNSKEY 257 3 13\n", DANEPRIV_EMALFORMED, 0 },
	{ "no-zone-key", ". IN DNSKEY 1 3 13 " KEY "\n", DANEPRIV_EMALFORMED, 0 },
	{ "protocol-2", ". IN DNSKEY 257 2 13 " KEY "\n", DANEPRIV_EMALFORMED, 0 },
	{ "parenthesis-open", GOOD ". IN DS (20326 8 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "parenthesis-alone", GOOD "(\n", DANEPRIV_EMALFORMED, 0 },
	{ "parenthesis-and-comment-alone", GOOD "( ; so\n\n", DANEPRIV_EMALFORMED, 0 },
	{ "parenthesis-closes", GOOD ". IN DS 20326 8 2 " DIGEST ")\n", DANEPRIV_EMALFORMED, 0 },
	{ "parenthesis-closes-first", ")\n" GOOD, DANEPRIV_EMALFORMED, 0 },
	{ "state-start", FOLLOWED(";;state=0 [  START  ]"), DANEPRIV_EMALFORMED, 0 },
	{ "state-pending", FOLLOWED(";;state=1 [ ADDPEND ] ;;count=9"), DANEPRIV_EMALFORMED, 0 },
	{ "state-revoked", FOLLOWED(";;state=4 [ REVOKED ]"), DANEPRIV_EMALFORMED, 0 },
	{ "state-removed", FOLLOWED(";;state=5 [ REMOVED ]"), DANEPRIV_EMALFORMED, 0 },
	{ "state-unknown-beside", GOOD FOLLOWED(";;state=6"), DANEPRIV_EMALFORMED, 0 },
	{ "state-of-two-digits-beside", GOOD FOLLOWED(";;state=22"), DANEPRIV_EMALFORMED, 0 },
	{ "state-negative-beside", GOOD FOLLOWED(";;state=-1"), DANEPRIV_EMALFORMED, 0 },
	{ "state-empty-beside", GOOD FOLLOWED(";;state="), DANEPRIV_EMALFORMED, 0 },
	{ "state-empty-at-the-end-beside",
	    GOOD ". DS 20326 8 2 " DIGEST " ;;state=", DANEPRIV_EMALFORMED, 0 },
	{ "state-by-name-beside", GOOD FOLLOWED(";;state=VALID"), DANEPRIV_EMALFORMED, 0 },
	{ "state-in-capitals", FOLLOWED(";;STATE=1 [ ADDPEND ]"), DANEPRIV_EMALFORMED, 0 },
	{ "state-with-blanks", FOLLOWED(";; state\t= 1 [ ADDPEND ]"), DANEPRIV_EMALFORMED, 0 },
	{ "state-with-more-semicolons", FOLLOWED(";;;state=1"), DANEPRIV_EMALFORMED, 0 },
	{ "state-at-once", ". DS 20326 8 2 " DIGEST ";;state=1\n", DANEPRIV_EMALFORMED, 0 },
	{ "state-of-dos", ". DS 20326 8 2 " DIGEST " ;;state=1\r\n", DANEPRIV_EMALFORMED, 0 },
	{ "state-in-parentheses", ". DS ( 20326 ;;state=1\n 8 2 " DIGEST " )\n",
	    DANEPRIV_EMALFORMED, 0 },
	{ "state-twice", FOLLOWED(";;state=1 ;;state=2"), DANEPRIV_EMALFORMED, 0 },
	{ "revoked-alone", ". IN DNSKEY 385 3 13 " KEY "\n", DANEPRIV_EMALFORMED, 0 },
	{ "unsupported-alone", ". IN DS 20326 5 2 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-unsupported-alone", ". IN DS 20326 8 3 " DIGEST "\n", DANEPRIV_EMALFORMED, 0 },
	{ "digest-empty", ". IN DS 20326 8 3 \n", DANEPRIV_EMALFORMED, 0 },
	{ "origin", "$ORIGIN example.\n" GOOD, DANEPRIV_EMALFORMED, 0 },
	{ "control", "\001\n" GOOD, DANEPRIV_EMALFORMED, 0 },
};

START_TEST(text)
{
	const text_row *row = &texts[_i];
	dp_anchors anchors = { .count = 0 };

	ck_assert_msg(dp_anchors_read(&anchors, row->text) == row->status, "%s", row->name);
	if (row->status == DANEPRIV_OK)
		ck_assert_msg(anchors.count == row->count, "%s: %zu", row->name, anchors.count);
	dp_anchors_free(&anchors);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* As many lines as one may have, and one more. */
START_TEST(how_many)
{
	size_t line = strlen(GOOD);
	char *many = calloc(DP_ANCHORS_MAX + 2, line);
	danepriv_settings settings = { .size = sizeof settings, .anchors = many };
	danepriv *ctx;

	for (int i = 0; i < DP_ANCHORS_MAX; i++)
		memcpy(many + (size_t)i * line, GOOD, line);
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	danepriv_close(ctx);
	memcpy(many + DP_ANCHORS_MAX * line, GOOD, line);
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_ELIMIT);
	ck_assert_ptr_null(ctx);
	free(many);
}
END_TEST

START_TEST(word_too_long)
{
	char line[4096] = ". IN DS 20326 8 2 ";

	memset(line + strlen(line), 'A', 2048);
	dp_anchors anchors = { .count = 0 };
	ck_assert_int_eq(dp_anchors_read(&anchors, line), DANEPRIV_EMALFORMED);
	dp_anchors_free(&anchors);
}
END_TEST

/* The closest anchor at or above a name. */
START_TEST(closest)
{
	static const struct {
		const char *name, *anchor;
	} rows[] = { { ".", NULL }, { "org.", NULL }, { "example.", "example." },
		{ "dns.example.", "example." }, { "a.sub.example.", "sub.example." },
		{ "xsub.example.", "example." }, { "SUB.EXAMPLE.", "sub.example." },
		{ "notexample.", NULL } };
	dp_anchors anchors = { .count = 0 };

	ck_assert_int_eq(dp_anchors_read(&anchors, "example. DS 1 8 2 " DIGEST "\n"
						   "sub.example. DS 2 8 2 " DIGEST "\n"),
	    0);
	for (int i = 0; i < ROWS(rows); i++) {
		dp_name_store name, wanted;
		ck_assert_int_eq(dp_name_from_text(rows[i].name, &name), DANEPRIV_OK);
		dp_name found = dp_anchors_closest(&anchors, dp_name_of(&name));
		if (!rows[i].anchor) {
			ck_assert_msg(found.len == 0, "%s", rows[i].name);
			continue;
		}
		ck_assert_int_eq(dp_name_from_text(rows[i].anchor, &wanted), DANEPRIV_OK);
		ck_assert_msg(dp_name_equal(found, dp_name_of(&wanted)), "%s", rows[i].name);
	}
	dp_anchors_free(&anchors);
}
END_TEST

START_TEST(negative)
{
	static const struct {
		const char *name;
		bool negated;
	} rows[] = { { "example.", false }, { "sub.example.", true }, { "x.sub.example.", true },
		{ "xsub.example.", false }, { "deep.sub.example.", false },
		{ "x.deep.sub.example.", false }, { "same.", true }, { "x.same.", true },
		{ "other.", true }, { ".", false } };
	dp_anchors anchors = { .count = 0 };

	ck_assert_int_eq(dp_anchors_read(&anchors, GOOD "deep.sub.example. DS 1 8 2 " DIGEST "\n"
							"same. DS 1 8 2 " DIGEST "\n"),
	    0);
	ck_assert_int_eq(
	    dp_anchors_read_negative(&anchors, " SUB.example.\n\tsame.\r\nother "), DANEPRIV_OK);
	for (int i = 0; i < ROWS(rows); i++) {
		dp_name_store name;
		ck_assert_int_eq(dp_name_from_text(rows[i].name, &name), DANEPRIV_OK);
		ck_assert_msg(dp_anchors_negate(&anchors, dp_name_of(&name)) == rows[i].negated,
		    "%s", rows[i].name);
	}
	dp_anchors_free(&anchors);
}
END_TEST

/* Settings of another age, in more octets than this library knows. */
typedef struct newer {
	danepriv_settings known;
	uint8_t more[24];
} newer;

START_TEST(sizes)
{
	newer settings;
	danepriv *ctx;

	memset(&settings, 0, sizeof settings);
	ck_assert_int_eq(danepriv_open(NULL, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
	danepriv_close(ctx);
	for (size_t size = 0; size < DP_SETTINGS_LEAST; size++) {
		settings.known.size = size;
		ck_assert_int_eq(danepriv_open(&settings.known, &ctx), DANEPRIV_EINVAL);
		ck_assert_ptr_null(ctx);
	}
	settings.known.size = sizeof settings;
	ck_assert_int_eq(danepriv_open(&settings.known, &ctx), DANEPRIV_OK);
	danepriv_close(ctx);
	settings.more[sizeof settings.more - 1] = 1;
	ck_assert_int_eq(danepriv_open(&settings.known, &ctx), DANEPRIV_EINVAL);
	settings.known.size = sizeof settings.known;
	ck_assert_int_eq(danepriv_open(&settings.known, &ctx), DANEPRIV_OK);
	danepriv_close(ctx);
	danepriv_close(NULL);
}
END_TEST

/* What a setting may not be, beside the bounds that have tests of their own. */
static const struct {
	const char *name;
	danepriv_settings settings;
	danepriv_status status;
} settings_rows[] = {
	{ "usage 0", { .excluded_usages = 1 }, DANEPRIV_OK },
	{ "usage 3", { .excluded_usages = 8 }, DANEPRIV_OK },
	{ "every usage", { .excluded_usages = 15 }, DANEPRIV_OK },
	{ "usage 4", { .excluded_usages = 16 }, DANEPRIV_EINVAL },
	{ "usage 3 and 4", { .excluded_usages = 24 }, DANEPRIV_EINVAL },
	{ "usage 31", { .excluded_usages = 1u << 31 }, DANEPRIV_EINVAL },
	{ "all bits", { .excluded_usages = UINT32_MAX }, DANEPRIV_EINVAL },
	{ "serverAuth", { .ike_takes_server_auth = 1 }, DANEPRIV_OK },
	{ "serverAuth twice", { .ike_takes_server_auth = 2 }, DANEPRIV_EINVAL },
	{ "serverAuth not", { .ike_takes_server_auth = -1 }, DANEPRIV_EINVAL },
	{ "roots without octets", { .roots = { NULL, 1 } }, DANEPRIV_EINVAL },
};

START_TEST(settings_alone)
{
	danepriv_settings settings = settings_rows[_i].settings;
	danepriv *ctx;

	settings.size = sizeof settings;
	ck_assert_msg(danepriv_open(&settings, &ctx) == settings_rows[_i].status, "%s",
	    settings_rows[_i].name);
	ck_assert((ctx != NULL) == (settings_rows[_i].status == DANEPRIV_OK));
	danepriv_close(ctx);
}
END_TEST

static const struct {
	const char *name, *negative;
	danepriv_status status;
} negatives[] = { { "none", "", DANEPRIV_OK }, { "blanks", " \n\t", DANEPRIV_OK },
	{ "root", ".", DANEPRIV_OK }, { "bad-name", "example. a..b", DANEPRIV_EMALFORMED },
	{ "bad-escape", "a\\", DANEPRIV_EMALFORMED },
	{ "label-too-long",
	    "a23456789012345678901234567890123456789012345678901234567890"
	    "12345.example.",
	    DANEPRIV_EMALFORMED } };

START_TEST(negative_settings)
{
	danepriv_settings settings = { .size = sizeof settings,
		.negative = negatives[_i].negative };
	danepriv *ctx;

	ck_assert_msg(
	    danepriv_open(&settings, &ctx) == negatives[_i].status, "%s", negatives[_i].name);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(without_memory)
{
	danepriv_settings settings = { .size = sizeof settings,
		.negative = "a. b. c.",
		.anchors = GOOD ". IN DNSKEY 257 3 13 " KEY "\n" };
	danepriv_status status = DANEPRIV_ENOMEM;
	danepriv *ctx;

	for (long n = 0; status != DANEPRIV_OK; n++) {
		dp_fail_allocation_at(n);
		status = danepriv_open(&settings, &ctx);
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_ENOMEM ? ctx == NULL : status == DANEPRIV_OK);
		danepriv_close(ctx);
		ck_assert_int_eq(dp_blocks(), 0);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("anchor");
	TCase *tc = tcase_create("anchor");

	tcase_add_loop_test(tc, text, 0, ROWS(texts));
	tcase_add_test(tc, how_many);
	tcase_add_test(tc, word_too_long);
	tcase_add_test(tc, closest);
	tcase_add_test(tc, negative);
	tcase_add_test(tc, sizes);
	tcase_add_loop_test(tc, settings_alone, 0, ROWS(settings_rows));
	tcase_add_loop_test(tc, negative_settings, 0, ROWS(negatives));
	tcase_add_test(tc, without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
