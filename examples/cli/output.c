/* SPDX-License-Identifier: BSD-2-Clause
 * How are results told? */
#include "output.h"

#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The record that matched, or NULL. */
static const danepriv_record_verdict *
matched(const danepriv_verdict *verdict, size_t count)
{
	if (verdict->finding != DANEPRIV_FINDING_MATCH || verdict->record >= count)
		return NULL;
	return &verdict->each[verdict->record];
}

static void
set_number(json_t *object, const char *key, bool known, json_int_t value)
{
	(void)json_object_set_new(object, key, known ? json_integer(value) : json_null());
}

static void
set_fields(json_t *object, const danepriv_record_verdict *v)
{
	set_number(object, "usage", v, v ? v->usage : 0);
	set_number(object, "selector", v, v ? v->selector : 0);
	set_number(object, "matching", v, v ? v->matching : 0);
}

void
cli_json_verdict(json_t *object, const danepriv_verdict *verdict, size_t count)
{
	const danepriv_record_verdict *v = matched(verdict, count);

	(void)json_object_set_new(
	    object, "finding", json_string(danepriv_word(DANEPRIV_KIND_FINDING, verdict->finding)));
	set_number(object, "record", v, v ? (json_int_t)verdict->record : 0);
	set_fields(object, v);
	set_number(object, "depth", v, v ? v->depth : 0);
}

json_t *
cli_json_record_verdicts(const danepriv_record_verdict *each, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		const danepriv_record_verdict *v = &each[i];
		json_t *object = json_object();
		set_number(object, "record", true, (json_int_t)i);
		(void)json_object_set_new(object, "verdict",
		    json_string(danepriv_word(DANEPRIV_KIND_JUDGEMENT, v->judgement)));
		(void)json_object_set_new(object, "reason",
		    v->reason != DANEPRIV_RECORD_REASON_NONE
			? json_string(danepriv_word(DANEPRIV_KIND_RECORD_REASON, v->reason))
			: json_null());
		set_fields(object, v);
		(void)json_array_append_new(array, object);
	}
	return array;
}

void
cli_print_verdict(const danepriv_verdict *verdict, size_t count, const char *mismatch)
{
	const danepriv_record_verdict *v = matched(verdict, count);

	const char *attack = verdict->attack ? ": a likely attack" : "";
	if (mismatch)
		(void)printf("finding: %s (no record matches: %s)\n",
		    danepriv_word(DANEPRIV_KIND_FINDING, verdict->finding), mismatch);
	else
		(void)printf("finding: %s (%s%s)\n",
		    danepriv_word(DANEPRIV_KIND_FINDING, verdict->finding),
		    danepriv_sentence(DANEPRIV_KIND_FINDING, verdict->finding), attack);
	if (v)
		(void)printf("matched: record %zu (%u %u %u) at depth %u\n", verdict->record,
		    v->usage, v->selector, v->matching, v->depth);
}

void
cli_print_record_verdicts(const danepriv_record_verdict *each, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const danepriv_record_verdict *v = &each[i];
		(void)printf("record %zu (%u %u %u): %s", i, v->usage, v->selector, v->matching,
		    danepriv_sentence(DANEPRIV_KIND_JUDGEMENT, v->judgement));
		if (v->reason != DANEPRIV_RECORD_REASON_NONE)
			(void)printf(
			    ": %s", danepriv_sentence(DANEPRIV_KIND_RECORD_REASON, v->reason));
		(void)printf("\n");
	}
}

bool
cli_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	cli_complain("cannot write: %s", strerror(errno));
	return false;
}

void
cli_json_proof(json_t *object, danepriv_security security, danepriv_reason reason)
{
	(void)json_object_set_new(
	    object, "status", json_string(danepriv_word(DANEPRIV_KIND_SECURITY, security)));
	(void)json_object_set_new(object, "reason",
	    reason != DANEPRIV_REASON_NONE
		? json_string(danepriv_word(DANEPRIV_KIND_REASON, reason))
		: json_null());
}

void
cli_json_carriage(json_t *object, cli_carriage carriage)
{
	const char *stream = danepriv_word(DANEPRIV_KIND_STREAM, carriage.stream);
	bool is_told = carriage.stream != DANEPRIV_STREAM_NONE;

	(void)json_object_set_new(object, "stream", is_told ? json_string(stream) : json_null());
	set_number(object, "upstream_ede", carriage.upstream_ede >= 0, carriage.upstream_ede);
}

bool
cli_print_json(json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;

	json_decref(object);
	if (!text) {
		cli_complain("out of memory");
		return false;
	}
	(void)puts(text);
	free(text);
	return cli_flush();
}
