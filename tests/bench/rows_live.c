/* SPDX-License-Identifier: BSD-2-Clause
 * What does a lookup cost, from a name to proven records?  By a resolver on loopback that has all
 * answers in its cache, in the test world. */
#include "bench/peers.h"

#include <danepriv/getdns.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The root of the world signs with RSA: its keys, and the DS of test.  The rest is P-256: keys of
 * test, DS and keys of the zone, the TLSA records. */
#define RSA_SIGNATURES 2
#define P256_SIGNATURES 4
#define DEADLINE_MS 5000
#define NAME "ns1.nsec.test"
#define ANCHORS_ROOM 65536

static bool
fetch(void *state)
{
	const live_job *job = state;
	danepriv_records *records = NULL;
	danepriv_lookup *lookup = NULL;

	forget(job->ctx);
	bool good = danepriv_lookup_new(job->ctx, &job->server, &lookup) == DANEPRIV_OK &&
		    danepriv_getdns_start(job->dns, lookup, DEADLINE_MS, job->now) == DANEPRIV_OK &&
		    danepriv_getdns_run(job->dns, lookup) == DANEPRIV_OK &&
		    danepriv_lookup_finish(lookup, job->now, &records) == DANEPRIV_OK &&
		    danepriv_records_security(records) == DANEPRIV_SECURITY_SECURE;
	danepriv_records_free(records);
	danepriv_lookup_free(lookup);
	return good;
}

static bool
look_up(void *state)
{
	const live_job *job = state;

	forget(job->ctx);
	return replay_run(job->replay, job->ctx, &job->server, job->now);
}

static bool
verify_all(void *unused)
{
	bool good = true;

	for (unsigned i = 0; i < RSA_SIGNATURES; i++)
		good = floor_rsa_2048(unused) && good;
	for (unsigned i = 0; i < P256_SIGNATURES; i++)
		good = floor_p256(unused) && good;
	return good;
}

static bool
plain_and_verify(void *state)
{
	return getdns_plain(state) && verify_all(NULL);
}

/* What the file of anchors says; to be freed. */
static char *
read_text(const char *path)
{
	char *text = calloc(ANCHORS_ROOM, 1);
	FILE *file = fopen(path, "r");

	bench_require(text && file && fread(text, 1, ANCHORS_ROOM - 1, file) > 0, "no anchors");
	(void)fclose(file);
	return text;
}

static void
open_job(live_job *job, const danepriv_crypto *crypto)
{
	char *anchors = read_text(job->b->anchor);
	danepriv_settings settings = {
		.size = sizeof settings, .anchors = anchors, .crypto = crypto
	};

	job->now = time(NULL);
	bench_require(danepriv_open(&settings, &job->ctx) == DANEPRIV_OK &&
			  danepriv_getdns_open(&job->b->resolver, 1, &job->dns) == DANEPRIV_OK,
	    "no context for the world");
	free(anchors);
	getdns_live_open(job);
	job->replay = replay_record(job->ctx, &job->server, job->now, getdns_ask, job);
	forget(job->ctx);
	bench_require(replay_signatures(job->replay, job->ctx, &job->server, job->now) ==
			  RSA_SIGNATURES + P256_SIGNATURES,
	    "the world is signed in another way");
	unbound_open(job);
}

static void
close_job(live_job *job)
{
	unbound_close(job);
	replay_free(job->replay);
	getdns_live_close(job);
	danepriv_getdns_close(job->dns);
	danepriv_close(job->ctx);
}

static void
check_refusals(live_job *job)
{
	static const bench_run runs[] = { fetch, getdns_validating, unbound_warm, unbound_cold };

	job->server.name = "ns1.bogus.test";
	require_refusals(runs, COUNT(runs), job);
	job->server.name = NAME;
}

static void
heading(const live_job *job)
{
	const replay *r = job->replay;
	char text[256];

	(void)snprintf(text, sizeof text,
	    "Live, from a name to proven records: %zu questions (waves: %u) to a resolver on "
	    "loopback, %d signatures",
	    r->count, r->items[r->count - 1].wave + 1, RSA_SIGNATURES + P256_SIGNATURES);
	bench_heading(job->b, text);
}

void
rows_live(const bench *b)
{
	static const bench_row rows[] = {
		{ "fetch", fetch, "the same questions, plain, + 2 RSA + 4 P-256", plain_and_verify,
		    .waits = true, .wanted = "<= 1.15" },
		{ "fetch", fetch, "the same questions, plain", getdns_plain, .waits = true },
		{ "fetch", fetch, "getdns, validating", getdns_validating, .faster = true,
		    .waits = true },
		{ "fetch", fetch, "libunbound, cold", unbound_cold, .faster = true, .waits = true },
		{ "fetch", fetch, "libunbound, out of its cache", unbound_warm, .faster = true,
		    .waits = true },
		{ "look up the same, answers recorded", look_up, "2 RSA + 4 P-256 verifications",
		    verify_all, .wanted = "<= 1.15" },
	};
	/* As the programs do it. */
	static const bench_row with_openssl = { "fetch with OpenSSL", fetch, "getdns, validating",
		getdns_validating, .faster = true, .waits = true, .wanted = ">= 1" };
	live_job job = { .b = b, .server = { NAME, 853, DANEPRIV_TRANSPORT_DOT } };

	if (!b->resolver || !b->anchor) {
		bench_heading(b, "Live");
		bench_skip(b, "fetch", "no test world: tests/bench/run starts one");
		return;
	}
	open_job(&job, NULL);
	check_refusals(&job);
	heading(&job);
	bench_times(b, rows, COUNT(rows), &job);
	close_job(&job);
	if (!openssl_crypto()) {
		bench_skip(b, with_openssl.name, "not installed");
		return;
	}
	open_job(&job, openssl_crypto());
	bench_times(b, &with_openssl, 1, &job);
	close_job(&job);
}
