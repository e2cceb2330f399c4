/* SPDX-License-Identifier: BSD-2-Clause
 * What does a proof cost that a server sends along, where the way to its zone is known already?
 * And how much of the heap do proofs take, beyond the octets that were sent? */
#include "bench/peers.h"
#include "crypto/memo.h"
#include "support/tiny_zone.h"

#include <danepriv/chain.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define HOUR 3600
#define REMEMBERED 65536

/* Leaves come round again when nearly all of them have been pushed out of so small a memory; the
 * one signature that they share hardly ever has. */
#define LEAVES 4096
#define LEAVES_QUICK 8
#define LEAVES_REMEMBERED 1024

typedef struct leaf {
	char name[40];
	test_octets chain;
} leaf;

/* Servers of one zone, each with a proof of its own. */
typedef struct zone_job {
	tiny_zone *zone;
	danepriv *ctx;
	leaf *leaves;
	size_t count, next;
} zone_job;

static bool
is_proven(danepriv_status status, danepriv_records *records, danepriv_security security)
{
	bool good = status == DANEPRIV_OK && danepriv_records_security(records) == security;

	danepriv_records_free(records);
	return good;
}

static bool
prove_leaf(zone_job *job, const leaf *l, danepriv_time now)
{
	danepriv_server server = { l->name, 853, DANEPRIV_TRANSPORT_DOT };
	danepriv_records *records;
	danepriv_status status =
	    danepriv_records_prove(job->ctx, &server, octets_span(l->chain), now, &records);

	return is_proven(status, records, DANEPRIV_SECURITY_SECURE);
}

static bool
prove_next_leaf(void *state)
{
	zone_job *job = state;
	const leaf *l = &job->leaves[job->next];

	job->next = (job->next + 1) % job->count;
	return prove_leaf(job, l, NOW);
}

static void
sign_leaf(const zone_job *job, leaf *l, size_t number)
{
	uint8_t rdata[35] = { 3, 1, 1, (uint8_t)(number >> 8), (uint8_t)number };
	danepriv_span span = { rdata, sizeof rdata };
	char owner[64];

	(void)snprintf(l->name, sizeof l->name, "ns%zu.example.net", number);
	(void)snprintf(owner, sizeof owner, "_853._tcp.%s", l->name);
	l->chain = tiny_zone_chain(job->zone, owner, &span, 1, NOW - HOUR, NOW + HOUR);
}

static void
open_zone(zone_job *job, const danepriv_crypto *crypto)
{
	const danepriv_settings settings = {
		.size = sizeof settings, .memo = LEAVES_REMEMBERED, .crypto = crypto
	};

	job->ctx = tiny_zone_context(job->zone, &settings);
	bench_require(!prove_leaf(job, &job->leaves[0], NOW + 2 * HOUR), "an old proof is taken");
	/* The last ones are still to come when it begins with the first. */
	for (size_t i = 0; i < job->count; i++)
		bench_require(prove_leaf(job, &job->leaves[i], NOW), "a leaf is not proven");
	job->next = 0;
}

static bool
wants_row(const bench *b, const bench_row *row)
{
	return bench_wants(b, row->name) || bench_wants(b, row->peer);
}

static void
measure_leaves(const bench *b, zone_job *job, const danepriv_crypto *crypto, const bench_row *row)
{
	if (!wants_row(b, row))
		return;
	open_zone(job, crypto);
	bench_times(b, row, 1, job);
	danepriv_close(job->ctx);
}

static void
rows_leaves(const bench *b)
{
	static const bench_row rows[] = {
		{ "prove a new leaf, path known", prove_next_leaf, "one P-256 verification",
		    floor_p256, .wanted = "<= 1.2" },
		{ "prove a new leaf with OpenSSL, path known", prove_next_leaf,
		    "one verification by OpenSSL", floor_openssl_p256, .wanted = "<= 1.2" },
	};
	const danepriv_crypto *crypto = openssl_crypto();
	zone_job job = { .count = b->quick ? LEAVES_QUICK : LEAVES };

	if (!wants_row(b, &rows[0]) && !wants_row(b, &rows[1]))
		return;
	job.zone = tiny_zone_new();
	job.leaves = calloc(job.count, sizeof *job.leaves);
	bench_require(job.leaves != NULL, "no memory");
	for (size_t i = 0; i < job.count; i++)
		sign_leaf(&job, &job.leaves[i], i);
	measure_leaves(b, &job, NULL, &rows[0]);
	if (crypto)
		measure_leaves(b, &job, crypto, &rows[1]);
	else
		bench_skip(b, rows[1].name, "not installed");
	for (size_t i = 0; i < job.count; i++)
		octets_free(job.leaves[i].chain);
	free(job.leaves);
	tiny_zone_free(job.zone);
}

