/* SPDX-License-Identifier: BSD-2-Clause
 * In which place of a table does this belong, so that nobody outside can foretell it? */
#include "crypto/keyed.h"

#include "crypto/start.h"

#include <sodium.h>
#include <string.h>

_Static_assert(DP_KEYED_SECRET_OCTETS == crypto_shorthash_KEYBYTES, "a secret is as large as that");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "a hash is as large as that");

bool
dp_keyed_secret(uint8_t secret[DP_KEYED_SECRET_OCTETS])
{
	memset(secret, 0, DP_KEYED_SECRET_OCTETS);
	if (!dp_crypto_start())
		return false;
	randombytes_buf(secret, DP_KEYED_SECRET_OCTETS);
	return true;
}

uint64_t
dp_keyed_hash(const uint8_t secret[DP_KEYED_SECRET_OCTETS], danepriv_span octets)
{
	static const uint8_t nothing[1] = { 0 };
	uint64_t hash = 0;

	(void)crypto_shorthash(
	    (uint8_t *)&hash, octets.len ? octets.data : nothing, octets.len, secret);
	return hash;
}
