/* SPDX-License-Identifier: BSD-2-Clause
 * What do the test servers that end TLS have in common? */
#include "front.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int
front_need(int code, const char *what)
{
	if (code >= 0)
		return code;
	fprintf(stderr, "%s: %s\n", what, code == -1 ? strerror(errno) : gnutls_strerror(code));
	exit(1);
}

/* "ADDRESS@PORT"; yours to free. */
static struct addrinfo *
read_address(const struct front *f, const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = f->type };
	struct addrinfo *found = NULL;
	char host[64] = "", port[8] = "";

	errno = EINVAL;
	if (sscanf(text, "%63[^@]@%7[0-9]", host, port) != 2 ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		front_need(-1, text);
	return found;
}

int
front_socket(const struct front *f, const struct sockaddr *address, unsigned len)
{
	int one = 1;
	int fd = front_need(socket(address->sa_family, f->type, 0), "socket");

	front_need(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "socket");
	front_need(bind(fd, address, len), "bind");
	return fd;
}

static void
listen_on(struct front *f, const char *text)
{
	struct addrinfo *a = read_address(f, text);

	f->listeners[f->listener_count++] = front_socket(f, a->ai_addr, a->ai_addrlen);
	freeaddrinfo(a);
}

bool
front_option(struct front *f, int option, const char *argument)
{
	if (option == 'l' && f->listener_count < FRONT_LISTENERS_MAX)
		listen_on(f, argument);
	else if (option == 'f')
		f->forward = read_address(f, argument);
	else if (option == 'p')
		f->priority = argument;
	else if (option == 'k')
		f->key = argument;
	else if (option == 'c')
		f->cert = argument;
	else if (option == 'r')
		f->raw = argument;
	else
		return false;
	return true;
}

bool
front_open(struct front *f)
{
	if (!f->key || f->listener_count == 0 || !f->forward)
		return false;
	if (!f->priority)
		f->priority = "NORMAL";
	front_need(gnutls_certificate_allocate_credentials(&f->credentials), "credentials");
	if (f->cert)
		front_need(gnutls_certificate_set_x509_key_file(
			       f->credentials, f->cert, f->key, GNUTLS_X509_FMT_PEM),
		    f->cert);
	if (f->raw)
		front_need(
		    gnutls_certificate_set_rawpk_key_file(f->credentials, f->raw, f->key,
			GNUTLS_X509_FMT_PEM, NULL, GNUTLS_KEY_DIGITAL_SIGNATURE, NULL, 0, 0, 0),
		    f->raw);
	return true;
}

void
front_session(const struct front *f, gnutls_session_t *tls, unsigned flags)
{
	unsigned raw = f->raw ? GNUTLS_ENABLE_RAWPK : 0;

	front_need(gnutls_init(tls, GNUTLS_SERVER | flags | raw), "TLS");
	front_need(gnutls_priority_set_direct(*tls, f->priority, NULL), f->priority);
	front_need(gnutls_credentials_set(*tls, GNUTLS_CRD_CERTIFICATE, f->credentials), "TLS");
}
