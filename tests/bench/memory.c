/* SPDX-License-Identifier: BSD-2-Clause
 * How much of the heap does a piece of work take?  malloc and its like are taken over in this one
 * program, for all libraries in it, and handed on to those of glibc. */
#include "bench/memory.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define HAS_OWN_ALLOCATOR 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_ALLOCATOR 1
#endif

#include <stdlib.h>

#if defined(__GLIBC__) && !defined(HAS_OWN_ALLOCATOR)
#include <malloc.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static bool is_counting;
static long in_use, peak;
static size_t allocations;

bool
memory_is_counted(void)
{
	return true;
}

void
memory_begin(void)
{
	in_use = peak = 0;
	allocations = 0;
	is_counting = true;
}

memory_use
memory_end(void)
{
	is_counting = false;
	return (memory_use){ (size_t)peak, allocations };
}

static void
forget(void *block)
{
	if (is_counting && block)
		in_use -= (long)malloc_usable_size(block);
}

static void *
count(void *block)
{
	if (!is_counting || !block)
		return block;
	allocations++;
	in_use += (long)malloc_usable_size(block);
	if (in_use > peak)
		peak = in_use;
	return block;
}

void *
malloc(size_t size)
{
	return count(__libc_malloc(size));
}

void *
calloc(size_t number, size_t size)
{
	return count(__libc_calloc(number, size));
}

/* While it is moved both blocks are there. */
void *
realloc(void *block, size_t size)
{
	long before = is_counting && block ? (long)malloc_usable_size(block) : 0;
	void *moved = count(__libc_realloc(block, size));

	if (moved || size == 0)
		in_use -= before;
	return moved;
}

void
free(void *block)
{
	forget(block);
	__libc_free(block);
}

#else

bool
memory_is_counted(void)
{
	return false;
}

void
memory_begin(void)
{
}

memory_use
memory_end(void)
{
	return (memory_use){ 0, 0 };
}
#endif
