/* SPDX-License-Identifier: BSD-2-Clause
 * plan.h - which of a zone's servers next, how, and when?
 *
 * A plan is a pure function of what is asked, of the cache and of the time: the same three, the
 * same plan.  It sends nothing and remembers nothing.  Tell the cache what comes of the attempts
 * (danepriv_cache_note_event, danepriv_cache_note_finding, danepriv_cache_put): the next plan is
 * made of that.
 *
 * Strict never yields cleartext, and no server that could not be authenticated.  It tries all
 * servers of the zone, and refuses only when none is left.
 *
 * Opportunistic races TLS and cleartext: the servers that authenticated before come first, those
 * that failed last.
 *
 * The meta-query rule.  Meta-queries are the questions that are needed to learn a key: TLSA,
 * IPSECA, DS, DNSKEY, NS, addresses.  They never wait for another key.  Otherwise ns.a.example,
 * which serves b.example, and ns.b.example, which serves a.example, would wait for each other for
 * ever.  They may be sent to any server, TLS preferred, unauthenticated, also in strict mode (RFC
 * 8310 section 5).  They are one deep: they never ask for keys themselves.  Nor do they wait for a
 * connection to be closed, which may be kept open by somebody who waits for what they ask.  They
 * count only as far as DNSSEC proves them.  A connection that was opened for them carries no other
 * question, unless it is judged first.
 *
 * draft-bortzmeyer section 2, RFC 8310 section 5, RFC 8305, RFC 9539. */
#ifndef DANEPRIV_PLAN_H
#define DANEPRIV_PLAN_H

#include <danepriv/cache.h>
#include <danepriv/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- limits (RFC 7766, RFC 8310 section 9) ---- */

/* Close what idles before you plan.  Where the limits leave no room, a plan has no new connections.
 * Where TLS is to be had it then waits rather than ask in clear, unless it is for a meta-query. */

/* How many connections there may be, how old, and of which TLS.  Zero in any field but `size`
 * stands for the default. */
typedef struct danepriv_limits {
	size_t size;	      /* sizeof(danepriv_limits) */
	uint16_t tls_version; /* the least, as TLS writes it: 0x0303 is 1.2, 0x0304 is 1.3.  0:
				 0x0303; nothing lower is taken (RFC 8310 section 9) */
	uint32_t connections; /* at the same time to one server (RFC 7766 section 6.2.2).  0: 1 */
	uint32_t total;	      /* at the same time to all servers (RFC 7766 section 10).  0: 128 */
	uint32_t idle_s;      /* seconds after which a connection that is not used is to be closed
				 (RFC 7766 section 6.2.3).  0: 10 */
} danepriv_limits;

/* Says whether the version that was negotiated is enough, also for DTLS.
 * `limits`: NULL for the defaults.
 * `version`: the number on the wire: those of gnutls_protocol_t are others.  Those of DTLS run
 *   down: 0xfefd is 1.2, 0xfefc is 1.3.
 * Returns: 1 where it is enough; 0 where it is not, and for limits that cannot be read. */
DANEPRIV_API int danepriv_limits_accept_version(const danepriv_limits *limits, uint16_t version);

/* Says whether one more connection may be opened.
 * `limits`: NULL for the defaults.
 * `to_server`, `total`: how many are open to this server, and to all.
 * Returns: 1 where it may; 0 where it may not, and for limits that cannot be read. */
DANEPRIV_API int danepriv_limits_may_connect(
    const danepriv_limits *limits, size_t to_server, size_t total);

/* Says how long a connection that is not used stays open.
 * `limits`: NULL for the defaults.
 * `used`: when it was last used.
 * Returns: the last second at which it stays open; INT64_MIN for limits that cannot be read. */
DANEPRIV_API danepriv_time danepriv_limits_idle_until(
    const danepriv_limits *limits, danepriv_time used);

/* ---- what is asked (RFC 9156) ---- */

