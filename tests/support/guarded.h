/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a guarded connection?  One session and one pair at a time, an honest
 * server and an impostor, and every kind of evidence. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include "support/tls_pair.h"

#include <danepriv/gnutls.h>

#define NOW 1700000000
#define NAME "ns1.example.net"
#define ELSEWHERE "ns9.example.org"

extern const danepriv_server server;
extern tls_identity honest, impostor;
extern danepriv *ctx;
extern danepriv_session *session;
extern tls_pair pair;

/* What the owner published, and DNSSEC's word on it. */
typedef enum evidence {
	NOTHING = 0,	   /* no evidence is given */
	RIGHT,		   /* 3 1 1 of the honest key */
	RIGHT_CERTIFICATE, /* 3 0 1 of the honest certificate */
	WRONG,		   /* 3 1 1 of another key */
	USELESS,	   /* 3 1 9 */
	OUTDATED,	   /* as RIGHT, up to a second ago */
	DENIED,
	INSECURE,
	BOGUS,
	INDETERMINATE
} evidence;

/* What each kind comes to, with an honest server and with an impostor. */
typedef struct evidence_row {
	const char *name;
	evidence kind;
	danepriv_finding honest, impostor;
} evidence_row;

#define EVIDENCE_ROWS 10
extern const evidence_row kinds[EVIDENCE_ROWS];

typedef struct variant {
	bool tls13, raw, strict, late, is_impostor, blocking;
} variant;

#define VARIANTS 64
variant variant_of(int bits);

/* Vouched for; `base`: NULL for the server's own name. */
danepriv_records *records_of(evidence kind, const char *base);
/* To the session; nothing for NOTHING. */
void give(evidence kind, const char *base);
void open_session(danepriv_profile profile);
/* A second session with the server, which knows the right key; yours to free. */
danepriv_session *open_another(danepriv_profile profile);
void close_session(void);
/* A pair with a server that has this key, and both kinds of credential. */
gnutls_certificate_credentials_t open_pair(const tls_identity *key, const char *priority);
void close_pair(gnutls_certificate_credentials_t credentials);
/* Guards the pair's client for the session, with raw keys possible; what became of them. */
danepriv_gnutls_raw_keys guard(const char *priority);
/* A hook that does as ours and counts the messages; for one pair at a time. */
extern unsigned hooked_messages;
int counting_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message);

/* The decision after a client's handshake, which ended so; after the pair's. */
danepriv_decision decide_for(gnutls_session_t client, int result, danepriv_finding *finding);
danepriv_decision decide(danepriv_finding *finding);

/* A fixture: identities and context; and that no memory is left behind. */
void open_all(void);
void close_all(void);

#endif
