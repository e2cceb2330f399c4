/* SPDX-License-Identifier: BSD-2-Clause
 * May questions go over this GnuTLS session? */
#include "gnutls/extension.h"

#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "dns/name.h"
#include "gnutls/priority.h"
#include "session/session.h"

#include <stdio.h>

_Static_assert(DANEPRIV_GNUTLS_RAW_KEY_FLAGS == GNUTLS_ENABLE_RAWPK, "the number is GnuTLS' own");

/* RFC 8310 section 9: TLS 1.2 or later.  Taken away, not set, so that the caller's own choice
 * between the later ones stands. */
#define NO_OLD_VERSIONS ":-VERS-SSL3.0:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS1.0"
/* RFC 7250: the raw key first, since the client's order decides. */
#define RAW_KEYS_FIRST ":-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK:+CTYPE-SRV-X509"

static void
forget_credential(danepriv_session *session)
{
	danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };

	(void)danepriv_session_give_credential(session, &none);
}

/* Gives the session what the peer presented; whatever fails leaves the session without one. */
static danepriv_status
take_credential(gnutls_session_t tls, danepriv_session *session)
{
	danepriv_span items[DP_CREDENTIAL_ITEMS_MAX];
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, items, 0 };
	unsigned count = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(tls, &count);
	gnutls_certificate_type_t type = gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_SERVER);

	if (type == GNUTLS_CRT_RAWPK)
		credential.type = DANEPRIV_CREDENTIAL_RAW_KEY;
	if (!peers || count > DP_CREDENTIAL_ITEMS_MAX ||
	    (type != GNUTLS_CRT_RAWPK && type != GNUTLS_CRT_X509))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		items[i].data = peers[i].data;
		items[i].len = peers[i].size;
	}
	credential.count = count;
	return danepriv_session_give_credential(session, &credential);
}

/* May GnuTLS use the key that the peer shows? */
static bool
may_use_key(gnutls_session_t tls)
{
	unsigned count = 0;
	const gnutls_datum_t *peers = gnutls_certificate_get_peers(tls, &count);

	return peers && count > 0 &&
	       dp_guard_may_use(tls, (danepriv_span){ peers[0].data, peers[0].size });
}

static bool
has_evidence(danepriv_session *session)
{
	danepriv_records *records;

	if (danepriv_session_get_records(session, &records) != DANEPRIV_OK)
		return false;
	danepriv_records_free(records);
	return true;
}

/* GnuTLS' verify function.  In TLS 1.2 it runs before the peer has shown that it holds the key: it
 * can say no, and yes is left to danepriv_gnutls_decide. */
