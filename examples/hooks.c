/* SPDX-License-Identifier: BSD-2-Clause
 * What does a resolver with hooks of its own call at each of them?
 *
 *	hooks SERVER ADDRESS CERTIFICATE.der TLSA-RECORD STRICT-DOMAIN DOMAIN...
 *
 * The resolver has validated the record, and the NS records of all domains, itself.  One connection
 * to the address shows the certificate; each domain then has a question for it.  STRICT-DOMAIN and
 * what is below it is strict, the rest is opportunistic. */
#include "read_file.h"

#include <danepriv/danepriv.h>

#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

/* Where records were validated: they go into the cache, with the address of the server. */
static danepriv_status
on_records(danepriv_cache *cache, const danepriv_server *server, const struct sockaddr *address,
    const char *record, danepriv_time now)
{
	static uint8_t octets[65535];
	danepriv_span rdata = { octets, 0 };
	danepriv_records *records = NULL;
	danepriv_address read;

	danepriv_status status =
	    danepriv_record_read(record, octets, sizeof octets, &rdata.len, NULL);
	if (status == DANEPRIV_OK) /* a minute: the TTL that came with the record */
		status = danepriv_records_vouch(server, NULL, DANEPRIV_SECURITY_SECURE,
		    DANEPRIV_REASON_NONE, &rdata, 1, now + 60, &records);
	if (status == DANEPRIV_OK)
		status = danepriv_cache_put(cache, records, now);
	if (status == DANEPRIV_OK)
		status = danepriv_address_read(address, server->transport, &read);
	if (status == DANEPRIV_OK)
		status = danepriv_cache_bind(cache, &read, server);
	danepriv_records_free(records);
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

	printf("%s: %s; over TLS: %s\n", domain,
	    channels == DANEPRIV_CHANNELS_NONE	      ? "not to be asked"
	    : channels == DANEPRIV_CHANNELS_ENCRYPTED ? "only over TLS"
						      : "over TLS or in clear",
	    danepriv_word(DANEPRIV_KIND_DECISION, decision));
}

/* Where a handshake is complete, and then each question. */
static danepriv_status
serve(const danepriv_hooks *hooks, const danepriv_server *server, const struct sockaddr *address,
    const danepriv_credential *credential, char **domains)
{
	danepriv_judged judged = { .size = sizeof judged };
	danepriv_time now = time(NULL);

	danepriv_status status =
	    danepriv_hooks_judge(hooks, server, address, credential, now, &judged, NULL);
	printf("%s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, judged.finding));
	(void)danepriv_hooks_note(
	    hooks, address, server->transport, DANEPRIV_EVENT_COMPLETED, 0, now);
	for (; *domains; domains++)
		on_question(hooks, *domains, server, address, &judged, now);
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
		fprintf(stderr, "usage: hooks SERVER IPV4-ADDRESS CERTIFICATE.der TLSA-RECORD "
				"STRICT-DOMAIN DOMAIN...\n");
		return 2;
	}
	const danepriv_server server = { .name = argv[1] };
	danepriv_span certificate = { der, read_file(argv[3], der, sizeof der) };
	const danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &certificate, 1 };

	danepriv_status status =
	    certificate.len > 0 ? danepriv_open(NULL, &ctx) : DANEPRIV_EMALFORMED;
	if (status == DANEPRIV_OK)
		status = danepriv_cache_new(NULL, &cache);
	if (status == DANEPRIV_OK)
		status = danepriv_rules_new(DANEPRIV_PROFILE_OPPORTUNISTIC, &rules);
	if (status == DANEPRIV_OK)
		status =
		    danepriv_rules_add(rules, DANEPRIV_RULE_ZONE, argv[5], DANEPRIV_PROFILE_STRICT);
	if (status == DANEPRIV_OK)
		status = on_records(cache, &server, address, argv[4], time(NULL));
	const danepriv_hooks hooks = { sizeof hooks, ctx, cache, rules };
	if (status == DANEPRIV_OK)
		status = serve(&hooks, &server, address, &credential, argv + 6);
	if (status != DANEPRIV_OK)
		fprintf(stderr, "hooks: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_rules_free(rules);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return status == DANEPRIV_OK ? 0 : 1;
}
