/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a GnuTLS server that sends its proof? */
#include "support/serving.h"

#include <check.h>

test_octets chain;
danepriv_gnutls_chain serve_asking = DANEPRIV_GNUTLS_CHAIN_TRY;

void
serve_open(void)
{
	chain_open_all();
	serve_asking = DANEPRIV_GNUTLS_CHAIN_TRY;
	chain = chain_of(zone, &honest, "_853._tcp." NAME);
}

void
serve_close(void)
{
	octets_free(chain);
	chain_close_all();
}

danepriv_status
serve_chain(gnutls_session_t tls, const danepriv_server *whom, danepriv_chain_form form,
    const char *lowered)
{
	danepriv_chain_serving settings = {
		.size = sizeof settings, .support_hours = SERVED_HOURS, .form = form
	};

	return danepriv_gnutls_serve(tls, whom, octets_span(chain), &settings, lowered);
}

void
serve_guard(const char *priority)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.init_flags = GNUTLS_ENABLE_RAWPK,
		.priority = priority,
		.chain = serve_asking };

	ck_assert_int_eq(
	    danepriv_gnutls_guard(pair.client, session, &settings, NOW, NULL), DANEPRIV_OK);
}

void
serve_check(const char *name, bool came)
{
	danepriv_records *records = NULL;

	(void)danepriv_session_get_records(session, &records);
	bool is_chain = danepriv_records_source(records) == DANEPRIV_SOURCE_CHAIN;
	ck_assert_msg(is_chain == came, "%s: chain %d", name, is_chain);
	ck_assert_msg(
	    danepriv_records_support_hours(records) == (came ? SERVED_HOURS : 0), "%s", name);
	danepriv_records_free(records);
}

void
serve_large(size_t len)
{
	test_octets large = tiny_zone_grown(octets_span(chain), len);

	octets_free(chain);
	chain = large;
}
