/* SPDX-License-Identifier: BSD-2-Clause
 * Whom does an ID payload name?  (RFC 7296 section 3.5) */
#include "ipsec/identity.h"

#include "dane/server.h"

#include <string.h>

enum { ID_IPV4_ADDR = 1, ID_FQDN = 2, ID_IPV6_ADDR = 5 };

#define IPV4_OCTETS 4
#define IPV6_OCTETS 16

bool
dp_identity_is_address(const danepriv_ike_id *id)
{
	return id->type == ID_IPV4_ADDR || id->type == ID_IPV6_ADDR;
}

/* Letters, digits, hyphens, underscores and dots: no star, no backslash, no octet of zero. */
static bool
is_host_text(danepriv_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = dp_name_octet_lower(text.data[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
		    c != '.')
			return false;
	}
	return true;
}

static danepriv_status
read_host(danepriv_span octets, dp_name_store *out)
{
	char text[DP_NAME_OCTETS_MAX + 1];

	if (octets.len == 0 || octets.len >= sizeof text || !is_host_text(octets))
		return DANEPRIV_EMALFORMED;
	memcpy(text, octets.data, octets.len);
	text[octets.len] = '\0';
	if (dp_name_from_text(text, out) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	/* The root, or what reads as an address. */
	return dp_server_name_check(dp_name_of(out)) == DANEPRIV_OK ? DANEPRIV_OK
								    : DANEPRIV_EMALFORMED;
}

/* ::ffff:0:0/96: the same host would have two names. */
static bool
is_mapped(danepriv_span octets)
{
	static const uint8_t prefix[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

	return octets.len == IPV6_OCTETS && memcmp(octets.data, prefix, sizeof prefix) == 0;
}

static danepriv_status
read_address(danepriv_span octets, size_t wanted, dp_name_store *out)
{
	if (octets.len != wanted || is_mapped(octets))
		return DANEPRIV_EMALFORMED;
	return dp_server_reverse(octets, out);
}

static danepriv_status
read(const danepriv_ike_id *id, dp_name_store *out)
{
	switch (id->type) {
	case ID_FQDN:
		return read_host(id->octets, out);
	case ID_IPV4_ADDR:
		return read_address(id->octets, IPV4_OCTETS, out);
	case ID_IPV6_ADDR:
		return read_address(id->octets, IPV6_OCTETS, out);
	default:
		return DANEPRIV_ENOTFOUND;
	}
}

danepriv_status
dp_identity_read(const danepriv_ike_id *id, dp_name_store *out)
{
	danepriv_status status = DANEPRIV_EINVAL;

	if (id->octets.data || id->octets.len == 0)
		status = read(id, out);
	if (status != DANEPRIV_OK)
		out->len = 0;
	return status;
}

bool
dp_identity_is_elsewhere(dp_name id, danepriv_span address)
{
	static const uint8_t in_addr[] = "\7in-addr\4arpa", ip6[] = "\3ip6\4arpa";
	const dp_name trees[] = { { in_addr, sizeof in_addr }, { ip6, sizeof ip6 } };
	dp_name_store place;

	if (!dp_name_within(id, trees[0]) && !dp_name_within(id, trees[1]))
		return false;
	return dp_server_reverse(address, &place) != DANEPRIV_OK ||
	       !dp_name_equal(id, dp_name_of(&place));
}

danepriv_status
danepriv_ike_name(const danepriv_ike_id *id, char *text, size_t room, size_t *needed)
{
	dp_name_store name;

	if (!dp_name_text_clear(text, room, needed) || !id)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_identity_read(id, &name);
	return status == DANEPRIV_OK ? dp_name_tell(dp_name_of(&name), text, room, needed) : status;
}
