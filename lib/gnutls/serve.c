/* SPDX-License-Identifier: BSD-2-Clause
 * What does a GnuTLS server send to clients that ask for its proof?  (RFC 9102 section 2)
 *
 * In TLS 1.2 GnuTLS lets us add an extension to the ServerHello.  In TLS 1.3 it would have to stand
 * in the Certificate message, where GnuTLS adds none of ours: a server that wants to be proven
 * without a lookup can only stay below. */
#include "gnutls/serve.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "dane/server.h"
#include "dane/transport.h"
#include "dns/name.h"
#include "dnssec/chain.h"
#include "gnutls/extension.h"
#include "gnutls/priority.h"
#include "lookup/chain_form.h"

#include <string.h>

#define NO_TLS13 ":-VERS-TLS1.3"

enum {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_SUPPORTED_VERSIONS = 43,
	SERVER_NAME_DNS = 0,
	TLS12 = 0x0303
};

typedef struct served {
	struct served *next;
	dp_server server;
	dp_buffer extension; /* as it is sent */
} served;

/* What a client asks for. */
typedef struct wish {
	bool asked;
	bool no_tls12; /* does not speak it */
	uint16_t port;
	dp_name_store name; /* SNI; empty: none */
} wish;

typedef struct serving {
	dp_side side; /* SERVER */
	served *list;
	gnutls_priority_t lowered; /* NULL: TLS 1.3 stays */
	wish wish;		   /* of the ClientHello that GnuTLS is at */
} serving;

static void
served_free(served *s)
{
	if (!s)
		return;
	dp_buffer_free(&s->extension);
	dp_free(s);
}

static void
serving_free(gnutls_ext_priv_data_t data)
{
	serving *s = data;

	while (s->list) {
		served *first = s->list;
		s->list = first->next;
		served_free(first);
	}
	if (s->lowered)
		gnutls_priority_deinit(s->lowered);
	dp_free(s);
}

static bool
is_datagram(danepriv_transport transport)
{
	return transport == DANEPRIV_TRANSPORT_DTLS;
}

/* Is it `_443._tcp.` of the same name?  More of a server cannot be asked for. */
static bool
is_meant(const dp_server *server, const wish *w, bool datagram)
{
	return server->port == w->port && is_datagram(server->transport) == datagram &&
	       dp_name_equal(dp_name_of(&server->name), dp_name_of(&w->name));
}

static const served *
find(const serving *s, const wish *w, bool datagram)
{
	const served *at = w->asked && w->name.len > 0 ? s->list : NULL;

	while (at && !is_meant(&at->server, w, datagram))
		at = at->next;
	return at;
}

/* A name of SNI, which is text without final dot.  What is no name is none. */
static void
keep_name(dp_name_store *out, danepriv_span text)
{
	char name[DP_NAME_TEXT_MAX] = "";

	out->len = 0;
	if (text.len == 0 || text.len >= sizeof name || memchr(text.data, '\0', text.len) ||
	    memchr(text.data, '\\', text.len))
		return;
	memcpy(name, text.data, text.len);
	(void)!dp_name_from_text(name, out); /* then it is no name */
}

/* RFC 9102 section 2.1: exactly a port. */
static bool
keep_port(wish *w, danepriv_span extension)
{
	dp_reader r = dp_reader_over(extension);

	w->port = dp_read_u16(&r);
	w->asked = dp_reader_done(&r);
	return w->asked;
}

static int
receive_wish(gnutls_session_t tls, const unsigned char *data, size_t len)
{
	serving *s = dp_extension_carried_by(tls, DP_SIDE_SERVER);
	danepriv_span extension = { data, len };

	return s && keep_port(&s->wish, extension) ? GNUTLS_E_SUCCESS
						   : GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
}

static int
send_chain(gnutls_session_t tls, gnutls_buffer_t out)
{
	serving *s = dp_extension_carried_by(tls, DP_SIDE_SERVER);
	gnutls_protocol_t version = gnutls_protocol_get_version(tls);
	char name[DP_NAME_TEXT_MAX];
	size_t len = sizeof name;
	unsigned type;

	if (!s || gnutls_session_is_resumed(tls) ||
	    (version != GNUTLS_TLS1_2 && version != GNUTLS_DTLS1_2) ||
	    gnutls_server_name_get(tls, name, &len, &type, 0) != GNUTLS_E_SUCCESS ||
	    type != GNUTLS_NAME_DNS)
		return 0;
	keep_name(&s->wish.name, (danepriv_span){ (const uint8_t *)name, len });
	const served *found = find(s, &s->wish, version == GNUTLS_DTLS1_2);
	if (!found)
		return 0;
	int result = gnutls_buffer_append_data(out, found->extension.data, found->extension.len);
	return result < 0 ? result : (int)found->extension.len;
}

/* RFC 6066 section 3: a list, of which the first name is taken. */
static void
keep_server_name(wish *w, danepriv_span extension)
{
	dp_reader r = dp_reader_over(extension);
	dp_reader list = dp_reader_over(dp_read_span(&r, dp_read_u16(&r)));
	uint8_t type = dp_read_u8(&list);
	danepriv_span name = dp_read_span(&list, dp_read_u16(&list));

	if (dp_reader_done(&r) && dp_reader_ok(&list) && type == SERVER_NAME_DNS)
		keep_name(&w->name, name);
}

