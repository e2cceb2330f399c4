/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/issuer, and below it lib/crypto/path, profile and link: is the peer's certificate issued
 * by whom a record means?  Usages 0, 1 and 2.  The rows are in tests/vectors/dane/issued.txt, which
 * the bindings run, too. */
#include "support/failing_alloc.h"
#include "support/issued.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/records.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(vectors_row)
{
	danepriv_record_verdict each[ISSUED_RECORDS_MAX];
	danepriv_verdict verdict = { .size = sizeof verdict,
		.each = each,
		.each_size = sizeof *each,
		.each_room = ISSUED_RECORDS_MAX };
	char *wanted[ISSUED_RECORDS_MAX], got[64];
	issued_row r;

	issued_open(&r, _i);
	ck_assert_msg(issued_judge(&r, &verdict) == DANEPRIV_OK, "%s", r.name);
	ck_assert_msg(issued_split(r.line.fields[10], wanted) == r.count, "%s", r.name);
	for (size_t i = 0; i < r.count; i++) {
		issued_describe(&each[i], got, sizeof got);
		ck_assert_msg(
		    strcmp(got, wanted[i]) == 0, "%s: %s, not %s", r.name, got, wanted[i]);
	}
	ck_assert_msg(
	    strcmp(danepriv_word(DANEPRIV_KIND_FINDING, verdict.finding), r.line.fields[6]) == 0,
	    "%s: %s", r.name, danepriv_word(DANEPRIV_KIND_FINDING, verdict.finding));
	if (issued_matches(&r)) {
		ck_assert_msg(verdict.record == strtoul(r.line.fields[7], NULL, 10), "%s", r.name);
		ck_assert_msg(each[verdict.record].depth == strtoul(r.line.fields[8], NULL, 10),
		    "%s: depth %u", r.name, each[verdict.record].depth);
		ck_assert_msg(verdict.valid_until == strtoll(r.line.fields[9], NULL, 10),
		    "%s: until %lld", r.name, (long long)verdict.valid_until);
	} else {
		ck_assert_msg(verdict.record == SIZE_MAX && verdict.valid_until == ISSUED_UNTIL,
		    "%s", r.name);
	}
	issued_close(&r);
}
END_TEST

/* Broken and endless chains */

static danepriv_finding
finding(const issued_setting *s, const danepriv_span *items, size_t count,
    danepriv_record_reason *reason)
{
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, items, count };
	danepriv_record_verdict each = { 0 };
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = &each, .each_size = sizeof each, .each_room = 1
	};

	danepriv_status status =
	    danepriv_evaluate(s->ctx, s->records, &credential, NULL, 0, ISSUED_NOW, &verdict);
	ck_assert(status == DANEPRIV_OK || verdict.finding != DANEPRIV_FINDING_MATCH);
	if (reason)
		*reason = each.reason;
	return verdict.finding;
}

/* Which certificate of the chain is broken. */
START_TEST(change_octets)
{
	const uint8_t changes[] = { 0x01, 0x80, 0xFF };
	issued_setting s = issued_setting_for("root", 2, 0, 1);
	test_peer peer;

	peer_open(&peer, "by-sub,sub,root");
	for (size_t at = 0; at < peer.octets[_i].len; at++)
		for (size_t i = at % 2; i < ROWS(changes); i += 2) {
			peer.octets[_i].data[at] ^= changes[i];
			ck_assert_msg(finding(&s, peer.items, 3, NULL) == DANEPRIV_FINDING_MISMATCH,
			    "certificate %d, octet %zu", _i, at);
			peer.octets[_i].data[at] ^= changes[i];
		}
	ck_assert_int_eq(finding(&s, peer.items, 3, NULL), DANEPRIV_FINDING_MATCH);
	issued_setting_close(&s);
	peer_close(&peer);
}
END_TEST

