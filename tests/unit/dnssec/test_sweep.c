/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: what happens to a proof that is cut, doubled, shuffled or bent?  It may fail, but it
 * never proves something else.  DANEPRIV_SWEEP=all goes through every octet of every chain; it
 * takes minutes. */
#include "base/bounds.h"
#include "base/reader.h"
#include "crypto/digest.h"
#include "dns/rr.h"
#include "dnssec/evidence.h"
#include "dnssec/validator.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <danepriv/context.h>
#include <danepriv/records.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 4096
#define FLIPS 10 /* bits that are turned in each chain, when not all are */

static const char *const files[] = { "rfc9102/chains.txt", "proofs/algorithms.txt",
	"proofs/keys.txt", "proofs/anchors.txt", "proofs/dates.txt", "proofs/signatures.txt",
	"proofs/form.txt", "proofs/wildcards.txt", "proofs/nsec.txt", "proofs/nsec3.txt",
	"proofs/alias.txt" };
static proof_cases cases;
static bool all;

/* A chain taken apart, and what it proves when it is whole. */
typedef struct sweep {
	const proof_case *c;
	danepriv *ctx;
	danepriv_span chain;
	danepriv_span records[RECORDS_MAX];
	size_t count;
	uint8_t truth[32];	   /* digest of the true RDATAs */
	danepriv_security without; /* what is left to prove when the wanted records are taken out */
	uint8_t *room;		   /* twice the chain */
} sweep;

static dp_validator validator;

/* The RDATAs that were proven, in any order, as one number that changes when one of them does. */
static void
sum_up(const dp_found *found, uint8_t *sum)
{
	const dp_evidence *e = &validator.evidence;
	uint8_t digest[DP_DIGEST_OCTETS_MAX];

	memset(sum, 0, 32);
	if (found->proven.security != DANEPRIV_SECURITY_SECURE)
		return;
	for (size_t i = found->records; i < e->count; i = dp_evidence_next(e, i)) {
		danepriv_span none = { NULL, 0 };
		ck_assert(dp_digest(DP_DIGEST_SHA256, e->items[i].rr.rdata, none, digest));
		for (unsigned n = 0; n < 32; n++)
			sum[n] = (uint8_t)(sum[n] ^ digest[n]);
	}
}

static danepriv_security
judge(const sweep *s, danepriv_span chain, uint8_t *sum)
{
	danepriv_status status;
	dp_found found = proofs_judge(s->ctx, s->c, chain, &validator, &status);
	danepriv_security security = found.proven.security;

	sum_up(&found, sum);
	ck_assert_msg(
	    validator.budget.work <= (uint64_t)DP_WORK_MAX * DP_WORK_UNIT, "%s", s->c->name);
	ck_assert_msg(
	    status == DANEPRIV_OK || security == DANEPRIV_SECURITY_UNKNOWN, "%s", s->c->name);
	dp_validator_free(&validator);
	return security;
}

/* Takes the chain apart. */
static void
take_apart(sweep *s)
{
	dp_reader r = dp_reader_over(s->chain);
	dp_rr rr;

	for (s->count = 0; dp_reader_left(&r) > 0; s->count++) {
		size_t at = r.at;
		ck_assert(dp_rr_read(&r, &rr) && s->count < RECORDS_MAX);
		s->records[s->count].data = s->chain.data + at;
		s->records[s->count].len = r.at - at;
	}
}

/* Puts records together again: those whose index `pick` gives. */
static danepriv_span
put_together(const sweep *s, const size_t *pick, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		memcpy(s->room + len, s->records[pick[i]].data, s->records[pick[i]].len);
		len += s->records[pick[i]].len;
	}
	return (danepriv_span){ s->room, len };
}

