/* SPDX-License-Identifier: BSD-2-Clause
 * What is iterate made of?  What is known of the tree, a walk down it, and a transcript. */
#ifndef ITERATE_H
#define ITERATE_H

#include "connection.h"
#include "tree.h"

#define ATTEMPTS_MAX (2 * SERVERS_MAX * HOSTS_MAX) /* of a plan: over TLS and in clear */
#define CONNECTIONS_MAX 8			   /* at the same time, to all */
#define ATTEMPT_MS 4000 /* from its beginning to its answer (RFC 9539 section 4.3) */
#define BUDGET 256    /* attempts that a question of the user's may cost, with all that it needs */
#define LEAKS_MAX 256 /* that are told apart in the report */
#define ANSWERS_MAX 128 /* to meta-queries, that are remembered */

typedef enum outcome {
	OUTCOME_REFUSED = 0, /* nobody may be asked */
	OUTCOME_ANSWERED,
	OUTCOME_UNREACHED /* nobody answered */
} outcome;

/* ---- tell.c ---- */

typedef enum leak_kind {
	LEAK_HELLO = 0,	     /* a name in the clear text of a ClientHello */
	LEAK_META_TLS,	     /* a meta-query to a server that nobody had judged */
	LEAK_META_CLEAR,     /* one that everybody can read */
	LEAK_QUESTION_TLS,   /* a question, or a part of its name, to an unauthenticated server */
	LEAK_QUESTION_CLEAR, /* one that everybody can read */
	LEAKS
} leak_kind;

typedef struct leak {
	leak_kind kind;
	char name[DNS_NAME_ROOM];
	uint16_t type;
	unsigned times;
} leak;

typedef struct leaks {
	leak each[LEAKS_MAX];
	size_t count;
	unsigned meta, more; /* meta-queries in all; leaks that there was no room for */
} leaks;

/* ---- the program ---- */

/* The answer to a meta-query. */
typedef struct remembered {
	danepriv_question question;
	uint8_t *octets;
	size_t len;
	danepriv_time valid_until;
} remembered;

typedef struct iterator {
	danepriv *ctx;
	danepriv_cache *cache;
	danepriv_zones *zones; /* whose names the servers' are */
	danepriv_rules *rules;
	danepriv_limits limits;
	gnutls_certificate_credentials_t credentials;
	uint16_t tls_port, clear_port;
	unsigned patience; /* so many times as long is everything waited for */
	unsigned budget;   /* attempts that are left: whoever refers may refer to very many */
	unsigned depth;	   /* 0: the user's question; 1: a meta-query for it; and so on */
	tree trees[2];	   /* by purpose: what is said to meta-queries is not for questions */
	connection connections[CONNECTIONS_MAX];
	remembered answers[ANSWERS_MAX];
	size_t answer_count;
	leaks leaks;
} iterator;

/* What was answered; `octets` are to be freed. */
typedef struct reply {
	uint8_t *octets;
	size_t len;
	bool is_authenticated; /* strict may ask over the connection that it came by */
} reply;

/* ---- options.c ---- */

#define ZONE_RULES_MAX 64

typedef struct options {
	danepriv_profile profile;
	const char *strict[ZONE_RULES_MAX];
	size_t stricts;
	const char *anchor;
} options;

/* Where the questions begin in `argv`; 0: this is not how it is called. */
int options_read(int argc, char **argv, iterator *it, zone *root, options *out);

/* ---- tell.c, once more ---- */

