/* SPDX-License-Identifier: BSD-2-Clause
 * For which addresses do resolvers answer by themselves?  (RFC 6303 sections 4.1 to 4.6)
 *
 * For private addresses, and others that are nobody's in particular, resolvers have zones built in,
 * empty and unsigned.  Whoever trusts a key for such a zone gets no key from them. */
#include "dnssec/served.h"

#define DECIMAL 10
#define HEXADECIMAL 16

/* Zones with one label in front of a name: numbers, from the first to the last. */
static const struct served {
	const char *above;
	unsigned base, first, last;
} list[] = {
	{ "in-addr.arpa", DECIMAL, 0, 0 },
	{ "in-addr.arpa", DECIMAL, 10, 10 },
	{ "in-addr.arpa", DECIMAL, 127, 127 },
	{ "100.in-addr.arpa", DECIMAL, 64, 127 }, /* RFC 7793 */
	{ "169.in-addr.arpa", DECIMAL, 254, 254 },
	{ "172.in-addr.arpa", DECIMAL, 16, 31 },
	{ "192.in-addr.arpa", DECIMAL, 168, 168 },
	{ "0.192.in-addr.arpa", DECIMAL, 2, 2 },
	{ "51.198.in-addr.arpa", DECIMAL, 100, 100 },
	{ "0.203.in-addr.arpa", DECIMAL, 113, 113 },
	{ "255.255.255.in-addr.arpa", DECIMAL, 255, 255 },
	{ "f.ip6.arpa", HEXADECIMAL, 0xD, 0xD },
	{ "e.f.ip6.arpa", HEXADECIMAL, 0x8, 0xB },
	{ "b.d.0.1.0.0.2.ip6.arpa", HEXADECIMAL, 8, 8 },
	{ "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa", HEXADECIMAL, 0,
	    1 },
};

static unsigned
digit_of(uint8_t octet)
{
	octet = dp_name_octet_lower(octet);
	if (octet >= '0' && octet <= '9')
		return octet - (unsigned)'0';
	return octet >= 'a' && octet <= 'f' ? octet - (unsigned)'a' + DECIMAL : HEXADECIMAL;
}

/* The number that the first label is, as addresses are written there; false: it is none. */
static bool
read_number(dp_name name, unsigned base, unsigned *number)
{
	size_t len = name.octets[0];

	*number = 0;
	if (len == 0 || len > (base == DECIMAL ? 3 : 1) || (len > 1 && name.octets[1] == '0'))
		return false;
	for (size_t i = 1; i <= len; i++) {
		unsigned digit = digit_of(name.octets[i]);
		if (digit >= base)
			return false;
		*number = *number * base + digit;
	}
	return true;
}

bool
dp_served_locally(dp_name name)
{
	dp_name_store above;
	unsigned number;

	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		const struct served *s = &list[i];
		if (dp_name_from_text(s->above, &above) != DANEPRIV_OK ||
		    !dp_name_below(name, dp_name_of(&above)))
			continue;
		dp_name zone = dp_name_tail(name, dp_name_labels(dp_name_of(&above)) + 1);
		if (read_number(zone, s->base, &number) && number >= s->first && number <= s->last)
			return true;
	}
	return false;
}
