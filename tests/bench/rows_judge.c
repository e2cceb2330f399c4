/* SPDX-License-Identifier: BSD-2-Clause
 * What does a judgement cost, from certificates in DER and records to the verdict? */
#include "bench/peers.h"

#include <gnutls/crypto.h>

static bool
hash_spki(void *state)
{
	const judge_job *job = state;
	uint8_t digest[64];

	return gnutls_hash_fast(GNUTLS_DIG_SHA256, job->spki.data, job->spki.len, digest) == 0;
}

/* The record is of the last certificate, which the peer does not show. */
static void
check_refusals(const char *names, uint8_t usage, uint8_t selector)
{
	const bench_run runs[] = { judge, openssl_kept, openssl_as_used,
		usage == 3 ? libdane_judge : gnutls_trust_list };
	judge_job job = { .ctx = NULL };

	judge_job_add_named(&job, names);
	size_t last = job.credential.count - 1;
	judge_job_open(&job, usage, selector, last, (danepriv_span){ NULL, 0 });
	job.credential.count = last;
	libdane_open(&job);
	openssl_open(&job);
	require_refusals(runs, COUNT(runs), &job);
	openssl_close(&job);
	libdane_close(&job);
	job.credential.count = last + 1;
	judge_job_close(&job);
}

static void
rows_end_entity(const bench *b)
{
	static const bench_row rows[] = {
		{ "SHA-256 of an SPKI", hash_spki, "OpenSSL", openssl_hash_spki, .faster = true },
		{ "judge 3 1 1", judge, "the hash", hash_spki, .wanted = "<= 1.5" },
		{ "judge 3 1 1", judge, "libdane, query kept", libdane_judge, .faster = true,
		    .wanted = ">= 80" },
		{ "judge 3 1 1", judge, "OpenSSL, objects kept", openssl_kept, .faster = true,
		    .wanted = ">= 8" },
		{ "judge 3 1 1", judge, "OpenSSL, as used", openssl_as_used, .faster = true },
	};
	static const bench_amount amounts[] = {
		{ "judge 3 1 1", judge, BENCH_ALLOCATIONS, "<= 0" },
	};
	judge_job job = { .ctx = NULL };

	bench_heading(
	    b, "DANE-EE 3 1 1: a P-256 certificate in DER and its records, to the verdict");
	check_refusals("ee,other", 3, 1);
	judge_job_add_named(&job, "ee");
	judge_job_open(&job, 3, 1, 0, (danepriv_span){ NULL, 0 });
	libdane_open(&job);
	openssl_open(&job);
	bench_times(b, rows, COUNT(rows), &job);
	bench_amounts(b, amounts, COUNT(amounts), &job);
	openssl_close(&job);
	libdane_close(&job);
	judge_job_close(&job);
}

static void
measure_anchor(const bench *b, const bench_row *rows, size_t count, const danepriv_crypto *crypto)
{
	judge_job job = { .crypto = crypto };

	judge_job_add_named(&job, "by-sub,sub,root");
	judge_job_open(&job, 2, 0, 2, (danepriv_span){ NULL, 0 });
	openssl_open(&job);
	bench_times(b, rows, count, &job);
	openssl_close(&job);
	judge_job_close(&job);
}

static void
rows_anchor(const bench *b)
{
	static const bench_row rows[] = {
		{ "judge 2 0 1", judge, "two P-256 verifications", floor_p256, .times = 2,
		    .wanted = "<= 1.3" },
		{ "judge 2 0 1", judge, "GnuTLS, trust list", gnutls_trust_list, .faster = true,
		    .wanted = ">= 1" },
		{ "judge 2 0 1", judge, "OpenSSL, objects kept", openssl_kept, .faster = true },
		{ "judge 2 0 1", judge, "OpenSSL, as used", openssl_as_used, .faster = true },
	};
	static const bench_row openssl_rows[] = {
		{ "judge 2 0 1 with OpenSSL", judge, "two P-256 verifications with OpenSSL",
		    floor_openssl_p256, .times = 2, .wanted = "<= 1.3" },
		{ "judge 2 0 1 with OpenSSL", judge, "OpenSSL, objects kept", openssl_kept,
		    .faster = true },
		{ "judge 2 0 1 with OpenSSL", judge, "OpenSSL, as used", openssl_as_used,
		    .faster = true, .wanted = ">= 1" },
	};
	bench_heading(
	    b, "DANE-TA 2 0 1: three P-256 certificates in DER, two signatures to verify");
	check_refusals("by-sub,sub,root,other-root", 2, 0);
	measure_anchor(b, rows, COUNT(rows), NULL);
	if (openssl_crypto())
		measure_anchor(b, openssl_rows, COUNT(openssl_rows), openssl_crypto());
}

void
rows_judge(const bench *b)
{
	rows_end_entity(b);
	rows_anchor(b);
}
