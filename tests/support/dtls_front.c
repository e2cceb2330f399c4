/* SPDX-License-Identifier: BSD-2-Clause
 * How does a name server over DTLS look (RFC 8094)?  No server in Debian speaks it: this one ends
 * DTLS, and passes each record on to a name server's UDP port. */
#include "udp_front.h"

#include <errno.h>
#include <gnutls/dtls.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* The datagram that came before the socket was there, and then what comes. */
struct source {
	int fd;
	const uint8_t *first;
	size_t len;
};

static ssize_t
pull(gnutls_transport_ptr_t user, void *data, size_t room)
{
	struct source *s = user;

	if (s->len == 0)
		return recv(s->fd, data, room, 0);
	size_t len = s->len < room ? s->len : room;
	memcpy(data, s->first, len);
	s->len = 0;
	return (ssize_t)len;
}

static int
pull_timeout(gnutls_transport_ptr_t user, unsigned ms)
{
	struct source *s = user;
	struct pollfd p = { .fd = s->fd, .events = POLLIN };

	return s->len > 0 ? 1 : poll(&p, 1, (int)ms);
}

static ssize_t
push(gnutls_transport_ptr_t user, const void *data, size_t len)
{
	struct source *s = user;

	return send(s->fd, data, len, 0);
}

static void
serve(const struct udp_front *f, int fd, const uint8_t *first, size_t len)
{
	static uint8_t question[UDP_FRONT_MESSAGE_MAX], answer[UDP_FRONT_MESSAGE_MAX];
	struct source source = { fd, first, len };
	gnutls_session_t tls;
	int code;

	udp_front_session(f, &tls, GNUTLS_DATAGRAM);
	gnutls_transport_set_ptr(tls, &source);
	gnutls_transport_set_pull_function(tls, pull);
	gnutls_transport_set_pull_timeout_function(tls, pull_timeout);
	gnutls_transport_set_push_function(tls, push);
	do
		code = gnutls_handshake(tls);
	while (code < 0 && !gnutls_error_is_fatal(code));
	for (;;) {
		ssize_t got = code < 0 ? -1 : gnutls_record_recv(tls, question, sizeof question);
		if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
			continue;
		if (got <= 0)
			break;
		got = udp_front_ask(f, question, (size_t)got, answer, sizeof answer);
		if (got > 0)
			(void)gnutls_record_send(tls, answer, (size_t)got);
	}
	gnutls_deinit(tls);
}

int
main(int argc, char **argv)
{
	return udp_front_main(argc, argv, serve);
}
