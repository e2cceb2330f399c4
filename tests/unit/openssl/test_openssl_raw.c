/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl: are raw public keys (RFC 7250) taken, with OpenSSL at one end or at both?
 *
 * Before 3.2 OpenSSL has none.  The rows are the same then: the server shows its certificate, which
 * matches as well, and who has a raw key alone is not reached. */
#include "support/guarded.h"
#include "support/ssl_pair.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <stdio.h>

static ssl_pair ends;
static SSL_CTX *client, *theirs;
static gnutls_certificate_credentials_t credentials;
static tiny_zone *zone;
static danepriv_span proof; /* that servers send; empty: none */

static void
open_zone(void)
{
	open_all();
	danepriv_close(ctx);
	zone = tiny_zone_new();
	ctx = tiny_zone_context(zone, NULL);
}

static void
close_zone(void)
{
	tiny_zone_free(zone);
	close_all();
}

/* ---- who speaks to whom ---- */

typedef enum showing { CERTIFICATE, BOTH, RAW_KEY } showing;

typedef struct line {
	const char *name;
	bool gnutls_client, gnutls_server;
	int version;
} line;

static const line lines[] = {
	{ "OpenSSL to OpenSSL, 1.2", false, false, TLS1_2_VERSION },
	{ "OpenSSL to OpenSSL, 1.3", false, false, TLS1_3_VERSION },
	{ "OpenSSL to GnuTLS, 1.2", false, true, TLS1_2_VERSION },
	{ "OpenSSL to GnuTLS, 1.3", false, true, TLS1_3_VERSION },
	{ "GnuTLS to OpenSSL, 1.2", true, false, TLS1_2_VERSION },
	{ "GnuTLS to OpenSSL, 1.3", true, false, TLS1_3_VERSION },
	{ "OpenSSL to OpenSSL, DTLS 1.2", false, false, DTLS1_2_VERSION },
};

/* An OpenSSL at either end has a say. */
static const bool has_raw_keys = SSL_HAS_RAW_KEYS;

/* Before 3.2 no server of OpenSSL is without a certificate. */
static bool
there_is(const line *l, showing shows)
{
	return has_raw_keys || l->gnutls_server || shows != RAW_KEY;
}

static void
open_gnutls_server(const line *l, showing shows, const tls_identity *key, const tls_identity *shown)
{
	static const char *const priorities[][2] = {
		{ TLS12, TLS13 },
		{ TLS12 RAW_OR_X509, TLS13 RAW_OR_X509 },
		{ TLS12 RAW_ONLY, TLS13 RAW_ONLY },
	};

	credentials = shows == RAW_KEY ? raw_credentials_of(key) : credentials_of(key, shown, NULL);
	ssl_pair_open_to_gnutls(
	    &ends, client, credentials, priorities[shows][l->version == TLS1_3_VERSION]);
}

static void
open_ends(const line *l, showing shows, const tls_identity *key)
{
	credentials = NULL;
	client = ssl_client_ctx(l->version);
	theirs = shows != CERTIFICATE && has_raw_keys
		     ? ssl_raw_server_ctx(l->version, key, shows == RAW_KEY)
		     : ssl_server_ctx(l->version, key, NULL);
	if (proof.len > 0)
		ck_assert_int_eq(danepriv_openssl_serve(theirs, &server, proof, NULL), 0);
	if (l->gnutls_server) {
		open_gnutls_server(l, shows, key, NULL);
	} else if (l->gnutls_client) {
		ck_assert_int_eq(gnutls_certificate_allocate_credentials(&credentials), 0);
		ssl_pair_open_from_gnutls(
		    &ends, credentials, DANEPRIV_GNUTLS_RAW_KEY_FLAGS, theirs);
	} else {
		ssl_pair_open(&ends, client, theirs);
	}
}

static void
close_ends(void)
{
	ssl_pair_close(&ends);
	SSL_CTX_free(client);
	SSL_CTX_free(theirs);
	if (credentials)
		gnutls_certificate_free_credentials(credentials);
}