START_TEST(cut_at_every_length)
{
	issued_setting s = issued_setting_for("root", 2, 0, 1);
	test_peer peer;

	peer_open(&peer, "by-sub,sub,root");
	danepriv_span whole = peer.items[_i];
	for (size_t len = 1; len < whole.len; len++) {
		test_octets cut = octets_copy((danepriv_span){ whole.data, len });
		peer.items[_i] = octets_span(cut);
		ck_assert_msg(finding(&s, peer.items, 3, NULL) == DANEPRIV_FINDING_MISMATCH,
		    "certificate %d, %zu octets", _i, len);
		octets_free(cut);
	}
	issued_setting_close(&s);
	peer_close(&peer);
}
END_TEST

typedef struct endless_row {
	const char *name, *leaf, *filling, *last;
	danepriv_finding finding;
	danepriv_record_reason reason;
} endless_row;

/* The peer's certificate, 98 that differ in their signatures, and the one that the record means. */
static const endless_row endless[] = {
	{ "nothing to do with it", "by-root", "sub", "root", DANEPRIV_FINDING_MATCH,
	    DANEPRIV_RECORD_REASON_NONE },
	{ "dead ends", "by-sub", "sub", "root", DANEPRIV_FINDING_MISMATCH,
	    DANEPRIV_RECORD_REASON_LIMIT },
	{ "each issued by each, but not the peer's", "by-sub", "sub-renewed", "root",
	    DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_PATH },
	{ "each issued by each, and by the authority", "by-renewed", "sub-renewed", "sub",
	    DANEPRIV_FINDING_MISMATCH, DANEPRIV_RECORD_REASON_LIMIT },
	{ "each the authority, by its name", "by-root", "root", "root-again",
	    DANEPRIV_FINDING_MATCH, DANEPRIV_RECORD_REASON_NONE },
};

START_TEST(hundred_certificates)
{
	const endless_row *test = &endless[_i];
	issued_setting s = issued_setting_for(test->last, 2, 0, 1);
	test_peer leaf, filling, last;
	danepriv_span items[100];
	test_octets copies[100];
	danepriv_record_reason reason;

	peer_open(&leaf, test->leaf);
	peer_open(&filling, test->filling);
	peer_open(&last, test->last);
	items[0] = leaf.items[0];
	for (size_t i = 1; i < 99; i++) {
		copies[i] = octets_copy(filling.items[0]);
		copies[i].data[copies[i].len - 1] ^= (uint8_t)i;
		items[i] = octets_span(copies[i]);
	}
	items[99] = last.items[0];
	ck_assert_msg(finding(&s, items, 100, &reason) == test->finding, "%s", test->name);
	ck_assert_msg(reason == test->reason, "%s: %s", test->name,
	    danepriv_word(DANEPRIV_KIND_RECORD_REASON, reason));
	for (size_t i = 1; i < 99; i++)
		octets_free(copies[i]);
	peer_close(&leaf);
	peer_close(&filling);
	peer_close(&last);
	issued_setting_close(&s);
}
END_TEST

/* Octets of a tag and its length. */
static size_t
head_of(const uint8_t *der)
{
	return der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7Fu);
}

static size_t
length_at(const uint8_t *der)
{
	size_t len = der[1] < 0x80 ? der[1] : 0;

	for (size_t i = 2; i < head_of(der); i++)
		len = len << 8 | der[i];
	return len;
}

static uint8_t *
write_head(uint8_t *at, uint8_t tag, size_t len)
{
	const uint8_t head[] = { tag, 0x83, (uint8_t)(len >> 16), (uint8_t)(len >> 8),
		(uint8_t)len };

	memcpy(at, head, len > 0xFFFF ? sizeof head : 0);
	if (len > 0xFFFF)
		return at + 5;
	const uint8_t shorter[] = { tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len };
	memcpy(at, shorter, sizeof shorter);
	return at + 4;
}

