/* SPDX-License-Identifier: BSD-2-Clause
 * lib/gnutls/guard: may questions go over this GnuTLS session? */
#include "support/failing_alloc.h"
#include "support/suite.h"
#include "support/tls_pair.h"

#include <danepriv/gnutls.h>

#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define NAME "ns1.example.net"
#define ELSEWHERE "ns9.example.org"

static const danepriv_server server = { NAME, 0, DANEPRIV_DOT };
static tls_identity honest, impostor;
static danepriv *ctx;
static danepriv_session *session;
static tls_pair pair;

/* What the owner published, and DNSSEC's word on it. */
typedef enum evidence {
	NOTHING = 0,	   /* no evidence is given */
	RIGHT,		   /* 3 1 1 of the honest key */
	RIGHT_CERTIFICATE, /* 3 0 1 of the honest certificate */
	WRONG,		   /* 3 1 1 of another key */
	USELESS,	   /* 3 1 9 */
	OUTDATED,	   /* as RIGHT, up to a second ago */
	DENIED,
	INSECURE,
	BOGUS,
	INDETERMINATE
} evidence;

static danepriv_proof
proof_of(evidence kind)
{
	switch (kind) {
	case DENIED:
		return DANEPRIV_PROOF_DENIED;
	case INSECURE:
		return DANEPRIV_PROOF_INSECURE;
	case BOGUS:
		return DANEPRIV_PROOF_BOGUS;
	case INDETERMINATE:
		return DANEPRIV_PROOF_INDETERMINATE;
	case NOTHING:
	case RIGHT:
	case RIGHT_CERTIFICATE:
	case WRONG:
	case USELESS:
	case OUTDATED:
		break;
	}
	return DANEPRIV_PROOF_SECURE;
}

static danepriv_records *
records_of(evidence kind, const char *base)
{
	danepriv_span item = { honest.certificate.data, honest.certificate.size };
	danepriv_credential credential = { DANEPRIV_X509, &item, 1 };
	uint8_t rdata[64];
	size_t len = 0;
	danepriv_records *records = NULL;
	danepriv_proof proof = proof_of(kind);

	ck_assert_int_eq(danepriv_credential_record(&credential, 3, kind != RIGHT_CERTIFICATE, 1,
			     rdata, sizeof rdata, &len),
	    DANEPRIV_OK);
	if (kind == WRONG)
		rdata[len - 1] ^= 1;
	if (kind == USELESS)
		rdata[2] = 9;
	danepriv_span span = { rdata, len };
	ck_assert_int_eq(danepriv_records_vouch(&server, base, proof, &span,
			     proof == DANEPRIV_PROOF_SECURE ? 1 : 0,
			     kind == OUTDATED ? NOW - 1 : NOW + 10, &records),
	    DANEPRIV_OK);
	return records;
}

static void
give(evidence kind, const char *base)
{
	if (kind == NOTHING)
		return;
	danepriv_records *records = records_of(kind, base);
	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

static void
open_session(danepriv_profile profile)
{
	ck_assert_int_eq(danepriv_session_new(&session, ctx, &server, profile), DANEPRIV_OK);
}

static void
close_session(void)
{
	danepriv_session_free(session);
	session = NULL;
}

static danepriv_gnutls_raw_keys
guard(const char *priority)
{
	danepriv_gnutls_settings settings = {
		.size = sizeof settings, .init_flags = GNUTLS_ENABLE_RAWPK, .priority = priority
	};
	danepriv_gnutls_raw_keys raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE;

	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, &raw_keys), DANEPRIV_OK);
	return raw_keys;
}

static danepriv_decision
decide(danepriv_finding *finding)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision =
	    danepriv_gnutls_decide(pair.client, session, pair.client_result, NOW, &why);

	*finding = why.finding;
	return decision;
}

/* Opens a pair with a server that has this key, and both kinds of credential. */
static gnutls_certificate_credentials_t
open_pair(const tls_identity *key, const char *priority)
{
	gnutls_certificate_credentials_t credentials = credentials_of(key, NULL, NULL);

	pair_open(&pair, credentials, priority, GNUTLS_ENABLE_RAWPK, NULL);
	return credentials;
}

