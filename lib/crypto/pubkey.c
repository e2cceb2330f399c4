/* SPDX-License-Identifier: BSD-2-Clause
 * Did this DNSSEC key sign these octets?  (RFC 3110, 5702, 6605, 8080) */
#include "crypto/pubkey.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/reader.h"
#include "crypto/keyhole.h"
#include "crypto/sample.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <sodium.h>
#include <string.h>

typedef struct algorithm {
	uint8_t number;
	gnutls_sign_algorithm_t sign;
	gnutls_ecc_curve_t curve; /* INVALID: RSA */
	size_t key_octets;	  /* 0: see rsa_read */
	size_t signature_octets;  /* 0: as many as the modulus has */
	unsigned cost;		  /* see dp_pubkey_cost; 0: as dp_key_cost has it */
} algorithm;

/* Of ECDSA and EdDSA what GnuTLS and libsodium take, in measures of OpenSSL's P-256, which takes
 * half as long as that of GnuTLS: nobody's proof is dearer. */
static const algorithm algorithms[] = {
	{ DP_ALGORITHM_RSASHA256, GNUTLS_SIGN_RSA_SHA256, GNUTLS_ECC_CURVE_INVALID, 0, 0, 0 },
	{ DP_ALGORITHM_RSASHA512, GNUTLS_SIGN_RSA_SHA512, GNUTLS_ECC_CURVE_INVALID, 0, 0, 0 },
	{ DP_ALGORITHM_ECDSAP256SHA256, GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_ECC_CURVE_SECP256R1, 64,
	    64, 1000 },
	{ DP_ALGORITHM_ECDSAP384SHA384, GNUTLS_SIGN_ECDSA_SHA384, GNUTLS_ECC_CURVE_SECP384R1, 96,
	    96, 5600 },
	{ DP_ALGORITHM_ED25519, GNUTLS_SIGN_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519, 32, 64, 900 },
	{ DP_ALGORITHM_ED448, GNUTLS_SIGN_EDDSA_ED448, GNUTLS_ECC_CURVE_ED448, 57, 114, 6000 },
};

/* A proof has several of these at a time, and is to take little memory. */
struct dp_pubkey {
	const algorithm *algorithm;
	const danepriv_crypto *crypto; /* whose `foreign` is; NULL: not foreign */
	union {
		void *foreign;
		uint8_t ed25519[crypto_sign_PUBLICKEYBYTES]; /* libsodium takes it as it is */
		gnutls_pubkey_t handle;			     /* all others; NULL: none yet */
	} as;
	uint16_t signature_octets;
};

static const algorithm *
find_algorithm(uint8_t number)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (algorithms[i].number == number)
			return &algorithms[i];
	return NULL;
}

bool
dp_pubkey_knows(uint8_t number)
{
	return find_algorithm(number) != NULL;
}

/* ---- which can be verified here ---- */

static bool
has_curve(gnutls_ecc_curve_t curve)
{
	const gnutls_ecc_curve_t *list = gnutls_ecc_curve_list();

	while (*list != GNUTLS_ECC_CURVE_INVALID && *list != curve)
		list++;
	return *list == curve;
}

/* By GnuTLS and libsodium, where the former's configuration allows it. */
static bool
is_allowed(const algorithm *a)
{
	if (a->number == DP_ALGORITHM_ED25519)
		return true;
	return gnutls_sign_is_secure2(a->sign, 0) &&
	       (a->curve == GNUTLS_ECC_CURVE_INVALID || has_curve(a->curve));
}

/* Does somebody else take keys of this algorithm?  He is shown one. */
static bool
takes_keys(const danepriv_crypto *crypto, const algorithm *a)
{
	void *key = crypto ? crypto->import_key(a->number, dp_sample_key(a->number)) : NULL;

	if (key)
		crypto->free_key(key);
	return key != NULL;
}

dp_algorithms
dp_algorithms_ask(const danepriv_crypto *crypto)
{
	dp_algorithms found = 0;

	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
		if (is_allowed(&algorithms[i]) || takes_keys(crypto, &algorithms[i]))
			found |= (dp_algorithms)1 << algorithms[i].number;
	return found;
}

