/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session/session: what of a connection whose server brings its own proof? */
#include "dane/records.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <danepriv/session.h>
#include <stdio.h>
#include <string.h>

#define NAME "dns.example"
#define OWNER "_853._tcp." NAME
#define NOW 1700000000
#define HOURS 0x1234

static const danepriv_server server = { NAME, 0, DANEPRIV_TRANSPORT_DOT };
static danepriv *ctx;
static proof_cases cases;
static test_peer good, bad;

static void
open_all(void)
{
	ctx = proofs_open("proofs/root.ds", NULL);
	proofs_read(&cases, "proofs/nsec.txt");
	proofs_read(&cases, "proofs/keys.txt");
	peer_open(&good, "ee,ca");
	peer_open(&bad, "other,ee");
}

static void
close_all(void)
{
	dp_fail_allocation_at(-1);
	peer_close(&good);
	peer_close(&bad);
	proofs_free(&cases);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* Extension 59 around a chain of the files, which are all about the one server. */
static test_octets
extension_of(const char *name)
{
	static const danepriv_span garbage = { (const uint8_t *)"no chain", 8 };
	const proof_case *c = NULL;

	for (size_t i = 0; name && i < cases.count; i++)
		if (strcmp(cases.list[i].name, name) == 0 && cases.list[i].type == 52)
			c = &cases.list[i];
	ck_assert(!name || (c && c->now == NOW && strncmp(c->qname, OWNER, strlen(OWNER)) == 0));
	return tiny_zone_extension(c ? octets_span(c->chain) : garbage, HOURS, true);
}

/* What is known before: vouched for the good peer's key; `lasts`: up to NOW, else it has ended. */
static danepriv_records *
records_of(danepriv_security security, bool lasts)
{
	danepriv_time until = lasts ? NOW : NOW - 1;
	test_octets rdata = rdata_of_peer(&good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, security, DANEPRIV_REASON_NONE,
			     &span, security == DANEPRIV_SECURITY_SECURE, until, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	return records;
}

static const struct {
	const char *name;
	danepriv_security security; /* UNKNOWN: nothing */
	bool lasts;
	danepriv_finding finding; /* with the good peer, when nothing takes its place */
} knowns[] = {
	{ "nothing", DANEPRIV_SECURITY_UNKNOWN, false, DANEPRIV_FINDING_UNJUDGED },
	{ "secure", DANEPRIV_SECURITY_SECURE, true, DANEPRIV_FINDING_MATCH },
	{ "secure that ended", DANEPRIV_SECURITY_SECURE, false, DANEPRIV_FINDING_UNJUDGED },
	{ "denied", DANEPRIV_SECURITY_DENIED, true, DANEPRIV_FINDING_ABSENT },
	{ "denied that ended", DANEPRIV_SECURITY_DENIED, false, DANEPRIV_FINDING_UNJUDGED },
	{ "insecure", DANEPRIV_SECURITY_INSECURE, true, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", DANEPRIV_SECURITY_BOGUS, true, DANEPRIV_FINDING_BOGUS },
	{ "indeterminate", DANEPRIV_SECURITY_INDETERMINATE, true, DANEPRIV_FINDING_INDETERMINATE },
};

/* What the chain proves; where it is taken: `n`othing known, `s`ecure, `e`nded, `o`thers. */
static const struct {
	const char *name, *chain; /* NULL: no chain */
	danepriv_security security;
	const char *taken;
	danepriv_finding finding; /* where it is taken */
} chains[] = {
	{ "secure", "record-signed-by-ksk", DANEPRIV_SECURITY_SECURE, "nseo",
	    DANEPRIV_FINDING_MISMATCH },
	{ "denied", "nxdomain", DANEPRIV_SECURITY_DENIED, "neo", DANEPRIV_FINDING_ABSENT },
	{ "insecure", "delegation", DANEPRIV_SECURITY_INSECURE, "neo", DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", "record-unsigned", DANEPRIV_SECURITY_BOGUS, "n", DANEPRIV_FINDING_BOGUS },
	{ "malformed", NULL, DANEPRIV_SECURITY_BOGUS, "n", DANEPRIV_FINDING_BOGUS },
};

static char
kind_of(int known)
{
	if (knowns[known].security == DANEPRIV_SECURITY_UNKNOWN)
		return 'n';
	if (knowns[known].security != DANEPRIV_SECURITY_SECURE)
		return 'o';
	return knowns[known].lasts ? 's' : 'e';
}

static void
check_known(danepriv_session *session, const char *name, danepriv_security security,
    danepriv_source source, uint16_t hours)
{
	danepriv_records *records = NULL;

	(void)danepriv_session_get_records(session, &records);
	ck_assert_msg(danepriv_records_security(records) == security, "%s: proof %d", name,
	    danepriv_records_security(records));
	ck_assert_msg(danepriv_records_source(records) == source, "%s: source", name);
	ck_assert_msg(danepriv_records_support_hours(records) == hours, "%s: hours", name);
	danepriv_records_free(records);
}

static void
check_decision(
    danepriv_session *session, const char *name, danepriv_profile profile, danepriv_finding wanted)
{
	danepriv_verdict why = { .size = sizeof why };

	danepriv_decision decision = danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, NOW, &why);
	ck_assert_msg(why.finding == wanted, "%s: finding %d", name, why.finding);
	ck_assert_msg(decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted,
				      DANEPRIV_CHANNEL_ENCRYPTED),
	    "%s", name);
}

static void
give_known(danepriv_session *session, int known)
{
	danepriv_records *records = records_of(knowns[known].security, knowns[known].lasts);

	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

static void
check_cell(int known, int chain, danepriv_profile profile, bool credential_first)
{
	test_octets extension = extension_of(chains[chain].chain);
	bool taken = strchr(chains[chain].taken, kind_of(known)) != NULL;
	danepriv_session *session;
	char name[80];

	(void)snprintf(
	    name, sizeof name, "%s known, chain %s", knowns[known].name, chains[chain].name);
	ck_assert_int_eq(danepriv_session_new(ctx, &server, profile, &session), DANEPRIV_OK);
	if (kind_of(known) != 'n')
		give_known(session, known);
	if (credential_first)
		ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_msg(
	    danepriv_session_chain_port(session, NOW) == (kind_of(known) == 's' ? 0 : 853), "%s",
	    name);
	ck_assert_int_eq(
	    danepriv_session_give_extension(session, octets_span(extension), NOW), DANEPRIV_OK);
	ck_assert_msg(danepriv_session_chain_port(session, NOW) == 0, "%s: asked again", name);
	if (!credential_first)
		ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	if (taken)
		check_known(session, name, chains[chain].security, DANEPRIV_SOURCE_CHAIN,
		    chains[chain].chain ? HOURS : 0);
	else
		check_known(session, name, knowns[known].security, DANEPRIV_SOURCE_VOUCHED, 0);
	check_decision(
	    session, name, profile, taken ? chains[chain].finding : knowns[known].finding);
	danepriv_session_free(session);
	octets_free(extension);
}

START_TEST(cells)
{
	int known = _i / ROWS(chains), chain = _i % ROWS(chains);

	for (int bits = 0; bits < 4; bits++)
		check_cell(known, chain,
		    bits & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT, bits & 2);
}
END_TEST

/* No anchor at or above the name: taken where nothing else is known. */
START_TEST(indeterminate)
{
	danepriv *island = proofs_open("proofs/island-alone.anchors", NULL);
	const danepriv_server other = { "dns.other", 0, DANEPRIV_TRANSPORT_DOT };
	test_octets extension = extension_of("record-signed-by-ksk");
	danepriv_session *session;
	danepriv_records *records;

	ck_assert_int_eq(
	    danepriv_session_new(island, &other, DANEPRIV_PROFILE_STRICT, &session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_vouch(&other, NULL, DANEPRIV_SECURITY_DENIED,
			     DANEPRIV_REASON_NONE, NULL, 0, NOW, &records),
	    DANEPRIV_OK);
	if (_i)
		ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_give_extension(session, octets_span(extension), NOW), DANEPRIV_OK);
	check_known(session, "indeterminate",
	    _i ? DANEPRIV_SECURITY_DENIED : DANEPRIV_SECURITY_INDETERMINATE,
	    _i ? DANEPRIV_SOURCE_VOUCHED : DANEPRIV_SOURCE_CHAIN, _i ? 0 : HOURS);
	danepriv_records_free(records);
	danepriv_session_free(session);
	octets_free(extension);
	danepriv_close(island);
}
END_TEST

/* Evidence that comes after a chain takes its place, and a second chain that of the first by the
 * same rules. */
static const struct {
	const char *name, *first, *second; /* chains; "": records that were vouched for */
	danepriv_security security;
	danepriv_source source;
} orders[] = {
	{ "records after a chain", "nxdomain", "", DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_SOURCE_VOUCHED },
	{ "secure after denied", "nxdomain", "record-signed-by-ksk", DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_SOURCE_CHAIN },
	{ "denied after secure", "record-signed-by-ksk", "nxdomain", DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_SOURCE_CHAIN },
	{ "bogus after secure", "record-signed-by-ksk", "record-unsigned", DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_SOURCE_CHAIN },
	{ "bogus after denied", "nxdomain", "record-unsigned", DANEPRIV_SECURITY_DENIED,
	    DANEPRIV_SOURCE_CHAIN },
	{ "denied after bogus", "record-unsigned", "nxdomain", DANEPRIV_SECURITY_DENIED,
	    DANEPRIV_SOURCE_CHAIN },
};

START_TEST(one_after_the_other)
{
	danepriv_session *session;

	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), DANEPRIV_OK);
	for (int i = 0; i < 2; i++) {
		const char *chain = i ? orders[_i].second : orders[_i].first;
		if (*chain) {
			test_octets extension = extension_of(chain);
			ck_assert_int_eq(
			    danepriv_session_give_extension(session, octets_span(extension), NOW),
			    DANEPRIV_OK);
			octets_free(extension);
			continue;
		}
		danepriv_records *records = records_of(DANEPRIV_SECURITY_SECURE, true);
		ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
		danepriv_records_free(records);
	}
	check_known(session, orders[_i].name, orders[_i].security, orders[_i].source,
	    orders[_i].source == DANEPRIV_SOURCE_CHAIN ? HOURS : 0);
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), 0);
	danepriv_session_free(session);
}
END_TEST