/* What the chain proves when the records that were asked for, or lead to them, are taken out. */
static danepriv_security
judge_without(sweep *s)
{
	size_t pick[RECORDS_MAX], count = 0;
	uint8_t sum[32];

	for (size_t i = 0; i < s->count; i++) {
		dp_reader r = dp_reader_over(s->records[i]);
		dp_rr rr;
		ck_assert(dp_rr_read(&r, &rr));
		if (rr.type != s->c->type && rr.type != DP_TYPE_CNAME && rr.type != DP_TYPE_DNAME)
			pick[count++] = i;
	}
	return judge(s, put_together(s, pick, count), sum);
}

static sweep *
begin(const proof_case *c)
{
	sweep *s = calloc(1, sizeof *s);

	s->c = c;
	s->ctx = proofs_open(c->anchors, NULL);
	s->chain = octets_span(c->chain);
	s->room = malloc(2 * s->chain.len + 1);
	take_apart(s);
	ck_assert_msg(judge(s, s->chain, s->truth) == c->security, "%s", c->name);
	s->without = judge_without(s);
	return s;
}

static void
end(sweep *s)
{
	danepriv_close(s->ctx);
	free(s->room);
	free(s);
	ck_assert_int_eq(dp_blocks(), 0);
}

/* A chain that was tampered with: the truth, something weaker that the chain holds as well, or
 * nothing. */
