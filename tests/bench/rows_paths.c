/* SPDX-License-Identifier: BSD-2-Clause
 * What do lists of certificates cost that were made to exhaust us?  The dearest that we know of
 * each kind, beside one verification by whoever verifies; all that is done for them goes to one
 * account. */
#include "bench/certificates.h"
#include "bench/peers.h"

#include "base/bounds.h"
#include "crypto/digest.h"

#include <danepriv/danepriv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define ITEMS 128
#define RECORDS 512
#define ROOTS 1024
#define SEARCHED (ITEMS - 1) /* certificates of one key, each issued by each */

/* What a peer sends, and the records that it is judged by: so many of `usage`, those of the last
 * certificate or of nothing. */
typedef struct path_job {
	uint8_t usage;
	size_t records_wanted;
	danepriv_span roots;
	const char *names[DP_NAMES_MAX]; /* that it may go by as well */
	size_t name_count;
	danepriv *ctx;
	danepriv_records *records;
	danepriv_span items[ITEMS];
	test_octets octets[ITEMS];
	size_t count;
} path_job;

static void
add(path_job *job, const made *m)
{
	bench_require(job->count < ITEMS, "too many certificates");
	job->octets[job->count] = made_certificate(m);
	job->items[job->count] = octets_span(job->octets[job->count]);
	job->count++;
}

static danepriv_records *
vouch(const path_job *job)
{
	static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	static uint8_t octets[RECORDS][3 + 64];
	const danepriv_span nothing = { NULL, 0 };
	danepriv_span rdatas[RECORDS];
	danepriv_records *records;
	size_t count = job->records_wanted;

	for (size_t i = 0; i < count; i++) {
		uint8_t selector = (uint8_t)(i % 2), matching = (uint8_t)(i % 4 < 2 ? 1 : 2);
		octets[i][0] = job->usage == 0 && i % 8 > 3 ? 2 : job->usage;
		octets[i][1] = count > 1 ? selector : 0;
		octets[i][2] = count > 1 ? matching : 1;
		memset(octets[i] + 3, (int)i + 1, 64);
		octets[i][3] = (uint8_t)(i >> 8);
		if (count == 1)
			(void)dp_digest(
			    DP_DIGEST_SHA256, job->items[job->count - 1], nothing, octets[i] + 3);
		rdatas[i] = (danepriv_span){ octets[i], octets[i][2] == 1 ? 35 : 67 };
	}
	bench_require(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			  DANEPRIV_REASON_NONE, rdatas, count, 4102444800, &records) == DANEPRIV_OK,
	    "nothing to judge by");
	return records;
}

static bool
judge_and_refuse(void *state)
{
	const path_job *job = state;
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, job->items, job->count };
	danepriv_verdict verdict = { .size = sizeof verdict };

	return danepriv_evaluate(job->ctx, job->records, &credential, job->names, job->name_count,
		   NOW, &verdict) == DANEPRIV_OK &&
	       verdict.finding == DANEPRIV_FINDING_MISMATCH;
}

static void
measure_with(const bench *b, path_job *job, const char *name, const danepriv_crypto *crypto)
{
	const danepriv_settings settings = {
		.size = sizeof settings, .roots = job->roots, .crypto = crypto
	};
	const bench_row row = { name, judge_and_refuse,
		crypto ? "one P-256 verification by OpenSSL" : "one P-256 verification",
		crypto ? floor_openssl_p256 : floor_p256, .wanted = "<= 100" };

	bench_require(danepriv_open(&settings, &job->ctx) == DANEPRIV_OK, name);
	bench_times(b, &row, 1, job);
	danepriv_close(job->ctx);
}

static void
measure(const bench *b, path_job *job, const char *name)
{
	job->records = vouch(job);
	measure_with(b, job, name, NULL);
	if (openssl_crypto())
		measure_with(b, job, name, openssl_crypto());
	danepriv_records_free(job->records);
	while (job->count > 0)
		octets_free(job->octets[--job->count]);
}

