/* SPDX-License-Identifier: BSD-2-Clause
 * What does it cost, beside the least that it could cost?  One table; quote its ratios, not its
 * times.  Each row runs in rounds that alternate with its floor, so that a machine that slows down
 * slows both; the ratio is the median of the rounds'. */
#include "crypto/der.h"
#include "dnssec/validator.h"
#include "support/octets.h"

#include <danepriv/judge.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 21
#define ROUND_SECONDS 0.01

/* What the rows work on. */
typedef struct world {
	danepriv *ctx, *published; /* built-in anchors; the anchors of RFC 9102 appendix A */
	danepriv_records *records;
	test_octets certificate, spki, chain;
	danepriv_span item;
	gnutls_pubkey_t key;
	gnutls_datum_t data, signature;
	test_octets hostile;
	char hostile_name[256], hostile_anchors[1 << 14];
	danepriv *hostile_ctx;
	danepriv_time hostile_now;
	unsigned units, verified;
} world;

typedef struct row {
	const char *name;
	bool (*run)(world *w);
	const char *floor_name;
	bool (*floor)(world *w);
	double floor_times; /* the row needs the floor this many times */
} row;

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
give_up(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static bool
hash_spki(world *w)
{
	uint8_t digest[64];

	return gnutls_hash_fast(GNUTLS_DIG_SHA256, w->spki.data, w->spki.len, digest) == 0;
}

static bool
judge_3_1_1(world *w)
{
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_credential credential = { DANEPRIV_X509, &w->item, 1 };

	return danepriv_evaluate(w->ctx, w->records, &credential, 1, &verdict) == DANEPRIV_OK &&
	       verdict.finding == DANEPRIV_MATCH;
}

static bool
verify_p256(world *w)
{
	return gnutls_pubkey_verify_data2(
		   w->key, GNUTLS_SIGN_ECDSA_SHA256, 0, &w->data, &w->signature) >= 0;
}

/* Proves what `chain` says of a name; the proof is returned. */
static danepriv_proof
prove(world *w, const danepriv *ctx, danepriv_span chain, const char *qname, danepriv_time now)
{
	static dp_validator v;
	dp_name_store name;
	dp_found found = { .proven = { .proof = DANEPRIV_PROOF_UNKNOWN } };

	dp_validator_init(&v, ctx);
	v.questions.closed = true;
	if (dp_name_from_text(qname, &name) == DANEPRIV_OK &&
	    dp_validator_add(&v, chain) == DANEPRIV_OK)
		(void)!dp_validate(&v, dp_name_of(&name), DP_TYPE_TLSA, now, &found);
	w->units = v.work;
	w->verified = v.verified;
	dp_validator_free(&v);
	return found.proven.proof;
}

static bool
prove_published(world *w)
{
	return prove(w, w->published, octets_span(w->chain), "_443._tcp.www.example.com.",
		   1560000000) == DANEPRIV_PROOF_SECURE;
}

static bool
prove_hostile(world *w)
{
	return prove(w, w->hostile_ctx, octets_span(w->hostile), w->hostile_name, w->hostile_now) ==
	       DANEPRIV_PROOF_BOGUS;
}

/* Seconds for one call, over enough of them to fill a round. */
static double
time_round(bool (*run)(world *w), world *w, unsigned calls)
{
	double start = seconds();

	for (unsigned i = 0; i < calls; i++)
		if (!run(w))
			give_up("a row does not do its work");
	return (seconds() - start) / calls;
}

static unsigned
calls_for(bool (*run)(world *w), world *w)
{
	unsigned calls = 1;

	while (calls < 1u << 24 && time_round(run, w, calls) * calls < ROUND_SECONDS)
		calls *= 2;
	return calls;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof *values, compare_doubles);
	return values[ROUNDS / 2];
}

static void
measure(const row *r, world *w, bool json)
{
	double own[ROUNDS], ratio[ROUNDS];
	unsigned calls = calls_for(r->run, w);
	unsigned floor_calls = r->floor ? calls_for(r->floor, w) : 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		own[i] = time_round(r->run, w, calls);
		ratio[i] =
		    r->floor ? own[i] / (time_round(r->floor, w, floor_calls) * r->floor_times) : 0;
	}
	double micros = median(own) * 1e6;
	if (json) {
		printf("{\"row\":\"%s\",\"microseconds\":%.3f", r->name, micros);
		if (r->floor)
			printf(",\"floor\":\"%s\",\"ratio\":%.3f", r->floor_name, median(ratio));
		printf("}\n");
	} else if (r->floor) {
		printf("%-46s %10.2f us   %6.2f x %s\n", r->name, micros, median(ratio),
		    r->floor_name);
	} else {
		printf("%-46s %10.2f us\n", r->name, micros);
	}
}

static danepriv *
open_context(const char *anchors)
{
	danepriv_settings settings = { .size = sizeof settings, .anchors = anchors, .earliest = 1 };
	danepriv *ctx;

	if (danepriv_open(&ctx, &settings) != DANEPRIV_OK)
		give_up("no context");
	return ctx;
}

