/* SPDX-License-Identifier: BSD-2-Clause
 * What does a DNS message say?  (RFC 1035 section 4, RFC 6891) */
#include "dns/message.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "dns/rr.h"

#include <danepriv/status.h>

#define FLAG_RESPONSE 0x8000
#define FLAG_TRUNCATED 0x0200
#define FLAG_RECURSION_DESIRED 0x0100
#define FLAG_CHECKING_DISABLED 0x0010
#define OPT_DO 0x8000
#define OPTION_PADDING 12
#define OPTION_EDE 15
#define UDP_PAYLOAD 1232

/* Names at the front of RDATA that senders may compress (RFC 1035, RFC 3597 section 4); we also
 * take compressed ones where writers should not (RRSIG, NSEC, DNAME). */
typedef struct layout {
	uint8_t before; /* octets before the names */
	uint8_t names;
} layout;

static layout
layout_of(uint16_t type)
{
	layout plain = { 0, 0 }, one = { 0, 1 }, two = { 0, 2 }, rrsig = { 18, 1 };

	switch (type) {
	case DP_TYPE_NS:
	case DP_TYPE_CNAME:
	case DP_TYPE_DNAME:
	case DP_TYPE_NSEC:
		return one;
	case DP_TYPE_SOA:
		return two;
	case DP_TYPE_RRSIG:
		return rrsig;
	default:
		return plain;
	}
}