static int
on_credential(gnutls_session_t tls)
{
	danepriv_verdict why = { .size = sizeof why };
	dp_guard *g = dp_guard_of(tls);

	if (!g)
		return GNUTLS_E_CERTIFICATE_ERROR;
	danepriv_status status = take_credential(tls, g->session);
	g->refused = false;
	/* Where it was relabelled: that went well (in TLS 1.3 the signature comes first). */
	g->again = false;
	if (!may_use_key(tls))
		return GNUTLS_E_CERTIFICATE_ERROR;
	if (danepriv_session_profile(g->session) != DANEPRIV_PROFILE_STRICT)
		return 0;
	if (status == DANEPRIV_OK && !has_evidence(g->session))
		return 0;
	/* Mere MATCH is what PROCEED means in strict (RFC 8310 section 5).  There is no channel
	 * yet, and so nothing that could be remembered as authenticated. */
	(void)!danepriv_session_decide(
	    g->session, DANEPRIV_PROVENANCE_UNPROVEN, DANEPRIV_CHANNEL_NONE, g->now, &why);
	g->refused = why.finding != DANEPRIV_FINDING_MATCH;
	return g->refused ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

/* RFC 7671 section 10.2: SNI is the TLSA base domain. */
static danepriv_status
send_name(gnutls_session_t tls, danepriv_session *session)
{
	char name[DP_NAME_TEXT_MAX];
	int len = snprintf(name, sizeof name, "%s", danepriv_session_sni(session));

	if (len <= 0 || (size_t)len >= sizeof name)
		return DANEPRIV_EINVAL;
	int result = gnutls_server_name_set(tls, GNUTLS_NAME_DNS, name, (size_t)len);
	if (result == GNUTLS_E_INVALID_REQUEST) /* a server's session */
		return DANEPRIV_EINVAL;
	if (result != GNUTLS_E_SUCCESS)
		return DANEPRIV_EADAPTER;
	return danepriv_session_give_sni(session, name);
}

static danepriv_status
set_priority(gnutls_session_t tls, const char *priority, bool raw_keys)
{
	gnutls_priority_t read;

	danepriv_status status = dp_priority_read(
	    priority, raw_keys ? NO_OLD_VERSIONS RAW_KEYS_FIRST : NO_OLD_VERSIONS, &read);
	if (status != DANEPRIV_OK)
		return status;
	int result = gnutls_priority_set(tls, read);
	gnutls_priority_deinit(read); /* the session has its own reference */
	return result == GNUTLS_E_SUCCESS ? DANEPRIV_OK : DANEPRIV_EADAPTER;
}

/* RFC 7671 section 5.1, RFC 8310 section 9: a raw key only where one is known that could match. */
static danepriv_gnutls_raw_keys
raw_keys_for(danepriv_session *session, unsigned init_flags)
{
	danepriv_records *records;
	int known = 0;

	if (danepriv_session_get_records(session, &records) == DANEPRIV_OK)
		known = danepriv_records_has_raw_key(records);
	danepriv_records_free(records);
	if (!known)
		return DANEPRIV_GNUTLS_RAW_KEYS_NOT_KNOWN;
	if (!(init_flags & DANEPRIV_GNUTLS_RAW_KEY_FLAGS))
		return DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE;
	return DANEPRIV_GNUTLS_RAW_KEYS_OFFERED;
}

danepriv_status
danepriv_gnutls_guard(gnutls_session_t tls, danepriv_session *session,
    const danepriv_gnutls_settings *settings, danepriv_time now, danepriv_gnutls_raw_keys *raw_keys)
{
	danepriv_gnutls_settings known = { .size = 0 };
	danepriv_gnutls_raw_keys kind = DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE;
	danepriv_status status;

	if (raw_keys)
		*raw_keys = DANEPRIV_GNUTLS_RAW_KEYS_UNAVAILABLE;
	if (!tls || !session)
		return DANEPRIV_EINVAL;
	if (settings) {
		status = dp_sized_read(settings, DP_GNUTLS_SETTINGS_LEAST, &known, sizeof known);
		if (status != DANEPRIV_OK)
			return status;
		kind = raw_keys_for(session, known.init_flags);
		status = set_priority(tls, known.priority ? known.priority : "NORMAL",
		    kind == DANEPRIV_GNUTLS_RAW_KEYS_OFFERED);
		if (status != DANEPRIV_OK)
			return status;
	}
	status = dp_guard_attach(tls, session, now);
	if (status == DANEPRIV_OK)
		status = send_name(tls, session);
	if (status == DANEPRIV_OK)
		status = dp_guard_ask(tls, known.chain);
	if (status != DANEPRIV_OK)
		return status;
	gnutls_session_set_verify_function(tls, on_credential);
	if (raw_keys)
		*raw_keys = kind;
	return DANEPRIV_OK;
}

/* Is what came up fit for questions?  (RFC 8310 section 9) */
static bool
channel_is_fit(gnutls_session_t tls, const danepriv_session *session)
{
	gnutls_protocol_t version = gnutls_protocol_get_version(tls);

	if (version != GNUTLS_TLS1_2 && version != GNUTLS_TLS1_3 && version != GNUTLS_DTLS1_2)
		return false;
	/* RFC 7525 section 4.1: ciphers without encryption are for those who ask for them.  It is
	 * also what GnuTLS says as long as the server has not gone over to encryption: of a false
	 * start (RFC 7918), in which nobody has authenticated the server's extensions yet. */
	if (gnutls_cipher_get(tls) == GNUTLS_CIPHER_NULL)
		return false;
	/* What went out as early data went out before anything was judged. */
	return danepriv_session_profile(session) != DANEPRIV_PROFILE_STRICT ||
	       !(gnutls_session_get_flags(tls) & GNUTLS_SFLAGS_EARLY_DATA);
}

#define NO_BINDING ((gnutls_channel_binding_t)0x7fff)

/* Has a handshake been completed?  GnuTLS has no function for this; but before that no channel
 * binding is available (RFC 5929), be it one that does not exist at all. */
static bool
has_completed(gnutls_session_t tls)
{
	gnutls_datum_t none = { NULL, 0 };

	return gnutls_session_channel_binding(tls, NO_BINDING, &none) !=
	       GNUTLS_E_CHANNEL_BINDING_NOT_AVAILABLE;
}

#define NO_MESSAGE (-1)

/* Has none begun since then?  In TLS 1.2 there can be one, and GnuTLS names its peer from the
 * Certificate message on, before that has shown to hold the key.  The last message of a handshake
 * tells: there is none when one is over, there may be a request for one, or what follows in
 * TLS 1.3. */
static bool
has_none_begun(gnutls_session_t tls)
{
	gnutls_handshake_description_t last = gnutls_handshake_get_last_in(tls);

	if ((int)last == NO_MESSAGE || last == GNUTLS_HANDSHAKE_HELLO_REQUEST)
		return true;
	return gnutls_protocol_get_version(tls) == GNUTLS_TLS1_3 &&
	       (last == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET ||
		   last == GNUTLS_HANDSHAKE_KEY_UPDATE ||
		   last == GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST);
}

/* Whatever the caller says: zero, which is success, is also what is left out, or was kept. */
static bool
handshake_is_done(gnutls_session_t tls)
{
	return has_completed(tls) && has_none_begun(tls);
}

danepriv_decision
danepriv_gnutls_decide(gnutls_session_t tls, danepriv_session *session,
    danepriv_provenance provenance, int handshake_result, danepriv_time now, danepriv_verdict *why)
{
	const dp_guard *g = dp_guard_of(tls);
	bool ours = g && g->session == session;
	danepriv_channel channel = DANEPRIV_CHANNEL_NONE;

	/* Each time: on resumption no verify function ran, or one of the caller's. */
	if (ours && handshake_result == GNUTLS_E_SUCCESS && handshake_is_done(tls) &&
	    may_use_key(tls)) {
		if (take_credential(tls, session) == DANEPRIV_OK && channel_is_fit(tls, session))
			channel = DANEPRIV_CHANNEL_ENCRYPTED;
	} else if (!ours || !g->refused) {
		/* A key that its owner did not prove to hold says nothing of this peer. */
		forget_credential(session);
		if (ours && g->again)
			dp_session_await_reconnect(session);
	}
	return danepriv_session_decide(session, provenance, channel, now, why);
}
