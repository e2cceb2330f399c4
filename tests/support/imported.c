/* SPDX-License-Identifier: BSD-2-Clause
 * What does a process that asks nobody take from a file of proofs?
 *
 * imported FILE ANCHORS NAME...: for each proof in the file a line `proof WORD OCTETS`, where WORD is
 * taken, refused or junk; then for each name and each transport over which it is known a line
 * `NAME TRANSPORT SECURITY RECORDS`, the names as they were given. */
#include <danepriv/cache.h>
#include <danepriv/danepriv.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ANCHORS_MAX 65536
#define OCTETS_MAX (1u << 26)

static size_t
read_whole(const char *path, void *out, size_t room)
{
	FILE *stream = fopen(path, "rb");
	size_t len = stream ? fread(out, 1, room, stream) : 0;

	if (stream)
		(void)fclose(stream);
	return len;
}

static void
import(danepriv_cache *cache, const danepriv *ctx, danepriv_span left)
{
	danepriv_status status = DANEPRIV_OK;
	size_t used;

	while (left.len > 0 && (status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND)) {
		status = danepriv_cache_import(cache, ctx, left, time(NULL), &used);
		(void)printf("proof %s %zu\n",
		    status == DANEPRIV_OK	   ? "taken"
		    : status == DANEPRIV_ENOTFOUND ? "refused"
						   : "junk",
		    used);
		left = (danepriv_span){ left.data + used, left.len - used };
	}
}

static void
tell(danepriv_cache *cache, const char *name)
{
	static const char *const words[] = { "dot", "doh", "doq", "dtls", "ipsec", "doh3" };

	for (int i = 0; i < 6; i++) {
		const danepriv_server server = { .name = name, .transport = (danepriv_transport)i };
		danepriv_records *records = NULL;
		if (danepriv_cache_get(cache, &server, time(NULL), &records) == DANEPRIV_OK)
			(void)printf("%s %s %s %zu\n", name, words[i],
			    danepriv_word(
				DANEPRIV_KIND_SECURITY, danepriv_records_security(records)),
			    danepriv_records_count(records));
		danepriv_records_free(records);
	}
}

int
main(int argc, char **argv)
{
	static char anchors[ANCHORS_MAX];
	danepriv_settings settings = { .size = sizeof settings, .anchors = anchors };
	uint8_t *octets = malloc(OCTETS_MAX);
	danepriv_cache *cache = NULL;
	danepriv *ctx = NULL;
	int result = EXIT_FAILURE;

	if (argc < 3 || !octets || read_whole(argv[2], anchors, sizeof anchors - 1) == 0 ||
	    danepriv_open(&settings, &ctx) != DANEPRIV_OK ||
	    danepriv_cache_new(NULL, &cache) != DANEPRIV_OK)
		goto out;
	import(cache, ctx, (danepriv_span){ octets, read_whole(argv[1], octets, OCTETS_MAX) });
	for (int i = 3; i < argc; i++)
		tell(cache, argv[i]);
	result = EXIT_SUCCESS;
out:
	danepriv_cache_free(cache);
	danepriv_close(ctx);
	free(octets);
	return result;
}
