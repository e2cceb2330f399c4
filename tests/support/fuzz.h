/* SPDX-License-Identifier: BSD-2-Clause
 * What does a fuzz target bring?  One function, which libFuzzer calls by this name, or replay.c.  And
 * what do several of them need? */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <danepriv/context.h>
#include <stddef.h>
#include <stdint.h>

/* Judges one input; aborts when what must hold does not.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The same context at each call, with one anchor, and no earliest date; it stays open. */
danepriv *fuzz_context(void);
/* What follows the first octet, as text; yours to free.  NULL: not even that octet is there. */
char *fuzz_text(const uint8_t *data, size_t len);

#endif
