/* SPDX-License-Identifier: BSD-2-Clause
 * What does a program that validates DNSSEC itself put into the cache? */
#ifndef EXAMPLES_VOUCH_H
#define EXAMPLES_VOUCH_H

#include <danepriv/danepriv.h>

/* Vouches for the record in `text`, such as `3 1 1 HEX`, and puts it into the cache: here somebody
 * has typed it, and nobody has validated anything.  The TTL is in seconds. */
danepriv_status vouch(danepriv_cache *cache, const danepriv_server *server, const char *text,
    uint32_t ttl, danepriv_time now);

#endif
