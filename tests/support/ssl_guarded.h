/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a guarded connection with OpenSSL?  One pair at a time, for the session
 * of support/guarded.h. */
#ifndef TESTS_SSL_GUARDED_H
#define TESTS_SSL_GUARDED_H

#include "support/guarded.h"
#include "support/ssl_pair.h"

extern ssl_pair ends;

/* The decision after the client's handshake. */
danepriv_decision decide_client(danepriv_finding *finding);

#endif
