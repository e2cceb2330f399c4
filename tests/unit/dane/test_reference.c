/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/reference: by which names may a server go?  What certificates say of them is among the
 * rows of test_issuer.c; here it is what to find out costs. */
#include "support/credentials.h"
#include "support/suite.h"

#include <danepriv/session.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define UNTIL 4102444800

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

/* One record that means the last item of a peer. */
typedef struct setting {
	danepriv *ctx;
	danepriv_records *records;
} setting;

static setting
setting_for(const char *anchor, uint8_t usage, uint8_t selector, uint8_t matching)
{
	setting s = { NULL, NULL };
	test_peer peer;

	peer_open(&peer, anchor);
	test_octets rdata = rdata_of_peer(&peer, usage, selector, matching);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_open(NULL, &s.ctx), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, UNTIL, &s.records),
	    DANEPRIV_OK);
	octets_free(rdata);
	peer_close(&peer);
	return s;
}

static void
setting_close(setting *s)
{
	danepriv_records_free(s->records);
	danepriv_close(s->ctx);
}

typedef struct name_row {
	const char *name;
	danepriv_status status;
} name_row;

static const name_row bad_names[] = {
	{ "", DANEPRIV_EMALFORMED },
	{ ".", DANEPRIV_EINVAL },
	{ "a..b", DANEPRIV_EMALFORMED },
	{ "*.example.net", DANEPRIV_EMALFORMED },
	{ "b\xc3\xbc"
	  "cher.example",
	    DANEPRIV_EMALFORMED },
	{ "192.0.2.1", DANEPRIV_EINVAL },
	{ "2001:db8::1", DANEPRIV_EINVAL },
	{ "a b.example", DANEPRIV_EMALFORMED },
	{ "a\\.b.example", DANEPRIV_EMALFORMED },
	{ NULL, DANEPRIV_EINVAL },
};

