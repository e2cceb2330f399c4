/* SPDX-License-Identifier: BSD-2-Clause
 * Does OpenSSL, which judges DANE by code of its own, say the same?  Every chain of issued.txt by
 * every record of it, with and without roots.  Where the two may differ, the reason is in
 * `differences`. */
#include "support/credentials.h"
#include "support/suite.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1700000000
#define UNTIL 4102444800
#define ROWS_FILE "dane/issued.txt"
#define MANY 1024

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

#define ANY (-1)

/* What may differ: where the chain has this text in it, for this usage, with these roots. */
typedef struct difference {
	const char *chain;
	int usage;
	const char *roots; /* NULL: any */
	bool ours;	   /* we are the ones who take it */
	const char *why;
} difference;

static const difference differences[] = {
	/* We take it, OpenSSL does not. */
	{ "for-any", ANY, NULL, true, "RFC 5280 4.2.1.12: any purpose may do for servers" },
	{ "root-any", ANY, NULL, true, "RFC 5280 4.2.1.12, of an authority" },
	{ "sub-broken,sub-evil,sub,root", ANY, NULL, true, "RFC 4158 2.3: each way up is tried" },
	{ "sub,sub-by-other", ANY, NULL, true, "RFC 4158 2.3" },
	{ "impostor-root", 2, NULL, true, "RFC 4158 2.3" },
	{ "sub-renewed", ANY, NULL, true, "RFC 4158 2.3" },
	{ "root-new-key", ANY, NULL, true, "RFC 4158 2.3, without key identifiers" },
	{ "pss-root", 2, NULL, true, "RFC 7671 5.2.3: a bare key, beside another of that name" },
	{ "by-pss-256,rsa-root", 2, NULL, true, "RFC 7671 5.2.3, by a key for PSS alone" },
	{ "self", 2, NULL, true, "RFC 7671 5.2.2: `2 0 0` of an authority that has the same key" },
	{ ",root", 0, "sub", true, "RFC 7671 5.4: on past an authority that is not self-issued" },
	{ ",sub", 0, "sub", true, "RFC 7671 5.4" },
	{ "serial-padded", ANY, NULL, true, "RFC 5280 4.1.2.2: serials are read gracefully" },
	{ "ids-swapped", 3, NULL, true, "RFC 7671 5.1: the key alone is asked for" },
	{ "id-twice", 3, NULL, true, "RFC 7671 5.1" },
	{ "id-behind", 3, NULL, true, "RFC 7671 5.1" },
	{ "field-4", 3, NULL, true, "RFC 7671 5.1" },
	{ "extensions-twice", 3, NULL, true, "RFC 7671 5.1" },
	/* OpenSSL takes it, we do not. */
	{ "root-no-bc", 2, NULL, false, "RFC 5280 4.2.1.9: keyUsage alone makes no authority" },
	{ "sub-no-bc", 2, NULL, false, "RFC 5280 4.2.1.9" },
	{ "root-v1", 2, NULL, false, "RFC 5280 6.1.4 (k): version 1 by its key" },
	{ "root-bc-twice", 2, NULL, false, "RFC 5280 4.2: an extension twice" },
	{ "eku-twice", ANY, NULL, false, "RFC 5280 4.2" },
	{ "unknown-twice", ANY, NULL, false, "RFC 5280 4.2" },
	{ "id-bits", ANY, NULL, false, "X.690 11.2.1: unused bits are zero" },
	{ "eku-broken", ANY, NULL, false, "RFC 5280 4.2.1.12: it does not parse" },
	{ "self", 2, NULL, false, "RFC 7671 5.2: the server's own key is no authority over it" },
	{ "root-not-ns1", 2, NULL, false, "RFC 5280 4.2.1.10: a star reaches an excluded name" },
	{ "root-null", 2, NULL, false, "RFC 5280 4.2: critical, and no NameConstraints" },
	{ "root-empty", 2, NULL, false, "RFC 5280 4.2.1.10: without a list" },
	{ "root-none-permitted", 2, NULL, false, "RFC 5280 4.2.1.10: a list without an entry" },
	{ "root-policy-required", 2, NULL, false, "RFC 5280 4.2.1.11: some policy is asked for" },
	{ "root-policy-qualified", 2, NULL, false, "RFC 5280 4.2.1.4: a critical qualifier" },
	{ "brainpool", ANY, NULL, false, "RFC 7671 9: a key that is of no use here" },
	{ "salt-20", ANY, NULL, false, "none: a salt is as long as its hash" },
	{ "mask-512", ANY, NULL, false, "none: MGF1 has the hash of the signature" },
	{ "n-too-many", ANY, NULL, false, "none: a bound of ours" },
	{ "by-sub", 0, "root", false, "RFC 7671 5.4: `0 0 0` is not there to be added to chains" },
};

