/* SPDX-License-Identifier: BSD-2-Clause
 * What do the test servers over UDP have in common?  They listen, give each client a process with a
 * socket of its own, and pass questions on to a name server. */
#ifndef UDP_FRONT_H
#define UDP_FRONT_H

#include "front.h"

#include <stdint.h>
#include <sys/types.h>

enum { UDP_FRONT_MESSAGE_MAX = 65536 };

struct udp_front {
	struct front front;
	const char *alpn;
};

/* Serves one client with a connected socket, beginning with the datagram that came first. */
typedef void udp_front_server(const struct udp_front *f, int fd, const uint8_t *first, size_t len);

/* The whole program: the arguments that dot_front takes too, and -a ALPN.  For each client `serve`
 * runs in a process of its own.  Returns the exit code, when standard input ends. */
int udp_front_main(int argc, char **argv, udp_front_server *serve);

/* A server's session with the keys of `f`. */
void udp_front_session(const struct udp_front *f, gnutls_session_t *tls, unsigned flags);

/* The name server's answer, its length; -1: none. */
ssize_t udp_front_ask(
    const struct udp_front *f, const uint8_t *question, size_t len, uint8_t *answer, size_t room);

#endif
