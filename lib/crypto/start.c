/* SPDX-License-Identifier: BSD-2-Clause
 * Are the libraries underneath ready?  GnuTLS initialises itself when it is loaded. */
#include "crypto/start.h"

#include <sodium.h>

bool
dp_crypto_start(void)
{
	return sodium_init() >= 0;
}