/* As many authorities of one name, each with a key of its own, as a peer may send. */
typedef struct keys_row {
	const char *name;
	made_scheme scheme;
	gnutls_pk_algorithm_t algorithm;
	unsigned bits;
	size_t modulus, exponent; /* of RSA, in octets */
} keys_row;

#define BITS(curve) GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_##curve)
#define CURVE(curve) MADE_ECDSA, GNUTLS_PK_ECDSA, BITS(curve), 0, 0
#define EDWARDS(curve) MADE_##curve, GNUTLS_PK_EDDSA_##curve, BITS(curve), 0, 0
#define RSA(modulus, exponent) MADE_RSA, GNUTLS_PK_RSA, 0, modulus, exponent

static const keys_row keys_rows[] = {
	{ "127 keys of P-256", CURVE(SECP256R1) },
	{ "127 keys of P-384", CURVE(SECP384R1) },
	{ "127 keys of P-521", CURVE(SECP521R1) },
	{ "127 keys of Ed25519", EDWARDS(ED25519) },
	{ "127 keys of Ed448", EDWARDS(ED448) },
	{ "127 keys of RSA-1024, exponent 3", RSA(128, 0) },
	{ "127 keys of RSA-2048, long exponents", RSA(256, 8) },
	{ "127 keys of RSA-4096, long exponents", RSA(512, 8) },
	{ "127 keys of RSA-8192, long exponents", RSA(1024, 4) },
};

static void
measure_keys(const bench *b, const keys_row *row)
{
	path_job job = { .usage = 2, .records_wanted = 1 };
	made m = { .subject = "server", .issuer = "CA", .names = 1, .scheme = row->scheme };

	m.signature_octets = row->modulus;
	if (!bench_wants(b, row->name))
		return;
	for (m.serial = 0; m.serial < ITEMS - 1; m.serial++) {
		test_octets spki = row->modulus > 0
				       ? made_rsa_key(row->modulus, row->exponent, m.serial)
				       : made_key(row->algorithm, row->bits, NULL);
		m.spki = octets_span(spki);
		add(&job, &m);
		m.subject = "CA";
		m.is_authority = true;
		m.names = 0;
		octets_free(spki);
	}
	measure(b, &job, row->name);
}

/* Authorities of one name and key, each issued by each, none of them the one that is meant. */
static void
measure_search(const bench *b, const char *name, gnutls_pk_algorithm_t algorithm, unsigned bits,
    made_scheme scheme)
{
	path_job job = { .usage = 2, .records_wanted = 1 };
	gnutls_privkey_t key;
	made m = { .subject = "server", .issuer = "CA", .scheme = scheme, .names = 1 };

	if (!bench_wants(b, name))
		return;
	test_octets spki = made_key(algorithm, bits, &key);
	m.spki = octets_span(spki);
	m.signer = key;
	for (; m.serial < SEARCHED; m.serial++) {
		add(&job, &m);
		m.subject = "CA";
		m.is_authority = true;
		m.names = 0;
	}
	m.subject = "another";
	add(&job, &m);
	measure(b, &job, name);
	octets_free(spki);
	gnutls_privkey_deinit(key);
}

/* A path of ten that was signed, from many names up through many subtrees; all is permitted but at
 * the last. */
static void
measure_subtrees(const bench *b, const char *name)
{
	path_job job = { .usage = 2, .records_wanted = 1 };
	gnutls_privkey_t key;
	char subject[16] = "server", issuer[16];

	if (!bench_wants(b, name))
		return;
	test_octets spki = made_key(GNUTLS_PK_ECDSA, BITS(SECP256R1), &key);
	for (unsigned i = 0; i < DP_PATH_MAX; i++) {
		(void)snprintf(issuer, sizeof issuer, "CA%u", i + (i < DP_PATH_MAX - 1));
		made m = { .subject = subject,
			.issuer = issuer,
			.spki = octets_span(spki),
			.signer = key,
			.is_authority = i > 0,
			.names = 256,
			.subtrees = i > 0 ? 4000 : 0,
			.serial = i };
		add(&job, &m);
		(void)snprintf(subject, sizeof subject, "CA%u", i + 1);
	}
	measure(b, &job, name);
	octets_free(spki);
	gnutls_privkey_deinit(key);
}

