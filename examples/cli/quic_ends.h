/* SPDX-License-Identifier: BSD-2-Clause
 * What do both ends of a QUIC connection do alike?  (The test server has it, too.) */
#ifndef CLI_QUIC_ENDS_H
#define CLI_QUIC_ENDS_H

#include <ngtcp2/ngtcp2.h>
#include <stdbool.h>

/* Of the monotonic clock. */
ngtcp2_tstamp cli_quic_now(void);

/* An identifier of `len` octets by chance; false: there is no chance. */
bool cli_quic_new_id(ngtcp2_cid *id, size_t len);

/* Where a connected socket leads from and to. */
bool cli_quic_path(int fd, ngtcp2_path_storage *out);

/* Encryption, and what comes by chance.  The handshake and streams are for each end to add. */
ngtcp2_callbacks cli_quic_callbacks(void);

#endif
