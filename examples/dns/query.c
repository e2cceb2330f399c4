/* SPDX-License-Identifier: BSD-2-Clause
 * How is a question asked, and which message is its answer?  (RFC 1035 section 4.1, RFC 6891) */
#include "query.h"

#include "message.h"
#include "octets.h"

#include <string.h>

#define CLASS_IN 1
#define RECURSION_DESIRED 0x0100
#define CHECKING_DISABLED 0x0010

#define OPT_OCTETS 11
#define PAYLOAD 1232	 /* octets of a datagram that we take */
#define DNSSEC_OK 0x8000 /* RFC 3225 section 3 */
#define PADDING 12	 /* the option's code (RFC 7830) */
#define OPTION_OCTETS 4	 /* of an option that is empty */
#define BLOCK_OCTETS 128 /* RFC 8467 section 4.1 */

_Static_assert(
    DNS_HEADER_OCTETS + DNS_NAME_OCTETS + 4 + OPT_OCTETS + OPTION_OCTETS + BLOCK_OCTETS <=
	DNS_QUERY_MAX,
    "the longest question fits, padded");

/* Behind `before` octets of the message, all zeros so far; the number of its octets. */
static size_t
write_opt(const dns_query *query, size_t before, uint8_t *opt)
{
	size_t over = (before + OPT_OCTETS + OPTION_OCTETS) % BLOCK_OCTETS;
	size_t padding = over > 0 ? BLOCK_OCTETS - over : 0;

	dns_put_u16(opt + 1, DNS_TYPE_OPT);
	dns_put_u16(opt + 3, PAYLOAD);
	dns_put_u16(opt + 7, query->validates ? DNSSEC_OK : 0);
	if (!query->is_padded)
		return OPT_OCTETS;
	dns_put_u16(opt + 9, OPTION_OCTETS + padding);
	dns_put_u16(opt + 11, PADDING);
	dns_put_u16(opt + 13, padding);
	return OPT_OCTETS + OPTION_OCTETS + padding;
}

size_t
dns_query_write(const dns_query *query, uint8_t out[DNS_QUERY_MAX])
{
	memset(out, 0, DNS_QUERY_MAX);
	size_t name = dns_name_write(query->name, out + DNS_HEADER_OCTETS);
	size_t len = DNS_HEADER_OCTETS + name + 4;

	if (name == 0)
		return 0;
	dns_put_u16(out, query->id);
	dns_put_u16(out + 2, (query->is_for_resolver ? RECURSION_DESIRED : 0) |
				 (query->validates ? CHECKING_DISABLED : 0));
	dns_put_u16(out + 4, 1);  /* one question */
	dns_put_u16(out + 10, 1); /* and OPT */
	dns_put_u16(out + len - 4, query->type);
	dns_put_u16(out + len - 2, CLASS_IN);
	return len + write_opt(query, len, out + len);
}

bool
dns_query_is_answered_by(const dns_query *query, danepriv_span m)
{
	char asked[DNS_NAME_ROOM], name[DNS_NAME_ROOM];

	if (m.len < DNS_HEADER_OCTETS || dns_get_u16(m.data) != query->id || !(m.data[2] & 0x80) ||
	    dns_get_u16(m.data + 4) != 1 || !dns_name_normal(query->name, asked))
		return false;
	size_t end = dns_name_read(m, DNS_HEADER_OCTETS, name);
	return end > 0 && end + 4 <= m.len && strcmp(name, asked) == 0 &&
	       dns_get_u16(m.data + end) == query->type &&
	       dns_get_u16(m.data + end + 2) == CLASS_IN;
}