/* A certificate with a [1] issuerUniqueID of so many octets put at the end of what is signed. */
static test_octets
swollen(danepriv_span der, size_t more)
{
	const uint8_t *tbs = der.data + head_of(der.data), *rest;
	size_t len = length_at(tbs);
	uint8_t unique[8];
	size_t head = (size_t)(write_head(unique, 0x81, more) - unique);
	uint8_t *out = calloc(1, der.len + more + 32), inner[8];

	ck_assert_ptr_nonnull(out);
	rest = tbs + head_of(tbs) + len;
	size_t after = (size_t)(der.data + der.len - rest);
	size_t inner_head = (size_t)(write_head(inner, 0x30, len + head + more) - inner);
	uint8_t *at = write_head(out, 0x30, inner_head + len + head + more + after);
	at = write_head(at, 0x30, len + head + more);
	memcpy(at, tbs + head_of(tbs), len);
	at = write_head(at + len, 0x81, more) + more;
	memcpy(at, rest, after);
	test_octets octets = octets_copy((danepriv_span){ out, (size_t)(at + after - out) });
	free(out);
	return octets;
}

/* 64 KiB, and more than that, as the leaf's or another's. */
START_TEST(large_certificates)
{
	const size_t sizes[] = { 65000, 66000, 500000 };
	const danepriv_record_reason wanted[] = { DANEPRIV_RECORD_REASON_PATH,
		DANEPRIV_RECORD_REASON_LIMIT, DANEPRIV_RECORD_REASON_LIMIT };
	issued_setting s = issued_setting_for("root", 2, 0, 1);
	danepriv_record_reason reason;
	test_peer peer;

	peer_open(&peer, "by-sub,sub,root");
	danepriv_span before = peer.items[_i % 2];
	test_octets large = swollen(before, sizes[_i / 2]);
	peer.items[_i % 2] = octets_span(large);
	ck_assert_int_eq(finding(&s, peer.items, 3, &reason), DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(reason, wanted[_i / 2]);
	octets_free(large);
	peer_close(&peer);
	issued_setting_close(&s);
}
END_TEST

/* Memory */

/* Every row with the nth allocation failing: an honest ENOMEM, and no answer. */
START_TEST(failing_allocations)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_status status = DANEPRIV_ENOMEM;
	issued_row r;

	issued_open(&r, _i);
	for (long n = 0; status == DANEPRIV_ENOMEM; n++) {
		ck_assert(n < 100);
		dp_fail_allocation_at(n);
		status = issued_judge(&r, &verdict);
		if (status == DANEPRIV_ENOMEM)
			ck_assert_msg(
			    verdict.finding == DANEPRIV_FINDING_UNJUDGED, "%s, %ld", r.name, n);
	}
	dp_fail_allocation_at(-1);
	ck_assert_msg(status == DANEPRIV_OK, "%s", r.name);
	issued_close(&r);
}
END_TEST

/* A usage 3 that matches asks for no memory, whatever else is published. */
START_TEST(nothing_is_allocated_for_dane_ee)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv *ctx = context_open("root");
	test_peer peer, root;

	peer_open(&peer, "by-root,root");
	peer_open(&root, "root");
	test_octets octets[] = { rdata_of_peer(&root, 2, 0, 1), rdata_of_peer(&peer, 1, 0, 1),
		rdata_of_peer(&root, 0, 0, 1), rdata_of_peer(&peer, 3, 1, 1) };
	danepriv_span rdatas[4];
	for (size_t i = 0; i < 4; i++)
		rdatas[i] = octets_span(octets[i]);
	danepriv_records *records = issued_vouch(rdatas, 4);
	dp_fail_allocation_at(0);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, ISSUED_NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
	ck_assert_uint_eq(verdict.record, 3);
	for (size_t i = 0; i < 4; i++)
		octets_free(octets[i]);
	danepriv_records_free(records);
	danepriv_close(ctx);
	peer_close(&peer);
	peer_close(&root);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("issuer");
	TCase *tc = tcase_create("issuer");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, vectors_row, 0, vectors_count(ISSUED_FILE));
	tcase_add_loop_test(tc, change_octets, 0, 3);
	tcase_add_loop_test(tc, cut_at_every_length, 0, 3);
	tcase_add_loop_test(tc, hundred_certificates, 0, ROWS(endless));
	tcase_add_loop_test(tc, large_certificates, 0, 6);
	tcase_add_loop_test(tc, failing_allocations, 0, vectors_count(ISSUED_FILE));
	tcase_add_test(tc, nothing_is_allocated_for_dane_ee);
	suite_add_tcase(suite, tc);
	return suite;
}
