/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test carry the questions of a lookup?  To the resolver of resolver.h, in an order that
 * it chooses, with faults where it wants them. */
#ifndef TESTS_ASKING_H
#define TESTS_ASKING_H

#include "base/bounds.h"
#include "support/proofs.h"
#include "support/resolver.h"

#include <danepriv/zone.h>

/* Which questions go wrong, and how. */
typedef struct asking_plan {
	const char *name; /* NULL: any */
	uint16_t type;	  /* 0: any */
	resolver_fault fault;
	bool is_for_datagrams; /* over a stream there is another: */
	resolver_fault over_stream;
} asking_plan;

/* One lookup that is being asked: of a server, or of a zone. */
typedef struct asking {
	danepriv *ctx;
	danepriv_lookup *lookup;
	const asking_plan *plans; /* the first that fits counts; yours */
	size_t plan_count;
	bool is_numbered; /* each number of an order stands for another one, all of them in turn */
	const char *late; /* NULL, or a name: its questions are answered when no others are open */
	danepriv_question
	    all[2 * DP_QUESTIONS_MAX]; /* as they were asked, some over a stream, too */
	size_t asked, streams;
	size_t open[DP_QUESTIONS_MAX]; /* of `all`: not answered yet */
	size_t open_count;
} asking;

/* In which order are the open questions answered?  Any other number: at random, always the same. */
enum { ASKING_FORWARD = 0, ASKING_BACKWARD = 1 };

/* Opens a context (as proofs_open) and the lookup of a server; all of it ends with asking_end,
 * which also sees that no memory is left. */
asking *asking_begin(
    const char *anchors, const danepriv_settings *settings, const danepriv_server *server);
/* The same for what becomes a chain (danepriv_lookup_new_chain). */
asking *asking_begin_chain(const char *anchors, const danepriv_server *server);
/* The same for the name servers of a zone. */
asking *asking_begin_zone(const char *anchors, const char *zone);
void asking_close(asking *a, danepriv_records *records);
/* The end of a lookup that a test carries itself; and that no memory is left. */
void asking_leave(danepriv *ctx, danepriv_lookup *lookup, danepriv_records *records);
void asking_end(asking *a, danepriv_records *records);

/* Answers out of the chain of `c`, and asks for the verdict after each answer. */
danepriv_records *asking_run(asking *a, const proof_case *c, uint32_t order);
/* The same, but asks for the verdict only when nothing is open any more. */
danepriv_records *asking_run_at_once(asking *a, const proof_case *c, uint32_t order);
danepriv_zone *asking_run_zone(asking *a, const proof_case *c, uint32_t order);

#endif
