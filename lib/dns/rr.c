/* SPDX-License-Identifier: BSD-2-Clause
 * What is a resource record?  (RFC 1035 section 3.2, RFC 4034 section 2 to 4, RFC 5155 section 3)
 */
#include "dns/rr.h"

#include "base/buffer.h"
#include "base/reader.h"
#include "base/span.h"

#include <stdio.h>

#define BITMAP_OCTETS_MAX 32

/* Of a type that is understood; NULL for others. */
static const char *
word_of(uint16_t type)
{
	switch (type) {
	case DP_TYPE_A:
		return "A";
	case DP_TYPE_NS:
		return "NS";
	case DP_TYPE_CNAME:
		return "CNAME";
	case DP_TYPE_SOA:
		return "SOA";
	case DP_TYPE_AAAA:
		return "AAAA";
	case DP_TYPE_DNAME:
		return "DNAME";
	case DP_TYPE_DS:
		return "DS";
	case DP_TYPE_IPSECKEY:
		return "IPSECKEY";
	case DP_TYPE_RRSIG:
		return "RRSIG";
	case DP_TYPE_NSEC:
		return "NSEC";
	case DP_TYPE_DNSKEY:
		return "DNSKEY";
	case DP_TYPE_NSEC3:
		return "NSEC3";
	case DP_TYPE_TLSA:
		return "TLSA";
	case DP_TYPE_IPSECA:
		return "IPSECA";
	default:
		return NULL;
	}
}

bool
dp_rr_type_is_understood(uint16_t type)
{
	return word_of(type) != NULL;
}

void
dp_rr_type_to_text(uint16_t type, char *out, size_t room)
{
	const char *word = word_of(type);

	/* RFC 3597 section 5 */
	if (word)
		(void)snprintf(out, room, "%s", word);
	else
		(void)snprintf(out, room, "TYPE%u", type);
}

bool
dp_rr_read(dp_reader *r, dp_rr *out)
{
	out->owner = dp_name_read(r);
	out->type = dp_read_u16(r);
	out->class = dp_read_u16(r);
	out->ttl = dp_read_u32(r);
	out->rdata = dp_read_span(r, dp_read_u16(r));
	return dp_reader_ok(r);
}

void
dp_rr_write(dp_buffer *b, const dp_rr *rr)
{
	dp_name_write(b, rr->owner, false);
	dp_write_u16(b, rr->type);
	dp_write_u16(b, rr->class);
	dp_write_u32(b, rr->ttl);
	dp_write_u16(b, (uint16_t)rr->rdata.len);
	dp_write_span(b, rr->rdata);
}

