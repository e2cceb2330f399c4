/* SPDX-License-Identifier: BSD-2-Clause
 * What is iterate made of?  Messages, connections, what is known of the tree, and a walk down it.
 */
#ifndef EXAMPLES_ITERATE_H
#define EXAMPLES_ITERATE_H

#include <danepriv/danepriv.h>
#include <danepriv/gnutls.h>

#include <stdbool.h>

#define NAME_ROOM 1024	  /* of the longest name in presentation form, with its NUL */
#define HOSTS_MAX 4	  /* addresses of a server */
#define SERVERS_MAX 8	  /* servers of a zone */
#define ZONES_MAX 32	  /* in each of the two trees */
#define ATTEMPTS_MAX 32	  /* of a plan */
#define CONNECTIONS_MAX 8 /* at the same time, to all */
#define QUESTION_ROOM 512 /* octets, with the length in front */
#define ANSWER_ROOM 65535 /* octets */
#define ATTEMPT_MS 4000	  /* from its beginning to its answer (RFC 9539 section 4.3) */
#define LEAKS_MAX 256	  /* that are told apart in the report */
#define ANSWERS_MAX 128	  /* to meta-queries, that are remembered */

typedef enum outcome {
	OUTCOME_REFUSED = 0, /* nobody may be asked */
	OUTCOME_ANSWERED,
	OUTCOME_UNREACHED /* nobody answered */
} outcome;

/* ---- iterate_name.c ---- */

#define NAME_OCTETS 256 /* a name in a message has one less at most */

/* A name as messages have it: the number of octets, 0 when it is none. */
size_t name_write(const char *text, uint8_t out[NAME_OCTETS]);
/* The text of a name, lowered; where it ends in the message, 0 when it is none. */
size_t name_read(danepriv_span message, size_t at, char out[NAME_ROOM]);
/* The text as name_read would give it; false when it is no name. */
bool name_normal(const char *text, char *out);
/* Or the zone's own. */
bool name_is_below(const char *name, const char *above);

/* ---- iterate_message.c ---- */

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	TYPE_DS = 43
};
enum { RCODE_NOERROR = 0, RCODE_NXDOMAIN = 3 };
enum { SECTION_ANSWER = 0, SECTION_AUTHORITY, SECTION_ADDITIONAL, SECTIONS };

typedef struct record {
	int section;
	char name[NAME_ROOM];
	uint16_t type;
	uint32_t ttl;
	size_t at, len; /* of its data, in the message */
} record;

/* A message, and how far it was read. */
typedef struct message {
	danepriv_span octets;
	size_t at, left[SECTIONS];
} message;

/* The octets for TCP and TLS, with their length in front; 0: it is no question. */
size_t message_write(const danepriv_question *question, uint16_t id, bool is_padded, uint8_t *out);

/* Is it the answer to the question? */
bool message_is_answer(danepriv_span octets, const danepriv_question *question, uint16_t id);
bool message_is_authoritative(danepriv_span octets);
int message_rcode(danepriv_span octets);

/* Its records, one after the other; false when there are no more, or no more that can be read. */
message message_over(danepriv_span octets);
bool message_next(message *m, record *out);

/* ---- iterate_connect.c, iterate_connection.c ---- */

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
	char name[NAME_ROOM]; /* the server's */
	host host;
	gnutls_session_t tls; /* NULL in clear */
	danepriv_session *session;
	bool is_connected;
	int handshake; /* what gnutls_handshake returned last */
	bool is_judged;
	danepriv_decision decision; /* if it is */
	int64_t began;		    /* milliseconds: it, or its last question */
	danepriv_time used;	    /* when that was answered */
	danepriv_question asked;
	uint16_t id;
	uint8_t question[QUESTION_ROOM];
	size_t to_send, sent;
	uint8_t answer[2 + ANSWER_ROOM];
	size_t got;
	int strangers; /* messages that answered something else */
} connection;

/* Begins to connect; the state tells how that goes.  The session is the connection's from now on,
 * also after a failure. */
void connection_open(
    connection *c, const host *to, uint16_t port, gnutls_certificate_credentials_t credentials);
void connection_ask(connection *c, const danepriv_question *question);
/* Goes on as far as it can without waiting, and which events of poll(2) to wait for then. */
void connection_run(connection *c);
short connection_events(const connection *c);
danepriv_span connection_answer(const connection *c);
void connection_close(connection *c);

/* ---- iterate_tree.c ---- */

typedef struct name_server {
	char name[NAME_ROOM];
	danepriv_provenance provenance;
	bool is_looked_up; /* its addresses were asked for */
	host hosts[HOSTS_MAX];
	size_t count;
} name_server;

