/* SPDX-License-Identifier: BSD-2-Clause
 * Which answers lack what would prove them, and can be taken back? */
#ifndef DP_DNSSEC_LACKING_H
#define DP_DNSSEC_LACKING_H

#include "dnssec/questions.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>

/* Of a verdict that is bogus for this: is something missing, and nothing there that is wrong? */
bool dp_lacking_is_reason(danepriv_reason reason);

/* The answer to `question` came.  Does it lack signatures, keys or a denial, where `reason` is why
 * the whole is bogus? */
bool dp_lacking_answer(const dp_validator *v, const dp_question *question, danepriv_reason reason);

/* Takes back what an answer brought, and all that was found but for what is secure: as if it were
 * still to come.  Its octets stay, and count. */
void dp_lacking_withdraw(dp_validator *v, const dp_question *question);
/* The answer counts again. */
void dp_lacking_restore(dp_validator *v, const dp_question *question);

#endif
