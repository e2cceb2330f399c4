/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to be done, by us and by others alike?  A job holds the inputs, and what each peer
 * keeps between its runs.  What cannot be set up ends the program. */
#ifndef BENCH_JOBS_H
#define BENCH_JOBS_H

#include "base/bounds.h"
#include "bench/bench.h"
#include "support/proofs.h"

#include <danepriv/judge.h>
#include <danepriv/lookup.h>

#define JOB_ITEMS_MAX 16
#define JOB_NAME "ns1.example.net"

/* Certificates, and the one record that they are judged by. */
typedef struct judge_job {
	danepriv *ctx;
	const danepriv_crypto *crypto; /* who verifies; NULL: the house */
	danepriv_records *records;
	danepriv_credential credential;
	danepriv_span items[JOB_ITEMS_MAX];
	test_octets octets[JOB_ITEMS_MAX];
	test_octets rdata;
	danepriv_span spki; /* of the end entity */
	danepriv_time now;
	struct openssl_job *openssl;
	struct libdane_job *libdane;
} judge_job;

/* One more certificate behind those that are there; the job frees it. */
void judge_job_add(judge_job *job, test_octets certificate);
/* The same for certificates of tests/vectors/dane, by names with commas between them. */
void judge_job_add_named(judge_job *job, const char *names);
/* The record is `usage selector 1` of the item `which`.  `roots` may be empty. */
void judge_job_open(
    judge_job *job, uint8_t usage, uint8_t selector, size_t which, danepriv_span roots);
void judge_job_close(judge_job *job);
/* danepriv_evaluate: a match. */
bool judge(void *judge_job);

/* What says yes to everything is no peer: ends the program if one of these does its work on a job
 * that is to be refused.  Entries may be NULL. */
void require_refusals(const bench_run *runs, size_t count, void *state);

/* As if nothing had been verified yet: what is cold is cold each time. */
void forget(danepriv *ctx);

/* A chain of records, and what it proves. */
typedef struct proof_job {
	danepriv *ctx;
	danepriv *warm; /* the same, and remembers */
	proof_cases cases;
	const proof_case *chain;
	unsigned units, verified; /* of the last time */
	danepriv_server server;	  /* for the lookup of the same */
	struct replay *replay;
	struct getdns_proof *getdns;
} proof_job;

/* A name that is looked up in the test world. */
typedef struct live_job {
	const bench *b;
	danepriv *ctx;
	danepriv_server server;
	danepriv_time now;
	struct replay *replay;
	struct danepriv_getdns *dns;
	struct getdns_live *getdns;
	struct ub_ctx *unbound;
} live_job;

/* The questions of one lookup, in the order in which they come up, and their answers. */
typedef struct replay_item {
	danepriv_question question;
	unsigned wave; /* those of a wave go out together */
	test_octets answer;
} replay_item;

typedef struct replay {
	replay_item items[DP_QUESTIONS_MAX];
	size_t count;
} replay;

/* Where recorded answers come from; empty when there is none. */
typedef test_octets (*replay_ask)(void *arg, const danepriv_question *question);

replay *replay_record(const danepriv *ctx, const danepriv_server *server, danepriv_time now,
    replay_ask ask, void *arg);
void replay_free(replay *r);
/* danepriv_lookup from the first question to the records; true when they are secure. */
bool replay_run(replay *r, const danepriv *ctx, const danepriv_server *server, danepriv_time now);
/* How many signatures have to be verified for it. */
unsigned replay_signatures(
    const replay *r, const danepriv *ctx, const danepriv_server *server, danepriv_time now);

#endif
