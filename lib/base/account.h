/* SPDX-License-Identifier: BSD-2-Clause
 * How much may this cost still?  In thousandths of a P-256 verification (DP_WORK_UNIT). */
#ifndef DP_BASE_ACCOUNT_H
#define DP_BASE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/* Takes the price off what is left.  False: it is more, and nothing is left then. */
static inline bool
dp_account_pay(uint64_t *left, uint64_t price)
{
	bool is_enough = price <= *left;

	*left = is_enough ? *left - price : 0;
	return is_enough;
}

#endif
