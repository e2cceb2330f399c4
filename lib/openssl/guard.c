/* SPDX-License-Identifier: BSD-2-Clause
 * May questions go over this OpenSSL connection? */
#include "openssl/extension.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "crypto/keyhole.h"
#include "dns/name.h"

#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/openssl.h>
#include <danepriv/policy.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <danepriv/session.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <string.h>

/* RFC 7250.  What it has since then is asked when this is compiled: before, its symbols are not
 * there. */
#define HAS_RAW_KEYS (OPENSSL_VERSION_NUMBER >= 0x30200000L)

static void
forget_credential(danepriv_session *session)
{
	danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };

	(void)danepriv_session_give_credential(session, &none);
}

typedef STACK_OF(X509) certificate_list;

/* The certificates in DER, each to be freed; how many, 0 when one cannot be had.  OpenSSL keeps
 * what is signed as it came, and writes the three fields around it again: in BER other octets may
 * have come, which were then not those that were published. */
static size_t
encode(const certificate_list *list, X509 *only, danepriv_span items[DP_CREDENTIAL_ITEMS_MAX])
{
	size_t count = list ? (size_t)sk_X509_num(list) : only != NULL;

	if (count > DP_CREDENTIAL_ITEMS_MAX)
		return 0;
	memset(items, 0, count * sizeof *items);
	for (size_t i = 0; i < count; i++) {
		unsigned char *der = NULL;
		int len = i2d_X509(list ? sk_X509_value(list, (int)i) : only, &der);
		if (len <= 0) {
			while (i-- > 0)
				OPENSSL_free((void *)(uintptr_t)items[i].data);
			return 0;
		}
		items[i] = (danepriv_span){ der, (size_t)len };
	}
	return count;
}

static danepriv_status
give_certificates(danepriv_session *session, danepriv_credential_type type,
    const certificate_list *list, X509 *only)
{
	danepriv_span items[DP_CREDENTIAL_ITEMS_MAX];
	danepriv_credential credential = { type, items, encode(list, only, items) };
	danepriv_status status = danepriv_session_give_credential(session, &credential);

	for (size_t i = 0; i < credential.count; i++)
		OPENSSL_free((void *)(uintptr_t)items[i].data);
	return status;
}

#if HAS_RAW_KEYS
static danepriv_status
give_raw_key(danepriv_session *session, const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	danepriv_span item = { der, len > 0 ? (size_t)len : 0 };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_RAW_KEY, &item, item.len > 0 };
	danepriv_status status = danepriv_session_give_credential(session, &credential);

	OPENSSL_free(der);
	return status;
}
#endif

/* Gives the session what the peer presented in this handshake, or in the one that is resumed;
 * whatever fails leaves the session without one. */
static danepriv_status
take_credential(SSL *ssl, danepriv_session *session)
{
#if HAS_RAW_KEYS
	if (SSL_get0_peer_rpk(ssl))
		return give_raw_key(session, SSL_get0_peer_rpk(ssl));
#endif
	const certificate_list *list = SSL_get_peer_cert_chain(ssl);
	/* The list is not kept in sessions that were written down. */
	danepriv_credential_type type =
	    !list && SSL_session_reused(ssl) ? DANEPRIV_CREDENTIAL_LEAF : DANEPRIV_CREDENTIAL_X509;
	return give_certificates(session, type, list, SSL_get0_peer_certificate(ssl));
}

/* The same from within verification, when the SSL does not have it yet. */
static danepriv_status
take_presented(X509_STORE_CTX *store, danepriv_session *session)
{
#if HAS_RAW_KEYS
	if (X509_STORE_CTX_get0_rpk(store))
		return give_raw_key(session, X509_STORE_CTX_get0_rpk(store));
#endif
	return give_certificates(session, DANEPRIV_CREDENTIAL_X509,
	    X509_STORE_CTX_get0_untrusted(store), X509_STORE_CTX_get0_cert(store));
}

