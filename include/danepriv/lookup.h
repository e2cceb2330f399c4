/* SPDX-License-Identifier: BSD-2-Clause
 * lookup.h - which questions prove what the owner published, and what do the answers say?
 *
 * The DNSSEC validation of a lookup without any I/O: it tells you the questions, you carry them to
 * any resolver in any way (set DO and CD, ask for recursion), it judges the answers.  Nothing that
 * the resolver claims of its own (the AD bit) is believed.  <danepriv/getdns.h> does the carrying
 * for you.
 *
 * A server's name may be an alias (CNAME, DNAME).  Beside its records an address of it is asked for
 * at once, which shows that, and no verdict comes before this question is settled.  Where each step
 * of the alias is secure, the records at its end are taken first (RFC 7671 section 7), and
 * danepriv_records_base says so; where there are none, or the way leaves what is signed, those of
 * the server's own name, never of a name in between.  Failures on the way fail the lookup.  A lost
 * or forged answer never makes records look denied or unsigned; all it can do beside failing is to
 * leave it at secure records of the server's own name.  Names of addresses (in-addr.arpa, ip6.arpa)
 * are looked up as they are, and aliases of a DANEPRIV_NAME_SERVER are an error.
 *
 *	danepriv_lookup_new(&lookup, ctx, &server);
 *	while (danepriv_lookup_finish(lookup, now, &records) == DANEPRIV_EAGAIN)
 *		while (danepriv_lookup_next(lookup, &question) == DANEPRIV_OK)
 *			... ask, then give_answer or give_failure with question.id ...
 */
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
} danepriv_question;

/* Begins the lookup of a server's TLSA (or IPSECA) records.  `ctx` must outlive it.
 * On success *out is yours to free; on failure it is NULL.  EINVAL, EMALFORMED: the server, as for
 * danepriv_server_owner.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new(
    danepriv_lookup **out, const danepriv *ctx, const danepriv_server *server);

/* NULL is fine. */
DANEPRIV_API void danepriv_lookup_free(danepriv_lookup *lookup);

/* The next question that has not been handed out yet; all that are handed out may be asked at the
 * same time.  ENOTFOUND: none now. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_next(
    danepriv_lookup *lookup, danepriv_question *out);

/* The answer to question `id`: one DNS message, header first, copied.  A message that is truncated,
 * malformed, for another question, or has another rcode than NOERROR or NXDOMAIN carries no
 * evidence and counts as a failure: that is no error of this call.
 * EINVAL: no such question is outstanding.  ENOMEM: the answer was not taken; give it again, or
 * report a failure. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_give_answer(
    danepriv_lookup *lookup, size_t id, danepriv_span message);

/* Question `id` will get no answer.  `reason`: QUERY_TIMEOUT, QUERY_FAILED or CANCELLED.
 * EINVAL: no such question is outstanding, or another reason. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_give_failure(
    danepriv_lookup *lookup, size_t id, danepriv_reason reason);

/* Judges what is there as of `now`.  OK: *out is yours to free; its proof says what was learnt.
 * EAGAIN: answers are outstanding, or there are new questions to ask (danepriv_lookup_next); *out
 * is NULL.  Bounded: the number of questions of one lookup is.  ENOMEM: *out is NULL. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_finish(
    danepriv_lookup *lookup, danepriv_time now, danepriv_records **out);

#ifdef __cplusplus
}
#endif

#endif
