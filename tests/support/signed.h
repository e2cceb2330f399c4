/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a signature that somebody else made?  From tests/vectors/signatures.txt.
 */
#ifndef TESTS_SIGNED_H
#define TESTS_SIGNED_H

#include "support/octets.h"

#include <stdbool.h>

typedef struct signing {
	test_vectors *file;
	const char *name;
	uint8_t algorithm;
	test_octets key, data, signature;
} signing;

/* The line of this index, of vectors_count("signatures.txt"). */
signing signing_open(int index);
void signing_close(signing *s);

/* Does this key verify? */
typedef bool signing_verifier(
    uint8_t algorithm, danepriv_span key, danepriv_span data, danepriv_span signature);
bool signing_verified(const signing *s, signing_verifier *verifies);

/* With one bit of each octet of `part`, which is one of its own called `name`, turned over: nothing
 * may verify. */
void signing_assert_no_bit(
    const signing *s, test_octets part, const char *name, signing_verifier *verifies);

#endif
