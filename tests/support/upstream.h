/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a resolver that does as it is told?  A thread with a UDP and a TCP socket
 * on one loopback port; it answers without records, or misbehaves. */
#ifndef TESTS_UPSTREAM_H
#define TESTS_UPSTREAM_H

#include <danepriv/records.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum upstream_manner {
	UPSTREAM_ANSWERS = 0, /* NOERROR, no records */
	UPSTREAM_SILENT,
	UPSTREAM_DROPS_FIRST,	 /* of each question */
	UPSTREAM_TRUNCATES,	 /* over UDP; answers over TCP */
	UPSTREAM_TRUNCATES_ONLY, /* over TCP too */
	UPSTREAM_HANGS_UP,	 /* truncates over UDP, ends TCP connections */
	UPSTREAM_FAILS,		 /* SERVFAIL */
	UPSTREAM_REFUSES,	 /* REFUSED */
	UPSTREAM_FORMERR,
	UPSTREAM_OTHER_ID,	 /* answers to nobody's question, never to ours */
	UPSTREAM_OTHER_QUESTION, /* with the right ID */
	UPSTREAM_OVERLONG,	 /* a record whose field claims octets beyond the message */
	UPSTREAM_OVERLONG_TCP,	 /* the same over TCP; truncates over UDP */
	UPSTREAM_GARBAGE,	 /* some octets */
	UPSTREAM_PROVES,	 /* NXDOMAIN, with upstream_proof */
	UPSTREAM_PROVES_TCP,	 /* the same over TCP; over UDP all of it is left out */
	UPSTREAM_PROVES_CUT,	 /* the same over TCP; truncates over UDP */
	UPSTREAM_NO_TCP,	 /* NOERROR, no records; ends TCP connections */
	UPSTREAM_SILENT_TCP,	 /* NOERROR, no records; over TCP no answer */
	UPSTREAM_UDP_ONLY	 /* NOERROR, no records; refuses TCP connections */
} upstream_manner;

#define UPSTREAM_QUESTIONS_MAX 512

typedef struct upstream_question {
	uint8_t octets[260]; /* name, type, class */
	size_t len;
	unsigned udp, tcp; /* how often it came */
} upstream_question;

typedef struct upstream {
	upstream_manner manner;
	int udp, tcp, stop[2];
	char address[64]; /* ADDR@PORT */
	pthread_t thread;
	upstream_question questions[UPSTREAM_QUESTIONS_MAX]; /* to be read after upstream_stop */
	size_t count;
	bool always_fit; /* every question had RD, CD, DO and a payload size of 1232 */
} upstream;

/* Four records of authority, whatever is asked.  To be set before upstreams are started. */
extern danepriv_span upstream_proof;

/* `host`: 127.0.0.1 or ::1.  False when there is no such address here. */
bool upstream_start(upstream *r, const char *host, upstream_manner manner);
void upstream_stop(upstream *r);

#endif
