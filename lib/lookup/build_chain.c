/* SPDX-License-Identifier: BSD-2-Clause
 * What may a server show of itself?  (RFC 9102 sections 2.3 and 4) */
#include "lookup/build_chain.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dnssec/minimal.h"
#include "dnssec/proven.h"

struct danepriv_chain {
	dp_proven proven;
	dp_buffer octets;
};

danepriv_status
dp_build_chain(const dp_validator *v, dp_name owner, uint16_t type, const dp_found *found,
    danepriv_chain **out)
{
	*out = NULL;
	danepriv_chain *chain = dp_alloc(1, sizeof *chain);
	if (!chain)
		return DANEPRIV_ENOMEM;
	chain->octets = dp_buffer_growing(DP_CHAIN_OCTETS_MAX);
	danepriv_status status =
	    dp_minimal_write(v, owner, type, found, &chain->octets, &chain->proven);
	if (status != DANEPRIV_OK) {
		danepriv_chain_free(chain);
		return status;
	}
	*out = chain;
	return DANEPRIV_OK;
}

danepriv_status
dp_build_chain_copy(danepriv_span octets, dp_proven proven, danepriv_chain **out)
{
	*out = NULL;
	danepriv_chain *chain = dp_alloc(1, sizeof *chain);
	if (!chain)
		return DANEPRIV_ENOMEM;
	chain->proven = proven;
	chain->octets = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	dp_write_span(&chain->octets, octets);
	danepriv_status status = chain->octets.status;
	if (status != DANEPRIV_OK) {
		danepriv_chain_free(chain);
		return status;
	}
	*out = chain;
	return DANEPRIV_OK;
}

void
danepriv_chain_free(danepriv_chain *chain)
{
	if (!chain)
		return;
	dp_buffer_free(&chain->octets);
	dp_free(chain);
}

danepriv_span
danepriv_chain_octets(const danepriv_chain *chain)
{
	danepriv_span none = { NULL, 0 };

	return chain ? dp_buffer_span(&chain->octets) : none;
}

danepriv_security
danepriv_chain_security(const danepriv_chain *chain)
{
	return chain ? chain->proven.security : DANEPRIV_SECURITY_UNKNOWN;
}

danepriv_time
danepriv_chain_valid_until(const danepriv_chain *chain)
{
	return chain ? chain->proven.valid_until : INT64_MIN;
}