/* ---- for which server, and by which name ---- */

static const struct {
	const char *name;
	danepriv_server server;
	const char *sent;	    /* NULL: nothing is said */
	uint16_t port;		    /* to ask with */
	danepriv_security security; /* of the chain for port 853, TCP; UNKNOWN: not taken */
} places[] = {
	{ "DNS over TLS", { NAME, 0, DANEPRIV_TRANSPORT_DOT }, NULL, 853,
	    DANEPRIV_SECURITY_SECURE },
	{ "another port", { NAME, 8853, DANEPRIV_TRANSPORT_DOT }, NULL, 8853,
	    DANEPRIV_SECURITY_BOGUS },
	{ "DNS over HTTPS", { NAME, 0, DANEPRIV_TRANSPORT_DOH }, NULL, 443,
	    DANEPRIV_SECURITY_BOGUS },
	{ "DNS over HTTPS, same port", { NAME, 853, DANEPRIV_TRANSPORT_DOH }, NULL, 853,
	    DANEPRIV_SECURITY_SECURE },
	{ "DTLS", { NAME, 0, DANEPRIV_TRANSPORT_DTLS }, NULL, 853, DANEPRIV_SECURITY_BOGUS },
	{ "QUIC", { NAME, 0, DANEPRIV_TRANSPORT_DOQ }, NULL, 0, DANEPRIV_SECURITY_UNKNOWN },
	{ "HTTP/3", { NAME, 0, DANEPRIV_TRANSPORT_DOH3 }, NULL, 0, DANEPRIV_SECURITY_UNKNOWN },
	{ "IPsec", { NAME, 0, DANEPRIV_TRANSPORT_IPSEC }, NULL, 0, DANEPRIV_SECURITY_UNKNOWN },
	{ "own name sent", { NAME, 0, DANEPRIV_TRANSPORT_DOT }, NAME, 853,
	    DANEPRIV_SECURITY_SECURE },
	{ "own name sent in capitals", { NAME, 0, DANEPRIV_TRANSPORT_DOT }, "DNS.EXAMPLE.", 853,
	    DANEPRIV_SECURITY_SECURE },
	{ "server known in capitals", { "DNS.Example", 0, DANEPRIV_TRANSPORT_DOT }, NAME, 853,
	    DANEPRIV_SECURITY_SECURE },
	{ "another name sent", { NAME, 0, DANEPRIV_TRANSPORT_DOT }, "alias.example", 0,
	    DANEPRIV_SECURITY_UNKNOWN },
	{ "the chain's name sent to another server", { "ns1.example", 0, DANEPRIV_TRANSPORT_DOT },
	    NAME, 0, DANEPRIV_SECURITY_UNKNOWN },
	{ "another server", { "ns1.example", 0, DANEPRIV_TRANSPORT_DOT }, "ns1.example", 853,
	    DANEPRIV_SECURITY_BOGUS },
	{ "no name sent", { NAME, 0, DANEPRIV_TRANSPORT_DOT }, "", 0, DANEPRIV_SECURITY_UNKNOWN },
};