/* RFC 8446 section 4.2.1: who names versions names all. */
static bool
lacks_tls12(danepriv_span extension)
{
	dp_reader r = dp_reader_over(extension);
	dp_reader list = dp_reader_over(dp_read_span(&r, dp_read_u8(&r)));

	while (dp_reader_left(&list) >= 2)
		if (dp_read_u16(&list) == TLS12)
			return false;
	return true;
}

static int
note_wish(void *context, unsigned id, const unsigned char *data, unsigned len)
{
	danepriv_span extension = { data, len };
	wish *w = context;

	if (id == DP_EXTENSION_TYPE)
		(void)keep_port(w, extension); /* GnuTLS comes to it later, and ends it */
	if (id == EXTENSION_SERVER_NAME)
		keep_server_name(w, extension);
	if (id == EXTENSION_SUPPORTED_VERSIONS)
		w->no_tls12 = lacks_tls12(extension);
	return 0;
}

int
dp_serve_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	const serving *s = dp_extension_carried_by(tls, DP_SIDE_SERVER);
	wish w = { .asked = false };

	if (!s || !s->lowered || !incoming || when != GNUTLS_HOOK_PRE || !message ||
	    type != GNUTLS_HANDSHAKE_CLIENT_HELLO)
		return GNUTLS_E_SUCCESS;
	/* A ClientHello that cannot be read is GnuTLS' affair. */
	(void)gnutls_ext_raw_parse(&w, note_wish, message, GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO);
	if (w.no_tls12 || !find(s, &w, false))
		return GNUTLS_E_SUCCESS;
	return gnutls_priority_set(tls, s->lowered);
}

/* What is to be sent for a server; all that can be wrong with it is found here. */
static danepriv_status
prepare(const danepriv_server *server, danepriv_span chain, const danepriv_chain_serving *known,
    served **out)
{
	dp_extension extension = { known->support_hours, chain };
	dp_server read;

	*out = NULL;
	danepriv_status status = dp_server_read(server, &read);
	if (status != DANEPRIV_OK)
		return status;
	if (!dp_transport_has_chains(read.transport) || !dp_chain_form_is_known(known->form) ||
	    !chain.data)
		return DANEPRIV_EINVAL;
	if (chain.len > DANEPRIV_CHAIN_SERVED_MAX)
		return DANEPRIV_ELIMIT;
	served *s = dp_alloc(1, sizeof *s);
	if (!s)
		return DANEPRIV_ENOMEM;
	s->server = read;
	s->extension = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	status = dp_chain_write_extension(
	    &s->extension, &extension, known->form == DANEPRIV_CHAIN_FORM_PREFIXED);
	if (status == DANEPRIV_OK)
		*out = s;
	else
		served_free(s);
	return status;
}

/* In place of what is sent to the same question now. */
static void
put(serving *s, served *entry)
{
	wish same = { true, false, entry->server.port, entry->server.name };
	served **at = &s->list;

	while (*at && !is_meant(&(*at)->server, &same, is_datagram(entry->server.transport)))
		at = &(*at)->next;
	served *before = *at;
	entry->next = before ? before->next : NULL;
	*at = entry;
	served_free(before);
}

static danepriv_status
serving_of(gnutls_session_t tls, serving **out)
{
	serving *s = dp_extension_carried_by(tls, DP_SIDE_SERVER);

	*out = s;
	if (s)
		return DANEPRIV_OK;
	s = dp_alloc(1, sizeof *s);
	if (!s)
		return DANEPRIV_ENOMEM;
	s->side = DP_SIDE_SERVER;
	danepriv_status status = dp_extension_carry(tls, s, receive_wish, send_chain, serving_free);
	if (status == DANEPRIV_OK)
		*out = s;
	return status;
}

/* GnuTLS tells a client's session from a server's by what it may be asked. */
static bool
is_client(gnutls_session_t tls)
{
	char name[1];
	size_t len = sizeof name;
	unsigned type;

	return gnutls_server_name_get(tls, name, &len, &type, 0) == GNUTLS_E_INVALID_REQUEST;
}

danepriv_status
danepriv_gnutls_serve(gnutls_session_t tls, const danepriv_server *server, danepriv_span chain,
    const danepriv_chain_serving *settings, const char *lowered_priority)
{
	danepriv_chain_serving known = { .size = sizeof known };
	gnutls_priority_t lowered = NULL;
	served *entry = NULL;
	serving *s;

	if (!tls || is_client(tls))
		return DANEPRIV_EINVAL;
	danepriv_status status =
	    settings ? dp_sized_read(settings, DP_CHAIN_SERVING_LEAST, &known, sizeof known)
		     : DANEPRIV_OK;
	if (status == DANEPRIV_OK)
		status = prepare(server, chain, &known, &entry);
	if (status == DANEPRIV_OK && lowered_priority)
		status = dp_priority_read(lowered_priority, NO_TLS13, &lowered);
	if (status == DANEPRIV_OK)
		status = serving_of(tls, &s);
	if (status != DANEPRIV_OK)
		goto out;
	put(s, entry);
	entry = NULL;
	if (lowered) {
		if (s->lowered)
			gnutls_priority_deinit(s->lowered);
		s->lowered = lowered;
		lowered = NULL;
		gnutls_handshake_set_hook_function(
		    tls, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE, danepriv_gnutls_hook);
	}
out:
	served_free(entry);
	if (lowered)
		gnutls_priority_deinit(lowered);
	return status;
}
