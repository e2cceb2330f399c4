/* SPDX-License-Identifier: BSD-2-Clause
 * What does a TLSA record say?  (RFC 6698 section 2.1; IPSECA records are laid out alike,
 * draft-osterweil-dane-ipsec section 2.1) */
#ifndef DP_DNS_TLSA_H
#define DP_DNS_TLSA_H

#include <danepriv/status.h>

/* The values that RFC 6698 sections 2.1.1 to 2.1.3 name; RFC 7218 has the acronyms. */
enum {
	DP_TLSA_PKIX_TA = 0,
	DP_TLSA_PKIX_EE = 1,
	DP_TLSA_DANE_TA = 2,
	DP_TLSA_DANE_EE = 3,

	DP_TLSA_CERT = 0,
	DP_TLSA_SPKI = 1,

	DP_TLSA_FULL = 0,
	DP_TLSA_SHA256 = 1,
	DP_TLSA_SHA512 = 2
};

/* Usage, selector and matching type. */
#define DP_TLSA_HEAD_OCTETS 3

typedef struct dp_tlsa {
	uint8_t usage;
	uint8_t selector;
	uint8_t matching;
	danepriv_span data; /* certificate association data */
} dp_tlsa;

/* `out` borrows from `rdata`.  EMALFORMED: fewer than four octets; then *out is zero. */
danepriv_status dp_tlsa_parse(danepriv_span rdata, dp_tlsa *out);

#endif
