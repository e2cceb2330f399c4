/* SPDX-License-Identifier: BSD-2-Clause
 * How long was each struct that may grow in 0.2?  That is the least that a caller's can be, and
 * stays so: these name the last field that it had then, whatever comes behind it (status.h). */
#ifndef DP_BASE_SIZES_H
#define DP_BASE_SIZES_H

#include <stddef.h>

/* Octets of a struct up to the end of a field. */
#define DP_SIZE_THROUGH(type, field) (offsetof(type, field) + sizeof(((const type *)0)->field))

/* in */
#define DP_CRYPTO_LEAST DP_SIZE_THROUGH(danepriv_crypto, verify_spki)
#define DP_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_settings, crypto)
#define DP_CACHE_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_cache_settings, max_octets)
#define DP_ZONES_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_zones_settings, max_octets)
#define DP_LIMITS_LEAST DP_SIZE_THROUGH(danepriv_limits, idle_s)
#define DP_CHAIN_SERVING_LEAST DP_SIZE_THROUGH(danepriv_chain_serving, form)
#define DP_GNUTLS_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_gnutls_settings, priority)
#define DP_OPENSSL_SETTINGS_LEAST DP_SIZE_THROUGH(danepriv_openssl_settings, raw_keys)

#endif
