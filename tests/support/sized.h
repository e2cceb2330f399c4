/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test see what becomes of a caller's struct, whatever size it has?  The memory ends
 * where the struct does: a call that reads or writes one octet more ends the test. */
#ifndef TESTS_SIZED_H
#define TESTS_SIZED_H

#include <danepriv/status.h>
#include <stdbool.h>

/* One struct, and a call that takes it. */
typedef struct sized_case {
	const char *name;
	size_t least, known; /* octets in 0.2, and in this library */
	size_t elements;     /* of an array; 0: it begins with its size */
	bool is_out;
	void (*fill)(void *memory, size_t index); /* in with what the call needs; NULL: nothing */
	danepriv_status (*call)(void *memory, size_t size);
} sized_case;

/* The first fields of a case. */
#define SIZED(noun, least) "danepriv_" #noun, least, sizeof(danepriv_##noun)
#define IN(noun, least) SIZED(noun, least), 0, false
/* An array of one, behind which there is nothing that could be taken for more of it. */
#define IN_ONE(noun, least) SIZED(noun, least), 1, false
#define IN_EACH(noun, least) SIZED(noun, least), 2, false
#define OUT(noun, least) SIZED(noun, least), 0, true
#define OUT_EACH(noun, least) SIZED(noun, least), 2, true

/* Sizes that a struct may have or not: a row each. */
#define SIZED_ROWS 9
/* Ends the test where the call takes a size that it should not, or the other way round; touches
 * what it takes in, or what has a wrong size; passes over what it does not know; or leaves octets
 * of what goes out as they were. */
void sized_check(const sized_case *one, int row);

#endif
