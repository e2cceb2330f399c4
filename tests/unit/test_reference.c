/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/reference: by which names may a server go?  What certificates say of them is among the
 * rows of test_issuer.c. */
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/session.h>

#define NOW 1700000000
#define UNTIL 4102444800

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_DOT };

static void
nothing_is_left(void)
{
	ck_assert_int_eq(dp_blocks(), 0);
}

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
	ck_assert_int_eq(danepriv_open(&s.ctx, NULL), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(
			     &server, NULL, DANEPRIV_PROOF_SECURE, &span, 1, UNTIL, &s.records),
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
	    danepriv_evaluate_names(s.ctx, s.records, &peer.credential, names, 2, NOW, &verdict),
	    bad_names[_i].status);
	ck_assert_int_eq(verdict.finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(danepriv_session_new(&session, s.ctx, &server, DANEPRIV_STRICT), 0);
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
	    danepriv_evaluate_names(s.ctx, s.records, &peer.credential, names, 17, NOW, &verdict),
	    DANEPRIV_ELIMIT);
	ck_assert_int_eq(verdict.finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_evaluate_names(s.ctx, s.records, &peer.credential, names, 16, NOW, &verdict),
	    DANEPRIV_OK);
	ck_assert_int_eq(verdict.finding, DANEPRIV_MATCH);
	ck_assert_int_eq(
	    danepriv_evaluate_names(s.ctx, s.records, &peer.credential, NULL, 1, NOW, &verdict),
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
	ck_assert_int_eq(danepriv_session_new(&session, s.ctx, &server, DANEPRIV_STRICT), 0);
	ck_assert_int_eq(danepriv_session_give_records(session, s.records), 0);
	ck_assert_int_eq(danepriv_session_give_credential(session, &peer.credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_ENCRYPTED, NOW, &why), DANEPRIV_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_MISMATCH);
	ck_assert_int_eq(danepriv_session_add_name(session, "alias.example.org"), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_ENCRYPTED, NOW, &why), DANEPRIV_PROCEED);
	ck_assert_int_eq(danepriv_session_add_name(NULL, "a.example"), DANEPRIV_EINVAL);
	danepriv_session_free(session);
	peer_close(&peer);
	setting_close(&s);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("reference");
	TCase *tc = tcase_create("reference");

	tcase_add_checked_fixture(tc, nothing_is_left, nothing_is_left);
	tcase_add_loop_test(tc, names_refused, 0, ROWS(bad_names));
	tcase_add_test(tc, too_many_names);
	tcase_add_test(tc, names_of_a_session);
	suite_add_tcase(suite, tc);
	return suite;
}
