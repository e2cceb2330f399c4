/* SPDX-License-Identifier: BSD-2-Clause
 * What does ngtcp2 take from outside: which moment is it, and what comes by chance? */
#include "quic_chance.h"

#include <gnutls/crypto.h>
#include <string.h>
#include <time.h>

ngtcp2_tstamp
cli_quic_now(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (ngtcp2_tstamp)t.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)t.tv_nsec;
}

void
cli_quic_random(uint8_t *out, size_t len, const ngtcp2_rand_ctx *context)
{
	(void)context;
	if (gnutls_rnd(GNUTLS_RND_NONCE, out, len) < 0)
		memset(out, 0, len);
}

int
cli_quic_new_id(ngtcp2_conn *conn, ngtcp2_cid *id, uint8_t *token, size_t len, void *user)
{
	(void)conn;
	(void)user;
	if (gnutls_rnd(GNUTLS_RND_RANDOM, id->data, len) < 0 ||
	    gnutls_rnd(GNUTLS_RND_RANDOM, token, NGTCP2_STATELESS_RESET_TOKENLEN) < 0)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	id->datalen = len;
	return 0;
}
