/* SPDX-License-Identifier: BSD-2-Clause
 * Does GnuTLS's trust list, by which paths were once verified, say the same?  Every row of
 * issued.txt with one record of usage 2 that means an authority which the peer sends.  Where the
 * two may differ, the reason is in `differences`. */
#include "crypto/subject.h"
#include "dns/tlsa.h"
#include "support/credentials.h"
#include "support/suite.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS_FILE "dane/issued.txt"

/* What may differ: where the chain has this text in it. */
typedef struct difference {
	const char *chain;
	bool ours; /* we are the ones who take it */
	const char *why;
} difference;

static const difference differences[] = {
	/* We take it, GnuTLS does not. */
	{ "by-sub,sub,sub-by-other", true, "RFC 4158 2.3: each way up is tried" },
	{ "by-sub,sub-old,sub", true, "RFC 4158 2.3" },
	{ "by-sub,sub-broken", true, "RFC 4158 2.3" },
	{ "by-root,root-old,root", true, "RFC 4158 2.3" },
	{ "by-renewed,sub-renewed", true, "RFC 5280 6.1.4 (l): self-issued ones" },
	{ "by-new-key,root-new-key", true, "RFC 5280 6.1, RFC 4210 4.4" },
	{ "root-spaced", true, "RFC 5280 7.1: names are compared without case and spaces" },
	/* GnuTLS takes it, we do not. */
	{ "by-root,by-root,root", false, "RFC 7671 5.2: the server's own is no authority over it" },
	{ "self", false, "RFC 7671 5.2" },
	{ "for-none", false, "RFC 5280 4.2.1.12: a list without an entry" },
	{ "signs-certificates", false, "RFC 5280 4.2.1.3: keyUsage is not for a handshake" },
	{ "root-clients", false, "RFC 5280 4.2.1.12, of an authority" },
	{ "root-not-ns1", false, "RFC 5280 4.2.1.10: a star reaches an excluded name" },
	{ "root-empty", false, "RFC 5280 4.2.1.10: without a list" },
	{ "root-none-permitted", false, "RFC 5280 4.2.1.10: a list without an entry" },
	{ "root-other-cn", false, "RFC 5280 4.2.1.10: another directory name is permitted" },
	{ "root-policy-qualified", false, "RFC 5280 4.2.1.4: a critical qualifier" },
	{ "root-no-bc", false, "RFC 5280 4.2.1.9: an anchor's own constraints hold, RFC 7671 5.2" },
	{ "root-no-ext", false, "RFC 5280 4.2.1.9" },
	{ "root-v1", false, "RFC 5280 6.1.4 (k): version 1 by its key" },
	{ "sub-v1", false, "RFC 5280 6.1.4 (k)" },
	{ "inner-no-null", false, "RFC 5280 4.1.1.2: both algorithms are the same" },
	{ "id-bits", false, "X.690 11.2.1: unused bits are zero" },
	{ "by-root-padded", false, "RFC 3279 2.2.3, X.690 8.3.2: an octet more than it takes" },
	{ "star-part-2", false, "RFC 9525 6.3: a star is a whole label" },
	{ "n-cn", false, "RFC 9525 2: the common name is none of a server's" },
	{ "n-too-many", false, "none: a bound of ours" },
	{ "bad-date", false, "RFC 5280 4.1.2.5: a month that there is not, to GnuTLS in 32 bits" },
};

static time_t now;

static time_t
the_time(time_t *out)
{
	if (out)
		*out = now;
	return now;
}

static gnutls_x509_crt_t
import(danepriv_span der)
{
	gnutls_datum_t datum = { (unsigned char *)(uintptr_t)der.data, (unsigned)der.len };
	gnutls_x509_crt_t crt;

	ck_assert_int_eq(gnutls_x509_crt_init(&crt), 0);
	if (gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_DER) >= 0)
		return crt;
	gnutls_x509_crt_deinit(crt);
	return NULL;
}

