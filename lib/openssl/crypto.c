/* SPDX-License-Identifier: BSD-2-Clause
 * Did this ECDSA key sign these octets?  (RFC 6605, RFC 5758)  The same as crypto/pubkey.c and
 * crypto/signature.c ask, for those curves in which OpenSSL is faster than GnuTLS. */
#include <danepriv/openssl.h>

#include "base/alloc.h"
#include "crypto/keyhole.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#define COORDINATE_MAX 32 /* octets of a number of P-256 */
#define INTEGER_MAX (2 + 1 + COORDINATE_MAX)
#define SIGNATURE_MAX (2 + 2 * INTEGER_MAX)

/* SEC 1 section 2.3.3: x and y follow. */
#define UNCOMPRESSED 4

/* SHA-256, SHA-384, SHA-512: NULL where OpenSSL does not have it. */
static EVP_MD *digests[3];
static const char *const digest_names[] = { "SHA256", "SHA384", "SHA512" };

#define DIGESTS (sizeof digests / sizeof *digests)

/* A curve, and what DNSSEC signs with it.  A key that is copied from a template costs a quarter of
 * one that is made from numbers, and one whose point is set again a third of that. */
typedef struct curve {
	uint8_t algorithm;
	dp_key_kind kind;
	size_t coordinate; /* octets of x, y, r and s */
	size_t digest;	   /* which of them */
	const char *group;
	EVP_PKEY *template;	   /* parameters alone; NULL: OpenSSL does not have the curve */
	_Atomic(EVP_PKEY *) spare; /* one that nobody needs any more; NULL: none */
} curve;

/* With P-384, OpenSSL 3.0 takes twice as long as GnuTLS, and 3.5 half as long again. */
static curve curves[] = {
	{ 13, DP_KEY_P256, 32, 0, "P-256", NULL, NULL },
};
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

#define CURVES (sizeof curves / sizeof *curves)

typedef struct key {
	curve *curve;
	EVP_PKEY *handle;
} key;

static EVP_PKEY *
template_of(const char *group)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *template = NULL;

	if (!ctx || EVP_PKEY_paramgen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_group_name(ctx, group) != 1 || EVP_PKEY_paramgen(ctx, &template) != 1)
		template = NULL;
	EVP_PKEY_CTX_free(ctx);
	return template;
}

/* At exit, before OpenSSL itself goes. */
static void
free_templates(void)
{
	for (size_t i = 0; i < CURVES; i++) {
		EVP_PKEY_free(curves[i].template);
		EVP_PKEY_free(atomic_exchange(&curves[i].spare, NULL));
		curves[i].template = NULL;
	}
	for (size_t i = 0; i < DIGESTS; i++) {
		EVP_MD_free(digests[i]);
		digests[i] = NULL;
	}
}

static void
make_templates(void)
{
	for (size_t i = 0; i < CURVES; i++)
		curves[i].template = template_of(curves[i].group);
	for (size_t i = 0; i < DIGESTS; i++)
		digests[i] = EVP_MD_fetch(NULL, digest_names[i], NULL);
	if (OPENSSL_atexit(free_templates) != 1)
		free_templates();
}

/* What this scheme hashes with; DIGESTS: not one of ours. */
static size_t
digest_of(danepriv_scheme scheme)
{
	if (scheme == DANEPRIV_SCHEME_ECDSA_SHA256)
		return 0;
	if (scheme == DANEPRIV_SCHEME_ECDSA_SHA384)
		return 1;
	return scheme == DANEPRIV_SCHEME_ECDSA_SHA512 ? 2 : DIGESTS;
}

/* By either of the two.  NULL: not one of ours, or OpenSSL does not have it. */
static curve *
find_curve(uint8_t algorithm, dp_key_kind kind)
{
	if (CRYPTO_THREAD_run_once(&once, make_templates) != 1)
		return NULL;
	for (size_t i = 0; i < CURVES; i++)
		if ((curves[i].algorithm == algorithm || curves[i].kind == kind) &&
		    curves[i].template)
			return &curves[i];
	return NULL;
}

/* A key of this curve, with any point or none.  NULL: out of memory. */
static EVP_PKEY *
take_key(curve *c)
{
	EVP_PKEY *handle = atomic_exchange(&c->spare, NULL);

	if (handle)
		return handle;
	handle = EVP_PKEY_new();
	if (handle && EVP_PKEY_copy_parameters(handle, c->template) == 1)
		return handle;
	EVP_PKEY_free(handle);
	return NULL;
}

