/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a guarded connection? */
#include "support/guarded.h"

#include "support/failing_alloc.h"

#include <check.h>

const danepriv_server server = { NAME, 0, DANEPRIV_TRANSPORT_DOT, DANEPRIV_ALIASES_FOLLOW };
tls_identity honest, impostor;
danepriv *ctx;
danepriv_session *session;
tls_pair pair;

const evidence_row kinds[EVIDENCE_ROWS] = {
	{ "nothing", NOTHING, DANEPRIV_FINDING_UNJUDGED, DANEPRIV_FINDING_UNJUDGED },
	{ "the right key", RIGHT, DANEPRIV_FINDING_MATCH, DANEPRIV_FINDING_MISMATCH },
	{ "the right certificate", RIGHT_CERTIFICATE, DANEPRIV_FINDING_MATCH,
	    DANEPRIV_FINDING_MISMATCH },
	{ "another key", WRONG, DANEPRIV_FINDING_MISMATCH, DANEPRIV_FINDING_MISMATCH },
	{ "an unusable record", USELESS, DANEPRIV_FINDING_UNUSABLE, DANEPRIV_FINDING_UNUSABLE },
	{ "records out of date", OUTDATED, DANEPRIV_FINDING_UNJUDGED, DANEPRIV_FINDING_UNJUDGED },
	{ "denied", DENIED, DANEPRIV_FINDING_ABSENT, DANEPRIV_FINDING_ABSENT },
	{ "insecure", INSECURE, DANEPRIV_FINDING_UNSIGNED, DANEPRIV_FINDING_UNSIGNED },
	{ "bogus", BOGUS, DANEPRIV_FINDING_BOGUS, DANEPRIV_FINDING_BOGUS },
	{ "indeterminate", INDETERMINATE, DANEPRIV_FINDING_INDETERMINATE,
	    DANEPRIV_FINDING_INDETERMINATE },
};

static danepriv_security
proof_of(evidence kind)
{
	switch (kind) {
	case DENIED:
		return DANEPRIV_SECURITY_DENIED;
	case INSECURE:
		return DANEPRIV_SECURITY_INSECURE;
	case BOGUS:
		return DANEPRIV_SECURITY_BOGUS;
	case INDETERMINATE:
		return DANEPRIV_SECURITY_INDETERMINATE;
	case NOTHING:
	case RIGHT:
	case RIGHT_CERTIFICATE:
	case WRONG:
	case USELESS:
	case OUTDATED:
		break;
	}
	return DANEPRIV_SECURITY_SECURE;
}

danepriv_records *
records_of(evidence kind, const char *base)
{
	danepriv_span item = { honest.certificate.data, honest.certificate.size };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	uint8_t rdata[64];
	size_t len = 0;
	danepriv_records *records = NULL;
	danepriv_security security = proof_of(kind);

	ck_assert_int_eq(danepriv_credential_record(&credential, 3, kind != RIGHT_CERTIFICATE, 1,
			     rdata, sizeof rdata, &len),
	    DANEPRIV_OK);
	if (kind == WRONG)
		rdata[len - 1] ^= 1;
	if (kind == USELESS)
		rdata[2] = 9;
	danepriv_span span = { rdata, len };
	ck_assert_int_eq(danepriv_records_vouch(&server, base, security, DANEPRIV_REASON_NONE,
			     &span, security == DANEPRIV_SECURITY_SECURE ? 1 : 0,
			     kind == OUTDATED ? NOW - 1 : NOW + 10, &records),
	    DANEPRIV_OK);
	return records;
}

static void
give_to(danepriv_session *to, evidence kind, const char *base)
{
	danepriv_records *records = records_of(kind, base);

	ck_assert_int_eq(danepriv_session_give_records(to, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

void
give(evidence kind, const char *base)
{
	if (kind != NOTHING)
		give_to(session, kind, base);
}

void
open_session(danepriv_profile profile)
{
	ck_assert_int_eq(danepriv_session_new(ctx, &server, profile, &session), DANEPRIV_OK);
}

danepriv_session *
open_another(danepriv_profile profile)
{
	danepriv_session *another;

	ck_assert_int_eq(danepriv_session_new(ctx, &server, profile, &another), DANEPRIV_OK);
	give_to(another, RIGHT, NULL);
	return another;
}

void
close_session(void)
{
	danepriv_session_free(session);
	session = NULL;
}

danepriv_gnutls_raw_keys
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

unsigned hooked_messages;

int
counting_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	hooked_messages++;
	return danepriv_gnutls_hook(tls, type, when, incoming, message);
}

danepriv_decision
decide_for(gnutls_session_t client, int result, danepriv_finding *finding)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision = danepriv_gnutls_decide(
	    client, session, DANEPRIV_PROVENANCE_CONFIGURED, result, NOW, &why);

	*finding = why.finding;
	return decision;
}

danepriv_decision
decide(danepriv_finding *finding)
{
	return decide_for(pair.client, pair.client_result, finding);
}

gnutls_certificate_credentials_t
open_pair(const tls_identity *key, const char *priority)
{
	gnutls_certificate_credentials_t credentials = credentials_of(key, NULL, NULL);

	pair_open(&pair, credentials, priority, GNUTLS_ENABLE_RAWPK, NULL);
	return credentials;
}

void
close_pair(gnutls_certificate_credentials_t credentials)
{
	pair_close(&pair);
	gnutls_certificate_free_credentials(credentials);
}

variant
variant_of(int bits)
{
	variant v = { bits & 1, bits & 2, bits & 4, bits & 8, bits & 16, bits & 32 };

	return v;
}

void
open_all(void)
{
	identity_make(&honest, NAME);
	identity_make(&impostor, NAME);
	ck_assert_int_eq(danepriv_open(NULL, &ctx), DANEPRIV_OK);
}

void
close_all(void)
{
	danepriv_close(ctx);
	identity_free(&honest);
	identity_free(&impostor);
	ck_assert_int_eq(dp_blocks(), 0);
}
