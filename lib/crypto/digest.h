/* SPDX-License-Identifier: BSD-2-Clause
 * What is the digest of these octets?  GnuTLS hashes. */
#ifndef DP_CRYPTO_DIGEST_H
#define DP_CRYPTO_DIGEST_H

#include <danepriv/status.h>
#include <stdbool.h>
#include <string.h>

#define DP_DIGEST_OCTETS_MAX 64

typedef enum dp_digest_type {
	DP_DIGEST_NONE = 0,
	DP_DIGEST_SHA1,
	DP_DIGEST_SHA256,
	DP_DIGEST_SHA384,
	DP_DIGEST_SHA512
} dp_digest_type;

/* The digest of a DS record with this digest type: 1, 2 or 4; NONE for those that we do not know.
 */
dp_digest_type dp_digest_ds(uint8_t type);
/* Octets of a digest; 0 for NONE. */
size_t dp_digest_len(dp_digest_type type);

/* Digest of a, then b (which may be empty), into `out` (room for DP_DIGEST_OCTETS_MAX).  False when
 * the library underneath cannot do it: nothing may then be taken to match. */
bool dp_digest(dp_digest_type type, danepriv_span a, danepriv_span b, uint8_t *out);

/* Same length and octets, in time that tells only the lengths.  Empty spans are never equal.  A
 * word at a time, and here: libsodium's takes longer, which judging would notice. */
static inline bool
dp_digest_equal(danepriv_span a, danepriv_span b)
{
	uint64_t different = 0, x, y;
	size_t i = 0;

	if (a.len != b.len || a.len == 0)
		return false;
	for (; i + sizeof x <= a.len; i += sizeof x) {
		memcpy(&x, a.data + i, sizeof x);
		memcpy(&y, b.data + i, sizeof y);
		different |= x ^ y;
	}
	for (; i < a.len; i++)
		different |= (uint64_t)(a.data[i] ^ b.data[i]);
	return different == 0;
}

#endif
