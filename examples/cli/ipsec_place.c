/* SPDX-License-Identifier: BSD-2-Clause
 * Which addresses and networks may stand in a configuration as they are? */
#include "ipsec_place.h"

#include "options.h"

#include <stdio.h>
#include <string.h>

enum { IPV4_OCTETS = 4, IPV6_OCTETS = 16 };

typedef struct range {
	const char *text;
	unsigned bits;
} range;

/* Both daemons take these for anybody or for many; and IPv4 within IPv6 is a second name of a host
 * that has one. */
static const range no_host[] = {
	{ "0.0.0.0", 8 },
	{ "224.0.0.0", 3 },
	{ "::", 128 },
	{ "ff00::", 8 },
	{ "::ffff:0.0.0.0", 96 },
};

/* RFC 1918, RFC 3927, RFC 6598; RFC 4193, RFC 4291 section 2.5.6. */
static const range internal[] = {
	{ "10.0.0.0", 8 },
	{ "172.16.0.0", 12 },
	{ "192.168.0.0", 16 },
	{ "169.254.0.0", 16 },
	{ "100.64.0.0", 10 },
	{ "fc00::", 7 },
	{ "fe80::", 10 },
};

static bool
set(danepriv_span octets, cli_ipsec_place *out)
{
	*out = (cli_ipsec_place){ .len = 0 };
	if (octets.len != IPV4_OCTETS && octets.len != IPV6_OCTETS)
		return false;
	memcpy(out->octets, octets.data, octets.len);
	out->len = octets.len;
	return inet_ntop(octets.len == IPV4_OCTETS ? AF_INET : AF_INET6, out->octets, out->text,
		   sizeof out->text) != NULL;
}

static bool
parse(const char *text, cli_ipsec_place *out)
{
	uint8_t octets[IPV6_OCTETS];

	if (inet_pton(AF_INET, text, octets) == 1)
		return set((danepriv_span){ octets, IPV4_OCTETS }, out);
	return inet_pton(AF_INET6, text, octets) == 1 &&
	       set((danepriv_span){ octets, IPV6_OCTETS }, out);
}

/* Are the first bits the same? */
static bool
is_within(const uint8_t *octets, const uint8_t *net, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(octets, net, whole) != 0)
		return false;
	return rest == 0 || (octets[whole] ^ net[whole]) >> (8 - rest) == 0;
}

/* The one that the address is in, or NULL. */
static const range *
find(const cli_ipsec_place *place, const range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cli_ipsec_place net;
		if (parse(ranges[i].text, &net) && net.len == place->len &&
		    is_within(place->octets, net.octets, ranges[i].bits))
			return &ranges[i];
	}
	return NULL;
}

static bool
is_host(const cli_ipsec_place *place)
{
	return !find(place, no_host, sizeof no_host / sizeof *no_host);
}

bool
cli_ipsec_place_set(danepriv_span octets, cli_ipsec_place *out)
{
	return set(octets, out) && is_host(out);
}

bool
cli_ipsec_place_parse(const char *text, cli_ipsec_place *out)
{
	return parse(text, out) && is_host(out);
}

bool
cli_ipsec_place_read(const char *option, const char *text, cli_ipsec_place *out)
{
	if (cli_ipsec_place_parse(text, out))
		return true;
	cli_complain("%s: '%.80s' is no address of a host", option, text);
	return false;
}

/* What is behind the length is zero; if not, somebody may have meant another network. */
static bool
is_net(const cli_ipsec_place *place, unsigned bits)
{
	uint8_t zero[IPV6_OCTETS] = { 0 };

	memcpy(zero, place->octets, bits / 8);
	if (bits % 8 != 0)
		zero[bits / 8] = place->octets[bits / 8] & (uint8_t)(0xFF << (8 - bits % 8));
	return memcmp(zero, place->octets, place->len) == 0;
}

static bool
parse_net(const char *text, cli_ipsec_place *out)
{
	size_t len = strcspn(text, "/");
	char address[INET6_ADDRSTRLEN];
	int64_t bits;

	if (text[len] != '/' || len >= sizeof address)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!parse(address, out) ||
	    !cli_read_number(text + len + 1, 1, 8 * (int64_t)out->len, &bits) ||
	    !is_net(out, (unsigned)bits))
		return false;
	len = strlen(out->text);
	(void)snprintf(out->text + len, sizeof out->text - len, "/%u", (unsigned)bits);
	return true;
}

bool
cli_ipsec_net_read(const char *text, cli_ipsec_place *out)
{
	if (parse_net(text, out))
		return true;
	cli_complain(
	    "--clients: '%.80s' is no network, which is ADDR/LEN with zeros behind LEN", text);
	return false;
}

bool
cli_ipsec_net_of(const cli_ipsec_place *place, cli_ipsec_place *out)
{
	const range *found = find(place, internal, sizeof internal / sizeof *internal);
	char text[INET6_ADDRSTRLEN + 4];

	if (!found)
		return false;
	(void)snprintf(text, sizeof text, "%s/%u", found->text, found->bits);
	return parse_net(text, out);
}

bool
cli_ipsec_places_equal(const cli_ipsec_place *one, const cli_ipsec_place *other)
{
	return one->len == other->len && memcmp(one->octets, other->octets, one->len) == 0;
}