static void
close_pair(gnutls_certificate_credentials_t credentials)
{
	pair_close(&pair);
	gnutls_certificate_free_credentials(credentials);
}

/* ---- every kind of evidence, for both profiles, versions, credentials and orders ---- */

static const struct {
	const char *name;
	evidence kind;
	danepriv_finding honest, impostor;
} kinds[] = {
	{ "nothing", NOTHING, DANEPRIV_UNJUDGED, DANEPRIV_UNJUDGED },
	{ "the right key", RIGHT, DANEPRIV_MATCH, DANEPRIV_MISMATCH },
	{ "the right certificate", RIGHT_CERTIFICATE, DANEPRIV_MATCH, DANEPRIV_MISMATCH },
	{ "another key", WRONG, DANEPRIV_MISMATCH, DANEPRIV_MISMATCH },
	{ "an unusable record", USELESS, DANEPRIV_UNUSABLE, DANEPRIV_UNUSABLE },
	{ "records out of date", OUTDATED, DANEPRIV_UNJUDGED, DANEPRIV_UNJUDGED },
	{ "denied", DENIED, DANEPRIV_ABSENT, DANEPRIV_ABSENT },
	{ "insecure", INSECURE, DANEPRIV_UNSIGNED, DANEPRIV_UNSIGNED },
	{ "bogus", BOGUS, DANEPRIV_BOGUS, DANEPRIV_BOGUS },
	{ "indeterminate", INDETERMINATE, DANEPRIV_INDETERMINATE, DANEPRIV_INDETERMINATE },
};

typedef struct variant {
	bool tls13, raw, strict, late, is_impostor, blocking;
} variant;

#define VARIANTS 64

static variant
variant_of(int bits)
{
	variant v = { bits & 1, bits & 2, bits & 4, bits & 8, bits & 16, bits & 32 };

	return v;
}

/* A secure 3 1 x that is known beforehand, and only that, gets raw keys offered. */
static bool
offers_raw_keys(evidence kind, variant v)
{
	return !v.late && (kind == RIGHT || kind == WRONG || kind == OUTDATED);
}

static void
check_kind(size_t row, variant v)
{
	danepriv_profile profile = v.strict ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC;
	danepriv_finding wanted = v.is_impostor ? kinds[row].impostor : kinds[row].honest;
	danepriv_finding finding;
	char name[120];

	(void)snprintf(name, sizeof name, "%s, TLS 1.%d%s%s%s%s%s", kinds[row].name,
	    v.tls13 ? 3 : 2, v.raw ? ", raw key" : "", v.strict ? ", strict" : "",
	    v.late ? ", late" : "", v.is_impostor ? ", impostor" : "",
	    v.blocking ? ", blocking" : "");
	gnutls_certificate_credentials_t credentials =
	    open_pair(v.is_impostor ? &impostor : &honest, v.raw ? "NORMAL" RAW_OR_X509 : "NORMAL");
	open_session(profile);
	if (!v.late)
		give(kinds[row].kind, NULL);
	bool offered = guard(v.tls13 ? TLS13 : TLS12) == DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	ck_assert_msg(offered == offers_raw_keys(kinds[row].kind, v), "raw keys offered: %s", name);
	if (v.blocking)
		pair_handshake_blocking(&pair);
	else
		pair_handshake(&pair);
	bool ended = v.strict && !v.late && kinds[row].kind != NOTHING && wanted != DANEPRIV_MATCH;
	ck_assert_msg((pair.client_result == GNUTLS_E_CERTIFICATE_ERROR) == ended,
	    "handshake %d: %s", pair.client_result, name);
	if (v.late)
		give(kinds[row].kind, NULL);
	danepriv_decision decision = decide(&finding);
	ck_assert_msg(finding == wanted, "finding %d: %s", finding, name);
	danepriv_channel channel = ended ? DANEPRIV_NO_CHANNEL : DANEPRIV_ENCRYPTED;
	ck_assert_msg(decision == danepriv_decide(profile, wanted, channel), "decision %d: %s",
	    decision, name);
	if (!ended)
		ck_assert_msg(gnutls_certificate_type_get2(pair.client, GNUTLS_CTYPE_SERVER) ==
				  (v.raw && offered ? GNUTLS_CRT_RAWPK : GNUTLS_CRT_X509),
		    "type: %s", name);
	ck_assert_msg(!pair.extension_seen, "extension 59 was sent: %s", name);
	close_session();
	close_pair(credentials);
}

