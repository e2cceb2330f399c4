/* SPDX-License-Identifier: BSD-2-Clause
 * What was shown to us, and what was asked?  Each look is charged. */
#ifndef DP_DNSSEC_LOOK_H
#define DP_DNSSEC_LOOK_H

#include "dns/name.h"
#include "dnssec/questions.h"
#include "dnssec/validator.h"

#include <danepriv/records.h>

/* As dp_evidence_find; also evidence.count when all work is to stop. */
size_t dp_look_find(dp_validator *v, dp_name name, uint16_t type, size_t from);
/* As dp_questions_ask; ANSWERED when all work is to stop. */
dp_question_state dp_look_ask(
    dp_validator *v, dp_name name, uint16_t type, danepriv_reason *reason);
/* Is an answer to this question still to come? */
bool dp_look_is_asked(dp_validator *v, dp_name name, uint16_t type);
/* What brought the answer to this question, from 1; 0: there is none. */
unsigned dp_look_source(dp_validator *v, dp_name name, uint16_t type);

#endif
