/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a cache, and by something in it? */
#ifndef TESTS_CACHED_H
#define TESTS_CACHED_H

#include <danepriv/danepriv.h>

#define NOW 1700000000
#define SECURE DANEPRIV_SECURITY_SECURE
#define DENIED DANEPRIV_SECURITY_DENIED
#define INSECURE DANEPRIV_SECURITY_INSECURE
#define BOGUS DANEPRIV_SECURITY_BOGUS
#define INDETERMINATE DANEPRIV_SECURITY_INDETERMINATE
#define NOTHING DANEPRIV_SECURITY_UNKNOWN
#define NOTFOUND DANEPRIV_ENOTFOUND
#define MALFORMED DANEPRIV_EMALFORMED
#define EINVAL_ DANEPRIV_EINVAL

/* The server that all of it is about. */
extern const danepriv_server cached_server;

/* As small as it may be. */
danepriv_cache *cached_open(void);
/* With SECURE: records `3 1 1` whose digests are all `keys[i]`. */
danepriv_records *cached_records(danepriv_security security, const char *keys, danepriv_time until);
danepriv_status cached_put(danepriv_cache *cache, danepriv_security security, const char *keys,
    danepriv_time until, danepriv_time now);
/* NOTHING when it is not found. */
danepriv_security cached_proof(danepriv_cache *cache, danepriv_time now);

#endif
