/* SPDX-License-Identifier: BSD-2-Clause
 * lookup.h - which questions prove what the owner published, and what do the answers say?
 *
 * A lookup does the DNSSEC validation without any I/O.  It tells you the questions.  You carry them
 * to any resolver in any way: set DO and CD, ask for recursion.  It judges the answers.  Nothing
 * that the resolver claims of its own (the AD bit) is believed.  <danepriv/getdns.h> does the
 * carrying for you.
 *
 *	danepriv_lookup_new(ctx, &server, &lookup);
 *	danepriv_lookup_set_upstreams(lookup, count, 0);
 *	while (danepriv_lookup_finish(lookup, now, &records) == DANEPRIV_EAGAIN)
 *		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK)
 *			... ask, then give_answer or give_failure with question.id ...
 *
 * Whoever asks without waiting leaves the loop when danepriv_lookup_next has nothing more, and
 * returns to it with the next answer.
 *
 * Messages.  A message fits its question by name, class and type.  The rest is yours to see: that
 * it has the right ID, the same case of letters where you vary it, and came the way that you asked.
 * Once a question is out over a stream, drop what still comes over UDP.
 *
 * Aliases.  A server's name may be an alias (CNAME, DNAME).  To show that, an address of it is
 * asked for at once, beside its records.  No verdict comes before this question is settled.  Where
 * the server's rule is DANEPRIV_ALIASES_REFUSE, an alias is an error: INDETERMINATE, REASON_ALIAS.
 *
 * Where the rule is DANEPRIV_ALIASES_FOLLOW, and each step of the alias is secure, the records at
 * its end are taken first (RFC 7671 section 7).  danepriv_records_base says so.  Where there are
 * none there, or the way leaves what is signed, the records of the server's own name are taken.
 * Those of a name in between never are.  Names of addresses (in-addr.arpa, ip6.arpa) are looked up
 * as they are.
 *
 * Failures on the way fail the lookup.  A lost or forged answer never makes records look denied or
 * unsigned.  All it can do beside failing is to leave the lookup at secure records of the server's
 * own name.
 *
 * Order.  The order of the answers does not change the verdict.  What a zone signed for a name
 * below it waits for the answers for DS in between.  They show whether the zone had delegated the
 * name away.  One that is lost shows nothing.  A verdict that is bogus or indeterminate waits for
 * all answers, since the next one may mend it.
 *
 * In two cases the order does count.  Where several answers are lost or wrong, it can decide which
 * failure is told, and whether an alias is seen.  Where a zone says two things, or two zones sign
 * the same records, it can decide which is heard.
 *
 * Resolvers.  One resolver's answers may prove nothing: it fails, refuses, or does not hand on
 * DNSSEC records.  Then all is asked of the next one.  What one has answered does not count beside
 * another.
 *
 * Time.  A `now` before the date of the library's build makes the verdict INDETERMINATE, reason
 * "clock", unless danepriv_settings.earliest is set (context.h). */
#ifndef DANEPRIV_LOOKUP_H
#define DANEPRIV_LOOKUP_H

#include <danepriv/records.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One lookup, one thread at a time. */
typedef struct danepriv_lookup danepriv_lookup;

/* A question to be asked.  Its class is IN. */
typedef struct danepriv_question {
	size_t id;	 /* to hand back with the answer */
	char name[1024]; /* presentation form with final dot */
	uint16_t type;	 /* of the records */
	uint16_t stream; /* 1: to be asked over TCP (or TLS, QUIC, HTTPS), of the same resolver */
	size_t upstream; /* of which resolver, from 0.  Where it is silent, another may be asked */
} danepriv_question;

