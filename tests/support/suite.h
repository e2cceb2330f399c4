/* SPDX-License-Identifier: BSD-2-Clause
 * What does a test file bring?  Its suite; main() and the TAP output are in suite.c.
 *
 * Rows of a table are tests of their own: tcase_add_loop_test(tc, test, 0, ROWS(table)), and in the
 * test `table[_i]`; put the row's name into each assertion (ck_assert_msg and the like).
 * Codes are told in words (word.h).  CK_FORK=no keeps all tests in one process, for valgrind and
 * debuggers. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <danepriv/word.h>

#define ROWS(table) ((int)(sizeof(table) / sizeof *(table)))

/* As check's own, for what one test asserts thousands of times: where one of those was passed,
 * check writes it down, by a system call each. */
#define assert_often_msg(fine, ...) ((fine) ? (void)0 : ck_abort_msg(__VA_ARGS__))
#define assert_often(fine) assert_often_msg(fine, "Assertion '%s' failed", #fine)

/* A fixture: no memory is left, before a test as after it. */
void no_block_is_left(void);

/* Each test file defines this one function. */
Suite *test_suite(void);

#endif
