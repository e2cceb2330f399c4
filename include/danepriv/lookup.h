/* SPDX-License-Identifier: BSD-2-Clause
 * lookup.h - which questions prove what the owner published, and what do the answers say?
 *
 * The DNSSEC validation of a lookup without any I/O: it tells you the questions, you carry them to
 * any resolver in any way (set DO and CD, ask for recursion), it judges the answers.  Nothing that
 * the resolver claims of its own (the AD bit) is believed.  <danepriv/getdns.h> does the carrying
 * for you.
 *
 * A server's name may be an alias (CNAME, DNAME).  Beside its records an address of it is asked for
 * at once, which shows that, and no verdict comes before this question is settled.  Where the
 * server's rule is DANEPRIV_ALIASES_REFUSE, an alias is an error: INDETERMINATE, REASON_ALIAS.
 * Where it is DANEPRIV_ALIASES_FOLLOW, and each step of the alias is secure, the records at its end
 * are taken first (RFC 7671 section 7), and danepriv_records_base says so; where there are none, or
 * the way leaves what is signed, those of the server's own name, never of a name in between.
 * Failures on the way fail the lookup.  A lost or forged answer never makes records look denied or
 * unsigned; all it can do beside failing is to leave it at secure records of the server's own name.
 * Names of addresses (in-addr.arpa, ip6.arpa) are looked up as they are.
 *
 * The order of the answers does not change the verdict.  What a zone signed for a name below it
 * waits for the answers for DS in between, which show whether the zone had delegated the name away;
 * one that is lost shows nothing.  A verdict that is bogus or indeterminate waits for all answers,
 * since the next one may mend it.  In two cases the order counts: of several answers that are lost
 * or wrong it can decide which failure is told, and whether an alias is seen; and of a zone that
 * says two things, or two of which sign the same records, it can decide which is heard.
 *
 *	danepriv_lookup_new(ctx, &server, &lookup);
 *	danepriv_lookup_set_upstreams(lookup, count, 0);
 *	while (danepriv_lookup_finish(lookup, now, &records) == DANEPRIV_EAGAIN)
 *		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK)
 *			... ask, then give_answer or give_failure with question.id ...
 *
 * Where one resolver's answers prove nothing, as it fails, refuses or does not hand on DNSSEC
 * records, all is asked of the next one, and what one has answered does not count beside another.
 *
 * Who asks without waiting leaves the loop when danepriv_lookup_next has nothing more, and comes
 * back to it with the next answer.  A message fits its question by name, class and type; that it
 * has the right ID, the same case of letters where you vary it, and came the way that you asked, is
 * yours to see: once a question is out over a stream, drop what still comes over UDP. */
#ifndef DANEPRIV_LOOKUP_H
#define DANEPRIV_LOOKUP_H

#include <danepriv/records.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One lookup, one thread at a time. */
typedef struct danepriv_lookup danepriv_lookup;

typedef struct danepriv_question {
	size_t id;	 /* to hand back with the answer */
	char name[1024]; /* presentation form with final dot */
	uint16_t type;	 /* class is IN */
	uint16_t stream; /* 1: to be asked over TCP (or TLS, QUIC, HTTPS), of the same resolver */
	size_t upstream; /* of which resolver, from 0; where it is silent, another may do */
} danepriv_question;

/* Begins the lookup of a server's TLSA (or IPSECA) records, with a reference of its own to
 * `ctx`.  On success *out is yours to free; on failure it is NULL.  EINVAL, EMALFORMED: the server,
 * as for danepriv_server_owner.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new(
    const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out);

/* The same for the records of one's own server, to make the chain of them that it sends
 * (danepriv_lookup_chain): what it is called is what it is, and no alias of it is looked for,
 * whatever its rule (RFC 9102 section 3).  Errors as above. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new_chain(
    const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out);

/* There are `count` resolvers, and `first` of them, from 0, is asked first.  Without this call
 * there is one.  Where the answers of one prove nothing (the proof would be BOGUS, or INDETERMINATE
 * for QUERY_FAILED, QUERY_REFUSED, QUERY_STREAM or CANCELLED), the next one is asked all of it, of
 * three at the most.  The first that proves something counts; if none does, BOGUS counts before
 * INDETERMINATE.  All of them share what the settings allow for one verdict (max_work), and junk
 * from one does not use up the parts of others.
 * EINVAL: NULL; `first` is not below `count`; a question was handed out already. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_set_upstreams(
    danepriv_lookup *lookup, size_t count, size_t first);

/* The resolver whose answers proved something, to be asked first the next time; the first one while
 * none did; 0 for NULL. */
DANEPRIV_API size_t danepriv_lookup_upstream(const danepriv_lookup *lookup);

/* NULL is fine. */
DANEPRIV_API void danepriv_lookup_free(danepriv_lookup *lookup);

/* The next question that has not been handed out yet; all that are handed out may be asked at the
 * same time.  One comes again, under the same id and with `stream`, when its answer was cut off, or
 * lacks what would prove it: take half of the time that is left for it at the most, since what came
 * before counts if nothing comes, unless it was cut off (RFC 7766 section 5).  ENOTFOUND: none now.
 */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_next(
    danepriv_lookup *lookup, danepriv_question *out);

/* The answer to question `id`: one DNS message, header first, copied.  A message that is malformed,
 * for another question, or has another rcode than NOERROR or NXDOMAIN carries no evidence and
 * counts as a failure: that is no error of this call.  One that is truncated (TC, or it ends too
 * early) is asked for again over a stream, or counts as a failure when it came over one.
 * EINVAL: no such question is outstanding (any more: another resolver is asked), or `message` is
 * NULL.  ENOMEM: the answer was not taken; give it again, or report a failure. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_give_answer(
    danepriv_lookup *lookup, size_t id, danepriv_span message);

/* Question `id` will get no answer.  `reason`: QUERY_TIMEOUT, QUERY_FAILED or CANCELLED.
 * EINVAL: no such question is outstanding, or another reason. */
DANEPRIV_API danepriv_status danepriv_lookup_give_failure(
    danepriv_lookup *lookup, size_t id, danepriv_reason reason);

/* There is no time left: what is outstanding, or would still have to be asked, counts as
 * QUERY_TIMEOUT, and what judges says EAGAIN no more.  NULL is fine. */
DANEPRIV_API void danepriv_lookup_expire(danepriv_lookup *lookup);

/* Judges what is there as of `now`, until there is a verdict: that stays, whatever comes later.
 * For lookups of each kind.  OK: it is over, and danepriv_lookup_finish (or what fits the kind)
 * gives the verdict.
 * EAGAIN: answers are outstanding, or there are new questions to ask (danepriv_lookup_next).  Where
 * something is missing, and nothing wrong, this is where questions are asked again over a stream:
 * what comes there counts in place of what came before, never beside it.  Bounded: the number of
 * questions of one lookup is, and each is asked over a stream once.  ENOMEM.  EINVAL: NULL. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_judge(
    danepriv_lookup *lookup, danepriv_time now);

/* The same, and gives the verdict on a server's records.  OK: *out is yours to free, each time; its
 * proof says what was learnt.  Unless it is OK, *out is NULL.  EINVAL: also a zone's lookup. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_finish(
    danepriv_lookup *lookup, danepriv_time now, danepriv_records **out);

#ifdef __cplusplus
}
#endif

#endif
