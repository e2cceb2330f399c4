/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/match: is this credential the one that was published?  The rows are in
 * tests/vectors/dane/match.txt, which the bindings run, too. */
#include "dane/match.h"
#include "dane/records.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define ROOM 160

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
static danepriv *ctx;

static void
open_context(void)
{
	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
}

static void
close_context(void)
{
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

static danepriv_records *
vouched(const danepriv_span *rdatas, size_t count)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL,
			     count ? DANEPRIV_SECURITY_SECURE : DANEPRIV_SECURITY_DENIED,
			     DANEPRIV_REASON_NONE, rdatas, count, NOW, &records),
	    DANEPRIV_OK);
	return records;
}

/* Judges, and checks that no memory was asked for. */
static danepriv_status
evaluate(const danepriv_records *records, const danepriv_credential *credential,
    danepriv_verdict *verdict)
{
	dp_fail_allocation_at(0);
	danepriv_status status = danepriv_evaluate(ctx, records, credential, NULL, 0, NOW, verdict);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	return status;
}

/* By records that are gone by until then. */
static danepriv_status
evaluate_until(const danepriv_records *records, const danepriv_credential *credential,
    danepriv_time now, danepriv_time bound, danepriv_verdict *verdict)
{
	const dp_published published = dp_match_until(records, bound);

	ck_assert_int_eq(dp_match_clear(verdict), DANEPRIV_OK);
	return dp_match_evaluate(ctx, &published, credential, &dp_match_server, now, NULL, verdict);
}

/* The finding alone, by one record. */
static danepriv_finding
finding_by(danepriv_span rdata, const danepriv_credential *credential)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records = vouched(&rdata, 1);

	danepriv_status status = evaluate(records, credential, &verdict);
	danepriv_records_free(records);
	ck_assert(status == DANEPRIV_OK || verdict.finding != DANEPRIV_FINDING_MATCH);
	return verdict.finding;
}

/* Is this what the file says became of a record: `match`, or `unusable:selector`? */
static bool
verdict_is(const danepriv_record_verdict *verdict, const char *text)
{
	char whole[64];

	snprintf(whole, sizeof whole, "%s%s%s",
	    danepriv_word(DANEPRIV_KIND_JUDGEMENT, verdict->judgement), verdict->reason ? ":" : "",
	    verdict->reason ? danepriv_word(DANEPRIV_KIND_RECORD_REASON, verdict->reason) : "");
	return strcmp(whole, text) == 0;
}

static size_t
split(char *text, char **parts)
{
	size_t count = 0;

	for (char *rest = text, *part; count < 8 && (part = strtok_r(NULL, ",", &rest));)
		parts[count++] = part;
	return count;
}

static void
check_row(const test_vector *row)
{
	char *texts[8], *wanted[8];
	test_octets octets[8];
	danepriv_span rdatas[8];
	danepriv_record_verdict each[8];
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = each, .each_size = sizeof *each, .each_room = 8
	};
	const char *name = row->fields[0];
	test_peer peer;

	peer_open(&peer, row->fields[1]);
	size_t count = split(row->fields[2], texts);
	for (size_t i = 0; i < count; i++) {
		octets[i] = octets_from_hex(strcmp(texts[i], "-") == 0 ? "" : texts[i]);
		rdatas[i] = octets_span(octets[i]);
	}
	danepriv_records *records = vouched(rdatas, count);
	ck_assert_msg(evaluate(records, &peer.credential, &verdict) == DANEPRIV_OK, "%s", name);
	ck_assert_msg(
	    strcmp(danepriv_word(DANEPRIV_KIND_FINDING, verdict.finding), row->fields[3]) == 0,
	    "%s: %s", name, danepriv_word(DANEPRIV_KIND_FINDING, verdict.finding));
	size_t matched = row->fields[4][0] == '-' ? SIZE_MAX : strtoul(row->fields[4], NULL, 10);
	ck_assert_msg(verdict.record == matched, "%s", name);
	ck_assert_msg(verdict.valid_until == NOW, "%s", name);
	ck_assert_msg(split(row->fields[5], wanted) == count, "%s", name);
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(verdict_is(&each[i], wanted[i]), "%s: record %zu", name, i);
		ck_assert_msg(each[i].depth == 0, "%s: record %zu", name, i);
		octets_free(octets[i]);
	}
	danepriv_records_free(records);
	peer_close(&peer);
}

static int
count_rows(void)
{
	test_vectors *vectors = vectors_open("dane/match.txt");
	test_vector row;
	int rows = 0;

	while (vectors_next(vectors, &row))
		rows++;
	vectors_close(vectors);
	return rows;
}

