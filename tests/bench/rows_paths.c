/* SPDX-License-Identifier: BSD-2-Clause
 * What do lists of certificates cost that were made to exhaust us?  The dearest that we know of
 * each kind, beside one verification of GnuTLS's; all that is done for them goes to one account. */
#include "bench/bench.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "crypto/digest.h"

#include <danepriv/danepriv.h>
#include <gnutls/abstract.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define ITEMS 128
#define RECORDS 512
#define ROOTS 1024
#define CERTIFICATE_MAX 65535
#define ECDSA_SHA256 "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define RSA_SHA256 "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"
#define WANTED "<= 100"

/* What a peer sends, and the records that it is judged by. */
typedef struct path_job {
	danepriv *ctx;
	danepriv_records *records;
	danepriv_span items[ITEMS];
	test_octets octets[ITEMS];
	size_t count;
} path_job;

/* DER */

/* Puts a tag and a length in front of what was written from `at` on. */
static void
wrap(dp_buffer *b, size_t at, uint8_t tag)
{
	size_t len = b->len - at;
	const uint8_t head[] = { tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len };
	const uint8_t middle[] = { tag, 0x81, (uint8_t)len }, small[] = { tag, (uint8_t)len };
	const uint8_t *used = len > 0xFF ? head : len > 0x7F ? middle : small;
	size_t octets = len > 0xFF ? 4 : len > 0x7F ? 3 : 2;
	const uint8_t room[4] = { 0 };

	dp_write(b, room, octets);
	bench_require(b->status == DANEPRIV_OK, "a certificate is too large");
	memmove(b->data + at + octets, b->data + at, len);
	memcpy(b->data + at, used, octets);
}

static void
write_element(dp_buffer *b, uint8_t tag, const void *content, size_t len)
{
	size_t at = b->len;

	dp_write(b, content, len);
	wrap(b, at, tag);
}

/* A common name alone. */
static void
write_name(dp_buffer *b, const char *text)
{
	size_t at = b->len;

	dp_write(b, "\x06\x03\x55\x04\x03", 5);
	write_element(b, 0x0C, text, strlen(text));
	wrap(b, at, 0x30);
	wrap(b, at, 0x31);
	wrap(b, at, 0x30);
}

/* By the last octet of its OID; critical. */
static void
write_extension(dp_buffer *b, uint8_t number, const dp_buffer *value)
{
	const uint8_t head[] = { 0x06, 0x03, 0x55, 0x1D, number, 0x01, 0x01, 0xFF };
	size_t at = b->len;

	dp_write(b, head, sizeof head);
	write_element(b, 0x04, value->data, value->len);
	wrap(b, at, 0x30);
}

/* A certificate. */
typedef struct made {
	const char *subject, *issuer;
	danepriv_span spki;
	gnutls_privkey_t signer; /* NULL: nobody signs it */
	bool is_authority;
	unsigned names, subtrees; /* alternative names, and what may not be issued for */
	size_t filling;		  /* octets of an extension that nobody knows */
	size_t rsa_signature;	  /* octets; 0: ECDSA */
	unsigned serial;
} made;

static void
write_names(dp_buffer *value, const made *m)
{
	char name[32] = "ns1.example.net";

	for (unsigned i = 0; i < m->names; i++) {
		write_element(value, 0x82, name, strlen(name));
		(void)snprintf(name, sizeof name, "a%u.b", i);
	}
	wrap(value, 0, 0x30);
}

static void
write_subtrees(dp_buffer *value, const made *m)
{
	char name[32];

	for (unsigned i = 0; i < m->subtrees; i++) {
		size_t at = value->len;
		(void)snprintf(name, sizeof name, "%u", i);
		write_element(value, 0x82, name, strlen(name));
		wrap(value, at, 0x30);
	}
	wrap(value, 0, 0xA1);
	wrap(value, 0, 0x30);
}

