/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a resolver that does as it is told?  A thread with a UDP and a TCP socket
 * on one loopback port; it answers without records, or misbehaves. */
#ifndef TESTS_RESOLVER_H
#define TESTS_RESOLVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum resolver_manner {
	RESOLVER_ANSWERS = 0, /* NOERROR, no records */
	RESOLVER_SILENT,
	RESOLVER_DROPS_FIRST,	 /* of each question */
	RESOLVER_TRUNCATES,	 /* over UDP; answers over TCP */
	RESOLVER_TRUNCATES_ONLY, /* over TCP too */
	RESOLVER_HANGS_UP,	 /* truncates over UDP, ends TCP connections */
	RESOLVER_FAILS,		 /* SERVFAIL */
	RESOLVER_OTHER_ID,	 /* answers to nobody's question, never to ours */
	RESOLVER_OTHER_QUESTION, /* with the right ID */
	RESOLVER_OVERLONG,	 /* a record with a field that claims 65535 octets */
	RESOLVER_GARBAGE	 /* some octets */
} resolver_manner;

#define RESOLVER_QUESTIONS_MAX 256

typedef struct resolver_question {
	uint8_t octets[260]; /* name, type, class */
	size_t len;
	unsigned udp, tcp; /* how often it came */
} resolver_question;

typedef struct resolver {
	resolver_manner manner;
	int udp, tcp, stop[2];
	char address[64]; /* ADDR@PORT */
	pthread_t thread;
	resolver_question questions[RESOLVER_QUESTIONS_MAX]; /* to be read after resolver_stop */
	size_t count;
	bool always_fit; /* every question had RD, CD, DO and a payload size of 1232 */
} resolver;

/* `host`: 127.0.0.1 or ::1.  False when there is no such address here. */
bool resolver_start(resolver *r, const char *host, resolver_manner manner);
void resolver_stop(resolver *r);

#endif
