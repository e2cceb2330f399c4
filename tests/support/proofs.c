/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test read the files of proofs? */
#include "support/proofs.h"

#include "support/require.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

/* The words that files use. */
static const struct {
	const char *word;
	int value;
} words[] = {
	{ "secure", DANEPRIV_SECURITY_SECURE },
	{ "denied", DANEPRIV_SECURITY_DENIED },
	{ "insecure", DANEPRIV_SECURITY_INSECURE },
	{ "bogus", DANEPRIV_SECURITY_BOGUS },
	{ "indeterminate", DANEPRIV_SECURITY_INDETERMINATE },
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
	{ "limit-records", DANEPRIV_REASON_LIMIT_RECORDS },
	{ "malformed", DANEPRIV_REASON_MALFORMED },
	{ "no-anchor", DANEPRIV_REASON_NO_ANCHOR },
	{ "clock", DANEPRIV_REASON_CLOCK },
	{ "alias", DANEPRIV_REASON_ALIAS },
	{ "resolver", DANEPRIV_RESOLVER },
	{ "name-server", DANEPRIV_NAME_SERVER },
};

static int
value_of(const char *word)
{
	for (size_t i = 0; i < ROWS(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].value;
	test_give_up("unknown word", word);
}

void
proofs_read(proof_cases *cases, const char *path)
{
	test_vectors *file = vectors_open(path);
	test_vector line;

	while (vectors_next(file, &line)) {
		test_require(line.fields[7] != NULL, path);
		cases->list = realloc(cases->list, (cases->count + 1) * sizeof *cases->list);
		test_require(cases->list != NULL, path);
		proof_case *c = &cases->list[cases->count++];
		c->name = strdup(line.fields[0]);
		c->qname = strdup(line.fields[1]);
		c->type = (uint16_t)atoi(line.fields[2]);
		c->now = atoll(line.fields[3]);
		c->anchors = strdup(line.fields[4]);
		c->security = (danepriv_security)value_of(line.fields[5]);
		c->reason = (danepriv_reason)value_of(line.fields[6]);
		c->chain = octets_from_hex(line.fields[7]);
		c->base = line.fields[8] ? strdup(line.fields[8]) : NULL;
		c->role = DANEPRIV_RESOLVER;
		if (line.fields[9])
			c->role = (danepriv_role)value_of(line.fields[9]);
	}
	vectors_close(file);
}

const proof_case *
proofs_find(const proof_cases *cases, const char *name)
{
	for (size_t i = 0; i < cases->count; i++)
		if (strcmp(cases->list[i].name, name) == 0)
			return &cases->list[i];
	test_give_up("no such proof", name);
}

void
proofs_read_all(proof_cases *cases)
{
	static const char *const files[] = { "rfc9102/chains.txt", "proofs/algorithms.txt",
		"proofs/keys.txt", "proofs/anchors.txt", "proofs/dates.txt",
		"proofs/signatures.txt", "proofs/form.txt", "proofs/wildcards.txt",
		"proofs/nsec.txt", "proofs/nsec3.txt", "proofs/alias.txt", "proofs/alias-loops.txt",
		"proofs/until.txt", "proofs/limits.txt", "proofs/associations.txt" };

	for (size_t i = 0; i < ROWS(files); i++)
		proofs_read(cases, files[i]);
}

void
proofs_free(proof_cases *cases)
{
	for (size_t i = 0; i < cases->count; i++) {
		free(cases->list[i].name);
		free(cases->list[i].qname);
		free(cases->list[i].anchors);
		free(cases->list[i].base);
		octets_free(cases->list[i].chain);
	}
	free(cases->list);
	memset(cases, 0, sizeof *cases);
}

danepriv *
proofs_open(const char *anchors, const danepriv_settings *settings)
{
	test_octets file = octets_from_file(anchors);
	char *text = calloc(file.len + 1, 1);
	danepriv_settings mine = { .earliest = 1 };
	danepriv *ctx;

	test_require(text != NULL, anchors);
	memcpy(text, file.data, file.len);
	if (settings)
		mine = *settings;
	mine.size = sizeof mine;
	mine.anchors = text;
	test_require(danepriv_open(&mine, &ctx) == DANEPRIV_OK, anchors);
	free(text);
	octets_free(file);
	return ctx;
}

bool
proofs_times(const proof_case *c, long long *until, long long *expiry)
{
	const char *times = strchr(c->name, '/');

	return times && sscanf(times, "/%lld/%lld", until, expiry) == 2;
}

dp_found
proofs_judge(const danepriv *ctx, const proof_case *c, danepriv_span chain, dp_validator *v,
    danepriv_status *status)
{
	danepriv_status own;
	dp_name_store name;
	dp_found found;

	memset(&found, 0, sizeof found);
	dp_validator_init(v, ctx);
	v->questions.closed = true;
	test_require(dp_name_from_text(c->qname, &name) == DANEPRIV_OK, c->qname);
	if (!status)
		status = &own;
	*status = dp_validator_lend(v, chain);
	if (*status == DANEPRIV_OK)
		*status = dp_validate(v, dp_name_of(&name), c->type, c->now, &found);
	return found;
}
