/* SPDX-License-Identifier: BSD-2-Clause
 * Does a verification cost what is charged for it, in measures of the P-256 of whoever verifies?
 * What is charged too little is what strangers will send; what is charged too much, honest proofs
 * cannot pay. */
#include "bench/certificates.h"
#include "bench/peers.h"

#include "base/bounds.h"
#include "crypto/keyhole.h"
#include "crypto/signature.h"

static uint8_t octets[512]; /* what is signed */

typedef struct price_job {
	const danepriv_crypto *crypto; /* who verifies; NULL: the house */
	danepriv_scheme scheme;
	dp_key key;
	test_octets spki, signature;
} price_job;

/* As a certificate's signature is, the key being imported for it. */
static bool
verify_in_vain(void *state)
{
	const price_job *job = state;
	danepriv_span data = { octets, sizeof octets };

	return dp_signature_verify(job->crypto, &job->key, octets_span(job->spki), job->scheme,
		   data, octets_span(job->signature)) == DANEPRIV_EMALFORMED;
}

static void
measure(const bench *b, price_job *job, const char *name, const char *wanted)
{
	bench_row row = { name, verify_in_vain,
		job->crypto ? "its charge, with OpenSSL" : "its charge",
		job->crypto ? floor_openssl_p256 : floor_p256, .wanted = wanted };

	bench_require(dp_keyhole_spki(octets_span(job->spki), &job->key) == DANEPRIV_OK, name);
	row.times = (double)dp_signature_cost(&job->key, sizeof octets) / DP_WORK_UNIT;
	bench_times(b, &row, 1, job);
	octets_free(job->spki);
	octets_free(job->signature);
}

typedef struct rsa_row {
	const char *name;
	size_t modulus, exponent; /* octets */
} rsa_row;

/* An exponent of no octets is 3. */
static const rsa_row rsa_rows[] = {
	{ "RSA-1024, exponent 3", 128, 0 },
	{ "RSA-1024, exponent of 16 bits", 128, 2 },
	{ "RSA-1024, exponent of 64 bits", 128, 8 },
	{ "RSA-2048, exponent 3", 256, 0 },
	{ "RSA-2048, exponent of 16 bits", 256, 2 },
	{ "RSA-2048, exponent of 32 bits", 256, 4 },
	{ "RSA-2048, exponent of 64 bits", 256, 8 },
	{ "RSA-3072, exponent of 16 bits", 384, 2 },
	{ "RSA-4096, exponent 3", 512, 0 },
	{ "RSA-4096, exponent of 16 bits", 512, 2 },
	{ "RSA-4096, exponent of 64 bits", 512, 8 },
	{ "RSA-8192, exponent 3", 1024, 0 },
	{ "RSA-8192, exponent of 16 bits", 1024, 2 },
	{ "RSA-8192, exponent of 32 bits", 1024, 4 },
};

static void
measure_rsa(const bench *b, const rsa_row *row)
{
	price_job job = { .crypto = openssl_crypto(),
		.scheme = DANEPRIV_SCHEME_RSA_SHA256,
		.spki = made_rsa_key(row->modulus, row->exponent, 0),
		.signature = made_signature(MADE_RSA, row->modulus, 0) };

	measure(b, &job, row->name, job.crypto ? "0.5 to 2" : NULL);
}

typedef struct curve_row {
	const char *name;
	danepriv_scheme scheme;
	made_scheme made;
	gnutls_pk_algorithm_t algorithm;
	gnutls_ecc_curve_t curve;
} curve_row;

static const curve_row curve_rows[] = {
	{ "P-256", DANEPRIV_SCHEME_ECDSA_SHA256, MADE_ECDSA, GNUTLS_PK_ECDSA,
	    GNUTLS_ECC_CURVE_SECP256R1 },
	{ "P-384", DANEPRIV_SCHEME_ECDSA_SHA384, MADE_ECDSA, GNUTLS_PK_ECDSA,
	    GNUTLS_ECC_CURVE_SECP384R1 },
	{ "P-521", DANEPRIV_SCHEME_ECDSA_SHA512, MADE_ECDSA, GNUTLS_PK_ECDSA,
	    GNUTLS_ECC_CURVE_SECP521R1 },
	{ "Ed25519", DANEPRIV_SCHEME_ED25519, MADE_ED25519, GNUTLS_PK_EDDSA_ED25519,
	    GNUTLS_ECC_CURVE_ED25519 },
	{ "Ed448", DANEPRIV_SCHEME_ED448, MADE_ED448, GNUTLS_PK_EDDSA_ED448,
	    GNUTLS_ECC_CURVE_ED448 },
};

static void
measure_curve(const bench *b, const curve_row *row, const danepriv_crypto *crypto)
{
	price_job job = { .crypto = crypto,
		.scheme = row->scheme,
		.spki = made_key(row->algorithm, GNUTLS_CURVE_TO_BITS(row->curve), NULL),
		.signature = made_signature(row->made, 0, 0) };

	measure(b, &job, row->name, NULL);
}

void
rows_prices(const bench *b)
{
	bench_heading(b, "Verifications, the import of the key included, beside what is charged");
	for (size_t i = 0; i < COUNT(rsa_rows); i++)
		measure_rsa(b, &rsa_rows[i]);
	for (size_t i = 0; i < 2 * COUNT(curve_rows); i++)
		if (i % 2 == 0 || openssl_crypto())
			measure_curve(b, &curve_rows[i / 2], i % 2 == 0 ? NULL : openssl_crypto());
}
