/* SPDX-License-Identifier: BSD-2-Clause
 * What do both ends of a QUIC connection do alike? */
#include "quic_ends.h"

#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

ngtcp2_tstamp
cli_quic_now(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (ngtcp2_tstamp)t.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)t.tv_nsec;
}

bool
cli_quic_new_id(ngtcp2_cid *id, size_t len)
{
	id->datalen = len;
	return gnutls_rnd(GNUTLS_RND_RANDOM, id->data, len) >= 0;
}

bool
cli_quic_path(int fd, ngtcp2_path_storage *out)
{
	struct sockaddr_storage here, there;
	socklen_t here_len = sizeof here, there_len = sizeof there;

	if (getsockname(fd, (struct sockaddr *)&here, &here_len) < 0 ||
	    getpeername(fd, (struct sockaddr *)&there, &there_len) < 0)
		return false;
	ngtcp2_path_storage_init(
	    out, (struct sockaddr *)&here, here_len, (struct sockaddr *)&there, there_len, NULL);
	return true;
}

/* These need be no secret. */
static void
on_random(uint8_t *out, size_t len, const ngtcp2_rand_ctx *context)
{
	(void)context;
	if (gnutls_rnd(GNUTLS_RND_NONCE, out, len) < 0)
		memset(out, 0, len);
}

static int
on_new_id(ngtcp2_conn *conn, ngtcp2_cid *id, uint8_t *token, size_t len, void *user)
{
	(void)conn;
	(void)user;
	if (!cli_quic_new_id(id, len) ||
	    gnutls_rnd(GNUTLS_RND_RANDOM, token, NGTCP2_STATELESS_RESET_TOKENLEN) < 0)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	return 0;
}

ngtcp2_callbacks
cli_quic_callbacks(void)
{
	return (ngtcp2_callbacks){
		.encrypt = ngtcp2_crypto_encrypt_cb,
		.decrypt = ngtcp2_crypto_decrypt_cb,
		.hp_mask = ngtcp2_crypto_hp_mask_cb,
		.rand = on_random,
		.get_new_connection_id = on_new_id,
		.update_key = ngtcp2_crypto_update_key_cb,
		.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
		.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
		.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
		.version_negotiation = ngtcp2_crypto_version_negotiation_cb,
	};
}
