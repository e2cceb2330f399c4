/* SPDX-License-Identifier: BSD-2-Clause
 * What of all that was looked up may another process be shown?
 *
 * Each server has a cache to itself for the moment.  So what one owner publishes, be it as large as
 * a chain may be, takes no room from others, and nobody's proof is missing without being told. */
#include "exported.h"

#include "options.h"
#include "replace.h"

#include <danepriv/cache.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Octets of a cache that has room for the largest proof. */
#define CACHE_OCTETS (4 * DANEPRIV_EXPORT_MAX)

/* Was the name followed as an alias?  Then they who refuse aliases are told nothing (cache.h). */
static bool
is_alias(danepriv_cache *cache, const danepriv_server *server, danepriv_time now)
{
	danepriv_server_state state = { .size = sizeof state };
	danepriv_server as_it_is = *server;

	as_it_is.aliases = DANEPRIV_ALIASES_REFUSE;
	return danepriv_cache_get_server_state(cache, &as_it_is, now, &state) != DANEPRIV_OK ||
	       state.security == DANEPRIV_SECURITY_UNKNOWN;
}

static bool
is_proven(const danepriv_records *records)
{
	danepriv_security security = danepriv_records_security(records);

	return security == DANEPRIV_SECURITY_SECURE || security == DANEPRIV_SECURITY_DENIED ||
	       security == DANEPRIV_SECURITY_INSECURE;
}

/* Through the cache; `octets` has DANEPRIV_EXPORT_MAX of them.  DONE: *len are written. */
static cli_export export(danepriv_cache *cache, const danepriv_server *server,
    const danepriv_records *records, const danepriv_chain *chain, uint8_t *octets, size_t *len)
{
	danepriv_time now = (danepriv_time)time(NULL);
	danepriv_status status = DANEPRIV_EAGAIN;
	uint64_t position = 0;

	if (!is_proven(records))
		return CLI_EXPORT_UNPROVEN;
	if (danepriv_records_valid_until(records) <= now ||
	    danepriv_cache_put(cache, records, now) != DANEPRIV_OK)
		return CLI_EXPORT_ENDED;
	if (is_alias(cache, server, now))
		return CLI_EXPORT_ALIAS;
	if (!chain)
		return danepriv_records_security(records) == DANEPRIV_SECURITY_INSECURE
			   ? CLI_EXPORT_UNPROVEN
			   : CLI_EXPORT_TOO_LARGE;
	if (danepriv_cache_put_proof(cache, records, danepriv_chain_octets(chain), now) !=
	    DANEPRIV_OK)
		return CLI_EXPORT_TOO_LARGE;
	while (status == DANEPRIV_EAGAIN)
		status =
		    danepriv_cache_export(cache, now, &position, octets, DANEPRIV_EXPORT_MAX, len);
	return status == DANEPRIV_OK ? CLI_EXPORT_DONE : CLI_EXPORT_TOO_LARGE;
}

/* Room for one more. */
static bool
grow(cli_exported *all)
{
	size_t room = 2 * all->room + DANEPRIV_EXPORT_MAX;

	if (all->room - all->len >= DANEPRIV_EXPORT_MAX)
		return true;
	uint8_t *larger = realloc(all->octets, room);
	if (!larger)
		return false;
	all->octets = larger;
	all->room = room;
	return true;
}

bool
cli_exported_add(cli_exported *all, const danepriv_server *server, const danepriv_records *records,
    const danepriv_chain *chain, cli_export *out)
{
	const danepriv_cache_settings settings = { .size = sizeof settings,
		.max_octets = CACHE_OCTETS };
	danepriv_cache *cache = NULL;
	size_t len = 0;

	if (!grow(all) || danepriv_cache_new(&settings, &cache) != DANEPRIV_OK) {
		cli_complain("out of memory");
		return false;
	}
	*out = export(cache, server, records, chain, all->octets + all->len, &len);
	all->len += len;
	danepriv_cache_free(cache);
	return true;
}

bool
cli_exported_write(const cli_exported *all, const char *path)
{
	if (all->len == 0) {
		cli_complain("no proof to be written: %.200s is left as it is", path);
		return true;
	}
	return cli_replace_file(path, (danepriv_span){ all->octets, all->len });
}

void
cli_exported_free(cli_exported *all)
{
	free(all->octets);
	memset(all, 0, sizeof *all);
}