/* A name of this message, counted. */
static danepriv_status
read_name(dp_reader *r, dp_message *m, dp_name_store *out)
{
	danepriv_status status = dp_name_unpack(r, out);

	m->name_octets += status == DANEPRIV_OK ? out->len : DP_NAME_OCTETS_MAX;
	if (status != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	return m->name_octets > DP_MESSAGE_OCTETS_MAX ? DANEPRIV_ELIMIT : DANEPRIV_OK;
}

static danepriv_status
unpack_name(dp_reader *r, dp_message *m, dp_buffer *out)
{
	dp_name_store name;
	danepriv_status status = read_name(r, m, &name);

	if (status == DANEPRIV_OK)
		dp_name_write(out, dp_name_of(&name), false);
	return status;
}

/* RDATA from `r`, which stands at its start in the message, `len` octets. */
static danepriv_status
unpack_rdata(dp_reader *r, dp_message *m, size_t len, uint16_t type, dp_buffer *out)
{
	layout form = layout_of(type);
	danepriv_status status = DANEPRIV_OK;

	if (dp_reader_left(r) < len)
		return DANEPRIV_EMALFORMED;
	size_t end = r->at + len;
	if (form.before)
		dp_write_span(out, dp_read_span(r, form.before));
	for (unsigned i = 0; i < form.names && status == DANEPRIV_OK; i++)
		status = unpack_name(r, m, out);
	if (status != DANEPRIV_OK)
		return status;
	if (!dp_reader_ok(r) || r->at > end)
		return DANEPRIV_EMALFORMED;
	dp_write_span(out, dp_read_span(r, end - r->at));
	return DANEPRIV_OK;
}

/* One record of the answer or authority section. */
static danepriv_status
unpack_record(dp_reader *r, dp_message *m, dp_buffer *out)
{
	size_t start = out->len;
	dp_name_store owner;
	danepriv_status status = read_name(r, m, &owner);

	if (status != DANEPRIV_OK)
		return status;
	uint16_t type = dp_read_u16(r);
	uint16_t class = dp_read_u16(r);
	uint32_t ttl = dp_read_u32(r);
	uint16_t len = dp_read_u16(r);
	if (!dp_reader_ok(r))
		return DANEPRIV_EMALFORMED;
	if (class != DP_CLASS_IN || !dp_rr_type_is_understood(type)) {
		(void)dp_read_span(r, len);
		return dp_reader_ok(r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
	}
	dp_name_write(out, dp_name_of(&owner), false);
	dp_write_u16(out, type);
	dp_write_u16(out, class);
	dp_write_u32(out, ttl);
	size_t length_at = out->len;
	dp_write_u16(out, 0);
	size_t rdata_at = out->len;
	status = unpack_rdata(r, m, len, type, out);
	if (status != DANEPRIV_OK)
		return status;
	if (out->status != DANEPRIV_OK) {
		out->len = start;
		return out->status;
	}
	if (out->len - rdata_at > UINT16_MAX)
		return DANEPRIV_EMALFORMED;
	dp_buffer_patch_u16(out, length_at, (uint16_t)(out->len - rdata_at));
	return DANEPRIV_OK;
}

/* The first Extended DNS Error among the options of an OPT (RFC 8914 section 2).  Options that do
 * not parse are nobody's loss. */
static int
read_ede(danepriv_span options)
{
	dp_reader r = dp_reader_over(options);

	while (dp_reader_left(&r) > 0) {
		uint16_t code = dp_read_u16(&r);
		danepriv_span data = dp_read_span(&r, dp_read_u16(&r));
		if (dp_reader_ok(&r) && code == OPTION_EDE && data.len >= 2)
			return data.data[0] << 8 | data.data[1];
	}
	return -1;
}

/* One record of the additional section: only OPT matters, for the upper bits of the rcode, and for
 * what the sender says beside it. */
static danepriv_status
skip_record(dp_reader *r, dp_message *out)
{
	dp_name_store owner;
	danepriv_status status = read_name(r, out, &owner);

	if (status != DANEPRIV_OK)
		return status;
	uint16_t type = dp_read_u16(r);
	(void)dp_read_u16(r);
	uint32_t ttl = dp_read_u32(r);
	danepriv_span data = dp_read_span(r, dp_read_u16(r));
	if (!dp_reader_ok(r))
		return DANEPRIV_EMALFORMED;
	if (type != DP_TYPE_OPT)
		return DANEPRIV_OK;
	out->rcode = (uint16_t)(out->rcode | (ttl >> 24) << 4);
	if (out->ede < 0)
		out->ede = read_ede(data);
	return DANEPRIV_OK;
}

static danepriv_status
unpack_question(dp_reader *r, dp_message *out)
{
	if (read_name(r, out, &out->qname) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->qtype = dp_read_u16(r);
	out->qclass = dp_read_u16(r);
	return dp_reader_ok(r) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_message_unpack(danepriv_span wire, dp_message *out, dp_buffer *records)
{
	dp_reader r = dp_reader_over(wire);
	size_t start = records->len;
	danepriv_status status = DANEPRIV_OK;

	out->id = dp_read_u16(&r);
	uint16_t flags = dp_read_u16(&r);
	out->is_response = (flags & FLAG_RESPONSE) != 0;
	out->is_truncated = (flags & FLAG_TRUNCATED) != 0;
	out->rcode = flags & 0x0F;
	out->qname.len = 0;
	out->qtype = out->qclass = 0;
	out->ede = -1;
	out->name_octets = 0;
	uint16_t questions = dp_read_u16(&r);
	/* 65535 octets hold fewer than 65536 records of 11 octets, so these end. */
	unsigned kept = dp_read_u16(&r);
	kept += dp_read_u16(&r);
	unsigned additional = dp_read_u16(&r);

	if (!dp_reader_ok(&r) || wire.len > 65535 || questions != 1 || flags & 0x7800)
		return DANEPRIV_EMALFORMED;
	status = unpack_question(&r, out);
	for (unsigned i = 0; i < kept && status == DANEPRIV_OK; i++)
		status = unpack_record(&r, out, records);
	for (unsigned i = 0; i < additional && status == DANEPRIV_OK; i++)
		status = skip_record(&r, out);
	if (status == DANEPRIV_OK && !dp_reader_done(&r))
		status = DANEPRIV_EMALFORMED;
	if (status != DANEPRIV_OK)
		records->len = start;
	return status;
}

/* OPT with DO, and padding up to the next multiple of `block` (RFC 8467 section 4.1). */
static void
write_opt(dp_buffer *out, size_t start, size_t block)
{
	size_t before = out->len - start + 11 + 4;
	size_t padding = block ? (block - before % block) % block : 0;

	dp_write_u8(out, 0);
	dp_write_u16(out, DP_TYPE_OPT);
	dp_write_u16(out, UDP_PAYLOAD);
	dp_write_u32(out, OPT_DO);
	dp_write_u16(out, (uint16_t)(block ? 4 + padding : 0));
	if (!block)
		return;
	dp_write_u16(out, OPTION_PADDING);
	dp_write_u16(out, (uint16_t)padding);
	for (size_t i = 0; i < padding; i++)
		dp_write_u8(out, 0);
}

void
dp_message_write_question(dp_buffer *out, uint16_t id, dp_name name, uint16_t type, size_t block)
{
	size_t start = out->len;

	dp_write_u16(out, id);
	dp_write_u16(out, FLAG_RECURSION_DESIRED | FLAG_CHECKING_DISABLED);
	dp_write_u16(out, 1);
	dp_write_u16(out, 0);
	dp_write_u16(out, 0);
	dp_write_u16(out, 1);
	dp_name_write(out, name, false);
	dp_write_u16(out, type);
	dp_write_u16(out, DP_CLASS_IN);
	write_opt(out, start, block);
}
