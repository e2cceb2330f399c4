/* SPDX-License-Identifier: BSD-2-Clause
 * Are these the same octets? */
#ifndef DP_BASE_SPAN_H
#define DP_BASE_SPAN_H

#include <danepriv/status.h>
#include <stdbool.h>

/* Same length, same octets.  Two empty spans are equal.  Not constant-time. */
bool dp_span_equal(danepriv_span a, danepriv_span b);
/* Order as unsigned octet strings, a prefix first (RFC 4034 section 6.3). */
int dp_span_compare(danepriv_span a, danepriv_span b);

#endif
