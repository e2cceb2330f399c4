/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a domain name? */
#include "support/names.h"

#include "support/require.h"

dp_name_store
name_from(const char *text)
{
	dp_name_store name;

	test_require(dp_name_from_text(text, &name) == DANEPRIV_OK, text);
	return name;
}