START_TEST(place)
{
	const char *name = places[_i].name;
	test_octets extension = extension_of("record-signed-by-ksk");
	danepriv_session *session;

	ck_assert_int_eq(
	    danepriv_session_new(ctx, &places[_i].server, DANEPRIV_PROFILE_STRICT, &session),
	    DANEPRIV_OK);
	if (places[_i].sent)
		(void)danepriv_session_give_sni(session, places[_i].sent);
	ck_assert_msg(danepriv_session_chain_port(session, NOW) == places[_i].port, "%s", name);
	bool taken = places[_i].security != DANEPRIV_SECURITY_UNKNOWN;
	danepriv_status status =
	    danepriv_session_give_extension(session, octets_span(extension), NOW);
	ck_assert_msg(status == (taken ? DANEPRIV_OK : DANEPRIV_EINVAL), "%s: %d", name, status);
	check_known(session, name, places[_i].security,
	    taken ? DANEPRIV_SOURCE_CHAIN : DANEPRIV_SOURCE_NONE, taken ? HOURS : 0);
	danepriv_session_free(session);
	octets_free(extension);
}
END_TEST

/* An alias that has ended leads to its target as SNI; the target's own proof must not let it in. */
START_TEST(alias_that_ended)
{
	danepriv_records *records;
	danepriv_session *session;
	test_octets rdata = rdata_of_peer(&good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	test_octets extension = extension_of("record-signed-by-ksk");
	const danepriv_server known = { "ns1.example", 0, DANEPRIV_TRANSPORT_DOT,
		DANEPRIV_ALIASES_FOLLOW };

	ck_assert_int_eq(danepriv_records_vouch(&known, NAME, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, NOW - 1, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &known, DANEPRIV_PROFILE_OPPORTUNISTIC, &session),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	ck_assert_str_eq(danepriv_session_sni(session), NAME);
	ck_assert_int_eq(
	    danepriv_session_give_sni(session, danepriv_session_sni(session)), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), 0);
	ck_assert_int_eq(
	    danepriv_session_give_extension(session, octets_span(extension), NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), DANEPRIV_OK);
	check_decision(session, "alias", DANEPRIV_PROFILE_OPPORTUNISTIC, DANEPRIV_FINDING_UNJUDGED);
	danepriv_session_free(session);
	danepriv_records_free(records);
	octets_free(extension);
	octets_free(rdata);
}
END_TEST

START_TEST(arguments)
{
	test_octets extension = extension_of("record-signed-by-ksk");
	danepriv_span nothing = { NULL, 0 }, lost = { NULL, 5 };
	danepriv_session *session;

	ck_assert_int_eq(danepriv_session_chain_port(NULL, NOW), 0);
	ck_assert_int_eq(
	    danepriv_session_give_extension(NULL, octets_span(extension), NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_extension(session, lost, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), 853);
	check_known(session, "lost", DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_SOURCE_NONE, 0);
	/* An extension without octets would come again. */
	ck_assert_int_eq(danepriv_session_give_extension(session, nothing, NOW), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), 0);
	check_known(session, "nothing", DANEPRIV_SECURITY_UNKNOWN, DANEPRIV_SOURCE_NONE, 0);
	danepriv_session_free(session);
	octets_free(extension);
}
END_TEST

/* ---- memory, with a chain that a peer matches ---- */

static danepriv_decision
judge(danepriv *mine, const test_peer *peer, danepriv_span extension, danepriv_profile profile,
    bool *extended)
{
	danepriv_session *session;
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;

	*extended = false;
	if (danepriv_session_new(mine, &server, profile, &session) != DANEPRIV_OK)
		return decision;
	danepriv_status status = danepriv_session_give_extension(session, extension, NOW);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	*extended = status == DANEPRIV_OK;
	ck_assert_int_eq(danepriv_session_chain_port(session, NOW), *extended ? 0 : 853);
	(void)danepriv_session_give_credential(session, &peer->credential);
	decision = danepriv_session_decide(
	    session, DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, NOW, NULL);
	ck_assert(*extended || decision == DANEPRIV_DECISION_REFUSE);
	danepriv_session_free(session);
	return decision;
}

START_TEST(memory_runs_out)
{
	danepriv_profile profile =
	    _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT;
	const test_peer *peer = _i & 2 ? &bad : &good;
	tiny_zone *zone = tiny_zone_new();
	danepriv *mine = tiny_zone_context(zone, NULL);
	test_octets rdata = rdata_of_peer(&good, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	bool extended;

	test_octets chain = tiny_zone_chain(zone, OWNER, &span, 1, NOW - 9, NOW + 9);
	test_octets extension = tiny_zone_extension(octets_span(chain), 1, _i & 1);
	long n = 0;
	for (bool failed = true; failed; n++) {
		dp_fail_allocation_at(n);
		danepriv_decision decision =
		    judge(mine, peer, octets_span(extension), profile, &extended);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_msg(!failed || decision == DANEPRIV_DECISION_REFUSE, "allocation %ld", n);
		if (!failed && peer == &good)
			ck_assert_int_eq(decision, DANEPRIV_DECISION_PROCEED);
		else
			ck_assert_int_ne(decision, DANEPRIV_DECISION_PROCEED);
	}
	ck_assert_int_gt(n, 5);
	octets_free(extension);
	octets_free(chain);
	octets_free(rdata);
	danepriv_close(mine);
	tiny_zone_free(zone);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("session-chain");
	TCase *tc = tcase_create("session-chain");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, cells, 0, ROWS(knowns) * ROWS(chains));
	tcase_add_loop_test(tc, indeterminate, 0, 2);
	tcase_add_loop_test(tc, one_after_the_other, 0, ROWS(orders));
	tcase_add_loop_test(tc, place, 0, ROWS(places));
	tcase_add_test(tc, alias_that_ended);
	tcase_add_test(tc, arguments);
	tcase_add_loop_test(tc, memory_runs_out, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
