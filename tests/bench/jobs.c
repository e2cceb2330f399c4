/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to be judged? */
#include "bench/jobs.h"

#include "crypto/der.h"
#include "dnssec/context.h"
#include "support/credentials.h"

#include <danepriv/danepriv.h>

#include <string.h>

#define NOW 1700000000
#define UNTIL 4102444800

void
judge_job_add(judge_job *job, test_octets certificate)
{
	size_t i = job->credential.count++;

	bench_require(i < JOB_ITEMS_MAX, "too many certificates");
	job->octets[i] = certificate;
	job->items[i] = octets_span(certificate);
}

void
judge_job_add_named(judge_job *job, const char *names)
{
	test_peer peer;

	peer_open(&peer, names);
	for (size_t i = 0; i < peer.credential.count; i++)
		judge_job_add(job, octets_copy(peer.items[i]));
	peer_close(&peer);
}

static test_octets
make_rdata(danepriv_span item, uint8_t usage, uint8_t selector)
{
	danepriv_credential alone = { DANEPRIV_CREDENTIAL_X509, &item, 1 };
	uint8_t rdata[3 + 32];
	size_t len;

	bench_require(danepriv_credential_record(
			  &alone, usage, selector, 1, rdata, sizeof rdata, &len) == DANEPRIV_OK,
	    "no record");
	return octets_copy((danepriv_span){ rdata, len });
}

void
judge_job_open(judge_job *job, uint8_t usage, uint8_t selector, size_t which, danepriv_span roots)
{
	static const danepriv_server server = { JOB_NAME, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_settings settings = {
		.size = sizeof settings, .roots = roots, .crypto = job->crypto
	};

	job->credential.type = DANEPRIV_CREDENTIAL_X509;
	job->credential.items = job->items;
	job->now = NOW;
	job->rdata = make_rdata(job->items[which], usage, selector);
	danepriv_span rdata = octets_span(job->rdata);
	bench_require(
	    danepriv_open(&settings, &job->ctx) == DANEPRIV_OK &&
		danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
		    DANEPRIV_REASON_NONE, &rdata, 1, UNTIL, &job->records) == DANEPRIV_OK &&
		dp_der_certificate_spki(job->items[0], &job->spki) == DANEPRIV_OK,
	    "nothing to judge");
}

void
judge_job_close(judge_job *job)
{
	danepriv_records_free(job->records);
	danepriv_close(job->ctx);
	octets_free(job->rdata);
	for (size_t i = 0; i < job->credential.count; i++)
		octets_free(job->octets[i]);
	memset(job, 0, sizeof *job);
}

bool
judge(void *state)
{
	const judge_job *job = state;
	danepriv_verdict verdict = { .size = sizeof verdict };

	return danepriv_evaluate(job->ctx, job->records, &job->credential, NULL, 0, job->now,
		   &verdict) == DANEPRIV_OK &&
	       verdict.finding == DANEPRIV_FINDING_MATCH;
}

/* A small memory: to make one takes next to nothing. */
void
forget(danepriv *ctx)
{
	dp_memo_free(ctx->memo);
	ctx->memo = dp_memo_new(16);
	bench_require(ctx->memo != NULL, "out of memory");
}

void
require_refusals(const bench_run *runs, size_t count, void *state)
{
	for (size_t i = 0; i < count; i++)
		bench_require(!runs[i] || !runs[i](state), "something takes what is to be refused");
}
