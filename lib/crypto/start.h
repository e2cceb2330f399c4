/* SPDX-License-Identifier: BSD-2-Clause
 * Are the libraries underneath ready? */
#ifndef DP_CRYPTO_START_H
#define DP_CRYPTO_START_H

#include <stdbool.h>

/* Initialises libsodium; may be called again.  False: it cannot be used. */
bool dp_crypto_start(void);

#endif
