/* SPDX-License-Identifier: BSD-2-Clause
 * How does a client make sure of a DNS-over-TLS server before it asks anything?
 *
 *	dot_client NAME ADDRESS PORT RESOLVER[@PORT] [ANCHORS]
 *
 * Strict: looks up the TLSA records at `_853._tcp.NAME`, connects, and says whether questions may
 * go over the connection.  NAME is configured by who calls: never give one that came out of DNS.
 * The port to connect to may differ from 853, as it does in the tests. */
#include "connect_to.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>
#include <danepriv/gnutls.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* What the owner of the server's name published, or NULL. */
static danepriv_records *
look_up(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server)
{
	danepriv_records *records = NULL;
	danepriv_lookup *lookup = NULL;

	if (danepriv_lookup_new(ctx, server, &lookup) == DANEPRIV_OK &&
	    danepriv_getdns_start(dns, lookup, 5000, time(NULL)) == DANEPRIV_OK &&
	    danepriv_getdns_run(dns, lookup) == DANEPRIV_OK &&
	    danepriv_lookup_finish(lookup, time(NULL), &records) != DANEPRIV_OK)
		fprintf(stderr, "no records\n");
	danepriv_lookup_free(lookup);
	return records;
}

/* May questions go over a connection to there?  The reason is printed; unless it is to be made
 * again, once, since with GnuTLS the server's own proof ends a handshake. */
static danepriv_decision
judge(danepriv_session *session, const char *address, const char *port, int *again)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.init_flags = GNUTLS_CLIENT | DANEPRIV_GNUTLS_RAW_KEY_FLAGS };
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	gnutls_certificate_credentials_t none = NULL;
	gnutls_session_t tls = NULL;
	int result, fd = connect_to(address, port);

	*again = 0;
	if (fd < 0 || gnutls_init(&tls, settings.init_flags) < 0 ||
	    gnutls_certificate_allocate_credentials(&none) < 0 ||
	    gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, none) < 0 ||
	    danepriv_gnutls_guard(tls, session, &settings, time(NULL), NULL) != DANEPRIV_OK)
		goto out;
	gnutls_transport_set_int(tls, fd);
	gnutls_handshake_set_timeout(tls, 5000);
	do
		result = gnutls_handshake(tls);
	while (result < 0 && !gnutls_error_is_fatal(result));
	decision = danepriv_gnutls_decide(
	    tls, session, DANEPRIV_PROVENANCE_CONFIGURED, result, time(NULL), &why);
	*again = danepriv_gnutls_must_reconnect(tls);
	if (*again)
		goto out;
	printf("%s%s; %s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, why.finding),
	    why.attack ? ": a likely attack" : "",
	    danepriv_sentence(DANEPRIV_KIND_DECISION, decision));
out:
	if (tls)
		gnutls_deinit(tls);
	if (none)
		gnutls_certificate_free_credentials(none);
	if (fd >= 0)
		close(fd);
	return decision;
}

int
main(int argc, char **argv)
{
	danepriv_settings settings = { .size = sizeof settings };
	danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
	danepriv_records *records = NULL;
	danepriv_session *session = NULL;
	danepriv_getdns *dns = NULL;
	danepriv *ctx = NULL;
	int again;

	if (argc < 5) {
		fprintf(stderr, "usage: dot_client NAME ADDRESS PORT RESOLVER[@PORT] [ANCHORS]\n");
		return 2;
	}
	danepriv_server server = { .name = argv[1], .aliases = DANEPRIV_ALIASES_FOLLOW };
	const char *upstreams[] = { argv[4] };
	settings.anchors = argc > 5 ? argv[5] : NULL;
	if (danepriv_open(&settings, &ctx) == DANEPRIV_OK &&
	    danepriv_getdns_open(upstreams, 1, &dns) == DANEPRIV_OK &&
	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session) == DANEPRIV_OK &&
	    (records = look_up(dns, ctx, &server)) != NULL &&
	    danepriv_session_give_fetched_records(session, records) == DANEPRIV_OK) {
		do
			decision = judge(session, argv[2], argv[3], &again);
		while (again);
	}
	danepriv_session_free(session);
	danepriv_records_free(records);
	danepriv_getdns_close(dns);
	danepriv_close(ctx);
	return decision == DANEPRIV_DECISION_PROCEED ? 0 : 1;
}
