/* SPDX-License-Identifier: BSD-2-Clause
 * Which keys may an IKE daemon have before its peers speak, of whom, and until when?
 *
 *	ike_keys PROOFS ANCHORS NAME...
 *
 * Somebody else looked the names up (`danepriv lookup NAME... --transport ipsec --proofs PROOFS`).
 * Nobody is asked here, and of the file no more is believed than it proves.  For each key that is
 * published whole a line: the name, the last second, and the SubjectPublicKeyInfo in hex.  The key
 * is that name's, and not that of any address.  Exit status 1: some name has no such key. */
#include "read_file.h"

#include <danepriv/danepriv.h>
#include <danepriv/ike.h>

#include <stdio.h>
#include <time.h>

/* Every proof that holds; where one cannot be read, nothing behind it can. */
static void
load(danepriv_cache *cache, const danepriv *ctx, const char *path, danepriv_time now)
{
	static uint8_t octets[1 << 23];
	danepriv_span left = { octets, read_file(path, octets, sizeof octets) };
	danepriv_status status = DANEPRIV_OK;
	size_t used;

	while (left.len > 0 && (status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND)) {
		status = danepriv_cache_import(cache, ctx, left, now, &used);
		left = (danepriv_span){ left.data + used, left.len - used };
	}
}

/* How many keys of one name were told. */
static size_t
tell(danepriv_cache *cache, const danepriv *ctx, const char *name, danepriv_time now)
{
	const danepriv_server server = { .name = name, .transport = DANEPRIV_TRANSPORT_IPSEC };
	danepriv_records *records = NULL;
	danepriv_span key;
	size_t told = 0;

	danepriv_status status = danepriv_cache_get(cache, &server, now, &records);
	while (status == DANEPRIV_OK &&
	       (status = danepriv_ike_key(ctx, records, told, now, &key, NULL)) == DANEPRIV_OK) {
		printf("%s %lld ", name, (long long)danepriv_records_valid_until(records));
		for (size_t i = 0; i < key.len; i++)
			printf("%02x", key.data[i]);
		printf("\n");
		told++;
	}
	if (told == 0)
		fprintf(stderr, "%s: no key is proven whole: %s\n", name,
		    records
			? danepriv_word(DANEPRIV_KIND_SECURITY, danepriv_records_security(records))
			: danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	danepriv_records_free(records);
	return told;
}

int
main(int argc, char **argv)
{
	static uint8_t anchors[1 << 16];
	danepriv_settings settings = { .size = sizeof settings, .anchors = (const char *)anchors };
	danepriv_time now = time(NULL);
	danepriv_cache *cache = NULL;
	danepriv *ctx = NULL;
	int result = 0;

	if (argc < 4 || read_file(argv[2], anchors, sizeof anchors) == 0) {
		fprintf(stderr, "usage: ike_keys PROOFS ANCHORS NAME...\n");
		return 2;
	}
	danepriv_status status = danepriv_open(&settings, &ctx);
	if (status == DANEPRIV_OK && (status = danepriv_cache_new(NULL, &cache)) == DANEPRIV_OK)
		load(cache, ctx, argv[1], now);
	else
		fprintf(stderr, "ike_keys: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	for (int i = 3; i < argc; i++)
		if (status != DANEPRIV_OK || tell(cache, ctx, argv[i], now) == 0)
			result = 1;
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	return result;
}