START_TEST(vectors_row)
{
	test_vectors *vectors = vectors_open("dane/match.txt");
	test_vector row;

	for (int i = 0; i <= _i; i++)
		ck_assert(vectors_next(vectors, &row));
	check_row(&row);
	vectors_close(vectors);
}
END_TEST

/* Usages 0 and 1 need roots, which this context has not; 2 is in test_issuer.c. */
START_TEST(without_roots)
{
	test_peer peer;

	peer_open(&peer, "ee,ca");
	test_octets rdata = rdata_of_peer(&peer, (uint8_t)_i, 1, 1);
	ck_assert_int_eq(
	    finding_by(octets_span(rdata), &peer.credential), DANEPRIV_FINDING_UNUSABLE);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

/* Broken octets of the peer */

typedef struct kind_row {
	const char *name, *peer;
	uint8_t selector, matching;
} kind_row;

static const kind_row kinds[] = {
	{ "3 0 0", "ee", 0, 0 },
	{ "3 0 1", "ee", 0, 1 },
	{ "3 0 2", "ee", 0, 2 },
	{ "3 1 0", "ee", 1, 0 },
	{ "3 1 1", "ee", 1, 1 },
	{ "3 1 2", "ee", 1, 2 },
	{ "raw key, 3 1 0", "raw:ee-key", 1, 0 },
	{ "raw key, 3 1 1", "raw:ee-key", 1, 1 },
	{ "raw key, 3 1 2", "raw:ee-key", 1, 2 },
};

START_TEST(cut_at_every_length)
{
	const kind_row *row = &kinds[_i];
	test_peer peer;

	peer_open(&peer, row->peer);
	test_octets rdata = rdata_of_peer(&peer, 3, row->selector, row->matching);
	for (size_t len = 0; len < peer.octets[0].len; len++) {
		test_octets cut = octets_copy((danepriv_span){ peer.octets[0].data, len });
		danepriv_span item = octets_span(cut);
		danepriv_credential credential = { peer.credential.type, &item, 1 };
		danepriv_finding finding = finding_by(octets_span(rdata), &credential);
		ck_assert_msg(
		    finding == DANEPRIV_FINDING_MISMATCH, "%s, %zu octets", row->name, len);
		octets_free(cut);
	}
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

/* Where the octets that a selector speaks of begin and end. */
static void
find_part(const test_peer *peer, uint8_t selector, size_t *from, size_t *to)
{
	danepriv_span whole = peer->items[0];

	*from = 0;
	*to = whole.len;
	if (selector == 0 || peer->credential.type == DANEPRIV_CREDENTIAL_RAW_KEY)
		return;
	test_octets key = octets_of_credential("ee-key");
	while (memcmp(whole.data + *from, key.data, key.len) != 0)
		++*from;
	*to = *from + key.len;
	octets_free(key);
}

/* A changed octet in what the record speaks of never matches.  Elsewhere it may, as long as the
 * whole is still a certificate: DANE-EE does not ask what else is in it. */
START_TEST(change_every_octet)
{
	const uint8_t changes[] = { 0x01, 0x80, 0xFF };
	const kind_row *row = &kinds[_i];
	size_t from, to;
	test_peer peer;

	peer_open(&peer, row->peer);
	test_octets rdata = rdata_of_peer(&peer, 3, row->selector, row->matching);
	find_part(&peer, row->selector, &from, &to);
	for (size_t at = from; at < to; at++)
		for (size_t i = 0; i < sizeof changes; i++) {
			peer.octets[0].data[at] ^= changes[i];
			danepriv_finding finding = finding_by(octets_span(rdata), &peer.credential);
			ck_assert_msg(
			    finding == DANEPRIV_FINDING_MISMATCH, "%s, octet %zu", row->name, at);
			peer.octets[0].data[at] ^= changes[i];
		}
	for (size_t at = 0; at < peer.octets[0].len; at++) {
		peer.octets[0].data[at] ^= 0x55;
		(void)finding_by(octets_span(rdata), &peer.credential);
		peer.octets[0].data[at] ^= 0x55;
	}
	ck_assert_int_eq(finding_by(octets_span(rdata), &peer.credential), DANEPRIV_FINDING_MATCH);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

START_TEST(octets_after_the_certificate)
{
	const kind_row *row = &kinds[_i];
	uint8_t longer[2048];
	test_peer peer;

	peer_open(&peer, row->peer);
	test_octets rdata = rdata_of_peer(&peer, 3, row->selector, row->matching);
	memcpy(longer, peer.octets[0].data, peer.octets[0].len);
	longer[peer.octets[0].len] = 0;
	danepriv_span item = { longer, peer.octets[0].len + 1 };
	danepriv_credential credential = { peer.credential.type, &item, 1 };
	ck_assert_int_eq(finding_by(octets_span(rdata), &credential), DANEPRIV_FINDING_MISMATCH);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

/* A certificate shown as a raw key, and the other way round. */
START_TEST(wrong_type)
{
	const kind_row *row = &kinds[_i];
	danepriv_verdict verdict = { .size = sizeof verdict };
	test_peer peer;

	peer_open(&peer, row->peer);
	test_octets rdata = rdata_of_peer(&peer, 3, row->selector, row->matching);
	danepriv_span span = octets_span(rdata);
	danepriv_records *records = vouched(&span, 1);
	peer.credential.type = peer.credential.type == DANEPRIV_CREDENTIAL_X509
				   ? DANEPRIV_CREDENTIAL_RAW_KEY
				   : DANEPRIV_CREDENTIAL_X509;
	ck_assert_int_eq(evaluate(records, &peer.credential, &verdict), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MISMATCH);
	danepriv_records_free(records);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

/* The peer's fault comes first, also where no record could have matched it. */
START_TEST(malformed_beside_unusable)
{
	uint8_t data[] = { 3, 1, 9, 1 }, not_der[] = { 0x30, 0 };
	danepriv_span rdata = { data, sizeof data }, item = { not_der, sizeof not_der };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &item, 1 };

	ck_assert_int_eq(finding_by(rdata, &credential), DANEPRIV_FINDING_MISMATCH);
}
END_TEST

/* Proofs */

typedef struct proof_row {
	const char *name;
	danepriv_security security;
	danepriv_finding finding;
} proof_row;

static const proof_row proofs[] = {
	{ "unknown", DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_FINDING_UNJUDGED },
	{ "secure", DANEPRIV_SECURITY_SECURE, DANEPRIV_FINDING_MATCH },
	{ "denied", DANEPRIV_SECURITY_DENIED, DANEPRIV_FINDING_ABSENT },
	{ "insecure", DANEPRIV_SECURITY_INSECURE, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", DANEPRIV_SECURITY_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "indeterminate", DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_FINDING_INDETERMINATE },
};

/* The same record each time, which only one proof allows to be used; at each side of the bound. */
START_TEST(proof_and_time)
{
	const proof_row *row = &proofs[_i];
	test_peer peer;
	dp_server read;
	danepriv_records *records;

	peer_open(&peer, "ee");
	test_octets rdata = rdata_of_peer(&peer, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	dp_proven proven = { row->security, DANEPRIV_REASON_CLOCK, { 0 }, NOW, NOW + 10 };
	ck_assert_int_eq(dp_server_read(&server, &read), DANEPRIV_OK);
	ck_assert_int_eq(
	    dp_records_new(&read, dp_name_of(&read.name), proven, &span, 1, &records), DANEPRIV_OK);
	for (danepriv_time now = NOW - 1; now <= NOW + 11; now++) {
		danepriv_verdict v = { .size = sizeof v };
		ck_assert_int_eq(
		    danepriv_evaluate(ctx, records, &peer.credential, NULL, 0, now, &v), 0);
		ck_assert_msg(v.finding == (now > NOW ? DANEPRIV_FINDING_UNJUDGED : row->finding),
		    "%s", row->name);
		ck_assert_msg(v.security == row->security && v.valid_until == NOW, "%s", row->name);
		ck_assert_msg(v.reason == DANEPRIV_REASON_CLOCK, "%s", row->name);
		ck_assert_int_eq(evaluate_until(records, &peer.credential, now, NOW + 10, &v), 0);
		ck_assert_msg(
		    v.finding == (now > NOW + 10 ? DANEPRIV_FINDING_UNJUDGED : row->finding),
		    "%s by expiry", row->name);
		ck_assert_msg(v.valid_until == NOW + 10, "%s by expiry", row->name);
	}
	danepriv_records_free(records);
	octets_free(rdata);
	peer_close(&peer);
}
END_TEST

/* Arguments */

START_TEST(missing_arguments)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records = vouched(NULL, 0);
	test_peer peer;

	peer_open(&peer, "ee");
	danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 1 };
	const danepriv_credential *one = &peer.credential;
	ck_assert_int_eq(
	    danepriv_evaluate(NULL, records, one, NULL, 0, NOW, &verdict), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, NULL, one, NULL, 0, NOW, &verdict), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, NULL, NULL, 0, NOW, &verdict), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &none, NULL, 0, NOW, &verdict), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_evaluate(ctx, records, one, NULL, 0, NOW, NULL), DANEPRIV_EINVAL);
	danepriv_credential many = { DANEPRIV_CREDENTIAL_X509, peer.items, SIZE_MAX };
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &many, NULL, 0, NOW, &verdict), DANEPRIV_ELIMIT);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	/* Nothing is touched where the size is wrong; larger ones: test_sized. */
	for (size_t size = 0; size <= sizeof verdict; size++) {
		verdict.size = size;
		verdict.finding = DANEPRIV_FINDING_MATCH;
		danepriv_status status =
		    danepriv_evaluate(ctx, records, one, NULL, 0, NOW, &verdict);
		bool right = size == sizeof verdict;
		ck_assert_int_eq(status, right ? DANEPRIV_OK : DANEPRIV_EINVAL);
		ck_assert_int_eq(
		    verdict.finding, right ? DANEPRIV_FINDING_ABSENT : DANEPRIV_FINDING_MATCH);
	}
	danepriv_records_free(records);
	peer_close(&peer);
}
END_TEST

