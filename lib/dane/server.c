/* SPDX-License-Identifier: BSD-2-Clause
 * Which server do we mean, and under which name does its owner publish keys?  (RFC 6698 section
 * 3) */
#include "dane/server.h"

#include "base/buffer.h"
#include "dane/transport.h"
#include "dns/rr.h"

#include <stdio.h>
#include <string.h>

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

/* One label that no host has: an underscore and at least one more (RFC 8552 section 1.2). */
static bool
is_underscored(const char *label)
{
	size_t len = strlen(label);

	if (label[0] != '_' || len < 2 || len > DP_LABEL_OCTETS_MAX)
		return false;
	for (size_t i = 1; i < len; i++) {
		uint8_t octet = (uint8_t)label[i];
		if (!is_digit(octet) && !is_letter(octet) && octet != '-')
			return false;
	}
	return true;
}

/* The transport's own label, or the caller's where there is a choice. */
static danepriv_status
read_label(const danepriv_server *server, dp_server *out)
{
	const char *label = dp_transport(server->transport)->label;

	if (server->label && dp_transport(server->transport)->is_settled)
		return DANEPRIV_EINVAL;
	if (server->label)
		label = server->label;
	memset(out->label, 0, sizeof out->label);
	if (!label)
		return DANEPRIV_OK;
	if (!is_underscored(label))
		return DANEPRIV_EMALFORMED;
	memcpy(out->label, label, strlen(label));
	return DANEPRIV_OK;
}

danepriv_status
dp_server_name_check(dp_name name)
{
	if (dp_name_is_root(name) || ends_in_number(name))
		return DANEPRIV_EINVAL;
	return is_hostname(name) ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

static bool
rule_is_known(danepriv_aliases aliases)
{
	return aliases == DANEPRIV_ALIASES_REFUSE || aliases == DANEPRIV_ALIASES_FOLLOW;
}

danepriv_status
dp_server_read(const danepriv_server *server, dp_server *out)
{
	out->name.len = 0;
	if (!server || !server->name || !dp_transport(server->transport) ||
	    !rule_is_known(server->aliases))
		return DANEPRIV_EINVAL;
	/* Every IPv6 literal has a colon, and no name of a server has. */
	if (strchr(server->name, ':'))
		return DANEPRIV_EINVAL;
	dp_name_store name;
	if (dp_name_from_text(server->name, &name) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	danepriv_status status = dp_server_name_check(dp_name_of(&name));
	if (status == DANEPRIV_OK)
		status = read_label(server, out);
	if (status != DANEPRIV_OK)
		return status;
	out->name = name;
	out->port = danepriv_server_port(server);
	out->transport = server->transport;
	out->aliases = server->aliases;
	out->is_own = false;
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
	size_t len = strlen(server->label);
	if (len > 0) {
		dp_write_u8(&b, (uint8_t)len);
		dp_write(&b, server->label, len);
	}
	dp_name_write(&b, dp_name_of(&server->name), false);
	if (b.status != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	out->len = (uint8_t)b.len;
	return DANEPRIV_OK;
}

bool
dp_server_label_is_own(danepriv_transport transport, const char *label)
{
	const char *own = dp_transport(transport)->label;

	return strcmp(own ? own : "", label) == 0;
}

bool
dp_server_equal(const dp_server *a, const dp_server *b)
{
	return a->port == b->port && a->transport == b->transport &&
	       strcmp(a->label, b->label) == 0 &&
	       dp_name_equal(dp_name_of(&a->name), dp_name_of(&b->name));
}

uint16_t
danepriv_server_port(const danepriv_server *server)
{
	const dp_transport_traits *traits = server ? dp_transport(server->transport) : NULL;

	if (!traits)
		return 0;
	return server->port ? server->port : traits->port;
}

static uint16_t
type_for(danepriv_transport transport)
{
	return transport == DANEPRIV_TRANSPORT_IPSEC ? DP_TYPE_IPSECA : DP_TYPE_TLSA;
}

uint16_t
dp_server_type(const dp_server *server)
{
	return type_for(server->transport);
}

uint16_t
danepriv_server_type(const danepriv_server *server)
{
	if (!server || !dp_transport(server->transport))
		return 0;
	return type_for(server->transport);
}

danepriv_status
danepriv_server_owner(const danepriv_server *server, char *text, size_t room, size_t *needed)
{
	dp_server read;
	dp_name_store owner;

	if (!dp_name_text_clear(text, room, needed))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status == DANEPRIV_OK)
		status = dp_server_owner(&read, &owner);
	if (status != DANEPRIV_OK)
		return status;
	return dp_name_tell(dp_name_of(&owner), text, room, needed);
}

/* One label of a decimal octet, or of a nibble. */
static void
write_number_label(dp_buffer *b, const char *format, unsigned number)
{
	char label[4];
	int len = snprintf(label, sizeof label, format, number);

	dp_write_u8(b, (uint8_t)len);
	dp_write(b, label, (size_t)len);
}

danepriv_status
dp_server_reverse(danepriv_span address, dp_name_store *out)
{
	static const uint8_t in_addr[] = "\7in-addr\4arpa", ip6[] = "\3ip6\4arpa";
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);

	out->len = 0;
	if (!address.data || (address.len != 4 && address.len != 16))
		return DANEPRIV_EINVAL;
	for (size_t i = address.len; i-- > 0;) {
		if (address.len == 4) {
			write_number_label(&b, "%u", address.data[i]);
			continue;
		}
		write_number_label(&b, "%x", address.data[i] & 15U);
		write_number_label(&b, "%x", address.data[i] >> 4);
	}
	/* The NUL at their end is the root's label. */
	dp_write(
	    &b, address.len == 4 ? in_addr : ip6, address.len == 4 ? sizeof in_addr : sizeof ip6);
	out->len = (uint8_t)b.len;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_server_reverse(danepriv_span address, char *text, size_t room, size_t *needed)
{
	dp_name_store name;

	if (!dp_name_text_clear(text, room, needed) ||
	    dp_server_reverse(address, &name) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	return dp_name_tell(dp_name_of(&name), text, room, needed);
}
