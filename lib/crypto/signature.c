/* SPDX-License-Identifier: BSD-2-Clause
 * Did the holder of this key sign this certificate?  (RFC 3279, 4055, 5758, 8410)
 *
 * GnuTLS and libsodium see numbers that keyhole.c has read, and signatures whose form is right. */
#include "crypto/signature.h"

#include "base/bounds.h"
#include "base/reader.h"
#include "crypto/der.h"
#include "crypto/scheme.h"

#include <gnutls/abstract.h>
#include <sodium.h>

enum { TAG_SEQUENCE = 0x30 };

#define ED448_SIGNATURE_OCTETS 114

static bool
is_rsa(const dp_key *key)
{
	return key->kind == DP_KEY_RSA || key->kind == DP_KEY_RSA_PSS;
}

static bool
is_curve(const dp_key *key)
{
	return key->kind == DP_KEY_P256 || key->kind == DP_KEY_P384 || key->kind == DP_KEY_P521;
}

/* May a key of this kind make signatures of this scheme?  One for PSS alone may want a certain hash
 * and a salt of some length (RFC 4055 section 3.3). */
static bool
fits_scheme(const dp_key *key, danepriv_scheme scheme)
{
	unsigned bits = dp_scheme_hash_bits(scheme);

	switch (scheme) {
	case DANEPRIV_SCHEME_RSA_SHA256:
	case DANEPRIV_SCHEME_RSA_SHA384:
	case DANEPRIV_SCHEME_RSA_SHA512:
		return key->kind == DP_KEY_RSA;
	case DANEPRIV_SCHEME_PSS_SHA256:
	case DANEPRIV_SCHEME_PSS_SHA384:
	case DANEPRIV_SCHEME_PSS_SHA512:
		return key->kind == DP_KEY_RSA ||
		       (key->kind == DP_KEY_RSA_PSS && bits / 8 >= key->pss_salt &&
			   (key->pss_hash == 0 || key->pss_hash == bits));
	case DANEPRIV_SCHEME_ECDSA_SHA256:
	case DANEPRIV_SCHEME_ECDSA_SHA384:
	case DANEPRIV_SCHEME_ECDSA_SHA512:
		return is_curve(key);
	case DANEPRIV_SCHEME_ED25519:
		return key->kind == DP_KEY_ED25519;
	case DANEPRIV_SCHEME_ED448:
		return key->kind == DP_KEY_ED448;
	case DANEPRIV_SCHEME_NONE:
		break;
	}
	return false;
}

/* Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }, neither longer than a coordinate. */
static bool
is_ecdsa_signature(const dp_key *key, danepriv_span signature)
{
	dp_reader r = dp_reader_over(signature);
	dp_reader in = dp_reader_over(dp_der_inside(&r, TAG_SEQUENCE));
	danepriv_span first = dp_der_read_positive(&in), second = dp_der_read_positive(&in);
	size_t longest = key->point.len / 2;

	return dp_reader_done(&r) && dp_reader_done(&in) && first.len <= longest &&
	       second.len <= longest;
}

static bool
has_form(const dp_key *key, danepriv_span signature)
{
	if (is_rsa(key)) /* RFC 8017 section 8.2.2, step 1 */
		return signature.len == key->modulus.len;
	if (is_curve(key))
		return is_ecdsa_signature(key, signature);
	if (key->kind == DP_KEY_ED25519)
		return signature.len == crypto_sign_BYTES;
	/* RFC 8032 section 5.2.7: S is less than the order, so that its last octet is zero.  Nettle
	 * (3.8) does not look at that octet. */
	return signature.len == ED448_SIGNATURE_OCTETS && signature.data[signature.len - 1] == 0;
}

/* GnuTLS */

static gnutls_datum_t
datum_of(danepriv_span s)
{
	/* GnuTLS does not write through it, and says so by const wherever it takes one. */
	gnutls_datum_t datum = { (unsigned char *)(uintptr_t)s.data, (unsigned)s.len };

	return datum;
}

static gnutls_sign_algorithm_t
sign_algorithm(danepriv_scheme scheme)
{
	static const gnutls_sign_algorithm_t known[] = {
		[DANEPRIV_SCHEME_RSA_SHA256] = GNUTLS_SIGN_RSA_SHA256,
		[DANEPRIV_SCHEME_RSA_SHA384] = GNUTLS_SIGN_RSA_SHA384,
		[DANEPRIV_SCHEME_RSA_SHA512] = GNUTLS_SIGN_RSA_SHA512,
		[DANEPRIV_SCHEME_PSS_SHA256] = GNUTLS_SIGN_RSA_PSS_RSAE_SHA256,
		[DANEPRIV_SCHEME_PSS_SHA384] = GNUTLS_SIGN_RSA_PSS_RSAE_SHA384,
		[DANEPRIV_SCHEME_PSS_SHA512] = GNUTLS_SIGN_RSA_PSS_RSAE_SHA512,
		[DANEPRIV_SCHEME_ECDSA_SHA256] = GNUTLS_SIGN_ECDSA_SHA256,
		[DANEPRIV_SCHEME_ECDSA_SHA384] = GNUTLS_SIGN_ECDSA_SHA384,
		[DANEPRIV_SCHEME_ECDSA_SHA512] = GNUTLS_SIGN_ECDSA_SHA512,
		[DANEPRIV_SCHEME_ED448] = GNUTLS_SIGN_EDDSA_ED448,
	};

	return known[scheme];
}

