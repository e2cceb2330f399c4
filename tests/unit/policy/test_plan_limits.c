/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan_limits: how many connections may there be, how old, and of which TLS? */
#include "support/suite.h"

#include <danepriv/plan.h>

/* What a newer caller has behind the fields that are known. */
typedef struct newer_limits {
	danepriv_limits limits;
	uint32_t more[2];
} newer_limits;

#define SIZE sizeof(danepriv_limits)

typedef struct limits_row {
	const char *name;
	newer_limits given;
	uint16_t version;
	int takes;
	size_t to_server, total;
	int may;
	danepriv_time used, valid_until;
} limits_row;

/* Unreadable in every respect. */
#define UNREADABLE 0x0304, 0, 0, 0, 0, 1000, INT64_MIN

static const limits_row table[] = {
	{ "defaults", { { SIZE, 0, 0, 0, 0 } }, 0x0303, 1, 0, 127, 1, 1000, 1010 },
	{ "TLS 1.3", { { SIZE, 0, 0, 0, 0 } }, 0x0304, 1, 1, 1, 0, 0, 10 },
	{ "TLS 1.1", { { SIZE, 0, 0, 0, 0 } }, 0x0302, 0, 0, 128, 0, -10, 0 },
	{ "TLS 1.0", { { SIZE, 0, 0, 0, 0 } }, 0x0301, 0, 1, 0, 0, -11, -1 },
	{ "SSL 3.0", { { SIZE, 0, 0, 0, 0 } }, 0x0300, 0, 2, 0, 0, INT64_MAX - 10, INT64_MAX },
	{ "SSL 2.0", { { SIZE, 0, 0, 0, 0 } }, 0x0002, 0, SIZE_MAX, 0, 0, INT64_MAX - 9,
	    INT64_MAX },
	{ "none", { { SIZE, 0, 0, 0, 0 } }, 0, 0, 0, SIZE_MAX, 0, INT64_MAX, INT64_MAX },
	{ "a draft of 1.3", { { SIZE, 0, 0, 0, 0 } }, 0x7f1c, 0, 0, 0, 1, INT64_MIN,
	    INT64_MIN + 10 },
	{ "GREASE", { { SIZE, 0, 0, 0, 0 } }, 0xfafa, 0, 0, 0, 1, 0, 10 },
	{ "all ones", { { SIZE, 0, 0, 0, 0 } }, 0xffff, 0, 0, 0, 1, 0, 10 },
	{ "DTLS 1.0", { { SIZE, 0, 0, 0, 0 } }, 0xfeff, 0, 0, 0, 1, 0, 10 },
	{ "DTLS 1.1, which never was", { { SIZE, 0, 0, 0, 0 } }, 0xfefe, 0, 0, 0, 1, 0, 10 },
	{ "DTLS 1.2", { { SIZE, 0, 0, 0, 0 } }, 0xfefd, 1, 0, 0, 1, 0, 10 },
	{ "DTLS 1.3", { { SIZE, 0, 0, 0, 0 } }, 0xfefc, 1, 0, 0, 1, 0, 10 },
	{ "no DTLS", { { SIZE, 0, 0, 0, 0 } }, 0xfe00, 0, 0, 0, 1, 0, 10 },
	{ "at least 1.3", { { SIZE, 0x0304, 0, 0, 0 } }, 0x0303, 0, 0, 0, 1, 0, 10 },
	{ "1.3 then", { { SIZE, 0x0304, 0, 0, 0 } }, 0x0304, 1, 0, 0, 1, 0, 10 },
	{ "DTLS 1.2 then", { { SIZE, 0x0304, 0, 0, 0 } }, 0xfefd, 0, 0, 0, 1, 0, 10 },
	{ "DTLS 1.3 then", { { SIZE, 0x0304, 0, 0, 0 } }, 0xfefc, 1, 0, 0, 1, 0, 10 },
	{ "at least what there is not yet", { { SIZE, 0x0305, 0, 0, 0 } }, 0x0304, 0, 0, 0, 1, 0,
	    10 },
	{ "two to a server", { { SIZE, 0, 2, 0, 0 } }, 0x0303, 1, 1, 1, 1, 0, 10 },
	{ "three would be one too many", { { SIZE, 0, 2, 0, 0 } }, 0x0303, 1, 2, 2, 0, 0, 10 },
	{ "one in all", { { SIZE, 0, 2, 1, 0 } }, 0x0303, 1, 0, 1, 0, 0, 10 },
	{ "none yet", { { SIZE, 0, 2, 1, 0 } }, 0x0303, 1, 0, 0, 1, 0, 10 },
	{ "most", { { SIZE, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX } }, 0x0303, 1, UINT32_MAX - 1u,
	    UINT32_MAX - 1u, 1, 1, 1 + (danepriv_time)UINT32_MAX },
	{ "more", { { SIZE, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX } }, 0x0303, 1, UINT32_MAX,
	    UINT32_MAX, 0, INT64_MAX - 1, INT64_MAX },
	{ "for a second", { { SIZE, 0, 0, 0, 1 } }, 0x0303, 1, 0, 0, 1, 1000, 1001 },
	{ "a newer caller", { { SIZE + 8, 0, 0, 0, 0 }, { 0, 0 } }, 0x0303, 1, 0, 0, 1, 0, 10 },
	{ "who wants what is not known", { { SIZE + 8, 0, 0, 0, 0 }, { 0, 1 } }, UNREADABLE },
	{ "no size", { { 0, 0, 0, 0, 0 } }, UNREADABLE },
	{ "older than the first", { { SIZE - 1, 0, 0, 0, 0 } }, UNREADABLE },
	{ "half a size", { { sizeof(size_t) - 1, 0, 0, 0, 0 } }, UNREADABLE },
	{ "at least 1.1", { { SIZE, 0x0302, 0, 0, 0 } }, UNREADABLE },
	{ "at least 1", { { SIZE, 1, 0, 0, 0 } }, UNREADABLE },
	{ "at least no TLS", { { SIZE, 0x0400, 0, 0, 0 } }, UNREADABLE },
	{ "at least as DTLS writes it", { { SIZE, 0xfefd, 0, 0, 0 } }, UNREADABLE },
};

static void
check_row(const limits_row *row, const danepriv_limits *limits)
{
	ck_assert_msg(danepriv_limits_accept_version(limits, row->version) == row->takes,
	    "%s: version", row->name);
	ck_assert_msg(danepriv_limits_may_connect(limits, row->to_server, row->total) == row->may,
	    "%s: connect", row->name);
	danepriv_time until = danepriv_limits_idle_until(limits, row->used);
	ck_assert_msg(until == row->valid_until, "%s: until %lld", row->name, (long long)until);
}

START_TEST(limit)
{
	check_row(&table[_i], &table[_i].given.limits);
}
END_TEST

/* The rows that are for the defaults, which are those at the beginning. */
START_TEST(defaults)
{
	const danepriv_limits *given = &table[_i].given.limits;

	ck_assert(!given->tls_version && !given->connections && !given->total && !given->idle_s);
	check_row(&table[_i], NULL);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_limits");
	TCase *tc = tcase_create("plan_limits");

	tcase_add_loop_test(tc, limit, 0, ROWS(table));
	tcase_add_loop_test(tc, defaults, 0, 15);
	suite_add_tcase(suite, tc);
	return suite;
}
