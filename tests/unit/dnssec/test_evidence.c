/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/evidence.c: which records were shown to us, and by which answer? */
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/evidence.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <string.h>

/* Adds one source of records, each `letter type rdata ttl`: owner a., type and RDATA of one octet.
 */
typedef struct plain_rr {
	char owner;
	uint16_t type;
	uint8_t rdata;
	uint32_t ttl;
} plain_rr;

static danepriv_status
add(dp_evidence *evidence, const plain_rr *rrs, size_t count)
{
	dp_buffer b = dp_buffer_growing(65536);

	for (size_t i = 0; i < count; i++) {
		uint8_t name[3] = { 1, (uint8_t)rrs[i].owner, 0 };
		dp_write(&b, name, sizeof name);
		dp_write_u16(&b, rrs[i].type);
		dp_write_u16(&b, DP_CLASS_IN);
		dp_write_u32(&b, rrs[i].ttl);
		dp_write_u16(&b, 1);
		dp_write_u8(&b, rrs[i].rdata);
	}
	danepriv_status status = dp_evidence_add(evidence, dp_buffer_span(&b));
	dp_buffer_free(&b);
	return status;
}

static dp_name
name_of(dp_name_store *store, const char *text)
{
	ck_assert_int_eq(dp_name_from_text(text, store), DANEPRIV_OK);
	return dp_name_of(store);
}

/* Letters alone are the same in both cases: whatever else shares a hash makes names dear to tell
 * apart, and adding ends where that is not paid for any more. */
START_TEST(what_is_held_against_others)
{
	static const plain_rr many[] = { { 'a', 52, 1, 9 }, { 'a', 52, 2, 9 }, { 'a', 52, 3, 9 },
		{ 'a', 52, 4, 9 } };
	dp_evidence all = { .steps_max = UINT64_MAX }, none = { .count = 0 };
	dp_name_store a, b;

	ck_assert_uint_eq(
	    dp_evidence_hash(name_of(&a, "Ab.")), dp_evidence_hash(name_of(&b, "aB.")));
	ck_assert_uint_ne(dp_evidence_hash(name_of(&a, "@.")), dp_evidence_hash(name_of(&b, "`.")));
	ck_assert_uint_ne(dp_evidence_hash(name_of(&a, "[.")), dp_evidence_hash(name_of(&b, "{.")));
	ck_assert_int_eq(add(&all, many, ROWS(many)), DANEPRIV_OK);
	ck_assert(all.count == ROWS(many) && all.steps > 0);
	ck_assert_int_eq(add(&none, many, ROWS(many)), DANEPRIV_OK);
	ck_assert_uint_lt(none.count, ROWS(many));
	dp_evidence_free(&all);
	dp_evidence_free(&none);
}
END_TEST

