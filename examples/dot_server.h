/* SPDX-License-Identifier: BSD-2-Clause
 * What is dot_server made of?  Its chain, kept fresh, its clients, a loop and addresses. */
#ifndef EXAMPLES_DOT_SERVER_H
#define EXAMPLES_DOT_SERVER_H

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>
#include <danepriv/openssl.h>

#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* ---- dot_server_chain.c ---- */

typedef struct server_chain {
	SSL_CTX *tls; /* this and the next three are set by the caller */
	danepriv *ctx;
	getdns_context *dns;
	danepriv_server server;
	bool is_tried;	       /* it was built, or could not be */
	danepriv_fetch *fetch; /* NULL: not under way */
	danepriv_time due;     /* it is to be built anew then */
} server_chain;

/* To be called before there are clients: asks for the first chain.  False: nothing can be sent. */
bool server_chain_start(server_chain *chain);

/* Does what is due; never waits. */
void server_chain_run(server_chain *chain);

/* Milliseconds until server_chain_run should be called, if the descriptor of `dns` stays silent. */
int server_chain_timeout(const server_chain *chain);

/* ---- dot_server_client.c ---- */

#define CLIENTS_MAX 64 /* at once; a thread each */

/* A connection and its thread. */
typedef struct client {
	SSL *ssl; /* NULL: this place is free */
	int fd;
	const struct addrinfo *backend;
	pthread_t thread;
	atomic_bool has_ended;
} client;

/* Serves a connection in a free one of CLIENTS_MAX places; closes it when there is none. */
void clients_admit(client *clients, SSL_CTX *tls, const struct addrinfo *backend, int fd);

/* Frees the places of clients that have ended; `all`: ends those that have not, first. */
void clients_reap(client *clients, bool all);

/* ---- dot_server_loop.c ---- */

/* Takes clients, and keeps the chain fresh, until SIGINT or SIGTERM comes. */
void server_run(server_chain *chain, int listener, const struct addrinfo *backend);

/* ---- dot_server_address.c ---- */

#define IDLE_SECONDS 10

/* ADDRESS@PORT, for freeaddrinfo; NULL when it is none. */
struct addrinfo *address_read(const char *text);

/* Sockets, or -1. */
int address_listen(const struct addrinfo *at);
int address_connect(const struct addrinfo *to);

/* No read or write waits for longer than IDLE_SECONDS, and no answer for an acknowledgement. */
bool address_prepare(int fd);

/* Prints where a socket listens. */
void address_tell(int listener);

#endif
