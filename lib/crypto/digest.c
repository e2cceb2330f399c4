/* SPDX-License-Identifier: BSD-2-Clause
 * What is the digest of these octets? */
#include "crypto/digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* An NSEC3 step (name and salt) and a DS (owner and DNSKEY) fit; both come by the dozen, and
 * joining them on the stack is cheaper than a hash object of GnuTLS. */
#define JOINED_OCTETS 1024

dp_digest_type
dp_digest_ds(uint8_t type)
{
	switch (type) {
	case 1:
		return DP_DIGEST_SHA1;
	case 2:
		return DP_DIGEST_SHA256;
	case 4:
		return DP_DIGEST_SHA384;
	default:
		return DP_DIGEST_NONE;
	}
}

size_t
dp_digest_len(dp_digest_type type)
{
	switch (type) {
	case DP_DIGEST_NONE:
		return 0;
	case DP_DIGEST_SHA1:
		return 20;
	case DP_DIGEST_SHA256:
		return 32;
	case DP_DIGEST_SHA384:
		return 48;
	case DP_DIGEST_SHA512:
		return 64;
	}
	return 0;
}

static gnutls_digest_algorithm_t
library_name(dp_digest_type type)
{
	switch (type) {
	case DP_DIGEST_NONE:
		return GNUTLS_DIG_UNKNOWN;
	case DP_DIGEST_SHA1:
		return GNUTLS_DIG_SHA1;
	case DP_DIGEST_SHA256:
		return GNUTLS_DIG_SHA256;
	case DP_DIGEST_SHA384:
		return GNUTLS_DIG_SHA384;
	case DP_DIGEST_SHA512:
		return GNUTLS_DIG_SHA512;
	}
	return GNUTLS_DIG_UNKNOWN;
}

static bool
digest_in_pieces(gnutls_digest_algorithm_t name, danepriv_span a, danepriv_span b, uint8_t *out)
{
	gnutls_hash_hd_t hash;
	uint8_t digest[DP_DIGEST_OCTETS_MAX];

	if (gnutls_hash_init(&hash, name) != 0)
		return false;
	bool ok = gnutls_hash(hash, a.data, a.len) == 0 && gnutls_hash(hash, b.data, b.len) == 0;
	gnutls_hash_deinit(hash, digest);
	if (ok)
		memcpy(out, digest, gnutls_hash_get_len(name));
	return ok;
}

static bool
digest_both(gnutls_digest_algorithm_t name, danepriv_span a, danepriv_span b, uint8_t *out)
{
	uint8_t joined[JOINED_OCTETS];

	if (a.len > sizeof joined || b.len > sizeof joined - a.len)
		return digest_in_pieces(name, a, b, out);
	if (a.len > 0)
		memcpy(joined, a.data, a.len);
	memcpy(joined + a.len, b.data, b.len);
	return gnutls_hash_fast(name, joined, a.len + b.len, out) == 0;
}

bool
dp_digest(dp_digest_type type, danepriv_span a, danepriv_span b, uint8_t *out)
{
	static const uint8_t nothing[1] = { 0 };
	gnutls_digest_algorithm_t name = library_name(type);

	if (name == GNUTLS_DIG_UNKNOWN)
		return false;
	if (b.len > 0)
		return digest_both(name, a, b, out);
	return gnutls_hash_fast(name, a.len ? a.data : nothing, a.len, out) == 0;
}
