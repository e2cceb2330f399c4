/* SPDX-License-Identifier: BSD-2-Clause
 * How does one serve many clients over UDP in a few lines?  With a process and a connected socket
 * for each: the kernel hands that the datagrams of its client. */
#define _DEFAULT_SOURCE
#include "udp_front.h"

#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_SECONDS = 30, ANSWER_MS = 5000 };

/* A socket for one client alone, and a process that ends with this one. */
static void
admit(const struct udp_front *f, int listener, udp_front_server *serve)
{
	static uint8_t first[UDP_FRONT_MESSAGE_MAX];
	struct sockaddr_storage here, there;
	socklen_t here_len = sizeof here, there_len = sizeof there;
	pid_t parent = getpid();
	ssize_t len =
	    recvfrom(listener, first, sizeof first, 0, (struct sockaddr *)&there, &there_len);

	if (len < 0 || getsockname(listener, (struct sockaddr *)&here, &here_len) < 0)
		return;
	int fd = front_socket(&f->front, (struct sockaddr *)&here, here_len);
	front_need(connect(fd, (struct sockaddr *)&there, there_len), "connect");
	if (front_need(fork(), "fork") == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		alarm(CLIENT_SECONDS);
		if (getppid() == parent)
			serve(f, fd, first, (size_t)len);
		_exit(0);
	}
	close(fd);
}

static void
run(const struct udp_front *f, udp_front_server *serve)
{
	struct pollfd fds[1 + FRONT_LISTENERS_MAX];
	char ignored[256];

	signal(SIGCHLD, SIG_IGN); /* nobody waits for them */
	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (size_t i = 0; i < f->front.listener_count; i++)
		fds[1 + i] = (struct pollfd){ .fd = f->front.listeners[i], .events = POLLIN };
	for (;;) {
		front_need(poll(fds, 1 + f->front.listener_count, -1), "poll");
		if (fds[0].revents != 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
			return;
		for (size_t i = 0; i < f->front.listener_count; i++)
			if (fds[1 + i].revents != 0)
				admit(f, f->front.listeners[i], serve);
	}
}

int
udp_front_main(int argc, char **argv, udp_front_server *serve)
{
	static struct udp_front f = { .front.type = SOCK_DGRAM };

	for (int option; (option = getopt(argc, argv, "l:f:p:k:c:r:a:")) != -1;)
		if (!front_option(&f.front, option, optarg) && option == 'a')
			f.alpn = optarg;
	if (optind < argc || !front_open(&f.front)) {
		fprintf(stderr,
		    "usage: %s -l ADDRESS@PORT... -f ADDRESS@PORT -k KEY.pem [-c CERT.pem] "
		    "[-r PUBLIC.pem] [-p PRIORITY] [-a ALPN]\n",
		    argv[0]);
		return 2;
	}
	printf("listening\n");
	fflush(stdout);
	run(&f, serve);
	return 0;
}

void
udp_front_session(const struct udp_front *f, gnutls_session_t *tls, unsigned flags)
{
	front_session(&f->front, tls, flags);
	if (f->alpn) {
		gnutls_datum_t name = { (unsigned char *)(uintptr_t)f->alpn,
			(unsigned)strlen(f->alpn) };
		front_need(
		    gnutls_alpn_set_protocols(*tls, &name, 1, GNUTLS_ALPN_MANDATORY), "ALPN");
	}
}

ssize_t
udp_front_ask(
    const struct udp_front *f, const uint8_t *question, size_t len, uint8_t *answer, size_t room)
{
	int fd = front_need(socket(f->front.forward->ai_family, SOCK_DGRAM, 0), "upstream");
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t got = -1;

	if (connect(fd, f->front.forward->ai_addr, f->front.forward->ai_addrlen) == 0 &&
	    send(fd, question, len, 0) == (ssize_t)len && poll(&p, 1, ANSWER_MS) == 1)
		got = recv(fd, answer, room, 0);
	close(fd);
	return got;
}