static void
guard_client(bool offers)
{
	danepriv_openssl_settings openssl = { .size = sizeof openssl,
		.raw_keys =
		    offers ? DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN : DANEPRIV_OPENSSL_RAW_KEYS_OFF };
	danepriv_gnutls_settings gnutls = { .size = sizeof gnutls,
		.init_flags = offers ? DANEPRIV_GNUTLS_RAW_KEY_FLAGS : 0,
		.chain = DANEPRIV_GNUTLS_CHAIN_TRY };

	if (ends.client.ssl)
		ck_assert_int_eq(
		    danepriv_openssl_guard(ends.client.ssl, session, &openssl, NOW), 0);
	else
		ck_assert_int_eq(
		    danepriv_gnutls_guard(ends.client.gnutls, session, &gnutls, NOW, NULL), 0);
}

static danepriv_decision
decide_client(danepriv_finding *finding)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision =
	    ends.client.ssl ? danepriv_openssl_decide(ends.client.ssl, session,
				  DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, &why)
			    : danepriv_gnutls_decide(ends.client.gnutls, session,
				  DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, &why);

	*finding = why.finding;
	return decision;
}

static bool
is_up(void)
{
	return ends.client.result == (ends.client.ssl ? 1 : GNUTLS_E_SUCCESS);
}

/* ---- what is shown, and what it comes to ---- */

static const struct {
	const char *name;
	showing shows;
	bool is_impostor, is_off;
	evidence kind; /* known before the handshake */
	bool raw;      /* a raw key is shown where both ends have them */
	danepriv_finding finding;
} rows[] = {
	{ "published", BOTH, false, false, RIGHT, true, DANEPRIV_FINDING_MATCH },
	{ "published, and nothing else is shown", RAW_KEY, false, false, RIGHT, true,
	    DANEPRIV_FINDING_MATCH },
	{ "published, and no raw key is shown", CERTIFICATE, false, false, RIGHT, false,
	    DANEPRIV_FINDING_MATCH },
	{ "an impostor", BOTH, true, false, RIGHT, true, DANEPRIV_FINDING_MISMATCH },
	{ "an impostor who shows nothing else", RAW_KEY, true, false, RIGHT, true,
	    DANEPRIV_FINDING_MISMATCH },
	{ "another key is published", BOTH, false, false, WRONG, true, DANEPRIV_FINDING_MISMATCH },
	{ "ran out", BOTH, false, false, OUTDATED, true, DANEPRIV_FINDING_UNJUDGED },
	{ "switched off", BOTH, false, true, RIGHT, false, DANEPRIV_FINDING_MATCH },
	{ "switched off, and nothing else is shown", RAW_KEY, false, true, RIGHT, false,
	    DANEPRIV_FINDING_UNJUDGED },
	{ "the certificate is published", BOTH, false, false, RIGHT_CERTIFICATE, false,
	    DANEPRIV_FINDING_MATCH },
	{ "the certificate is published, and not shown", RAW_KEY, false, false, RIGHT_CERTIFICATE,
	    false, DANEPRIV_FINDING_UNJUDGED },
	{ "nothing is known", BOTH, false, false, NOTHING, false, DANEPRIV_FINDING_UNJUDGED },
	{ "nothing is known, and nothing else is shown", RAW_KEY, false, false, NOTHING, false,
	    DANEPRIV_FINDING_UNJUDGED },
	{ "denied", BOTH, false, false, DENIED, false, DANEPRIV_FINDING_ABSENT },
	{ "not signed", BOTH, false, false, INSECURE, false, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", BOTH, false, false, BOGUS, false, DANEPRIV_FINDING_BOGUS },
};

static void
check_row(size_t row, const line *l, danepriv_profile profile)
{
	bool raw = rows[row].raw && has_raw_keys;
	bool reached = raw || rows[row].shows != RAW_KEY;
	danepriv_finding wanted = reached ? rows[row].finding : DANEPRIV_FINDING_UNJUDGED, finding;
	char name[160];

	(void)snprintf(name, sizeof name, "%s, %s, %s", rows[row].name, l->name,
	    profile == DANEPRIV_PROFILE_STRICT ? "strict" : "opportunistic");
	open_ends(l, rows[row].shows, rows[row].is_impostor ? &impostor : &honest);
	open_session(profile);
	give(rows[row].kind, NULL);
	guard_client(!rows[row].is_off);
	ssl_pair_handshake(&ends);
	bool goes_on = profile == DANEPRIV_PROFILE_OPPORTUNISTIC || rows[row].kind == NOTHING;
	bool up = reached && (goes_on || wanted == DANEPRIV_FINDING_MATCH);
	ck_assert_msg(
	    is_up() == up, "handshake %d, %d: %s", ends.client.result, ends.client.reason, name);
	if (up)
		ck_assert_msg(ssl_end_saw_raw(&ends.client) == raw, "kind of key: %s", name);
	danepriv_decision decision = decide_client(&finding);
	ck_assert_msg(finding == wanted, "finding %d: %s", finding, name);
	danepriv_channel channel = up ? DANEPRIV_CHANNEL_ENCRYPTED : DANEPRIV_CHANNEL_NONE;
	ck_assert_msg(
	    decision == danepriv_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, wanted, channel),
	    "decision %d: %s", decision, name);
	close_session();
	close_ends();
}

