/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns/memory: is what getdns takes zero, and its own, however it gave blocks back before? */
#include "getdns/memory.h"
#include "support/suite.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MANY 40 /* more than are kept of those that can hold a message */
#define BEHIND 65536

static const struct {
	const char *name;
	size_t size;
	size_t behind; /* zeros that may be read beyond it */
} blocks[] = {
	{ "nothing", 0, 0 },
	{ "an octet", 1, 0 },
	{ "a step", 16, 0 },
	{ "a step and an octet", 17, 0 },
	{ "no message fits", 511, 0 },
	{ "a message", 512, BEHIND },
	{ "a long message", 4096, BEHIND },
};

static dp_getdns_pool *pool;

static void
open_pool(void)
{
	pool = dp_getdns_pool_new();
	ck_assert_ptr_nonnull(pool);
}

static bool
is_zero(const uint8_t *block, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (block[i] != 0)
			return false;
	return true;
}

/* New blocks, and then what was full before. */
START_TEST(zero)
{
	size_t size = blocks[_i].size;
	uint8_t *taken[MANY];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < MANY; i++) {
			taken[i] = dp_getdns_take(pool, size);
			ck_assert_ptr_nonnull(taken[i]);
			ck_assert(is_zero(taken[i], size + blocks[_i].behind));
			memset(taken[i], 0xA5, size);
		}
		for (int i = 0; i < MANY; i++)
			dp_getdns_free(pool, taken[i]);
	}
	dp_getdns_pool_release(pool);
}
END_TEST

/* Nobody else gets it, while it is out or after. */
START_TEST(given_back_twice)
{
	size_t size = blocks[_i].size;
	uint8_t *first = dp_getdns_take(pool, size), *other = dp_getdns_take(pool, size);

	dp_getdns_free(pool, first);
	dp_getdns_free(pool, first);
	uint8_t *second = dp_getdns_take(pool, size), *third = dp_getdns_take(pool, size);
	ck_assert_ptr_eq(second, first);
	ck_assert_ptr_ne(third, second);
	ck_assert_ptr_ne(third, other);
	dp_getdns_free(pool, other);
	dp_getdns_free(pool, second);
	dp_getdns_free(pool, third);
	dp_getdns_pool_release(pool);
}
END_TEST

/* From each size to each. */
START_TEST(more)
{
	size_t from = blocks[(size_t)_i / ROWS(blocks)].size;
	size_t to = blocks[(size_t)_i % ROWS(blocks)].size;
	size_t kept = from < to ? from : to;
	uint8_t *block = dp_getdns_take(pool, from);

	memset(block, 0xA5, from);
	block = dp_getdns_take_more(pool, block, to);
	ck_assert_ptr_nonnull(block);
	for (size_t i = 0; i < kept; i++)
		ck_assert_uint_eq(block[i], 0xA5);
	ck_assert(is_zero(block + kept, to - kept));
	dp_getdns_free(pool, block);
	dp_getdns_pool_release(pool);
}
END_TEST

/* What is out outlives the pool's owner; no block is so large that its length turns round. */
START_TEST(ends)
{
	uint8_t *block = dp_getdns_take(pool, 100);

	ck_assert_ptr_null(dp_getdns_take(pool, SIZE_MAX));
	ck_assert_ptr_null(dp_getdns_take_more(pool, block, SIZE_MAX));
	dp_getdns_free(pool, NULL);
	dp_getdns_pool_release(pool);
	memset(block, 0xA5, 100);
	dp_getdns_free(pool, block);
	dp_getdns_pool_release(NULL);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_memory");
	TCase *tc = tcase_create("getdns_memory");

	tcase_add_checked_fixture(tc, open_pool, NULL);
	tcase_add_loop_test(tc, zero, 0, ROWS(blocks));
	tcase_add_loop_test(tc, given_back_twice, 0, ROWS(blocks));
	tcase_add_loop_test(tc, more, 0, ROWS(blocks) * ROWS(blocks));
	tcase_add_test(tc, ends);
	suite_add_tcase(suite, tc);
	return suite;
}
