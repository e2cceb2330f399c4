/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by octets?  From hexadecimal text, and from files under tests/vectors.  What
 * cannot be read ends the program: a test without its input must not pass. */
#ifndef TESTS_OCTETS_H
#define TESTS_OCTETS_H

#include "base/buffer.h"

#include <danepriv/status.h>
#include <stdbool.h>

typedef struct test_octets {
	uint8_t *data; /* exactly `len` octets on the heap, so that sanitizers see a step beyond */
	size_t len;
} test_octets;

/* Pairs of hexadecimal digits, white space anywhere; "-" stands for none. */
test_octets octets_from_hex(const char *text);
/* `path`: below tests/vectors. */
test_octets octets_from_file(const char *path);
test_octets octets_copy(danepriv_span s);
/* What was written, which must have gone well; frees the buffer. */
test_octets octets_of_buffer(dp_buffer *b);
danepriv_span octets_span(test_octets octets);
void octets_free(test_octets octets);

/* A file of vectors: a line is fields, separated by blanks; `#` begins a comment line. */
#define VECTOR_FIELDS_MAX 12
typedef struct test_vectors test_vectors;
typedef struct test_vector {
	char *fields[VECTOR_FIELDS_MAX]; /* NULL where the line has no more */
} test_vector;

test_vectors *vectors_open(const char *path);
/* How many lines there are that are not empty and no comment. */
int vectors_count(const char *path);
/* Opened and read up to the line of this index. */
test_vectors *vectors_at(const char *path, int index, test_vector *out);
/* The next line that is not empty and no comment; false at the end.  Valid until the next call. */
bool vectors_next(test_vectors *vectors, test_vector *out);
void vectors_close(test_vectors *vectors);

#endif
