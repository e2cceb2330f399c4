/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: is this answer proven?  Chains of records in files, each with what it proves. */
#include "base/bounds.h"
#include "dnssec/validator.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <stdio.h>
#include <stdlib.h>

static proof_cases cases;

/* Nothing that a stranger sends may cost more than the bounds say. */
static void
check_bounds(const proof_case *c, const dp_validator *v)
{
	ck_assert_msg(v->budget.work <= (uint64_t)DP_WORK_MAX * DP_WORK_UNIT, "%s", c->name);
	ck_assert_msg(v->digests <= DP_DS_DIGESTS_MAX + 1, "%s: digests %u", c->name, v->digests);
	ck_assert_msg(v->hashes <= DP_NSEC3_HASHES_MAX, "%s: hashes %u", c->name, v->hashes);
}

START_TEST(chain)
{
	const proof_case *c = &cases.list[_i];
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);

	ck_assert_msg(found.proven.security == c->security && found.proven.reason == c->reason,
	    "%s/%u: %s, %s", c->name, c->type,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, found.proven.security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, found.proven.reason));
	check_bounds(c, v);
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("proofs");
	TCase *tc = tcase_create("proofs");

	proofs_read_all(&cases);
	tcase_add_loop_test(tc, chain, 0, (int)cases.count);
	suite_add_tcase(suite, tc);
	return suite;
}
