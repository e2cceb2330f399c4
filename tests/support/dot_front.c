/* SPDX-License-Identifier: BSD-2-Clause
 * How does a name server look that offers a raw public key, session tickets or one TLS version
 * only? A DNS-over-TLS front (RFC 7858) for tests: it ends TLS and passes the octets, which are
 * framed alike on both sides, on to a name server's TCP port.  One process, no threads; it quits
 * when its standard input ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

enum { CLIENTS_MAX = 64, LISTENERS_MAX = 4, BUFFER_SIZE = 8192 };

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

struct front {
	int listeners[LISTENERS_MAX];
	size_t listener_count;
	struct addrinfo *forward;
	const char *priority, *cert, *key, *raw;
	bool tickets;
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t ticket_key;
	struct client clients[CLIENTS_MAX];
};

/* -1 is a system call's failure, other negative codes are GnuTLS's. */
static int
need(int code, const char *what)
{
	if (code >= 0)
		return code;
	const char *why = code == -1 ? strerror(errno) : gnutls_strerror(code);
	fprintf(stderr, "dot_front: %s: %s\n", what, why);
	exit(1);
}

/* "ADDRESS@PORT"; yours to free. */
static struct addrinfo *
read_address(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[64] = "";
	char port[8] = "";
	errno = EINVAL;
	if (sscanf(text, "%63[^@]@%7[0-9]", host, port) != 2 ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		need(-1, text);
	return found;
}

static void
listen_on(struct front *f, const char *text)
{
	struct addrinfo *a = read_address(text);
	struct sockaddr_in6 bound; /* the port is at the same place as in sockaddr_in */
	socklen_t len = sizeof bound;
	int one = 1;
	int fd = need(socket(a->ai_family, SOCK_STREAM, 0), text);
	need(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), text);
	need(bind(fd, a->ai_addr, a->ai_addrlen), text);
	need(listen(fd, 64), text);
	need(getsockname(fd, (struct sockaddr *)&bound, &len), text);
	freeaddrinfo(a);
	f->listeners[f->listener_count++] = fd;
	printf("listening %u\n", ntohs(bound.sin6_port));
	fflush(stdout);
}

static void
load_keys(struct front *f)
{
	need(gnutls_certificate_allocate_credentials(&f->credentials), "credentials");
	if (f->cert != NULL)
		need(gnutls_certificate_set_x509_key_file(
			 f->credentials, f->cert, f->key, GNUTLS_X509_FMT_PEM),
		    f->cert);
	if (f->raw != NULL)
		need(gnutls_certificate_set_rawpk_key_file(f->credentials, f->raw, f->key,
			 GNUTLS_X509_FMT_PEM, NULL, GNUTLS_KEY_DIGITAL_SIGNATURE, NULL, 0, 0, 0),
		    f->raw);
	if (f->tickets)
		need(gnutls_session_ticket_key_generate(&f->ticket_key), "ticket key");
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
start(const struct front *f, struct client *c)
{
	unsigned int raw = f->raw != NULL ? GNUTLS_ENABLE_RAWPK : 0;
	c->upstream = need(socket(f->forward->ai_family, SOCK_STREAM, 0), "upstream");
	need(connect(c->upstream, f->forward->ai_addr, f->forward->ai_addrlen), "upstream");
	fcntl(c->upstream, F_SETFL, O_NONBLOCK);
	need(gnutls_init(&c->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | raw), "TLS");
	need(gnutls_priority_set_direct(c->tls, f->priority, NULL), f->priority);
	need(gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, f->credentials), "TLS");
	if (f->tickets)
		need(gnutls_session_ticket_enable_server(c->tls, &f->ticket_key), "tickets");
	gnutls_transport_set_int(c->tls, c->fd);
}

static void
admit(const struct front *f, struct client *clients, int listener)
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
watch(const struct front *f, struct pollfd *out)
{
	size_t n = 0;
	out[n++] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (size_t i = 0; i < f->listener_count; i++)
		out[n++] = (struct pollfd){ .fd = f->listeners[i], .events = POLLIN };
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
run(struct front *f)
{
	struct pollfd fds[1 + LISTENERS_MAX + 2 * CLIENTS_MAX];
	char ignored[256];
	for (;;) {
		size_t n = watch(f, fds);
		need(poll(fds, n, -1), "poll");
		if (fds[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return;
		const struct pollfd *of_clients = fds + 1 + f->listener_count;
		for (size_t i = 0; i < CLIENTS_MAX; i++)
			if (of_clients[2 * i].revents != 0 || of_clients[2 * i + 1].revents != 0)
				serve(&f->clients[i]);
		for (size_t i = 0; i < f->listener_count; i++)
			if (fds[1 + i].revents != 0)
				admit(f, f->clients, f->listeners[i]);
	}
}

static void
read_option(struct front *f, int option)
{
	if (option == 'l' && f->listener_count < LISTENERS_MAX)
		listen_on(f, optarg);
	else if (option == 'f')
		f->forward = read_address(optarg);
	else if (option == 'p')
		f->priority = optarg;
	else if (option == 'k')
		f->key = optarg;
	else if (option == 'c')
		f->cert = optarg;
	else if (option == 'r')
		f->raw = optarg;
	else if (option == 't')
		f->tickets = true;
}

int
main(int argc, char **argv)
{
	static struct front f = { .priority = "NORMAL" };
	signal(SIGPIPE, SIG_IGN);
	for (int option; (option = getopt(argc, argv, "l:f:p:k:c:r:t")) != -1;)
		read_option(&f, option);
	if (optind < argc || f.key == NULL || f.listener_count == 0 || f.forward == NULL) {
		fputs(
		    "usage: dot_front -l ADDRESS@PORT... -f ADDRESS@PORT -k KEY.pem [-c CERT.pem] "
		    "[-r PUBLIC.pem] [-p PRIORITY] [-t (session tickets)]\n",
		    stderr);
		return 2;
	}
	load_keys(&f);
	run(&f);
	return 0;
}
