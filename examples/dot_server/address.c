/* SPDX-License-Identifier: BSD-2-Clause
 * Where does dot_server listen, and whom does it ask? */
#include "dot_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct addrinfo *
address_read(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[64], port[6];

	if (sscanf(text, "%63[^@]@%5[0-9]", host, port) != 2 ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		return NULL;
	return found;
}

int
address_listen(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, SOCK_STREAM, 0), one = 1;

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, CLIENTS_MAX) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int
address_connect(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM, 0);

	if (fd >= 0 && address_prepare(fd) &&
	    (connect(fd, to->ai_addr, to->ai_addrlen) == 0 || errno == EINPROGRESS))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
address_prepare(int fd)
{
	int one = 1;

	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	       setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0;
}

void
address_tell(int listener)
{
	struct sockaddr_storage at;
	char host[64], port[6];
	socklen_t len = sizeof at;

	if (getsockname(listener, (struct sockaddr *)&at, &len) == 0 &&
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		printf("listening on %s@%s\n", host, port);
	fflush(stdout);
}
