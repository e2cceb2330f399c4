/* SPDX-License-Identifier: BSD-2-Clause
 * How does what was proven survive a restart?
 *
 *	cache_file FILE RESOLVER[@PORT] ANCHORS NAME...
 *
 * Takes what the file proves, looks up what is missing, and writes the file again.  Of the file no
 * more is believed than its signatures prove: whoever writes it can leave servers out. */
#include "look_up.h"
#include "read_file.h"

#include <stdio.h>
#include <time.h>

/* Every proof that holds; where one cannot be read, nothing behind it can. */
static void
load(danepriv_cache *cache, const danepriv *ctx, const char *path)
{
	static uint8_t octets[1 << 24];
	danepriv_span left = { octets, read_file(path, octets, sizeof octets) };
	danepriv_status status = DANEPRIV_OK;
	size_t used;

	while (left.len > 0 && (status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND)) {
		status = danepriv_cache_import(cache, ctx, left, time(NULL), &used);
		left = (danepriv_span){ left.data + used, left.len - used };
	}
}

static danepriv_status
save(danepriv_cache *cache, const char *path, danepriv_time now)
{
	static uint8_t octets[DANEPRIV_EXPORT_MAX];
	FILE *file = fopen(path, "wb");
	danepriv_status status = file ? DANEPRIV_OK : DANEPRIV_EINVAL;
	uint64_t position = 0;
	size_t len;

	while (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN) {
		status = danepriv_cache_export(cache, now, &position, octets, sizeof octets, &len);
		if (status == DANEPRIV_OK && fwrite(octets, 1, len, file) != len)
			status = DANEPRIV_EINVAL;
	}
	if (file && fclose(file) != 0)
		return DANEPRIV_EINVAL;
	return status == DANEPRIV_ENOTFOUND ? DANEPRIV_OK : status; /* that was the last one */
}

/* Who is not known is looked up, with what proves it to others. */
static danepriv_status
tell(danepriv_cache *cache, const danepriv *ctx, danepriv_getdns *dns, const char *name)
{
	const danepriv_server server = { .name = name };
	danepriv_records *records = NULL;
	danepriv_chain *chain = NULL;

	danepriv_status status = danepriv_cache_get(cache, &server, time(NULL), &records);
	const char *from = status == DANEPRIV_OK ? "file" : "lookup";
	if (status == DANEPRIV_ENOTFOUND)
		status = look_up(dns, ctx, &server, &records, &chain);
	if (status == DANEPRIV_OK && chain)
		status = danepriv_cache_put_proof(
		    cache, records, danepriv_chain_octets(chain), time(NULL));
	danepriv_security security = danepriv_records_security(records);
	if (status == DANEPRIV_OK)
		printf(
		    "%s: %s, by %s\n", name, danepriv_word(DANEPRIV_KIND_SECURITY, security), from);
	danepriv_chain_free(chain);
	danepriv_records_free(records);
	return status;
}

int
main(int argc, char **argv)
{
	danepriv_cache *cache = NULL;
	danepriv_getdns *dns = NULL;
	danepriv *ctx = NULL;
	danepriv_status status;

	if (argc < 5) {
		fprintf(stderr, "usage: cache_file FILE RESOLVER[@PORT] ANCHORS NAME...\n");
		return 2;
	}
	const danepriv_settings settings = { .size = sizeof settings, .anchors = argv[3] };
	const char *upstreams[] = { argv[2] };
	if ((status = danepriv_open(&settings, &ctx)) == DANEPRIV_OK &&
	    (status = danepriv_cache_new(NULL, &cache)) == DANEPRIV_OK &&
	    (status = danepriv_getdns_open(upstreams, 1, &dns)) == DANEPRIV_OK)
		load(cache, ctx, argv[1]);
	for (int i = 4; i < argc && status == DANEPRIV_OK; i++)
		status = tell(cache, ctx, dns, argv[i]);
	if (status != DANEPRIV_OK || (status = save(cache, argv[1], time(NULL))) != DANEPRIV_OK)
		fprintf(
		    stderr, "%s: %s\n", argv[0], danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_getdns_close(dns);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return status == DANEPRIV_OK ? 0 : 1;
}
