/* SPDX-License-Identifier: BSD-2-Clause
 * plan.h - which of a zone's servers next, how, and when?  (draft-bortzmeyer section 2, RFC 8310
 * section 5, RFC 8305, RFC 9539)
 *
 * A pure function of what is asked, of the cache and of the time: the same three, the same plan.
 * It sends nothing and remembers nothing.  What comes of its attempts is told to the cache
 * (danepriv_cache_note_event, danepriv_cache_note_finding, danepriv_cache_put), and the next plan
 * is made of that.
 *
 * Strict never yields cleartext, and no server that could not be authenticated; it goes through all
 * servers of the zone, and refuses only when none is left.  Opportunistic races TLS and cleartext,
 * the servers first that authenticated before, those last that failed.
 *
 * The meta-query rule.  Questions that are needed to learn a key (TLSA, IPSECA, DS, DNSKEY, NS,
 * addresses) never wait for another key, or ns.a.example, which serves b.example, and ns.b.example,
 * which serves a.example, would wait for each other for ever.  They may go to any server, TLS
 * preferred, unauthenticated, also in strict mode (RFC 8310 section 5), one deep: they never ask
 * for keys themselves.  Nor do they wait for a connection to be closed, which may be kept open by
 * somebody who waits for what they ask.  They count only as far as DNSSEC proves them, and no other
 * question travels over a connection that was opened for them, unless it is judged first. */
#ifndef DANEPRIV_PLAN_H
#define DANEPRIV_PLAN_H

#include <danepriv/cache.h>
#include <danepriv/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- limits (RFC 7766, RFC 8310 section 9) ---- */

/* Close what idles before you plan: where the limits leave no room, a plan has no new connections,
 * and waits rather than go in clear where TLS is to be had, unless it is for a meta-query. */

/* Zero in any field stands for the default. */
typedef struct danepriv_limits {
	size_t size;	      /* sizeof(danepriv_limits) */
	uint16_t tls_version; /* the least, as TLS writes it: 0x0303 is 1.2, 0x0304 is 1.3.  0:
				 0x0303, and nothing lower is taken (RFC 8310 section 9) */
	uint32_t connections; /* at the same time to one server (RFC 7766 section 6.2.2).  0: 1 */
	uint32_t total;	      /* and to all (RFC 7766 section 10).  0: 128 */
	uint32_t idle_s;      /* seconds after which one that is not used is to be closed (RFC 7766
			 section 6.2.3).  0: 10 */
} danepriv_limits;

/* 1 when the version that was negotiated is enough, else 0; also for DTLS, whose numbers run down
 * (0xfefd is 1.2, 0xfefc is 1.3).  Numbers of the wire: those of gnutls_protocol_t are others.
 * NULL: the defaults.  0 for limits that cannot be read. */
DANEPRIV_API int danepriv_limits_accept_version(const danepriv_limits *limits, uint16_t version);

/* 1 when one connection more may be opened: `to_server` and `total` are open.  NULL: the defaults.
 * 0 for limits that cannot be read. */
DANEPRIV_API int danepriv_limits_may_connect(
    const danepriv_limits *limits, size_t to_server, size_t total);

/* The last second at which a connection stays open that was last used at `used`.  NULL: the
 * defaults.  INT64_MIN for limits that cannot be read. */
DANEPRIV_API danepriv_time danepriv_limits_idle_until(
    const danepriv_limits *limits, danepriv_time used);

/* ---- what is asked (RFC 9156) ---- */

/* What a server of `zone` gets to see of the question for `name`: the zone's name with one label
 * more in front, or `name` itself when that has no more.  Presentation form with final dot, written
 * to `text` in the manner of snprintf: at most `room` octets with the final NUL; *needed (may be
 * NULL) receives the length without the NUL.
 * EINVAL: NULL, or `name` is not below or at `zone`.  EMALFORMED: one of them is no domain name.
 * ELIMIT: `room` is too small. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_minimised_name(
    const char *name, const char *zone, char *text, size_t room, size_t *needed);

/* The name that zone rules go by when a server of `zone` is asked for `name` for a referral alone:
 * `zone`, as long as that goes no deeper than one label below it, which is what the ancestors of a
 * domain have to see of it; so they need not be strict because it is.  Else `name` without its
 * first label.  (For the user's whole question rules go by its whole name.)  Text and errors as
 * above. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ruled_name(
    const char *name, const char *zone, char *text, size_t room, size_t *needed);

/* What is a question sent for?  Appended, never renumbered. */
typedef enum danepriv_purpose {
	DANEPRIV_PURPOSE_QUESTION = 0, /* it is the user's, whole: rules go by its name */
	DANEPRIV_PURPOSE_META,	       /* to learn a key: see the rule above; its connections
					  need no decision, and must not be used for others
					  without one */
	DANEPRIV_PURPOSE_REFERRAL      /* for a referral further down: a minimised name, of a type
					  that says nothing; rules go by danepriv_ruled_name.
					  Where the user asks for the very name of a strict
					  domain, and its parent cannot be authenticated, ask the
					  parent so for where the domain is */
} danepriv_purpose;

/* An address of a server. */
typedef struct danepriv_place {
	danepriv_span octets; /* 4 of IPv4 or 16 of IPv6 */
	size_t connections;   /* that you have open to it, and that may be used for this purpose: in
				 strict mode authenticated as this server, and judged since */
} danepriv_place;

