/* SPDX-License-Identifier: BSD-2-Clause
 * lib/getdns: does the lookup of a zone end as that of a server does?  In each way in which a
 * resolver can behave, once, and without memory. */
#include "support/failing_alloc.h"
#include "support/fetching.h"
#include "support/manners.h"
#include "support/suite.h"

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

#include <poll.h>
#include <stdbool.h>

#define NOW 1900000000
#define ZONE "example.net"

START_TEST(every_manner)
{
	const manner_row *row = &manners[_i];
	danepriv_zone *zone = NULL;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", row->manner));
	danepriv_getdns *dns = fetching_by(&r);
	ck_assert_int_eq(
	    fetch_zone(dns, fetching_ctx, ZONE, row->deadline_ms, NOW, &zone), DANEPRIV_OK);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
	ck_assert_msg(danepriv_zone_security(zone) == row->security, "%s: proof %d", row->name,
	    danepriv_zone_security(zone));
	danepriv_reason reason = danepriv_zone_reason(zone);
	ck_assert_msg(!row->reason || reason == row->reason, "%s: reason %d", row->name, reason);
	ck_assert_uint_eq(danepriv_zone_count(zone), 0);
	ck_assert_uint_gt(r.count, 0);
	danepriv_zone_free(zone);
}
END_TEST

/* Two at a time, of which one is stopped. */
START_TEST(once)
{
	danepriv_lookup *kept, *stopped, *taken = NULL;
	danepriv_status status = DANEPRIV_EINVAL;
	danepriv_zone *zone;
	upstream r;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	danepriv_getdns *dns = fetching_by(&r);
	ck_assert_int_eq(danepriv_lookup_new_zone(fetching_ctx, ZONE, &stopped), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_lookup_new_zone(fetching_ctx, ZONE, &kept), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, stopped, PATIENCE_MS, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_start(dns, kept, PATIENCE_MS, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_take(dns, &taken, &status), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(danepriv_getdns_stop(dns, stopped), DANEPRIV_OK);
	danepriv_lookup_free(stopped);
	while (danepriv_getdns_take(dns, &taken, &status) == DANEPRIV_ENOTFOUND) {
		struct pollfd p = { .fd = danepriv_getdns_poll_fd(dns), .events = POLLIN };
		ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
		danepriv_getdns_poll_run(dns);
	}
	ck_assert_ptr_eq(taken, kept);
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_int_eq(danepriv_getdns_take(dns, &taken, &status), DANEPRIV_ENOTFOUND);
	ck_assert_int_eq(danepriv_lookup_finish_zone(kept, NOW, &zone), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_zone_security(zone), DANEPRIV_SECURITY_BOGUS);
	danepriv_zone_free(zone);
	danepriv_lookup_free(kept);
	danepriv_getdns_close(dns);
	upstream_stop(&r);
}
END_TEST

/* Where getdns cannot wait for an answer, the deadline ends the fetch. */
START_TEST(memory_runs_out)
{
	bool failed = true;
	upstream r;
	long n;

	ck_assert(upstream_start(&r, "127.0.0.1", UPSTREAM_ANSWERS));
	for (n = 0; failed; n++) {
		danepriv_zone *zone = NULL;
		danepriv_getdns *dns = fetching_by(&r);
		dp_fail_allocation_at(n);
		danepriv_status status =
		    fetch_zone(dns, fetching_ctx, ZONE, DEADLINE_MS, NOW, &zone);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert_int_eq(zone != NULL, status == DANEPRIV_OK);
		ck_assert_int_ne(danepriv_zone_security(zone), DANEPRIV_SECURITY_SECURE);
		danepriv_zone_free(zone);
		danepriv_getdns_close(dns);
	}
	ck_assert_int_gt(n, 10);
	upstream_stop(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("getdns_zone");
	TCase *tc = tcase_create("getdns_zone");

	tcase_add_checked_fixture(tc, fetching_open, fetching_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_manner, 0, MANNERS);
	tcase_add_test(tc, once);
	tcase_add_test(tc, memory_runs_out);
	suite_add_tcase(suite, tc);
	return suite;
}
