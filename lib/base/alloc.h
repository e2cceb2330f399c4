/* SPDX-License-Identifier: BSD-2-Clause
 * Where does memory come from?  All of it from here, so that tests can link a version that fails.
 */
#ifndef DP_BASE_ALLOC_H
#define DP_BASE_ALLOC_H

#include <stddef.h>

/* Zeroed room for `count` things of `size` octets; NULL when the product overflows or memory is
 * out.  Free with dp_free. */
void *dp_alloc(size_t count, size_t size);

/* As realloc for `count` things of `size`; the old block stays valid when NULL is returned. */
void *dp_realloc(void *block, size_t count, size_t size);

void dp_free(void *block);

#endif
