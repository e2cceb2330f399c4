/* SPDX-License-Identifier: BSD-2-Clause
 * No record fits: would one of them, were it meant in another way?  The issuer's digest under usage
 * 3, that of a key under selector 0 and the like are what operators publish by mistake.  It is the
 * library that says whether it would: the record is judged once more, with other numbers. */
#include "hints.h"

#include <stdio.h>
#include <string.h>

#define DATA_MAX 65535

/* The likeliest first. */
static const uint8_t others[][2] = { { 3, 1 }, { 3, 0 }, { 2, 0 }, { 2, 1 }, { 1, 1 }, { 1, 0 },
	{ 0, 0 }, { 0, 1 } };

void
cli_hint_add(cli_hints *hints, const char *text)
{
	if (hints->count < CLI_HINTS_MAX)
		(void)snprintf(hints->text[hints->count++], CLI_HINT_TEXT_MAX, "%s", text);
}

/* What data of this length is a digest of. */
static uint8_t
matching_of(size_t len)
{
	return len == 32 ? 1 : len == 64 ? 2 : 0;
}

static danepriv_status
evaluate(const cli_judged *j, const danepriv_records *records, danepriv_verdict *verdict)
{
	danepriv_ike_found found = { .size = sizeof found };

	if (j->peer)
		return danepriv_ike_evaluate(j->ctx, records, j->peer, j->now, &found, verdict);
	return danepriv_evaluate(
	    j->ctx, records, j->credential, j->names, j->names_count, j->now, verdict);
}

/* Would it match by this record alone?  Stores how deep. */
static bool
would_match(const cli_judged *j, danepriv_span rdata, unsigned *depth)
{
	danepriv_record_verdict each = { .judgement = DANEPRIV_JUDGEMENT_UNTRIED };
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = &each, .each_size = sizeof each, .each_room = 1
	};
	danepriv_server server = { danepriv_records_base(j->records), 0,
		j->peer ? DANEPRIV_TRANSPORT_IPSEC : DANEPRIV_TRANSPORT_DOT };
	danepriv_records *alone = NULL;

	if (danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE,
		&rdata, 1, j->now, &alone) != DANEPRIV_OK)
		return false;
	danepriv_status status = evaluate(j, alone, &verdict);
	danepriv_records_free(alone);
	*depth = each.depth;
	return status == DANEPRIV_OK && verdict.finding == DANEPRIV_FINDING_MATCH;
}

/* How it was written, and how it would match. */
static void
tell_other(
    cli_hints *hints, size_t index, const uint8_t *given, const uint8_t *other, unsigned depth)
{
	char text[CLI_HINT_TEXT_MAX], where[48] = "";

	if (depth > 0)
		(void)snprintf(where, sizeof where, ", by the certificate at depth %u", depth);
	int at =
	    snprintf(text, sizeof text, "record %zu (%u %u %u) is of this server, and would match",
		index, given[0], given[1], given[2]);
	if (memcmp(given, other, 3) == 0) /* RFC 7671 section 9 */
		(void)snprintf(text + at, sizeof text - (size_t)at, ", were it alone");
	else
		(void)snprintf(text + at, sizeof text - (size_t)at, " as %u %u %u%s", other[0],
		    other[1], other[2], where);
	cli_hint_add(hints, text);
}

static void
try_others(cli_hints *hints, const cli_judged *j, size_t index)
{
	danepriv_span rdata = danepriv_records_rdata(j->records, index);
	uint8_t changed[3 + DATA_MAX];
	unsigned depth;

	if (rdata.len < 4 || rdata.len > sizeof changed)
		return;
	memcpy(changed, rdata.data, rdata.len);
	changed[2] = matching_of(rdata.len - 3);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		changed[0] = others[i][0];
		changed[1] = others[i][1];
		if ((changed[0] < 2 && !j->has_roots) ||
		    !would_match(j, (danepriv_span){ changed, rdata.len }, &depth))
			continue;
		tell_other(hints, index, rdata.data, changed, depth);
		return;
	}
}

void
cli_hints_find(cli_hints *hints, const cli_judged *judged)
{
	for (size_t i = 0; i < danepriv_records_count(judged->records); i++)
		if (hints->count < CLI_HINTS_MAX)
			try_others(hints, judged, i);
}

void
cli_json_hints(json_t *object, const cli_hints *hints)
{
	json_t *array;

	if (hints->count == 0)
		return;
	array = json_array();
	for (size_t i = 0; i < hints->count; i++)
		(void)json_array_append_new(array, json_string(hints->text[i]));
	(void)json_object_set_new(object, "hints", array);
}

void
cli_print_hints(const cli_hints *hints)
{
	for (size_t i = 0; i < hints->count; i++)
		(void)printf("hint: %s\n", hints->text[i]);
}
