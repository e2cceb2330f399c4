/* SPDX-License-Identifier: BSD-2-Clause
 * How does a name server look that offers a raw public key, session tickets or one TLS version
 * only? A DNS-over-TLS front (RFC 7858) for tests: it ends TLS and passes the octets, which are
 * framed alike on both sides, on to a name server's TCP port.  One process, no threads; it quits
 * when its standard input ends. */
#include "front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, BUFFER_SIZE = 8192 };

/* Octets on their way in one direction; filled only when empty. */
struct pipe {
	char data[BUFFER_SIZE];
	size_t start, end;
};

struct client {
	gnutls_session_t tls; /* NULL: this place is free */
	int fd;
	int upstream;
	bool shaken; /* the handshake is done */
	struct pipe up;
	struct pipe down;
};

struct dot_front {
	struct front front;
	bool tickets;
	gnutls_datum_t ticket_key;
	struct client clients[CLIENTS_MAX];
};

/* Listens, and says at which port. */
static void
listen_at(int fd)
{
	struct sockaddr_in6 bound; /* the port is at the same place as in sockaddr_in */
	socklen_t len = sizeof bound;

	front_need(listen(fd, 64), "listen");
	front_need(getsockname(fd, (struct sockaddr *)&bound, &len), "listen");
	printf("listening %u\n", ntohs(bound.sin6_port));
	fflush(stdout);
}

static void
drop(struct client *c)
{
	if (c->shaken)
		gnutls_bye(c->tls, GNUTLS_SHUT_WR);
	gnutls_deinit(c->tls);
	close(c->fd);
	close(c->upstream);
	memset(c, 0, sizeof *c);
}

static void
start(const struct dot_front *f, struct client *c)
{
	const struct addrinfo *forward = f->front.forward;

	c->upstream = front_need(socket(forward->ai_family, SOCK_STREAM, 0), "upstream");
	front_need(connect(c->upstream, forward->ai_addr, forward->ai_addrlen), "upstream");
	fcntl(c->upstream, F_SETFL, O_NONBLOCK);
	front_session(&f->front, &c->tls, GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	if (f->tickets)
		front_need(gnutls_session_ticket_enable_server(c->tls, &f->ticket_key), "tickets");
	gnutls_transport_set_int(c->tls, c->fd);
}

static void
admit(const struct dot_front *f, struct client *clients, int listener)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (struct client *c = clients; c < clients + CLIENTS_MAX; c++)
		if (c->tls == NULL) {
			c->fd = fd;
			start(f, c);
			return;
		}
	close(fd);
}

static bool
is_empty(const struct pipe *p)
{
	return p->start == p->end;
}

/* Books what a read or a write moved: false when this side has ended. */
static bool
note(ssize_t moved, bool would_wait, size_t *mark, bool *any)
{
	if (moved < 0)
		return would_wait;
	if (moved == 0)
		return false;
	*mark += (size_t)moved;
	*any = true;
	return true;
}

static bool
tls_waits(ssize_t code)
{
	return code < 0 && !gnutls_error_is_fatal((int)code);
}

/* Moves what can be moved now; false when the connection has ended. */
static bool
relay(struct client *c, bool *moved)
{
	ssize_t n = 0;
	if (is_empty(&c->up)) {
		c->up.start = c->up.end = 0;
		n = gnutls_record_recv(c->tls, c->up.data, BUFFER_SIZE);
		if (!note(n, tls_waits(n), &c->up.end, moved))
			return false;
	}
	if (!is_empty(&c->up)) {
		n = send(c->upstream, c->up.data + c->up.start, c->up.end - c->up.start, 0);
		if (!note(n, errno == EAGAIN, &c->up.start, moved))
			return false;
	}
	if (is_empty(&c->down)) {
		c->down.start = c->down.end = 0;
		n = recv(c->upstream, c->down.data, BUFFER_SIZE, 0);
		if (!note(n, errno == EAGAIN, &c->down.end, moved))
			return false;
	}
	size_t left = c->down.end - c->down.start;
	if (left != 0)
		n = gnutls_record_send(c->tls, c->down.data + c->down.start, left);
	return left == 0 || note(n, tls_waits(n), &c->down.start, moved);
}

static void
serve(struct client *c)
{
	bool moved = true;
	int code = c->shaken ? 0 : gnutls_handshake(c->tls);
	bool alive = code == 0 || !gnutls_error_is_fatal(code);
	if (!alive)
		gnutls_alert_send_appropriate(c->tls, code);
	c->shaken = code == 0;
	while (alive && c->shaken && moved) {
		moved = false;
		alive = relay(c, &moved);
	}
	if (!alive)
		drop(c);
}

/* What to wait for: input, and output where something is stuck. */
static size_t
watch(const struct dot_front *f, struct pollfd *out)
{
	size_t n = 0;
	out[n++] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (size_t i = 0; i < f->front.listener_count; i++)
		out[n++] = (struct pollfd){ .fd = f->front.listeners[i], .events = POLLIN };
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		const struct client *c = &f->clients[i];
		bool used = c->tls != NULL;
		short tls_out = used && gnutls_record_get_direction(c->tls) == 1 ? POLLOUT : 0;
		short up_out = is_empty(&c->up) ? 0 : POLLOUT;
		short down_in = is_empty(&c->down) ? POLLIN : 0;
		short up_in = is_empty(&c->up) ? POLLIN : 0;
		out[n++] = (struct pollfd){ used ? c->fd : -1, (short)(up_in | tls_out), 0 };
		out[n++] =
		    (struct pollfd){ c->shaken ? c->upstream : -1, (short)(down_in | up_out), 0 };
	}
	return n;
}

static void
run(struct dot_front *f)
{
	struct pollfd fds[1 + FRONT_LISTENERS_MAX + 2 * CLIENTS_MAX];
	char ignored[256];
	for (;;) {
		size_t n = watch(f, fds);
		front_need(poll(fds, n, -1), "poll");
		if (fds[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return;
		const struct pollfd *of_clients = fds + 1 + f->front.listener_count;
		for (size_t i = 0; i < CLIENTS_MAX; i++)
			if (of_clients[2 * i].revents != 0 || of_clients[2 * i + 1].revents != 0)
				serve(&f->clients[i]);
		for (size_t i = 0; i < f->front.listener_count; i++)
			if (fds[1 + i].revents != 0)
				admit(f, f->clients, f->front.listeners[i]);
	}
}

int
main(int argc, char **argv)
{
	static struct dot_front f = { .front.type = SOCK_STREAM };

	signal(SIGPIPE, SIG_IGN);
	for (int option; (option = getopt(argc, argv, "l:f:p:k:c:r:t")) != -1;)
		if (!front_option(&f.front, option, optarg))
			f.tickets = f.tickets || option == 't';
	if (optind < argc || !front_open(&f.front)) {
		fputs(
		    "usage: dot_front -l ADDRESS@PORT... -f ADDRESS@PORT -k KEY.pem [-c CERT.pem] "
		    "[-r PUBLIC.pem] [-p PRIORITY] [-t (session tickets)]\n",
		    stderr);
		return 2;
	}
	for (size_t i = 0; i < f.front.listener_count; i++)
		listen_at(f.front.listeners[i]);
	if (f.tickets)
		front_need(gnutls_session_ticket_key_generate(&f.ticket_key), "ticket key");
	run(&f);
	return 0;
}