/* Octets that OpenSSL wrote, which are let go of. */
static bool
is_fit(unsigned char *der, int len)
{
	bool fit = len > 0 && dp_keyhole_is_fit((danepriv_span){ der, (size_t)len });

	OPENSSL_free(der);
	return fit;
}

static bool
may_use_certificate(const X509 *certificate)
{
	unsigned char *der = NULL;
	int len = certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der) : 0;

	return is_fit(der, len);
}

#if HAS_RAW_KEYS
static bool
may_use_raw_key(const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	return is_fit(der, len);
}
#endif

/* May OpenSSL use the key that the peer shows?  Before it is judged, and whatever the profile is.
 */
static bool
may_use_shown(X509_STORE_CTX *store)
{
#if HAS_RAW_KEYS
	if (X509_STORE_CTX_get0_rpk(store))
		return may_use_raw_key(X509_STORE_CTX_get0_rpk(store));
#endif
	return may_use_certificate(X509_STORE_CTX_get0_cert(store));
}

/* The same afterwards: the callers' own verification may have taken the place of ours. */
static bool
may_use_key(const SSL *ssl)
{
#if HAS_RAW_KEYS
	if (SSL_get0_peer_rpk(ssl))
		return may_use_raw_key(SSL_get0_peer_rpk(ssl));
#endif
	return may_use_certificate(SSL_get0_peer_certificate(ssl));
}

static danepriv_records *
records_of(danepriv_session *session)
{
	danepriv_records *records;

	return danepriv_session_get_records(session, &records) == DANEPRIV_OK ? records : NULL;
}

static bool
has_evidence(danepriv_session *session)
{
	danepriv_records *records = records_of(session);

	danepriv_records_free(records);
	return records != NULL;
}

/* May the handshake go on, after what the peer shows?  `error`: what the verify result is then. */
static bool
look(X509_STORE_CTX *store, dp_openssl_guard *g, int *error)
{
	danepriv_verdict why = { .size = sizeof why };

	danepriv_status status = take_presented(store, g->session);
	g->refused = false;
	*error = X509_V_ERR_APPLICATION_VERIFICATION;
	if (!may_use_shown(store))
		return false;
	if (danepriv_session_profile(g->session) != DANEPRIV_PROFILE_STRICT)
		return true;
	if (status == DANEPRIV_OK && !has_evidence(g->session))
		return true;
	/* Mere MATCH is what PROCEED means in strict (RFC 8310 section 5).  There is no channel
	 * yet, and so nothing that could be remembered as authenticated. */
	(void)!danepriv_session_decide(
	    g->session, DANEPRIV_PROVENANCE_UNPROVEN, DANEPRIV_CHANNEL_NONE, g->now, &why);
	g->refused = why.finding != DANEPRIV_FINDING_MATCH;
	*error = g->refused ? X509_V_ERR_DANE_NO_MATCH : X509_V_OK;
	return !g->refused;
}

/* What the caller's own verify callback says of it, which changes the error to its liking. */
static bool
ask_caller(X509_STORE_CTX *store, const SSL *ssl, bool goes_on, int error)
{
	SSL_verify_cb theirs = SSL_get_verify_callback(ssl);

	if (!theirs)
		return true;
	X509_STORE_CTX_set_error(store, error);
	X509_STORE_CTX_set_error_depth(store, 0);
	X509_STORE_CTX_set_current_cert(store, X509_STORE_CTX_get0_cert(store));
	return theirs(goes_on, store) > 0;
}

/* OpenSSL's verification.  In TLS 1.2 it runs before the peer has shown that it holds the key: it
 * can say no, and yes is left to danepriv_openssl_decide. */
static int
on_credential(X509_STORE_CTX *store, void *argument)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	dp_openssl_guard *g = dp_openssl_guard_of(ssl);
	int error;

	(void)argument;
	if (!g)
		return X509_verify_cert(store);
	bool goes_on = look(store, g, &error);
	if (!ask_caller(store, ssl, goes_on, error)) {
		/* Theirs, if it says why; but never OK. */
		if (goes_on)
			error = X509_STORE_CTX_get_error(store);
		if (error == X509_V_OK)
			error = X509_V_ERR_APPLICATION_VERIFICATION;
		goes_on = false;
	}
	X509_STORE_CTX_set_error(store, error);
	return goes_on;
}

