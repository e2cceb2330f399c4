/* SPDX-License-Identifier: BSD-2-Clause
 * Is the proof found in any body of a Certificate message of TLS 1.3? */
#include "gnutls/entry.h"
#include "support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define WANTED 59
#define OTHER 5

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *message = malloc(len ? len : 1);
	dp_entry entry, again;

	if (!message)
		abort();
	if (len > 0)
		memcpy(message, data, len);
	danepriv_span octets = { message, len };
	if (dp_entry_find(octets, WANTED, &entry) == DANEPRIV_OK) {
		size_t end = entry.at + 4 + entry.data.len;
		if (entry.block > entry.at || end > len ||
		    entry.data.data != message + entry.at + 4)
			abort();
		dp_entry_relabel(message, &entry, OTHER);
		/* What is before it and behind it is what it was. */
		if (memcmp(message, data, entry.block) != 0 ||
		    memcmp(message + end, data + end, len - end) != 0 ||
		    dp_entry_find(octets, WANTED, &again) != DANEPRIV_ENOTFOUND)
			abort();
	}
	free(message);
	return 0;
}