/* Begins the lookup of a server's TLSA (or IPSECA) records.
 * On success *out is yours to free, and has a reference of its own to `ctx`.  On failure it is
 * NULL.
 * Returns:
 * - OK: the lookup has questions to ask.
 * - EINVAL: NULL, or a bad server, as for danepriv_server_owner.
 * - ENOMEM: memory ran out.
 * - EMALFORMED: the server's name or label, as for danepriv_server_owner. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new(
    const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out);

/* Begins the lookup of one's own server's records, to make the chain of them that it sends
 * (danepriv_lookup_chain).  What the server is called is what it is: no alias of it is looked for,
 * whatever its rule.
 * On success *out is yours to free, and has a reference of its own to `ctx`.  On failure it is
 * NULL.
 * Returns:
 * - OK: the lookup has questions to ask.
 * - EINVAL: NULL, or a bad server, as for danepriv_server_owner.
 * - ENOMEM: memory ran out.
 * - EMALFORMED: the server's name or label, as for danepriv_server_owner.
 * RFC 9102 section 3. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new_chain(
    const danepriv *ctx, const danepriv_server *server, danepriv_lookup **out);

/* Sets how many resolvers there are.  Without this call there is one.
 *
 * The answers of one resolver may prove nothing: the proof would be BOGUS, or INDETERMINATE for
 * QUERY_FAILED, QUERY_REFUSED, QUERY_STREAM or CANCELLED.  Then the next one is asked all of it, of
 * three at the most.  The first that proves something counts.  If none does, BOGUS counts before
 * INDETERMINATE.  All of them share what the settings allow for one verdict (max_work).  Junk from
 * one does not use up the parts of others.
 * `count`: of resolvers.
 * `first`: the one that is asked first, from 0.
 * Returns:
 * - OK: they are set.
 * - EINVAL: NULL; `first` is not below `count`; or a question was handed out already. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_set_upstreams(
    danepriv_lookup *lookup, size_t count, size_t first);

/* Tells which resolver to ask first the next time.
 * Returns: the one whose answers proved something; the first one while none did; 0 for NULL. */
DANEPRIV_API size_t danepriv_lookup_upstream(const danepriv_lookup *lookup);

/* Frees a lookup.  NULL is fine. */
DANEPRIV_API void danepriv_lookup_free(danepriv_lookup *lookup);

/* Hands out the next question.  All that are handed out may be asked at the same time.
 *
 * A question comes again, under the same id and with `stream`, when its answer was cut off, or
 * lacks what would prove it.  Take half of the time that is left for it at the most.  If nothing
 * comes over the stream, what came before counts, unless it was cut off.
 * Returns:
 * - OK: *out is a question that was not handed out yet.
 * - EINVAL: NULL.
 * - ENOTFOUND: there is none now.
 * RFC 7766 section 5. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_next(
    danepriv_lookup *lookup, danepriv_question *out);

/* Gives the answer to question `id`.
 * `message`: one DNS message, header first, copied.
 *
 * A message carries no evidence when it is malformed, is for another question, or has another rcode
 * than NOERROR or NXDOMAIN.  It then counts as a failure, which is no error of this call.  A
 * truncated one (TC, or it ends too early) is asked for again over a stream.  If it came over one,
 * it counts as a failure.
 * Returns:
 * - OK: the answer was taken.
 * - EINVAL: no such question is outstanding (any more: another resolver is asked), or `message` is
 *   NULL.
 * - ENOMEM: the answer was not taken.  Give it again, or report a failure. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_give_answer(
    danepriv_lookup *lookup, size_t id, danepriv_span message);

/* Says that question `id` will get no answer.
 * `reason`: QUERY_TIMEOUT, QUERY_FAILED or CANCELLED.
 * Returns:
 * - OK: the question is settled.
 * - EINVAL: no such question is outstanding, or another reason. */
DANEPRIV_API danepriv_status danepriv_lookup_give_failure(
    danepriv_lookup *lookup, size_t id, danepriv_reason reason);

/* Says that there is no time left.  What is outstanding, or would still have to be asked, counts as
 * QUERY_TIMEOUT.  What judges does not say EAGAIN any more.
 * `lookup`: NULL is fine. */
DANEPRIV_API void danepriv_lookup_expire(danepriv_lookup *lookup);

/* Judges what is there as of `now`, until there is a verdict.  That stays, whatever comes later.
 * For lookups of each kind.
 *
 * Where something is missing, and nothing wrong, this is where questions are asked again over a
 * stream.  What comes there counts in place of what came before, never beside it.  The number of
 * questions of one lookup is bounded, and each is asked over a stream once.
 * Returns:
 * - OK: it is over, and danepriv_lookup_finish (or what fits the kind) gives the verdict.
 * - EINVAL: NULL.
 * - EAGAIN: answers are outstanding, or there are new questions to ask (danepriv_lookup_next).
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_judge(
    danepriv_lookup *lookup, danepriv_time now);

/* Judges as danepriv_lookup_judge does, and gives the verdict on a server's records.
 * On success *out is yours to free, each time.  Its proof says what was learnt.  On failure it is
 * NULL.
 * Returns:
 * - OK: it is over.
 * - EINVAL: NULL, or the lookup is a zone's.
 * - EAGAIN: answers are outstanding, or there are new questions to ask (danepriv_lookup_next).
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_finish(
    danepriv_lookup *lookup, danepriv_time now, danepriv_records **out);

#ifdef __cplusplus
}
#endif

#endif
