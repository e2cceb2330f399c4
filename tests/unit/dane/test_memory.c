/* SPDX-License-Identifier: BSD-2-Clause
 * How much memory does a judgement take?  Ten times the octets of what the peer sent beyond that,
 * GnuTLS included, at all inputs that lib/base/bounds.h allows; and what is past them is told to
 * be. */
#include "support/heap.h"
#include "support/octets.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define TIMES_MAX 10
#define PATH_LONGEST 10
#define ITEMS 100
#define RECORDS 128
#define ROOTS 150

typedef struct memory_row {
	const char *name;
	uint8_t usage;
	int path;	     /* certificates, the root's included */
	size_t leaf, issuer; /* octets that are put into the peer's, into each of the others */
	int names;	     /* the peer's alternative names */
	int relative_names;  /* in the name of each issuer */
	int extensions, constraints; /* of each issuer */
	danepriv_record_reason reason;
	int issuer_names; /* alternative names of each issuer */
} memory_row;

#define FITS DANEPRIV_RECORD_REASON_NONE
#define LIMIT DANEPRIV_RECORD_REASON_LIMIT

static const memory_row rows[] = {
	{ "DANE-EE", 3, 10, 8000, 8000, 256, 0, 0, 0, FITS },
	{ "three", 2, 3, 0, 0, 1, 0, 0, 0, FITS },
	{ "ten", 2, 10, 0, 0, 256, 0, 0, 0, FITS },
	{ "ten of 8 KiB", 2, 10, 8000, 8000, 256, 0, 0, 0, FITS },
	{ "ten of 8 KiB, PKIX-EE", 1, 10, 8000, 8000, 256, 0, 0, 0, FITS },
	{ "ten of 8 KiB, PKIX-TA", 0, 10, 8000, 8000, 256, 0, 0, 0, FITS },
	{ "the peer's of 64 KiB", 2, 3, 64000, 0, 1, 0, 0, 0, FITS },
	{ "the peer's past 64 KiB", 2, 3, 66000, 0, 1, 0, 0, 0, LIMIT },
	{ "two of 64 KiB", 2, 2, 64000, 64000, 1, 0, 0, 0, FITS },
	{ "three of 64 KiB", 2, 3, 64000, 64000, 1, 0, 0, 0, FITS },
	{ "ten of 64 KiB", 2, 10, 64000, 64000, 1, 0, 0, 0, FITS },
	{ "ten of 40 KiB, PKIX-TA", 0, 10, 40000, 40000, 1, 0, 0, 0, FITS },
	{ "ten with 50 names each", 2, 10, 0, 0, 50, 0, 0, 0, FITS, 50 },
	{ "ten with 250 names each", 2, 10, 0, 0, 250, 0, 0, 0, FITS, 250 },
	{ "three with 250 names each", 2, 3, 0, 0, 250, 0, 0, 0, FITS, 250 },
	{ "257 names", 2, 3, 0, 0, 257, 0, 0, 0, LIMIT },
	{ "long issuer names", 2, 10, 0, 0, 256, 7, 0, 0, FITS },
	{ "longer issuer names", 2, 10, 0, 0, 256, 12, 0, 0, FITS },
	{ "one name of 40 parts", 2, 2, 0, 0, 256, 39, 0, 0, FITS },
	{ "one name of 1000 parts", 2, 2, 0, 0, 256, 999, 0, 0, LIMIT },
	{ "20 extensions each", 2, 10, 0, 0, 256, 0, 18, 0, FITS },
	{ "100 extensions each", 2, 10, 0, 0, 256, 0, 100, 0, LIMIT },
	{ "200 constraints", 2, 2, 0, 0, 256, 0, 0, 200, FITS },
	{ "1000 constraints", 2, 2, 0, 0, 256, 0, 0, 1000, LIMIT },
	{ "25 constraints each", 2, 10, 0, 0, 256, 0, 0, 25, FITS },
};

/* Certificates to order */

static void
works(int result)
{
	ck_assert_msg(result >= 0, "%s", gnutls_strerror(result));
}

