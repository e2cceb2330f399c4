/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test play a resolver?  With one server, at one address, and seconds that are counted
 * from NOW. */
#ifndef TESTS_RESOLVING_H
#define TESTS_RESOLVING_H

#include "support/cached.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#define WWW "www.example.com."

typedef struct resolving {
	danepriv *ctx;
	danepriv_cache *cache;
	danepriv_rules *rules; /* the profile for all */
	danepriv_hooks hooks;
	danepriv_server server;		/* cached_server */
	danepriv_provenance provenance; /* SECURE */
	struct sockaddr_in ipv4;	/* 192.0.2.1 */
	const struct sockaddr *address; /* the same */
	danepriv_judged judged;		/* what was found last; never judged */
} resolving;

/* Nothing is known yet.  `r` must stay where it is. */
void resolving_open(resolving *r, danepriv_profile profile);
/* And no memory is left. */
void resolving_close(resolving *r);

/* `meant`: a peer of support/credentials.h, whose key (usages 0, 2: whose last certificate's) is
 * the record; usage 4 is none that can be judged.  Without SECURE: NULL. */
void resolving_put(
    resolving *r, danepriv_security security, const char *meant, uint8_t usage, int until, int now);
/* `shown`: a peer, too. */
danepriv_status resolving_judge(resolving *r, const char *shown, int now, danepriv_verdict *why);
/* A question for WWW, by what was found last. */
danepriv_decision resolving_decide(resolving *r, danepriv_channel channel, int now);
/* Judges, which has to work, and decides over an encrypted channel. */
danepriv_decision resolving_verify(resolving *r, const char *shown, int now, danepriv_verdict *why);

struct sockaddr_in sockaddr_of(uint8_t last); /* 192.0.2.`last` */
struct sockaddr_in6 sockaddr6_of(uint8_t last);
/* ::ffff:192.0.2.`last` */
struct sockaddr_in6 sockaddr_mapped(uint8_t last);

typedef union any_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
} any_address;

typedef enum address_kind {
	IPV4,
	IPV6,
	MAPPED, /* IPv4 in IPv6 */
	LOCAL,
	UNSPECIFIED,
	UNKNOWN,
	NONE,
	KINDS
} address_kind;

/* NULL for NONE. */
const struct sockaddr *address_of(address_kind k, uint8_t last, any_address *room);

#endif