/* A name server of the zone, over one transport; over another one it is another candidate.  Where
 * the request has the same server twice at one address, it is tried there once.  Referrals may name
 * what no server is called (`.`, `192.0.2.1.`): leave out what danepriv_server_owner refuses, since
 * one of those fails the whole plan. */
typedef struct danepriv_candidate {
	danepriv_server server;
	danepriv_provenance provenance; /* of its name */
	int encrypted_only;		/* 1: never in clear, whatever the profile and the purpose;
					   nor is another candidate at one of its addresses */
	const danepriv_place *places;
	size_t place_size; /* sizeof(danepriv_place) */
	size_t count;
} danepriv_candidate;

/* What is to be asked, and who could be.  A plain struct that only names: borrowed for the call. */
typedef struct danepriv_request {
	size_t size;	  /* sizeof(danepriv_request) */
	const char *zone; /* whose servers these are */
	const char *name; /* that they get to see of it (danepriv_minimised_name) */
	danepriv_purpose purpose;
	danepriv_security names; /* what the lookup of the zone's own NS records said (zone.h);
				 UNKNOWN: there was none */
	const danepriv_candidate *candidates;
	size_t candidate_size; /* sizeof(danepriv_candidate) */
	size_t count;
	const danepriv_rules *rules;   /* NULL: strict, for all */
	const danepriv_limits *limits; /* NULL: the defaults */
	size_t connections;	       /* that you have open to anybody */
} danepriv_request;

/* ---- the plan ---- */

/* What to do next.  Appended, never renumbered. */
typedef enum danepriv_step {
	DANEPRIV_STEP_REFUSE = 0,  /* ask nobody; the obstacle says why */
	DANEPRIV_STEP_ASK,	   /* make the attempts */
	DANEPRIV_STEP_LEARN_NAMES, /* nobody is left whose name is proven: look up the zone's own
				      NS records (zone.h), and plan anew */
	DANEPRIV_STEP_WAIT	   /* for a connection to be closed, and plan anew */
} danepriv_step;

/* Why a server is not among the attempts; of the plan: why none is, the last of these that holds
 * for any of them.  Appended, never renumbered. */
typedef enum danepriv_obstacle {
	DANEPRIV_OBSTACLE_NONE = 0,
	DANEPRIV_OBSTACLE_NO_PLACE,	 /* it has no address */
	DANEPRIV_OBSTACLE_NAME_UNPROVEN, /* strict, and nothing says that it is the zone's */
	DANEPRIV_OBSTACLE_NO_KEY,	 /* strict, and its owner publishes none that is proven */
	DANEPRIV_OBSTACLE_NOT_LEARNT,	 /* strict, and looking its key up failed lately: it is left
					    alone (danepriv_cache_claim) */
	DANEPRIV_OBSTACLE_REJECTED,	 /* strict, and it showed another key lately */
	DANEPRIV_OBSTACLE_CONNECTIONS,	 /* too many connections are open */
	DANEPRIV_OBSTACLE_ENCRYPTED_ONLY /* the same, of one that must not be asked in clear: a
					    meta-query does not wait */
} danepriv_obstacle;

typedef struct danepriv_attempt {
	danepriv_channel channel; /* ENCRYPTED, or CLEAR (port 53), which strict never has, and
				     which needs no decision: nobody shows a key there */
	int open;		  /* 1: over a connection that is open to it already */
	int unauthenticated_ok; /* 0: ask only when the decision is PROCEED (policy.h); 1: whatever
				   is found, unless the decision is to refuse */
	int learn;	   /* 1: what it publishes is not known: ask for its chain in the handshake,
			      or look it up, before the decision; who races attempts looks all of
			      them up first, and plans anew */
	uint32_t delay_ms; /* milliseconds after the plan; sooner, when all before it have failed */
	size_t candidate, place; /* whom: indices into the request */
} danepriv_attempt;

/* Set `size`, and `attempts` with its size and room, before the call; the rest is written. Attempts
 * are alternatives: once there is an answer no further one begins.  But TLS that was begun goes on
 * also where cleartext was faster, and the cache is told what came of it (RFC 9539 section 4.6.2);
 * an attempt of which nobody says anything counts as timed out.  Of several connections to one
 * server keep the first that stands: limits count what is open when the plan is made. */
typedef struct danepriv_plan {
	size_t size; /* sizeof(danepriv_plan) */
	danepriv_step step;
	danepriv_obstacle obstacle; /* unless the step is to ask */
	danepriv_attempt *attempts; /* your array, which receives them in order */
	size_t attempt_size;	    /* sizeof(danepriv_attempt) */
	size_t room;		    /* how many fit in it */
	size_t count;		    /* how many there are: with more than `room`, the first ones are
				       in it */
} danepriv_plan;

/* Makes the plan.  Allocates nothing.  OK: the step says what to do.
 * EINVAL: an argument is NULL, a wrong `size`, a name that is not at or below the zone, a bad
 * server, an unknown purpose or proof, limits that cannot be read, or an address of another length.
 * EMALFORMED: a name is none.  ELIMIT: more than 32 candidates, or 128 addresses.  After a failure
 * the step is to refuse, unless the plan's own `size` is wrong. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_plan_make(
    danepriv_cache *cache, const danepriv_request *request, danepriv_time now, danepriv_plan *out);

#ifdef __cplusplus
}
#endif

#endif
