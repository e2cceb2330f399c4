/* SPDX-License-Identifier: BSD-2-Clause
 * Who has a place in dot_server, and who has to go? */
#include "dot_server.h"

#include <sys/socket.h>
#include <unistd.h>

/* Waits for its thread, which ends at once where nobody can be heard or spoken to. */
static void
end(client *c)
{
	shutdown(c->fd, SHUT_RDWR);
	pthread_join(c->thread, NULL);
	SSL_free(c->ssl);
	close(c->fd);
	c->ssl = NULL;
}

static client *
find_place(client *clients)
{
	client *slowest = clients;

	for (client *c = clients; c < clients + CLIENTS_MAX; c++) {
		if (!c->ssl)
			return c;
		if (pace_is_slower(&c->pace, &slowest->pace))
			slowest = c;
	}
	end(slowest);
	return slowest;
}

void
clients_admit(client *clients, const dot_service *service, int fd)
{
	client *c = find_place(clients);

	*c = (client){ .ssl = SSL_new(service->tls), .fd = fd, .backend = service->backend };
	pace_start(&c->pace, service->limit_s);
	if (c->ssl && address_prepare(fd) && SSL_set_fd(c->ssl, fd) == 1 &&
	    pthread_create(&c->thread, NULL, client_serve, c) == 0)
		return;
	SSL_free(c->ssl);
	c->ssl = NULL;
	close(fd);
}

void
clients_reap(client *clients, bool all)
{
	for (client *c = clients; c < clients + CLIENTS_MAX; c++)
		if (c->ssl && (all || atomic_load(&c->has_ended)))
			end(c);
}
