/* SPDX-License-Identifier: BSD-2-Clause
 * How do numbers stand in messages? */
#ifndef DNS_OCTETS_H
#define DNS_OCTETS_H

#include <stddef.h>
#include <stdint.h>

/* Two octets, the more significant one first: each number of a header, and the length in front of a
 * message on a stream (RFC 1035 section 4.2.2). */
size_t dns_get_u16(const uint8_t *at);
void dns_put_u16(uint8_t *at, size_t value);

#endif
