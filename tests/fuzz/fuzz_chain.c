/* SPDX-License-Identifier: BSD-2-Clause
 * Is what a server sends as extension 59 read within its octets?  What is read is in the input, is
 * read again when it was written, and is judged and shown whatever it holds. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/span.h"
#include "dnssec/chain.h"
#include "support/fuzz.h"

#include <danepriv/chain.h>
#include <stdlib.h>

#define NOW 1700000000

static const danepriv_server server = { "dns.example", 853, DANEPRIV_TRANSPORT_DOT };

static void
check_again(const dp_extension *extension)
{
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	dp_extension again;

	danepriv_status status = dp_chain_write_extension(&b, extension, true);
	if (status == DANEPRIV_OK &&
	    (dp_chain_read_extension(dp_buffer_span(&b), &again) != DANEPRIV_OK ||
		again.lifetime != extension->lifetime ||
		!dp_span_equal(again.chain, extension->chain)))
		abort();
	if (status != DANEPRIV_OK && extension->chain.len <= DP_MESSAGE_OCTETS_MAX - 4)
		abort();
	dp_buffer_free(&b);
}

/* Octets that are no chain are bogus, and so is a chain of which nothing is known. */
static void
check_judged(const danepriv *ctx, danepriv_span octets, bool is_chain)
{
	danepriv_records *records;

	if (danepriv_records_prove_extension(ctx, &server, octets, NOW, &records) != DANEPRIV_OK)
		abort();
	danepriv_security security = danepriv_records_security(records);
	if (security == DANEPRIV_SECURITY_UNKNOWN || security == DANEPRIV_SECURITY_INDETERMINATE)
		abort();
	if (!is_chain && security != DANEPRIV_SECURITY_BOGUS)
		abort();
	if ((security == DANEPRIV_SECURITY_SECURE) != (danepriv_records_count(records) > 0))
		abort();
	danepriv_records_free(records);
}

/* What a proof breaks at is a name; a chain comes apart where it is one, each record within it. */
static void
check_shown(const danepriv *ctx, danepriv_span chain)
{
	danepriv_rrset place = { .size = sizeof place };
	danepriv_chain_record record = { .size = sizeof record };
	danepriv_chain_walk *walk = NULL;
	danepriv_records *records;

	if (danepriv_records_prove(ctx, &server, chain, NOW, &records) != DANEPRIV_OK)
		abort();
	if (danepriv_records_place(records, &place) == DANEPRIV_OK &&
	    (place.owner[0] == '\0' || place.type == 0))
		abort();
	danepriv_records_free(records);
	danepriv_status status = danepriv_chain_walk_new(ctx, &server, chain, NOW, &walk);
	if ((status != DANEPRIV_OK && status != DANEPRIV_EMALFORMED && status != DANEPRIV_ELIMIT) ||
	    (walk != NULL) != (status == DANEPRIV_OK))
		abort();
	for (size_t i = 0; i < danepriv_chain_walk_count(walk); i++)
		if (danepriv_chain_walk_record(walk, i, &record) != DANEPRIV_OK ||
		    record.owner[0] == '\0' || record.rdata.len > chain.len)
			abort();
	danepriv_chain_walk_free(walk);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	danepriv *ctx = fuzz_context();
	danepriv_span octets = { data, len };
	dp_extension extension;

	bool is_chain = dp_chain_read_extension(octets, &extension) == DANEPRIV_OK;
	if (is_chain) {
		if (extension.chain.data < data + 2 ||
		    extension.chain.data + extension.chain.len != data + len)
			abort();
		check_again(&extension);
	}
	check_judged(ctx, octets, is_chain);
	check_shown(ctx, octets);
	check_shown(ctx, extension.chain);
	return 0;
}
