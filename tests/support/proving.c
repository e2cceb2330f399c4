/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test prove something from a chain? */
#include "support/proving.h"

#include "support/failing_alloc.h"

#include <check.h>
#include <danepriv/word.h>
#include <stdlib.h>
#include <string.h>

proof_cases rfc_vectors;
danepriv *rfc_ctx;

bool
server_of(const char *owner, danepriv_server *out)
{
	unsigned long port = owner[0] == '_' ? strtoul(owner + 1, NULL, 10) : 0;
	const char *second = strchr(owner, '.');

	memset(out, 0, sizeof *out);
	/* A name that asks for a wildcard is no host. */
	if (port == 0 || !second || strchr(owner, '*'))
		return false;
	if (strncmp(second, "._tcp.", 6) == 0)
		out->transport = DANEPRIV_TRANSPORT_DOT;
	else if (strncmp(second, "._udp.", 6) == 0)
		out->transport = DANEPRIV_TRANSPORT_DTLS;
	else
		return false;
	out->port = (uint16_t)port;
	out->name = second + 6;
	return true;
}

danepriv_records *
prove(const danepriv *ctx, const danepriv_server *server, danepriv_span chain, danepriv_time now)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_prove(ctx, server, chain, now, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_source(records), DANEPRIV_SOURCE_CHAIN);
	return records;
}

void
check_proven(const char *name, danepriv_records *records, danepriv_security security,
    danepriv_reason reason, uint16_t hours)
{
	danepriv_security is = danepriv_records_security(records);

	ck_assert_msg(is == security && danepriv_records_reason(records) == reason, "%s: %s, %s",
	    name, danepriv_sentence(DANEPRIV_KIND_SECURITY, is),
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	ck_assert_msg(
	    (danepriv_records_count(records) > 0) == (security == DANEPRIV_SECURITY_SECURE),
	    "%s: %zu records", name, danepriv_records_count(records));
	ck_assert_msg(danepriv_records_support_hours(records) == hours, "%s", name);
	ck_assert_int_eq(danepriv_records_source(records), DANEPRIV_SOURCE_CHAIN);
	danepriv_records_free(records);
}

void
rfc_open(void)
{
	proofs_read(&rfc_vectors, "rfc9102/chains.txt");
	rfc_ctx = proofs_open("rfc9102/trust-anchor.ds", NULL);
}

void
rfc_close(void)
{
	danepriv_close(rfc_ctx);
	proofs_free(&rfc_vectors);
	ck_assert_int_eq(dp_blocks(), 0);
}

const proof_case *
rfc_vector(const char *name)
{
	for (size_t i = 0; i < rfc_vectors.count; i++)
		if (strcmp(rfc_vectors.list[i].name, name) == 0)
			return &rfc_vectors.list[i];
	ck_abort_msg("no vector %s", name);
	return NULL;
}
