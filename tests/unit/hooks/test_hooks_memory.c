/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: does any of it take memory? */
#include "support/credentials.h"
#include "support/heap.h"
#include "support/resolving.h"
#include "support/suite.h"

/* Nothing but what the test itself takes. */
START_TEST(takes_no_memory)
{
	static const char *const peers[] = { "ee", "other", "raw:ee-key" };
	size_t order[1];
	test_peer shown;
	resolving r;

	if (!heap_is_counted())
		return;
	resolving_open(&r, _i % 2 ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	peer_open(&shown, peers[_i / 2]);
	const struct sockaddr *list[] = { r.address };
	heap_start();
	(void)!danepriv_hooks_judge(
	    &r.hooks, &r.server, r.address, &shown.credential, NOW, &r.judged, NULL);
	(void)!resolving_decide(&r, DANEPRIV_CHANNEL_ENCRYPTED, 0);
	(void)!resolving_decide(&r, DANEPRIV_CHANNEL_ENCRYPTED, 101);
	(void)danepriv_hooks_channels(&r.hooks, WWW, &r.server, r.provenance, r.address, NOW);
	(void)danepriv_hooks_note(
	    &r.hooks, list[0], DANEPRIV_TRANSPORT_DOT, DANEPRIV_EVENT_COMPLETED, 100, NOW);
	(void)danepriv_hooks_rank(
	    &r.hooks, WWW, &cached_server, DANEPRIV_PROVENANCE_SECURE, list, 1, NOW, order);
	ck_assert_uint_eq(heap_calls(), 0);
	peer_close(&shown);
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks_memory");
	TCase *tc = tcase_create("hooks_memory");

	tcase_add_loop_test(tc, takes_no_memory, 0, 6);
	suite_add_tcase(suite, tc);
	return suite;
}
