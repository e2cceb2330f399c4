/* SPDX-License-Identifier: BSD-2-Clause
 * May this certificate stand on a path, and what does it say there?  (RFC 5280 section 4)
 *
 * It is read once, and as strictly as DER is (X.690 section 11): nobody else reads it after us.
 * Usage 3 asks for none of this (RFC 7671 section 5.1). */
#ifndef DP_CRYPTO_PROFILE_H
#define DP_CRYPTO_PROFILE_H

#include "crypto/der.h"

#include <danepriv/status.h>

/* May it stand on a path at all?  Zero: it may not. */
typedef enum dp_profile_standing {
	DP_STANDING_MALFORMED = 0, /* not as RFC 5280 section 4.1 and DER have it */
	DP_STANDING_LIMIT,	   /* larger than a bound of ours */
	DP_STANDING_CRITICAL, /* what it says and marks as critical is not understood, or asks for
				 more than we do */
	DP_STANDING_GOOD
} dp_profile_standing;

/* An extension, or how it is there. */
typedef enum dp_presence { DP_ABSENT = 0, DP_PRESENT, DP_CRITICAL } dp_presence;

#define DP_NAME_KEY_OCTETS 32

/* Borrows from the octets of the certificate.  Zeroed, it stands on no path. */
typedef struct dp_profile {
	dp_certificate fields;
	dp_profile_standing standing;
	danepriv_span tbs;	 /* what is signed, tag and length included */
	danepriv_span algorithm; /* by which, tag and length included: both fields are the same */
	danepriv_span signature;
	danepriv_time from, valid_until; /* first and last second */
	danepriv_span names;		 /* alternative names, one after the other */
	size_t name_count;
	danepriv_span constraints; /* what is in NameConstraints */
	dp_presence has_constraints;
	/* Equal for equal names (RFC 5280 section 7.1), and different for all others. */
	uint8_t subject_key[DP_NAME_KEY_OCTETS], issuer_key[DP_NAME_KEY_OCTETS];
	uint32_t path_len; /* authorities that may be below it; UINT32_MAX: any number */
	uint8_t version;
	bool is_authority;   /* basicConstraints says so */
	bool may_sign;	     /* keyUsage does not say that its key signs no certificates */
	uint8_t may_end;     /* for which purposes it and its key are */
	uint8_t may_lead;    /* for which purposes it is; it lists none: for all */
	bool is_self_issued; /* issuer and subject are the same */
} dp_profile;

/* Takes note of what it says; out->standing tells whether all of it could be read. */
void dp_profile_read(const dp_certificate *certificate, dp_profile *out);

/* Are they the same certificate, octet by octet?  Few are as long as another and end like it: those
 * are compared, which *work pays for.  False also where it does not. */
bool dp_profile_is(const dp_profile *a, const dp_profile *b, uint64_t *work);

/* Did whoever has this subject's name issue the certificate, by that name? */
bool dp_profile_names_issuer(const dp_profile *certificate, const dp_profile *issuer);

#endif
