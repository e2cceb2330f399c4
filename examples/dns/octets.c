/* SPDX-License-Identifier: BSD-2-Clause
 * How do numbers stand in messages?  (RFC 1035 section 2.3.2) */
#include "octets.h"

size_t
dns_get_u16(const uint8_t *at)
{
	return (size_t)(at[0] << 8 | at[1]);
}

void
dns_put_u16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}
