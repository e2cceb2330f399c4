/* SPDX-License-Identifier: BSD-2-Clause
 * What may a server send as extension 59? */
#include "support/sent_chains.h"

#include "base/buffer.h"
#include "support/guarded.h"
#include "support/ssl_pair.h"

#include <check.h>

#define FROM (NOW - 10)
#define TO (NOW + 10)
#define OCTETS_MAX 61000

static const char *
owner_of(sent_chain what, bool datagrams)
{
	if (what == OF_NAME)
		return datagrams ? "_853._udp." ELSEWHERE : "_853._tcp." ELSEWHERE;
	if (what == OF_PORT)
		return datagrams ? "_443._udp." NAME : "_443._tcp." NAME;
	return datagrams ? "_853._udp." NAME : "_853._tcp." NAME;
}

static test_octets
chain_of(const tiny_zone *zone, sent_chain what, bool datagrams)
{
	if (what == NOTHING_THERE)
		return tiny_zone_denial(zone, FROM, TO);
	tiny_zone *other = what == FOREIGN ? tiny_zone_new() : NULL;
	test_octets rdata = ssl_record_of(&honest);
	danepriv_span record = octets_span(rdata);
	if (what == OF_KEY)
		rdata.data[9] ^= 1;
	test_octets chain = tiny_zone_chain(other ? other : zone, owner_of(what, datagrams),
	    &record, 1, FROM, what == EXPIRED ? NOW - 1 : TO);
	tiny_zone_free(other);
	octets_free(rdata);
	return chain;
}

/* A TXT record of the root's. */
static void
write_useless_record(dp_buffer *b, uint16_t len)
{
	static const uint8_t zeros[OCTETS_MAX];

	dp_write_u8(b, 0);
	dp_write_u16(b, 16);
	dp_write_u16(b, 1);
	dp_write_u32(b, 60);
	dp_write_u16(b, len);
	dp_write(b, zeros, len);
}

/* What goes behind the lifetime and the length. */
static test_octets
body_of(const tiny_zone *zone, sent_chain what, bool datagrams)
{
	test_octets chain = chain_of(zone, what, datagrams);
	dp_buffer b = dp_buffer_growing(OCTETS_MAX);

	if (what == NESTED)
		dp_write_u16(&b, (uint16_t)chain.len);
	dp_write(&b, chain.data, what == CUT ? chain.len - 1 : chain.len);
	if (what == DOUBLED)
		dp_write(&b, chain.data, chain.len);
	if (what == LONG)
		write_useless_record(&b, 59000);
	if (what == CHANGED)
		b.data[b.len / 2] ^= 1;
	for (size_t i = 0; what == NOISE && i < b.len; i++)
		b.data[i] = (uint8_t)(i * 151);
	octets_free(chain);
	return octets_of_buffer(&b);
}

test_octets
extension_with(const tiny_zone *zone, sent_chain what, bool datagrams)
{
	static const danepriv_span none = { NULL, 0 };

	if (what == EMPTY || what == LIFETIME)
		return what == EMPTY ? octets_copy(none) : tiny_zone_extension(none, 24, false);
	test_octets body = body_of(zone, what, datagrams);
	test_octets extension = tiny_zone_extension(octets_span(body), 24, what != BARE);
	octets_free(body);
	return extension;
}