danepriv_status
danepriv_openssl_prepare(SSL_CTX *ctx)
{
	dp_openssl_context *context;

	if (!ctx)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_openssl_register(ctx, &context);
	if (status != DANEPRIV_OK || context->prepared)
		return status;
	SSL_CTX_set_cert_verify_callback(ctx, on_credential, NULL);
	context->prepared = true;
	return DANEPRIV_OK;
}

/* RFC 7671 section 10.2: SNI is the TLSA base domain. */
static danepriv_status
send_name(SSL *ssl, danepriv_session *session)
{
	char name[DP_NAME_TEXT_MAX];
	int len = snprintf(name, sizeof name, "%s", danepriv_session_sni(session));

	if (len <= 0 || (size_t)len >= sizeof name)
		return DANEPRIV_EINVAL;
	if (SSL_set_tlsext_host_name(ssl, name) != 1)
		return DANEPRIV_EADAPTER;
	return danepriv_session_give_sni(session, name);
}

/* RFC 8310 section 9: TLS 1.2 or later, and the caller's own choice among those.  Numbers of DTLS
 * go downwards. */
static bool
set_lowest_version(SSL *ssl)
{
	long lowest = SSL_get_min_proto_version(ssl);

	if (SSL_is_dtls(ssl))
		return (lowest != 0 && lowest <= DTLS1_2_VERSION) ||
		       SSL_set_min_proto_version(ssl, DTLS1_2_VERSION) == 1;
	return lowest >= TLS1_2_VERSION || SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1;
}

/* RFC 7671 section 5.1, RFC 8310 section 9: a raw key only where one is known that could match. */
static bool
offer_raw_keys(SSL *ssl, danepriv_session *session)
{
#if HAS_RAW_KEYS
	static const unsigned char types[] = { TLSEXT_cert_type_rpk, TLSEXT_cert_type_x509 };
	danepriv_records *records = records_of(session);
	int known = danepriv_records_has_raw_key(records);

	danepriv_records_free(records);
	return !known || SSL_set1_server_cert_type(ssl, types, sizeof types) == 1;
#else
	(void)ssl;
	(void)session;
	return true;
#endif
}

static danepriv_status
read_settings(const danepriv_openssl_settings *settings, danepriv_openssl_settings *out)
{
	*out = (danepriv_openssl_settings){ .size = sizeof *out };
	if (!settings)
		return DANEPRIV_OK;
	danepriv_status status =
	    dp_sized_read(settings, DP_OPENSSL_SETTINGS_LEAST, out, sizeof *out);
	if (status != DANEPRIV_OK)
		return status;
	if (out->chain != DANEPRIV_OPENSSL_CHAIN_ASK && out->chain != DANEPRIV_OPENSSL_CHAIN_OFF)
		return DANEPRIV_EINVAL;
	if (out->raw_keys != DANEPRIV_OPENSSL_RAW_KEYS_OFF &&
	    out->raw_keys != DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN)
		return DANEPRIV_EINVAL;
	return DANEPRIV_OK;
}

static danepriv_status
attach(SSL *ssl, danepriv_session *session, danepriv_time now)
{
	dp_openssl_guard *g = dp_alloc(1, sizeof *g);

	if (!g)
		return DANEPRIV_ENOMEM;
	g->session = session;
	g->now = now;
	if (dp_openssl_guard_set(ssl, g))
		return DANEPRIV_OK;
	dp_free(g);
	return DANEPRIV_EADAPTER;
}

/* Decided here, once: a second ClientHello has to be as the first (RFC 8446 section 4.1.2). */
static void
ask_for_chain(dp_openssl_guard *g)
{
	uint16_t port = danepriv_session_chain_port(g->session, g->now);

	g->port[0] = (uint8_t)(port >> 8);
	g->port[1] = (uint8_t)port;
	g->asked = port != 0;
}

