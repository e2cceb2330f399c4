/* SPDX-License-Identifier: BSD-2-Clause
 * How much memory does a judgement take beyond its input?  Also for a path of ten certificates of
 * 8 KiB. */
#include "bench/jobs.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define BEGIN 1600000000
#define END 2140000000
#define FILLING_OCTETS 7700 /* leaves room for the rest of 8 KiB */
#define FILLING_NAMES 250   /* of 8 KiB in sum */

typedef void (*fill)(gnutls_x509_crt_t certificate);

/* An authority on the way down. */
typedef struct issuer {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
} issuer;

static void
require(int result)
{
	bench_require(result >= 0, "no certificate could be made");
}

/* A certificate without names or filling, not signed yet. */
static issuer
begin_certificate(const char *name, bool is_authority, unsigned serial)
{
	issuer own;
	uint8_t number[] = { 1, (uint8_t)serial };

	require(gnutls_x509_privkey_init(&own.key));
	require(gnutls_x509_privkey_generate(
	    own.key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	require(gnutls_x509_crt_init(&own.certificate));
	require(gnutls_x509_crt_set_version(own.certificate, 3));
	require(gnutls_x509_crt_set_serial(own.certificate, number, sizeof number));
	require(gnutls_x509_crt_set_dn_by_oid(
	    own.certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
	require(gnutls_x509_crt_set_key(own.certificate, own.key));
	require(gnutls_x509_crt_set_activation_time(own.certificate, BEGIN));
	require(gnutls_x509_crt_set_expiration_time(own.certificate, END));
	require(gnutls_x509_crt_set_basic_constraints(own.certificate, is_authority, -1));
	require(gnutls_x509_crt_set_key_usage(own.certificate,
	    is_authority ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE));
	return own;
}

/* An extension that nobody knows. */
static void
fill_extension(gnutls_x509_crt_t certificate)
{
	static uint8_t zeros[FILLING_OCTETS];

	require(gnutls_x509_crt_set_extension_by_oid(
	    certificate, "1.3.6.1.4.1.99999.1", zeros, sizeof zeros, 0));
}

static void
fill_names(gnutls_x509_crt_t certificate)
{
	char name[64];

	for (unsigned i = 0; i < FILLING_NAMES; i++) {
		(void)snprintf(name, sizeof name, "%020u.test", i);
		require(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
		    (unsigned)strlen(name), GNUTLS_FSAN_APPEND));
	}
}

static test_octets
sign(issuer own, issuer above)
{
	gnutls_datum_t der;

	require(gnutls_x509_crt_sign2(
	    own.certificate, above.certificate, above.key, GNUTLS_DIG_SHA256, 0));
	require(gnutls_x509_crt_export2(own.certificate, GNUTLS_X509_FMT_DER, &der));
	test_octets octets = octets_copy((danepriv_span){ der.data, der.size });
	gnutls_free(der.data);
	return octets;
}

static void
let_go(issuer i)
{
	gnutls_x509_crt_deinit(i.certificate);
	gnutls_x509_privkey_deinit(i.key);
}

/* The longest path that is taken, of large certificates; the root comes last. */
static void
make_path(judge_job *job, fill fill_up)
{
	test_octets octets[DP_PATH_MAX];
	issuer above = { NULL, NULL };

	for (unsigned i = DP_PATH_MAX; i-- > 0;) {
		char name[32];
		(void)snprintf(name, sizeof name, "authority %u", i);
		issuer own = begin_certificate(name, i > 0, i);
		if (i == 0)
			require(gnutls_x509_crt_set_subject_alt_name(own.certificate,
			    GNUTLS_SAN_DNSNAME, JOB_NAME, sizeof JOB_NAME - 1, GNUTLS_FSAN_SET));
		if (fill_up != fill_names || i == 0)
			fill_up(own.certificate);
		octets[i] = sign(own, above.certificate ? above : own);
		bench_require(octets[i].len <= DP_CERTIFICATE_OCTETS_MAX, "too large");
		let_go(above);
		above = own;
	}
	let_go(above);
	for (unsigned i = 0; i < DP_PATH_MAX; i++)
		judge_job_add(job, octets[i]);
}

static void
measure_job(const bench *b, judge_job *job, const char *name)
{
	char wanted[32]; /* ten times what the peer sent */
	size_t octets = 0;

	for (size_t i = 0; i < job->credential.count; i++)
		octets += job->items[i].len;
	(void)snprintf(wanted, sizeof wanted, "<= %zu", 10 * octets);
	bench_amount row = { name, judge, BENCH_OCTETS, wanted };
	bench_amounts(b, &row, 1, job);
	judge_job_close(job);
}

/* Path and record as in the name of the row. */
static void
measure_named(const bench *b, const char *name, uint8_t usage, size_t which, const char *roots)
{
	judge_job job = { .ctx = NULL }, authorities = { .ctx = NULL };
	uint8_t der[4096];
	size_t len = 0;

	judge_job_add_named(&job, "by-sub,sub,root");
	if (roots)
		judge_job_add_named(&authorities, roots);
	for (size_t i = 0; i < authorities.credential.count; i++) {
		danepriv_span item = authorities.items[i];
		bench_require(item.len <= sizeof der - len, "too many roots");
		memcpy(der + len, item.data, item.len);
		len += item.len;
	}
	judge_job_close(&authorities);
	judge_job_open(&job, usage, 0, which, (danepriv_span){ len ? der : NULL, len });
	measure_job(b, &job, name);
}

static void
measure_largest(const bench *b, const char *name, fill fill_up)
{
	judge_job job = { .ctx = NULL };

	if (!bench_wants(b, name))
		return;
	make_path(&job, fill_up);
	judge_job_open(&job, 2, 0, DP_PATH_MAX - 1, (danepriv_span){ NULL, 0 });
	measure_job(b, &job, name);
}

void
rows_memory(const bench *b)
{
	bench_heading(b, "Heap at its highest while a judgement is made, beyond its input");
	measure_named(b, "judge 2 0 1, three certificates", 2, 2, NULL);
	measure_named(b, "judge 0 0 1, three certificates, four roots", 0, 1,
	    "root,root-again,impostor-root,other-root");
	measure_named(b, "judge 1 0 1, three certificates, four roots", 1, 0,
	    "root,root-again,impostor-root,other-root");
	measure_largest(b, "judge 2 0 1, ten certificates of 8 KiB", fill_extension);
	measure_largest(b, "judge 2 0 1, ten, the first one full of names", fill_names);
}