static void
set_name(gnutls_x509_crt_t crt, int level, int relative_names)
{
	static char text[16384];
	size_t len = 0;

	for (int i = 0; i < relative_names && level > 0; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "O=%d,", level);
	(void)snprintf(text + len, sizeof text - len, "CN=%d", level);
	works(gnutls_x509_crt_set_dn(crt, text, NULL));
}

static void
set_alternative_names(gnutls_x509_crt_t crt, int count)
{
	char name[64] = "ns1.example.net";

	for (int i = 0; i < count; i++) {
		works(gnutls_x509_crt_set_subject_alt_name(
		    crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name), GNUTLS_FSAN_APPEND));
		(void)snprintf(name, sizeof name, "ns%d.example.net", i + 2);
	}
}

/* Names that nobody here goes by. */
static void
set_constraints(gnutls_x509_crt_t crt, int count)
{
	gnutls_x509_name_constraints_t constraints;
	char name[32];

	if (count == 0)
		return;
	works(gnutls_x509_name_constraints_init(&constraints));
	for (int i = 0; i < count; i++) {
		gnutls_datum_t datum = { (unsigned char *)name,
			(unsigned)snprintf(name, sizeof name, "x%d.test", i) };
		works(gnutls_x509_name_constraints_add_excluded(
		    constraints, GNUTLS_SAN_DNSNAME, &datum));
	}
	works(gnutls_x509_crt_set_name_constraints(crt, constraints, 1));
	gnutls_x509_name_constraints_deinit(constraints);
}

static void
fill(gnutls_x509_crt_t crt, size_t octets, int extensions)
{
	char oid[32];
	uint8_t *zeros = calloc(1, octets + 1);

	ck_assert_ptr_nonnull(zeros);
	if (octets > 0)
		works(gnutls_x509_crt_set_extension_by_oid(crt, "1.2.3", zeros, octets, 0));
	for (int i = 0; i < extensions; i++) {
		(void)snprintf(oid, sizeof oid, "1.2.4.%d", i);
		works(gnutls_x509_crt_set_extension_by_oid(crt, oid, zeros, 1, 0));
	}
	free(zeros);
}

/* The certificate at `level` of the path; 0 is the peer's. */
static gnutls_x509_crt_t
make(const memory_row *row, int level, gnutls_x509_privkey_t key, gnutls_x509_crt_t issuer)
{
	const uint8_t serial = (uint8_t)(level + 1);
	gnutls_x509_crt_t crt;

	works(gnutls_x509_crt_init(&crt));
	works(gnutls_x509_crt_set_version(crt, 3));
	works(gnutls_x509_crt_set_serial(crt, &serial, 1));
	set_name(crt, level, row->relative_names);
	works(gnutls_x509_crt_set_activation_time(crt, NOW - 1));
	works(gnutls_x509_crt_set_expiration_time(crt, NOW + 1));
	works(gnutls_x509_crt_set_key(crt, key));
	fill(crt, level > 0 ? row->issuer : row->leaf, level > 0 ? row->extensions : 0);
	if (level == 0) {
		set_alternative_names(crt, row->names);
	} else {
		works(gnutls_x509_crt_set_basic_constraints(crt, 1, -1));
		set_constraints(crt, row->constraints);
		set_alternative_names(crt, row->issuer_names);
	}
	works(gnutls_x509_crt_sign2(crt, issuer ? issuer : crt, key, GNUTLS_DIG_SHA256, 0));
	return crt;
}

/* What a row is judged by. */
typedef struct world {
	test_octets items[ITEMS]; /* the path, then certificates of no use */
	size_t path, count;
	danepriv *ctx;
	danepriv_records *records;
} world;

