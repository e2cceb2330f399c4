/* SPDX-License-Identifier: BSD-2-Clause
 * What if a test cannot be set up?  Also where no test is running, and so check's own assertions
 * would not do. */
#ifndef TESTS_REQUIRE_H
#define TESTS_REQUIRE_H

#include <stdbool.h>

/* Ends the program. */
_Noreturn void test_give_up(const char *what, const char *about);
/* The same unless all is well. */
void test_require(bool fine, const char *what);

#endif