START_TEST(names_refused)
{
	const char *names[] = { "good.example", bad_names[_i].name };
	danepriv_verdict verdict = { .size = sizeof verdict };
	setting s = setting_for("by-root", 3, 1, 1);
	danepriv_session *session;
	test_peer peer;

	peer_open(&peer, "by-root,root");
	ck_assert_int_eq(
	    danepriv_evaluate(s.ctx, s.records, &peer.credential, names, 2, NOW, &verdict),
	    bad_names[_i].status);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_session_new(s.ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(
	    danepriv_session_add_name(session, bad_names[_i].name), bad_names[_i].status);
	danepriv_session_free(session);
	peer_close(&peer);
	setting_close(&s);
}
END_TEST

START_TEST(too_many_names)
{
	const char *names[17];
	danepriv_verdict verdict = { .size = sizeof verdict };
	setting s = setting_for("root", 2, 0, 1);
	test_peer peer;

	peer_open(&peer, "n-alt,root");
	for (size_t i = 0; i < 17; i++)
		names[i] = "a.example";
	names[15] = names[16] = "alias.example.org";
	ck_assert_int_eq(
	    danepriv_evaluate(s.ctx, s.records, &peer.credential, names, 17, NOW, &verdict),
	    DANEPRIV_ELIMIT);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_evaluate(s.ctx, s.records, &peer.credential, names, 16, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_FINDING_MATCH);
	ck_assert_int_eq(
	    danepriv_evaluate(s.ctx, s.records, &peer.credential, NULL, 1, NOW, &verdict),
	    DANEPRIV_EINVAL);
	peer_close(&peer);
	setting_close(&s);
}
END_TEST

/* What a session was told it may be called counts as well. */
START_TEST(names_of_a_session)
{
	danepriv_verdict why = { .size = sizeof why };
	setting s = setting_for("root", 2, 0, 1);
	danepriv_session *session;
	test_peer peer;

	peer_open(&peer, "n-alt,root");
	ck_assert_int_eq(
	    danepriv_session_new(s.ctx, &server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(danepriv_session_give_records(session, s.records), 0);
	ck_assert_int_eq(danepriv_session_give_credential(session, &peer.credential), 0);
	ck_assert_int_eq(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
			     DANEPRIV_CHANNEL_ENCRYPTED, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_MISMATCH);
	ck_assert_int_eq(danepriv_session_add_name(session, "alias.example.org"), 0);
	ck_assert_int_eq(danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
			     DANEPRIV_CHANNEL_ENCRYPTED, NOW, &why),
	    DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(danepriv_session_add_name(NULL, "a.example"), DANEPRIV_EINVAL);
	danepriv_session_free(session);
	peer_close(&peer);
	setting_close(&s);
}
END_TEST

/* ---- what it costs ---- */

#define LABEL_60 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwx"
#define LONG_ONE LABEL_60 "." LABEL_60 "." LABEL_60 "." LABEL_60
#define ALL_WORK 0
#define LIMIT DANEPRIV_RECORD_REASON_LIMIT

static const struct {
	const char *name;
	unsigned names;	  /* of the certificate, the server's first */
	const char *form; /* of the others, by number, and of those that are asked for */
	unsigned asked;	  /* beside the server's own name */
	uint32_t max_work;
	danepriv_finding finding;
	danepriv_record_reason reason;
} costs[] = {
	{ "one", 1, "n%u.example", 0, 3, DANEPRIV_FINDING_MATCH, 0 },
	{ "as many as may be", 256, "n%u.example", 0, 3, DANEPRIV_FINDING_MATCH, 0 },
	{ "all are asked for", 256, "n%u.example", 16, 6, DANEPRIV_FINDING_MATCH, 0 },
	{ "one too many", 257, "n%u.example", 0, ALL_WORK, DANEPRIV_FINDING_MISMATCH, LIMIT },
	{ "far too many", 8000, "n%u", 16, ALL_WORK, DANEPRIV_FINDING_MISMATCH, LIMIT },
	{ "long ones", 250, LONG_ONE ".n%u", 0, 10, DANEPRIV_FINDING_MATCH, 0 },
	{ "long ones, not paid for", 250, LONG_ONE ".n%u", 0, 4, DANEPRIV_FINDING_MISMATCH, LIMIT },
	{ "all are asked for", 250, LONG_ONE ".n%u", 16, ALL_WORK, DANEPRIV_FINDING_MATCH, 0 },
	{ "all, not paid for", 250, LONG_ONE ".n%u", 16, 40, DANEPRIV_FINDING_MISMATCH, LIMIT },
};

static void
works(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

static void
set_names(gnutls_x509_crt_t crt, unsigned count, const char *form)
{
	static uint8_t extension[80000];
	char name[300] = "ns1.example.net";
	size_t len = 0, head = 4;

	/* One by one, GnuTLS would take the square of their number. */
	for (unsigned i = 0; i < count; i++) {
		size_t octets = strlen(name);
		uint8_t *at = extension + head + len;
		ck_assert_uint_lt(head + len + octets + 3, sizeof extension);
		*at++ = 0x82;
		if (octets > 0x7F)
			*at++ = 0x81;
		*at++ = (uint8_t)octets;
		memcpy(at, name, octets);
		len = (size_t)(at - extension) + octets - head;
		(void)snprintf(name, sizeof name, form, i + 1000);
	}
	const uint8_t large[] = { 0x30, 0x82, (uint8_t)(len >> 8), (uint8_t)len };
	const uint8_t small[] = { 0x30, (uint8_t)len };
	bool is_small = len <= 0x7F;
	uint8_t *from = is_small ? extension + 2 : extension;
	memcpy(from, is_small ? small : large, is_small ? 2 : 4);
	works(gnutls_x509_crt_set_extension_by_oid(
	    crt, "2.5.29.17", from, len + (is_small ? 2 : 4), 0));
}

/* The CA's own, or that of the server. */
static test_octets
issue(gnutls_x509_privkey_t key, gnutls_x509_crt_t ca, gnutls_x509_crt_t crt)
{
	const uint8_t serial = ca == crt ? 1 : 2;
	gnutls_datum_t der;

	works(gnutls_x509_crt_set_version(crt, 3));
	works(gnutls_x509_crt_set_serial(crt, &serial, 1));
	works(gnutls_x509_crt_set_dn(crt, ca == crt ? "CN=CA" : "CN=server", NULL));
	works(gnutls_x509_crt_set_activation_time(crt, NOW - 1));
	works(gnutls_x509_crt_set_expiration_time(crt, NOW + 1));
	works(gnutls_x509_crt_set_key(crt, key));
	if (ca == crt)
		works(gnutls_x509_crt_set_basic_constraints(crt, 1, -1));
	works(gnutls_x509_crt_sign2(crt, ca, key, GNUTLS_DIG_SHA256, 0));
	works(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der));
	test_octets octets = octets_copy((danepriv_span){ der.data, der.size });
	gnutls_free(der.data);
	return octets;
}

/* A peer of two certificates, the second one the authority. */
static void
make_peer(unsigned count, const char *form, test_octets items[2])
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t leaf, ca;

	works(gnutls_x509_privkey_init(&key));
	works(gnutls_x509_privkey_generate(
	    key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	works(gnutls_x509_crt_init(&leaf));
	works(gnutls_x509_crt_init(&ca));
	items[1] = issue(key, ca, ca);
	set_names(leaf, count, form);
	items[0] = issue(key, ca, leaf);
	gnutls_x509_crt_deinit(ca);
	gnutls_x509_crt_deinit(leaf);
	gnutls_x509_privkey_deinit(key);
}

static danepriv_records *
vouch_for(test_octets ca)
{
	test_peer peer = { .items = { octets_span(ca) }, .octets = { ca } };
	danepriv_records *records;

	peer.credential = (danepriv_credential){ DANEPRIV_CREDENTIAL_X509, peer.items, 1 };
	test_octets rdata = rdata_of_peer(&peer, 2, 0, 1);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, UNTIL, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	return records;
}

/* Each name that a server may go by is held against each that the certificate has. */
START_TEST(cost)
{
	danepriv_settings settings = { .size = sizeof settings, .max_work = costs[_i].max_work };
	danepriv_record_verdict each = { 0 };
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = &each, .each_size = sizeof each, .each_room = 1
	};
	char texts[16][300];
	const char *asked[16];
	test_octets octets[2];
	danepriv *ctx;

	make_peer(costs[_i].names, costs[_i].form, octets);
	danepriv_span items[] = { octets_span(octets[0]), octets_span(octets[1]) };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, items, 2 };
	danepriv_records *records = vouch_for(octets[1]);
	for (unsigned i = 0; i < costs[_i].asked; i++) {
		(void)snprintf(texts[i], sizeof texts[i], costs[_i].form, i);
		asked[i] = texts[i];
	}
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_evaluate(ctx, records, &credential, asked, costs[_i].asked, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_msg(verdict.finding == costs[_i].finding && each.reason == costs[_i].reason,
	    "%s: %d, %d", costs[_i].name, verdict.finding, each.reason);
	ck_assert_msg(verdict.finding == DANEPRIV_FINDING_MATCH ||
			  verdict.reason == DANEPRIV_REASON_LIMIT_WORK,
	    "%s", costs[_i].name);
	danepriv_records_free(records);
	danepriv_close(ctx);
	octets_free(octets[0]);
	octets_free(octets[1]);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("reference");
	TCase *tc = tcase_create("reference");

	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, names_refused, 0, ROWS(bad_names));
	tcase_add_test(tc, too_many_names);
	tcase_add_test(tc, names_of_a_session);
	tcase_add_loop_test(tc, cost, 0, ROWS(costs));
	suite_add_tcase(suite, tc);
	return suite;
}
