/* SPDX-License-Identifier: BSD-2-Clause
 * Is any RDATA read within its octets?  Input: two octets of type, then the RDATA, which goes to
 * each parser. */
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "support/fuzz.h"

#include <stdlib.h>

/* What a checked bitmap has is in one of its octets. */
static void
check_types(danepriv_span types)
{
	unsigned found = 0;

	for (unsigned type = 0; type <= UINT16_MAX; type += 51)
		found += dp_rr_types_have(types, (uint16_t)type);
	if (found > 8 * types.len)
		abort();
}

static void
parse_all(danepriv_span rdata)
{
	dp_dnskey dnskey;
	dp_ds ds;
	dp_rrsig rrsig;
	dp_nsec nsec;
	dp_nsec3 nsec3;
	dp_name target;
	uint32_t minimum;

	(void)!dp_dnskey_parse(rdata, &dnskey);
	(void)!dp_ds_parse(rdata, &ds);
	if (dp_rrsig_parse(rdata, &rrsig) == DANEPRIV_OK &&
	    rrsig.head.len + rrsig.signer.len + rrsig.signature.len != rdata.len)
		abort();
	if (dp_nsec_parse(rdata, &nsec) == DANEPRIV_OK)
		check_types(nsec.types);
	if (dp_nsec3_parse(rdata, &nsec3) == DANEPRIV_OK)
		check_types(nsec3.types);
	if (dp_rr_target_parse(rdata, &target) == DANEPRIV_OK && target.len != rdata.len)
		abort();
	(void)!dp_rr_soa_minimum(rdata, &minimum);
	(void)dp_dnskey_tag(rdata);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	dp_reader r = dp_reader_over((danepriv_span){ data, len });
	uint16_t type = dp_read_u16(&r);
	danepriv_span rdata = dp_read_rest(&r);

	if (rdata.len > UINT16_MAX)
		return 0;
	parse_all(rdata);
	dp_buffer b = dp_buffer_growing(UINT16_MAX);
	dp_rr_rdata_write(&b, type, rdata);
	if (b.status != DANEPRIV_OK || b.len != rdata.len)
		abort();
	dp_buffer_free(&b);
	return 0;
}
