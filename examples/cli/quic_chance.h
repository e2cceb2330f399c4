/* SPDX-License-Identifier: BSD-2-Clause
 * What does ngtcp2 take from outside: which moment is it, and what comes by chance?  (The test
 * server has it, too.) */
#ifndef CLI_QUIC_CHANCE_H
#define CLI_QUIC_CHANCE_H

#include <ngtcp2/ngtcp2.h>

/* Of the monotonic clock. */
ngtcp2_tstamp cli_quic_now(void);

/* For ngtcp2_callbacks: octets that need be no secret, and a connection's next identifier with its
 * token. */
void cli_quic_random(uint8_t *out, size_t len, const ngtcp2_rand_ctx *context);
int cli_quic_new_id(ngtcp2_conn *conn, ngtcp2_cid *id, uint8_t *token, size_t len, void *user);

#endif
