/* SPDX-License-Identifier: BSD-2-Clause
 * What is a resource record?  (RFC 1035 section 3.2, RFC 4034 section 2 to 4, RFC 5155 section 3)
 *
 * Inside the house records travel as RFC 9102 section 2.3 puts them on the wire: owner, type,
 * class, TTL, RDLENGTH, RDATA, one after the other, no name compressed. */
#ifndef DP_DNS_RR_H
#define DP_DNS_RR_H

#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"

#include <danepriv/status.h>

enum {
	DP_CLASS_IN = 1,
	DP_TYPE_A = 1,
	DP_TYPE_NS = 2,
	DP_TYPE_CNAME = 5,
	DP_TYPE_SOA = 6,
	DP_TYPE_AAAA = 28,
	DP_TYPE_DNAME = 39,
	DP_TYPE_OPT = 41,
	DP_TYPE_DS = 43,
	DP_TYPE_IPSECKEY = 45,
	DP_TYPE_RRSIG = 46,
	DP_TYPE_NSEC = 47,
	DP_TYPE_DNSKEY = 48,
	DP_TYPE_NSEC3 = 50,
	DP_TYPE_TLSA = 52,
	DP_TYPE_NXNAME = 128, /* in bitmaps alone (RFC 9824) */
	DP_TYPE_IPSECA = 65347
};

typedef struct dp_rr {
	dp_name owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	danepriv_span rdata;
} dp_rr;

/* A type that a proof can need; others are passed over unread. */
bool dp_rr_type_is_understood(uint16_t type);
/* What a type is called in a zone file: "DNSKEY", or "TYPE65280".  The longest has 9 characters. */
void dp_rr_type_to_text(uint16_t type, char *out, size_t room);

/* Reads one uncompressed record; all of it borrows from the reader's input.  False, and the reader
 * failed, when malformed. */
bool dp_rr_read(dp_reader *r, dp_rr *out);
/* The same, written. */
void dp_rr_write(dp_buffer *b, const dp_rr *rr);

typedef struct dp_dnskey {
	uint16_t flags;
	uint8_t protocol;
	uint8_t algorithm;
	danepriv_span key;
	danepriv_span rdata; /* the whole */
} dp_dnskey;

typedef struct dp_ds {
	uint16_t tag;
	uint8_t algorithm;
	uint8_t digest_type;
	danepriv_span digest;
} dp_ds;

typedef struct dp_rrsig {
	uint16_t covered;
	uint8_t algorithm;
	uint8_t labels;
	uint32_t original_ttl;
	uint32_t expiration;
	uint32_t inception;
	uint16_t tag;
	dp_name signer;
	danepriv_span signature;
	danepriv_span head; /* RDATA before the signer's name */
} dp_rrsig;

typedef struct dp_nsec {
	dp_name next;
	danepriv_span types;
} dp_nsec;

typedef struct dp_nsec3 {
	uint8_t algorithm;
	uint8_t flags;
	uint16_t iterations;
	danepriv_span salt;
	danepriv_span next;
	danepriv_span types;
} dp_nsec3;

#define DP_DNSKEY_ZONE 0x0100
#define DP_DNSKEY_REVOKE 0x0080
#define DP_NSEC3_OPT_OUT 0x01

/* RDATA parsers.  The results borrow from `rdata`.  EMALFORMED: not exactly the fields of the type.
 */
danepriv_status dp_dnskey_parse(danepriv_span rdata, dp_dnskey *out);
danepriv_status dp_ds_parse(danepriv_span rdata, dp_ds *out);
danepriv_status dp_rrsig_parse(danepriv_span rdata, dp_rrsig *out);
danepriv_status dp_nsec_parse(danepriv_span rdata, dp_nsec *out);
danepriv_status dp_nsec3_parse(danepriv_span rdata, dp_nsec3 *out);
/* CNAME, DNAME, NS: exactly one name. */
danepriv_status dp_rr_target_parse(danepriv_span rdata, dp_name *out);
/* SOA MINIMUM (RFC 2308 section 4). */
danepriv_status dp_rr_soa_minimum(danepriv_span rdata, uint32_t *out);

/* Key tag (RFC 4034 appendix B). */
uint16_t dp_dnskey_tag(danepriv_span rdata);
/* Is `type` in a bitmap that a parser above has checked?  (RFC 4034 section 4.1.2) */
bool dp_rr_types_have(danepriv_span types, uint16_t type);
/* Does such a bitmap say that its name does not exist: NXNAME, and nothing beside it but RRSIG and
 * NSEC?  (RFC 9824 section 3.1) */
bool dp_rr_types_deny_name(danepriv_span types);

/* Does RDATA of this type carry names that are lowered for signing?  (RFC 4034 section 6.2, RFC
 * 6840 section 5.1)  Writes the canonical RDATA: lowered where that is so, else as it is. */
void dp_rr_rdata_write(dp_buffer *b, uint16_t type, danepriv_span rdata);
/* The canonical order of two such RDATAs of one type (RFC 4034 section 6.3); 0: the same. */
int dp_rr_rdata_compare(uint16_t type, danepriv_span a, danepriv_span b);

#endif
