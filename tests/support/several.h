/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by several resolvers, each of which does as it is told, and something that
 * they can prove? */
#ifndef TESTS_SEVERAL_H
#define TESTS_SEVERAL_H

#include "support/upstream.h"

#include <danepriv/getdns.h>

#define NOW 1900000000
#define SEVERAL_MAX 4

/* A fixture: a context that trusts a tiny zone, and upstream_proof, which is its denial of the
 * server's records. */
extern danepriv *several_ctx;
extern const danepriv_server several_server;
void several_open(void);
void several_close(void); /* nothing must be left */

/* So many resolvers, and who carries questions to them. */
extern upstream several[SEVERAL_MAX];
extern danepriv_getdns *several_dns;
void several_start(const upstream_manner *those, size_t count);
void several_stop(size_t count);

/* What is found of the server; *reason (may be NULL): why. */
danepriv_security several_fetch(uint32_t deadline_ms, danepriv_reason *reason);

/* How often its questions came over UDP, of which none came more often than `most`. */
unsigned several_asked(const upstream *one, unsigned most, const char *name);

#endif
