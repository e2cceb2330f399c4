/* SPDX-License-Identifier: BSD-2-Clause
 * What does the proof that a server sent in its handshake prove? */
#ifndef DP_LOOKUP_PROVE_CHAIN_H
#define DP_LOOKUP_PROVE_CHAIN_H

#include "dane/server.h"

#include <danepriv/records.h>

/* What extension 59 proves of `server`.  As danepriv_records_prove_extension. */
danepriv_status dp_prove_extension(const danepriv *ctx, const dp_server *server,
    danepriv_span extension, danepriv_time now, danepriv_records **out);

/* The same of an AuthenticationChain.  As danepriv_records_prove. */
danepriv_status dp_prove_chain(const danepriv *ctx, const dp_server *server, danepriv_span octets,
    danepriv_time now, danepriv_records **out);

#endif