START_TEST(every_kind_of_evidence)
{
	for (int bits = 0; bits < VARIANTS; bits++)
		check_kind((size_t)_i, variant_of(bits));
}
END_TEST

/* ---- peers that cheat ---- */

START_TEST(appended_certificate)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&impostor, NULL, &honest);

	pair_open(&pair, credentials, _i ? TLS13 : TLS12, 0, NULL);
	open_session(DANEPRIV_STRICT);
	give(RIGHT, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, GNUTLS_E_CERTIFICATE_ERROR);
	ck_assert_int_eq(decide(&finding), DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_MISMATCH);
	close_session();
	close_pair(credentials);
}
END_TEST

/* Shows the published key, and cannot sign with it: in TLS 1.2 that comes out after verification.
 */
START_TEST(stolen_credential)
{
	danepriv_finding finding;
	gnutls_certificate_credentials_t credentials = credentials_of(&impostor, &honest, NULL);
	variant v = variant_of(_i);

	pair_open(
	    &pair, credentials, v.raw ? "NORMAL" RAW_OR_X509 : "NORMAL", GNUTLS_ENABLE_RAWPK, NULL);
	open_session(v.strict ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC);
	give(RIGHT, NULL);
	(void)guard(v.tls13 ? TLS13 : TLS12);
	pair_handshake(&pair);
	ck_assert_int_lt(pair.client_result, 0);
	ck_assert_int_eq(decide(&finding), DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_UNJUDGED);
	close_session();
	close_pair(credentials);
}
END_TEST

/* ---- names ---- */

START_TEST(name_is_sent)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, _i ? TLS13 : TLS12);
	danepriv_finding finding;

	open_session(DANEPRIV_STRICT);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_str_eq(pair.sni, NAME);
	/* Now it turns out that the records are for another name: connect again. */
	give(RIGHT, ELSEWHERE);
	ck_assert_int_eq(decide(&finding), DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_UNJUDGED);
	ck_assert_str_eq(danepriv_session_reconnect(session), ELSEWHERE);
	pair_close(&pair);
	pair_open(&pair, credentials, _i ? TLS13 : TLS12, GNUTLS_ENABLE_RAWPK, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_str_eq(pair.sni, ELSEWHERE);
	ck_assert_ptr_null(danepriv_session_reconnect(session));
	ck_assert_int_eq(decide(&finding), DANEPRIV_PROCEED);
	close_session();
	close_pair(credentials);
}
END_TEST

START_TEST(pointers_stay_the_callers)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_finding finding;
	int mine;

	gnutls_session_set_ptr(pair.client, &mine);
	gnutls_db_set_ptr(pair.client, &mine);
	open_session(DANEPRIV_STRICT);
	give(RIGHT, NULL);
	(void)guard(NULL);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_PROCEED);
	ck_assert_ptr_eq(gnutls_session_get_ptr(pair.client), &mine);
	ck_assert_ptr_eq(gnutls_db_get_ptr(pair.client), &mine);
	close_session(); /* before gnutls_deinit: no more handshakes */
	close_pair(credentials);
}
END_TEST

/* ---- raw keys ---- */

