/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a server that sends its proof, also wrongly?  OpenSSL at the other end of
 * a guarded GnuTLS client, in one process.  What fails that should not, ends the test. */
#ifndef TESTS_CHAIN_SERVER_H
#define TESTS_CHAIN_SERVER_H

#include "support/guarded.h"
#include "support/tiny_zone.h"

#include <openssl/ssl.h>

typedef struct chain_server {
	SSL_CTX *ctx;
	danepriv_span extension; /* what is sent; borrowed */
	bool sends;		 /* else nothing is */
	size_t entry;		 /* of the Certificate message that has it */
	danepriv_span staple;	 /* OCSP response; empty: none */
	unsigned asked;		 /* ClientHellos that had extension 59 */
	uint16_t port;		 /* in the last of them; 0 where it was none */
} chain_server;

/* `appended`: whose certificate comes second (NULL: nobody's). */
void chain_server_open(chain_server *s, const tls_identity *key, const tls_identity *appended);
void chain_server_close(chain_server *s);

/* One connection. */
typedef struct chain_link {
	gnutls_session_t client;
	gnutls_certificate_credentials_t credentials;
	SSL *server;
	int fds[2];
	int client_result;
	bool accepted;	   /* by the server */
	unsigned turns;	   /* of the client until it was done */
	uint64_t received; /* octets by the client */
} chain_link;

/* Non-blocking, not guarded yet; `priority`: TLS12 or TLS13. */
void chain_link_open(chain_link *c, chain_server *s, const char *priority);
/* Guards the client for the global session. */
danepriv_status chain_link_guard(chain_link *c, const char *priority, danepriv_gnutls_chain chain);
void chain_link_handshake(chain_link *c);
/* The same with a client that blocks, and the server in a thread. */
void chain_link_handshake_blocking(chain_link *c);
/* A word from the server, after which a client has its ticket. */
void chain_link_talk(chain_link *c);
void chain_link_close(chain_link *c);

/* The zone whose anchor the global context has; a fixture around open_all and close_all. */
extern tiny_zone *zone;
void chain_open_all(void);
void chain_close_all(void);

/* What the owner says of a key, as AuthenticationChain. */
test_octets chain_of(const tiny_zone *signer, const tls_identity *key, const char *owner);

#endif
