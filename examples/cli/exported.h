/* SPDX-License-Identifier: BSD-2-Clause
 * What of all that was looked up may another process be shown? */
#ifndef CLI_EXPORTED_H
#define CLI_EXPORTED_H

#include "proof.h"

#include <danepriv/chain.h>

/* Proofs as danepriv_cache_import reads them, one after the other.  Zero it first. */
typedef struct cli_exported {
	uint8_t *octets;
	size_t len, room;
} cli_exported;

/* Adds the proof of one server.  `chain`: NULL where there is none.  *out: what came of it.  False,
 * and said so, when memory is out. */
bool cli_exported_add(cli_exported *all, const danepriv_server *server,
    const danepriv_records *records, const danepriv_chain *chain, cli_export *out);

/* All of them in place of what the file holds; where there are none, the file stays.  False, and
 * said so, when that fails. */
bool cli_exported_write(const cli_exported *all, const char *path);

void cli_exported_free(cli_exported *all);

#endif
