/* SPDX-License-Identifier: BSD-2-Clause
 * What do the test servers over UDP have in common?  They listen, give each client a process with a
 * socket of its own, and pass questions on to a name server. */
#ifndef UDP_FRONT_H
#define UDP_FRONT_H

#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { UDP_FRONT_LISTENERS_MAX = 4, UDP_FRONT_MESSAGE_MAX = 65536 };

struct udp_front {
	int listeners[UDP_FRONT_LISTENERS_MAX];
	size_t listener_count;
	struct addrinfo *forward;
	const char *priority, *cert, *key, *raw, *alpn;
	gnutls_certificate_credentials_t credentials;
};

/* -1 is a system call's failure, other negative codes are GnuTLS's: then it says so and ends. */
int udp_front_need(int code, const char *what);

/* Reads the arguments that dot_front takes too, and -a ALPN; ends the program with usage. */
void udp_front_read(struct udp_front *f, int argc, char **argv);

/* For each client `serve` runs in a process of its own, with a connected socket and the datagram
 * that came first.  Returns when standard input ends. */
void udp_front_run(const struct udp_front *f,
    void (*serve)(const struct udp_front *f, int fd, const uint8_t *first, size_t len));

/* A server's session with the keys of `f`. */
void udp_front_session(const struct udp_front *f, gnutls_session_t *tls, unsigned flags);

/* The name server's answer, its length; -1: none. */
ssize_t udp_front_ask(
    const struct udp_front *f, const uint8_t *question, size_t len, uint8_t *answer, size_t room);

#endif
