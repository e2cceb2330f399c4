/* SPDX-License-Identifier: BSD-2-Clause
 * What do answers to the questions of a lookup come to, in any order and with any fault?  Octet 0
 * chooses both, the records of a chain follow.  However the answers come, there is one verdict,
 * none costs more than the bounds say, and each lookup ends. */
#include "base/bounds.h"
#include "dnssec/validator.h"
#include "lookup/lookup.h"
#include "support/fuzz.h"
#include "support/resolver.h"

#include <stdlib.h>

#define NOW 1700000000
/* So that all of it fits into one message beside its question. */
#define CHAIN_OCTETS_MAX 60000

static const resolver_fault faults[] = { FAULT_NONE, FAULT_NONE, FAULT_NONE, FAULT_FOLLOWS,
	FAULT_EVERYTHING, FAULT_CLOSEST, FAULT_FORGED, FAULT_EMPTY, FAULT_NAME_ERROR, FAULT_TIMEOUT,
	FAULT_SERVFAIL, FAULT_TRUNCATED, FAULT_MALFORMED, FAULT_CUT };
#define FAULTS (sizeof faults / sizeof *faults)

typedef struct run {
	danepriv_lookup *lookup;
	danepriv_question open[DP_QUESTIONS_MAX];
	size_t open_count, asked;
	uint32_t seed; /* of the order */
	uint8_t fault; /* which questions go wrong, and how: the same in any order */
	danepriv_span chain;
} run;

static void
require(bool what)
{
	if (!what)
		abort();
}

static void
ask(run *r)
{
	while (danepriv_lookup_next(r->lookup, &r->open[r->open_count]) == DANEPRIV_OK) {
		require(++r->asked <= DP_QUESTIONS_MAX);
		r->open_count++;
	}
}

/* By what is asked alone, so that two orders have the same faults. */
static resolver_fault
fault_of(const run *r, const danepriv_question *question)
{
	uint32_t hash = question->type * 31u + r->fault;

	for (const char *c = question->name; *c; c++)
		hash = hash * 33u + (uint8_t)*c;
	/* Few questions of a lookup go wrong, or nothing is ever proven. */
	return r->fault == 0 || hash >> 8 & 3 ? FAULT_NONE : faults[(hash >> 4) % FAULTS];
}

static void
answer(run *r)
{
	require(r->open_count > 0);
	r->seed = r->seed * 1664525u + 1013904223u;
	size_t which = (r->seed >> 8) % r->open_count;
	danepriv_question question = r->open[which];
	r->open[which] = r->open[--r->open_count];
	require(
	    resolver_give(r->lookup, r->chain, &question, fault_of(r, &question)) == DANEPRIV_OK);
}

/* To its verdict; `patient`: which is asked for only when nothing is open. */
static danepriv_records *
carry(run *r, bool patient)
{
	const dp_validator *v = &r->lookup->validator;
	danepriv_records *records = NULL;
	danepriv_status status = DANEPRIV_EAGAIN;

	while (status == DANEPRIV_EAGAIN) {
		ask(r);
		do
			answer(r);
		while (patient && r->open_count > 0);
		status = danepriv_lookup_finish(r->lookup, NOW, &records);
		require(v->budget.work <= v->budget.allowed && v->hashes <= DP_NSEC3_HASHES_MAX);
	}
	require(status == DANEPRIV_OK);
	require(danepriv_records_security(records) != DANEPRIV_SECURITY_UNKNOWN);
	require((danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE) ==
		(danepriv_records_count(records) > 0));
	return records;
}

/* Was a bound passed?  To ask for the verdict after each answer costs more. */
static bool
is_limit(const danepriv_records *records)
{
	danepriv_reason reason = danepriv_records_reason(records);

	return reason == DANEPRIV_REASON_LIMIT_QUESTIONS ||
	       (reason >= DANEPRIV_REASON_LIMIT_WORK && reason <= DANEPRIV_REASON_LIMIT_OCTETS);
}

/* Do two orders agree? */
static bool
agree(const danepriv_records *a, const danepriv_records *b)
{
	return is_limit(a) || is_limit(b) ||
	       danepriv_records_security(a) == danepriv_records_security(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const danepriv_server server = { .name = "dns.example." };
	danepriv *ctx = fuzz_context();
	static run runs[2];
	danepriv_records *records[2];

	if (len < 1 || len > CHAIN_OCTETS_MAX)
		return 0;
	for (unsigned i = 0; i < 2; i++) {
		runs[i] = (run){ .seed = data[0] + i, .fault = data[0] & 0x0F };
		runs[i].chain = (danepriv_span){ data + 1, len - 1 };
		require(danepriv_lookup_new(ctx, &server, &runs[i].lookup) == DANEPRIV_OK);
		records[i] = carry(&runs[i], i == 0);
	}
	require(agree(records[0], records[1]));
	for (unsigned i = 0; i < 2; i++) {
		danepriv_records_free(records[i]);
		danepriv_lookup_free(runs[i].lookup);
	}
	return 0;
}
