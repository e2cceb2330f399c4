/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers are to be looked up again, before anybody misses their records?
 *
 *	due SECONDS CERTIFICATE.der [NAME TLSA-RECORD TTL]...
 *
 * The records are in the cache with their TTLs, and each server has shown the certificate once.
 * Told are those that authenticated themselves by it, and whose records end within the seconds: a
 * flood of names that nobody can use costs no lookups. */
#include "read_file.h"
#include "vouch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A server's record goes into the cache, and the server shows its certificate. */
static danepriv_status
put(danepriv_cache *cache, const danepriv *ctx, char **words, const danepriv_credential *shown,
    danepriv_time now)
{
	const danepriv_server server = { .name = words[0] };
	danepriv_verdict why = { .size = sizeof why };

	danepriv_status status = vouch(cache, &server, words[1], (uint32_t)atoi(words[2]), now);
	if (status == DANEPRIV_OK)
		status = danepriv_cache_evaluate(cache, ctx, &server, shown, now, &why);
	return status;
}

/* All that are due; each would be looked up now, by who may claim it. */
static void
tell(danepriv_cache *cache, int seconds, danepriv_time now)
{
	danepriv_cache_due due = { .size = sizeof due };
	danepriv_status status;

	while ((status = danepriv_cache_next_due(cache, now + seconds, now, &due)) !=
	       DANEPRIV_ENOTFOUND) {
		danepriv_server_state state = { .size = sizeof state };
		const danepriv_server server = { due.name, due.port, due.transport, due.aliases,
			due.label[0] ? due.label : NULL };
		if (status != DANEPRIV_OK ||
		    danepriv_cache_get_server_state(cache, &server, now, &state) != DANEPRIV_OK ||
		    danepriv_cache_claim(cache, &server, now, NULL) != DANEPRIV_OK)
			continue;
		printf("%s: %lld seconds left, authenticated by record %zu\n", due.name,
		    (long long)(state.valid_until - now), state.record);
	}
}

int
main(int argc, char **argv)
{
	static uint8_t der[1 << 16];
	danepriv_time now = time(NULL);
	danepriv_cache *cache = NULL;
	danepriv *ctx = NULL;

	if (argc < 3 || argc % 3 != 0) {
		fprintf(stderr, "usage: due SECONDS CERTIFICATE.der [NAME TLSA-RECORD TTL]...\n");
		return 2;
	}
	danepriv_span certificate = { der, read_file(argv[2], der, sizeof der) };
	const danepriv_credential shown = { DANEPRIV_CREDENTIAL_X509, &certificate, 1 };
	danepriv_status status = certificate.len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
	if (status == DANEPRIV_OK && (status = danepriv_open(NULL, &ctx)) == DANEPRIV_OK)
		status = danepriv_cache_new(NULL, &cache);
	for (int i = 3; i < argc && status == DANEPRIV_OK; i += 3)
		status = put(cache, ctx, argv + i, &shown, now);
	if (status == DANEPRIV_OK)
		tell(cache, atoi(argv[1]), now);
	else
		fprintf(stderr, "due: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return status == DANEPRIV_OK ? 0 : 1;
}
