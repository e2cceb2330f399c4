/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec/minimal: which records prove this, and no others?  Each chain of the files that proves
 * something is taken apart and put together again. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/minimal.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/records.h>
#include <stdlib.h>
#include <string.h>

static proof_cases cases;

/* Something that nobody can be shown, or that the case's own context says. */
static bool
is_provable(const proof_case *c)
{
	return c->security == DANEPRIV_SECURITY_SECURE || c->security == DANEPRIV_SECURITY_DENIED ||
	       (c->security == DANEPRIV_SECURITY_INSECURE &&
		   c->reason != DANEPRIV_REASON_NEGATIVE_ANCHOR);
}

/* Nobody has such names: to try what can be left out costs more than a verdict may. */
static bool
is_too_deep(const proof_case *c)
{
	return strcmp(c->name, "path-31-0-8") == 0 || strcmp(c->name, "hashes-deep") == 0;
}

typedef struct built {
	danepriv *ctx;
	dp_found found;
	danepriv_status status;
	dp_buffer chain;
	dp_proven limit;
} built;

/* Judges `chain`, and builds a chain out of it. */
static built
build(danepriv *ctx, const proof_case *c, danepriv_span chain)
{
	built b = { .ctx = ctx, .chain = dp_buffer_growing(DP_EVIDENCE_OCTETS_MAX) };
	dp_validator *v = malloc(sizeof *v);
	dp_name_store name;

	ck_assert_int_eq(dp_name_from_text(c->qname, &name), DANEPRIV_OK);
	b.found = proofs_judge(ctx, c, chain, v, NULL);
	b.status = dp_minimal_write(v, dp_name_of(&name), c->type, &b.found, &b.chain, &b.limit);
	dp_validator_free(v);
	free(v);
	return b;
}

static dp_found
judge(danepriv *ctx, const proof_case *c, danepriv_span chain)
{
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, chain, v, NULL);

	dp_validator_free(v);
	free(v);
	return found;
}

/* Octets of the record at `at`. */
static size_t
record_len(danepriv_span chain, size_t at)
{
	danepriv_span rest = { chain.data + at, chain.len - at };
	dp_reader r = dp_reader_over(rest);
	dp_rr rr;

	ck_assert(dp_rr_read(&r, &rr));
	return r.at;
}

static bool
is_root_key(danepriv_span chain, size_t at)
{
	danepriv_span rest = { chain.data + at, chain.len - at };
	dp_reader r = dp_reader_over(rest);
	dp_rr rr;
	dp_rrsig sig;

	ck_assert(dp_rr_read(&r, &rr));
	return rr.type == DP_TYPE_DNSKEY ||
	       (rr.type == DP_TYPE_RRSIG && dp_rrsig_parse(rr.rdata, &sig) == DANEPRIV_OK &&
		   sig.covered == DP_TYPE_DNSKEY);
}

/* Without any one record it proves something else, or not for as long; only keys may be more than
 * are needed. */
static void
nothing_can_go(const proof_case *c, const built *b)
{
	danepriv_span chain = dp_buffer_span(&b->chain);
	uint8_t *less = malloc(chain.len);

	for (size_t at = 0, len; at < chain.len; at += len) {
		len = record_len(chain, at);
		if (is_root_key(chain, at))
			continue;
		memcpy(less, chain.data, at);
		memcpy(less + at, chain.data + at + len, chain.len - at - len);
		dp_found found = judge(b->ctx, c, (danepriv_span){ less, chain.len - len });
		ck_assert_msg(found.proven.security != b->found.proven.security ||
				  found.proven.reason != b->found.proven.reason ||
				  found.proven.valid_until < b->limit.valid_until ||
				  found.proven.expiry < b->limit.expiry,
		    "%s: octet %zu", c->name, at);
	}
	free(less);
}

START_TEST(chain)
{
	const proof_case *c = &cases.list[_i];
	danepriv *ctx = proofs_open(c->anchors, NULL);
	built b = build(ctx, c, octets_span(c->chain));

	if (!is_provable(c)) {
		ck_assert_msg(b.status == DANEPRIV_ENOTFOUND, "%s", c->name);
		goto out;
	}
	if (is_too_deep(c)) {
		ck_assert_msg(b.status == DANEPRIV_ELIMIT, "%s", c->name);
		goto out;
	}
	ck_assert_msg(b.status == DANEPRIV_OK, "%s: %s", c->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, b.status));
	danepriv_span once = dp_buffer_span(&b.chain);
	dp_found found = judge(ctx, c, once);
	ck_assert_msg(found.proven.security == c->security && found.proven.reason == c->reason,
	    "%s", c->name);
	ck_assert_int_eq(found.proven.valid_until, b.limit.valid_until);
	ck_assert_int_eq(found.proven.expiry, b.limit.expiry);
	ck_assert_uint_le(once.len, c->chain.len);
	nothing_can_go(c, &b);
	/* Of what is minimal nothing more can be left out. */
	built again = build(ctx, c, once);
	ck_assert_int_eq(again.status, DANEPRIV_OK);
	ck_assert_uint_eq(again.chain.len, once.len);
	dp_buffer_free(&again.chain);
out:
	dp_buffer_free(&b.chain);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(no_memory)
{
	const proof_case *c = &cases.list[_i];
	danepriv *ctx = proofs_open(c->anchors, NULL);
	dp_validator *v = malloc(sizeof *v);
	dp_found found = proofs_judge(ctx, c, octets_span(c->chain), v, NULL);
	danepriv_status status = DANEPRIV_ENOMEM;
	dp_name_store name;
	dp_proven limit;

	ck_assert_int_eq(dp_name_from_text(c->qname, &name), DANEPRIV_OK);
	for (long n = 0; status == DANEPRIV_ENOMEM; n += n < 40 ? 1 : 17) {
		dp_buffer out = dp_buffer_growing(DP_CHAIN_OCTETS_MAX);
		dp_fail_allocation_at(n);
		status = dp_minimal_write(v, dp_name_of(&name), c->type, &found, &out, &limit);
		dp_fail_allocation_at(-1);
		dp_buffer_free(&out);
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
	dp_validator_free(v);
	free(v);
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("minimal");
	TCase *tc = tcase_create("minimal");

	proofs_read_all(&cases);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, chain, 0, (int)cases.count);
	tcase_add_loop_test(tc, no_memory, 0, 8);
	suite_add_tcase(suite, tc);
	return suite;
}
