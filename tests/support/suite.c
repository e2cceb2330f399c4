/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test program run its suite?  The main() of each; prints TAP. */
#include "support/suite.h"

#include "support/failing_alloc.h"

/* What was freed is kept from use for so many MiB, of which there are 256 otherwise: each test is a
 * process of its own, and at its end all of that is searched for leaks. */
const char *__asan_default_options(void);

__attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=4";
}

void
no_block_is_left(void)
{
	ck_assert_int_eq(dp_blocks(), 0);
}

int
main(void)
{
	SRunner *runner = srunner_create(test_suite());

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