static void
check_tampered(const sweep *s, danepriv_span chain, const char *how, size_t at)
{
	uint8_t sum[32];
	danepriv_security security = judge(s, chain, sum);

	if (security == DANEPRIV_SECURITY_SECURE)
		ck_assert_msg(s->c->security == DANEPRIV_SECURITY_SECURE &&
				  memcmp(sum, s->truth, sizeof sum) == 0,
		    "%s/%u: %s at %zu is secure", s->c->name, s->c->type, how, at);
	if (security == DANEPRIV_SECURITY_DENIED || security == DANEPRIV_SECURITY_INSECURE)
		ck_assert_msg(security == s->c->security || security == s->without,
		    "%s/%u: %s at %zu: %s", s->c->name, s->c->type, how, at,
		    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
}

/* The same records in another order, or said twice: the same verdict. */
static void
check_same(const sweep *s, danepriv_span chain, const char *how, size_t at)
{
	uint8_t sum[32];
	danepriv_security security = judge(s, chain, sum);

	ck_assert_msg(security == s->c->security && memcmp(sum, s->truth, sizeof sum) == 0,
	    "%s/%u: %s at %zu: %s", s->c->name, s->c->type, how, at,
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
}

static void
check_cut_and_dropped(const sweep *s)
{
	size_t pick[RECORDS_MAX];

	/* Every octet, or some; every boundary between records. */
	for (size_t i = 1; i < s->count; i++)
		check_tampered(s,
		    (danepriv_span){ s->chain.data, (size_t)(s->records[i].data - s->chain.data) },
		    "cut before", i);
	for (size_t len = 0; len < s->chain.len; len += all ? 1 : 37) {
		test_octets part = octets_copy((danepriv_span){ s->chain.data, len });
		check_tampered(s, octets_span(part), "cut", len);
		octets_free(part);
	}
	for (size_t without = 0; without < s->count; without++) {
		size_t count = 0;
		for (size_t i = 0; i < s->count; i++)
			if (i != without)
				pick[count++] = i;
		check_tampered(s, put_together(s, pick, count), "dropped", without);
	}
}

/* The next number of a fixed row (Numerical Recipes' constants). */
static size_t
next_random(uint32_t *state, size_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

static void
shuffle(size_t *pick, size_t count, uint32_t seed)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = next_random(&seed, i);
		size_t kept = pick[i - 1];
		pick[i - 1] = pick[other];
		pick[other] = kept;
	}
}

static void
check_doubled_and_shuffled(const sweep *s)
{
	size_t pick[RECORDS_MAX];

	for (size_t twice = 0; twice < s->count; twice++) {
		size_t count = 0;
		for (size_t i = 0; i < s->count; i++) {
			pick[count++] = i;
			if (i == twice)
				pick[count++] = i;
		}
		check_same(s, put_together(s, pick, count), "doubled", twice);
	}
	for (size_t i = 0; i < s->count; i++)
		pick[i] = s->count - 1 - i;
	check_same(s, put_together(s, pick, s->count), "turned", 0);
	for (uint32_t seed = 1; seed <= 5; seed++) {
		shuffle(pick, s->count, seed);
		check_same(s, put_together(s, pick, s->count), "shuffled", seed);
	}
}

static void
check_flip(const sweep *s, test_octets copy, size_t at, unsigned bit)
{
	copy.data[at] = (uint8_t)(copy.data[at] ^ 1u << bit);
	check_tampered(s, octets_span(copy), "bent", at);
	copy.data[at] = (uint8_t)(copy.data[at] ^ 1u << bit);
}

static void
check_bent(const sweep *s, uint32_t state)
{
	test_octets copy = octets_copy(s->chain);

	for (size_t n = 0; n < (all ? copy.len : FLIPS); n++)
		check_flip(s, copy, all ? n : next_random(&state, copy.len),
		    (unsigned)next_random(&state, 8));
	octets_free(copy);
}

START_TEST(tampered)
{
	sweep *s = begin(&cases.list[_i]);

	check_cut_and_dropped(s);
	check_doubled_and_shuffled(s);
	check_bent(s, (uint32_t)_i + 1);
	end(s);
}
END_TEST

/* Allocations that fail one after the other: out of memory, or the right answer. */
START_TEST(without_memory)
{
	static const danepriv_security proofs[] = { DANEPRIV_SECURITY_SECURE,
		DANEPRIV_SECURITY_DENIED, DANEPRIV_SECURITY_INSECURE };
	const proof_case *c = cases.list;

	while (c->security != proofs[_i] || c->chain.len > 3000)
		c++;
	danepriv *ctx = proofs_open(c->anchors, NULL);
	long held = dp_blocks();
	for (long n = 0;; n++) {
		danepriv_status status;
		dp_fail_allocation_at(n);
		dp_found found = proofs_judge(ctx, c, octets_span(c->chain), &validator, &status);
		bool failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		dp_validator_free(&validator);
		ck_assert_int_eq(dp_blocks(), held);
		if (status == DANEPRIV_ENOMEM)
			ck_assert_int_eq(found.proven.security, DANEPRIV_SECURITY_UNKNOWN);
		else
			ck_assert_msg(status == DANEPRIV_OK && found.proven.security == c->security,
			    "%s: allocation %ld", c->name, n);
		if (!failed)
			break;
		ck_assert_msg(status == DANEPRIV_ENOMEM, "%s: allocation %ld", c->name, n);
	}
	danepriv_close(ctx);
}
END_TEST

/* Only what proves something can be made to prove something else.  A parent zone that signs below
 * its own cut can say anything, once the cut is not shown.  Both types fare alike: one will do. */
static bool
is_worth_it(const proof_case *c)
{
	return c->security != DANEPRIV_SECURITY_BOGUS &&
	       c->security != DANEPRIV_SECURITY_INDETERMINATE && !strstr(c->name, "parent-signs") &&
	       (all || c->type == DP_TYPE_TLSA);
}

Suite *
test_suite(void)
{
	const char *wanted = getenv("DANEPRIV_SWEEP");
	Suite *suite = suite_create("sweep");
	TCase *tc = tcase_create("sweep");

	for (int i = 0; i < ROWS(files); i++)
		proofs_read(&cases, files[i]);
	all = wanted && strcmp(wanted, "all") == 0;
	size_t kept = 0;
	for (size_t i = 0; i < cases.count; i++) {
		proof_case c = cases.list[i];
		if (!is_worth_it(&c))
			continue;
		cases.list[i] = cases.list[kept];
		cases.list[kept++] = c;
	}
	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, tampered, 0, (int)kept);
	tcase_add_loop_test(tc, without_memory, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}
