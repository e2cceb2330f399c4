/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/name_servers.c: which names of a zone's servers are taken that a resolver has
 * validated itself? */
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/zone.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURE DANEPRIV_SECURITY_SECURE
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define DENIED DANEPRIV_SECURITY_DENIED
#define REASON(r) DANEPRIV_REASON_##r
#define PROVEN DANEPRIV_PROVENANCE_SECURE
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define LATE 2000000000
#define NAMES_MAX 65
#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef struct vouch_row {
	const char *name;
	const char *zone;
	danepriv_security security;
	danepriv_reason reason;
	size_t count;
	const char *names[4]; /* and, from the fifth on, ns5.example. and so on */
	danepriv_status status;
	const char *told; /* names, with commas between */
} vouch_row;

#define OK DANEPRIV_OK
#define EINVAL DANEPRIV_EINVAL
#define EMALFORMED DANEPRIV_EMALFORMED
#define ELIMIT DANEPRIV_ELIMIT

static const vouch_row vouches[] = {
	{ "two", "example.", SECURE, 0, 2, { "ns1.example.", "ns2.other" }, OK,
	    "ns1.example.,ns2.other." },
	{ "the root", ".", SECURE, 0, 1, { "a.root." }, OK, "a.root." },
	{ "one twice", "example", SECURE, 0, 3, { "ns1.example.", "NS1.example", "b." }, OK,
	    "ns1.example.,b." },
	{ "what no server is called", "example.", SECURE, 0, 4,
	    { ".", "192.0.2.1", "b.", "192.0.2.1." }, OK, "b." },
	{ "nothing but that", "example.", SECURE, 0, 1, { "." }, OK, "" },
	{ "as many as there may be", "example.", SECURE, 0, 64, { "a.", "b.", "c.", "d." }, OK,
	    NULL },
	{ "denied", "example.", DENIED, REASON(NO_NAME), 0, { 0 }, OK, "" },
	{ "insecure", "example.", INSECURE, REASON(DELEGATION_UNSIGNED), 0, { 0 }, OK, "" },
	{ "bogus", "example.", BOGUS, REASON(SIGNATURE_INVALID), 0, { 0 }, OK, "" },
	{ "indeterminate", "example.", INDETERMINATE, REASON(QUERY_TIMEOUT), 0, { 0 }, OK, "" },
	{ "indeterminate, nobody knows why", "example.", INDETERMINATE, 0, 0, { 0 }, OK, "" },
	{ "one too many", "example.", SECURE, 0, 65, { "a.", "b.", "c.", "d." }, ELIMIT, "" },
	{ "far too many", "example.", SECURE, 0, SIZE_MAX, { "a.", "b.", "c.", "d." }, ELIMIT, "" },
	{ "secure without names", "example.", SECURE, 0, 0, { 0 }, EINVAL, "" },
	{ "denied with names", "example.", DENIED, REASON(NO_NAME), 1, { "a." }, EINVAL, "" },
	{ "insecure with names", "example.", INSECURE, 0, 1, { "a." }, EINVAL, "" },
	{ "bogus with names", "example.", BOGUS, 0, 1, { "a." }, EINVAL, "" },
	{ "indeterminate with names", "example.", INDETERMINATE, 0, 1, { "a." }, EINVAL, "" },
	{ "unknown", "example.", DANEPRIV_SECURITY_UNKNOWN, 0, 0, { 0 }, EINVAL, "" },
	{ "unknown with names", "example.", DANEPRIV_SECURITY_UNKNOWN, 0, 1, { "a." }, EINVAL, "" },
	{ "no such security", "example.", (danepriv_security)99, 0, 1, { "a." }, EINVAL, "" },
	{ "no such reason", "example.", BOGUS, (danepriv_reason)9999, 0, { 0 }, EINVAL, "" },
	{ "secure for a reason", "example.", SECURE, REASON(SIGNATURE_INVALID), 1, { "a." }, EINVAL,
	    "" },
	{ "denied for another's reason", "example.", DENIED, REASON(DELEGATION_UNSIGNED), 0, { 0 },
	    EINVAL, "" },
	{ "insecure for another's reason", "example.", INSECURE, REASON(SIGNATURE_INVALID), 0,
	    { 0 }, EINVAL, "" },
	{ "bogus for another's reason", "example.", BOGUS, REASON(QUERY_TIMEOUT), 0, { 0 }, EINVAL,
	    "" },
	{ "indeterminate for another's reason", "example.", INDETERMINATE, REASON(NO_NAME), 0,
	    { 0 }, EINVAL, "" },
	{ "no zone", NULL, SECURE, 0, 1, { "a." }, EINVAL, "" },
	{ "a name that is missing", "example.", SECURE, 0, 3, { "a.", NULL, "c." }, EINVAL, "" },
	{ "an empty zone", "", SECURE, 0, 1, { "a." }, EMALFORMED, "" },
	{ "a zone that is no name", "a..b", SECURE, 0, 1, { "a." }, EMALFORMED, "" },
	{ "an empty name", "example.", SECURE, 0, 2, { "a.", "" }, EMALFORMED, "" },
	{ "what is no name", "example.", SECURE, 0, 2, { "a.", "b..c" }, EMALFORMED, "" },
	{ "a label too long", "example.", SECURE, 0, 1, { A63 "a." }, EMALFORMED, "" },
	{ "a name too long", "example.", SECURE, 0, 1, { A63 "." A63 "." A63 "." A63 "." },
	    EMALFORMED, "" },
};