static void
write_filling(dp_buffer *b, size_t octets)
{
	size_t at = b->len;
	uint8_t *zeros = calloc(1, octets);

	bench_require(zeros != NULL, "out of memory");
	dp_write(b, "\x06\x02\x2a\x03", 4);
	write_element(b, 0x04, zeros, octets);
	wrap(b, at, 0x30);
	free(zeros);
}

static void
write_extensions(dp_buffer *b, const made *m)
{
	dp_buffer names = dp_buffer_growing(CERTIFICATE_MAX);
	dp_buffer subtrees = dp_buffer_growing(CERTIFICATE_MAX);
	dp_buffer basic = dp_buffer_growing(16);
	size_t at = b->len;

	dp_write(&basic, "\x30\x03\x01\x01\xff", 5);
	if (m->is_authority)
		write_extension(b, 0x13, &basic);
	if (m->names > 0) {
		write_names(&names, m);
		write_extension(b, 0x11, &names);
	}
	if (m->subtrees > 0) {
		write_subtrees(&subtrees, m);
		write_extension(b, 0x1E, &subtrees);
	}
	if (m->filling > 0)
		write_filling(b, m->filling);
	wrap(b, at, 0x30);
	wrap(b, at, 0xA3);
	dp_buffer_free(&basic);
	dp_buffer_free(&subtrees);
	dp_buffer_free(&names);
}

/* One that could be such a signature, or one that is. */
static void
write_signature(dp_buffer *b, const made *m, size_t tbs_at)
{
	uint8_t octets[1024];
	gnutls_datum_t tbs = { b->data + tbs_at, (unsigned)(b->len - tbs_at) }, signature;
	size_t at;

	memset(octets, 0x11, sizeof octets);
	octets[sizeof octets - 1] = (uint8_t)m->serial;
	if (m->signer)
		bench_require(gnutls_privkey_sign_data(
				  m->signer, GNUTLS_DIG_SHA256, 0, &tbs, &signature) >= 0,
		    "no signature");
	dp_write(b, m->rsa_signature ? RSA_SHA256 : ECDSA_SHA256, m->rsa_signature ? 15 : 12);
	at = b->len;
	dp_write_u8(b, 0);
	if (m->signer) {
		dp_write(b, signature.data, signature.size);
		gnutls_free(signature.data);
	} else if (m->rsa_signature) {
		dp_write(b, octets + sizeof octets - m->rsa_signature, m->rsa_signature);
	} else {
		size_t numbers = b->len;
		write_element(b, 0x02, octets, 32);
		write_element(b, 0x02, octets + sizeof octets - 32, 32);
		wrap(b, numbers, 0x30);
	}
	wrap(b, at, 0x03);
}

static void
add(path_job *job, const made *m)
{
	static const char dates[] = "\x17\x0d"
				    "200101000000Z"
				    "\x17\x0d"
				    "490101000000Z";
	dp_buffer b = dp_buffer_growing(CERTIFICATE_MAX);
	const uint8_t serial[] = { 1, (uint8_t)(m->serial >> 8), (uint8_t)m->serial };

	dp_write(&b, "\xa0\x03\x02\x01\x02", 5);
	write_element(&b, 0x02, serial, sizeof serial);
	dp_write(&b, m->rsa_signature ? RSA_SHA256 : ECDSA_SHA256, m->rsa_signature ? 15 : 12);
	write_name(&b, m->issuer);
	write_element(&b, 0x30, dates, sizeof dates - 1);
	write_name(&b, m->subject);
	dp_write_span(&b, m->spki);
	write_extensions(&b, m);
	wrap(&b, 0, 0x30);
	write_signature(&b, m, 0);
	wrap(&b, 0, 0x30);
	bench_require(job->count < ITEMS, "too many certificates");
	job->octets[job->count] = octets_copy(dp_buffer_span(&b));
	job->items[job->count] = octets_span(job->octets[job->count]);
	job->count++;
	dp_buffer_free(&b);
}

/* Keys */

