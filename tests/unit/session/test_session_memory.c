/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session/recall: what does a connection take from memory, and what does it leave there?  (RFC
 * 9102 section 7) */
#include "session/session.h"
#include "support/failing_alloc.h"
#include "support/remembering.h"
#include "support/suite.h"

#include <string.h>

#define PINNED 10 /* hours, where a server is */
#define OVER DANEPRIV_CHANNEL_ENCRYPTED

static danepriv_status
recall(void)
{
	danepriv_status status = danepriv_session_recall(session, memory, NOW);

	ck_assert(status == DANEPRIV_OK || status == NOTFOUND);
	return status;
}

static danepriv_verdict
decide_at(danepriv_channel channel, danepriv_time now, const char *name)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision =
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, channel, now, &why);

	ck_assert_msg(decision == danepriv_decide(danepriv_session_profile(session),
				      DANEPRIV_PROVENANCE_CONFIGURED, why.finding, channel),
	    "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_DECISION, decision));
	return why;
}

static void
check_finding(danepriv_finding is, danepriv_finding wanted, const char *name)
{
	ck_assert_msg(is == wanted, "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_FINDING, is));
}

/* ---- the table of results ---- */

typedef struct result_row {
	const char *name;
	uint16_t before; /* hours of the pin; 0: none */
	remembered_chain sent;
	bool is_unsigned; /* the zone of the server's name */
	uint16_t hours;	  /* promised */
	danepriv_finding finding;
	uint16_t after;		    /* hours of the pin */
	danepriv_security security; /* in the cache */
} result_row;

static const result_row results[] = {
	{ "absent, not pinned", 0, SILENT, false, 0, DANEPRIV_FINDING_UNJUDGED, 0, NOTHING },
	{ "absent, pinned", PINNED, SILENT, false, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED, NOTHING },
	{ "match, pin is set", 0, KEY, false, 7, DANEPRIV_FINDING_MATCH, 7, SECURE },
	{ "match, set for as long as is believed", 0, KEY, false, 65535, DANEPRIV_FINDING_MATCH,
	    1440, SECURE },
	{ "match, nothing promised", 0, KEY, false, 0, DANEPRIV_FINDING_MATCH, 0, SECURE },
	{ "match, pinned for longer", PINNED, KEY, false, 70, DANEPRIV_FINDING_MATCH, 70, SECURE },
	{ "match, pinned for less", PINNED, KEY, false, 3, DANEPRIV_FINDING_MATCH, 3, SECURE },
	{ "match, pin is lifted", PINNED, KEY, false, 0, DANEPRIV_FINDING_MATCH, 0, SECURE },
	{ "mismatch, not pinned", 0, BAD_KEY, false, 7, DANEPRIV_FINDING_MISMATCH, 0, SECURE },
	{ "mismatch, pinned", PINNED, BAD_KEY, false, 70, DANEPRIV_FINDING_MISMATCH, PINNED,
	    SECURE },
	{ "mismatch, pinned, would lift it", PINNED, BAD_KEY, false, 0, DANEPRIV_FINDING_MISMATCH,
	    PINNED, SECURE },
	{ "unusable, pinned", PINNED, USELESS, false, 0, DANEPRIV_FINDING_UNUSABLE, PINNED,
	    SECURE },
	{ "denied, not pinned", 0, WITHOUT, false, 7, DANEPRIV_FINDING_ABSENT, 0, DENIED },
	{ "denied, pinned", PINNED, WITHOUT, false, 70, DANEPRIV_FINDING_ABSENT, 0, DENIED },
	{ "insecure, not pinned", 0, KEY, true, 7, DANEPRIV_FINDING_UNSIGNED, 0, INSECURE },
	{ "insecure, pinned", PINNED, KEY, true, 70, DANEPRIV_FINDING_UNSIGNED, 0, INSECURE },
	{ "bogus, not pinned", 0, FOREIGN, false, 7, DANEPRIV_FINDING_BOGUS, 0, NOTHING },
	{ "bogus, pinned", PINNED, FOREIGN, false, 70, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    NOTHING },
	{ "bogus, pinned, would lift it", PINNED, FOREIGN, false, 0, DANEPRIV_FINDING_DOWNGRADE,
	    PINNED, NOTHING },
	{ "no chain, not pinned", 0, GARBAGE, false, 7, DANEPRIV_FINDING_BOGUS, 0, NOTHING },
	{ "no chain, pinned", PINNED, GARBAGE, false, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    NOTHING },
	{ "expired, not pinned", 0, ENDED, false, 7, DANEPRIV_FINDING_BOGUS, 0, NOTHING },
	{ "expired, pinned", PINNED, ENDED, false, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED, NOTHING },
};

START_TEST(result)
{
	const result_row *row = &results[_i / 4];
	bool credential_first = _i & 1;

	if (row->before)
		pin_server(row->before);
	session_open(row->is_unsigned ? unsigned_ctx : remember_ctx,
	    _i & 2 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(recall(), NOTFOUND);
	if (credential_first)
		ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	give_sent(row->sent, row->hours);
	if (!credential_first)
		ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	danepriv_verdict why = decide_at(OVER, NOW, row->name);
	check_finding(why.finding, row->finding, row->name);
	/* A signature that ended is told apart from others. */
	ck_assert_int_eq(why.reason == DANEPRIV_REASON_SIGNATURE_EXPIRED, row->sent == ENDED);
	danepriv_status status = danepriv_session_remember(session, memory, NOW);
	ck_assert_msg(status == (row->finding ? DANEPRIV_OK : NOTFOUND), "%s", row->name);
	danepriv_server_state state = remembered_at(NOW);
	ck_assert_msg(state.pinned == PIN_END(NOW, row->after), "%s: %lld", row->name,
	    (long long)state.pinned - NOW);
	ck_assert_msg(state.security == row->security, "%s", row->name);
	bool is_match = row->finding == DANEPRIV_FINDING_MATCH;
	ck_assert_msg(state.record == (is_match ? 0 : SIZE_MAX), "%s", row->name);
	ck_assert_msg(state.authenticated == (is_match ? NOW / 60 * 60 : NEVER), "%s", row->name);
}
END_TEST

/* ---- with other evidence ---- */

/* Of a server that is pinned: `r`ecall, `f`etched records, `d`enial, `i`nsecure, `b`ogus,
 * `?` indeterminate; `g`ood or `e`vil credential. */
static const struct {
	const char *name;
	char held; /* what the cache has: 'g' keys; 0: nothing that holds */
	const char *order;
	danepriv_channel channel;
	int at; /* seconds after NOW; what is there ends after 100 */
	danepriv_finding finding;
	uint16_t after;
	danepriv_security security;
} others[] = {
	{ "known, and resumed without a chain", 'g', "rg", OVER, 0, DANEPRIV_FINDING_MATCH, PINNED,
	    SECURE },
	{ "known, an impostor", 'g', "re", OVER, 0, DANEPRIV_FINDING_MISMATCH, PINNED, SECURE },
	{ "known, last second", 'g', "rg", OVER, 100, DANEPRIV_FINDING_MATCH, PINNED, SECURE },
	{ "known, ended since", 'g', "rg", OVER, 101, DANEPRIV_FINDING_DOWNGRADE, PINNED, NOTHING },
	{ "known, nothing presented", 'g', "r", OVER, 0, DANEPRIV_FINDING_UNJUDGED, PINNED,
	    SECURE },
	{ "resumed, and nothing is known", 0, "rg", OVER, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    NOTHING },
	{ "nothing presented", 0, "r", OVER, 0, DANEPRIV_FINDING_UNJUDGED, PINNED, NOTHING },
	{ "looked up", 0, "rfg", OVER, 0, DANEPRIV_FINDING_MATCH, PINNED, SECURE },
	{ "looked up before", 0, "frg", OVER, 0, DANEPRIV_FINDING_MATCH, PINNED, SECURE },
	{ "looked up, an impostor", 0, "rfe", OVER, 0, DANEPRIV_FINDING_MISMATCH, PINNED, SECURE },
	{ "looked up, denied", 0, "rdg", OVER, 0, DANEPRIV_FINDING_ABSENT, 0, DENIED },
	{ "looked up, insecure", 0, "rig", OVER, 0, DANEPRIV_FINDING_UNSIGNED, 0, INSECURE },
	{ "looked up, denied, too late", 0, "rdg", OVER, 101, DANEPRIV_FINDING_DOWNGRADE, 0,
	    NOTHING },
	{ "looked up, bogus", 0, "rbg", OVER, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED, BOGUS },
	{ "looked up, indeterminate", 0, "r?g", OVER, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    INDETERMINATE },
	{ "bogus, then proven", 0, "rbfg", OVER, 0, DANEPRIV_FINDING_MATCH, PINNED, SECURE },
	{ "proven, then bogus", 0, "rfbg", OVER, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED, BOGUS },
	{ "denied beside what is known", 'g', "rdg", OVER, 0, DANEPRIV_FINDING_ABSENT, 0, DENIED },
	{ "bogus beside what is known", 'g', "rbg", OVER, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    SECURE },
	{ "nobody recalls", 0, "g", OVER, 0, DANEPRIV_FINDING_UNJUDGED, PINNED, NOTHING },
	{ "nobody recalls, bogus", 0, "bg", OVER, 0, DANEPRIV_FINDING_BOGUS, PINNED, BOGUS },
	{ "the pin has ended", 0, "rg", OVER, PINNED *HOUR, DANEPRIV_FINDING_UNJUDGED, 0, NOTHING },
	{ "in clear", 0, "r", DANEPRIV_CHANNEL_CLEAR, 0, DANEPRIV_FINDING_UNJUDGED, PINNED,
	    NOTHING },
	{ "in clear, bogus", 0, "rbg", DANEPRIV_CHANNEL_CLEAR, 0, DANEPRIV_FINDING_BOGUS, PINNED,
	    BOGUS },
	{ "in clear, known", 'g', "rg", DANEPRIV_CHANNEL_CLEAR, 0, DANEPRIV_FINDING_INDETERMINATE,
	    PINNED, SECURE },
	{ "no channel", 0, "rg", DANEPRIV_CHANNEL_NONE, 0, DANEPRIV_FINDING_DOWNGRADE, PINNED,
	    NOTHING },
	{ "no channel, known", 'g', "rg", DANEPRIV_CHANNEL_NONE, 0, DANEPRIV_FINDING_MATCH, PINNED,
	    SECURE },
	{ "no channel, denied", 0, "rdg", DANEPRIV_CHANNEL_NONE, 0, DANEPRIV_FINDING_ABSENT, 0,
	    DENIED },
	{ "in clear, denied", 0, "rd", DANEPRIV_CHANNEL_CLEAR, 0, DANEPRIV_FINDING_ABSENT, 0,
	    DENIED },
};

static void
give_one(char what)
{
	static const struct {
		char what;
		danepriv_security security;
	} proofs[] = { { 'f', SECURE }, { 'd', DENIED }, { 'i', INSECURE }, { 'b', BOGUS },
		{ '?', INDETERMINATE } };

	if (what == 'r')
		(void)recall();
	if (what == 'g' || what == 'e')
		ck_assert_int_eq(danepriv_session_give_credential(
				     session, what == 'g' ? &good.credential : &bad.credential),
		    DANEPRIV_OK);
	for (int i = 0; i < ROWS(proofs); i++)
		if (proofs[i].what == what)
			give_fetched(proofs[i].security, 'g', NOW + 100);
}

START_TEST(other_evidence)
{
	danepriv_channel channel = others[_i / 2].channel;
	danepriv_time now = NOW + others[_i / 2].at;
	const char *name = others[_i / 2].name;

	pin_server(PINNED);
	if (others[_i / 2].held)
		ck_assert_int_eq(
		    put_vouched(SECURE, others[_i / 2].held, NOW + 100, NOW), DANEPRIV_OK);
	session_open(
	    remember_ctx, _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	for (const char *o = others[_i / 2].order; *o; o++)
		give_one(*o);
	danepriv_verdict why = decide_at(channel, now, name);
	check_finding(why.finding, others[_i / 2].finding, name);
	bool is_judged = why.finding != DANEPRIV_FINDING_UNJUDGED;
	ck_assert_msg(
	    danepriv_session_remember(session, memory, now) == (is_judged ? DANEPRIV_OK : NOTFOUND),
	    "%s", name);
	danepriv_server_state state = remembered_at(now);
	ck_assert_msg(state.pinned == PIN_END(NOW, others[_i / 2].after), "%s", name);
	ck_assert_msg(state.security == others[_i / 2].security, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, state.security));
}
END_TEST

/* RFC 9102 section 7: get the records in another way before the connection is used. */
START_TEST(decided_again)
{
	pin_server(PINNED);
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(recall(), NOTFOUND);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	check_finding(decide_at(OVER, NOW, "before").finding, DANEPRIV_FINDING_DOWNGRADE, "before");
	ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
	give_fetched(SECURE, 'g', NOW + 100);
	check_finding(decide_at(OVER, NOW, "after").finding, DANEPRIV_FINDING_MATCH, "after");
	ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
	ck_assert_int_eq(remembered_at(NOW).pinned, PIN_END(NOW, PINNED));
}
END_TEST

/* What came from there is not put back over what has come there since. */
START_TEST(not_put_back)
{
	ck_assert_int_eq(put_vouched(SECURE, 'g', NOW + 100, NOW), DANEPRIV_OK);
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(recall(), DANEPRIV_OK);
	ck_assert_int_eq(put_vouched(SECURE, 'b', NOW + 100, NOW), DANEPRIV_OK);
	uint64_t generation = remembered_at(NOW).generation;
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	check_finding(decide_at(OVER, NOW, "known").finding, DANEPRIV_FINDING_MATCH, "known");
	ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
	danepriv_server_state state = remembered_at(NOW);
	ck_assert_uint_eq(state.generation, generation);
	ck_assert(state.record == SIZE_MAX && state.authenticated == NEVER);
}
END_TEST

/* ---- whose promise counts ---- */

/* E`x`tension with 70 hours, or with none: `0`; one that nobody authenticated: `u`; the name is
 * `s`ent; `c`: a credential is refused; `f`, `g`, `r` as above; decisions: `e`ncrypted, `k` in
 * clear, `n` without a channel; re`m`ember. */
static const struct {
	const char *name, *order;
	danepriv_status status;
	uint16_t after;
} promises[] = {
	{ "in this handshake", "sxgem", DANEPRIV_OK, 70 },
	{ "credential first", "sgxem", DANEPRIV_OK, 70 },
	{ "without a name", "xgem", DANEPRIV_OK, 70 },
	{ "the second one counts", "x0gem", DANEPRIV_OK, 0 },
	{ "the second one counts, longer", "0xgem", DANEPRIV_OK, 70 },
	{ "judged twice", "sxgeem", DANEPRIV_OK, 70 },
	{ "remembered twice", "sxgemm", DANEPRIV_OK, 70 },
	{ "in a handshake before", "sxsgem", DANEPRIV_OK, PINNED },
	{ "in a handshake before, would lift it", "s0sgem", DANEPRIV_OK, PINNED },
	{ "in a handshake that failed", "xcgem", DANEPRIV_OK, PINNED },
	{ "in a handshake that failed, would lift it", "0cgem", DANEPRIV_OK, PINNED },
	{ "not authenticated", "sugem", DANEPRIV_OK, PINNED },
	{ "not authenticated, then nothing", "susgem", DANEPRIV_OK, PINNED },
	{ "not authenticated, after one that was", "sxugem", DANEPRIV_OK, PINNED },
	{ "records after it", "sxfgem", DANEPRIV_OK, PINNED },
	{ "records after it, would lift it", "s0fgem", DANEPRIV_OK, PINNED },
	{ "recalled after it", "sxgemrem", DANEPRIV_OK, 70 },
	{ "not judged", "sxgm", NOTFOUND, PINNED },
	{ "judged before the credential", "sxegm", NOTFOUND, PINNED },
	{ "judged before it came", "sgexm", NOTFOUND, PINNED },
	{ "judged without a channel", "sxgnm", DANEPRIV_OK, PINNED },
	{ "judged without a channel, would lift it", "s0gnm", DANEPRIV_OK, PINNED },
	{ "judged in clear", "sxgkm", DANEPRIV_OK, PINNED },
	{ "judged before in clear", "sxgkem", DANEPRIV_OK, 70 },
	{ "judged, then without a channel", "sxgenm", DANEPRIV_OK, PINNED },
	{ "judged, then recalled", "sxgerm", NOTFOUND, PINNED },
	{ "judged, then another handshake", "sxgesm", NOTFOUND, PINNED },
	{ "judged, then no credential", "sxgecm", NOTFOUND, PINNED },
};

static void
give_unauthenticated(void)
{
	test_octets extension = extension_sent(KEY, 70);
	danepriv_records *records;

	ck_assert_int_eq(
	    dp_session_give_unauthenticated(session, octets_span(extension), NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_get_records(session, &records), DANEPRIV_OK);
	ck_assert_uint_eq(danepriv_records_support_hours(records), 0);
	danepriv_records_free(records);
	octets_free(extension);
}

static danepriv_status
do_one(char what, danepriv_status status)
{
	const danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };

	give_one(what == 'e' ? 0 : what);
	if (what == 'x' || what == '0')
		give_sent(KEY, what == 'x' ? 70 : 0);
	if (what == 'u')
		give_unauthenticated();
	if (what == 's')
		ck_assert_int_eq(danepriv_session_give_sni(session, cached_server.name), 0);
	if (what == 'c')
		ck_assert_int_eq(danepriv_session_give_credential(session, &none), EINVAL_);
	if (what == 'e' || what == 'k' || what == 'n')
		(void)!danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED,
		    what == 'e'	  ? OVER
		    : what == 'k' ? DANEPRIV_CHANNEL_CLEAR
				  : DANEPRIV_CHANNEL_NONE,
		    NOW, NULL);
	return what == 'm' ? danepriv_session_remember(session, memory, NOW) : status;
}

START_TEST(promise)
{
	danepriv_status status = DANEPRIV_OK;
	const char *name = promises[_i].name;

	pin_server(PINNED);
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	(void)recall();
	for (const char *o = promises[_i].order; *o; o++)
		status = do_one(*o, status);
	ck_assert_msg(status == promises[_i].status, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg(remembered_at(NOW).pinned == PIN_END(NOW, promises[_i].after), "%s", name);
}
END_TEST

/* ---- arguments and memory ---- */

START_TEST(arguments)
{
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(danepriv_session_recall(NULL, memory, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_session_recall(session, NULL, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_session_remember(NULL, memory, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_session_remember(session, NULL, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), NOTFOUND);
	ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), NOTFOUND);
	ck_assert_int_eq(remembered_at(NOW).security, NOTHING);
}
END_TEST

/* Without memory for the records, the pin counts all the same. */
START_TEST(memory_runs_out)
{
	pin_server(PINNED);
	ck_assert_int_eq(put_vouched(SECURE, 'g', NOW + 100, NOW), DANEPRIV_OK);
	session_open(remember_ctx, _i ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), DANEPRIV_ENOMEM);
	check_finding(decide_at(OVER, NOW, "recall").finding, DANEPRIV_FINDING_DOWNGRADE, "recall");
	dp_fail_allocation_at(-1);
	give_sent(KEY, 7);
	check_finding(decide_at(OVER, NOW, "remember").finding, DANEPRIV_FINDING_MATCH, "remember");
	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(remembered_at(NOW).pinned, PIN_END(NOW, 7));
}
END_TEST

/* ---- how many records there are ---- */

/* A verdict per record is for who judges; how many there are is always told. */
START_TEST(told_again)
{
	static const danepriv_record_verdict none;
	danepriv_record_verdict each[2];
	danepriv_verdict why = {
		.size = sizeof why, .each = each, .each_size = sizeof *each, .each_room = 2
	};

	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(put_vouched(SECURE, 'a', NOW + HOUR, NOW), DANEPRIV_OK);
	ck_assert_int_eq(recall(), DANEPRIV_OK);
	memset(each, 0x55, sizeof each);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_uint_eq(why.count, 2);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(
	    danepriv_session_decide(session, DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_PROCEED);
	ck_assert_uint_eq(why.count, 2);
	ck_assert_int_eq(each[why.record].judgement, DANEPRIV_JUDGEMENT_MATCH);
	ck_assert_int_eq(danepriv_session_decide_again(session, memory, DANEPRIV_PROFILE_STRICT,
			     DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_PROCEED);
	ck_assert_uint_eq(why.count, 2);
	for (int i = 0; i < 2; i++)
		ck_assert_mem_eq(&each[i], &none, sizeof none);
	why.each_size--;
	ck_assert_int_eq(danepriv_session_decide_again(session, memory, DANEPRIV_PROFILE_STRICT,
			     DANEPRIV_PROVENANCE_CONFIGURED, OVER, NOW, &why),
	    DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(why.finding, DANEPRIV_FINDING_UNJUDGED);
	ck_assert_uint_eq(why.count, 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("session_memory");
	TCase *tc = tcase_create("session_memory");

	tcase_add_checked_fixture(tc, remember_open, remember_close);
	tcase_add_test(tc, told_again);
	tcase_add_loop_test(tc, result, 0, 4 * ROWS(results));
	tcase_add_loop_test(tc, other_evidence, 0, 2 * ROWS(others));
	tcase_add_test(tc, decided_again);
	tcase_add_test(tc, not_put_back);
	tcase_add_loop_test(tc, promise, 0, ROWS(promises));
	tcase_add_test(tc, arguments);
	tcase_add_loop_test(tc, memory_runs_out, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
