/* SPDX-License-Identifier: BSD-2-Clause
 * For which addresses do resolvers answer by themselves?  (RFC 6303) */
#ifndef DP_DNSSEC_SERVED_H
#define DP_DNSSEC_SERVED_H

#include "dns/name.h"

#include <stdbool.h>

/* Is `name` one of the zones in the reverse tree that a stock resolver serves itself, or within
 * one?  Then it never asks their owner, unless it is told to. */
bool dp_served_locally(dp_name name);

#endif
