/* SPDX-License-Identifier: BSD-2-Clause
 * How does a name server look that offers a raw public key, session tickets or one TLS version only?
 * A DNS-over-TLS front (RFC 7858) for tests: it ends TLS and passes the octets, which are framed
 * alike on both sides, on to a name server's TCP port.  One process, no threads; it quits when its
 * standard input ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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
	size_t start;
	size_t end;
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
	struct sockaddr_storage forward;
	socklen_t forward_len;
	const char *priority;
	const char *cert;
	const char *key;
	const char *raw;
	bool tickets;
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t ticket_key;
	struct client clients[CLIENTS_MAX];
};

static void
give_up(const char *what, const char *why)
{
	fprintf(stderr, "dot_front: %s: %s\n", what, why);
	exit(1);
}

static void
need(int code, const char *what)
{
	if (code < 0)
		give_up(what, gnutls_strerror(code));
}

/* "ADDRESS@PORT" */
static socklen_t
read_address(const char *text, struct sockaddr_storage *out)
{
	char host[64];
	const char *at = strchr(text, '@');
	if (at == NULL || (size_t)(at - text) >= sizeof host)
		give_up(text, "not ADDRESS@PORT");
	memcpy(host, text, (size_t)(at - text));
	host[at - text] = '\0';

	memset(out, 0, sizeof *out);
	struct sockaddr_in *v4 = (void *)out;
	struct sockaddr_in6 *v6 = (void *)out;
	in_port_t port = htons((uint16_t)strtoul(at + 1, NULL, 10));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = port;
		return sizeof *v4;
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1)
		give_up(text, "not an address");
	v6->sin6_family = AF_INET6;
	v6->sin6_port = port;
	return sizeof *v6;
}

static void
listen_on(struct front *f, const char *text)
{
	struct sockaddr_storage address;
	socklen_t len = read_address(text, &address);
	int one = 1;
	if (f->listener_count == LISTENERS_MAX)
		give_up(text, "too many addresses");
	int fd = socket(address.ss_family, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		give_up(text, strerror(errno));
	f->listeners[f->listener_count++] = fd;

	/* the port is at the same place in both kinds of address */
	printf("listening %u\n", ntohs(((struct sockaddr_in *)(void *)&address)->sin_port));
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

static int
connect_upstream(const struct front *f)
{
	int fd = socket(f->forward.ss_family, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&f->forward, f->forward_len) == 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		return fd;
	}
	perror("dot_front: upstream");
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
start_tls(const struct front *f, struct client *c)
{
	unsigned int raw = f->raw != NULL ? GNUTLS_ENABLE_RAWPK : 0;
	need(gnutls_init(&c->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | raw), "TLS");
	need(gnutls_priority_set_direct(c->tls, f->priority, NULL), f->priority);
	need(gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, f->credentials), "TLS");
	if (f->tickets)
		need(gnutls_session_ticket_enable_server(c->tls, &f->ticket_key), "tickets");
	gnutls_transport_set_int(c->tls, c->fd);
}

static void
admit(struct front *f, int listener)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *c = &f->clients[i];
		if (c->tls != NULL)
			continue;
		int upstream = connect_upstream(f);
		if (upstream < 0)
			break;
		c->fd = fd;
		c->upstream = upstream;
		start_tls(f, c);
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
note(ssize_t moved, bool would_wait, size_t *mark, bool *progress)
{
	if (moved < 0)
		return would_wait;
	if (moved == 0)
		return false;
	*mark += (size_t)moved;
	*progress = true;
	return true;
}

static bool
tls_waits(ssize_t code)
{
	return code < 0 && !gnutls_error_is_fatal((int)code);
}

/* Moves what can be moved now; false when the connection has ended. */
static bool
relay(struct client *c, bool *progress)
{
	ssize_t n;
	if (is_empty(&c->up)) {
		c->up.start = c->up.end = 0;
		n = gnutls_record_recv(c->tls, c->up.data, BUFFER_SIZE);
		if (!note(n, tls_waits(n), &c->up.end, progress))
			return false;
	}
	if (!is_empty(&c->up)) {
		n = send(c->upstream, c->up.data + c->up.start, c->up.end - c->up.start, MSG_NOSIGNAL);
		if (!note(n, errno == EAGAIN, &c->up.start, progress))
			return false;
	}
	if (is_empty(&c->down)) {
		c->down.start = c->down.end = 0;
		n = recv(c->upstream, c->down.data, BUFFER_SIZE, 0);
		if (!note(n, errno == EAGAIN, &c->down.end, progress))
			return false;
	}
	if (!is_empty(&c->down)) {
		n = gnutls_record_send(
		    c->tls, c->down.data + c->down.start, c->down.end - c->down.start);
		if (!note(n, tls_waits(n), &c->down.start, progress))
			return false;
	}
	return true;
}

static void
serve(struct client *c)
{
	if (!c->shaken) {
		int code = gnutls_handshake(c->tls);
		if (code < 0 && gnutls_error_is_fatal(code)) {
			gnutls_alert_send_appropriate(c->tls, code);
			drop(c);
		}
		c->shaken = code == 0;
	}
	for (bool progress = c->shaken; progress;) {
		progress = false;
		if (!relay(c, &progress)) {
			drop(c);
			return;
		}
	}
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
		short down_in = c->shaken && is_empty(&c->down) ? POLLIN : 0;
		short up_in = is_empty(&c->up) ? POLLIN : 0;
		out[n++] = (struct pollfd){ .fd = used ? c->fd : -1,
			.events = (short)(up_in | tls_out) };
		out[n++] = (struct pollfd){ .fd = used ? c->upstream : -1,
			.events = (short)(down_in | up_out) };
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
		if (poll(fds, n, -1) < 0 && errno != EINTR)
			give_up("poll", strerror(errno));
		if (fds[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return;
		const struct pollfd *of_clients = fds + 1 + f->listener_count;
		for (size_t i = 0; i < CLIENTS_MAX; i++)
			if (of_clients[2 * i].revents != 0 || of_clients[2 * i + 1].revents != 0)
				serve(&f->clients[i]);
		for (size_t i = 0; i < f->listener_count; i++)
			if (fds[1 + i].revents != 0)
				admit(f, f->listeners[i]);
	}
}

static void
read_option(struct front *f, const char *name, const char *value)
{
	if (strcmp(name, "--listen") == 0)
		listen_on(f, value);
	else if (strcmp(name, "--forward") == 0)
		f->forward_len = read_address(value, &f->forward);
	else if (strcmp(name, "--priority") == 0)
		f->priority = value;
	else if (strcmp(name, "--cert") == 0)
		f->cert = value;
	else if (strcmp(name, "--key") == 0)
		f->key = value;
	else if (strcmp(name, "--raw") == 0)
		f->raw = value;
	else if (strcmp(name, "--tickets") == 0)
		f->tickets = strcmp(value, "yes") == 0;
	else
		give_up(name, "unknown option");
}

int
main(int argc, char **argv)
{
	static struct front f = { .priority = "NORMAL" };
	signal(SIGPIPE, SIG_IGN);
	for (int i = 1; i + 1 < argc; i += 2)
		read_option(&f, argv[i], argv[i + 1]);
	if (argc % 2 == 0 || f.key == NULL || f.listener_count == 0 || f.forward_len == 0)
		give_up("usage", "--listen ADDRESS@PORT --forward ADDRESS@PORT --key FILE [--cert FILE] "
				 "[--raw FILE] [--priority TEXT] [--tickets yes]");
	load_keys(&f);
	run(&f);
	return 0;
}
