/* SPDX-License-Identifier: BSD-2-Clause
 * How do names look in messages, and how to people? */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <danepriv/danepriv.h>

#include <stdbool.h>

#define DNS_NAME_ROOM 1024  /* of the longest name in presentation form, with its NUL */
#define DNS_NAME_OCTETS 256 /* a name in a message has one less at most */

/* A name as messages have it, in the case that it has; the number of octets, 0 when it is none. */
size_t dns_name_write(const char *text, uint8_t out[DNS_NAME_OCTETS]);
/* The text of a name, in lower case; where it ends in the message, 0 when it is none. */
size_t dns_name_read(danepriv_span message, size_t at, char out[DNS_NAME_ROOM]);
/* The text as dns_name_read would give it; false when it is no name.  `text` may be `out`. */
bool dns_name_normal(const char *text, char out[DNS_NAME_ROOM]);
/* Or the zone's own.  Both are normal. */
bool dns_name_is_below(const char *name, const char *above);

#endif
