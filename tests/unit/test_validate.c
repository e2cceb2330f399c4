/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dnssec: is this answer proven?  Chains of records in files, each with what they prove. */
#include "dnssec/validator.h"
#include "support/octets.h"
#include "support/suite.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of a file of proofs. */
typedef struct proof_case {
	char *name, *qname, *type, *now, *anchors, *proof, *reason, *chain;
} proof_case;

static proof_case *
case_of(test_vector *line)
{
	ck_assert_ptr_nonnull(line->fields[7]);
	return (proof_case *)(void *)line->fields;
}

/* "opt-out" for "an NSEC3 opt-out ...": the words that files use. */
static const struct {
	const char *word;
	int value;
} words[] = {
	{ "secure", DANEPRIV_PROOF_SECURE },
	{ "denied", DANEPRIV_PROOF_DENIED },
	{ "insecure", DANEPRIV_PROOF_INSECURE },
	{ "bogus", DANEPRIV_PROOF_BOGUS },
	{ "indeterminate", DANEPRIV_PROOF_INDETERMINATE },
	{ "none", DANEPRIV_REASON_NONE },
	{ "no-data", DANEPRIV_REASON_NO_DATA },
	{ "no-name", DANEPRIV_REASON_NO_NAME },
	{ "delegation-unsigned", DANEPRIV_REASON_DELEGATION_UNSIGNED },
	{ "opt-out", DANEPRIV_REASON_OPT_OUT },
	{ "algorithm-unsupported", DANEPRIV_REASON_ALGORITHM_UNSUPPORTED },
	{ "digest-unsupported", DANEPRIV_REASON_DIGEST_UNSUPPORTED },
	{ "nsec3-iterations", DANEPRIV_REASON_NSEC3_ITERATIONS },
	{ "negative-anchor", DANEPRIV_REASON_NEGATIVE_ANCHOR },
	{ "signature-invalid", DANEPRIV_REASON_SIGNATURE_INVALID },
	{ "signature-expired", DANEPRIV_REASON_SIGNATURE_EXPIRED },
	{ "signature-not-yet-valid", DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID },
	{ "signature-dates-crossed", DANEPRIV_REASON_SIGNATURE_DATES_CROSSED },
	{ "signature-missing", DANEPRIV_REASON_SIGNATURE_MISSING },
	{ "dnskey-missing", DANEPRIV_REASON_DNSKEY_MISSING },
	{ "no-zone-key", DANEPRIV_REASON_NO_ZONE_KEY },
	{ "denial-missing", DANEPRIV_REASON_DENIAL_MISSING },
	{ "wildcard-unproven", DANEPRIV_REASON_WILDCARD_UNPROVEN },
	{ "signer-above-cut", DANEPRIV_REASON_SIGNER_ABOVE_CUT },
	{ "alias-loop", DANEPRIV_REASON_ALIAS_LOOP },
	{ "limit-work", DANEPRIV_REASON_LIMIT_WORK },
	{ "limit-signatures", DANEPRIV_REASON_LIMIT_SIGNATURES },
	{ "limit-keys", DANEPRIV_REASON_LIMIT_KEYS },
	{ "limit-hashes", DANEPRIV_REASON_LIMIT_HASHES },
	{ "limit-aliases", DANEPRIV_REASON_LIMIT_ALIASES },
	{ "no-anchor", DANEPRIV_REASON_NO_ANCHOR },
	{ "clock", DANEPRIV_REASON_CLOCK },
};

static int
value_of(const char *word)
{
	for (int i = 0; i < ROWS(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].value;
	ck_abort_msg("no such word: %s", word);
	return -1;
}

static danepriv *
open_context(const char *path)
{
	test_octets file = octets_from_file(path);
	char *text = calloc(file.len + 1, 1);
	danepriv_settings settings = { .size = sizeof settings, .anchors = text, .earliest = 1 };
	danepriv *ctx;

	memcpy(text, file.data, file.len);
	ck_assert_int_eq(danepriv_open(&ctx, &settings), DANEPRIV_OK);
	free(text);
	octets_free(file);
	return ctx;
}

/* What a chain proves about a name. */
static dp_found
prove(const danepriv *ctx, danepriv_span chain, const char *qname, uint16_t type, danepriv_time now,
    dp_validator *v)
{
	dp_name_store name;
	dp_found found;

	dp_validator_init(v, ctx);
	v->questions.closed = true;
	memset(&found, 0, sizeof found);
	ck_assert_int_eq(dp_name_from_text(qname, &name), DANEPRIV_OK);
	if (dp_validator_add(v, chain) == DANEPRIV_OK)
		ck_assert_int_eq(dp_validate(v, dp_name_of(&name), type, now, &found), DANEPRIV_OK);
	return found;
}

START_TEST(published_chains)
{
	test_vectors *file = vectors_open("rfc9102/chains.txt");
	test_vector line;
	unsigned count = 0;

	while (vectors_next(file, &line)) {
		const proof_case *c = case_of(&line);
		test_octets chain = octets_from_hex(c->chain);
		danepriv *ctx = open_context(c->anchors);
		dp_validator *v = malloc(sizeof *v);
		dp_found found = prove(ctx, octets_span(chain), c->qname, (uint16_t)atoi(c->type),
		    atoll(c->now), v);
		ck_assert_msg((int)found.proven.proof == value_of(c->proof) &&
			(int)found.proven.reason == value_of(c->reason),
		    "%s: %s, %s", c->name, danepriv_proof_text(found.proven.proof),
		    danepriv_reason_text(found.proven.reason));
		fprintf(stderr, "%s verified %u\n", c->name, v->verified);
		dp_validator_free(v);
		free(v);
		danepriv_close(ctx);
		octets_free(chain);
		count++;
	}
	vectors_close(file);
	ck_assert_uint_eq(count, 8);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("validate");
	TCase *tc = tcase_create("validate");

	tcase_add_test(tc, published_chains);
	suite_add_tcase(suite, tc);
	return suite;
}
