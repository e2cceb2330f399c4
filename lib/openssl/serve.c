/* SPDX-License-Identifier: BSD-2-Clause
 * What does an OpenSSL server send to clients that ask for its proof? */
#include "openssl/chains.h"
#include "openssl/extension.h"

#include "base/sized.h"
#include "base/sizes.h"
#include "dane/transport.h"
#include "lookup/chain_form.h"

#include <danepriv/openssl.h>

/* Before anything is changed. */
static danepriv_status
check(const danepriv_server *server, danepriv_span chain)
{
	size_t needed;

	if (!dp_transport_has_chains(server->transport) || (!chain.data && chain.len > 0))
		return DANEPRIV_EINVAL;
	if (chain.len > DANEPRIV_CHAIN_SERVED_MAX)
		return DANEPRIV_ELIMIT;
	danepriv_status status = danepriv_server_owner(server, NULL, 0, &needed);
	return status == DANEPRIV_ELIMIT ? DANEPRIV_OK : status; /* no room, and none needed */
}

danepriv_status
danepriv_openssl_serve(SSL_CTX *ctx, const danepriv_server *server, danepriv_span chain,
    const danepriv_chain_serving *settings)
{
	danepriv_chain_serving known = { .size = sizeof known };
	dp_openssl_context *context;

	if (!ctx || !server)
		return DANEPRIV_EINVAL;
	danepriv_status status =
	    settings ? dp_sized_read(settings, DP_CHAIN_SERVING_LEAST, &known, sizeof known)
		     : DANEPRIV_OK;
	if (status == DANEPRIV_OK && !dp_chain_form_is_known(known.form))
		status = DANEPRIV_EINVAL;
	if (status == DANEPRIV_OK)
		status = check(server, chain);
	if (status == DANEPRIV_OK)
		status = dp_openssl_register(ctx, &context);
	if (status != DANEPRIV_OK)
		return status;
	if (!context->chains)
		context->chains = dp_chains_new();
	if (!context->chains)
		return DANEPRIV_ENOMEM;
	return dp_chains_put(context->chains, server, chain, known.support_hours,
	    known.form == DANEPRIV_CHAIN_FORM_PREFIXED);
}