/* 128 records, the last of which matches, told to an array of any size. */
START_TEST(room_for_verdicts)
{
	danepriv_span rdatas[128];
	danepriv_record_verdict each[ROOM];
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = each, .each_size = sizeof *each
	};
	test_peer peer, other;

	peer_open(&peer, "ee");
	peer_open(&other, "other");
	test_octets good = rdata_of_peer(&peer, 3, 1, 1), bad = rdata_of_peer(&other, 3, 1, 1);
	for (size_t i = 0; i < 128; i++)
		rdatas[i] = octets_span(i == 127 ? good : bad);
	danepriv_records *records = vouched(rdatas, 128);
	for (size_t room = 0; room <= ROOM; room += room % 7 + 1) {
		verdict.each_room = room;
		memset(each, 0x55, sizeof each);
		ck_assert_int_eq(evaluate(records, &peer.credential, &verdict), DANEPRIV_OK);
		ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
		ck_assert_uint_eq(verdict.record, 127);
		ck_assert_uint_eq(verdict.count, 128);
		for (size_t i = 0; i < room && i < 127; i++)
			ck_assert_int_eq(each[i].judgement, DANEPRIV_JUDGEMENT_NO_MATCH);
		if (room < ROOM)
			ck_assert_msg(
			    each[room].usage == 0x55 || room == 128, "wrote past the end");
	}
	ck_assert_int_eq(each[127].judgement, DANEPRIV_JUDGEMENT_MATCH);
	verdict.each = NULL;
	ck_assert_int_eq(evaluate(records, &peer.credential, &verdict), DANEPRIV_OK);
	ck_assert_uint_eq(verdict.count, 128);
	danepriv_records_free(records);
	octets_free(good);
	octets_free(bad);
	peer_close(&peer);
	peer_close(&other);
}
END_TEST

