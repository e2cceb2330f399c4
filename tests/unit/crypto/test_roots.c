/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/roots: which authorities does the caller trust? */
#include "crypto/roots.h"

#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 4800000

typedef enum form { PEM, DER, TEXT } form;

/* Credentials, and what is around and between them. */
typedef struct row {
	const char *name;
	form form;
	const char *before, *items, *between;
	danepriv_status status;
	size_t count;
} row;

static const row rows[] = {
	{ "one in PEM", PEM, "", "root", "", DANEPRIV_OK, 1 },
	{ "three in PEM", PEM, "", "root,sub,other-root", "", DANEPRIV_OK, 3 },
	{ "PEM with text between", PEM, "# of whom\n\n", "root,sub", "\n# and\nso on: -----\n",
	    DANEPRIV_OK, 2 },
	{ "PEM with another thing between", PEM,
	    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "root", "", DANEPRIV_OK,
	    1 },
	{ "one in DER", DER, "", "root", "", DANEPRIV_OK, 1 },
	{ "three in DER", DER, "", "root,sub,other-root", "", DANEPRIV_OK, 3 },
	{ "the same twice", DER, "", "root,root", "", DANEPRIV_OK, 2 },
	{ "DER, something behind", DER, "", "root", "x", DANEPRIV_EMALFORMED, 0 },
	{ "DER, a line end behind", DER, "", "root", "\n", DANEPRIV_EMALFORMED, 0 },
	{ "DER, something before", DER, "x", "root", "", DANEPRIV_EMALFORMED, 0 },
	{ "a key in DER", DER, "", "k-root", "", DANEPRIV_EMALFORMED, 0 },
	{ "a key as a certificate in PEM", PEM, "", "k-root", "", DANEPRIV_EMALFORMED, 0 },
	{ "a good one, then a key", PEM, "", "root,k-root", "", DANEPRIV_EMALFORMED, 0 },
	{ "text", TEXT, "hello", "", "", DANEPRIV_EMALFORMED, 0 },
	{ "nothing in PEM", TEXT, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "",
	    "", DANEPRIV_EMALFORMED, 0 },
	{ "no end", TEXT, "-----BEGIN CERTIFICATE-----\nMIIB\n", "", "", DANEPRIV_EMALFORMED, 0 },
	{ "no base64", TEXT, "-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----\n", "",
	    "", DANEPRIV_EMALFORMED, 0 },
	{ "head of a SEQUENCE", TEXT, "\x30\x82", "", "", DANEPRIV_EMALFORMED, 0 },
	{ "a thousand and 24", DER, "", "root*1024", "", DANEPRIV_OK, 1024 },
	{ "one more", DER, "", "root*1025", "", DANEPRIV_ELIMIT, 0 },
};

static uint8_t *text;
static size_t len;

static void
put(const void *data, size_t more)
{
	ck_assert_uint_le(len + more, ROOM);
	memcpy(text + len, data, more);
	len += more;
}

static void
put_item(form as, danepriv_span der)
{
	gnutls_datum_t data = { (unsigned char *)(uintptr_t)der.data, (unsigned)der.len }, out;

	if (as == DER) {
		put(der.data, der.len);
		return;
	}
	ck_assert_int_eq(gnutls_pem_base64_encode2("CERTIFICATE", &data, &out), 0);
	put(out.data, out.size);
	gnutls_free(out.data);
}

static void
build(const row *r)
{
	test_peer peer;
	char items[64];
	size_t times = 1;

	len = 0;
	put(r->before, strlen(r->before));
	strcpy(items, r->items);
	char *star = strchr(items, '*');
	if (star) {
		times = strtoul(star + 1, NULL, 10);
		*star = '\0';
	}
	peer_open(&peer, items);
	for (size_t n = 0; n < times; n++)
		for (size_t i = 0; i < peer.credential.count; i++) {
			put_item(r->form, peer.items[i]);
			put(r->between, strlen(r->between));
		}
	peer_close(&peer);
}

static void
set_up(void)
{
	text = malloc(ROOM);
	ck_assert_ptr_nonnull(text);
}

static void
tear_down(void)
{
	free(text);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* Through danepriv_open as well, and with each allocation failing. */
START_TEST(read_row)
{
	const row *r = &rows[_i];
	danepriv_settings settings = { .size = sizeof settings };
	danepriv_status status = DANEPRIV_ENOMEM;
	danepriv *ctx;
	dp_roots roots;

	build(r);
	test_octets exact = octets_copy((danepriv_span){ text, len });
	for (long n = 0; status == DANEPRIV_ENOMEM; n++) {
		ck_assert(n < 100);
		dp_fail_allocation_at(n);
		status = dp_roots_read(&roots, octets_span(exact));
		ck_assert_msg(status == DANEPRIV_OK || roots.count == 0, "%s", r->name);
	}
	dp_fail_allocation_at(-1);
	ck_assert_msg(status == r->status, "%s: %d", r->name, status);
	ck_assert_msg(roots.count == r->count, "%s: %zu", r->name, roots.count);
	dp_roots_free(&roots);
	settings.roots = octets_span(exact);
	ck_assert_msg(danepriv_open(&settings, &ctx) == r->status, "%s", r->name);
	danepriv_close(ctx);
	octets_free(exact);
}
END_TEST

START_TEST(sizes)
{
	danepriv_settings settings = { .size = sizeof settings, .roots = { NULL, 1 } };
	danepriv *ctx;
	dp_roots roots;

	memset(text, ' ', ROOM);
	danepriv_span large = { text, 4194305 };
	ck_assert_int_eq(dp_roots_read(&roots, large), DANEPRIV_ELIMIT);
	large.len--;
	ck_assert_int_eq(dp_roots_read(&roots, large), DANEPRIV_EMALFORMED);
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_EINVAL);
	ck_assert_ptr_null(ctx);
}
END_TEST

START_TEST(cut_at_every_length)
{
	const row cut = { "cut", _i ? PEM : DER, "", "root,sub", "", DANEPRIV_OK, 2 };
	test_octets first;
	dp_roots roots;

	build(&cut);
	test_octets whole = octets_copy((danepriv_span){ text, len });
	first = octets_of_credential("root");
	for (size_t n = 0; n < whole.len; n++) {
		test_octets part = octets_copy((danepriv_span){ whole.data, n });
		danepriv_status status = dp_roots_read(&roots, octets_span(part));
		/* GnuTLS does not ask for all of the END line. */
		ck_assert_msg(
		    status == DANEPRIV_EMALFORMED || roots.count == 1 || (_i && roots.count == 2),
		    "%zu octets", n);
		if (!_i)
			ck_assert_int_eq(status == DANEPRIV_OK, n == first.len);
		dp_roots_free(&roots);
		octets_free(part);
	}
	octets_free(first);
	octets_free(whole);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("roots");
	TCase *tc = tcase_create("roots");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, read_row, 0, ROWS(rows));
	tcase_add_test(tc, sizes);
	tcase_add_loop_test(tc, cut_at_every_length, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
