/* SPDX-License-Identifier: BSD-2-Clause
 * What is in a chain, and who vouches for what?  As a tree, from the top.
 *
 * A zone is its keys.  Below them stand the sets that they sign; below a DS, the zone that it leads
 * to.  What nobody above has signed stands at the margin. */
#include "explain.h"

#include "options.h"

#include <danepriv/word.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { TYPE_DS = 43, TYPE_RRSIG = 46, TYPE_DNSKEY = 48 };

static bool
is_same_name(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* ---- taking it apart ---- */

bool
cli_explain_chain(const danepriv *ctx, const danepriv_server *server, danepriv_span chain,
    danepriv_time now, cli_explained *out)
{
	danepriv_chain_walk *walk = NULL;

	*out = (cli_explained){ .records = NULL };
	danepriv_status status = danepriv_chain_walk_new(ctx, server, chain, now, &walk);
	size_t count = danepriv_chain_walk_count(walk);
	if (status == DANEPRIV_OK)
		out->records = calloc(count + 1, sizeof *out->records);
	if (status == DANEPRIV_OK && !out->records)
		status = DANEPRIV_ENOMEM;
	for (size_t i = 0; i < count && status == DANEPRIV_OK; i++) {
		out->records[i].size = sizeof *out->records;
		status = danepriv_chain_walk_record(walk, i, &out->records[i]);
		/* It goes with the walk. */
		out->records[i].rdata = (danepriv_span){ NULL, 0 };
		out->count++;
	}
	danepriv_chain_walk_free(walk);
	if (status == DANEPRIV_OK)
		return true;
	cli_complain("cannot explain: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	cli_explained_free(out);
	return false;
}

void
cli_explained_free(cli_explained *explained)
{
	free(explained->records);
	*explained = (cli_explained){ .records = NULL };
}

/* ---- for people ---- */

typedef struct tree {
	const danepriv_chain_record *records;
	size_t count;
	bool *is_told; /* each record; of a set, the first one's counts */
} tree;

/* The first record of the set that this one is in. */
static size_t
first_of(const tree *t, size_t i)
{
	size_t first = 0;

	while (t->records[first].type != t->records[i].type ||
	       !is_same_name(t->records[first].owner, t->records[i].owner))
		first++;
	return first;
}

/* The signature over a set: the one that counted, or else the first.  NULL: none. */
static const danepriv_chain_record *
signature_over(const tree *t, size_t first)
{
	const danepriv_chain_record *best = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const danepriv_chain_record *r = &t->records[i];
		if (r->type != TYPE_RRSIG || r->covered != t->records[first].type ||
		    !is_same_name(r->owner, t->records[first].owner))
			continue;
		if (!best || (r->security == DANEPRIV_SECURITY_SECURE &&
				 best->security != DANEPRIV_SECURITY_SECURE))
			best = r;
	}
	return best;
}

static void
print_date(danepriv_time at)
{
	time_t seconds = (time_t)at;
	char text[40] = "?";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		(void)strftime(text, sizeof text, "%FT%TZ", &tm);
	(void)fputs(text, stdout);
}

static void
print_tags(const tree *t, size_t first)
{
	for (size_t i = first; i < t->count; i++)
		if (first_of(t, i) == first && t->records[i].key_tag > 0)
			(void)printf(" %u", t->records[i].key_tag);
}

/* One set: what it is, whether it is proven, and by which signature. */
static void
print_set(tree *t, size_t first, unsigned depth)
{
	const danepriv_chain_record *r = &t->records[first];
	const danepriv_chain_record *signature = signature_over(t, first);

	t->is_told[first] = true;
	(void)printf("%*s%s %s", 2 * (int)depth, "", r->owner, r->type_text);
	print_tags(t, first);
	(void)printf(": %s", danepriv_word(DANEPRIV_KIND_SECURITY, r->security));
	if (r->reason != DANEPRIV_REASON_NONE)
		(void)printf(" (%s)", danepriv_sentence(DANEPRIV_KIND_REASON, r->reason));
	if (signature) {
		(void)printf(", by %s %u, ", signature->signer, signature->key_tag);
		print_date(signature->inception);
		(void)printf(" to ");
		print_date(signature->expiration);
	}
	(void)printf("\n");
}

static bool
is_signed_by(const tree *t, size_t first, const char *zone)
{
	const danepriv_chain_record *signature = signature_over(t, first);

	return signature && is_same_name(signature->signer, zone);
}

/* The keys of a zone, and all that hangs on them.  Ends: each set is told once. */
static void
print_zone(tree *t, size_t keys, unsigned depth)
{
	const char *zone = t->records[keys].owner;

	print_set(t, keys, depth);
	for (size_t i = 0; i < t->count; i++) {
		if (t->is_told[i] || t->records[i].type == TYPE_DNSKEY ||
		    t->records[i].type == TYPE_RRSIG || first_of(t, i) != i ||
		    !is_signed_by(t, i, zone))
			continue;
		print_set(t, i, depth + 1);
		if (t->records[i].type != TYPE_DS)
			continue;
		for (size_t k = 0; k < t->count; k++)
			if (!t->is_told[k] && t->records[k].type == TYPE_DNSKEY &&
			    first_of(t, k) == k &&
			    is_same_name(t->records[k].owner, t->records[i].owner))
				print_zone(t, k, depth + 1);
	}
}

/* Does a DS in the chain lead to this zone? */
static bool
is_led_to(const tree *t, const char *zone)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->records[i].type == TYPE_DS && is_same_name(t->records[i].owner, zone))
			return true;
	return false;
}

