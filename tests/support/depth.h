/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a stack does something take? */
#ifndef TESTS_DEPTH_H
#define TESTS_DEPTH_H

#include <stddef.h>

/* Octets of stack that `run` took, called on one of its own: to the lowest that was written. */
size_t depth_of(void (*run)(void *argument), void *argument);

/* What sanitizers put around variables makes frames so many times as large, at the most. */
size_t depth_allowed(size_t octets);

#endif