static const struct {
	const char *name;
	evidence kind;
	unsigned flags;
	bool settings;
	danepriv_gnutls_raw_keys wanted;
} raw_key_rows[] = {
	{ "offered", RIGHT, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_OFFERED },
	{ "flag missing", RIGHT, 0, true, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE },
	{ "no settings", RIGHT, GNUTLS_ENABLE_RAWPK, false, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE },
	{ "no evidence", NOTHING, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "3 0 1", RIGHT_CERTIFICATE, GNUTLS_ENABLE_RAWPK, true,
	    DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "unusable", USELESS, GNUTLS_ENABLE_RAWPK, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
	{ "denied", DENIED, 0, true, DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN },
};

/* A server with nothing but a raw key: it is reached only when raw keys are offered. */
START_TEST(raw_key_only)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings };
	danepriv_gnutls_raw_keys raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	gnutls_certificate_credentials_t credentials = raw_credentials_of(&honest);
	const char *name = raw_key_rows[_i].name;
	danepriv_finding finding;

	settings.init_flags = raw_key_rows[_i].flags;
	pair_open(&pair, credentials, "NORMAL" RAW_ONLY, GNUTLS_ENABLE_RAWPK, NULL);
	open_session(DANEPRIV_STRICT);
	give(raw_key_rows[_i].kind, NULL);
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     raw_key_rows[_i].settings ? &settings : NULL, NOW, &raw_keys),
	    0);
	ck_assert_msg(raw_keys == raw_key_rows[_i].wanted, "%s: %d", name, raw_keys);
	pair_handshake(&pair);
	bool up = raw_keys == DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	ck_assert_msg((pair.client_result == 0) == up, "%s: %d", name, pair.client_result);
	ck_assert_int_eq(decide(&finding), up ? DANEPRIV_PROCEED : DANEPRIV_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST

/* ---- resumption and early data ---- */

/* A first connection that goes well; its ticket. */
static gnutls_datum_t
get_ticket(gnutls_certificate_credentials_t credentials, const char *priority, unsigned flags,
    const gnutls_datum_t *key, gnutls_anti_replay_t anti_replay)
{
	gnutls_datum_t ticket = { NULL, 0 };
	danepriv_finding finding;

	pair_open(&pair, credentials, "NORMAL" RAW_OR_X509, flags, key);
	if (anti_replay)
		gnutls_anti_replay_enable(pair.server, anti_replay);
	open_session(DANEPRIV_STRICT);
	give(RIGHT, NULL);
	(void)guard(priority);
	pair_handshake(&pair);
	ck_assert_int_eq(decide(&finding), DANEPRIV_PROCEED);
	ck_assert(!gnutls_session_is_resumed(pair.client));
	pair_talk(&pair);
	ck_assert_int_eq(gnutls_session_get_data2(pair.client, &ticket), 0);
	close_session();
	pair_close(&pair);
	return ticket;
}

/* A resumed session is judged anew, by what the owner publishes now. */
START_TEST(resumption)
{
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	variant v = variant_of(_i % 8);
	size_t row = (size_t)_i / 8;
	const char *priority = v.tls13 ? TLS13 : TLS12;
	danepriv_profile profile = v.strict ? DANEPRIV_STRICT : DANEPRIV_OPPORTUNISTIC;
	unsigned flags = v.raw ? GNUTLS_ENABLE_RAWPK : 0;
	gnutls_datum_t key = { NULL, 0 };
	danepriv_finding finding;

	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	gnutls_datum_t ticket = get_ticket(credentials, priority, flags, &key, NULL);
	pair_open(&pair, credentials, "NORMAL" RAW_OR_X509, flags, &key);
	open_session(profile);
	give(kinds[row].kind, NULL);
	(void)guard(priority);
	ck_assert_int_eq(gnutls_session_set_data(pair.client, ticket.data, ticket.size), 0);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert(gnutls_session_is_resumed(pair.client));
	danepriv_decision decision = decide(&finding);
	danepriv_finding wanted = kinds[row].honest;
	if (v.raw && kinds[row].kind == RIGHT_CERTIFICATE) /* the peer was known by its raw key */
		wanted = DANEPRIV_MISMATCH;
	ck_assert_msg(finding == wanted, "%s: %d", kinds[row].name, finding);
	ck_assert_int_eq(decision, danepriv_decide(profile, finding, DANEPRIV_ENCRYPTED));
	close_session();
	close_pair(credentials);
	gnutls_free(ticket.data);
	gnutls_free(key.data);
}
END_TEST

static int
never_seen(void *context, time_t expires, const gnutls_datum_t *key, const gnutls_datum_t *data)
{
	(void)context;
	(void)expires;
	(void)key;
	(void)data;
	return 0;
}

START_TEST(early_data)
{
	gnutls_certificate_credentials_t credentials = credentials_of(&honest, NULL, NULL);
	danepriv_profile profile = _i ? DANEPRIV_OPPORTUNISTIC : DANEPRIV_STRICT;
	unsigned flags = GNUTLS_ENABLE_EARLY_DATA;
	gnutls_datum_t key = { NULL, 0 };
	gnutls_anti_replay_t anti_replay;
	danepriv_finding finding;

	ck_assert_int_eq(gnutls_anti_replay_init(&anti_replay), 0);
	gnutls_anti_replay_set_add_function(anti_replay, never_seen);
	ck_assert_int_eq(gnutls_session_ticket_key_generate(&key), 0);
	gnutls_datum_t ticket = get_ticket(credentials, TLS13, flags, &key, anti_replay);
	pair_open(&pair, credentials, "NORMAL", flags, &key);
	gnutls_anti_replay_enable(pair.server, anti_replay);
	open_session(profile);
	give(RIGHT, NULL);
	(void)guard(TLS13);
	ck_assert_int_eq(gnutls_session_set_data(pair.client, ticket.data, ticket.size), 0);
	ck_assert_int_ge(gnutls_record_send_early_data(pair.client, "early", 5), 0);
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert(gnutls_session_get_flags(pair.client) & GNUTLS_SFLAGS_EARLY_DATA);
	ck_assert_int_eq(decide(&finding), _i ? DANEPRIV_PROCEED : DANEPRIV_REFUSE);
	close_session();
	close_pair(credentials);
	gnutls_free(ticket.data);
	gnutls_free(key.data);
	gnutls_anti_replay_deinit(anti_replay);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(arguments)
{
	unsigned char larger[sizeof(danepriv_gnutls_settings) + 8] = { 0 };
	danepriv_gnutls_settings settings = { .size = sizeof settings };
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_gnutls_raw_keys raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
	size_t size = sizeof larger;

	open_session(DANEPRIV_STRICT);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(NULL, session, NULL, NOW, &raw_keys), DANEPRIV_EINVAL);
	ck_assert_int_eq(raw_keys, DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, NULL, NULL, NOW, NULL), DANEPRIV_EINVAL);
	settings.size = sizeof settings.size - 1;
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_EINVAL);
	memcpy(larger, &size, sizeof size);
	larger[sizeof larger - 1] = 1;
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     (const danepriv_gnutls_settings *)(const void *)larger, NOW, NULL),
	    DANEPRIV_EINVAL);
	settings.size = sizeof settings;
	settings.priority = "NORMAL:+NONSENSE";
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.server, session, NULL, NOW, NULL), DANEPRIV_EINVAL);
	larger[sizeof larger - 1] = 0;
	ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session,
			     (const danepriv_gnutls_settings *)(const void *)larger, NOW, NULL),
	    DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, NULL, NOW, NULL), DANEPRIV_EINVAL);
	close_session();
	close_pair(credentials);
}
END_TEST