/* One line of the transcript; deeper questions are further to the right. */
void tell(const iterator *it, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tell_proof(const iterator *it, const char *what, const char *name, danepriv_security security,
    danepriv_reason reason);
void tell_answer(const iterator *it, const danepriv_question *question, const reply *answer);
void leak_note(iterator *it, leak_kind kind, const char *name, uint16_t type);
void leaks_tell(const iterator *it);
const char *host_text(const host *h);
/* What was found of a peer; valid until the next call. */
const char *finding_text(const danepriv_verdict *why);

/* ---- answers.c: to meta-queries ---- */

bool answers_find(const iterator *it, const danepriv_question *question, reply *out);
void answers_keep(iterator *it, const danepriv_question *question, const reply *answer);
void answers_forget(iterator *it);

/* ---- pool.c, judge.c: connections that are kept, what is learnt of them ---- */

/* Whom to connect to, and how. */
typedef struct target {
	const name_server *server;
	const host *host;
	danepriv_channel channel;
	danepriv_purpose purpose;
	bool is_strict; /* the question must not go to anybody else */
	bool is_stream; /* nor in a datagram: what came in one left something out */
} target;

int64_t clock_ms(void);
/* One that is open and free, and that the question may go over; or NULL. */
connection *pool_find(iterator *it, const target *to);
/* A new one, on its way; NULL when there is no room. */
connection *pool_open(iterator *it, const target *to);
/* Notes what happened in the cache. */
void pool_note(iterator *it, const connection *c, danepriv_event event);
/* connection_run, and notes how it goes. */
void pool_run(iterator *it, connection *c);
/* Gives one up that failed, or (`is_late`) has not come to an end in time; what was found. */
danepriv_verdict pool_give_up(iterator *it, connection *c, bool is_late);
/* May a question go over it?  Judged, also where it was judged before.  `why`: set its size. */
bool pool_may_ask(iterator *it, connection *c, const target *to, danepriv_verdict *why);
/* Ends those that were idle for too long, and more until there is room for another one. */
void pool_tidy(iterator *it);
size_t pool_count(const iterator *it);
void pool_close(iterator *it);

/* A question to the servers of a zone. */
typedef struct turn {
	zone *zone;
	const danepriv_question *question;
	danepriv_purpose purpose;
	bool is_whole;		/* all of the name, and its own type */
	bool is_reached;	/* somebody was there, and must not be asked */
	bool is_greeting;	/* nothing is asked: the handshake is all */
	danepriv_finding found; /* of the last one who must not be asked */
} turn;

/* What came of a handshake. */
typedef enum greeting {
	GREETING_UNPROVEN = 0, /* the key is still to be looked up */
	GREETING_PROVEN,
	GREETING_LOST /* there is nobody whose key it would be */
} greeting;

/* ---- attempt.c ---- */

/* An attempt on its way. */
typedef struct runner {
	const danepriv_attempt *attempt;
	target to;
	connection *connection; /* NULL: has not begun, or is lost */
	int64_t begin, end;	/* milliseconds */
	bool is_kept;		/* the connection was there already */
	bool is_lost;
} runner;

void attempt_tell(const iterator *it, const turn *t, const runner *r, const char *what);
void attempt_begin(iterator *it, turn *t, runner *r, int64_t now);
/* As far as it goes without waiting; true: it has the answer. */
bool attempt_go_on(iterator *it, turn *t, runner *r, int64_t now, reply *out);

/* ---- race.c, request.c, plan.c, walk.c, question.c, learn.c ---- */

/* Makes the attempts at the times that they have, until one of them is answered. */
bool race_run(iterator *it, turn *t, const danepriv_attempt *attempts, size_t count, reply *answer);

/* What the rules say of a question to this server. */
danepriv_profile rules_say(const iterator *it, const turn *t, const char *server);
danepriv_status plan_make(iterator *it, const turn *t, danepriv_plan *plan);
/* `unknown`: whose key is to be learnt first, or NULL. */
void plan_tell(
    const iterator *it, const turn *t, const danepriv_plan *plan, const name_server *unknown);

/* Asks the servers of a zone, by as many plans as it takes. */
outcome plan_carry_out(iterator *it, turn *t, reply *answer);

/* Asks from the nearest zone that is known down to the answer. */
outcome walk_down(
    iterator *it, const danepriv_question *question, danepriv_purpose purpose, reply *answer);

/* Answers it, along its aliases. */
outcome question_answer(iterator *it, const danepriv_question *question);

/* By meta-queries: a server's key, a zone's own NS records, a server's addresses. */
void learn_key(iterator *it, const name_server *server);
/* The same without a question, by a handshake, in which a server may prove its key (RFC 9102). */
greeting learn_by_handshake(iterator *it, turn *t, const danepriv_attempt *attempt);
void learn_names(iterator *it, zone *z);
void learn_addresses(iterator *it, name_server *server);

#endif
