/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: what do the settings change in a verdict?  Clock, skew, work, negative anchors.
 * Chains and what they prove are in test_proofs.c. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/validator.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/records.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000

static proof_cases cases;

typedef struct setting_row {
	const char *name, *chain; /* a case of the files */
	danepriv_settings settings;
	danepriv_time now; /* 0: the case's */
	danepriv_security security;
	danepriv_reason reason;
} setting_row;

#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define REASON(r) DANEPRIV_REASON_##r

static const setting_row rows[] = {
	{ "plain", "digest-2", { .earliest = 1 }, 0, SECURE, REASON(NONE) },

	{ "clock-early", "digest-2", { .earliest = NOW + 1 }, 0, INDETERMINATE, REASON(CLOCK) },
	{ "clock-exact", "digest-2", { .earliest = NOW }, 0, SECURE, REASON(NONE) },
	{ "clock-of-build", "digest-2", { .earliest = 0 }, 0, INDETERMINATE, REASON(CLOCK) },
	{ "clock-zero", "digest-2", { .earliest = 1 }, INT64_MIN, INDETERMINATE, REASON(CLOCK) },
	{ "clock-last", "digest-2", { .earliest = 1 }, INT64_MAX, INDETERMINATE, REASON(CLOCK) },
	{ "clock-last-second", "digest-2", { .earliest = 1 }, INT64_MAX - UINT32_MAX, BOGUS,
	    REASON(SIGNATURE_NOT_YET_VALID) },
	{ "clock-negative", "digest-2", { .earliest = INT64_MIN }, -1, BOGUS,
	    REASON(SIGNATURE_NOT_YET_VALID) },
	{ "clock-hides-bogus", "record-unsigned", { .earliest = NOW + 1 }, 0, INDETERMINATE,
	    REASON(CLOCK) },

	{ "skew-none-late", "ended-a-second-ago-record", { .earliest = 1 }, 0, BOGUS,
	    REASON(SIGNATURE_EXPIRED) },
	{ "skew-late", "ended-a-second-ago-record", { .earliest = 1, .skew_s = 1 }, 0, SECURE,
	    REASON(NONE) },
	{ "skew-late-keys", "ended-a-second-ago-keys", { .earliest = 1, .skew_s = 1 }, 0, SECURE,
	    REASON(NONE) },
	{ "skew-late-ds", "ended-a-second-ago-ds", { .earliest = 1, .skew_s = 1 }, 0, SECURE,
	    REASON(NONE) },
	{ "skew-too-late", "ended-a-second-ago-record", { .earliest = 1, .skew_s = 300 }, NOW + 300,
	    BOGUS, REASON(SIGNATURE_EXPIRED) },
	{ "skew-just-late", "ended-a-second-ago-record", { .earliest = 1, .skew_s = 300 },
	    NOW + 299, SECURE, REASON(NONE) },
	{ "skew-early", "begins-in-a-second-record", { .earliest = 1, .skew_s = 1 }, 0, SECURE,
	    REASON(NONE) },
	{ "skew-too-early", "begins-in-a-second-record", { .earliest = 1, .skew_s = 300 },
	    NOW - 300, BOGUS, REASON(SIGNATURE_NOT_YET_VALID) },
	{ "skew-just-early", "begins-in-a-second-record", { .earliest = 1, .skew_s = 300 },
	    NOW - 299, SECURE, REASON(NONE) },
	{ "skew-never-uncrosses", "crossed-by-one-record", { .earliest = 1, .skew_s = 300 }, 0,
	    BOGUS, REASON(SIGNATURE_DATES_CROSSED) },

	/* root's keys, DS, keys, record: four signatures */
	{ "work-3", "digest-2", { .earliest = 1, .max_work = 3 }, 0, BOGUS, REASON(LIMIT_WORK) },
	{ "work-4", "digest-2", { .earliest = 1, .max_work = 4 }, 0, SECURE, REASON(NONE) },
	{ "work-1", "digest-2", { .earliest = 1, .max_work = 1 }, 0, BOGUS, REASON(LIMIT_WORK) },
	{ "work-denied", "nodata", { .earliest = 1, .max_work = 3 }, 0, BOGUS, REASON(LIMIT_WORK) },
	{ "work-insecure", "cut-unsigned", { .earliest = 1, .max_work = 3 }, 0, BOGUS,
	    REASON(LIMIT_WORK) },
	{ "work-more", "path-7-7-15", { .earliest = 1, .max_work = 128 }, 0, SECURE, REASON(NONE) },
	{ "work-most", "digest-2", { .earliest = 1, .max_work = UINT32_MAX }, 0, SECURE,
	    REASON(NONE) },

	/* RFC 7646: at or below a negative anchor nothing is judged, unless an anchor is deeper */
	{ "negative-owner", "digest-2", { .earliest = 1, .negative = "_853._tcp.dns.example." }, 0,
	    INSECURE, REASON(NEGATIVE_ANCHOR) },
	{ "negative-host", "digest-2", { .earliest = 1, .negative = "dns.example." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-zone", "digest-2", { .earliest = 1, .negative = "org. EXAMPLE" }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-root", "digest-2", { .earliest = 1, .negative = "." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-bogus", "record-unsigned", { .earliest = 1, .negative = "example." }, 0,
	    INSECURE, REASON(NEGATIVE_ANCHOR) },
	{ "negative-denied", "nodata", { .earliest = 1, .negative = "dns.example." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-sibling", "digest-2",
	    { .earliest = 1, .negative = "dn.example. xdns.example." }, 0, SECURE, REASON(NONE) },
	{ "negative-below", "digest-2", { .earliest = 1, .negative = "x._853._tcp.dns.example." },
	    0, SECURE, REASON(NONE) },
	{ "negative-above-anchor", "island", { .earliest = 1, .negative = "." }, 0, SECURE,
	    REASON(NONE) },
	{ "negative-at-anchor", "island", { .earliest = 1, .negative = "example." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-above-anchor-bogus", "island-record-unsigned",
	    { .earliest = 1, .negative = "." }, 0, BOGUS, REASON(SIGNATURE_MISSING) },
	{ "negative-target", "cname-across", { .earliest = 1, .negative = "other." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-source", "cname-across", { .earliest = 1, .negative = "example." }, 0, INSECURE,
	    REASON(NEGATIVE_ANCHOR) },
	{ "negative-elsewhere", "cname-across", { .earliest = 1, .negative = "sibling." }, 0,
	    SECURE, REASON(NONE) },
};

static const proof_case *
find_case(const char *name)
{
	for (size_t i = 0; i < cases.count; i++)
		if (strcmp(cases.list[i].name, name) == 0)
			return &cases.list[i];
	ck_abort_msg("no case %s", name);
	return NULL;
}

START_TEST(setting)
{
	const setting_row *row = &rows[_i];
	proof_case c = *find_case(row->chain);
	danepriv *ctx = proofs_open(c.anchors, &row->settings);
	dp_validator *v = malloc(sizeof *v);

	if (row->now)
		c.now = row->now;
	dp_found found = proofs_judge(ctx, &c, octets_span(c.chain), v, NULL);
	ck_assert_msg(found.proven.security == row->security && found.proven.reason == row->reason,
	    "%s: %s, %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, found.proven.security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, found.proven.reason));
	if (row->settings.max_work)
		ck_assert_msg(v->budget.work <= (uint64_t)row->settings.max_work * DP_WORK_UNIT,
		    "%s", row->name);
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* With skew the signatures hold longer, and say so. */
START_TEST(skew_expiry)
{
	const proof_case *c = find_case("ended-a-second-ago-record");
	danepriv_settings settings = { .earliest = 1, .skew_s = 300 };
	danepriv *ctx = proofs_open(c->anchors, &settings);
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);

	ck_assert_int_eq(found.proven.expiry, NOW + 299);
	ck_assert_int_eq(found.proven.valid_until, NOW + 299);
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
}
END_TEST

/* Chains that are no records, or too many of them, are not even looked at. */
START_TEST(not_taken)
{
	static const struct {
		const char *name;
		size_t records, octets,
		    cut; /* of a TLSA record, so large; octets left out at the end */
		danepriv_status status;
	} chains[] = { { "nothing", 0, 0, 0, DANEPRIV_OK }, { "one", 1, 4, 0, DANEPRIV_OK },
		{ "short", 1, 4, 1, DANEPRIV_EMALFORMED }, { "most", 1024, 4, 0, DANEPRIV_OK },
		{ "too-many", 1025, 4, 0, DANEPRIV_ELIMIT }, { "large", 4, 65000, 0, DANEPRIV_OK },
		{ "too-large", 5, 65000, 0, DANEPRIV_ELIMIT } };
	danepriv *ctx = proofs_open("proofs/root.ds", NULL);

	for (int i = 0; i < ROWS(chains); i++) {
		dp_buffer b = dp_buffer_growing(1 << 20);
		for (size_t n = 0; n < chains[i].records; n++) {
			dp_name_write(&b, dp_name_root(), false);
			dp_write_u16(&b, DP_TYPE_TLSA);
			dp_write_u16(&b, DP_CLASS_IN);
			dp_write_u32(&b, 0);
			dp_write_u16(&b, (uint16_t)chains[i].octets);
			dp_write_u16(&b, (uint16_t)n);
			for (size_t at = 2; at < chains[i].octets; at++)
				dp_write_u8(&b, 0);
		}
		danepriv_span chain = dp_buffer_span(&b);
		chain.len -= chains[i].cut;
		dp_validator *v = malloc(sizeof *v);
		dp_validator_init(v, ctx);
		ck_assert_msg(dp_validator_add(v, chain) == chains[i].status, "%s", chains[i].name);
		if (chains[i].status != DANEPRIV_OK)
			ck_assert_msg(v->evidence.count == 0, "%s", chains[i].name);
		dp_validator_free(v);
		free(v);
		dp_buffer_free(&b);
	}
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* The keys in one source, the records in another; an RRset is not put together from two. */
START_TEST(two_sources)
{
	const proof_case *c = find_case("order");
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_reader r = dp_reader_over(octets_span(c->chain));
	dp_rr rr;
	dp_name_store name;
	dp_found found;

	ck_assert_int_eq(dp_name_from_text(c->qname, &name), DANEPRIV_OK);
	while (dp_reader_left(&r) > 0) {
		size_t cut = r.at;
		ck_assert(dp_rr_read(&r, &rr));
		dp_validator *v = malloc(sizeof *v);
		danepriv_span front = { c->chain.data, cut };
		danepriv_span back = { c->chain.data + cut, c->chain.len - cut };
		dp_validator_init(v, ctx);
		v->questions.closed = true;
		ck_assert_int_eq(dp_validator_add(v, front), DANEPRIV_OK);
		ck_assert_int_eq(dp_validator_add(v, back), DANEPRIV_OK);
		ck_assert_int_eq(dp_validate(v, dp_name_of(&name), c->type, c->now, &found), 0);
		/* Five records and their signature are last; a cut at a boundary of RRsets is fine.
		 */
		if (rr.type == DP_TYPE_RRSIG)
			ck_assert_int_eq(found.proven.security, BOGUS);
		dp_validator_free(v);
		free(v);
	}
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	static const char *const files[] = { "proofs/keys.txt", "proofs/anchors.txt",
		"proofs/dates.txt", "proofs/form.txt", "proofs/signatures.txt", "proofs/nsec.txt",
		"proofs/alias.txt", "proofs/limits.txt" };
	Suite *suite = suite_create("validate");
	TCase *tc = tcase_create("validate");

	for (int i = 0; i < ROWS(files); i++)
		proofs_read(&cases, files[i]);
	tcase_add_loop_test(tc, setting, 0, ROWS(rows));
	tcase_add_test(tc, skew_expiry);
	tcase_add_test(tc, not_taken);
	tcase_add_test(tc, two_sources);
	suite_add_tcase(suite, tc);
	return suite;
}