static void
read_text(const char *path, char *text, size_t room)
{
	test_octets file = octets_from_file(path);

	if (file.len >= room)
		give_up("anchors are too long");
	memcpy(text, file.data, file.len);
	text[file.len] = '\0';
	octets_free(file);
}

/* One field, in hexadecimal, of the line of this name in a file of vectors. */
static test_octets
read_vector(const char *path, const char *name, unsigned field)
{
	test_octets octets = { NULL, 0 };
	test_vectors *file = vectors_open(path);
	test_vector line;

	while (!octets.data && vectors_next(file, &line))
		if (strcmp(line.fields[0], name) == 0 && line.fields[field])
			octets = octets_from_hex(line.fields[field]);
	vectors_close(file);
	if (!octets.data)
		give_up("a vector is missing");
	return octets;
}

/* A P-256 key, something to sign, and the signature. */
static void
make_signature(world *w)
{
	static uint8_t octets[512];
	gnutls_privkey_t private_key;

	w->data.data = octets;
	w->data.size = sizeof octets;
	if (gnutls_privkey_init(&private_key) < 0 || gnutls_pubkey_init(&w->key) < 0 ||
	    gnutls_privkey_generate(private_key, GNUTLS_PK_ECDSA,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0 ||
	    gnutls_pubkey_import_privkey(w->key, private_key, 0, 0) < 0 ||
	    gnutls_privkey_sign_data2(
		private_key, GNUTLS_SIGN_ECDSA_SHA256, 0, &w->data, &w->signature) < 0)
		give_up("no key");
	gnutls_privkey_deinit(private_key);
}

static void
make_records(world *w)
{
	danepriv_server server = { "ns1.example.test", 853, DANEPRIV_DOT };
	danepriv_span spki;
	uint8_t rdata[3 + 32] = { 3, 1, 1 };

	w->certificate = read_vector("certificates.txt", "openssl-p256", 1);
	w->item = octets_span(w->certificate);
	if (dp_der_certificate_spki(w->item, &spki) != DANEPRIV_OK)
		give_up("no certificate");
	w->spki = octets_copy(spki);
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, spki.data, spki.len, rdata + 3) < 0 ||
	    danepriv_records_vouch(&server, NULL, DANEPRIV_PROOF_SECURE,
		&(danepriv_span){ rdata, sizeof rdata }, 1, 1000, &w->records) != DANEPRIV_OK)
		give_up("no records");
}

static void
make_world(world *w)
{
	static char anchors[1 << 12];

	w->ctx = open_context(NULL);
	make_records(w);
	make_signature(w);
	read_text("rfc9102/trust-anchor.ds", anchors, sizeof anchors);
	w->published = open_context(anchors);
	w->chain = read_vector("rfc9102/chains.txt", "A.1", 7);
}

/* Inputs made to exhaust us: each ends at a bound, told in units. */
static void
measure_hostile(world *w, const char *path, bool json)
{
	test_vectors *file = vectors_open(path);
	test_vector line;

	while (vectors_next(file, &line)) {
		if (!line.fields[7] || strncmp(line.fields[6], "limit-", 6) != 0)
			continue;
		read_text(line.fields[4], w->hostile_anchors, sizeof w->hostile_anchors);
		w->hostile_ctx = open_context(w->hostile_anchors);
		w->hostile = octets_from_hex(line.fields[7]);
		w->hostile_now = atoll(line.fields[3]);
		(void)snprintf(w->hostile_name, sizeof w->hostile_name, "%s", line.fields[1]);
		char name[128];
		(void)prove_hostile(w);
		(void)snprintf(name, sizeof name, "%s (%s, %u units)", line.fields[0],
		    line.fields[6], w->units);
		row r = { name, prove_hostile, "one P-256 verification", verify_p256, 1 };
		measure(&r, w, json);
		octets_free(w->hostile);
		danepriv_close(w->hostile_ctx);
	}
	vectors_close(file);
}

int
main(int argc, char **argv)
{
	static const row rows[] = {
		{ "SHA-256 of an SPKI", hash_spki, NULL, NULL, 0 },
		{ "judge 3 1 1, DER to verdict", judge_3_1_1, "the hash", hash_spki, 1 },
		{ "verify one P-256 signature", verify_p256, NULL, NULL, 0 },
		{ "prove RFC 9102 A.1, 6 signatures, cold", prove_published, "six verifications",
		    verify_p256, 6 },
	};
	bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
	static world w;

	make_world(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		measure(&rows[i], &w, json);
	measure_hostile(&w, "proofs/limits.txt", json);
	danepriv_records_free(w.records);
	danepriv_close(w.ctx);
	danepriv_close(w.published);
	gnutls_pubkey_deinit(w.key);
	gnutls_free(w.signature.data);
	octets_free(w.certificate);
	octets_free(w.spki);
	octets_free(w.chain);
	return 0;
}
