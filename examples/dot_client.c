/* SPDX-License-Identifier: BSD-2-Clause
 * How does a client make sure of a DNS-over-TLS server before it asks anything?
 *
 *	dot_client NAME ADDRESS PORT RESOLVER[@PORT] [ANCHORS]
 *
 * Strict: looks up the TLSA records at `_853._tcp.NAME`, connects, and says whether questions may
 * go over the connection.  NAME is configured by who calls: never give one that came out of DNS.
 * The port to connect to may differ from 853, as it does in the tests. */
#include "connect_to.h"
#include "look_up.h"

#include <danepriv/gnutls.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Connects and stores what may be done with the connection.  1: make it again, once, since with
 * GnuTLS the server's own proof ends a handshake.  0: that was all, and the reason is printed. */
static int
judge(danepriv_session *session, const char *address, const char *port, danepriv_decision *out)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.init_flags = GNUTLS_CLIENT | DANEPRIV_GNUTLS_RAW_KEY_FLAGS };
	danepriv_verdict why = { .size = sizeof why };
	gnutls_certificate_credentials_t none = NULL;
	gnutls_session_t tls = NULL;
	int result, again = 0, fd = connect_to(address, port);

	*out = DANEPRIV_DECISION_REFUSE;
	if (fd < 0 || gnutls_init(&tls, settings.init_flags) < 0 ||
	    gnutls_certificate_allocate_credentials(&none) < 0 ||
	    gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, none) < 0 ||
	    danepriv_gnutls_guard(tls, session, &settings, time(NULL), NULL) != DANEPRIV_OK) {
		fprintf(stderr, "no connection to %s@%s\n", address, port);
		goto out;
	}
	gnutls_transport_set_int(tls, fd);
	gnutls_handshake_set_timeout(tls, 5000);
	do
		result = gnutls_handshake(tls);
	while (result < 0 && !gnutls_error_is_fatal(result));
	*out = danepriv_gnutls_decide(
	    tls, session, DANEPRIV_PROVENANCE_CONFIGURED, result, time(NULL), &why);
	again = danepriv_gnutls_must_reconnect(tls);
	if (!again)
		printf("%s%s; %s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, why.finding),
		    why.attack ? ": a likely attack" : "",
		    danepriv_sentence(DANEPRIV_KIND_DECISION, *out));
out:
	if (tls)
		gnutls_deinit(tls);
	if (none)
		gnutls_certificate_free_credentials(none);
	if (fd >= 0)
		close(fd);
	return again;
}

int
main(int argc, char **argv)
{
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_records *records = NULL;
	danepriv_session *session = NULL;
	danepriv_getdns *dns = NULL;
	danepriv *ctx = NULL;
	danepriv_status status;

	if (argc < 5) {
		fprintf(stderr, "usage: dot_client NAME ADDRESS PORT RESOLVER[@PORT] [ANCHORS]\n");
		return 2;
	}
	const danepriv_settings settings = { .size = sizeof settings, .anchors = argv[5] };
	const danepriv_server server = { .name = argv[1], .aliases = DANEPRIV_ALIASES_FOLLOW };
	const char *upstreams[] = { argv[4] };
	if ((status = danepriv_open(&settings, &ctx)) == DANEPRIV_OK &&
	    (status = danepriv_getdns_open(upstreams, 1, &dns)) == DANEPRIV_OK &&
	    (status = danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session)) ==
		DANEPRIV_OK &&
	    (status = look_up(dns, ctx, &server, &records, NULL)) == DANEPRIV_OK &&
	    (status = danepriv_session_give_fetched_records(session, records)) == DANEPRIV_OK) {
		while (judge(session, argv[2], argv[3], &decision))
			;
	} else {
		fprintf(
		    stderr, "%s: %s\n", argv[0], danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	}
	danepriv_session_free(session);
	danepriv_records_free(records);
	danepriv_getdns_close(dns);
	danepriv_close(ctx);
	return decision == DANEPRIV_DECISION_PROCEED ? 0 : 1;
}
