/* SPDX-License-Identifier: BSD-2-Clause
 * What does the proof that a server sent in its handshake prove?  (RFC 9102 sections 3 and 6) */
#include "lookup/prove_chain.h"

#include "dane/records.h"
#include "dns/name.h"
#include "dnssec/chain.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

#include <danepriv/chain.h>

/* Judges `chain`, which is empty when there was none that could be read. */
static danepriv_status
judge(dp_validator *v, danepriv_span chain, dp_name owner, uint16_t type, danepriv_time now,
    dp_found *out)
{
	danepriv_status status = chain.len > 0 ? dp_validator_lend(v, chain) : DANEPRIV_EMALFORMED;

	v->questions.closed = true;
	if (status == DANEPRIV_OK)
		return dp_validate(v, owner, type, now, out);
	if (status == DANEPRIV_ENOMEM)
		return status;
	out->proven = dp_proven_not(DANEPRIV_SECURITY_BOGUS,
	    status == DANEPRIV_ELIMIT ? DANEPRIV_REASON_LIMIT_RECORDS : DANEPRIV_REASON_MALFORMED,
	    now);
	return DANEPRIV_OK;
}

/* RFC 9102 section 3: the name that the server is known by is the TLSA base domain. */
static danepriv_status
prove(const danepriv *ctx, const dp_server *server, const dp_extension *extension,
    danepriv_time now, danepriv_records **out)
{
	dp_name_store owner;
	dp_validator v;
	dp_found found;

	dp_validator_init(&v, ctx);
	danepriv_status status = dp_server_owner(server, &owner);
	if (status == DANEPRIV_OK)
		status = judge(
		    &v, extension->chain, dp_name_of(&owner), dp_server_type(server), now, &found);
	if (status == DANEPRIV_OK)
		status = dp_records_of(server, dp_name_of(&server->name), &v, &found, out);
	if (status == DANEPRIV_OK)
		dp_records_mark(*out, DANEPRIV_SOURCE_CHAIN, extension->lifetime);
	dp_validator_free(&v);
	return status;
}

danepriv_status
dp_prove_extension(const danepriv *ctx, const dp_server *server, danepriv_span octets,
    danepriv_time now, danepriv_records **out)
{
	dp_extension extension;

	*out = NULL;
	(void)!dp_chain_read_extension(octets, &extension); /* then it is empty */
	return prove(ctx, server, &extension, now, out);
}

danepriv_status
dp_prove_chain(const danepriv *ctx, const dp_server *server, danepriv_span octets,
    danepriv_time now, danepriv_records **out)
{
	dp_extension extension = { .lifetime = 0 };

	*out = NULL;
	(void)!dp_chain_read(octets, &extension.chain); /* then it is empty */
	return prove(ctx, server, &extension, now, out);
}

typedef danepriv_status prove_function(const danepriv *ctx, const dp_server *server,
    danepriv_span octets, danepriv_time now, danepriv_records **out);

/* For a server and octets that come from the caller. */
static danepriv_status
prove_given(const danepriv *ctx, const danepriv_server *server, danepriv_span octets,
    danepriv_time now, prove_function *prove_octets, danepriv_records **out)
{
	dp_server read;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!ctx || (!octets.data && octets.len > 0))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	return status == DANEPRIV_OK ? prove_octets(ctx, &read, octets, now, out) : status;
}

danepriv_status
danepriv_records_prove_extension(const danepriv *ctx, const danepriv_server *server,
    danepriv_span extension, danepriv_time now, danepriv_records **out)
{
	return prove_given(ctx, server, extension, now, dp_prove_extension, out);
}

danepriv_status
danepriv_records_prove(const danepriv *ctx, const danepriv_server *server, danepriv_span chain,
    danepriv_time now, danepriv_records **out)
{
	return prove_given(ctx, server, chain, now, dp_prove_chain, out);
}
