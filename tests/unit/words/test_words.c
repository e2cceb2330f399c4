/* SPDX-License-Identifier: BSD-2-Clause
 * What are the values called?  tests/abi/codes compares the tables with the headers; here is what a
 * caller may do wrong. */
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <string.h>

#define KINDS (DANEPRIV_KIND_CREDENTIAL_TYPE + 1)
#define UNTOUCHED 77
#define VALUES_MAX 64

/* Words that scripts know already. */
static const struct {
	danepriv_kind kind;
	int value;
	const char *word;
} words[] = {
	{ DANEPRIV_KIND_FINDING, DANEPRIV_FINDING_MATCH, "match" },
	{ DANEPRIV_KIND_SECURITY, DANEPRIV_SECURITY_UNKNOWN, "unknown" },
	{ DANEPRIV_KIND_REASON, DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID,
	    "signature-not-yet-valid" },
	{ DANEPRIV_KIND_DECISION, DANEPRIV_DECISION_PROCEED, "authenticated" },
	{ DANEPRIV_KIND_JUDGEMENT, DANEPRIV_JUDGEMENT_NO_MATCH, "no-match" },
	{ DANEPRIV_KIND_RECORD_REASON, DANEPRIV_RECORD_REASON_RAW_KEY, "raw-key" },
	{ DANEPRIV_KIND_SOURCE, DANEPRIV_SOURCE_LOOKUP, "dns" },
	{ DANEPRIV_KIND_TRANSPORT, DANEPRIV_TRANSPORT_DOH3, "doh3" },
	{ DANEPRIV_KIND_CHANNEL, DANEPRIV_CHANNEL_ENCRYPTED, "encrypted" },
	{ DANEPRIV_KIND_PROFILE, DANEPRIV_PROFILE_STRICT, "strict" },
	{ DANEPRIV_KIND_PROVENANCE, DANEPRIV_PROVENANCE_CONFIGURED, "configured" },
	{ DANEPRIV_KIND_EVENT, DANEPRIV_EVENT_TIMED_OUT, "timed-out" },
	{ DANEPRIV_KIND_STEP, DANEPRIV_STEP_LEARN_NAMES, "learn-names" },
	{ DANEPRIV_KIND_OBSTACLE, DANEPRIV_OBSTACLE_NAME_UNPROVEN, "name-unproven" },
	{ DANEPRIV_KIND_STATUS, DANEPRIV_EADAPTER, "adapter" },
	{ DANEPRIV_KIND_STREAM, DANEPRIV_STREAM_ANSWERED, "answered" },
	{ DANEPRIV_KIND_REACH, DANEPRIV_REACH_TIMEOUT, "timeout" },
	{ DANEPRIV_KIND_WISH, DANEPRIV_WISH_EXPECTED, "expected" },
	{ DANEPRIV_KIND_PURPOSE, DANEPRIV_PURPOSE_META, "meta" },
	{ DANEPRIV_KIND_CREDENTIAL_TYPE, DANEPRIV_CREDENTIAL_RAW_KEY, "raw-key" },
};

START_TEST(word)
{
	int value = UNTOUCHED;

	ck_assert_str_eq(danepriv_word(words[_i].kind, words[_i].value), words[_i].word);
	ck_assert_int_eq(danepriv_value(words[_i].kind, words[_i].word, &value), DANEPRIV_OK);
	ck_assert_int_eq(value, words[_i].value);
}
END_TEST

/* Values that no enum of its kind has. */
static const struct {
	int kind;
	int64_t value;
} strangers[] = {
	{ DANEPRIV_KIND_NONE, 0 },
	{ DANEPRIV_KIND_NONE, 1 },
	{ -1, 0 },
	{ KINDS, 0 },
	{ INT32_MAX, 1 },
	{ INT32_MIN, 1 },
	{ DANEPRIV_KIND_FINDING, -1 },
	{ DANEPRIV_KIND_FINDING, DANEPRIV_FINDING_DOWNGRADE + 1 },
	{ DANEPRIV_KIND_FINDING, INT32_MAX },
	{ DANEPRIV_KIND_FINDING, INT64_C(0x100000001) },
	{ DANEPRIV_KIND_FINDING, INT64_MIN },
	{ DANEPRIV_KIND_STATUS, 1 },
	{ DANEPRIV_KIND_STATUS, DANEPRIV_EADAPTER - 1 },
	{ DANEPRIV_KIND_STATUS, INT64_C(0xffffffff) },
	{ DANEPRIV_KIND_REASON, 9999 },
	{ DANEPRIV_KIND_DECISION, 9999 },
	{ DANEPRIV_KIND_CREDENTIAL_TYPE, 9999 },
};

START_TEST(stranger)
{
	danepriv_kind kind = (danepriv_kind)strangers[_i].kind;

	ck_assert_str_eq(danepriv_word(kind, strangers[_i].value), "unknown");
	ck_assert_str_eq(danepriv_sentence(kind, strangers[_i].value), "unknown");
}
END_TEST

/* What is no word of its kind. */
static const struct {
	int kind;
	const char *word;
	danepriv_status status;
} others[] = {
	{ DANEPRIV_KIND_FINDING, "", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "Match", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "MATCH", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "match ", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, " match", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "matc", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "matches", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "unknown", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "secure", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, "1", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_JUDGEMENT, "no_match", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_DECISION, "proceed", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_DECISION, "proceed: authenticated and encrypted", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_STATUS, "EINVAL", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_NONE, "match", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_NONE, "none", DANEPRIV_ENOTFOUND },
	{ -1, "match", DANEPRIV_ENOTFOUND },
	{ KINDS, "match", DANEPRIV_ENOTFOUND },
	{ DANEPRIV_KIND_FINDING, NULL, DANEPRIV_EINVAL },
	{ DANEPRIV_KIND_NONE, NULL, DANEPRIV_EINVAL },
};

START_TEST(no_word)
{
	danepriv_kind kind = (danepriv_kind)others[_i].kind;
	int value = UNTOUCHED;

	ck_assert_int_eq(danepriv_value(kind, others[_i].word, &value), others[_i].status);
	ck_assert_int_eq(value, 0);
	ck_assert_int_eq(danepriv_value(kind, others[_i].word, NULL), DANEPRIV_EINVAL);
}
END_TEST

/* Each kind is listed to its end, once each, and nothing else of it is known. */
START_TEST(listed)
{
	danepriv_kind kind = (danepriv_kind)_i;
	int values[VALUES_MAX], value = UNTOUCHED;
	size_t count = 0;

	while (danepriv_list(kind, count, &value) == DANEPRIV_OK) {
		ck_assert_uint_lt(count, VALUES_MAX);
		for (size_t i = 0; i < count; i++)
			ck_assert_int_ne(values[i], value);
		values[count++] = value;
		int back = UNTOUCHED;
		ck_assert_int_eq(
		    danepriv_value(kind, danepriv_word(kind, value), &back), DANEPRIV_OK);
		ck_assert_int_eq(back, value);
	}
	ck_assert_int_eq(value, 0);
	ck_assert_int_eq(danepriv_list(kind, SIZE_MAX, &value), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(danepriv_list(kind, count, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(count > 0, kind > DANEPRIV_KIND_NONE && kind < KINDS);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("words");
	TCase *tc = tcase_create("words");

	tcase_add_loop_test(tc, word, 0, ROWS(words));
	tcase_add_loop_test(tc, stranger, 0, ROWS(strangers));
	tcase_add_loop_test(tc, no_word, 0, ROWS(others));
	tcase_add_loop_test(tc, listed, -1, KINDS + 1);
	suite_add_tcase(suite, tc);
	return suite;
}
