/* SPDX-License-Identifier: BSD-2-Clause
 * Where in any certificate is its key?  A key that is found lies within, and has the form of
 * one. */
#include "crypto/der.h"
#include "support/fuzz.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	danepriv_span input = { data, len }, spki;
	danepriv_status status = dp_der_certificate_spki(input, &spki);

	(void)!dp_der_spki_check(input);
	if (status != DANEPRIV_OK) {
		if (status != DANEPRIV_EMALFORMED || spki.data || spki.len > 0)
			abort();
		return 0;
	}
	if (spki.data < data || spki.len > len || (size_t)(spki.data - data) > len - spki.len ||
	    dp_der_spki_check(spki) != DANEPRIV_OK)
		abort();
	return 0;
}