/* Writes what a server of `zone` gets to see of the question for `name`: the zone's name with one
 * label more in front, or `name` itself when that has no more.
 * `text`: receives the name in presentation form with final dot, in the manner of snprintf: at most
 *   `room` octets with the final NUL.
 * `needed`: receives the length without the NUL; may be NULL.
 * Returns:
 * - OK: the name is written.
 * - EINVAL: NULL, or `name` is neither `zone` nor below it.
 * - EMALFORMED: one of the two is no domain name.
 * - ELIMIT: `room` is too small.
 * RFC 9156 section 2. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_minimised_name(
    const char *name, const char *zone, char *text, size_t room, size_t *needed);

/* Writes the name that zone rules (rules.h) are asked for, when a server of `zone` is asked for
 * `name` for a referral alone.  For the user's whole question that is its whole name, without this
 * call.
 *
 * It is `zone`, as long as `name` is no deeper than one label below it.  So much the ancestors of a
 * domain have to see of it: they need not be strict because it is.  Otherwise it is `name` without
 * its first label.
 *
 * `text`: receives the name in presentation form with final dot, in the manner of snprintf: at most
 *   `room` octets with the final NUL.
 * `needed`: receives the length without the NUL; may be NULL.
 * Returns:
 * - OK: the name is written.
 * - EINVAL: NULL, or `name` is neither `zone` nor below it.
 * - EMALFORMED: one of the two is no domain name.
 * - ELIMIT: `room` is too small. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ruled_name(
    const char *name, const char *zone, char *text, size_t room, size_t *needed);

/* What is a question sent for?  Appended, never renumbered. */
typedef enum danepriv_purpose {
	DANEPRIV_PURPOSE_QUESTION = 0, /* it is the user's, whole: rules apply to its name */
	DANEPRIV_PURPOSE_META,	       /* to learn a key, by the meta-query rule above.  Its
					  connections need no decision, and must not be used for
					  other questions without one */
	DANEPRIV_PURPOSE_REFERRAL      /* for a referral further down: a minimised name, of a type
					  that says nothing.  Rules apply to what
					  danepriv_ruled_name gives.  Where the user asks for the
					  very name of a strict domain, and its parent cannot be
					  authenticated: ask the parent in this way where the
					  domain is */
} danepriv_purpose;

/* An address of a server. */
typedef struct danepriv_place {
	danepriv_span octets; /* 4 of IPv4 or 16 of IPv6 */
	size_t connections;   /* that you have open to it, and that may be used for this purpose.
				 In strict mode: authenticated as this server, and judged since */
} danepriv_place;

/* A name server of the zone, over one transport; over another one it is another candidate.  Where
 * the request has the same server twice at one address, it is tried there once.  Referrals may name
 * what no server is called (`.`, `192.0.2.1.`).  Leave out what danepriv_server_owner refuses,
 * since one of those fails the whole plan. */
typedef struct danepriv_candidate {
	danepriv_server server;		/* which one */
	danepriv_provenance provenance; /* where its name comes from */
	int encrypted_only;		/* 1: never in clear, whatever the profile and the purpose.
					   Nor is another candidate at one of its addresses */
	const danepriv_place *places;	/* its addresses */
	size_t place_size;		/* sizeof(danepriv_place) */
	size_t count;			/* of places; 0: none is known, and `places` may be NULL */
} danepriv_candidate;

/* What is to be asked, and who could be.  A plain struct that only names: all of it is borrowed for
 * the call. */
typedef struct danepriv_request {
	size_t size;	  /* sizeof(danepriv_request) */
	const char *zone; /* whose servers these are */
	const char *name; /* what they get to see of the question (danepriv_minimised_name) */
	danepriv_purpose purpose; /* what the question is sent for */
	danepriv_security names;  /* what the lookup of the zone's own NS records said (zone.h);
				     UNKNOWN: there was none */
	const danepriv_candidate *candidates; /* who could be asked; at most 32 */
	size_t candidate_size;		      /* sizeof(danepriv_candidate) */
	size_t count;			      /* of candidates */
	const danepriv_rules *rules;	      /* NULL: strict, for all */
	const danepriv_limits *limits;	      /* NULL: the defaults */
	size_t connections;		      /* that you have open, to anybody */
} danepriv_request;

/* ---- the plan ---- */

