/* SPDX-License-Identifier: BSD-2-Clause
 * What does a resolver with hooks of its own call at each of them?
 *
 *	hooks SERVER ADDRESS CERTIFICATE RECORD STRICT-DOMAIN DOMAIN...
 *
 * The resolver has validated the TLSA record, and the NS records of all domains, itself.  One
 * connection to the IPv4 address shows the certificate, a file in DER; each domain then has a
 * question for it.  STRICT-DOMAIN and what is below it is strict, the rest is opportunistic. */
#include "read_file.h"
#include "vouch.h"

#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

/* Where records were validated: they go into the cache, and so does where their server is. */
static danepriv_status
on_records(danepriv_cache *cache, const danepriv_server *server, const struct sockaddr *address,
    const char *record, danepriv_time now)
{
	danepriv_address read;

	danepriv_status status = vouch(cache, server, record, 60, now);
	if (status == DANEPRIV_OK)
		status = danepriv_address_read(address, server->transport, &read);
	if (status == DANEPRIV_OK)
		status = danepriv_cache_bind(cache, &read, server);
	return status;
}

/* Where a question is about to be sent. */
static void
on_question(const danepriv_hooks *hooks, const char *domain, const danepriv_server *server,
    const struct sockaddr *address, const danepriv_judged *judged, danepriv_time now)
{
	danepriv_channels channels = danepriv_hooks_channels(
	    hooks, domain, server, DANEPRIV_PROVENANCE_SECURE, address, now);
	danepriv_decision decision = danepriv_hooks_decide(hooks, domain, server,
	    DANEPRIV_PROVENANCE_SECURE, judged, DANEPRIV_CHANNEL_ENCRYPTED, now);
	bool clear = channels == DANEPRIV_CHANNELS_CLEAR || channels == DANEPRIV_CHANNELS_BOTH;

	printf("%s: in clear: %s; over TLS: %s\n", domain, clear ? "if need be" : "never",
	    danepriv_word(DANEPRIV_KIND_DECISION, decision));
}

/* Where a handshake is complete, and then each question. */
static danepriv_status
serve(const danepriv_hooks *h, const danepriv_server *server, const struct sockaddr *address,
    const danepriv_credential *shown, char **domains)
{
	danepriv_judged judged = { .size = sizeof judged };
	danepriv_time now = time(NULL);

	danepriv_status status =
	    danepriv_hooks_judge(h, server, address, shown, now, &judged, NULL);
	printf("%s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, judged.finding));
	(void)danepriv_hooks_note(h, address, server->transport, DANEPRIV_EVENT_COMPLETED, 0, now);
	for (; *domains; domains++)
		on_question(h, *domains, server, address, &judged, now);
	return status;
}

int
main(int argc, char **argv)
{
	static uint8_t der[1 << 16];
	struct sockaddr_in socket = { .sin_family = AF_INET };
	const struct sockaddr *address = (const struct sockaddr *)&socket;
	danepriv_rules *rules = NULL;
	danepriv_cache *cache = NULL;
	danepriv *ctx = NULL;

	if (argc < 7 || inet_pton(AF_INET, argv[2], &socket.sin_addr) != 1) {
		fprintf(stderr,
		    "usage: hooks SERVER ADDRESS CERTIFICATE RECORD STRICT-DOMAIN DOMAIN...\n");
		return 2;
	}
	const danepriv_server server = { .name = argv[1] };
	danepriv_span certificate = { der, read_file(argv[3], der, sizeof der) };
	const danepriv_credential shown = { DANEPRIV_CREDENTIAL_X509, &certificate, 1 };
	danepriv_status status = certificate.len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
	if (status == DANEPRIV_OK && (status = danepriv_open(NULL, &ctx)) == DANEPRIV_OK &&
	    (status = danepriv_cache_new(NULL, &cache)) == DANEPRIV_OK &&
	    (status = danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules)) == DANEPRIV_OK &&
	    (status = danepriv_rules_add(
		 rules, DANEPRIV_RULE_ZONE, argv[5], DANEPRIV_PROFILE_STRICT)) == DANEPRIV_OK &&
	    (status = on_records(cache, &server, address, argv[4], time(NULL))) == DANEPRIV_OK)
		status = serve(&(danepriv_hooks){ sizeof(danepriv_hooks), ctx, cache, rules },
		    &server, address, &shown, argv + 6);
	if (status != DANEPRIV_OK)
		fprintf(stderr, "hooks: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_rules_free(rules);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return status == DANEPRIV_OK ? 0 : 1;
}