/* The peer's certificate that the record means, but its own; 0: none. */
static size_t
find_anchor(const test_peer *peer, danepriv_span rdata)
{
	dp_subject subject;
	dp_tlsa record;

	ck_assert_int_eq(dp_tlsa_parse(rdata, &record), DANEPRIV_OK);
	for (size_t i = 1; record.usage == DP_TLSA_DANE_TA && i < peer->credential.count; i++)
		if (dp_subject_read(&subject, DANEPRIV_CREDENTIAL_X509, peer->items[i]) ==
			DANEPRIV_OK &&
		    dp_subject_matches(&subject, &record))
			return i;
	return 0;
}

static bool
verify(gnutls_x509_trust_list_t list, gnutls_x509_crt_t *chain, unsigned count)
{
	static char name[] = "ns1.example.net", purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st data[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)name, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)purpose, 0 },
	};
	unsigned status = 1;

	return gnutls_x509_trust_list_verify_crt2(list, chain, count, data, 2,
		   (unsigned)GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL) >= 0 &&
	       status == 0;
}

/* With this certificate of the peer's as the only anchor. */
static bool
theirs(const test_peer *peer, size_t anchor)
{
	gnutls_x509_crt_t chain[PEER_ITEMS_MAX], top = import(peer->items[anchor]);
	gnutls_x509_trust_list_t list;
	unsigned count = 0;
	bool good = top != NULL;

	ck_assert_int_eq(gnutls_x509_trust_list_init(&list, 0), 0);
	for (size_t i = 0; good && i < peer->credential.count; i++) {
		chain[count] = import(peer->items[i]);
		good = chain[count] || i > 0;
		count += chain[count] != NULL;
	}
	good = good && gnutls_x509_trust_list_add_cas(list, &top, 1, 0) == 1 &&
	       verify(list, chain, count);
	gnutls_x509_trust_list_deinit(list, 0);
	if (top)
		gnutls_x509_crt_deinit(top);
	while (count > 0)
		gnutls_x509_crt_deinit(chain[--count]);
	return good;
}

static bool
is_known(const char *chain, bool our_yes)
{
	for (int i = 0; i < ROWS(differences); i++)
		if (differences[i].ours == our_yes && strstr(chain, differences[i].chain))
			return true;
	return false;
}

START_TEST(row)
{
	test_vector line;
	test_vectors *file = vectors_at(ROWS_FILE, _i, &line);
	bool is_one = strcmp(line.fields[2], "-") == 0 && strcmp(line.fields[3], "-") == 0 &&
		      !strchr(line.fields[5], ',') && strncmp(line.fields[1], "raw:", 4) != 0;

	if (is_one) {
		test_octets rdata = octets_from_hex(line.fields[5]);
		test_peer peer;
		peer_open(&peer, line.fields[1]);
		size_t anchor = find_anchor(&peer, octets_span(rdata));
		bool our_yes = strcmp(line.fields[6], "match") == 0;
		long long at = strtoll(line.fields[4], NULL, 10);
		now = (time_t)at;
		/* in 32 bits their time ends in 2038 */
		if (anchor > 0 && now == at && theirs(&peer, anchor) != our_yes)
			ck_assert_msg(is_known(line.fields[1], our_yes), "%s: %s: ours %d",
			    line.fields[0], line.fields[1], our_yes);
		peer_close(&peer);
		octets_free(rdata);
	}
	vectors_close(file);
}
END_TEST

/* Nothing that they refuse is taken without a section that says so. */
START_TEST(sections)
{
	ck_assert(!differences[_i].ours || strncmp(differences[_i].why, "RFC ", 4) == 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("against_gnutls");
	TCase *tc = tcase_create("against_gnutls");

	gnutls_global_set_time_function(the_time);
	tcase_add_loop_test(tc, row, 0, vectors_count(ROWS_FILE));
	tcase_add_loop_test(tc, sections, 0, ROWS(differences));
	suite_add_tcase(suite, tc);
	return suite;
}
