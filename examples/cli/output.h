/* SPDX-License-Identifier: BSD-2-Clause
 * How are results told?  To people a fact a line, to scripts one JSON object on one line. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "advice.h"

#include <jansson.h>
#include <stdbool.h>

/* The library's enums as words: their names, lowered, with hyphens.  "unknown" for the unknown. */
const char *cli_finding_word(danepriv_finding finding);
const char *cli_judgement_word(danepriv_judgement judgement);
const char *cli_record_reason_word(danepriv_record_reason reason);
const char *cli_proof_word(danepriv_security security);
const char *cli_reason_word(danepriv_reason reason);
const char *cli_source_word(danepriv_source source);	   /* dns, chain, ... */
const char *cli_decision_word(danepriv_decision decision); /* authenticated, refuse, ... */

/* Sets `finding`, and of the record that matched `record`, `usage`, `selector`, `matching` and
 * `depth`, which are null when none did.  `verdict->each` holds `count` records. */
void cli_json_verdict(json_t *object, const danepriv_verdict *verdict, size_t count);
/* The same for people.  `mismatch`: why nothing matched, where that is not another key (advice.h);
 * or NULL. */
void cli_print_verdict(const danepriv_verdict *verdict, size_t count, const char *mismatch);

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