danepriv_status
danepriv_openssl_guard(SSL *ssl, danepriv_session *session,
    const danepriv_openssl_settings *settings, danepriv_time now)
{
	danepriv_openssl_settings known;

	if (!ssl || !session || SSL_is_server(ssl) || !SSL_in_before(ssl))
		return DANEPRIV_EINVAL;
	const dp_openssl_context *context = dp_openssl_context_of(SSL_get_SSL_CTX(ssl));
	if (!context || !context->prepared || dp_openssl_guard_of(ssl))
		return DANEPRIV_EINVAL;
	danepriv_status status = read_settings(settings, &known);
	if (status == DANEPRIV_OK)
		status = attach(ssl, session, now);
	if (status == DANEPRIV_OK)
		status = send_name(ssl, session);
	if (status != DANEPRIV_OK)
		return status;
	if (known.chain == DANEPRIV_OPENSSL_CHAIN_ASK)
		ask_for_chain(dp_openssl_guard_of(ssl));
	if (!set_lowest_version(ssl))
		return DANEPRIV_EADAPTER;
	if (known.raw_keys == DANEPRIV_OPENSSL_RAW_KEYS_IF_KNOWN && !offer_raw_keys(ssl, session))
		return DANEPRIV_EADAPTER;
	/* Another handshake could bring another peer. */
	(void)SSL_set_options(ssl, SSL_OP_NO_RENEGOTIATION);
	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL); /* the caller's callback stays */
	return DANEPRIV_OK;
}

/* Is what came up fit for questions?  (RFC 8310 section 9) */
static bool
channel_is_fit(const SSL *ssl, const danepriv_session *session)
{
	int version = SSL_version(ssl);

	if (version != TLS1_2_VERSION && version != TLS1_3_VERSION && version != DTLS1_2_VERSION)
		return false;
	/* RFC 7525 section 4.1: ciphers without encryption are for those who ask for them. */
	if (SSL_CIPHER_get_bits(SSL_get_current_cipher(ssl), NULL) <= 0)
		return false;
	/* Early data went out before anything was judged; whoever has the key of the session has
	 * read it, also when it says that it did not take it. */
	return danepriv_session_profile(session) != DANEPRIV_PROFILE_STRICT ||
	       SSL_get_early_data_status(ssl) == SSL_EARLY_DATA_NOT_SENT;
}

/* Some programs go by the verify result alone.  The guard has left it at OK on a match, which says
 * nothing of the question; an error says more of what is wrong than we could. */
static void
tell_openssl(SSL *ssl, danepriv_decision decision)
{
	if (!ssl)
		return;
	if (decision == DANEPRIV_DECISION_PROCEED)
		SSL_set_verify_result(ssl, X509_V_OK);
	else if (SSL_get_verify_result(ssl) == X509_V_OK)
		SSL_set_verify_result(ssl, X509_V_ERR_APPLICATION_VERIFICATION);
}

danepriv_decision
danepriv_openssl_decide(SSL *ssl, danepriv_session *session, danepriv_provenance provenance,
    int handshake_result, danepriv_time now, danepriv_verdict *why)
{
	const dp_openssl_guard *g = dp_openssl_guard_of(ssl);
	bool ours = g && g->session == session;
	danepriv_channel channel = DANEPRIV_CHANNEL_NONE;

	/* Each time: on resumption nothing was verified, or by the caller. */
	if (ours && handshake_result == 1 && SSL_is_init_finished(ssl) && may_use_key(ssl)) {
		if (take_credential(ssl, session) == DANEPRIV_OK && channel_is_fit(ssl, session))
			channel = DANEPRIV_CHANNEL_ENCRYPTED;
	} else if (!ours || !g->refused) {
		/* A key that its owner did not prove to hold says nothing of this peer. */
		forget_credential(session);
	}
	danepriv_decision decision =
	    danepriv_session_decide(session, provenance, channel, now, why);
	tell_openssl(ssl, decision);
	return decision;
}
