/* SPDX-License-Identifier: BSD-2-Clause
 * Who verifies signatures for these programs?  OpenSSL is twice as fast for ECDSA.  But what the
 * system's policy for cryptography has switched off in GnuTLS is switched off here as well: the
 * library does not ask that policy where a program brings its provider. */
#include "provider.h"

#ifdef EXAMPLES_OPENSSL
#include <danepriv/openssl.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>

static bool
has_curve(gnutls_ecc_curve_t curve)
{
	const gnutls_ecc_curve_t *list = gnutls_ecc_curve_list();

	while (*list != GNUTLS_ECC_CURVE_INVALID && *list != curve)
		list++;
	return *list == curve;
}

const danepriv_crypto *
examples_provider(void)
{
	if (gnutls_sign_is_secure2(GNUTLS_SIGN_ECDSA_SHA256, 0) &&
	    gnutls_sign_is_secure2(GNUTLS_SIGN_ECDSA_SHA384, 0) &&
	    has_curve(GNUTLS_ECC_CURVE_SECP256R1) && has_curve(GNUTLS_ECC_CURVE_SECP384R1))
		return danepriv_openssl_crypto();
	return NULL;
}
#else
const danepriv_crypto *
examples_provider(void)
{
	return NULL;
}
#endif