#define LABEL_60 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwx"
#define LONG_NAME LABEL_60 "." LABEL_60 "." LABEL_60 "." LABEL_60 "."

/* So many alternative names of the peer's, each held against all that it may go by. */
static void
measure_names(const bench *b, const char *name, unsigned count, const char *alternative)
{
	path_job job = { .usage = 2, .records_wanted = 1 };
	static char names[DP_NAMES_MAX][300];
	made m = { .subject = "server", .issuer = "CA", .names = count, .name = alternative };

	if (!bench_wants(b, name))
		return;
	for (size_t i = 0; i < DP_NAMES_MAX; i++) {
		(void)snprintf(names[i], sizeof names[i], LONG_NAME "n%zu", i);
		job.names[job.name_count++] = names[i];
	}
	test_octets spki = made_key(GNUTLS_PK_ECDSA, BITS(SECP256R1), NULL);
	m.spki = octets_span(spki);
	add(&job, &m);
	measure(b, &job, name);
	octets_free(spki);
}

/* As many octets as a peer may send, as many records as there may be, as many roots. */
static void
measure_crowd(const bench *b, const char *name, size_t filling)
{
	path_job job = { .usage = 0, .records_wanted = RECORDS };
	made m = { .subject = "server", .issuer = "CA", .names = 1, .filling = filling };

	if (!bench_wants(b, name))
		return;
	test_octets spki = made_key(GNUTLS_PK_ECDSA, BITS(SECP256R1), NULL);
	m.spki = octets_span(spki);
	for (; m.serial < ITEMS; m.serial++) {
		add(&job, &m);
		m.subject = "CA";
		m.is_authority = true;
		m.names = 0;
	}
	size_t len = job.items[1].len, count = 2000000 / len < ROOTS ? 2000000 / len : ROOTS;
	uint8_t *roots = malloc(count * len);
	bench_require(roots != NULL, "out of memory");
	for (size_t i = 0; i < count; i++) {
		memcpy(roots + i * len, job.items[1].data, len);
		roots[i * len + len - 2] ^= (uint8_t)(i + 1);
		roots[i * len + len - 3] ^= (uint8_t)(i >> 8);
	}
	job.roots = (danepriv_span){ roots, count * len };
	measure(b, &job, name);
	free(roots);
	octets_free(spki);
}

void
rows_paths(const bench *b)
{
	bench_heading(b, "Certificates made to exhaust us: all are refused");
	for (size_t i = 0; i < COUNT(keys_rows); i++)
		measure_keys(b, &keys_rows[i]);
	measure_search(b, "126 of one P-256 key, each issued by each", GNUTLS_PK_ECDSA,
	    BITS(SECP256R1), MADE_ECDSA);
	measure_search(
	    b, "126 of one RSA-2048 key, each issued by each", GNUTLS_PK_RSA, 2048, MADE_RSA);
	measure_subtrees(b, "256 names below 9 times 4000 subtrees");
	measure_names(b, "17 names of one with 250 long ones", 250, LONG_NAME "zz");
	measure_names(b, "17 names of one with 256 empty ones", 256, "");
	measure_names(b, "17 names of one with 32000 empty ones", 32000, "");
	measure_crowd(b, "512 records, 128 certificates of 8 KiB, roots", 7600);
	measure_crowd(b, "512 records, 128 small certificates, 1024 roots", 1);
	if (!openssl_crypto())
		bench_skip(b, "certificates, with OpenSSL", "not installed");
}
