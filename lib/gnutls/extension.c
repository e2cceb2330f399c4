/* SPDX-License-Identifier: BSD-2-Clause
 * How does the server's proof get out of a GnuTLS handshake?  (RFC 9102 section 2)
 *
 * In TLS 1.2 it is an extension of the ServerHello, and GnuTLS hands those out.  In TLS 1.3 it
 * stands in the Certificate message, where GnuTLS takes no extension but status_request.  A hook
 * sees that message after the transcript has hashed it and before it is parsed. */
#include "gnutls/extension.h"

#include "base/alloc.h"
#include "crypto/der.h"
#include "crypto/keyhole.h"
#include "dnssec/chain.h"
#include "gnutls/entry.h"
#include "gnutls/serve.h"
#include "session/session.h"

enum { EXTENSION_STATUS_REQUEST = 5 };

static void
guard_free(gnutls_ext_priv_data_t data)
{
	dp_free(data);
}

void *
dp_extension_carried_by(gnutls_session_t tls, dp_side side)
{
	gnutls_ext_priv_data_t data = NULL;

	if (!tls || gnutls_ext_get_data(tls, DP_EXTENSION_TYPE, &data) != GNUTLS_E_SUCCESS)
		return NULL;
	return data && *(const dp_side *)data == side ? data : NULL;
}

danepriv_status
dp_extension_carry(gnutls_session_t tls, void *ours, gnutls_ext_recv_func receive,
    gnutls_ext_send_func send, gnutls_ext_deinit_data_func end)
{
	/* Flags must be named, or GnuTLS would take it from the EncryptedExtensions, too, and put it
	 * there. */
	int result = gnutls_session_ext_register(tls, "dnssec_chain", DP_EXTENSION_TYPE,
	    GNUTLS_EXT_TLS, receive, send, end, NULL, NULL,
	    GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_TLS12_SERVER_HELLO);

	if (result != GNUTLS_E_SUCCESS) {
		dp_free(ours);
		return result == GNUTLS_E_ALREADY_REGISTERED ? DANEPRIV_EINVAL : DANEPRIV_EADAPTER;
	}
	gnutls_ext_set_data(tls, DP_EXTENSION_TYPE, ours);
	return DANEPRIV_OK;
}

dp_guard *
dp_guard_of(gnutls_session_t tls)
{
	return dp_extension_carried_by(tls, DP_SIDE_CLIENT);
}

typedef danepriv_status take_function(
    danepriv_session *session, danepriv_span extension, danepriv_time now);

/* Gives the session what came.  What proves nothing is no error of the handshake, but what cannot
 * be the extension at all is: it would be in whichever message and version it came. */
static int
take_extension(dp_guard *g, danepriv_span extension, take_function *take)
{
	if (extension.len < DP_EXTENSION_OCTETS_MIN)
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	if (take(g->session, extension, g->now) == DANEPRIV_ENOMEM)
		return GNUTLS_E_MEMORY_ERROR;
	return GNUTLS_E_SUCCESS;
}

/* The same port in every ClientHello of a connection, whatever became known meanwhile (RFC 8446
 * section 4.1.2). */
static int
send_extension(gnutls_session_t tls, gnutls_buffer_t out)
{
	const dp_guard *g = dp_guard_of(tls);
	uint8_t octets[2];

	if (!g || g->port == 0)
		return 0;
	octets[0] = (uint8_t)(g->port >> 8);
	octets[1] = (uint8_t)g->port;
	int result = gnutls_buffer_append_data(out, octets, sizeof octets);
	return result < 0 ? result : (int)sizeof octets;
}

/* TLS 1.2: from the ServerHello. */
static int
receive_extension(gnutls_session_t tls, const unsigned char *data, size_t len)
{
	dp_guard *g = dp_guard_of(tls);
	danepriv_span extension = { data, len };

	if (!g || g->port == 0)
		return GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION;
	return take_extension(g, extension, danepriv_session_give_extension);
}

/* From now on, until there is a credential: not even in clear is there anything to decide. */
static void
await_again(dp_guard *g, bool again)
{
	g->again = again;
	if (again)
		dp_session_await_reconnect(g->session);
}

/* TLS 1.3.  RELABEL writes into the message: GnuTLS gives a const pointer to a buffer of its own,
 * which it has hashed, and parses after this.  No function of GnuTLS tells whether that is so, but
 * this very handshake does: where it is not, it fails before the peer has shown that it holds the
 * key, and TRY does as RECONNECT.  So no list of versions has to be kept. */
