/* SPDX-License-Identifier: BSD-2-Clause
 * lib/openssl: are settings of each size taken? */
#include "base/sizes.h"
#include "support/guarded.h"
#include "support/sized.h"
#include "support/ssl_pair.h"
#include "support/suite.h"

static danepriv_status
call_serve(void *memory, size_t size)
{
	SSL_CTX *theirs = SSL_CTX_new(TLS_server_method());
	const danepriv_span none = { NULL, 0 };

	(void)size;
	danepriv_status status = danepriv_openssl_serve(theirs, &server, none, memory);
	SSL_CTX_free(theirs);
	return status;
}

static danepriv_status
call_guard(void *memory, size_t size)
{
	SSL_CTX *ours = ssl_client_ctx(0);
	SSL *ssl = SSL_new(ours);

	(void)size;
	open_session(DANEPRIV_PROFILE_STRICT);
	danepriv_status status = danepriv_openssl_guard(ssl, session, memory, NOW);
	SSL_free(ssl);
	SSL_CTX_free(ours);
	close_session();
	return status;
}

static const sized_case cases[] = {
	{ "chain_serving", DP_CHAIN_SERVING_LEAST, sizeof(danepriv_chain_serving), 0, false, NULL,
	    call_serve },
	{ "openssl_settings", DP_OPENSSL_SETTINGS_LEAST, sizeof(danepriv_openssl_settings), 0,
	    false, NULL, call_guard },
};

START_TEST(size)
{
	sized_check(&cases[_i / SIZED_ROWS], _i % SIZED_ROWS);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("openssl_sized");
	TCase *tc = tcase_create("openssl_sized");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, size, 0, ROWS(cases) * SIZED_ROWS);
	suite_add_tcase(suite, tc);
	return suite;
}