/* Both columns of the file, each text once. */
static char *chains[MANY], *records[MANY];
static size_t chain_count, record_count;

static void
add_once(char **list, size_t *count, const char *text)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], text) == 0)
			return;
	ck_assert_uint_lt(*count, MANY);
	list[(*count)++] = strdup(text);
}

static void
read_rows(void)
{
	test_vectors *vectors = vectors_open(ROWS_FILE);
	test_vector line;

	while (vectors_next(vectors, &line)) {
		if (strncmp(line.fields[1], "raw:", 4) != 0)
			add_once(chains, &chain_count, line.fields[1]);
		if (!strchr(line.fields[5], ','))
			add_once(records, &record_count, line.fields[5]);
	}
	vectors_close(vectors);
}

static X509 *
x509(danepriv_span der)
{
	const unsigned char *at = der.data;

	return d2i_X509(NULL, &at, (long)der.len);
}

static X509_STORE *
store(const char *roots)
{
	X509_STORE *made = X509_STORE_new();
	test_peer peer;

	peer_open(&peer, roots);
	for (size_t i = 0; i < peer.credential.count; i++) {
		X509 *root = x509(peer.items[i]);
		ck_assert_int_eq(X509_STORE_add_cert(made, root), 1);
		X509_free(root);
	}
	peer_close(&peer);
	return made;
}

/* A connection that asks for this record; NULL: OpenSSL takes no such record. */
static SSL *
asking_for(SSL_CTX *tls, test_octets rdata)
{
	SSL *ssl = SSL_new(tls);

	ck_assert_int_eq(SSL_dane_enable(ssl, server.name), 1);
	SSL_set_hostflags(
	    ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	if (SSL_dane_tlsa_add(ssl, rdata.data[0], rdata.data[1], rdata.data[2], rdata.data + 3,
		rdata.len - 3) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

/* Those of its items that OpenSSL reads. */
static STACK_OF(X509) * read_chain(const test_peer *peer)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 0; i < peer->credential.count; i++) {
		X509 *item = x509(peer->items[i]);
		if (item)
			sk_X509_push(chain, item);
	}
	return chain;
}

/* What OpenSSL says; *error is its code. */
static bool
theirs(SSL *ssl, X509_STORE *roots, STACK_OF(X509) * chain, int *error)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = false;

	*error = -1;
	if (ssl && X509_STORE_CTX_init(ctx, roots, sk_X509_value(chain, 0), chain) == 1) {
		X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
		X509_STORE_CTX_set_default(ctx, "ssl_server");
		X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl));
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_time(param, NOW);
		X509_VERIFY_PARAM_set_auth_level(param, 2);
		X509_STORE_CTX_set0_dane(ctx, SSL_get0_dane(ssl));
		good = X509_verify_cert(ctx) == 1;
		*error = X509_STORE_CTX_get_error(ctx);
	}
	X509_STORE_CTX_free(ctx);
	return good;
}

static danepriv_records *
vouch(test_octets rdata)
{
	danepriv_span span = octets_span(rdata);
	danepriv_records *vouched;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, &span, 1, UNTIL, &vouched),
	    DANEPRIV_OK);
	return vouched;
}

static bool
ours(const danepriv *ctx, const test_peer *peer, const danepriv_records *vouched)
{
	danepriv_verdict verdict = { .size = sizeof verdict };

	ck_assert_int_eq(danepriv_evaluate(ctx, vouched, &peer->credential, NULL, 0, NOW, &verdict),
	    DANEPRIV_OK);
	return verdict.finding == DANEPRIV_FINDING_MATCH;
}