bool
dp_algorithms_have(dp_algorithms known, uint8_t number)
{
	return number < 32 && (known >> number & 1) != 0;
}

/* An RSA public key field (RFC 3110 section 2).  The other form of the exponent's length (a zero,
 * then two octets) is for more than 255 octets, and so past our bound. */
static danepriv_status
rsa_read(uint8_t number, danepriv_span field, dp_key *out)
{
	dp_reader r = dp_reader_over(field);
	size_t fewest =
	    number == DP_ALGORITHM_RSASHA512 ? DP_RSA_SHA512_MODULUS_MIN : DP_RSA_MODULUS_MIN;
	danepriv_span exponent = dp_read_span(&r, dp_read_u8(&r)), modulus = dp_read_rest(&r);

	if (!dp_reader_done(&r))
		return DANEPRIV_EMALFORMED;
	/* Some have a modulus a few bits shorter than its octets. */
	return dp_keyhole_rsa(
	    modulus, exponent, 8 * ((unsigned)fewest - 1) + 1, 8 * DP_RSA_MODULUS_MAX, out);
}

unsigned
dp_pubkey_cost(uint8_t number, danepriv_span field)
{
	const algorithm *a = find_algorithm(number);
	dp_key rsa;

	if (!a)
		return 1;
	if (a->cost > 0)
		return a->cost;
	return rsa_read(number, field, &rsa) == DANEPRIV_OK ? dp_keyhole_rsa_cost(&rsa) : 1;
}

static gnutls_datum_t
datum_of(danepriv_span s)
{
	/* GnuTLS does not write through it, and says so by const wherever it takes one. */
	gnutls_datum_t datum = { (unsigned char *)(uintptr_t)s.data, (unsigned)s.len };

	return datum;
}

/* The first or second half of a span. */
static danepriv_span
half_of(danepriv_span s, unsigned which)
{
	danepriv_span half = { s.data + which * (s.len / 2), s.len / 2 };

	return half;
}

static danepriv_status
status_of(int code)
{
	if (code >= 0)
		return DANEPRIV_OK;
	return code == GNUTLS_E_MEMORY_ERROR ? DANEPRIV_ENOMEM : DANEPRIV_EMALFORMED;
}

static danepriv_status
import_rsa(dp_pubkey *key, const dp_key *rsa)
{
	gnutls_datum_t modulus = datum_of(rsa->modulus), exponent = datum_of(rsa->exponent);

	return status_of(gnutls_pubkey_import_rsa_raw(key->as.handle, &modulus, &exponent));
}

/* RFC 6605 section 4: x, then y. */
static danepriv_status
import_ecdsa(dp_pubkey *key, danepriv_span field)
{
	gnutls_datum_t x = datum_of(half_of(field, 0)), y = datum_of(half_of(field, 1));
	int code = gnutls_pubkey_import_ecc_raw(key->as.handle, key->algorithm->curve, &x, &y);

	if (code >= 0)
		code = gnutls_pubkey_verify_params(key->as.handle); /* is it on the curve? */
	return status_of(code);
}

static danepriv_status
import_ed448(dp_pubkey *key, danepriv_span field)
{
	gnutls_datum_t x = datum_of(field);

	return status_of(
	    gnutls_pubkey_import_ecc_raw(key->as.handle, key->algorithm->curve, &x, NULL));
}

/* By GnuTLS and libsodium.  `rsa`: `field` as it was read, if it is of RSA. */
static danepriv_status
import(dp_pubkey *key, danepriv_span field, const dp_key *rsa)
{
	if (key->algorithm->number == DP_ALGORITHM_ED25519) {
		memcpy(key->as.ed25519, field.data, sizeof key->as.ed25519);
		return DANEPRIV_OK;
	}
	if (gnutls_pubkey_init(&key->as.handle) < 0)
		return DANEPRIV_ENOMEM;
	if (key->algorithm->key_octets == 0)
		return import_rsa(key, rsa);
	if (key->algorithm->number == DP_ALGORITHM_ED448)
		return import_ed448(key, field);
	return import_ecdsa(key, field);
}

