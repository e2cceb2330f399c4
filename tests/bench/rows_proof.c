/* SPDX-License-Identifier: BSD-2-Clause
 * What does a proof cost, beside the signatures that it takes? */
#include "bench/peers.h"
#include "support/resolver.h"

#include <string.h>

#define PUBLISHED_SIGNATURES 6

/* What the chain says, from octets to verdict. */
static bool
prove_with(proof_job *job, const danepriv *ctx)
{
	static dp_validator v;
	const proof_case *c = job->chain;
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), &v, NULL);

	job->units = (unsigned)(v.budget.work / DP_WORK_UNIT);
	job->verified = v.verified;
	dp_validator_free(&v);
	return found.proven.security == c->security && found.proven.reason == c->reason;
}

/* By a context that has seen nothing. */
static bool
prove(void *state)
{
	proof_job *job = state;

	forget(job->ctx);
	return prove_with(job, job->ctx);
}

/* By one that has seen it before. */
static bool
prove_again(void *state)
{
	proof_job *job = state;

	return prove_with(job, job->warm);
}

static bool
look_up(void *state)
{
	const proof_job *job = state;

	forget(job->ctx);
	return replay_run(job->replay, job->ctx, &job->server, job->chain->now);
}

static test_octets
answer_from_chain(void *arg, const danepriv_question *question)
{
	const proof_job *job = arg;

	return resolver_answer(octets_span(job->chain->chain), question, FAULT_NONE);
}

static void
choose(proof_job *job, const proof_case *chain, const danepriv_crypto *crypto)
{
	const danepriv_settings settings = { .earliest = 1, .crypto = crypto };

	job->chain = chain;
	job->ctx = proofs_open(chain->anchors, &settings);
	job->warm = proofs_open(chain->anchors, &settings);
	bench_require(prove(job), chain->name);
}

static void
let_go(proof_job *job)
{
	danepriv_close(job->ctx);
	danepriv_close(job->warm);
}

/* Ten years later all signatures have expired. */
static void
check_refusals(proof_job *job)
{
	static const bench_run runs[] = { prove, prove_again, look_up, getdns_prove };
	const proof_case *chain = job->chain;
	proof_case late = *chain;

	late.now += 10 * 365 * 86400;
	job->chain = &late;
	require_refusals(runs, COUNT(runs), job);
	job->chain = chain;
}

/* The same by somebody else's cryptography. */
static void
rows_openssl(const bench *b, proof_job *job, const proof_case *chain)
{
	static const bench_row rows[] = {
		{ "prove RFC 9102 A.1 with OpenSSL, cold", prove, "six verifications by OpenSSL",
		    floor_openssl_p256, .times = PUBLISHED_SIGNATURES, .wanted = "<= 1.1" },
		{ "prove RFC 9102 A.1 with OpenSSL, cold", prove, "getdns, records parsed before",
		    getdns_prove, .faster = true, .wanted = ">= 1.7" },
		{ "prove RFC 9102 A.1 with OpenSSL, again", prove_again, "the same, cold", prove,
		    .faster = true },
	};
	const danepriv_crypto *crypto = openssl_crypto();

	if (!crypto) {
		bench_skip(b, rows[0].name, "not installed");
		return;
	}
	choose(job, chain, crypto);
	check_refusals(job);
	bench_times(b, rows, COUNT(rows), job);
	let_go(job);
}

void
rows_proof(const bench *b)
{
	static const bench_row rows[] = {
		{ "prove RFC 9102 A.1, cold", prove, "six P-256 verifications", floor_p256,
		    .times = PUBLISHED_SIGNATURES, .wanted = "<= 1.1" },
		{ "prove RFC 9102 A.1, cold", prove, "getdns, records parsed before", getdns_prove,
		    .faster = true },
		{ "prove RFC 9102 A.1, again", prove_again, "the same, cold", prove, .faster = true,
		    .wanted = ">= 100" },
		{ "look up the same, answers at hand", look_up, "six P-256 verifications",
		    floor_p256, .times = PUBLISHED_SIGNATURES, .wanted = "<= 1.15" },
	};
	proof_job job = { .server = { "www.example.com", 443, DANEPRIV_TRANSPORT_DOH } };

	bench_heading(b, "Proof of a name three levels deep, all P-256: six signatures");
	proofs_read(&job.cases, "rfc9102/chains.txt");
	choose(&job, &job.cases.list[0], NULL);
	bench_require(job.verified == PUBLISHED_SIGNATURES, "more signatures than are needed");
	job.replay = replay_record(job.ctx, &job.server, job.chain->now, answer_from_chain, &job);
	getdns_proof_open(&job);
	check_refusals(&job);
	bench_times(b, rows, COUNT(rows), &job);
	let_go(&job);
	rows_openssl(b, &job, job.chain);
	getdns_proof_close(&job);
	replay_free(job.replay);
	proofs_free(&job.cases);
}
