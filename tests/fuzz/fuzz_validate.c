/* SPDX-License-Identifier: BSD-2-Clause
 * What does any chain of records prove, against the anchor of tests/vectors/proofs/root.ds?  What
 * is proven must be there, and must not have cost more than the bounds say; nor may the search for
 * aliases. */
#include "base/bounds.h"
#include "dane/server.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/validator.h"
#include "lookup/base_domain.h"
#include "support/fuzz.h"

#include <danepriv/records.h>
#include <danepriv/server.h>
#include <stdlib.h>

#define NOW 1700000000

static bool
is_sound(const dp_validator *v, const dp_found *found)
{
	if (v->budget.work > (uint64_t)DP_WORK_MAX * DP_WORK_UNIT ||
	    v->hashes > DP_NSEC3_HASHES_MAX || v->digests > DP_DS_DIGESTS_MAX + 1)
		return false;
	if (found->proven.security == DANEPRIV_SECURITY_UNKNOWN)
		return false;
	if (found->proven.security != DANEPRIV_SECURITY_SECURE)
		return true;
	return found->records < v->evidence.count && found->proven.valid_until >= NOW &&
	       found->proven.valid_until <= found->proven.expiry &&
	       v->evidence.items[found->records].rr.type == DP_TYPE_TLSA;
}

/* The records at the end of the server's aliases, out of the same evidence. */
static bool
finds_base(dp_validator *v)
{
	static const danepriv_server server = { .name = "dns.example." };
	dp_server read;
	dp_based based;

	if (dp_server_read(&server, &read) != DANEPRIV_OK)
		return false;
	return dp_base_find(v, &read, DP_TYPE_TLSA, NOW, &based) == DANEPRIV_OK &&
	       is_sound(v, &based.found) && based.base.len > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	danepriv *ctx = fuzz_context();
	static dp_validator v;
	danepriv_span chain = { data, len };
	dp_name_store name;
	dp_found found;

	if (dp_name_from_text("_853._tcp.dns.example.", &name) != DANEPRIV_OK)
		abort();
	dp_validator_init(&v, ctx);
	v.questions.closed = true;
	if (dp_validator_add(&v, chain) == DANEPRIV_OK &&
	    (dp_validate(&v, dp_name_of(&name), DP_TYPE_TLSA, NOW, &found) != DANEPRIV_OK ||
		!is_sound(&v, &found) || !finds_base(&v)))
		abort();
	dp_validator_free(&v);
	return 0;
}
