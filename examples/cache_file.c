/* SPDX-License-Identifier: BSD-2-Clause
 * How does what was proven survive a restart?
 *
 *	cache_file FILE RESOLVER[@PORT] ANCHORS NAME...
 *
 * Takes what the file proves, looks up what is missing, and writes the file anew.  The file is
 * believed no more than its signatures are: whoever writes it can leave servers out, and no more.
*/
#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <stdio.h>
#include <time.h>

/* Every proof that holds; where one cannot be read, nothing behind it can. */
static void
load(danepriv_cache *cache, const danepriv *ctx, const char *path)
{
	static uint8_t octets[1 << 20];
	FILE *file = fopen(path, "rb");
	danepriv_span left = { octets, file ? fread(octets, 1, sizeof octets, file) : 0 };
	danepriv_status status = DANEPRIV_OK;
	size_t used;

	if (file)
		fclose(file);
	while (left.len > 0 && (status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND)) {
		status = danepriv_cache_import(cache, ctx, left, time(NULL), &used);
		left = (danepriv_span){ left.data + used, left.len - used };
	}
}

static danepriv_status
save(danepriv_cache *cache, FILE *file)
{
	static uint8_t octets[DANEPRIV_EXPORT_MAX];
	danepriv_status status;
	uint64_t position = 0;
	size_t len;

	do {
		status = danepriv_cache_export(
		    cache, time(NULL), &position, octets, sizeof octets, &len);
		if (status == DANEPRIV_OK && fwrite(octets, 1, len, file) != len)
			return DANEPRIV_EINVAL;
	} while (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN);
	return status == DANEPRIV_ENOTFOUND ? DANEPRIV_OK : status;
}

/* Looks a server up so that its proof can be told to others, and puts both. */
static danepriv_status
look_up(danepriv_cache *cache, const danepriv *ctx, danepriv_getdns *dns,
    const danepriv_server *server, danepriv_records **out)
{
	danepriv_lookup *lookup = NULL;
	danepriv_chain *chain = NULL;

	danepriv_status status = danepriv_lookup_new_chain(ctx, server, &lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_start(dns, lookup, 5000, time(NULL));
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_run(dns, lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, time(NULL), out);
	if (status == DANEPRIV_OK &&
	    danepriv_lookup_chain(lookup, time(NULL), &chain) == DANEPRIV_OK)
		status =
		    danepriv_cache_put_proof(cache, *out, danepriv_chain_octets(chain), time(NULL));
	danepriv_chain_free(chain);
	danepriv_lookup_free(lookup);
	return status;
}

static danepriv_status
tell(danepriv_cache *cache, const danepriv *ctx, danepriv_getdns *dns, const char *name)
{
	const danepriv_server server = { .name = name };
	danepriv_records *records = NULL;
	const char *from = "file";

	danepriv_status status = danepriv_cache_get(cache, &server, time(NULL), &records);
	if (status == DANEPRIV_ENOTFOUND) {
		from = "lookup";
		status = look_up(cache, ctx, dns, &server, &records);
	}
	if (status == DANEPRIV_OK)
		printf("%s: %s, by %s\n", name,
		    danepriv_word(DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
		    from);
	danepriv_records_free(records);
	return status;
}

int
main(int argc, char **argv)
{
	danepriv_settings settings = { .size = sizeof settings };
	danepriv_cache *cache = NULL;
	danepriv_getdns *dns = NULL;
	danepriv *ctx = NULL;
	FILE *file = NULL;

	if (argc < 5) {
		fprintf(stderr, "usage: cache_file FILE RESOLVER[@PORT] ANCHORS NAME...\n");
		return 2;
	}
	const char *upstreams[] = { argv[2] };
	settings.anchors = argv[3];
	danepriv_status status = danepriv_open(&settings, &ctx);
	if (status == DANEPRIV_OK)
		status = danepriv_cache_new(NULL, &cache);
	if (status == DANEPRIV_OK)
		status = danepriv_getdns_open(upstreams, 1, &dns);
	if (status == DANEPRIV_OK)
		load(cache, ctx, argv[1]);
	for (int i = 4; i < argc && status == DANEPRIV_OK; i++)
		status = tell(cache, ctx, dns, argv[i]);
	if (status == DANEPRIV_OK)
		status = (file = fopen(argv[1], "wb")) ? save(cache, file) : DANEPRIV_EINVAL;
	if (file && fclose(file) != 0)
		status = DANEPRIV_EINVAL;
	if (status != DANEPRIV_OK)
		fprintf(
		    stderr, "cache_file: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_getdns_close(dns);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return status == DANEPRIV_OK ? 0 : 1;
}
