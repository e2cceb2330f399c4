/* SPDX-License-Identifier: BSD-2-Clause
 * How much of the heap is taken, by whomever?  Programs that link this count every malloc. */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* False: the sanitizers, valgrind and other C libraries bring an allocator that cannot be counted.
 */
bool heap_is_counted(void);
/* From now on ... */
void heap_start(void);
/* ... so many octets more were taken at the same time, at the most. */
size_t heap_peak(void);
/* ... so often. */
unsigned long heap_calls(void);

#endif