/* What a server sends, and what it proves. */
typedef struct sent_job {
	danepriv *ctx;
	danepriv *warm; /* the same, and remembers */
	danepriv_server server;
	test_octets extension;
	danepriv_time now;
} sent_job;

static bool
prove_sent(const sent_job *job, const danepriv *ctx)
{
	danepriv_records *records;
	danepriv_status status = danepriv_records_prove_extension(
	    ctx, &job->server, octets_span(job->extension), job->now, &records);

	return is_proven(status, records, DANEPRIV_SECURITY_SECURE);
}

static bool
prove_sent_cold(void *state)
{
	sent_job *job = state;

	forget(job->ctx);
	return prove_sent(job, job->ctx);
}

static bool
prove_sent_again(void *state)
{
	const sent_job *job = state;

	return prove_sent(job, job->warm);
}

static void
let_go(sent_job *job)
{
	octets_free(job->extension);
	danepriv_close(job->ctx);
	danepriv_close(job->warm);
}

/* Four times what was sent. */
static void
measure_heap(const bench *b, sent_job *job, const char *name)
{
	char text[128], wanted[32];
	const bench_amount rows[] = {
		{ text, prove_sent_cold, BENCH_OCTETS, wanted },
		{ text, prove_sent_again, BENCH_OCTETS, wanted },
	};
	static const char *const when[] = { "cold", "again" };

	(void)snprintf(wanted, sizeof wanted, "<= %zu", 4 * job->extension.len);
	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)snprintf(text, sizeof text, "%s, %s", name, when[i]);
		bench_amounts(b, &rows[i], 1, job);
	}
}

static void
measure_published(const bench *b, const char *name, const danepriv_crypto *crypto)
{
	static const bench_row again = { "prove RFC 9102 A.1 as it is sent, again",
		prove_sent_again, "the same, cold", prove_sent_cold, .faster = true,
		.wanted = ">= 100" };
	const danepriv_settings settings = { .earliest = 1, .crypto = crypto };
	proof_cases cases = { NULL, 0 };
	sent_job job = { .server = { "www.example.com", 443, DANEPRIV_TRANSPORT_DOH } };

	proofs_read(&cases, "rfc9102/chains.txt");
	const proof_case *c = proofs_find(&cases, "A.1");
	job.ctx = proofs_open(c->anchors, &settings);
	job.warm = proofs_open(c->anchors, &settings);
	job.extension = tiny_zone_extension(octets_span(c->chain), 1, false);
	job.now = c->now;
	if (!crypto)
		bench_times(b, &again, 1, &job);
	measure_heap(b, &job, name);
	let_go(&job);
	proofs_free(&cases);
}

/* The largest that an extension can hold: as many records as are taken, of one server. */
static void
measure_largest(const bench *b)
{
	tiny_zone *zone = tiny_zone_new();
	sent_job job = { .server = { JOB_NAME, 853, DANEPRIV_TRANSPORT_DOT }, .now = NOW };

	test_octets chain =
	    tiny_zone_large_chain(zone, "_853._tcp." JOB_NAME, NOW - HOUR, NOW + HOUR);
	job.extension = tiny_zone_extension(octets_span(chain), 1, true);
	job.ctx = tiny_zone_context(zone, NULL);
	job.warm = tiny_zone_context(zone, NULL);
	measure_heap(b, &job, "heap for a proof of 64 KiB");
	let_go(&job);
	octets_free(chain);
	tiny_zone_free(zone);
}

static bool
make_memo(void *unused)
{
	dp_memo *memo = dp_memo_new(REMEMBERED);

	(void)unused;
	bench_require(memo != NULL, "no memory");
	dp_memo_free(memo);
	return true;
}

void
rows_sent(const bench *b)
{
	static const bench_amount memo = { "a signature that is remembered", make_memo,
		BENCH_OCTETS, "<= 64", REMEMBERED };

	bench_heading(b, "Proofs that servers send; heap at its highest, beyond the input");
	rows_leaves(b);
	measure_published(b, "heap for RFC 9102 A.1", NULL);
	if (openssl_crypto())
		measure_published(b, "heap for RFC 9102 A.1 with OpenSSL", openssl_crypto());
	measure_largest(b);
	bench_amounts(b, &memo, 1, NULL);
}
