/* SPDX-License-Identifier: BSD-2-Clause
 * Is a certificate of a path read within its octets?  Each is put below itself.  What is read lies
 * within, no name is permitted where none could be paid for, and what constrains nobody permits
 * all. */
#include "crypto/constraints.h"
#include "crypto/der.h"
#include "crypto/profile.h"
#include "support/fuzz.h"

#include <stdlib.h>

static bool
lies_within(danepriv_span part, danepriv_span whole)
{
	return part.len == 0 || (part.data >= whole.data && part.len <= whole.len &&
				    (size_t)(part.data - whole.data) <= whole.len - part.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	danepriv_span input = { data, len };
	uint64_t work = 1000, none = 0;
	dp_certificate certificate;
	dp_profile profile;

	if (dp_der_certificate(input, &certificate) != DANEPRIV_OK)
		return 0;
	dp_profile_read(&certificate, &profile);
	if (!lies_within(profile.tbs, input) || !lies_within(profile.algorithm, input) ||
	    !lies_within(profile.signature, input) || !lies_within(profile.names, input) ||
	    !lies_within(profile.constraints, input))
		abort();
	if (profile.standing == DP_STANDING_GOOD && (profile.version < 1 || profile.version > 3))
		abort();
	bool is_free = profile.has_constraints == DP_ABSENT;
	dp_permission permission = dp_constraints_permit(&profile, &profile, &work);
	if (is_free != (dp_constraints_permit(&profile, &profile, &none) == DP_PERMISSION_YES) ||
	    (is_free && permission != DP_PERMISSION_YES))
		abort();
	return 0;
}