static char texts[NAMES_MAX][32];

/* The names of a row, in a block of their own, so that nobody reads past them unnoticed. */
static const char **
names_of(const vouch_row *row)
{
	size_t count = row->count < NAMES_MAX ? row->count : NAMES_MAX;
	const char **names = calloc(count + 1, sizeof *names);

	ck_assert_ptr_nonnull(names);
	for (size_t i = 0; i < count; i++) {
		(void)snprintf(texts[i], sizeof texts[i], "ns%zu.example.", i + 1);
		names[i] = i < 4 ? row->names[i] : texts[i];
	}
	return names;
}

/* The names of a zone with commas between. */
static void
write_names(const danepriv_zone *zone, char *text, size_t room)
{
	size_t at = 0;

	*text = '\0';
	for (size_t i = 0; i < danepriv_zone_count(zone); i++) {
		at += (size_t)snprintf(
		    text + at, room - at, "%s%s", i > 0 ? "," : "", danepriv_zone_name(zone, i));
		ck_assert_uint_lt(at, room);
	}
}

START_TEST(vouched)
{
	const vouch_row *row = &vouches[_i];
	const char **names = names_of(row);
	danepriv_zone *zone = (danepriv_zone *)texts;
	char told[8192];

	danepriv_status status = danepriv_zone_vouch(
	    row->zone, row->security, row->reason, names, row->count, LATE, &zone);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg((zone != NULL) == (status == OK), "%s", row->name);
	if (zone) {
		ck_assert_int_eq(danepriv_zone_security(zone), row->security);
		ck_assert_int_eq(danepriv_zone_reason(zone), row->reason);
		ck_assert_int_eq(danepriv_zone_valid_until(zone), LATE);
		write_names(zone, told, sizeof told);
		if (row->told)
			ck_assert_str_eq(told, row->told);
		else
			ck_assert_uint_eq(danepriv_zone_count(zone), row->count);
	}
	danepriv_zone_free(zone);
	free(names);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What was vouched for counts as what was looked up does. */
START_TEST(vouched_counts)
{
	static const char *const names[] = { "ns1.example.", "ns2.example." };
	danepriv_zone *zone;

	ck_assert_int_eq(danepriv_zone_vouch("example.", SECURE, 0, names, 2, LATE, NULL), EINVAL);
	zone = (danepriv_zone *)texts;
	ck_assert_int_eq(danepriv_zone_vouch("example.", SECURE, 0, NULL, 1, LATE, &zone), EINVAL);
	ck_assert_ptr_null(zone);
	dp_fail_allocation_at(0);
	ck_assert_int_eq(
	    danepriv_zone_vouch("example.", SECURE, 0, names, 2, LATE, &zone), DANEPRIV_ENOMEM);
	ck_assert_ptr_null(zone);
	ck_assert_int_eq(danepriv_zone_vouch("example.", SECURE, 0, names, 2, LATE, &zone), OK);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "NS2.example", LATE), PROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns2.example.", 1), PROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns2.example.", 0), UNPROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns2.example.", INT64_MIN), UNPROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns2.example.", LATE + 1), UNPROVEN);
	ck_assert_int_eq(danepriv_zone_provenance(zone, "ns3.example.", LATE), UNPROVEN);
	danepriv_zone_free(zone);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zone_vouch");
	TCase *tc = tcase_create("zone_vouch");

	tcase_add_loop_test(tc, vouched, 0, ROWS(vouches));
	tcase_add_test(tc, vouched_counts);
	suite_add_tcase(suite, tc);
	return suite;
}
