/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a TLS connection?  A client and a server of GnuTLS in one process, over a
 * socket pair.  What fails that should not, ends the test. */
#ifndef TESTS_TLS_PAIR_H
#define TESTS_TLS_PAIR_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define RAW_OR_X509 ":-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK:+CTYPE-SRV-X509"
#define RAW_ONLY ":-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK"

/* A key and certificates for it, of today. */
typedef struct tls_identity {
	gnutls_privkey_t key;
	gnutls_x509_privkey_t x509_key;
	gnutls_datum_t certificate; /* self-signed, DER */
	gnutls_datum_t raw_key;	    /* SubjectPublicKeyInfo, DER */
} tls_identity;

void identity_make(tls_identity *identity, const char *name);
/* With an RSA key of so many bits. */
void identity_make_rsa(tls_identity *identity, const char *name, unsigned bits);
void identity_free(tls_identity *identity);

/* What a server shows.  `shown`: whose certificate and raw key (NULL: its own); `appended`: whose
 * certificate comes after it (NULL: nobody's). */
gnutls_certificate_credentials_t credentials_of(
    const tls_identity *key, const tls_identity *shown, const tls_identity *appended);
/* A server that has no certificate at all. */
gnutls_certificate_credentials_t raw_credentials_of(const tls_identity *key);

typedef struct tls_pair {
	gnutls_session_t client, server;
	gnutls_certificate_credentials_t credentials; /* the client's: empty */
	int fds[2];
	char sni[256];	     /* as the server got it; "" for none */
	bool extension_seen; /* extension 59 was in the ClientHello */
	int client_result, server_result;
} tls_pair;

/* Non-blocking; `flags` for both besides GNUTLS_CLIENT and GNUTLS_SERVER.  `ticket_key` may be
 * NULL. */
void pair_open(tls_pair *pair, gnutls_certificate_credentials_t credentials, const char *priority,
    unsigned flags, const gnutls_datum_t *ticket_key);
/* Both handshakes, turn by turn, until both have ended. */
void pair_handshake(tls_pair *pair);
/* The same with a client that blocks, and the server in a thread. */
void pair_handshake_blocking(tls_pair *pair);
/* A word from server to client, after which a client of TLS 1.3 has its tickets. */
void pair_talk(tls_pair *pair);
void pair_close(tls_pair *pair);

#endif
