/* SPDX-License-Identifier: BSD-2-Clause
 * Does what was found of a peer still stand? */
#ifndef DP_POLICY_STANDING_H
#define DP_POLICY_STANDING_H

#include <danepriv/judge.h>
#include <stdbool.h>

/* RFC 9102 section 7: while a server is pinned, nothing but proof counts.  `pinned`: the end of its
 * pin, INT64_MIN for none.  `security`: of the evidence that holds at `now`, UNKNOWN for none. */
bool dp_standing_is_downgrade(danepriv_time pinned, danepriv_security security, danepriv_time now);

/* Was anything found, by the keys that are expected now?  `generation`: of the keys that it was
 * found by; `expected`: of those that the cache has by now, 0 for none.  A downgrade does not stand: its
 * evidence is what was missing. */
bool dp_standing_lasts(danepriv_finding finding, uint64_t generation, uint64_t expected);

#endif