void
cli_print_explained(const cli_explained *explained)
{
	tree t = { explained->records, explained->count,
		calloc(explained->count + 1, sizeof(bool)) };

	if (!t.is_told) {
		cli_complain("out of memory");
		return;
	}
	for (size_t i = 0; i < t.count; i++)
		if (!t.is_told[i] && t.records[i].type == TYPE_DNSKEY && first_of(&t, i) == i &&
		    !is_led_to(&t, t.records[i].owner))
			print_zone(&t, i, 0);
	for (size_t i = 0; i < t.count; i++)
		if (!t.is_told[i] && t.records[i].type != TYPE_RRSIG && first_of(&t, i) == i)
			print_set(&t, i, 0);
	free(t.is_told);
}

/* ---- for scripts ---- */

static json_t *
text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *
number_or_null(bool has, json_int_t number)
{
	return has ? json_integer(number) : json_null();
}

static json_t *
json_record(const danepriv_chain_record *r)
{
	bool is_signature = r->type == TYPE_RRSIG;
	bool is_keyed = is_signature || r->type == TYPE_DS || r->type == TYPE_DNSKEY;
	const char *reason = danepriv_word(DANEPRIV_KIND_REASON, r->reason);
	json_t *object = json_object();

	(void)json_object_set_new(object, "owner", json_string(r->owner));
	(void)json_object_set_new(object, "type", json_string(r->type_text));
	(void)json_object_set_new(object, "ttl", json_integer(r->ttl));
	(void)json_object_set_new(object, "covered", text_or_null(r->covered_text));
	(void)json_object_set_new(object, "signer", text_or_null(r->signer));
	(void)json_object_set_new(object, "key_tag", number_or_null(is_keyed, r->key_tag));
	(void)json_object_set_new(object, "algorithm", number_or_null(is_keyed, r->algorithm));
	(void)json_object_set_new(object, "inception", number_or_null(is_signature, r->inception));
	(void)json_object_set_new(
	    object, "expiration", number_or_null(is_signature, r->expiration));
	(void)json_object_set_new(
	    object, "status", json_string(danepriv_word(DANEPRIV_KIND_SECURITY, r->security)));
	(void)json_object_set_new(
	    object, "reason", text_or_null(r->reason != DANEPRIV_REASON_NONE ? reason : ""));
	return object;
}

json_t *
cli_json_explained(const cli_explained *explained)
{
	json_t *array = json_array();

	for (size_t i = 0; i < explained->count; i++)
		(void)json_array_append_new(array, json_record(&explained->records[i]));
	return array;
}