START_TEST(sets)
{
	static const plain_rr first[] = { { 'a', 52, 1, 9 }, { 'b', 52, 1, 9 }, { 'A', 52, 2, 9 },
		{ 'a', 43, 1, 9 }, { 'a', 52, 3, 9 }, { 'a', 99, 1, 9 } };
	static const plain_rr second[] = { { 'a', 52, 1, 9 } };
	dp_evidence e = { .steps_max = UINT64_MAX };
	dp_name_store store;

	ck_assert_int_eq(add(&e, first, ROWS(first)), DANEPRIV_OK);
	ck_assert_int_eq(add(&e, second, ROWS(second)), DANEPRIV_OK);
	ck_assert_uint_eq(e.count, 6); /* type 99 is passed over */
	dp_name a = name_of(&store, "a.");
	ck_assert_uint_eq(dp_evidence_find(&e, a, 52, 0), 0);
	ck_assert_uint_eq(dp_evidence_next(&e, 0), 2);
	ck_assert_uint_eq(dp_evidence_next(&e, 2), 4);
	ck_assert_uint_eq(dp_evidence_next(&e, 4), e.count);
	ck_assert_uint_eq(dp_evidence_find(&e, a, 52, 1), 5); /* of the second source */
	ck_assert_uint_eq(dp_evidence_find(&e, a, 52, 6), e.count);
	ck_assert_uint_eq(dp_evidence_find(&e, a, 43, 0), 3);
	ck_assert_uint_eq(dp_evidence_find(&e, name_of(&store, "c."), 52, 0), e.count);
	ck_assert(dp_evidence_is_first(&e, 0) && !dp_evidence_is_first(&e, 2));
	ck_assert(!dp_evidence_is_single(&e, 0) && !dp_evidence_is_single(&e, 4));
	ck_assert(dp_evidence_is_single(&e, 1) && dp_evidence_is_single(&e, 5));
	dp_evidence_free(&e);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(said_twice)
{
	static const plain_rr rrs[] = { { 'a', 52, 1, 9 }, { 'a', 52, 2, 9 }, { 'A', 52, 1, 7 },
		{ 'a', 52, 2, 11 }, { 'a', 43, 1, 5 } };
	dp_evidence e = { .steps_max = UINT64_MAX };

	ck_assert_int_eq(add(&e, rrs, ROWS(rrs)), DANEPRIV_OK);
	ck_assert_uint_eq(e.count, 3);
	ck_assert_uint_eq(e.items[0].rr.ttl, 7);
	ck_assert_uint_eq(e.items[1].rr.ttl, 9);
	ck_assert_uint_eq(dp_evidence_next(&e, 1), e.count);
	dp_evidence_free(&e);
}
END_TEST

/* A source that is lent is not copied, and the next one does not move it. */
START_TEST(lent)
{
	static const uint8_t chain[] = { 1, 'a', 0, 0, 52, 0, 1, 0, 0, 0, 9, 0, 1, 7 };
	static const plain_rr rrs[] = { { 'a', 52, 1, 9 } };
	danepriv_span octets = { chain, sizeof chain }, cut = { chain, sizeof chain - 1 };
	dp_evidence e = { .steps_max = UINT64_MAX };

	ck_assert_int_eq(dp_evidence_lend(&e, (danepriv_span){ NULL, 0 }), DANEPRIV_OK);
	ck_assert_int_eq(dp_evidence_lend(&e, cut), DANEPRIV_EMALFORMED);
	ck_assert_uint_eq(e.sources, 0);
	ck_assert_int_eq(dp_evidence_lend(&e, octets), DANEPRIV_OK);
	ck_assert_int_eq(dp_blocks(), 1); /* the items */
	ck_assert_int_eq(add(&e, rrs, 1), DANEPRIV_OK);
	ck_assert_uint_eq(e.count, 2);
	ck_assert_uint_eq(e.octets, 2 * sizeof chain);
	ck_assert_ptr_eq(e.items[0].rr.owner.octets, chain);
	ck_assert_ptr_eq(e.items[0].rr.rdata.data, chain + sizeof chain - 1);
	ck_assert(dp_evidence_is_single(&e, 0) && dp_evidence_is_single(&e, 1));
	dp_evidence_free(&e);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(without_memory)
{
	static const plain_rr rrs[] = { { 'a', 52, 1, 9 }, { 'b', 52, 2, 9 } };
	dp_evidence e = { .steps_max = UINT64_MAX };
	danepriv_status status = DANEPRIV_ENOMEM;

	ck_assert_int_eq(add(&e, rrs, 1), DANEPRIV_OK);
	/* the first allocation is the test's own buffer */
	for (long n = 1; status != DANEPRIV_OK; n++) {
		dp_fail_allocation_at(n);
		status = add(&e, rrs, 2);
		dp_fail_allocation_at(-1);
		if (status == DANEPRIV_OK)
			break;
		ck_assert_int_eq(status, DANEPRIV_ENOMEM);
		ck_assert_uint_eq(e.count, 1);
		ck_assert_uint_eq(e.sources, 1);
	}
	ck_assert_uint_eq(e.count, 3);
	dp_evidence_free(&e);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("evidence");
	TCase *tc = tcase_create("evidence");

	tcase_add_test(tc, sets);
	tcase_add_test(tc, what_is_held_against_others);
	tcase_add_test(tc, said_twice);
	tcase_add_test(tc, lent);
	tcase_add_test(tc, without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
