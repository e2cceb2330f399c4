/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to mend?  A sentence for the operator. */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include <danepriv/policy.h>
#include <danepriv/word.h>
#include <stdbool.h>

/* Room for any sentence from here. */
#define CLI_SENTENCE_MAX 480

/* Why a proof is what it is, and what would change it; "" where there is nothing to say. */
void cli_explain_proof(danepriv_security security, danepriv_reason reason, char *text, size_t room);

/* How the answers of a lookup came. */
typedef struct cli_carriage {
	danepriv_stream stream;
	int upstream_ede; /* -1: none */
} cli_carriage;

cli_carriage cli_carriage_of(const danepriv_records *records);

/* Appends what there is to say of it to the sentence about a proof, if that is not empty: what TCP
 * brought, and the resolver's own word. */
void cli_add_carriage(cli_carriage carriage, danepriv_security security, danepriv_reason reason,
    char *text, size_t room);

/* Why no record matches, in as far as it is not that another key was shown: one is meant in another
 * way (`hinted`), or what leads to an authority is at fault, or took too long.  NULL: another key,
 * or no mismatch. */
const char *cli_mismatch_text(const danepriv_verdict *verdict, bool hinted);

/* The same as of a proof for a verdict; `mismatch` is the text from above.  UNJUDGED is for the
 * caller to explain: it knows what is missing. */
void cli_explain_verdict(
    const danepriv_verdict *verdict, const char *mismatch, char *text, size_t room);

#endif
