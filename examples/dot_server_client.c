/* SPDX-License-Identifier: BSD-2-Clause
 * How is one client of dot_server served?
 *
 * Messages are framed over TLS as they are over TCP (RFC 7858 section 3.3), so that octets need
 * only be passed on to a name server, and back; several questions may be under way at once.  When
 * that server is not there the connection is closed: the client knows at once, and asks another. */
#include "dot_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_MAX 16384 /* of TLS: whoever reads so much leaves nothing behind in OpenSSL */

/* Passes on what the client says; false when this is the end. */
static bool
pass_up(client *c, int *backend)
{
	char octets[RECORD_MAX];
	int len = SSL_read(c->ssl, octets, sizeof octets);

	if (len <= 0)
		return SSL_get_error(c->ssl, len) == SSL_ERROR_WANT_READ;
	if (*backend < 0)
		*backend = address_connect(c->backend);
	for (ssize_t sent = 0, n = 0; sent < len; sent += n) {
		n = send(*backend, octets + sent, (size_t)(len - sent), MSG_NOSIGNAL);
		if (n <= 0)
			return false;
	}
	return true;
}

static bool
pass_down(client *c, int backend)
{
	char octets[RECORD_MAX];
	ssize_t len = recv(backend, octets, sizeof octets, 0);

	return len > 0 && SSL_write(c->ssl, octets, (int)len) > 0;
}

static void *
serve(void *arg)
{
	client *c = arg;
	int backend = -1;
	bool alive = SSL_accept(c->ssl) == 1;

	while (alive) {
		struct pollfd p[] = { { .fd = c->fd, .events = POLLIN },
			{ .fd = backend, .events = POLLIN } };
		alive = poll(p, 2, IDLE_SECONDS * 1000) > 0;
		if (alive && p[0].revents)
			alive = pass_up(c, &backend);
		if (alive && p[1].revents)
			alive = pass_down(c, backend);
	}
	SSL_shutdown(c->ssl); /* says that this is the end, if it can still be said */
	shutdown(c->fd, SHUT_RDWR);
	if (backend >= 0)
		close(backend);
	atomic_store(&c->has_ended, true);
	return NULL;
}

void
clients_admit(client *clients, SSL_CTX *tls, const struct addrinfo *backend, int fd)
{
	client *c = clients;

	while (c < clients + CLIENTS_MAX && c->ssl)
		c++;
	if (c == clients + CLIENTS_MAX)
		goto refused;
	*c = (client){ .ssl = SSL_new(tls), .fd = fd, .backend = backend };
	if (!c->ssl)
		goto refused;
	if (address_prepare(fd) && SSL_set_fd(c->ssl, fd) == 1 &&
	    pthread_create(&c->thread, NULL, serve, c) == 0)
		return;
	SSL_free(c->ssl);
	c->ssl = NULL;
refused:
	close(fd);
}

void
clients_reap(client *clients, bool all)
{
	for (client *c = clients; all && c < clients + CLIENTS_MAX; c++)
		if (c->ssl)
			shutdown(c->fd, SHUT_RDWR); /* wakes its thread */
	for (client *c = clients; c < clients + CLIENTS_MAX; c++) {
		if (!c->ssl || (!all && !atomic_load(&c->has_ended)))
			continue;
		pthread_join(c->thread, NULL);
		SSL_free(c->ssl);
		close(c->fd);
		c->ssl = NULL;
	}
}