static test_octets
curve_key(gnutls_ecc_curve_t curve, gnutls_privkey_t *kept)
{
	gnutls_privkey_t key;
	gnutls_pubkey_t public = NULL;
	gnutls_datum_t der;

	bench_require(gnutls_privkey_init(&key) >= 0 && gnutls_pubkey_init(&public) >= 0 &&
			  gnutls_privkey_generate(
			      key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(curve), 0) >= 0 &&
			  gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0 &&
			  gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der) >= 0,
	    "no key");
	test_octets spki = octets_copy((danepriv_span){ der.data, der.size });
	gnutls_free(der.data);
	gnutls_pubkey_deinit(public);
	if (kept)
		*kept = key;
	else
		gnutls_privkey_deinit(key);
	return spki;
}

/* RSA with a modulus of so many octets, made of nothing; the exponent has the other number. */
static test_octets
rsa_key(size_t modulus, size_t exponent, unsigned number)
{
	dp_buffer b = dp_buffer_growing(CERTIFICATE_MAX);
	uint8_t octets[1025] = { 0 };

	memset(octets + 1, 0xF1, modulus);
	octets[modulus] = (uint8_t)(2 * number + 1);
	dp_write_u8(&b, 0);
	size_t at = b.len;
	write_element(&b, 0x02, octets, modulus + 1);
	memset(octets + 1, 0xFF, exponent);
	write_element(&b, 0x02, octets, exponent + 1);
	wrap(&b, at, 0x30);
	wrap(&b, 0, 0x03);
	at = b.len;
	dp_write(&b, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
	/* The algorithm comes first. */
	dp_buffer whole = dp_buffer_growing(CERTIFICATE_MAX);
	dp_write(&whole, b.data + at, 15);
	dp_write(&whole, b.data, at);
	wrap(&whole, 0, 0x30);
	test_octets spki = octets_copy(dp_buffer_span(&whole));
	dp_buffer_free(&whole);
	dp_buffer_free(&b);
	return spki;
}

/* Jobs */

/* `count` records `usage 0 1`: those of the last certificate, or of nothing. */
static void
open_job(path_job *job, uint8_t usage, size_t count, danepriv_span roots)
{
	static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_DOT };
	danepriv_settings settings = { .size = sizeof settings, .roots = roots };
	static uint8_t octets[RECORDS][3 + 64];
	const danepriv_span nothing = { NULL, 0 };
	danepriv_span rdatas[RECORDS];

	for (size_t i = 0; i < count; i++) {
		uint8_t selector = (uint8_t)(i % 2), matching = (uint8_t)(i % 4 < 2 ? 1 : 2);
		octets[i][0] = usage == 0 && i % 8 > 3 ? 2 : usage;
		octets[i][1] = count > 1 ? selector : 0;
		octets[i][2] = count > 1 ? matching : 1;
		memset(octets[i] + 3, (int)i + 1, 64);
		octets[i][3] = (uint8_t)(i >> 8);
		if (count == 1)
			(void)dp_digest(
			    DP_DIGEST_SHA256, job->items[job->count - 1], nothing, octets[i] + 3);
		rdatas[i] = (danepriv_span){ octets[i], octets[i][2] == 1 ? 35 : 67 };
	}
	bench_require(danepriv_open(&job->ctx, &settings) == DANEPRIV_OK &&
			  danepriv_records_vouch(&server, NULL, DANEPRIV_PROOF_SECURE, rdatas,
			      count, 4102444800, &job->records) == DANEPRIV_OK,
	    "nothing to judge");
}

static bool
judge_and_refuse(void *state)
{
	const path_job *job = state;
	danepriv_credential credential = { DANEPRIV_X509, job->items, job->count };
	danepriv_verdict verdict = { .size = sizeof verdict };

	return danepriv_evaluate(job->ctx, job->records, &credential, NOW, &verdict) ==
		   DANEPRIV_OK &&
	       verdict.finding == DANEPRIV_MISMATCH;
}