static int
take_from_certificate(dp_guard *g, const gnutls_datum_t *message)
{
	danepriv_span octets = { message->data, message->size };
	dp_entry entry;

	danepriv_status status = dp_entry_find(octets, DP_EXTENSION_TYPE, &entry);
	if (status == DANEPRIV_ENOTFOUND)
		return GNUTLS_E_SUCCESS;
	if (status != DANEPRIV_OK)
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	if (g->chain == DANEPRIV_GNUTLS_CHAIN_RECONNECT) {
		int taken = take_extension(g, entry.data, dp_session_give_unauthenticated);
		await_again(g, taken == GNUTLS_E_SUCCESS);
		return g->again ? GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION : taken;
	}
	int result = take_extension(g, entry.data, danepriv_session_give_extension);
	if (result != GNUTLS_E_SUCCESS)
		return result;
	await_again(g, g->chain == DANEPRIV_GNUTLS_CHAIN_TRY);
	dp_entry_relabel(message->data, &entry, EXTENSION_STATUS_REQUEST);
	return GNUTLS_E_SUCCESS;
}

bool
dp_guard_may_use(gnutls_session_t tls, danepriv_span item)
{
	danepriv_span spki = item;

	if (gnutls_certificate_type_get2(tls, GNUTLS_CTYPE_SERVER) != GNUTLS_CRT_RAWPK &&
	    dp_der_certificate_spki(item, &spki) != DANEPRIV_OK)
		return false;
	return dp_keyhole_is_fit(spki);
}

/* In TLS 1.3 the verify function comes after CertificateVerify, in which GnuTLS uses the key. */
static int
look_at_key(gnutls_session_t tls, const gnutls_datum_t *message)
{
	danepriv_span octets = { message->data, message->size };

	return dp_guard_may_use(tls, dp_entry_first(octets)) ? GNUTLS_E_SUCCESS
							     : GNUTLS_E_CERTIFICATE_ERROR;
}

int
danepriv_gnutls_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	dp_guard *g = dp_guard_of(tls);

	if (dp_extension_carried_by(tls, DP_SIDE_SERVER))
		return dp_serve_hook(tls, type, when, incoming, message);
	if (!g || !incoming || when != GNUTLS_HOOK_POST || !message ||
	    type != GNUTLS_HANDSHAKE_CERTIFICATE_PKT ||
	    gnutls_protocol_get_version(tls) != GNUTLS_TLS1_3)
		return GNUTLS_E_SUCCESS;
	int result = look_at_key(tls, message);
	if (result != GNUTLS_E_SUCCESS || g->port == 0)
		return result;
	return take_from_certificate(g, message);
}

int
danepriv_gnutls_must_reconnect(gnutls_session_t tls)
{
	const dp_guard *g = dp_guard_of(tls);

	return g && g->again;
}

static bool
chain_is_known(danepriv_gnutls_chain chain)
{
	switch (chain) {
	case DANEPRIV_GNUTLS_CHAIN_RECONNECT:
	case DANEPRIV_GNUTLS_CHAIN_OFF:
	case DANEPRIV_GNUTLS_CHAIN_TRY:
	case DANEPRIV_GNUTLS_CHAIN_RELABEL:
		return true;
	}
	return false;
}

danepriv_status
dp_guard_ask(gnutls_session_t tls, danepriv_gnutls_chain chain)
{
	dp_guard *g = dp_guard_of(tls);

	if (!g || !chain_is_known(chain))
		return DANEPRIV_EINVAL;
	uint16_t port = danepriv_session_chain_port(g->session, g->now);
	if (chain == DANEPRIV_GNUTLS_CHAIN_OFF || port == 0)
		return DANEPRIV_OK;
	g->chain = chain;
	/* An answer to status_request is taken only where it was asked for. */
	if (chain != DANEPRIV_GNUTLS_CHAIN_RECONNECT &&
	    gnutls_ocsp_status_request_enable_client(tls, NULL, 0, NULL) != GNUTLS_E_SUCCESS)
		return DANEPRIV_EADAPTER;
	g->port = port;
	return DANEPRIV_OK;
}

danepriv_status
dp_guard_attach(gnutls_session_t tls, danepriv_session *session, danepriv_time now)
{
	dp_guard *g = dp_alloc(1, sizeof *g);

	if (!g)
		return DANEPRIV_ENOMEM;
	g->side = DP_SIDE_CLIENT;
	g->session = session;
	g->now = now;
	/* It holds our pointer also where nothing is asked for. */
	danepriv_status status =
	    dp_extension_carry(tls, g, receive_extension, send_extension, guard_free);
	if (status != DANEPRIV_OK)
		return status;
	gnutls_handshake_set_hook_function(
	    tls, GNUTLS_HANDSHAKE_CERTIFICATE_PKT, GNUTLS_HOOK_POST, danepriv_gnutls_hook);
	return DANEPRIV_OK;
}
