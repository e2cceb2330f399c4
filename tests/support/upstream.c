/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a resolver that does as it is told? */
#include "support/upstream.h"

#include <check.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 12
#define CLIENTS_MAX 16 /* connections at the same time; getdns keeps them open */
#define MESSAGE_MAX 1232

danepriv_span upstream_proof;

static size_t
get_u16(const uint8_t *at)
{
	return (size_t)(at[0] << 8 | at[1]);
}

/* Octets of the question, or 0 when there is none in full. */
static size_t
question_len(const uint8_t *message, size_t len)
{
	size_t at = HEADER;

	while (at < len && message[at] != 0)
		at += 1 + (size_t)message[at];
	return at + 5 <= len ? at + 5 - HEADER : 0;
}

static upstream_question *
note_question(upstream *r, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < r->count; i++) {
		upstream_question *q = &r->questions[i];
		if (q->len == len && memcmp(q->octets, octets, len) == 0)
			return q;
	}
	ck_assert_uint_lt(r->count, UPSTREAM_QUESTIONS_MAX);
	upstream_question *q = &r->questions[r->count++];
	memcpy(q->octets, octets, len);
	q->len = len;
	return q;
}

/* RD and CD, and after the question OPT with DO; 1232 is for UDP. */
static bool
is_fit(const uint8_t *message, size_t len, size_t question, bool tcp)
{
	const uint8_t *opt = message + HEADER + question;

	if (len < HEADER + question + 11)
		return false;
	return (message[2] & 1) && (message[3] & 0x10) && opt[0] == 0 && get_u16(opt + 1) == 41 &&
	       (opt[7] & 0x80) && (tcp || get_u16(opt + 3) == 1232);
}

/* A TKEY record (RFC 2930 section 2) that ends in the middle of its Key Size; its own length. */
static size_t
append_overlong(uint8_t *message, size_t len)
{
	static const uint8_t record[12 + 14] = { 0xC0, HEADER, 0, 249, 0,
		255, [11] = 14, [25] = 0xFF };

	memcpy(message + len, record, sizeof record);
	message[7] = 1;
	return sizeof record;
}

static size_t
append_proof(uint8_t *message, size_t len)
{
	ck_assert_uint_le(len + upstream_proof.len, MESSAGE_MAX);
	memcpy(message + len, upstream_proof.data, upstream_proof.len);
	message[3] |= 3;
	message[9] = 4;
	return upstream_proof.len;
}

/* Makes the message an answer, or 0 to stay silent; its length. */
static size_t
make_answer(upstream *r, uint8_t *message, size_t len, bool tcp)
{
	size_t question = question_len(message, len);

	if (len < HEADER || question == 0)
		return 0;
	upstream_question *q = note_question(r, message + HEADER, question);
	unsigned before = tcp ? q->tcp++ : q->udp++;
	r->always_fit = r->always_fit && is_fit(message, len, question, tcp);
	message[2] |= 0x80;
	message[3] = 0x80;
	memset(message + 6, 0, 6);
	switch (r->manner) {
	case UPSTREAM_ANSWERS:
	case UPSTREAM_NO_TCP:
	case UPSTREAM_UDP_ONLY:
	case UPSTREAM_GARBAGE:
	case UPSTREAM_OVERLONG:
		break;
	case UPSTREAM_SILENT:
		return 0;
	case UPSTREAM_SILENT_TCP:
		if (tcp)
			return 0;
		break;
	case UPSTREAM_PROVES_TCP:
		if (!tcp)
			break;
		return HEADER + question + append_proof(message, HEADER + question);
	case UPSTREAM_PROVES_CUT:
		if (tcp)
			return HEADER + question + append_proof(message, HEADER + question);
		message[2] |= 2;
		break;
	case UPSTREAM_DROPS_FIRST:
		if (before == 0)
			return 0;
		break;
	case UPSTREAM_TRUNCATES:
	case UPSTREAM_TRUNCATES_ONLY:
	case UPSTREAM_HANGS_UP:
	case UPSTREAM_OVERLONG_TCP:
		if (!tcp || r->manner == UPSTREAM_TRUNCATES_ONLY)
			message[2] |= 2;
		break;
	case UPSTREAM_FAILS:
		message[3] |= 2;
		break;
	case UPSTREAM_REFUSES:
		message[3] |= 5;
		break;
	case UPSTREAM_FORMERR:
		message[3] |= 1;
		break;
	case UPSTREAM_PROVES:
		return HEADER + question + append_proof(message, HEADER + question);
	case UPSTREAM_OTHER_ID:
		message[0] ^= 1;
		break;
	case UPSTREAM_OTHER_QUESTION:
		message[HEADER + question - 3] ^= 1;
		break;
	}
	if (r->manner == UPSTREAM_OVERLONG || (tcp && r->manner == UPSTREAM_OVERLONG_TCP))
		return HEADER + question + append_overlong(message, HEADER + question);
	return r->manner == UPSTREAM_GARBAGE ? 5 : HEADER + question;
}

