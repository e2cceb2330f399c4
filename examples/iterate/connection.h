/* SPDX-License-Identifier: BSD-2-Clause
 * What is one connection, over TLS or in clear? */
#ifndef ITERATE_CONNECTION_H
#define ITERATE_CONNECTION_H

#include "../dns/message.h"
#include "../dns/query.h"

#include <danepriv/gnutls.h>

/* An address of a server. */
typedef struct host {
	uint8_t octets[16];
	size_t len;
} host;

typedef enum connection_state {
	CONNECTION_NONE = 0,
	CONNECTION_CONNECTING,
	CONNECTION_SHAKING, /* hands */
	CONNECTION_OPEN,    /* a question may be asked, once it is known that it may */
	CONNECTION_ASKING,
	CONNECTION_ANSWERED,
	CONNECTION_FAILED
} connection_state;

typedef struct connection {
	connection_state state;
	int fd;
	danepriv_channel channel;
	danepriv_server server;
	char name[DNS_NAME_ROOM]; /* the server's */
	host host;
	gnutls_session_t tls; /* NULL in clear */
	bool is_udp;	      /* in clear, as long as answers fit */
	danepriv_session *session;
	bool is_connected;
	bool is_overtaken; /* on its way, and nobody waits for it */
	int handshake;	   /* what gnutls_handshake returned last */
	bool is_judged;
	danepriv_decision decision; /* if it is */
	int64_t began;		    /* milliseconds: it, or its last question */
	bool has_answered;
	danepriv_time used; /* when it was opened, or answered */
	danepriv_question asked;
	uint16_t id;
	uint8_t question[2 + DNS_QUERY_MAX]; /* their number in front */
	size_t to_send, sent;
	uint8_t answer[2 + DNS_MESSAGE_MAX];
	size_t got;
	int strangers; /* messages that answered something else */
} connection;

/* Begins to connect; the state tells how that goes.  The session is the connection's from now on,
 * also after a failure. */
void connection_open(
    connection *c, const host *to, uint16_t port, gnutls_certificate_credentials_t credentials);
/* Once more, for the same session; over TCP. */
void connection_open_again(
    connection *c, uint16_t port, gnutls_certificate_credentials_t credentials);
void connection_ask(connection *c, const danepriv_question *question);
/* Goes on as far as it can without waiting, and which events of poll(2) to wait for then. */
void connection_run(connection *c);
short connection_events(const connection *c);
danepriv_span connection_answer(const connection *c);
/* Failed, though not at first. */
bool connection_was_closed(const connection *c);
/* An answer is there, of which only a part did fit. */
bool connection_is_cut(const connection *c);
void connection_close(connection *c);

#endif