/* No credential: what a server that shows no key has coming. */
START_TEST(no_credential)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	uint8_t data[35] = { 3, 1, 1 };
	danepriv_span usable = { data, 35 }, unusable = { data, 34 };
	const danepriv_finding wanted[] = { DANEPRIV_FINDING_INDETERMINATE,
		DANEPRIV_FINDING_UNUSABLE, DANEPRIV_FINDING_ABSENT };

	for (int i = 0; i < 3; i++) {
		danepriv_records *records = vouched(i ? &unusable : &usable, i < 2);
		ck_assert_int_eq(evaluate_until(records, NULL, NOW, NOW, &verdict), DANEPRIV_OK);
		ck_assert_int_eq(verdict.finding, wanted[i]);
		ck_assert_int_eq(evaluate_until(records, NULL, NOW + 1, NOW, &verdict), 0);
		ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
		danepriv_records_free(records);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("match");
	TCase *tc = tcase_create("match");

	tcase_add_checked_fixture(tc, open_context, close_context);
	tcase_add_loop_test(tc, vectors_row, 0, count_rows());
	tcase_add_loop_test(tc, without_roots, 0, 2);
	tcase_add_loop_test(tc, cut_at_every_length, 0, ROWS(kinds));
	tcase_add_loop_test(tc, change_every_octet, 0, ROWS(kinds));
	tcase_add_loop_test(tc, octets_after_the_certificate, 0, ROWS(kinds));
	tcase_add_loop_test(tc, wrong_type, 0, ROWS(kinds));
	tcase_add_test(tc, malformed_beside_unusable);
	tcase_add_loop_test(tc, proof_and_time, 0, ROWS(proofs));
	tcase_add_test(tc, missing_arguments);
	tcase_add_test(tc, room_for_verdicts);
	tcase_add_test(tc, no_credential);
	suite_add_tcase(suite, tc);
	return suite;
}
