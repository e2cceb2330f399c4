/* SPDX-License-Identifier: BSD-2-Clause
 * What is in a DNS message?  (RFC 1035 section 4, RFC 6891, RFC 8467)
 *
 * Just enough of it for an iterator: questions out, records in.  Whoever has a DNS library of his
 * own does not need this. */
#include "message.h"

#include <string.h>

#define HEADER_OCTETS 12
#define OPT_OCTETS 11
#define PADDING 12	 /* the option's code (RFC 7830) */
#define BLOCK_OCTETS 128 /* RFC 8467 section 4.1 */
#define PAYLOAD 1232

static void
put_u16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t
get_u16(const uint8_t *at)
{
	return (size_t)(at[0] << 8 | at[1]);
}

size_t
dns_message_write(const danepriv_question *question, uint16_t id, bool is_padded, uint8_t *out)
{
	uint8_t *m = out + 2, *opt;
	size_t name = dns_name_write(question->name, m + HEADER_OCTETS);
	size_t len = HEADER_OCTETS + name + 4;

	if (name == 0)
		return 0;
	memset(m, 0, HEADER_OCTETS);
	put_u16(m, id);
	m[3] = 0x10; /* checking disabled: whoever answers, we look ourselves */
	put_u16(m + 4, 1);
	put_u16(m + 10, 1);
	put_u16(m + len - 4, question->type);
	put_u16(m + len - 2, 1);
	opt = m + len;
	memset(opt, 0, OPT_OCTETS + 4 + BLOCK_OCTETS);
	opt[2] = 41;
	put_u16(opt + 3, PAYLOAD);
	opt[7] = 0x80; /* DNSSEC records, please */
	len += OPT_OCTETS;
	if (is_padded) {
		size_t padding = (BLOCK_OCTETS - (len + 4) % BLOCK_OCTETS) % BLOCK_OCTETS;
		put_u16(opt + 9, 4 + padding);
		put_u16(opt + 11, PADDING);
		put_u16(opt + 13, padding);
		len += 4 + padding;
	}
	put_u16(out, len);
	return len + 2;
}

bool
dns_message_is_answer(danepriv_span m, const danepriv_question *question, uint16_t id)
{
	char asked[DNS_NAME_ROOM], name[DNS_NAME_ROOM];

	if (m.len < HEADER_OCTETS || get_u16(m.data) != id || !(m.data[2] & 0x80) ||
	    get_u16(m.data + 4) != 1 || !dns_name_normal(question->name, asked))
		return false;
	size_t end = dns_name_read(m, HEADER_OCTETS, name);
	return end > 0 && end + 4 <= m.len && strcmp(name, asked) == 0 &&
	       get_u16(m.data + end) == question->type;
}

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
	dns_message m = { .octets = octets, .at = dns_name_read(octets, HEADER_OCTETS, name) + 4 };

	for (size_t i = 0; i < DNS_SECTIONS; i++)
		m.left[i] = get_u16(octets.data + 6 + 2 * i);
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
	out->type = (uint16_t)get_u16(data + at);
	out->ttl = (uint32_t)(get_u16(data + at + 4) << 16 | get_u16(data + at + 6));
	out->at = at + 10;
	out->len = get_u16(data + at + 8);
	m->at = out->at + out->len;
	return m->at <= m->octets.len;
}
