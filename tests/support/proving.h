/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test prove something from a chain?  What fails that should not, ends the test. */
#ifndef TESTS_PROVING_H
#define TESTS_PROVING_H

#include "support/proofs.h"

#include <danepriv/chain.h>

/* `_853._tcp.ns1.example.` as a server.  False: no server has such a name. */
bool server_of(const char *owner, danepriv_server *out);

/* What a chain proves; yours to free. */
danepriv_records *prove(
    const danepriv *ctx, const danepriv_server *server, danepriv_span chain, danepriv_time now);

/* All that an answer says, with nothing said that is not proven; frees it. */
void check_proven(const char *name, danepriv_records *records, danepriv_security security,
    danepriv_reason reason, uint16_t hours);

/* The vectors of RFC 9102, and a context with their anchor. */
extern proof_cases rfc_vectors;
extern danepriv *rfc_ctx;
const proof_case *rfc_vector(const char *name);
/* A fixture; and that no memory is left behind. */
void rfc_open(void);
void rfc_close(void);

#endif