static int
import_rsa(gnutls_pubkey_t handle, const dp_key *key)
{
	gnutls_datum_t modulus = datum_of(key->modulus), exponent = datum_of(key->exponent);

	return gnutls_pubkey_import_rsa_raw(handle, &modulus, &exponent);
}

static int
import_curve(gnutls_pubkey_t handle, const dp_key *key)
{
	size_t half = key->point.len / 2;
	danepriv_span first = { key->point.data, half }, second = { key->point.data + half, half };
	gnutls_datum_t x = datum_of(first), y = datum_of(second);
	gnutls_ecc_curve_t curve = key->kind == DP_KEY_P256   ? GNUTLS_ECC_CURVE_SECP256R1
				   : key->kind == DP_KEY_P384 ? GNUTLS_ECC_CURVE_SECP384R1
							      : GNUTLS_ECC_CURVE_SECP521R1;

	int code = gnutls_pubkey_import_ecc_raw(handle, curve, &x, &y);
	return code < 0 ? code : gnutls_pubkey_verify_params(handle); /* is it on the curve? */
}

static int
import_ed448(gnutls_pubkey_t handle, const dp_key *key)
{
	gnutls_datum_t x = datum_of(key->point);

	return gnutls_pubkey_import_ecc_raw(handle, GNUTLS_ECC_CURVE_ED448, &x, NULL);
}

/* EINVAL, ENOMEM.  On success the handle is yours. */
static danepriv_status
import(const dp_key *key, gnutls_pubkey_t *out)
{
	if (gnutls_pubkey_init(out) < 0)
		return DANEPRIV_ENOMEM;
	int code = is_rsa(key)	   ? import_rsa(*out, key)
		   : is_curve(key) ? import_curve(*out, key)
				   : import_ed448(*out, key);
	if (code >= 0)
		return DANEPRIV_OK;
	gnutls_pubkey_deinit(*out);
	return code == GNUTLS_E_MEMORY_ERROR ? DANEPRIV_ENOMEM : DANEPRIV_EINVAL;
}

static danepriv_status
verify_here(const dp_key *key, danepriv_scheme scheme, danepriv_span data, danepriv_span signature)
{
	gnutls_datum_t signed_data = datum_of(data), made = datum_of(signature);
	gnutls_pubkey_t handle;

	if (scheme == DANEPRIV_SCHEME_ED25519)
		return crypto_sign_verify_detached(
			   signature.data, data.data, data.len, key->point.data) == 0
			   ? DANEPRIV_OK
			   : DANEPRIV_EMALFORMED;
	danepriv_status status = import(key, &handle);
	if (status != DANEPRIV_OK)
		return status;
	int code =
	    gnutls_pubkey_verify_data2(handle, sign_algorithm(scheme), 0, &signed_data, &made);
	gnutls_pubkey_deinit(handle);
	if (code >= 0)
		return DANEPRIV_OK;
	return code == GNUTLS_E_MEMORY_ERROR ? DANEPRIV_ENOMEM : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_signature_verify(const danepriv_crypto *crypto, const dp_key *key, danepriv_span spki,
    danepriv_scheme scheme, danepriv_span data, danepriv_span signature)
{
	if (!fits_scheme(key, scheme) || !has_form(key, signature) || data.len > UINT32_MAX)
		return DANEPRIV_EMALFORMED;
	void *foreign = crypto && crypto->import_spki ? crypto->import_spki(scheme, spki) : NULL;
	if (!foreign)
		return verify_here(key, scheme, data, signature);
	int verified = crypto->verify_spki(foreign, scheme, data, signature);
	crypto->free_key(foreign);
	return verified == 1 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

/* Some scheme that a key of this kind can be for. */
static danepriv_scheme
scheme_for(const dp_key *key)
{
	if (is_curve(key))
		return DANEPRIV_SCHEME_ECDSA_SHA256;
	return key->kind == DP_KEY_ED448 ? DANEPRIV_SCHEME_ED448 : DANEPRIV_SCHEME_RSA_SHA256;
}

danepriv_status
dp_signature_key_check(const danepriv_crypto *crypto, const dp_key *key, danepriv_span spki)
{
	gnutls_pubkey_t handle;

	/* libsodium looks at a point when it verifies. */
	if (key->kind == DP_KEY_ED25519)
		return DANEPRIV_OK;
	void *foreign =
	    crypto && crypto->import_spki ? crypto->import_spki(scheme_for(key), spki) : NULL;
	if (foreign) {
		crypto->free_key(foreign);
		return DANEPRIV_OK;
	}
	danepriv_status status = import(key, &handle);
	if (status == DANEPRIV_OK)
		gnutls_pubkey_deinit(handle);
	return status;
}

uint32_t
dp_signature_cost(const dp_key *key, size_t octets)
{
	uint32_t hashing = (uint32_t)(octets / DP_OCTETS_PER_WORK);

	switch (key->kind) {
	case DP_KEY_RSA:
	case DP_KEY_RSA_PSS:
		return hashing + dp_keyhole_rsa_cost(key);
	case DP_KEY_P384:
		return hashing + 5600;
	case DP_KEY_P521:
		return hashing + 11500;
	case DP_KEY_ED25519:
		return hashing + 900;
	case DP_KEY_ED448:
		return hashing + 6000;
	case DP_KEY_NONE:
	case DP_KEY_P256:
		break;
	}
	return hashing + 1000;
}
