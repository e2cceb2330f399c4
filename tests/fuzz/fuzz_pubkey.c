/* SPDX-License-Identifier: BSD-2-Clause
 * Is any public key of a DNSKEY record taken, or any signature, that should not be?  Input:
 * algorithm, two octets of length, the key; the rest is a signature. */
#include "base/reader.h"
#include "crypto/pubkey.h"
#include "support/fuzz.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	dp_reader r = dp_reader_over((danepriv_span){ data, len });
	uint8_t algorithm = dp_read_u8(&r);
	danepriv_span field = dp_read_span(&r, dp_read_u16(&r)), signature = dp_read_rest(&r);
	danepriv_span nothing = { NULL, 0 };
	dp_pubkey *key;
	danepriv_status status = dp_pubkey_from_dnskey(NULL, algorithm, field, &key);

	if ((status == DANEPRIV_OK) != (key != NULL) || dp_pubkey_cost(algorithm, field) < 1 ||
	    (status == DANEPRIV_EINVAL) == dp_pubkey_knows(algorithm))
		abort();
	if (key && dp_pubkey_verify(key, nothing, signature) && signature.len == 0)
		abort();
	dp_pubkey_free(key);
	return 0;
}
