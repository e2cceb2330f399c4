/* SPDX-License-Identifier: BSD-2-Clause
 * Until when does what was found out count? */
#ifndef DP_DNSSEC_ROUND_H
#define DP_DNSSEC_ROUND_H

#include "dnssec/validator.h"

#include <danepriv/records.h>

/* Changes with each answer or failure, and with nothing else: what waits need not be looked at
 * again before. */
unsigned dp_round_now(const dp_validator *v);
/* What was found: for how long is it to be remembered, when it had to do without `without`, and
 * zones less deep than `depth` are being checked still? */
unsigned dp_round_remember(
    dp_validator *v, danepriv_security security, unsigned without, unsigned depth);
/* The verdict is a failure, and nothing is asked any more: was something that failed judged before
 * the last answer came?  It is forgotten then, so that all of it can be judged by all answers. */
bool dp_round_forget_failures(dp_validator *v);

#endif
