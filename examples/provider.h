/* SPDX-License-Identifier: BSD-2-Clause
 * Who verifies signatures for these programs? */
#ifndef EXAMPLES_PROVIDER_H
#define EXAMPLES_PROVIDER_H

#include <danepriv/crypto.h>

/* For danepriv_settings.crypto: OpenSSL, where danepriv was built with it; NULL otherwise. */
const danepriv_crypto *examples_provider(void);

#endif
