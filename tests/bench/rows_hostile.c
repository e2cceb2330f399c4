/* SPDX-License-Identifier: BSD-2-Clause
 * What can a stranger make us spend?  On a chain that is sent, and on a whole fetch: the lookups of
 * three resolvers, all of whose answers are made to cost, for a server's records or for a zone's
 * name servers. */
#include "bench/peers.h"
#include "lookup/lookup.h"
#include "support/resolver.h"

#include <danepriv/zone.h>

#include <stdio.h>
#include <string.h>

#define SERVICE "_853._tcp."

typedef struct hostile_job {
	danepriv *ctx;
	const proof_case *chain;
	danepriv_server server;
	replay_item items[DP_ATTEMPTS_MAX * DP_QUESTIONS_MAX]; /* as they were asked */
	size_t count;
	bool is_recording;
	unsigned units; /* of the last time */
} hostile_job;

static bool
is_of_zone(const hostile_job *job)
{
	return job->chain->type == DP_TYPE_NS;
}

/* ---- chains ---- */

static bool
prove(void *state)
{
	hostile_job *job = state;
	const proof_case *c = job->chain;
	static dp_validator v;

	forget(job->ctx);
	dp_found found = proofs_judge(job->ctx, c, octets_span(c->chain), &v, NULL);
	job->units = (unsigned)(v.budget.work / DP_WORK_UNIT);
	dp_validator_free(&v);
	return found.proven.security == c->security && found.proven.reason == c->reason;
}

/* ---- fetches ---- */

/* The answer to the question that comes up next: all records in each. */
static danepriv_span
answer(hostile_job *job, size_t at, const danepriv_question *question)
{
	danepriv_span none = { NULL, 0 };

	if (job->is_recording)
		job->items[job->count++] = (replay_item){ .question = *question,
			.answer = resolver_answer(
			    octets_span(job->chain->chain), question, FAULT_EVERYTHING) };
	if (at >= job->count || strcmp(job->items[at].question.name, question->name) != 0)
		return none;
	return octets_span(job->items[at].answer);
}

static danepriv_status
begin(const hostile_job *job, danepriv_lookup **out)
{
	if (is_of_zone(job))
		return danepriv_lookup_new_zone(job->ctx, job->chain->qname, out);
	return danepriv_lookup_new(job->ctx, &job->server, out);
}

static danepriv_status
finish(const hostile_job *job, danepriv_lookup *lookup, danepriv_security *security)
{
	danepriv_records *records = NULL;
	danepriv_zone *zone = NULL;
	danepriv_status status = is_of_zone(job)
				     ? danepriv_lookup_finish_zone(lookup, job->chain->now, &zone)
				     : danepriv_lookup_finish(lookup, job->chain->now, &records);

	*security = zone ? danepriv_zone_security(zone) : danepriv_records_security(records);
	danepriv_records_free(records);
	danepriv_zone_free(zone);
	return status;
}

/* A lookup to its end, of one resolver after the other, a verdict being asked for after each
 * answer. */
static bool
carry(hostile_job *job, danepriv_lookup *lookup, size_t *at)
{
	danepriv_question question;
	danepriv_security security;

	while (finish(job, lookup, &security) == DANEPRIV_EAGAIN) {
		if (danepriv_lookup_next(lookup, &question) != DANEPRIV_OK)
			return false;
		danepriv_span message = answer(job, (*at)++, &question);
		if (danepriv_lookup_give_answer(lookup, question.id, message) != DANEPRIV_OK)
			return false;
	}
	return security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
}

static bool
fetch(void *state)
{
	hostile_job *job = state;
	danepriv_lookup *lookup = NULL;
	size_t at = 0;

	forget(job->ctx);
	if (begin(job, &lookup) != DANEPRIV_OK)
		return false;
	bool good = danepriv_lookup_set_upstreams(lookup, DP_ATTEMPTS_MAX, 0) == DANEPRIV_OK &&
		    carry(job, lookup, &at);
	job->units = (unsigned)(lookup->validator.budget.work / DP_WORK_UNIT);
	danepriv_lookup_free(lookup);
	return good && at == job->count;
}

/* ---- rows ---- */

static void
row(const bench *b, hostile_job *job, const danepriv_crypto *crypto, bool is_fetch)
{
	const danepriv_settings settings = { .earliest = 1, .crypto = crypto };
	bench_row r = { .run = is_fetch ? fetch : prove,
		.peer = crypto ? "one P-256 verification by OpenSSL" : "one P-256 verification",
		.peer_run = crypto ? floor_openssl_p256 : floor_p256,
		.wanted = "<= 100" };
	char name[128];

	if (!bench_wants(b, job->chain->name) && !bench_wants(b, r.peer))
		return;
	job->ctx = proofs_open(job->chain->anchors, &settings);
	job->count = 0;
	job->is_recording = true;
	bench_require(r.run(job), job->chain->name);
	job->is_recording = false;
	(void)snprintf(name, sizeof name, "%s%s, %u units", is_fetch ? "fetch, " : "",
	    job->chain->name, job->units);
	r.name = name;
	bench_times(b, &r, 1, job);
	for (size_t i = 0; i < job->count; i++)
		octets_free(job->items[i].answer);
	danepriv_close(job->ctx);
}

/* Does it end at a bound? */
static bool
is_hostile(const proof_case *c)
{
	return (c->type == DP_TYPE_TLSA || c->type == DP_TYPE_NS) &&
	       c->reason >= DANEPRIV_REASON_LIMIT_WORK && c->reason <= DANEPRIV_REASON_LIMIT_OCTETS;
}

/* May the case be looked up, as a server's records? */
static bool
is_of_server(const proof_case *c, danepriv_server *server)
{
	*server = (danepriv_server){ .name = c->qname + strlen(SERVICE),
		.transport = DANEPRIV_TRANSPORT_DOT };
	return strncmp(c->qname, SERVICE, strlen(SERVICE)) == 0;
}

void
rows_hostile(const bench *b)
{
	const danepriv_crypto *providers[] = { NULL, openssl_crypto() };
	static hostile_job job;
	proof_cases cases = { NULL, 0 };

	bench_heading(b, "Inputs made to exhaust us: each ends at a bound, told in units");
	proofs_read(&cases, "proofs/limits.txt");
	proofs_read(&cases, "proofs/costs.txt");
	proofs_read(&cases, "proofs/zone.txt");
	for (size_t i = 0; i < 2 * cases.count; i++) {
		const danepriv_crypto *crypto = providers[i >= cases.count];
		job.chain = &cases.list[i % cases.count];
		if (!is_hostile(job.chain) || (i >= cases.count && !crypto))
			continue;
		if (!is_of_zone(&job)) /* a chain has none of its name servers in it */
			row(b, &job, crypto, false);
		if (is_of_zone(&job) || is_of_server(job.chain, &job.server))
			row(b, &job, crypto, true);
	}
	if (!providers[1])
		bench_skip(b, "hostile, with OpenSSL", "not installed");
	proofs_free(&cases);
}
