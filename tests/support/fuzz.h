/* SPDX-License-Identifier: BSD-2-Clause
 * What does a fuzz target bring?  One function, which libFuzzer calls by this name, or replay.c. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Judges one input; aborts when what must hold does not.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
