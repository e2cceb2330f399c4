/* SPDX-License-Identifier: BSD-2-Clause
 * How is what `danepriv check` found out told? */
#include "advice.h"
#include "check.h"
#include "output.h"
#include "records.h"

#include <stdio.h>

static const char *
mismatch(const cli_outcome *c)
{
	return c->blame ? c->blame : cli_mismatch_text(&c->why, c->hints.count > 0);
}

/* What is at fault in the records themselves is no attack's mark. */
static bool
is_attack(const cli_outcome *c)
{
	return c->why.attack && (c->blame || !mismatch(c));
}

void
cli_check_explain(const cli_outcome *c, char *text, size_t room)
{
	if (c->trouble[0] != '\0') {
		(void)snprintf(text, room, "%s", c->trouble);
		return;
	}
	cli_explain_verdict(&c->why, mismatch(c), text, room);
	if (c->why.finding == DANEPRIV_FINDING_BOGUS ||
	    c->why.finding == DANEPRIV_FINDING_INDETERMINATE)
		cli_add_carriage(c->carriage, c->why.security, c->why.reason, text, room);
}

static json_t *
json_or_null(bool known, const char *text)
{
	return known ? json_string(text) : json_null();
}

static json_t *
json_tls(const cli_tls *tls)
{
	if (!tls->up)
		return json_null();
	return json_pack("{s:s,s:s,s:s}", "version", tls->version, "certificate_type",
	    tls->certificate_type, "raw_keys", tls->raw_keys);
}

static json_t *
json_answer(const cli_outcome *c)
{
	if (!c->answered)
		return json_null();
	return json_pack("{s:s,s:I,s:O,s:b,s:b}", "rcode", c->answer.rcode, "count",
	    (json_int_t)c->answer.count, "records", c->answer.records, "truncated",
	    c->answer.is_cut, "authenticated", c->decision == DANEPRIV_DECISION_PROCEED);
}

/* What came of each address, in the order in which they were tried. */
static json_t *
json_attempts(const cli_outcome *c)
{
	json_t *array = json_array();

	for (size_t i = 0; i < c->attempted; i++) {
		const cli_attempt *a = &c->attempts[i];
		(void)json_array_append_new(array,
		    json_pack("{s:s,s:s,s:s,s:s}", "address", a->address, "decision",
			danepriv_word(DANEPRIV_KIND_DECISION, a->decision), "finding",
			danepriv_word(DANEPRIV_KIND_FINDING, a->finding), "explanation", a->text));
	}
	return array;
}

/* For people only where there was more than one. */
static void
print_attempts(const cli_outcome *c)
{
	for (size_t i = 0; c->attempted > 1 && i < c->attempted; i++)
		(void)printf("tried: %s: %s%s%s\n", c->attempts[i].address,
		    danepriv_word(DANEPRIV_KIND_DECISION, c->attempts[i].decision),
		    c->attempts[i].text[0] != '\0' ? ": " : "", c->attempts[i].text);
}

static bool
tell_json(const cli_outcome *c)
{
	json_t *object = json_object();
	int ede = danepriv_reason_ede(c->why.reason);
	bool known = c->why.security != DANEPRIV_SECURITY_UNKNOWN;
	char sentence[CLI_SENTENCE_MAX];

	cli_check_explain(c, sentence, sizeof sentence);
	(void)json_object_set_new(object, "name", json_string(c->name));
	(void)json_object_set_new(object, "transport", json_string(c->transport));
	(void)json_object_set_new(object, "address", json_or_null(c->address[0], c->address));
	(void)json_object_set_new(
	    object, "decision", json_string(danepriv_word(DANEPRIV_KIND_DECISION, c->decision)));
	cli_json_verdict(object, &c->why, c->records);
	if (c->ike)
		cli_json_ike(object, c->ike, &c->found);
	(void)json_object_set_new(
	    object, "proof", json_string(danepriv_word(DANEPRIV_KIND_SECURITY, c->why.security)));
	(void)json_object_set_new(object, "reason",
	    json_or_null(c->why.reason != DANEPRIV_REASON_NONE,
		danepriv_word(DANEPRIV_KIND_REASON, c->why.reason)));
	(void)json_object_set_new(object, "ede", ede >= 0 ? json_integer(ede) : json_null());
	cli_json_carriage(object, c->carriage);
	(void)json_object_set_new(object, "explanation", json_string(sentence));
	(void)json_object_set_new(
	    object, "source", json_or_null(known, danepriv_word(DANEPRIV_KIND_SOURCE, c->source)));
	(void)json_object_set_new(object, "records", cli_json_record_verdicts(c->each, c->records));
	(void)json_object_set_new(object, "tls", json_tls(&c->tls));
	(void)json_object_set_new(
	    object, "until", known ? json_integer(c->why.valid_until) : json_null());
	(void)json_object_set_new(object, "likely_attack", json_boolean(is_attack(c)));
	(void)json_object_set_new(object, "attempts", json_attempts(c));
	cli_json_hints(object, &c->hints);
	if (c->asked)
		(void)json_object_set_new(object, "answer", json_answer(c));
	return cli_print_json(object);
}

static void
print_answer(const cli_outcome *c)
{
	if (!c->answered) {
		(void)printf("answer: none\n");
		return;
	}
	(void)printf("answer: %s, %zu records%s, %s\n", c->answer.rcode, c->answer.count,
	    c->answer.is_cut ? " (truncated)" : "",
	    c->decision == DANEPRIV_DECISION_PROCEED ? "from the authenticated server"
						     : "from nobody in particular");
	for (size_t i = 0; i < json_array_size(c->answer.records); i++)
		(void)printf("\t%s\n", json_string_value(json_array_get(c->answer.records, i)));
}

static bool
tell(const cli_outcome *c)
{
	char sentence[CLI_SENTENCE_MAX];

	cli_check_explain(c, sentence, sizeof sentence);
	(void)printf("decision: %s (%s)\n", danepriv_word(DANEPRIV_KIND_DECISION, c->decision),
	    danepriv_sentence(DANEPRIV_KIND_DECISION, c->decision));
	if (sentence[0] != '\0')
		(void)printf("reason: %s\n", sentence);
	if (is_attack(c) && c->decision != DANEPRIV_DECISION_REFUSE)
		(void)printf("warning: this looks like an attack; other servers should be used "
			     "first (RFC 8310 section 5)\n");
	cli_print_verdict(&c->why, c->records, mismatch(c));
	if (c->ike)
		cli_print_ike(c->ike, &c->found);
	(void)printf("proof: %s (%s)%s\n", danepriv_word(DANEPRIV_KIND_SECURITY, c->why.security),
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, c->why.security),
	    c->source == DANEPRIV_SOURCE_CHAIN ? ", as the server sent it" : "");
	cli_print_record_verdicts(c->each, c->records);
	cli_print_hints(&c->hints);
	print_attempts(c);
	if (c->address[0] != '\0')
		(void)printf("address: %s\n", c->address);
	if (c->tls.up)
		(void)printf("tls: %s, %s, raw keys %s\n", c->tls.version, c->tls.certificate_type,
		    c->tls.raw_keys);
	cli_print_time("until", c->why.valid_until);
	if (c->asked)
		print_answer(c);
	return cli_flush();
}

bool
cli_check_tell(const cli_outcome *check, bool json)
{
	return json ? tell_json(check) : tell(check);
}
