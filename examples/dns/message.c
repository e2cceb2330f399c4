/* SPDX-License-Identifier: BSD-2-Clause
 * What does an answer say?  (RFC 1035 section 4.1)
 *
 * Just enough of it for an iterator.  Whoever has a DNS library of their own does not need this. */
#include "message.h"

#include "octets.h"

bool
dns_message_is_authoritative(danepriv_span m)
{
	return (m.data[2] & 0x04) != 0;
}

bool
dns_message_is_cut(danepriv_span m)
{
	return (m.data[2] & 0x02) != 0;
}

int
dns_message_rcode(danepriv_span m)
{
	return m.data[3] & 0x0F;
}

dns_message
dns_message_over(danepriv_span octets)
{
	char name[DNS_NAME_ROOM];
	dns_message m = { .octets = octets,
		.at = dns_name_read(octets, DNS_HEADER_OCTETS, name) + 4 };

	for (size_t i = 0; i < DNS_SECTIONS; i++)
		m.left[i] = dns_get_u16(octets.data + 6 + 2 * i);
	return m;
}

bool
dns_message_next(dns_message *m, dns_record *out)
{
	const uint8_t *data = m->octets.data;

	out->section = 0;
	while (out->section < DNS_SECTIONS && m->left[out->section] == 0)
		out->section++;
	if (out->section == DNS_SECTIONS)
		return false;
	m->left[out->section]--;
	size_t at = dns_name_read(m->octets, m->at, out->name);
	if (at == 0 || at + 10 > m->octets.len)
		return false;
	out->type = (uint16_t)dns_get_u16(data + at);
	out->ttl = (uint32_t)(dns_get_u16(data + at + 4) << 16 | dns_get_u16(data + at + 6));
	out->at = at + 10;
	out->len = dns_get_u16(data + at + 8);
	m->at = out->at + out->len;
	return m->at <= m->octets.len;
}
