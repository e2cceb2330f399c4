/* SPDX-License-Identifier: BSD-2-Clause
 * How much of the heap is taken, by whomever? */
#include "support/heap.h"

#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&       \
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) &&                       \
    !__has_feature(memory_sanitizer)
#define COUNTED 1
#else
#define COUNTED 0
#endif

static size_t taken, start, highest;
/* Volatile: compilers know malloc, and take it that ours changes nothing here. */
static volatile unsigned long calls;

/* By address: a compiler that sees ours below puts their code here, and valgrind, which stands
 * before the functions, would not be noticed. */
bool
heap_is_counted(void)
{
	void *(*volatile take)(size_t size) = malloc;
	void (*volatile give_back)(void *block) = free;
	unsigned long before = calls;

	give_back(take(1));
	return calls != before;
}

void
heap_start(void)
{
	start = highest = taken;
	calls = 0;
}

size_t
heap_peak(void)
{
	return highest - start;
}

unsigned long
heap_calls(void)
{
	return calls;
}

#if COUNTED

#include <malloc.h>

/* What glibc offers to those who stand before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static void *
count(void *block)
{
	calls++;
	taken += malloc_usable_size(block);
	if (taken > highest)
		highest = taken;
	return block;
}

void *
malloc(size_t size)
{
	return count(__libc_malloc(size));
}

void *
calloc(size_t count_of, size_t size)
{
	return count(__libc_calloc(count_of, size));
}

void *
realloc(void *block, size_t size)
{
	size_t before = malloc_usable_size(block);
	void *moved = __libc_realloc(block, size);

	if (moved || size == 0)
		taken -= before;
	return moved ? count(moved) : NULL;
}

void
free(void *block)
{
	taken -= malloc_usable_size(block);
	__libc_free(block);
}

#endif
