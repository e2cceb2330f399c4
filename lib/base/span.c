/* SPDX-License-Identifier: BSD-2-Clause
 * Are these the same octets? */
#include "base/span.h"

#include <string.h>

bool
dp_span_equal(danepriv_span a, danepriv_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int
dp_span_compare(danepriv_span a, danepriv_span b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.data, b.data, shorter) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}