/* What to do next.  Appended, never renumbered. */
typedef enum danepriv_step {
	DANEPRIV_STEP_REFUSE = 0,  /* ask nobody; the obstacle says why */
	DANEPRIV_STEP_ASK,	   /* make the attempts */
	DANEPRIV_STEP_LEARN_NAMES, /* nobody is left whose name is proven: look up the zone's own
				      NS records (zone.h), and plan again */
	DANEPRIV_STEP_WAIT	   /* wait for a connection to be closed, and plan again */
} danepriv_step;

/* Why a server is not among the attempts.  Of a plan: why none is; it is the last of these that
 * holds for any of them.  Appended, never renumbered. */
typedef enum danepriv_obstacle {
	DANEPRIV_OBSTACLE_NONE = 0,	 /* nothing stands in the way */
	DANEPRIV_OBSTACLE_NO_PLACE,	 /* it has no address */
	DANEPRIV_OBSTACLE_NAME_UNPROVEN, /* strict, and nothing says that it is the zone's */
	DANEPRIV_OBSTACLE_NO_KEY,	 /* strict, and its owner publishes none that is proven */
	DANEPRIV_OBSTACLE_NOT_LEARNT,	 /* strict, and looking its key up failed recently: it is
					    left alone (danepriv_cache_claim) */
	DANEPRIV_OBSTACLE_REJECTED,	 /* strict, and it showed another key recently */
	DANEPRIV_OBSTACLE_CONNECTIONS,	 /* too many connections are open */
	DANEPRIV_OBSTACLE_ENCRYPTED_ONLY /* the same, for a meta-query to one that must not be asked
					    in clear: meta-queries do not wait */
} danepriv_obstacle;

/* One way to ask one server. */
typedef struct danepriv_attempt {
	danepriv_channel channel; /* ENCRYPTED, or CLEAR (port 53).  Strict never has CLEAR, and
				     CLEAR needs no decision: nobody shows a key there */
	int open;		  /* 1: over a connection that is open to it already */
	int unauthenticated_ok;	  /* 0: ask only when the decision is PROCEED (policy.h).  1: ask
				     whatever is found, unless the decision is to refuse */
	int learn; /* 1: what it publishes is not known.  Ask for its chain in the handshake,
		      or look it up, before the decision.  A program that races attempts
		      looks all of them up first, and plans again */
	uint32_t delay_ms; /* milliseconds after the plan; sooner, when all before it have failed */
	size_t candidate, place; /* whom: indices into the request */
} danepriv_attempt;

/* What danepriv_plan_make writes.  Set `size`, and `attempts` with its size and room, before the
 * call; the rest is written.
 *
 * Attempts are alternatives: once there is an answer no further one begins.  But TLS that was begun
 * goes on also where cleartext was faster, and the cache is told what came of it (RFC 9539 section
 * 4.6.2).  An attempt of which nobody says anything counts as timed out.  Of several connections to
 * one server keep the first that stands: limits count what is open when the plan is made. */
typedef struct danepriv_plan {
	size_t size;		    /* sizeof(danepriv_plan) */
	danepriv_step step;	    /* what to do next */
	danepriv_obstacle obstacle; /* unless the step is to ask: why */
	danepriv_attempt *attempts; /* your array, which receives them in order.  May be NULL with a
				       `room` of 0 */
	size_t attempt_size;	    /* sizeof(danepriv_attempt) */
	size_t room;		    /* how many fit in it */
	size_t count;		    /* how many there are: with more than `room`, the first ones are
				       in it */
} danepriv_plan;

/* Makes the plan as of `now`.  Allocates nothing.
 * `out`: set its `size` and what it says of `attempts` before the call.
 * After a failure the step is to refuse, unless the plan's own `size` is wrong.
 * Returns:
 * - OK: the step says what to do.
 * - EINVAL: NULL; a wrong `size`; a name that is neither the zone nor below it; a bad server
 *   (cache.h); an unknown purpose or proof; limits that cannot be read; or an address of another
 *   length.
 * - ELIMIT: more than 32 candidates, or 128 addresses.
 * - EMALFORMED: the zone, the name, or a server's name or label does not parse. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_plan_make(
    danepriv_cache *cache, const danepriv_request *request, danepriv_time now, danepriv_plan *out);

#ifdef __cplusplus
}
#endif

#endif
