/* SPDX-License-Identifier: BSD-2-Clause
 * How does one serve many clients over UDP in a few lines?  With a process and a connected socket
 * for each: the kernel hands that the datagrams of its client. */
#define _DEFAULT_SOURCE
#include "udp_front.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_SECONDS = 30, ANSWER_MS = 5000 };

int
udp_front_need(int code, const char *what)
{
	if (code >= 0)
		return code;
	fprintf(stderr, "%s: %s\n", what, code == -1 ? strerror(errno) : gnutls_strerror(code));
	exit(1);
}

/* "ADDRESS@PORT"; yours to free. */
static struct addrinfo *
read_address(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found = NULL;
	char host[64] = "", port[8] = "";

	errno = EINVAL;
	if (sscanf(text, "%63[^@]@%7[0-9]", host, port) != 2 ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		udp_front_need(-1, text);
	return found;
}

/* A socket at an address that others have, too. */
static int
socket_at(const struct sockaddr *address, socklen_t len)
{
	int one = 1;
	int fd = udp_front_need(socket(address->sa_family, SOCK_DGRAM, 0), "socket");

	udp_front_need(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "socket");
	udp_front_need(bind(fd, address, len), "bind");
	return fd;
}

static void
listen_on(struct udp_front *f, const char *text)
{
	struct addrinfo *a = read_address(text);

	f->listeners[f->listener_count++] = socket_at(a->ai_addr, a->ai_addrlen);
	freeaddrinfo(a);
}

static void
load_keys(struct udp_front *f)
{
	udp_front_need(gnutls_certificate_allocate_credentials(&f->credentials), "credentials");
	if (f->cert)
		udp_front_need(gnutls_certificate_set_x509_key_file(
				   f->credentials, f->cert, f->key, GNUTLS_X509_FMT_PEM),
		    f->cert);
	if (f->raw)
		udp_front_need(
		    gnutls_certificate_set_rawpk_key_file(f->credentials, f->raw, f->key,
			GNUTLS_X509_FMT_PEM, NULL, GNUTLS_KEY_DIGITAL_SIGNATURE, NULL, 0, 0, 0),
		    f->raw);
}

static void
read_option(struct udp_front *f, int option)
{
	if (option == 'l' && f->listener_count < UDP_FRONT_LISTENERS_MAX)
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
	else if (option == 'a')
		f->alpn = optarg;
}

void
udp_front_read(struct udp_front *f, int argc, char **argv)
{
	f->priority = "NORMAL";
	for (int option; (option = getopt(argc, argv, "l:f:p:k:c:r:a:")) != -1;)
		read_option(f, option);
	if (optind < argc || !f->key || f->listener_count == 0 || !f->forward) {
		fprintf(stderr,
		    "usage: %s -l ADDRESS@PORT... -f ADDRESS@PORT -k KEY.pem [-c CERT.pem] "
		    "[-r PUBLIC.pem] [-p PRIORITY] [-a ALPN]\n",
		    argv[0]);
		exit(2);
	}
	load_keys(f);
	printf("listening\n");
	fflush(stdout);
}

/* A socket for one client alone, and a process that ends with this one. */
static void
admit(const struct udp_front *f, int listener,
    void (*serve)(const struct udp_front *f, int fd, const uint8_t *first, size_t len))
{
	static uint8_t first[UDP_FRONT_MESSAGE_MAX];
	struct sockaddr_storage here, there;
	socklen_t here_len = sizeof here, there_len = sizeof there;
	pid_t parent = getpid();
	ssize_t len =
	    recvfrom(listener, first, sizeof first, 0, (struct sockaddr *)&there, &there_len);

	if (len < 0 || getsockname(listener, (struct sockaddr *)&here, &here_len) < 0)
		return;
	int fd = socket_at((struct sockaddr *)&here, here_len);
	udp_front_need(connect(fd, (struct sockaddr *)&there, there_len), "connect");
	if (udp_front_need(fork(), "fork") == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		alarm(CLIENT_SECONDS);
		if (getppid() == parent)
			serve(f, fd, first, (size_t)len);
		_exit(0);
	}
	close(fd);
}

void
udp_front_run(const struct udp_front *f,
    void (*serve)(const struct udp_front *f, int fd, const uint8_t *first, size_t len))
{
	struct pollfd fds[1 + UDP_FRONT_LISTENERS_MAX];
	char ignored[256];

	signal(SIGCHLD, SIG_IGN); /* nobody waits for them */
	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (size_t i = 0; i < f->listener_count; i++)
		fds[1 + i] = (struct pollfd){ .fd = f->listeners[i], .events = POLLIN };
	for (;;) {
		udp_front_need(poll(fds, 1 + f->listener_count, -1), "poll");
		if (fds[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return;
		for (size_t i = 0; i < f->listener_count; i++)
			if (fds[1 + i].revents != 0)
				admit(f, f->listeners[i], serve);
	}
}

void
udp_front_session(const struct udp_front *f, gnutls_session_t *tls, unsigned flags)
{
	unsigned raw = f->raw ? GNUTLS_ENABLE_RAWPK : 0;

	udp_front_need(gnutls_init(tls, GNUTLS_SERVER | flags | raw), "TLS");
	udp_front_need(gnutls_priority_set_direct(*tls, f->priority, NULL), f->priority);
	udp_front_need(gnutls_credentials_set(*tls, GNUTLS_CRD_CERTIFICATE, f->credentials), "TLS");
	if (f->alpn) {
		gnutls_datum_t name = { (unsigned char *)(uintptr_t)f->alpn,
			(unsigned)strlen(f->alpn) };
		udp_front_need(
		    gnutls_alpn_set_protocols(*tls, &name, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
	}
}

ssize_t
udp_front_ask(
    const struct udp_front *f, const uint8_t *question, size_t len, uint8_t *answer, size_t room)
{
	int fd = udp_front_need(socket(f->forward->ai_family, SOCK_DGRAM, 0), "upstream");
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t got = -1;

	if (connect(fd, f->forward->ai_addr, f->forward->ai_addrlen) == 0 &&
	    send(fd, question, len, 0) == (ssize_t)len && poll(&p, 1, ANSWER_MS) == 1)
		got = recv(fd, answer, room, 0);
	close(fd);
	return got;
}
