/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test carry the questions of a lookup? */
#include "support/asking.h"

#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

static asking *
open_context(const char *anchors, const danepriv_settings *settings)
{
	asking *a = calloc(1, sizeof *a);

	ck_assert_ptr_nonnull(a);
	a->ctx = proofs_open(anchors, settings);
	return a;
}

asking *
asking_begin(const char *anchors, const danepriv_settings *settings, const danepriv_server *server)
{
	asking *a = open_context(anchors, settings);

	ck_assert_int_eq(danepriv_lookup_new(a->ctx, server, &a->lookup), DANEPRIV_OK);
	return a;
}

asking *
asking_begin_chain(const char *anchors, const danepriv_server *server)
{
	asking *a = open_context(anchors, NULL);

	ck_assert_int_eq(danepriv_lookup_new_chain(a->ctx, server, &a->lookup), DANEPRIV_OK);
	return a;
}

asking *
asking_begin_zone(const char *anchors, const char *zone)
{
	asking *a = open_context(anchors, NULL);

	ck_assert_int_eq(danepriv_lookup_new_zone(a->ctx, zone, &a->lookup), DANEPRIV_OK);
	return a;
}

void
asking_close(asking *a, danepriv_records *records)
{
	danepriv_records_free(records);
	danepriv_lookup_free(a->lookup);
	danepriv_close(a->ctx);
	free(a);
}

void
asking_leave(danepriv *ctx, danepriv_lookup *lookup, danepriv_records *records)
{
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}

void
asking_end(asking *a, danepriv_records *records)
{
	asking_close(a, records);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* Takes what there is to ask. */
static void
collect(asking *a)
{
	danepriv_question question;

	while (danepriv_lookup_next(a->lookup, &question) == DANEPRIV_OK) {
		assert_often(a->asked < 2 * DP_QUESTIONS_MAX);
		a->streams += question.stream;
		a->open[a->open_count++] = a->asked;
		a->all[a->asked++] = question;
	}
}

/* May this open question be answered only after others? */
static bool
is_late(const asking *a, size_t which)
{
	return a->late && strcmp(a->all[a->open[which]].name, a->late) == 0;
}

static const danepriv_question *
take(asking *a, uint32_t order, uint32_t *state)
{
	size_t which = 0;

	if (a->is_numbered) {
		which = *state % a->open_count;
		*state /= (uint32_t)a->open_count;
	} else if (order == ASKING_BACKWARD)
		which = a->open_count - 1;
	else if (order != ASKING_FORWARD) {
		*state = *state * 1664525u + 1013904223u;
		which = (*state >> 8) % a->open_count;
	}
	for (size_t i = 0; i < a->open_count && is_late(a, which); i++)
		which = (which + 1) % a->open_count;
	size_t taken = a->open[which];
	a->open_count--;
	memmove(&a->open[which], &a->open[which + 1], (a->open_count - which) * sizeof *a->open);
	return &a->all[taken];
}

static resolver_fault
fault_of(const asking *a, const danepriv_question *question)
{
	for (size_t i = 0; i < a->plan_count; i++) {
		const asking_plan *p = &a->plans[i];
		if ((!p->name || strcmp(p->name, question->name) == 0) &&
		    (p->type == 0 || p->type == question->type))
			return question->stream && p->is_for_datagrams ? p->over_stream : p->fault;
	}
	return FAULT_NONE;
}

/* Answers the next open question. */
static void
answer_one(asking *a, const proof_case *c, uint32_t order, uint32_t *state)
{
	collect(a);
	assert_often_msg(a->open_count > 0, "%s: nothing left to ask", c->name);
	const danepriv_question *question = take(a, order, state);
	danepriv_status status =
	    resolver_give(a->lookup, octets_span(c->chain), question, fault_of(a, question));
	assert_often(status == DANEPRIV_OK);
}

danepriv_records *
asking_run(asking *a, const proof_case *c, uint32_t order)
{
	danepriv_records *records = NULL;
	danepriv_status status;
	uint32_t state = order;

	while ((status = danepriv_lookup_finish(a->lookup, c->now, &records)) == DANEPRIV_EAGAIN) {
		assert_often(!records);
		answer_one(a, c, order, &state);
	}
	assert_often(status == DANEPRIV_OK);
	assert_often(records != NULL);
	return records;
}

danepriv_records *
asking_run_at_once(asking *a, const proof_case *c, uint32_t order)
{
	danepriv_records *records = NULL;
	danepriv_status status = DANEPRIV_EAGAIN;
	uint32_t state = order;

	while (status == DANEPRIV_EAGAIN) {
		do
			answer_one(a, c, order, &state);
		while (a->open_count > 0);
		status = danepriv_lookup_finish(a->lookup, c->now, &records);
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_ptr_nonnull(records);
	return records;
}

danepriv_zone *
asking_run_zone(asking *a, const proof_case *c, uint32_t order)
{
	danepriv_zone *zone = NULL;
	danepriv_status status;
	uint32_t state = order;

	while (
	    (status = danepriv_lookup_finish_zone(a->lookup, c->now, &zone)) == DANEPRIV_EAGAIN) {
		ck_assert_ptr_null(zone);
		answer_one(a, c, order, &state);
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_ptr_nonnull(zone);
	return zone;
}
