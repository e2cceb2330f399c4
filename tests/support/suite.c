/* SPDX-License-Identifier: BSD-2-Clause
 * The main() of each test program: runs its suite, prints TAP. */
#include "support/suite.h"

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