static void
serve_udp(upstream *r)
{
	struct sockaddr_storage from;
	socklen_t from_len = sizeof from;
	uint8_t message[MESSAGE_MAX];
	ssize_t got =
	    recvfrom(r->udp, message, sizeof message, 0, (struct sockaddr *)&from, &from_len);

	size_t len = got > 0 ? make_answer(r, message, (size_t)got, false) : 0;
	if (len > 0)
		(void)sendto(r->udp, message, len, 0, (struct sockaddr *)&from, from_len);
}

static bool
read_all(int fd, uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t got = recv(fd, data, len, 0);
		if (got <= 0)
			return false;
		data += got;
		len -= (size_t)got;
	}
	return true;
}

/* One question of a connection; false: it is over. */
static bool
serve_tcp(upstream *r, int fd)
{
	uint8_t frame[2 + MESSAGE_MAX];

	if (!read_all(fd, frame, 2))
		return false;
	size_t len = get_u16(frame);
	if (len > MESSAGE_MAX || !read_all(fd, frame + 2, len))
		return false;
	len = make_answer(r, frame + 2, len, true);
	if (len == 0)
		return true;
	frame[0] = (uint8_t)(len >> 8);
	frame[1] = (uint8_t)len;
	return send(fd, frame, 2 + len, MSG_NOSIGNAL) >= 0;
}

/* What is waited for: UDP, new connections, the end, and connections (-1: none). */
enum { AT_UDP, AT_TCP, AT_STOP, AT_CLIENTS, POLLED = AT_CLIENTS + CLIENTS_MAX };

/* Takes a connection where there is room, and unless it is to be ended at once. */
static void
take_client(const upstream *r, struct pollfd *p)
{
	int fd = accept(r->tcp, NULL, NULL);

	bool hangs_up = r->manner == UPSTREAM_HANGS_UP || r->manner == UPSTREAM_NO_TCP;

	for (int i = AT_CLIENTS; i < POLLED && !hangs_up && fd >= 0; i++)
		if (p[i].fd < 0) {
			p[i].fd = fd;
			fd = -1;
		}
	if (fd >= 0)
		(void)close(fd);
}

static void
drop_client(struct pollfd *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = -1;
}

static void *
serve(void *argument)
{
	upstream *r = argument;
	struct pollfd p[POLLED] = { { r->udp, POLLIN, 0 }, { r->tcp, POLLIN, 0 },
		{ r->stop[0], POLLIN, 0 } };

	for (int i = AT_CLIENTS; i < POLLED; i++)
		p[i] = (struct pollfd){ -1, POLLIN, 0 };
	if (r->manner == UPSTREAM_UDP_ONLY)
		p[AT_TCP].fd = -1;
	while (poll(p, POLLED, -1) >= 0 && !p[AT_STOP].revents) {
		for (int i = AT_CLIENTS; i < POLLED; i++)
			if (p[i].fd >= 0 && p[i].revents && !serve_tcp(r, p[i].fd))
				drop_client(&p[i]);
		if (p[AT_UDP].revents)
			serve_udp(r);
		if (p[AT_TCP].revents)
			take_client(r, p);
	}
	for (int i = AT_CLIENTS; i < POLLED; i++)
		drop_client(&p[i]);
	return NULL;
}

/* UDP on a port of the system's choice, and TCP on the same. */
static bool
open_sockets(upstream *r, const char *host)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM };
	struct sockaddr_storage bound;
	socklen_t len = sizeof bound;
	struct addrinfo *found;
	char port[8];

	ck_assert_int_eq(getaddrinfo(host, "0", &hints, &found), 0);
	r->udp = socket(found->ai_family, SOCK_DGRAM, 0);
	r->tcp = socket(found->ai_family, SOCK_STREAM, 0);
	bool good = r->udp >= 0 && bind(r->udp, found->ai_addr, found->ai_addrlen) == 0 &&
		    getsockname(r->udp, (struct sockaddr *)&bound, &len) == 0 &&
		    bind(r->tcp, (struct sockaddr *)&bound, len) == 0 &&
		    (r->manner == UPSTREAM_UDP_ONLY || listen(r->tcp, 8) == 0) &&
		    getnameinfo((struct sockaddr *)&bound, len, NULL, 0, port, sizeof port,
			NI_NUMERICSERV) == 0;
	freeaddrinfo(found);
	if (good)
		(void)snprintf(r->address, sizeof r->address, "%s@%s", host, port);
	return good;
}

bool
upstream_start(upstream *r, const char *host, upstream_manner manner)
{
	bool good = false;

	/* Another program may have the TCP port. */
	for (int i = 0; i < 20 && !good; i++) {
		memset(r, 0, sizeof *r);
		r->manner = manner;
		good = open_sockets(r, host);
		if (!good) {
			(void)close(r->udp);
			(void)close(r->tcp);
		}
	}
	if (!good)
		return false;
	r->always_fit = true;
	ck_assert_int_eq(pipe(r->stop), 0);
	ck_assert_int_eq(pthread_create(&r->thread, NULL, serve, r), 0);
	return true;
}

void
upstream_stop(upstream *r)
{
	(void)close(r->stop[1]);
	ck_assert_int_eq(pthread_join(r->thread, NULL), 0);
	(void)close(r->stop[0]);
	(void)close(r->udp);
	(void)close(r->tcp);
}