START_TEST(row)
{
	for (size_t l = 0; l < ROWS(lines); l++)
		if (there_is(&lines[l], rows[_i].shows)) {
			check_row((size_t)_i, &lines[l], DANEPRIV_PROFILE_STRICT);
			check_row((size_t)_i, &lines[l], DANEPRIV_PROFILE_OPPORTUNISTIC);
		}
}
END_TEST

/* ---- peers that cheat ---- */

/* Shows the published key, raw, and cannot sign with it. */
START_TEST(stolen_key)
{
	line l = { "", false, true, _i & 1 ? TLS1_3_VERSION : TLS1_2_VERSION };
	danepriv_finding finding;

	client = ssl_client_ctx(l.version);
	theirs = NULL;
	credentials = credentials_of(&impostor, &honest, NULL);
	ssl_pair_open_to_gnutls(
	    &ends, client, credentials, _i & 1 ? TLS13 RAW_OR_X509 : TLS12 RAW_OR_X509);
	open_session(_i & 2 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	guard_client(true);
	ssl_pair_handshake(&ends);
	ck_assert(!is_up());
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	close_session();
	close_ends();
}
END_TEST

/* One that OpenSSL itself would use, and that may not be. */
START_TEST(key_that_is_not_taken)
{
	tls_identity weak;
	danepriv_finding finding;

	identity_make_rsa(&weak, NAME, 1016);
	client = ssl_client_ctx(0);
	theirs = NULL;
	SSL_CTX_set_security_level(client, 0);
	credentials = credentials_of(&weak, NULL, NULL);
	ssl_pair_open_to_gnutls(
	    &ends, client, credentials, _i & 1 ? TLS13 RAW_OR_X509 : TLS12 RAW_OR_X509);
	open_session(_i & 2 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	guard_client(true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.reason, SSL_R_CERTIFICATE_VERIFY_FAILED);
	ck_assert_int_eq(
	    SSL_get_verify_result(ends.client.ssl), X509_V_ERR_APPLICATION_VERIFICATION);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_FINDING_UNJUDGED);
	close_session();
	close_ends();
	identity_free(&weak);
}
END_TEST

/* ---- with the server's own proof ---- */

static test_octets
chain_for(const tls_identity *key)
{
	test_octets rdata = ssl_record_of(key);
	danepriv_span record = octets_span(rdata);
	test_octets chain =
	    tiny_zone_chain(zone, "_853._tcp." NAME, &record, 1, NOW - 10, NOW + 10);

	octets_free(rdata);
	return chain;
}

/* What was known has run out, so that the proof is asked for, and a raw key offered: it stands
 * beside that (RFC 9102 section 2). */
START_TEST(proof_beside_raw_key)
{
	static const line proving[] = {
		{ "", false, false, TLS1_2_VERSION },
		{ "", false, false, TLS1_3_VERSION },
		{ "", true, false, TLS1_2_VERSION },
		{ "", true, false, TLS1_3_VERSION },
	};
	const line *l = &proving[_i / 2];
	bool is_impostor = _i & 1;
	test_octets chain = chain_for(&honest);
	danepriv_finding finding;
	danepriv_records *records;

	proof = octets_span(chain);
	open_ends(l, BOTH, is_impostor ? &impostor : &honest);
	open_session(DANEPRIV_PROFILE_STRICT);
	give(OUTDATED, NULL);
	guard_client(true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(is_up(), !is_impostor);
	if (is_up())
		ck_assert_int_eq(ssl_end_saw_raw(&ends.client), has_raw_keys);
	danepriv_decision decision = decide_client(&finding);
	ck_assert_int_eq(
	    decision, is_impostor ? DANEPRIV_DECISION_REFUSE : DANEPRIV_DECISION_PROCEED);
	ck_assert_int_eq(finding, is_impostor ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	ck_assert_int_eq(danepriv_session_get_records(session, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_source(records), DANEPRIV_SOURCE_CHAIN);
	danepriv_records_free(records);
	close_session();
	close_ends();
	octets_free(chain);
	proof = (danepriv_span){ NULL, 0 };
}
END_TEST

/* ---- resumption ---- */

/* The session as it is, or written down and read again: the key is restored with it. */
static SSL_SESSION *
keep_session(bool written)
{
	SSL_SESSION *kept = SSL_get1_session(ends.client.ssl);
	unsigned char *octets = NULL;

	ck_assert_ptr_nonnull(kept);
	if (!written)
		return kept;
	int len = i2d_SSL_SESSION(kept, &octets);
	ck_assert_int_gt(len, 0);
	const unsigned char *at = octets;
	SSL_SESSION_free(kept);
	kept = d2i_SSL_SESSION(NULL, &at, len);
	ck_assert_ptr_nonnull(kept);
	OPENSSL_free(octets);
	return kept;
}

static const struct {
	const char *name;
	evidence news;
	danepriv_finding finding;
} resumed[] = {
	{ "the same key", RIGHT, DANEPRIV_FINDING_MATCH },
	{ "its certificate", RIGHT_CERTIFICATE, DANEPRIV_FINDING_MISMATCH },
	{ "another key", WRONG, DANEPRIV_FINDING_MISMATCH },
	{ "denied", DENIED, DANEPRIV_FINDING_ABSENT },
};

START_TEST(resumption)
{
	const line *l = &lines[_i & 1];
	danepriv_finding finding, wanted = resumed[_i / 4].finding;

	if (resumed[_i / 4].news == RIGHT_CERTIFICATE && !has_raw_keys)
		wanted = DANEPRIV_FINDING_MATCH; /* for that is what was shown */
	open_ends(l, BOTH, &honest);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(RIGHT, NULL);
	guard_client(true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(decide_client(&finding), DANEPRIV_DECISION_PROCEED);
	ssl_pair_talk(&ends);
	SSL_SESSION *kept = keep_session(_i & 2);
	ssl_pair_close(&ends);
	close_session();
	ssl_pair_open(&ends, client, theirs);
	ck_assert_int_eq(SSL_set_session(ends.client.ssl, kept), 1);
	open_session(DANEPRIV_PROFILE_OPPORTUNISTIC);
	give(resumed[_i / 4].news, NULL);
	guard_client(true);
	ssl_pair_handshake(&ends);
	ck_assert_int_eq(ends.client.result, 1);
	ck_assert_int_eq(SSL_session_reused(ends.client.ssl), 1);
	ck_assert_int_eq(ssl_end_saw_raw(&ends.client), has_raw_keys);
	(void)decide_client(&finding);
	ck_assert_msg(finding == wanted, "%s: %d", resumed[_i / 4].name, finding);
	SSL_SESSION_free(kept);
	close_session();
	close_ends();
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_raw");
	TCase *tc = tcase_create("openssl_raw");

	tcase_add_checked_fixture(tc, open_zone, close_zone);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, row, 0, ROWS(rows));
	tcase_add_loop_test(tc, stolen_key, 0, 4);
	tcase_add_loop_test(tc, key_that_is_not_taken, 0, 4);
	tcase_add_loop_test(tc, proof_beside_raw_key, 0, 8);
	tcase_add_loop_test(tc, resumption, 0, 4 * ROWS(resumed));
	suite_add_tcase(suite, tc);
	return suite;
}
