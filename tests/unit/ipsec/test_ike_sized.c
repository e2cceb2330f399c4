/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer: structs of each size. */
#include "base/sizes.h"
#include "support/cached.h"
#include "support/ike.h"
#include "support/sized.h"
#include "support/suite.h"

#include <danepriv/ike.h>

static danepriv *ctx;
static danepriv_cache *cache;
static danepriv_records *records;
static test_ike_peer peer;

static const ike_shown shown = { .id = "fqdn:" IKE_NAME, .certificates = "4:ee", .auth = 14 };

/* ---- calls ---- */

static danepriv_status
evaluate(const danepriv_ike_peer *given, danepriv_ike_found *out, danepriv_verdict *why)
{
	danepriv_status status = danepriv_ike_evaluate(ctx, records, given, IKE_NOW, out, why);

	ck_assert(status != DANEPRIV_OK || (out->finding == DANEPRIV_FINDING_MATCH &&
					       out->key.len > 0 && out->valid_until == IKE_UNTIL));
	return status;
}

static danepriv_status
judge(const danepriv_ike_peer *given, danepriv_ike_found *out, danepriv_verdict *why)
{
	danepriv_status status =
	    danepriv_ike_judge(cache, ctx, &ike_server, given, IKE_NOW, out, why);

	ck_assert(status != DANEPRIV_OK || (out->finding == DANEPRIV_FINDING_MATCH &&
					       out->key.len > 0 && out->valid_until == IKE_UNTIL));
	return status;
}

static void
fill_peer(void *memory, size_t index)
{
	danepriv_ike_peer *given = memory;

	(void)index;
	given->id = peer.peer.id;
	given->certificates = peer.peer.certificates;
	given->count = peer.peer.count;
	given->auth = peer.peer.auth;
}

static danepriv_status
call_peer(void *memory, size_t size)
{
	danepriv_ike_found found = { .size = sizeof found };

	(void)size;
	return evaluate(memory, &found, NULL);
}

static danepriv_status
call_peer_by_cache(void *memory, size_t size)
{
	danepriv_ike_found found = { .size = sizeof found };

	(void)size;
	return judge(memory, &found, NULL);
}

static danepriv_status
call_found(void *memory, size_t size)
{
	(void)size;
	return evaluate(&peer.peer, memory, NULL);
}

static danepriv_status
call_found_by_cache(void *memory, size_t size)
{
	(void)size;
	return judge(&peer.peer, memory, NULL);
}

static void
fill_why(void *memory, size_t index)
{
	danepriv_verdict *why = memory;

	(void)index;
	why->each = NULL;
	why->each_size = why->each_room = 0;
}

static danepriv_status
call_why(void *memory, size_t size)
{
	danepriv_ike_found found = { .size = sizeof found };

	(void)size;
	return evaluate(&peer.peer, &found, memory);
}

static danepriv_status
call_why_by_cache(void *memory, size_t size)
{
	danepriv_ike_found found = { .size = sizeof found };

	(void)size;
	return judge(&peer.peer, &found, memory);
}

static danepriv_status
call_each(void *memory, size_t size)
{
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_verdict why = {
		.size = sizeof why, .each = memory, .each_size = size, .each_room = 2
	};

	return evaluate(&peer.peer, &found, &why);
}

static const sized_case cases[] = {
	{ IN(ike_peer, DP_IKE_PEER_LEAST), fill_peer, call_peer },
	{ IN(ike_peer, DP_IKE_PEER_LEAST), fill_peer, call_peer_by_cache },
	{ OUT(ike_found, DP_IKE_FOUND_LEAST), NULL, call_found },
	{ OUT(ike_found, DP_IKE_FOUND_LEAST), NULL, call_found_by_cache },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_why, call_why },
	{ OUT(verdict, DP_VERDICT_LEAST), fill_why, call_why_by_cache },
	{ OUT_EACH(record_verdict, DP_RECORD_VERDICT_LEAST), NULL, call_each },
};

/* ---- tests ---- */

static void
open_all(void)
{
	ctx = context_open("-");
	cache = cached_open();
	records = ike_records(&ike_server, NULL, "311:other,311:ee");
	ck_assert_int_eq(danepriv_cache_put(cache, records, IKE_NOW), DANEPRIV_OK);
	ike_peer_open(&peer, &shown);
}

static void
close_all(void)
{
	ike_peer_close(&peer);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
}

START_TEST(any_size)
{
	sized_check(&cases[_i / SIZED_ROWS], _i % SIZED_ROWS);
}
END_TEST

/* What a call says of a peer that it cannot take, it says of nobody. */
START_TEST(nothing_is_left_behind)
{
	danepriv_ike_found found = {
		.size = sizeof found, .key = peer.peer.certificates[0].octets, .needs_pkix = 1
	};
	danepriv_ike_peer given = peer.peer;

	for (int i = 0; i < 2; i++) {
		found.finding = DANEPRIV_FINDING_MATCH;
		found.valid_until = INT64_MAX;
		given.size = DP_IKE_PEER_LEAST - 1;
		ck_assert_int_eq(i ? judge(&given, &found, NULL) : evaluate(&given, &found, NULL),
		    DANEPRIV_EINVAL);
		ck_assert_int_eq(found.finding, DANEPRIV_FINDING_UNJUDGED);
		ck_assert_int_eq(found.valid_until, INT64_MIN);
		ck_assert_int_eq(found.needs_pkix, 0);
		ck_assert_uint_eq(found.key.len, 0);
		ck_assert_ptr_null(found.key.data);
	}
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike_sized");
	TCase *tc = tcase_create("ike_sized");

	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_loop_test(tc, any_size, 0, ROWS(cases) * SIZED_ROWS);
	tcase_add_test(tc, nothing_is_left_behind);
	suite_add_tcase(suite, tc);
	return suite;
}