/* Is this difference one that we know of? */
static bool
is_known(const char *chain, int usage, const char *roots, bool our_yes)
{
	for (int i = 0; i < ROWS(differences); i++) {
		const difference *d = &differences[i];
		if (d->ours == our_yes && strstr(chain, d->chain) &&
		    (d->usage == ANY || d->usage == usage) &&
		    (!d->roots || strcmp(d->roots, roots) == 0))
			return true;
	}
	return false;
}

/* Each record, as we take it and as OpenSSL does, for all chains. */
typedef struct asked {
	uint8_t usage;
	danepriv_records *vouched;
	SSL *ssl;
} asked;

static asked *
ask_all(SSL_CTX *tls)
{
	asked *list = calloc(record_count, sizeof *list);

	ck_assert_ptr_nonnull(list);
	for (size_t k = 0; k < record_count; k++) {
		test_octets rdata = octets_from_hex(records[k]);
		list[k] = (asked){ rdata.data[0], vouch(rdata), asking_for(tls, rdata) };
		octets_free(rdata);
	}
	return list;
}

static void
free_asked(asked *list)
{
	for (size_t k = 0; k < record_count; k++) {
		danepriv_records_free(list[k].vouched);
		SSL_free(list[k].ssl);
	}
	free(list);
}

/* One way in which all may be judged, and what came of it. */
typedef struct comparison {
	const char *roots;
	danepriv *ctx;
	X509_STORE *trusted;
	asked *asked;
	size_t matches;
	int unknown;
} comparison;

static void
compare(comparison *all, const char *chain)
{
	test_peer peer;
	int error;

	peer_open(&peer, chain);
	STACK_OF(X509) *read = read_chain(&peer);
	for (size_t k = 0; k < record_count; k++) {
		const asked *a = &all->asked[k];
		bool our_yes = ours(all->ctx, &peer, a->vouched);
		bool their_yes = theirs(a->ssl, all->trusted, read, &error);
		all->matches += our_yes && their_yes;
		if (our_yes == their_yes || is_known(chain, a->usage, all->roots, our_yes))
			continue;
		printf("# %s by %.10s, roots %s: ours %d, theirs %d (%s)\n", chain, records[k],
		    all->roots, our_yes, their_yes, X509_verify_cert_error_string(error));
		(void)fflush(stdout);
		all->unknown++;
	}
	sk_X509_pop_free(read, X509_free);
	peer_close(&peer);
}

static const char *const root_sets[] = { "root", "other-root", "sub" };

START_TEST(all_by_all)
{
	comparison all = { .roots = root_sets[_i], .trusted = store(root_sets[_i]) };
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	danepriv_settings settings = { .size = sizeof settings };
	test_octets der = octets_of_credential(all.roots);

	settings.roots = octets_span(der);
	ck_assert_int_eq(danepriv_open(&settings, &all.ctx), DANEPRIV_OK);
	ck_assert_int_eq(SSL_CTX_dane_enable(tls), 1);
	all.asked = ask_all(tls);
	for (size_t i = 0; i < chain_count; i++)
		compare(&all, chains[i]);
	ck_assert_int_eq(all.unknown, 0);
	ck_assert_uint_gt(all.matches, 100);
	free_asked(all.asked);
	danepriv_close(all.ctx);
	octets_free(der);
	X509_STORE_free(all.trusted);
	SSL_CTX_free(tls);
}
END_TEST

static void
let_go(void)
{
	while (chain_count > 0)
		free(chains[--chain_count]);
	while (record_count > 0)
		free(records[--record_count]);
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("against_openssl");
	TCase *tc = tcase_create("against_openssl");

	tcase_set_timeout(tc, 600);
	tcase_add_checked_fixture(tc, read_rows, let_go);
	tcase_add_loop_test(tc, all_by_all, 0, ROWS(root_sets));
	suite_add_tcase(suite, tc);
	return suite;
}