START_TEST(only_what_was_guarded)
{
	gnutls_certificate_credentials_t credentials = open_pair(&honest, "NORMAL");
	danepriv_session *other = NULL;
	danepriv_finding finding;

	open_session(DANEPRIV_OPPORTUNISTIC);
	give(RIGHT, NULL);
	danepriv_records *records = records_of(RIGHT, NULL);
	ck_assert_int_eq(danepriv_session_new(&other, ctx, &server, DANEPRIV_OPPORTUNISTIC), 0);
	ck_assert_int_eq(danepriv_session_give_records(other, records), 0);
	danepriv_records_free(records);
	/* Nobody's: a handshake without a guard. */
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result, 0);
	ck_assert_int_eq(decide(&finding), DANEPRIV_REFUSE);
	ck_assert_int_eq(finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(danepriv_gnutls_decide(NULL, session, 0, NOW, NULL), DANEPRIV_REFUSE);
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, NULL, 0, NOW, NULL), DANEPRIV_REFUSE);
	pair_close(&pair);
	/* Somebody else's. */
	pair_open(&pair, credentials, "NORMAL", 0, NULL);
	(void)guard(NULL);
	ck_assert_int_eq(
	    danepriv_gnutls_decide(pair.client, session, 0, NOW, NULL), DANEPRIV_REFUSE);
	pair_handshake(&pair);
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, other, 0, NOW, NULL), DANEPRIV_REFUSE);
	/* Ours, but the handshake is said not to be over. */
	ck_assert_int_eq(danepriv_gnutls_decide(pair.client, session, GNUTLS_E_AGAIN, NOW, NULL),
	    DANEPRIV_REFUSE);
	ck_assert_int_eq(decide(&finding), DANEPRIV_PROCEED);
	danepriv_session_free(other);
	close_session();
	close_pair(credentials);
}
END_TEST

