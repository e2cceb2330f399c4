/* SPDX-License-Identifier: BSD-2-Clause
 * What do the test servers that end TLS have in common?  Where they listen, what they show, and a
 * name server behind them. */
#ifndef FRONT_H
#define FRONT_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

enum { FRONT_LISTENERS_MAX = 4 };

struct front {
	int type; /* SOCK_STREAM or SOCK_DGRAM */
	int listeners[FRONT_LISTENERS_MAX];
	size_t listener_count;
	struct addrinfo *forward;
	const char *priority, *cert, *key, *raw;
	gnutls_certificate_credentials_t credentials;
};

/* -1 is a system call's failure, other negative codes are GnuTLS's: then it says so and ends. */
int front_need(int code, const char *what);

/* A socket at an address that others may have, too. */
int front_socket(const struct front *f, const struct sockaddr *address, unsigned len);

/* Takes -l ADDRESS@PORT, bound, -f ADDRESS@PORT, -p PRIORITY, -k KEY, -c CERT and -r PUBLIC.  False:
 * it is none of these. */
bool front_option(struct front *f, int option, const char *argument);
/* Loads the keys; false where an option is missing. */
bool front_open(struct front *f);

/* A server's session with these keys. */
void front_session(const struct front *f, gnutls_session_t *tls, unsigned flags);

#endif