/* RFC 6605 section 4: x, then y.  OpenSSL looks whether the point is on the curve. */
static EVP_PKEY *
import_point(curve *c, danepriv_span field)
{
	uint8_t point[1 + 2 * COORDINATE_MAX] = { UNCOMPRESSED };
	EVP_PKEY *handle = take_key(c);

	memcpy(point + 1, field.data, field.len);
	if (handle && EVP_PKEY_set1_encoded_public_key(handle, point, 1 + field.len) == 1)
		return handle;
	EVP_PKEY_free(handle);
	return NULL;
}

static void
free_key(void *imported)
{
	key *k = imported;

	/* At exit the templates may have gone before. */
	if (k->handle && k->curve->template)
		k->handle = atomic_exchange(&k->curve->spare, k->handle);
	EVP_PKEY_free(k->handle);
	dp_free(k);
}

static void *
import(curve *c, danepriv_span point)
{
	key *k = dp_alloc(1, sizeof *k);

	if (!k)
		return NULL;
	(void)ERR_set_mark();
	k->curve = c;
	k->handle = import_point(c, point);
	(void)ERR_pop_to_mark();
	if (k->handle)
		return k;
	free_key(k);
	return NULL;
}

static void *
import_key(uint8_t algorithm, danepriv_span field)
{
	curve *c = find_curve(algorithm, DP_KEY_NONE);

	if (!c || !digests[c->digest] || field.len != 2 * c->coordinate)
		return NULL;
	return import(c, field);
}

static void *
import_spki(danepriv_scheme scheme, danepriv_span spki)
{
	size_t digest = digest_of(scheme);
	dp_key read;

	if (digest == DIGESTS || dp_keyhole_spki(spki, &read) != DANEPRIV_OK)
		return NULL;
	curve *c = find_curve(0, read.kind);
	return c && digests[digest] ? import(c, read.point) : NULL;
}

/* An INTEGER in DER: no octet more than it takes, and one in front where it would look negative.
 * Returns the octets written. */
static size_t
write_integer(uint8_t *out, const uint8_t *number, size_t len)
{
	while (len > 1 && number[0] == 0) {
		number++;
		len--;
	}
	size_t pad = number[0] >> 7;
	out[0] = 0x02;
	out[1] = (uint8_t)(pad + len);
	out[2] = 0;
	memcpy(out + 2 + pad, number, len);
	return 2 + pad + len;
}

/* Ecdsa-Sig-Value (RFC 3279 section 2.2.3) out of r, then s (RFC 6605 section 4).  All lengths are
 * below 128, so that each takes an octet. */
static size_t
write_signature(uint8_t out[SIGNATURE_MAX], danepriv_span rs)
{
	size_t half = rs.len / 2;
	size_t len = write_integer(out + 2, rs.data, half);

	len += write_integer(out + 2 + len, rs.data + half, half);
	out[0] = 0x30;
	out[1] = (uint8_t)len;
	return 2 + len;
}

/* `signature`: an Ecdsa-Sig-Value. */
static int
verify_encoded(const key *k, const EVP_MD *hash, danepriv_span data, danepriv_span signature)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;
	int verified = 0;

	(void)ERR_set_mark();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->handle, NULL);
	if (ctx && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_Digest(data.data, data.len, digest, &digest_len, hash, NULL) == 1)
		verified =
		    EVP_PKEY_verify(ctx, signature.data, signature.len, digest, digest_len) == 1;
	EVP_PKEY_CTX_free(ctx);
	(void)ERR_pop_to_mark();
	return verified;
}

static int
verify(const void *imported, danepriv_span data, danepriv_span signature)
{
	const key *k = imported;
	uint8_t encoded[SIGNATURE_MAX];

	if (signature.len != 2 * k->curve->coordinate)
		return 0;
	danepriv_span whole = { encoded, write_signature(encoded, signature) };
	return verify_encoded(k, digests[k->curve->digest], data, whole);
}

static int
verify_spki(
    const void *imported, danepriv_scheme scheme, danepriv_span data, danepriv_span signature)
{
	size_t digest = digest_of(scheme);

	return digest < DIGESTS && digests[digest] &&
	       verify_encoded(imported, digests[digest], data, signature);
}

const danepriv_crypto *
danepriv_openssl_crypto(void)
{
	static const danepriv_crypto crypto = { sizeof crypto, import_key, verify, free_key,
		import_spki, verify_spki };

	return &crypto;
}
