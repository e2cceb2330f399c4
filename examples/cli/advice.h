/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to mend?  A sentence for the operator. */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include <danepriv/policy.h>

/* Room for any sentence from here. */
#define CLI_SENTENCE_MAX 320

/* Why a proof is what it is, and what would change it; "" where there is nothing to say. */
void cli_explain_proof(danepriv_proof proof, danepriv_reason reason, char *text, size_t room);

/* The same for a verdict.  UNJUDGED is for the caller to explain: it knows what is missing. */
void cli_explain_verdict(const danepriv_verdict *verdict, char *text, size_t room);

#endif
