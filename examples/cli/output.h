/* SPDX-License-Identifier: BSD-2-Clause
 * How are results told?  To people a fact a line, to scripts one JSON object on one line. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "advice.h"

#include <jansson.h>
#include <stdbool.h>

/* Sets `finding`, and of the record that matched `record`, `usage`, `selector`, `matching` and
 * `depth`, which are null when none did.  `verdict->each` holds `count` records. */
void cli_json_verdict(json_t *object, const danepriv_verdict *verdict, size_t count);
/* The same for people.  `mismatch`: why nothing matched, where that is not another key (advice.h);
 * or NULL. */
void cli_print_verdict(const danepriv_verdict *verdict, size_t count, const char *mismatch);

/* Sets `status`, and `reason` (or null). */
void cli_json_proof(json_t *object, danepriv_security security, danepriv_reason reason);

/* Sets `stream` (answered, failed, or null) and `upstream_ede`. */
void cli_json_carriage(json_t *object, cli_carriage carriage);

/* An array with an object per record. */
json_t *cli_json_record_verdicts(const danepriv_record_verdict *each, size_t count);
/* The same for people. */
void cli_print_record_verdicts(const danepriv_record_verdict *each, size_t count);

/* Prints the object on one line and lets go of it.  False, and said so, when that fails. */
bool cli_print_json(json_t *object);
/* Was all that was printed also written?  False, and said so, when not. */
bool cli_flush(void);

#endif