static void
make_items(const memory_row *row, world *w)
{
	gnutls_x509_crt_t path[PATH_LONGEST], issuer = NULL;
	gnutls_x509_privkey_t key;
	gnutls_datum_t der;

	w->path = (size_t)row->path;
	works(gnutls_x509_privkey_init(&key));
	works(gnutls_x509_privkey_generate(
	    key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	for (int level = row->path; level-- > 0; issuer = path[level]) {
		path[level] = make(row, level, key, issuer);
		works(gnutls_x509_crt_export2(path[level], GNUTLS_X509_FMT_DER, &der));
		w->items[level] = octets_copy((danepriv_span){ der.data, der.size });
		gnutls_free(der.data);
	}
	for (int level = 0; level < row->path; level++)
		gnutls_x509_crt_deinit(path[level]);
	gnutls_x509_privkey_deinit(key);
	/* Up to a hundred, as far as the octets of a credential go. */
	w->count = w->path;
	size_t last = w->items[w->path - 1].len;
	for (; w->count < ITEMS && (w->count + 1) * last < 900000; w->count++) {
		w->items[w->count] = octets_copy(octets_span(w->items[w->path - 1]));
		w->items[w->count].data[last - 1] ^= (uint8_t)w->count;
	}
}

/* 150 roots, the last of which is the one. */
static void
open_context(const memory_row *row, world *w)
{
	danepriv_settings settings = { .size = sizeof settings };
	danepriv_span root = octets_span(w->items[w->path - 1]);
	uint8_t *der = malloc(ROOTS * root.len);

	ck_assert_ptr_nonnull(der);
	/* As many as their bound allows, where they are large. */
	size_t roots = row->issuer > 20000 ? 50 : ROOTS;
	for (size_t i = 0; i < roots; i++) {
		memcpy(der + i * root.len, root.data, root.len);
		der[(i + 1) * root.len - 1] ^= (uint8_t)(roots - 1 - i);
	}
	if (row->usage < 2)
		settings.roots = (danepriv_span){ der, roots * root.len };
	ck_assert_int_eq(danepriv_open(&settings, &w->ctx), DANEPRIV_OK);
	free(der);
}

/* 128 records, the last of which means the peer's certificate or the root's. */
static void
make_records(const memory_row *row, world *w)
{
	danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
	bool is_own = row->usage == 1 || row->usage == 3;
	test_octets meant = w->items[is_own ? 0 : w->path - 1];
	uint8_t other[35] = { row->usage, 0, 1 }, right[35] = { row->usage, 0, 1 };
	danepriv_span rdatas[RECORDS];

	works(gnutls_hash_fast(GNUTLS_DIG_SHA256, meant.data, meant.len, right + 3));
	for (size_t i = 0; i < RECORDS; i++)
		rdatas[i] = (danepriv_span){ i < RECORDS - 1 ? other : right, sizeof right };
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, rdatas, RECORDS, NOW, &w->records),
	    DANEPRIV_OK);
}

/* By the first `count` certificates. */
static void
judge(const memory_row *row, const world *w, size_t count)
{
	danepriv_record_verdict each[RECORDS];
	danepriv_verdict verdict = { .size = sizeof verdict,
		.each = each,
		.each_size = sizeof *each,
		.each_room = RECORDS };
	danepriv_span items[ITEMS];
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, items, count };
	size_t octets = 0;

	for (size_t i = 0; i < count; i++) {
		items[i] = octets_span(w->items[i]);
		octets += items[i].len;
	}
	heap_start();
	danepriv_status status =
	    danepriv_evaluate(w->ctx, w->records, &credential, NULL, 0, NOW, &verdict);
	size_t peak = heap_peak();
	unsigned long calls = heap_calls();
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_msg(each[RECORDS - 1].reason == row->reason, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_RECORD_REASON, each[RECORDS - 1].reason));
	ck_assert_int_eq(verdict.finding,
	    row->reason == FITS ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_MISMATCH);
	ck_assert_msg(
	    peak <= TIMES_MAX * octets, "%s: %zu octets for %zu", row->name, peak, octets);
	if (row->usage == 3)
		ck_assert_uint_eq(calls, 0);
	else if (heap_is_counted())
		ck_assert_uint_gt(calls, 0);
}

START_TEST(ten_times_the_chain)
{
	const memory_row *row = &rows[_i];
	world w;

	make_items(row, &w);
	open_context(row, &w);
	make_records(row, &w);
	judge(row, &w, w.path);
	judge(row, &w, w.count);
	danepriv_records_free(w.records);
	danepriv_close(w.ctx);
	for (size_t i = 0; i < w.count; i++)
		octets_free(w.items[i]);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("memory");
	TCase *tc = tcase_create("memory");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, ten_times_the_chain, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
