/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test read the files of proofs? */
#include "support/proofs.h"

#include "support/require.h"

#include <danepriv/word.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

static int
value_of(danepriv_kind kind, const char *word)
{
	int value;

	if (danepriv_value(kind, word, &value) != DANEPRIV_OK)
		test_give_up("unknown word", word);
	return value;
}

static danepriv_aliases
aliases_of(const char *word)
{
	if (strcmp(word, "name-server") == 0)
		return DANEPRIV_ALIASES_REFUSE;
	if (strcmp(word, "resolver") != 0)
		test_give_up("unknown word", word);
	return DANEPRIV_ALIASES_FOLLOW;
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
		c->security = (danepriv_security)value_of(DANEPRIV_KIND_SECURITY, line.fields[5]);
		c->reason = (danepriv_reason)value_of(DANEPRIV_KIND_REASON, line.fields[6]);
		c->chain = octets_from_hex(line.fields[7]);
		c->base = line.fields[8] ? strdup(line.fields[8]) : NULL;
		c->aliases = line.fields[9] ? aliases_of(line.fields[9]) : DANEPRIV_ALIASES_FOLLOW;
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
