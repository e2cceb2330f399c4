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

/* ---- chain.c ---- */

typedef struct server_chain {
	SSL_CTX *tls; /* this and the next three are set by the caller */
	danepriv *ctx;
	danepriv_getdns *dns;
	danepriv_server server;
	bool is_tried;		 /* it was built, or could not be */
	danepriv_lookup *lookup; /* NULL: not under way */
	danepriv_time due;	 /* it is to be built again then */
} server_chain;

/* To be called before there are clients: asks for the first chain.  False: nothing can be sent. */
bool server_chain_start(server_chain *chain);

/* Does what is due; never waits. */
void server_chain_run(server_chain *chain);

/* Milliseconds until server_chain_run should be called, if the descriptor of `dns` stays silent. */
int server_chain_timeout(const server_chain *chain);

/* ---- tls.c ---- */

/* With the server's certificate and key, and nothing older than TLS 1.2 (RFC 8310 section 9);
 * `raw_key`: and the bare key first, for those who take it.  NULL: what failed is told. */
SSL_CTX *tls_open(const char *certificate, const char *key, bool raw_key);

/* ---- pace.c ---- */

/* Messages of one direction, of which some octets have gone by. */
typedef struct flow {
	size_t left;  /* octets of this message to come, once its length is known */
	uint8_t head; /* octets of its length that are here */
} flow;

/* How quick a connection is.  Milliseconds. */
typedef struct pace {
	long long limit;    /* for a handshake, a question, an answer; and between them */
	long long question; /* its first octet came then */
	long long answer;   /* it is the next one's turn since */
	flow up, down;
	atomic_uint waiting; /* questions that have no answer yet */
	atomic_llong last;   /* something came to its end then */
} pace;

/* The handshake begins; it is over. */
void pace_start(pace *pace, int limit_s);
void pace_shaken(pace *pace);

/* Octets have come from the client; they have gone there. */
void pace_up(pace *pace, const void *octets, size_t len);
void pace_down(pace *pace, const void *octets, size_t len);

/* Milliseconds that the client may still take for what it is at; 0: none. */
int pace_left(const pace *pace);

/* Is `a` to go before `b`, when one of them must? */
bool pace_is_slower(const pace *a, const pace *b);

/* ---- client.c ---- */

/* What is the same for all clients. */
typedef struct dot_service {
	SSL_CTX *tls;
	const struct addrinfo *backend;
	int limit_s;
	bool shows_raw_key;
} dot_service;

/* A connection and its thread. */
typedef struct client {
	SSL *ssl; /* NULL: this place is free */
	int fd;
	const struct addrinfo *backend;
	pthread_t thread;
	atomic_bool has_ended;
	pace pace;
} client;

/* The thread of a client; it ends soon when somebody shuts down `fd`. */
void *client_serve(void *client);

/* ---- places.c ---- */

#define CLIENTS_MAX 64 /* at once; a thread each */

/* Serves a connection in one of CLIENTS_MAX places; when none is free, the slowest client goes. */
void clients_admit(client *clients, const dot_service *service, int fd);

/* Frees the places of clients that have ended; `all`: ends those that have not, first. */
void clients_reap(client *clients, bool all);

/* ---- loop.c ---- */

/* Takes clients, and keeps the chain fresh, until SIGINT or SIGTERM comes. */
void server_run(server_chain *chain, int listener, const dot_service *service);

/* ---- address.c ---- */

/* ADDRESS@PORT, for freeaddrinfo; NULL when it is none. */
struct addrinfo *address_read(const char *text);

/* Sockets, or -1; one that connects may still be at it. */
int address_listen(const struct addrinfo *at);
int address_connect(const struct addrinfo *to);

/* No call waits, and no answer for an acknowledgement. */
bool address_prepare(int fd);

/* Prints where a socket listens. */
void address_tell(int listener);

#endif
