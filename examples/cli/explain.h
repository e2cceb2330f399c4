/* SPDX-License-Identifier: BSD-2-Clause
 * What is in a chain, and who vouches for what?  As a tree, from the top. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <danepriv/chain.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The records of a chain.  Zeroed: none. */
typedef struct cli_explained {
	danepriv_chain_record *records;
	size_t count;
} cli_explained;

/* Takes a chain apart.  False, and said so, when that fails. */
bool cli_explain_chain(const danepriv *ctx, const danepriv_server *server, danepriv_span chain,
    danepriv_time now, cli_explained *out);
void cli_explained_free(cli_explained *explained);

/* A line for each set of records, below the keys that sign it. */
void cli_print_explained(const cli_explained *explained);
/* An object for each record, in the order of the chain. */
json_t *cli_json_explained(const cli_explained *explained);

#endif