danepriv_status
dp_dnskey_parse(danepriv_span rdata, dp_dnskey *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->flags = dp_read_u16(&r);
	out->protocol = dp_read_u8(&r);
	out->algorithm = dp_read_u8(&r);
	out->key = dp_read_rest(&r);
	out->rdata = rdata;
	return dp_reader_done(&r) && out->key.len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_ds_parse(danepriv_span rdata, dp_ds *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->tag = dp_read_u16(&r);
	out->algorithm = dp_read_u8(&r);
	out->digest_type = dp_read_u8(&r);
	out->digest = dp_read_rest(&r);
	return dp_reader_done(&r) && out->digest.len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_rrsig_parse(danepriv_span rdata, dp_rrsig *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->covered = dp_read_u16(&r);
	out->algorithm = dp_read_u8(&r);
	out->labels = dp_read_u8(&r);
	out->original_ttl = dp_read_u32(&r);
	out->expiration = dp_read_u32(&r);
	out->inception = dp_read_u32(&r);
	out->tag = dp_read_u16(&r);
	out->head = rdata;
	out->head.len = r.at;
	out->signer = dp_name_read(&r);
	out->signature = dp_read_rest(&r);
	return dp_reader_done(&r) && out->signature.len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

/* Checks a type bitmap: windows ascend, each has 1 to 32 octets (RFC 4034 section 4.1.2). */
static bool
types_are_well_formed(danepriv_span types)
{
	dp_reader r = dp_reader_over(types);
	int last = -1;

	while (dp_reader_left(&r) > 0) {
		uint8_t window = dp_read_u8(&r);
		uint8_t len = dp_read_u8(&r);
		(void)dp_read_span(&r, len);
		if (!dp_reader_ok(&r) || window <= last || len == 0 || len > BITMAP_OCTETS_MAX)
			return false;
		last = window;
	}
	return dp_reader_done(&r);
}

danepriv_status
dp_nsec_parse(danepriv_span rdata, dp_nsec *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->next = dp_name_read(&r);
	out->types = dp_read_rest(&r);
	if (!dp_reader_done(&r) || !types_are_well_formed(out->types))
		return DANEPRIV_EMALFORMED;
	return DANEPRIV_OK;
}

danepriv_status
dp_nsec3_parse(danepriv_span rdata, dp_nsec3 *out)
{
	dp_reader r = dp_reader_over(rdata);

	out->algorithm = dp_read_u8(&r);
	out->flags = dp_read_u8(&r);
	out->iterations = dp_read_u16(&r);
	out->salt = dp_read_span(&r, dp_read_u8(&r));
	out->next = dp_read_span(&r, dp_read_u8(&r));
	out->types = dp_read_rest(&r);
	if (!dp_reader_done(&r) || out->next.len == 0 || !types_are_well_formed(out->types))
		return DANEPRIV_EMALFORMED;
	return DANEPRIV_OK;
}

danepriv_status
dp_rr_target_parse(danepriv_span rdata, dp_name *out)
{
	dp_reader r = dp_reader_over(rdata);

	*out = dp_name_read(&r);
	return dp_reader_done(&r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_rr_soa_minimum(danepriv_span rdata, uint32_t *out)
{
	dp_reader r = dp_reader_over(rdata);

	(void)dp_name_read(&r);
	(void)dp_name_read(&r);
	(void)dp_read_span(&r, 16); /* SERIAL, REFRESH, RETRY, EXPIRE */
	*out = dp_read_u32(&r);
	return dp_reader_done(&r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

uint16_t
dp_dnskey_tag(danepriv_span rdata)
{
	uint32_t high = 0, low = 0;

	/* At most 65535 octets, so that 32 bits hold the sum. */
	for (size_t i = 0; i + 1 < rdata.len; i += 2) {
		high += rdata.data[i];
		low += rdata.data[i + 1];
	}
	if (rdata.len % 2)
		high += rdata.data[rdata.len - 1];
	uint32_t sum = (high << 8) + low;
	sum += sum >> 16 & 0xFFFF;
	return (uint16_t)(sum & 0xFFFF);
}

bool
dp_rr_types_have(danepriv_span types, uint16_t type)
{
	dp_reader r = dp_reader_over(types);

	while (dp_reader_left(&r) > 0) {
		uint8_t window = dp_read_u8(&r);
		danepriv_span bits = dp_read_span(&r, dp_read_u8(&r));
		size_t at = (type & 0xFFu) / 8;
		if (window == type >> 8)
			return at < bits.len && (bits.data[at] & 0x80 >> (type & 7)) != 0;
	}
	return false;
}

bool
dp_rr_types_deny_name(danepriv_span types)
{
	/* Window 0 alone: 46 and 47 may be there, 128 must. */
	static const uint8_t allowed[] = { 0, 0, 0, 0, 0, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x80 };
	dp_reader r = dp_reader_over(types);
	uint8_t window = dp_read_u8(&r);
	danepriv_span bits = dp_read_span(&r, dp_read_u8(&r));

	if (!dp_reader_done(&r) || window != 0 || !dp_rr_types_have(types, DP_TYPE_NXNAME))
		return false;
	for (size_t i = 0; i < bits.len; i++)
		if (bits.data[i] & ~(i < sizeof allowed ? allowed[i] : 0))
			return false;
	return true;
}

/* The octets in front that are names to lower.  Of the types that we understand, only these have
 * some; RRSIGs are never signed.  NSEC keeps its case (RFC 6840 section 5.1), newer types are taken
 * as they are. */
static size_t
lowered_octets(uint16_t type, danepriv_span rdata)
{
	dp_reader r = dp_reader_over(rdata);
	size_t octets = 0;
	unsigned names = type == DP_TYPE_SOA							? 2
			 : type == DP_TYPE_NS || type == DP_TYPE_CNAME || type == DP_TYPE_DNAME ? 1
												: 0;
	for (unsigned i = 0; i < names && dp_reader_ok(&r); i++) {
		(void)dp_name_read(&r);
		if (dp_reader_ok(&r))
			octets = r.at;
	}
	return octets;
}

void
dp_rr_rdata_write(dp_buffer *b, uint16_t type, danepriv_span rdata)
{
	dp_reader r = dp_reader_over(rdata);
	danepriv_span names = dp_read_span(&r, lowered_octets(type, rdata));

	/* Lowering goes octet by octet: two names are as good as one. */
	dp_name_write(b, (dp_name){ names.data, names.len }, true);
	dp_write_span(b, dp_read_rest(&r));
}

int
dp_rr_rdata_compare(uint16_t type, danepriv_span a, danepriv_span b)
{
	size_t lowered_a = lowered_octets(type, a), lowered_b = lowered_octets(type, b);
	size_t shorter = a.len < b.len ? a.len : b.len;

	if (lowered_a == 0 && lowered_b == 0)
		return dp_span_compare(a, b);
	for (size_t i = 0; i < shorter; i++) {
		uint8_t x = i < lowered_a ? dp_name_octet_lower(a.data[i]) : a.data[i];
		uint8_t y = i < lowered_b ? dp_name_octet_lower(b.data[i]) : b.data[i];
		if (x != y)
			return x - y;
	}
	return (a.len > b.len) - (a.len < b.len);
}
