/* SPDX-License-Identifier: BSD-2-Clause
 * What does this extension of a certificate say?  (RFC 5280 section 4.2.1)
 *
 * Each takes the octets of one extension's value; false: they are not as the section has them. */
#ifndef DP_CRYPTO_EXTENSION_H
#define DP_CRYPTO_EXTENSION_H

#include "base/reader.h"

#include <danepriv/status.h>

/* The next element is a BOOLEAN that is not its DEFAULT of FALSE, or there is none. */
bool dp_extension_read_true(dp_reader *r);
/* BIT STRING of named bits (X.690 section 11.2.2); *out is its first octet of them, 0 for none. */
bool dp_extension_read_bits(dp_reader *r, uint8_t *out);
/* An INTEGER that is not negative; UINT32_MAX stands for any that is larger. */
bool dp_extension_read_number(dp_reader *r, uint32_t *out);

/* Section 4.2.1.9.  *path_len is UINT32_MAX where it sets none. */
bool dp_extension_basic(danepriv_span value, bool *is_authority, uint32_t *path_len);
/* Section 4.2.1.3: DP_USAGE_... */
bool dp_extension_usage(danepriv_span value, uint8_t *bits);
/* Section 4.2.1.12, RFC 4945 section 5.1.3.12: a set of DP_PURPOSE_... */
bool dp_extension_purposes(danepriv_span value, uint8_t *purposes);
/* Section 4.2.1.6: *names are those in it, *count of them. */
bool dp_extension_names(danepriv_span value, danepriv_span *names, size_t *count);
/* Section 4.2.1.4: a list of policies with no qualifiers but those that the section has. */
bool dp_extension_policies(danepriv_span value);
/* Section 4.2.1.11: no policy is required. */
bool dp_extension_no_policy_required(danepriv_span value);

/* For what a certificate is used: a set.  Zero: for nothing. */
enum {
	DP_PURPOSE_TLS = 1,	    /* by a server of TLS */
	DP_PURPOSE_IKE = 2,	    /* by either end of IKE */
	DP_PURPOSE_IKE_LOOSELY = 4, /* by either end of IKE, where one for servers of TLS will do */
	DP_PURPOSE_ALL = DP_PURPOSE_TLS | DP_PURPOSE_IKE | DP_PURPOSE_IKE_LOOSELY
};

enum {
	DP_USAGE_DIGITAL_SIGNATURE = 0x80,
	DP_USAGE_NON_REPUDIATION = 0x40,
	DP_USAGE_KEY_ENCIPHERMENT = 0x20,
	DP_USAGE_KEY_AGREEMENT = 0x08,
	DP_USAGE_CERTIFICATES = 0x04
};

#endif
