/* SPDX-License-Identifier: BSD-2-Clause
 * Whom do we trust at the top, and how much work may a stranger cause? */
#include "dnssec/context.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "crypto/start.h"

/* Who verifies, if not the house.  EINVAL. */
static danepriv_status
take_crypto(danepriv *ctx, const danepriv_crypto *crypto)
{
	danepriv_crypto *given = &ctx->given;

	if (dp_sized_read(crypto, DP_CRYPTO_LEAST, given, sizeof *given) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	if (!given->import_key || !given->verify || !given->free_key ||
	    !given->import_spki != !given->verify_spki)
		return DANEPRIV_EINVAL;
	ctx->crypto = given;
	return DANEPRIV_OK;
}

/* What concerns signatures.  EINVAL, ELIMIT, ENOMEM. */
static danepriv_status
set_crypto(danepriv *ctx, const danepriv_settings *known)
{
	danepriv_status status = known->crypto ? take_crypto(ctx, known->crypto) : DANEPRIV_OK;

	if (status != DANEPRIV_OK)
		return status;
	if (known->memo > DP_MEMO_ENTRIES_MAX)
		return DANEPRIV_ELIMIT;
	ctx->algorithms = dp_algorithms_ask(ctx->crypto);
	ctx->memo = dp_memo_new(known->memo ? known->memo : DP_MEMO_ENTRIES);
	return ctx->memo ? DANEPRIV_OK : DANEPRIV_ENOMEM;
}

/* Every usage that there is. */
#define ALL_USAGES ((2u << DP_TLSA_DANE_EE) - 1)

static bool
is_sound(const danepriv_settings *known)
{
	return (known->roots.data || known->roots.len == 0) &&
	       (known->excluded_usages & ~ALL_USAGES) == 0 &&
	       (known->ike_takes_server_auth == 0 || known->ike_takes_server_auth == 1);
}

danepriv_status
danepriv_open(const danepriv_settings *settings, danepriv **out)
{
	danepriv_settings known = { .size = 0 };
	danepriv_status status = DANEPRIV_OK;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (settings)
		status = dp_sized_read(settings, DP_SETTINGS_LEAST, &known, sizeof known);
	if (status != DANEPRIV_OK)
		return status;
	if (!is_sound(&known))
		return DANEPRIV_EINVAL;
	danepriv *ctx = dp_crypto_start() ? dp_alloc(1, sizeof *ctx) : NULL;
	if (!ctx)
		return DANEPRIV_ENOMEM;
	dp_references_begin(&ctx->references);
	ctx->earliest = known.earliest ? known.earliest : DP_BUILD_TIME;
	ctx->skew_s = known.skew_s;
	ctx->max_work = known.max_work ? known.max_work : DP_WORK_MAX;
	ctx->excluded_usages = known.excluded_usages;
	ctx->ike_takes_server_auth = known.ike_takes_server_auth == 1;
	status = set_crypto(ctx, &known);
	if (status == DANEPRIV_OK)
		status =
		    dp_anchors_read(&ctx->anchors, known.anchors ? known.anchors : dp_root_anchors);
	if (status == DANEPRIV_OK && known.negative)
		status = dp_anchors_read_negative(&ctx->anchors, known.negative);
	if (status == DANEPRIV_OK && known.roots.len > 0)
		status = dp_roots_read(&ctx->roots, known.roots);
	if (status != DANEPRIV_OK) {
		danepriv_close(ctx);
		return status;
	}
	*out = ctx;
	return DANEPRIV_OK;
}

danepriv *
dp_context_ref(const danepriv *ctx)
{
	/* Only danepriv_open makes one, and the count is nobody's to see. */
	danepriv *own = (danepriv *)(uintptr_t)ctx;

	dp_references_take(&own->references);
	return own;
}

void
danepriv_close(danepriv *ctx)
{
	if (!ctx || !dp_references_drop(&ctx->references))
		return;
	dp_anchors_free(&ctx->anchors);
	dp_roots_free(&ctx->roots);
	dp_memo_free(ctx->memo);
	dp_free(ctx);
}