danepriv_status
dp_pubkey_from_dnskey(
    const danepriv_crypto *crypto, uint8_t number, danepriv_span field, dp_pubkey **out)
{
	const algorithm *a = find_algorithm(number);
	dp_key rsa = { DP_KEY_NONE };

	*out = NULL;
	if (!a)
		return DANEPRIV_EINVAL;
	if (a->key_octets > 0 ? field.len != a->key_octets
			      : rsa_read(number, field, &rsa) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	dp_pubkey *key = dp_alloc(1, sizeof *key);
	if (!key)
		return DANEPRIV_ENOMEM;
	key->algorithm = a;
	key->signature_octets =
	    (uint16_t)(a->key_octets > 0 ? a->signature_octets : rsa.modulus.len);
	key->as.foreign = crypto ? crypto->import_key(number, field) : NULL;
	key->crypto = key->as.foreign ? crypto : NULL;
	danepriv_status status = key->crypto ? DANEPRIV_OK : import(key, field, &rsa);
	if (status != DANEPRIV_OK) {
		dp_pubkey_free(key);
		return status;
	}
	*out = key;
	return DANEPRIV_OK;
}

void
dp_pubkey_free(dp_pubkey *key)
{
	if (!key)
		return;
	if (key->crypto)
		key->crypto->free_key(key->as.foreign);
	else if (key->algorithm->number != DP_ALGORITHM_ED25519 && key->as.handle)
		gnutls_pubkey_deinit(key->as.handle);
	dp_free(key);
}

/* No flags: GnuTLS' profiles, and the system's policy for lengths of keys, judge certificates, so
 * that even RSA of 512 bits verifies here. */
static bool
verify_encoded(const dp_pubkey *key, danepriv_span data, gnutls_datum_t signature)
{
	gnutls_datum_t signed_data = datum_of(data);

	return gnutls_pubkey_verify_data2(
		   key->as.handle, key->algorithm->sign, 0, &signed_data, &signature) >= 0;
}

/* RFC 6605 section 4: r, then s; GnuTLS wants them as a DER SEQUENCE. */
static bool
verify_ecdsa(const dp_pubkey *key, danepriv_span data, danepriv_span signature)
{
	gnutls_datum_t r = datum_of(half_of(signature, 0)), s = datum_of(half_of(signature, 1));
	gnutls_datum_t encoded = { NULL, 0 };

	if (gnutls_encode_rs_value(&encoded, &r, &s) < 0)
		return false;
	bool verified = verify_encoded(key, data, encoded);
	gnutls_free(encoded.data);
	return verified;
}

/* RFC 8032 section 5.2.7: S is less than the order, so that its last octet is zero.  Nettle (3.8)
 * does not look at that octet. */
static bool
verify_ed448(const dp_pubkey *key, danepriv_span data, danepriv_span signature)
{
	return signature.data[signature.len - 1] == 0 &&
	       verify_encoded(key, data, datum_of(signature));
}

bool
dp_pubkey_verify(const dp_pubkey *key, danepriv_span data, danepriv_span signature)
{
	/* GnuTLS counts in unsigned int. */
	if (signature.len != key->signature_octets || data.len > UINT32_MAX)
		return false;
	if (key->crypto)
		return key->crypto->verify(key->as.foreign, data, signature) == 1;
	switch (key->algorithm->number) {
	case DP_ALGORITHM_ECDSAP256SHA256:
	case DP_ALGORITHM_ECDSAP384SHA384:
		return verify_ecdsa(key, data, signature);
	case DP_ALGORITHM_ED25519:
		return crypto_sign_verify_detached(
			   signature.data, data.data, data.len, key->as.ed25519) == 0;
	case DP_ALGORITHM_ED448:
		return verify_ed448(key, data, signature);
	default:
		return verify_encoded(key, data, datum_of(signature));
	}
}