static void
measure(const bench *b, path_job *job, const char *name)
{
	const bench_row row = { name, judge_and_refuse, "one P-256 verification", floor_p256,
		.wanted = WANTED };

	bench_times(b, &row, 1, job);
	danepriv_records_free(job->records);
	danepriv_close(job->ctx);
	while (job->count > 0)
		octets_free(job->octets[--job->count]);
}

/* As many authorities of one name, each with a key of its own, as a peer may send. */
static void
measure_keys(const bench *b, const char *name, gnutls_ecc_curve_t curve, size_t modulus)
{
	path_job job = { .count = 0 };
	made m = { "server", "CA", { NULL, 0 }, NULL, false, 1, 0, 0, 0, 0 };
	size_t exponent = modulus > 512 ? 4 : 8;

	if (!bench_wants(b, name))
		return;
	for (m.serial = 0; m.serial < ITEMS - 1; m.serial++) {
		test_octets spki =
		    modulus ? rsa_key(modulus, exponent, m.serial) : curve_key(curve, NULL);
		m.spki = octets_span(spki);
		m.rsa_signature = modulus;
		add(&job, &m);
		m.subject = "CA";
		m.is_authority = true;
		m.names = 0;
		octets_free(spki);
	}
	open_job(&job, 2, 1, (danepriv_span){ NULL, 0 });
	measure(b, &job, name);
}

/* A path of ten that was signed, from many names up through many subtrees; all is permitted but at
 * the last. */
static void
measure_subtrees(const bench *b, const char *name)
{
	path_job job = { .count = 0 };
	gnutls_privkey_t key;
	test_octets spki = curve_key(GNUTLS_ECC_CURVE_SECP256R1, &key);
	char subject[16] = "server", issuer[16];

	for (unsigned i = 0; i < DP_PATH_MAX; i++) {
		(void)snprintf(issuer, sizeof issuer, "CA%u", i + (i < DP_PATH_MAX - 1));
		made m = { subject, issuer, octets_span(spki), key, i > 0, 256, i > 0 ? 4000 : 0, 0,
			0, i };
		add(&job, &m);
		(void)snprintf(subject, sizeof subject, "CA%u", i + 1);
	}
	open_job(&job, 2, 1, (danepriv_span){ NULL, 0 });
	measure(b, &job, name);
	octets_free(spki);
	gnutls_privkey_deinit(key);
}

/* As many octets as a peer may send, as many records as there may be, as many roots. */
static void
measure_crowd(const bench *b, const char *name, size_t filling)
{
	path_job job = { .count = 0 };
	test_octets spki = curve_key(GNUTLS_ECC_CURVE_SECP256R1, NULL);
	made m = { "server", "CA", octets_span(spki), NULL, false, 1, 0, filling, 0, 0 };

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
	open_job(&job, 0, RECORDS, (danepriv_span){ roots, count * len });
	measure(b, &job, name);
	free(roots);
	octets_free(spki);
}

void
rows_paths(const bench *b)
{
	bench_heading(b, "Certificates made to exhaust us: all are refused");
	measure_keys(b, "127 keys of P-256", GNUTLS_ECC_CURVE_SECP256R1, 0);
	measure_keys(b, "127 keys of P-384", GNUTLS_ECC_CURVE_SECP384R1, 0);
	measure_keys(b, "127 keys of P-521", GNUTLS_ECC_CURVE_SECP521R1, 0);
	measure_keys(b, "127 keys of RSA-2048, long exponents", GNUTLS_ECC_CURVE_INVALID, 256);
	measure_keys(b, "127 keys of RSA-4096, long exponents", GNUTLS_ECC_CURVE_INVALID, 512);
	measure_keys(b, "127 keys of RSA-8192, long exponents", GNUTLS_ECC_CURVE_INVALID, 1024);
	measure_subtrees(b, "256 names below 9 times 4000 subtrees");
	measure_crowd(b, "512 records, 128 certificates of 8 KiB, roots", 7600);
	measure_crowd(b, "512 records, 128 small certificates, 1024 roots", 1);
}
