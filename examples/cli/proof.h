/* SPDX-License-Identifier: BSD-2-Clause
 * How is it told what is proven of a server? */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include <danepriv/records.h>
#include <stdbool.h>

/* For people, or as one JSON object on one line; `name`: as it was asked for.  False, and said so,
 * when that fails. */
bool cli_tell_proof(
    const char *name, const danepriv_server *server, const danepriv_records *records, bool json);

#endif
