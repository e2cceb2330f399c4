/* SPDX-License-Identifier: BSD-2-Clause
 * What was asked, what came back, and what has to be asked still?
 *
 * A proof over a lookup may ask for more; a proof over an RFC 9102 chain may not: there every
 * question counts as asked and answered (RFC 9102 section 3). */
#ifndef DP_DNSSEC_QUESTIONS_H
#define DP_DNSSEC_QUESTIONS_H

#include "dns/name.h"

#include <danepriv/records.h>

typedef enum dp_question_state {
	DP_QUESTION_NEW = 0, /* to be asked */
	DP_QUESTION_OUT,     /* being asked */
	DP_QUESTION_ANSWERED,
	DP_QUESTION_FAILED
} dp_question_state;

typedef struct dp_question {
	dp_name_store name;
	uint32_t hash; /* as dp_evidence_hash */
	uint16_t type;
	dp_question_state state;
	danepriv_reason reason; /* with FAILED */
	unsigned source;	/* of what the answer brought, from 1; 0: it brought nothing */
	bool is_stream;		/* it is for a stream, or was asked over one */
	bool is_withdrawn;	/* there was an answer before, which counts if none comes now */
} dp_question;

typedef struct dp_questions {
	dp_question *list;
	size_t count;
	unsigned settled;	/* how many have been answered, or have failed */
	bool closed;		/* nothing can be asked: all counts as answered */
	bool exhausted;		/* DP_QUESTIONS_MAX was reached */
	danepriv_status status; /* ENOMEM, sticky */
} dp_questions;

void dp_questions_free(dp_questions *questions);

/* How does the question for this name and type stand?  One that was never asked is put on the list.
 * *reason (may be NULL): why it failed. */
dp_question_state dp_questions_ask(
    dp_questions *questions, dp_name name, uint16_t type, danepriv_reason *reason);

/* One that was out is answered: reason NONE; or has failed. */
void dp_questions_settle(dp_questions *questions, size_t index, danepriv_reason reason);

/* It is to be asked once more, over a stream. */
void dp_questions_stream(dp_questions *questions, size_t index);

/* The question for this name and type; NULL: there is none.  Nothing is put on the list. */
const dp_question *dp_questions_find(const dp_questions *questions, dp_name name, uint16_t type);

/* Is an answer to it still to come? */
bool dp_question_is_out(const dp_question *question);
/* To any? */
bool dp_questions_are_out(const dp_questions *questions);

#endif