typedef struct zone {
	char name[NAME_ROOM];
	danepriv_time until;  /* it is not used after that */
	danepriv_proof names; /* of its own NS records */
	name_server servers[SERVERS_MAX];
	size_t count;
} zone;

/* What is known of zones.  There are two, by purpose. */
typedef struct tree {
	zone zones[ZONES_MAX];
	size_t count;
} tree;

/* Adds an address, if it is none of those that are there; false: there is no room. */
bool server_add_host(name_server *server, const uint8_t *octets, size_t len);
name_server *zone_add_server(zone *z, const char *name, danepriv_provenance provenance);
/* The zone that is nearest to the question; NULL: there is not even the root. */
const zone *tree_nearest(const tree *t, const danepriv_question *question, danepriv_time now);
bool tree_put(tree *t, const zone *z);
/* What a server of `above` says is the zone on the way to the question; false: it refers to none.
 */
bool referral_read(danepriv_span octets, const zone *above, const char *name,
    danepriv_provenance provenance, danepriv_time now, zone *out);

/* ---- iterate_tell.c ---- */

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
	char name[NAME_ROOM];
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
	danepriv_time until;
} remembered;

typedef struct iterator {
	danepriv *ctx;
	danepriv_cache *cache;
	danepriv_rules *rules;
	danepriv_limits limits;
	gnutls_certificate_credentials_t credentials;
	uint16_t tls_port, clear_port;
	unsigned patience; /* so many times as long is everything waited for */
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

/* One line of the transcript; deeper questions are further to the right. */
void tell(const iterator *it, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tell_proof(const iterator *it, const char *what, const char *name, danepriv_proof proof,
    danepriv_reason reason);
const char *type_text(uint16_t type);
bool type_read(const char *text, uint16_t *out);
void tell_answer(const iterator *it, const reply *answer);
void leak_note(iterator *it, leak_kind kind, const char *name, uint16_t type);
void leaks_tell(const iterator *it);
const char *host_text(const host *h);

/* ---- iterate_answers.c: to meta-queries ---- */

bool answers_find(const iterator *it, const danepriv_question *question, reply *out);
void answers_keep(iterator *it, const danepriv_question *question, const reply *answer);
void answers_forget(iterator *it);

/* ---- iterate_pool.c: connections that are kept, and what is learnt of them ---- */

/* Whom to connect to, and how. */
typedef struct target {
	const name_server *server;
	const host *host;
	danepriv_channel channel;
	danepriv_purpose purpose;
	bool is_strict; /* the question must not go to anybody else */
} target;

int64_t clock_ms(void);
/* One that is open and free, and that the question may go over; or NULL. */
connection *pool_find(iterator *it, const target *to);
/* A new one, on its way; NULL when there is no room. */
connection *pool_open(iterator *it, const target *to);
/* connection_run, and takes down how it goes. */
void pool_run(iterator *it, connection *c);
/* Gives one up that failed, or (`is_late`) has not come to an end in time; what was found. */
danepriv_finding pool_give_up(iterator *it, connection *c, bool is_late);
/* May a question go over it?  Judged, or judged anew.  `why`: set its size. */
bool pool_may_ask(iterator *it, connection *c, const target *to, danepriv_verdict *why);
/* Ends those that were idle for too long, and more until there is room for another one. */
void pool_tidy(iterator *it);
size_t pool_count(const iterator *it);
void pool_close(iterator *it);

/* ---- iterate_race.c, iterate_plan.c, iterate_walk.c, iterate_learn.c ---- */

/* A question to the servers of a zone. */
typedef struct turn {
	zone *zone;
	const danepriv_question *question;
	danepriv_purpose purpose;
	bool is_reached; /* somebody was there, and must not be asked */
} turn;

/* Makes the attempts at the times that they have, until one of them is answered. */
bool race_run(iterator *it, turn *t, const danepriv_attempt *attempts, size_t count, reply *answer);

/* Asks the servers of a zone, by as many plans as it takes. */
outcome plan_carry_out(iterator *it, turn *t, reply *answer);

/* Asks from the nearest zone that is known down to the answer. */
outcome walk_down(
    iterator *it, const danepriv_question *question, danepriv_purpose purpose, reply *answer);

/* By meta-queries: a server's key, a zone's own NS records, a server's addresses. */
void learn_key(iterator *it, const name_server *server);
void learn_names(iterator *it, zone *z);
void learn_addresses(iterator *it, name_server *server);

#endif
