/* SPDX-License-Identifier: BSD-2-Clause
 * Which server do we mean, and under which name does its owner publish keys?  (RFC 6698 section
 * 3) */
#include "dane/server.h"

#include "dns/rr.h"

#include <string.h>

/* What stands before the server's name.  Appended to when a transport is, in the enum's order. */
static const struct {
	uint16_t port;
	const char *label; /* NULL: none (draft-osterweil-dane-ipsec section 2.3) */
} transports[] = {
	[DANEPRIV_DOT] = { 853, "_tcp" },  /* RFC 8310 section 8.2 */
	[DANEPRIV_DOH] = { 443, "_tcp" },  /* RFC 8484 section 8: HTTPS over TCP */
	[DANEPRIV_DOQ] = { 853, "_quic" }, /* draft-ietf-dnsop-svcb-dane; _udp stays with DTLS */
	[DANEPRIV_DTLS] = { 853, "_udp" }, /* RFC 8310 section 8.2 */
	[DANEPRIV_IPSEC] = { 53, NULL },
};

static bool
transport_is_known(danepriv_transport transport)
{
	/* An enum may be signed or not; the cast makes negative values large. */
	return (size_t)transport < sizeof transports / sizeof *transports;
}

static bool
is_digit(uint8_t octet)
{
	return octet >= '0' && octet <= '9';
}

static bool
is_letter(uint8_t octet)
{
	return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

/* Hostname rules (RFC 6698 section 3), relaxed by the underscore, which private trees do use.  What
 * is let in here can be sent as SNI and compared with certificates octet by octet. */
static bool
is_hostname(dp_name name)
{
	for (; !dp_name_is_root(name); name = dp_name_parent(name)) {
		for (size_t i = 1; i <= name.octets[0]; i++) {
			uint8_t octet = name.octets[i];
			if (!is_digit(octet) && !is_letter(octet) && octet != '-' && octet != '_')
				return false;
		}
	}
	return true;
}

/* Does the last label read as a number, so that address parsers take the whole for IPv4 in one of
 * its spellings?  No top-level domain does (RFC 1123 section 2.1). */
static bool
ends_in_number(dp_name name)
{
	dp_name last = dp_name_tail(name, 1);
	size_t i = 1;

	if (dp_name_is_root(last))
		return false;
	if (last.octets[0] >= 2 && last.octets[1] == '0' && (last.octets[2] | 0x20) == 'x') {
		for (i = 3; i <= last.octets[0]; i++)
			if (!is_digit(last.octets[i]) &&
			    ((last.octets[i] | 0x20) < 'a' || (last.octets[i] | 0x20) > 'f'))
				return false;
		return true;
	}
	for (; i <= last.octets[0]; i++)
		if (!is_digit(last.octets[i]))
			return false;
	return true;
}

danepriv_status
dp_server_read(const danepriv_server *server, dp_server *out)
{
	out->name.len = 0;
	if (!server || !server->name || !transport_is_known(server->transport))
		return DANEPRIV_EINVAL;
	/* Every IPv6 literal has a colon, and no name of a server has. */
	if (strchr(server->name, ':'))
		return DANEPRIV_EINVAL;
	dp_name_store name;
	if (dp_name_from_text(server->name, &name) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	if (dp_name_is_root(dp_name_of(&name)) || ends_in_number(dp_name_of(&name)))
		return DANEPRIV_EINVAL;
	if (!is_hostname(dp_name_of(&name)))
		return DANEPRIV_EMALFORMED;
	out->name = name;
	out->port = danepriv_server_port(server);
	out->transport = server->transport;
	return DANEPRIV_OK;
}

/* Writes `_853`: decimal, no leading zeros (RFC 6698 section 3). */
static void
write_port(dp_buffer *b, uint16_t port)
{
	char digits[5];
	size_t len = 0;

	do {
		digits[len++] = (char)('0' + port % 10);
		port = (uint16_t)(port / 10);
	} while (port > 0);
	dp_write_u8(b, (uint8_t)(len + 1));
	dp_write_u8(b, '_');
	while (len > 0)
		dp_write_u8(b, (uint8_t)digits[--len]);
}

danepriv_status
dp_server_owner(const dp_server *server, dp_name_store *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);

	out->len = 0;
	write_port(&b, server->port);
	const char *label = transports[server->transport].label;
	if (label) {
		dp_write_u8(&b, (uint8_t)strlen(label));
		dp_write(&b, label, strlen(label));
	}
	dp_name_write(&b, dp_name_of(&server->name), false);
	if (b.status != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->len = (uint8_t)b.len;
	return DANEPRIV_OK;
}

bool
dp_server_equal(const dp_server *a, const dp_server *b)
{
	return a->port == b->port && a->transport == b->transport &&
	       dp_name_equal(dp_name_of(&a->name), dp_name_of(&b->name));
}

uint16_t
danepriv_server_port(const danepriv_server *server)
{
	if (!server || !transport_is_known(server->transport))
		return 0;
	return server->port ? server->port : transports[server->transport].port;
}

uint16_t
danepriv_server_type(const danepriv_server *server)
{
	if (!server || !transport_is_known(server->transport))
		return 0;
	return server->transport == DANEPRIV_IPSEC ? DP_TYPE_IPSECA : DP_TYPE_TLSA;
}

danepriv_status
danepriv_server_owner(const danepriv_server *server, char *text, size_t room, size_t *needed)
{
	dp_server read;
	dp_name_store owner;

	if (needed)
		*needed = 0;
	if (text && room > 0)
		text[0] = '\0';
	if (!text && room > 0)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status == DANEPRIV_OK)
		status = dp_server_owner(&read, &owner);
	if (status != DANEPRIV_OK)
		return status;
	size_t len = dp_name_to_text(dp_name_of(&owner), text, room);
	if (needed)
		*needed = len;
	return len < room ? DANEPRIV_OK : DANEPRIV_ELIMIT;
}
