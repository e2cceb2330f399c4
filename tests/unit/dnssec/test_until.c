/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: for how long does a proof hold?  The names of these chains end in what is wanted:
 * until when they may be reused, and when the last signature ends, in seconds from now. */
#include "dnssec/validator.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <stdlib.h>

static proof_cases cases;

START_TEST(times)
{
	const proof_case *c = &cases.list[_i];
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);
	long long until, expiry;

	ck_assert_msg(proofs_times(c, &until, &expiry), "%s", c->name);
	ck_assert_msg(found.proven.security == c->security && found.proven.reason == c->reason,
	    "%s: %s, %s", c->name, danepriv_sentence(DANEPRIV_KIND_SECURITY, found.proven.security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, found.proven.reason));
	ck_assert_msg(found.proven.valid_until - c->now == until, "%s: until %lld", c->name,
	    (long long)(found.proven.valid_until - c->now));
	ck_assert_msg(found.proven.expiry - c->now == expiry, "%s: expiry %lld", c->name,
	    (long long)(found.proven.expiry - c->now));
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("until");
	TCase *tc = tcase_create("until");

	proofs_read(&cases, "proofs/until.txt");
	tcase_add_loop_test(tc, times, 0, (int)cases.count);
	suite_add_tcase(suite, tc);
	return suite;
}
