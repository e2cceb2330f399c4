/* SPDX-License-Identifier: BSD-2-Clause
 * Which proof does this server send to whom?  Extensions that are ready to be sent, by the owner
 * name of the TLSA records that they are about; replaced while others are being sent. */
#ifndef DP_OPENSSL_CHAINS_H
#define DP_OPENSSL_CHAINS_H

#include <danepriv/server.h>
#include <stdbool.h>

typedef struct dp_chains dp_chains;

/* NULL: out of memory.  Threads may share it. */
dp_chains *dp_chains_new(void);
void dp_chains_free(dp_chains *chains);

/* `hours`, the length if `prefixed`, and the chain make up the extension.  An empty chain takes
 * away what was there.  EINVAL: a bad server.  EMALFORMED: its name.  ENOMEM. */
danepriv_status dp_chains_put(dp_chains *chains, const danepriv_server *server, danepriv_span chain,
    uint16_t hours, bool prefixed);

/* The extension for a server, to be let go of by its octets; empty when there is none.  It stays as
 * it is, whatever is put meanwhile.  `chains` may be NULL. */
danepriv_span dp_chains_take(dp_chains *chains, const danepriv_server *server);
void dp_chains_release(const uint8_t *octets);

#endif
