/* SPDX-License-Identifier: BSD-2-Clause
 * Which records did a server send in its handshake?  (RFC 9102 section 2.2) */
#include "dnssec/chain.h"

#include "base/bounds.h"
#include "base/reader.h"
#include "dns/rr.h"

/* One record or more, and nothing else. */
static bool
is_records(danepriv_span octets)
{
	dp_reader r = dp_reader_over(octets);
	dp_rr rr;

	/* Every record takes at least 11 octets. */
	while (dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr))
		continue;
	return octets.len > 0 && dp_reader_done(&r);
}

danepriv_status
dp_chain_read(danepriv_span octets, danepriv_span *out)
{
	dp_reader r = dp_reader_over(octets);
	size_t len = dp_read_u16(&r);
	danepriv_span rest = dp_read_rest(&r);

	out->data = NULL;
	out->len = 0;
	if (dp_reader_ok(&r) && len == rest.len && is_records(rest))
		*out = rest;
	else if (octets.len <= DP_MESSAGE_OCTETS_MAX && is_records(octets))
		*out = octets;
	return out->len > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_chain_write_extension(dp_buffer *b, const dp_extension *extension, bool prefixed)
{
	danepriv_span chain = extension->chain;
	size_t heads = prefixed ? 4 : 2;

	if (!is_records(chain))
		return DANEPRIV_EMALFORMED;
	if (chain.len > DP_MESSAGE_OCTETS_MAX - heads)
		return DANEPRIV_ELIMIT;
	dp_write_u16(b, extension->lifetime);
	if (prefixed)
		dp_write_u16(b, (uint16_t)chain.len);
	dp_write_span(b, chain);
	return b->status;
}

danepriv_status
dp_chain_read_extension(danepriv_span octets, dp_extension *out)
{
	dp_reader r = dp_reader_over(octets);
	const dp_extension none = { 0, { NULL, 0 } };
	uint16_t lifetime = dp_read_u16(&r);

	*out = none;
	danepriv_status status = dp_chain_read(dp_read_rest(&r), &out->chain);
	if (status == DANEPRIV_OK)
		out->lifetime = lifetime;
	return status;
}