/* RFC 8310 section 9: nothing below TLS 1.2, whoever set the priority. */
START_TEST(old_versions)
{
	static const char old[] = "NORMAL:-VERS-ALL:+VERS-TLS1.1";
	gnutls_certificate_credentials_t credentials = open_pair(&honest, old);
	danepriv_finding finding;

	open_session(DANEPRIV_OPPORTUNISTIC);
	give(RIGHT, NULL);
	if (_i == 0) {
		(void)guard("NORMAL");
	} else {
		ck_assert_int_eq(gnutls_priority_set_direct(pair.client, old, NULL), 0);
		ck_assert_int_eq(danepriv_gnutls_guard(pair.client, session, NULL, NOW, NULL), 0);
	}
	pair_handshake(&pair);
	ck_assert_int_eq(pair.client_result == 0, _i);
	ck_assert_int_eq(decide(&finding), DANEPRIV_REFUSE);
	close_session();
	close_pair(credentials);
}
END_TEST

/* ---- memory ---- */

/* Fails the nth allocation; true when so many were made.  Never does an impostor get through, and
 * an honest server only by a match. */
static bool
fail_at(long n, const tls_identity *key, danepriv_profile profile)
{
	gnutls_certificate_credentials_t credentials = open_pair(key, "NORMAL" RAW_OR_X509);
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.init_flags = GNUTLS_ENABLE_RAWPK };
	danepriv_records *records = records_of(RIGHT, NULL);
	danepriv_decision decision = DANEPRIV_REFUSE;
	danepriv_finding finding = DANEPRIV_UNJUDGED;

	dp_fail_allocation_at(n);
	danepriv_status status = danepriv_session_new(&session, ctx, &server, profile);
	if (status == DANEPRIV_OK)
		status = danepriv_session_give_records(session, records);
	if (status == DANEPRIV_OK)
		status = danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL);
	if (status == DANEPRIV_OK) {
		pair_handshake(&pair);
		decision = decide(&finding);
	}
	bool failed = dp_allocations() > n;
	dp_fail_allocation_at(-1);
	ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
	ck_assert(key == &honest || decision != DANEPRIV_PROCEED);
	ck_assert((decision == DANEPRIV_PROCEED) <= (finding == DANEPRIV_MATCH));
	if (!failed && key == &honest)
		ck_assert_int_eq(decision, DANEPRIV_PROCEED);
	danepriv_records_free(records);
	close_session();
	close_pair(credentials);
	return failed;
}

START_TEST(memory_runs_out)
{
	danepriv_profile profile = _i & 1 ? DANEPRIV_OPPORTUNISTIC : DANEPRIV_STRICT;
	long n = 0;

	while (fail_at(n, _i & 2 ? &impostor : &honest, profile))
		n++;
	ck_assert_int_ge(n, 4); /* session, guard, priority, credential */
}
END_TEST

static void
open_all(void)
{
	identity_make(&honest, NAME);
	identity_make(&impostor, NAME);
	ck_assert_int_eq(danepriv_open(&ctx, NULL), DANEPRIV_OK);
}

static void
close_all(void)
{
	danepriv_close(ctx);
	identity_free(&honest);
	identity_free(&impostor);
	ck_assert_int_eq(dp_blocks(), 0);
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("guard");
	TCase *tc = tcase_create("guard");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_kind_of_evidence, 0, ROWS(kinds));
	tcase_add_loop_test(tc, appended_certificate, 0, 2);
	tcase_add_loop_test(tc, stolen_credential, 0, 8);
	tcase_add_loop_test(tc, name_is_sent, 0, 2);
	tcase_add_test(tc, pointers_stay_the_callers);
	tcase_add_loop_test(tc, raw_key_only, 0, ROWS(raw_key_rows));
	tcase_add_loop_test(tc, resumption, 0, 8 * ROWS(kinds));
	tcase_add_loop_test(tc, early_data, 0, 2);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, only_what_was_guarded);
	tcase_add_loop_test(tc, old_versions, 0, 2);
	tcase_add_loop_test(tc, memory_runs_out, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
