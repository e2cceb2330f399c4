/* SPDX-License-Identifier: BSD-2-Clause
 * How is it told what is proven of a server? */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include <danepriv/records.h>
#include <stdbool.h>

/* Can another process be shown what was proven?  Zero: nobody asked. */
typedef enum cli_export {
	CLI_EXPORT_UNASKED = 0,
	CLI_EXPORT_DONE,
	CLI_EXPORT_UNPROVEN, /* nothing was proven, or only to us */
	CLI_EXPORT_ALIAS,    /* the name is one, and was followed */
	CLI_EXPORT_ENDED,    /* it holds no longer than now */
	CLI_EXPORT_TOO_LARGE /* no cache takes it */
} cli_export;

/* For people, or as one JSON object on one line; `name`: as it was asked for.  False, and said so,
 * when that fails. */
bool cli_tell_proof(const char *name, const danepriv_server *server,
    const danepriv_records *records, cli_export export, bool json);

#endif
