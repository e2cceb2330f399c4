/* SPDX-License-Identifier: BSD-2-Clause
 * What does the least cost, that no judgement can do without?  One hash, one verification. */
#include "bench/bench.h"
#include "bench/peers.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

static uint8_t octets[512]; /* what is signed */

/* A key, and a signature over `octets`. */
typedef struct signature {
	gnutls_pk_algorithm_t algorithm;
	unsigned bits;
	gnutls_digest_algorithm_t digest;
	gnutls_sign_algorithm_t sign;
	gnutls_pubkey_t key;
	gnutls_datum_t octets;
	openssl_key *openssl;
} signature;

static signature p256 = { .algorithm = GNUTLS_PK_ECDSA,
	.bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
	.digest = GNUTLS_DIG_SHA256,
	.sign = GNUTLS_SIGN_ECDSA_SHA256 };
static signature rsa = { .algorithm = GNUTLS_PK_RSA,
	.bits = 2048,
	.digest = GNUTLS_DIG_SHA256,
	.sign = GNUTLS_SIGN_RSA_SHA256 };
static signature ed25519 = { .algorithm = GNUTLS_PK_EDDSA_ED25519,
	.bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519),
	.digest = GNUTLS_DIG_SHA512,
	.sign = GNUTLS_SIGN_EDDSA_ED25519 };

static bool
sign(signature *s)
{
	gnutls_datum_t data = { octets, sizeof octets };
	gnutls_privkey_t private_key;

	if (gnutls_privkey_init(&private_key) < 0)
		return false;
	bool good = gnutls_pubkey_init(&s->key) >= 0 &&
		    gnutls_privkey_generate(private_key, s->algorithm, s->bits, 0) >= 0 &&
		    gnutls_pubkey_import_privkey(s->key, private_key, 0, 0) >= 0 &&
		    gnutls_privkey_sign_data(private_key, s->digest, 0, &data, &s->octets) >= 0;
	gnutls_privkey_deinit(private_key);
	return good;
}

/* The same key and signature for OpenSSL. */
static void
hand_on(signature *s, bool is_hashed)
{
	gnutls_datum_t spki;

	bench_require(gnutls_pubkey_export2(s->key, GNUTLS_X509_FMT_DER, &spki) >= 0, "no SPKI");
	danepriv_span span = { spki.data, spki.size };
	s->openssl = openssl_key_open(span, is_hashed);
	gnutls_free(spki.data);
}

static bool
verify(const signature *s)
{
	gnutls_datum_t data = { octets, sizeof octets };

	return gnutls_pubkey_verify_data2(s->key, s->sign, 0, &data, &s->octets) >= 0;
}

#ifdef HAVE_OPENSSL
static bool
openssl_verify(const signature *s)
{
	return openssl_key_verify(s->openssl, (danepriv_span){ octets, sizeof octets },
	    (danepriv_span){ s->octets.data, s->octets.size });
}

bool
floor_openssl_p256(void *unused)
{
	(void)unused;
	return openssl_verify(&p256);
}

static bool
openssl_rsa_2048(void *unused)
{
	(void)unused;
	return openssl_verify(&rsa);
}

static bool
openssl_ed25519(void *unused)
{
	(void)unused;
	return openssl_verify(&ed25519);
}
#else
#define openssl_rsa_2048 NULL
#define openssl_ed25519 NULL
#endif

bool
floor_p256(void *unused)
{
	(void)unused;
	return verify(&p256);
}

bool
floor_rsa_2048(void *unused)
{
	(void)unused;
	return verify(&rsa);
}

static bool
floor_ed25519(void *unused)
{
	(void)unused;
	return verify(&ed25519);
}

void
rows_floor(const bench *b)
{
	static const bench_row rows[] = {
		{ "verify P-256 with GnuTLS", floor_p256, "OpenSSL", floor_openssl_p256,
		    .faster = true },
		{ "verify RSA-2048 with GnuTLS", floor_rsa_2048, "OpenSSL", openssl_rsa_2048,
		    .faster = true },
		{ "verify Ed25519 with GnuTLS", floor_ed25519, "OpenSSL", openssl_ed25519,
		    .faster = true },
	};
	bench_heading(b, "Floors: one signature over 512 octets");
	bench_require(sign(&p256) && sign(&rsa) && sign(&ed25519), "no keys");
	hand_on(&p256, true);
	hand_on(&rsa, true);
	hand_on(&ed25519, false);
	bench_times(b, rows, COUNT(rows), NULL);
}

void
floor_close(void)
{
	signature *all[] = { &p256, &rsa, &ed25519 };

	for (size_t i = 0; i < COUNT(all); i++) {
		gnutls_pubkey_deinit(all[i]->key);
		gnutls_free(all[i]->octets.data);
		openssl_key_close(all[i]->openssl);
	}
}
