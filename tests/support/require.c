/* SPDX-License-Identifier: BSD-2-Clause
 * What if a test cannot be set up? */
#include "support/require.h"

#include <stdio.h>
#include <stdlib.h>

void
test_give_up(const char *what, const char *about)
{
	printf("Bail out! %s: %s\n", what, about);
	exit(99);
}

void
test_require(bool fine, const char *what)
{
	if (!fine)
		test_give_up("test is wrong", what);
}
