/* SPDX-License-Identifier: BSD-2-Clause
 * What is a peer to come to that shows certificates somebody issued? */
#include "support/issued.h"

#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };

danepriv_records *
issued_vouch(const danepriv_span *rdatas, size_t count)
{
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
			     DANEPRIV_REASON_NONE, rdatas, count, ISSUED_UNTIL, &records),
	    DANEPRIV_OK);
	return records;
}

size_t
issued_split(char *text, char **parts)
{
	size_t count = 0;

	for (char *rest = text, *part;
	     count < ISSUED_RECORDS_MAX && (part = strtok_r(NULL, ",", &rest));)
		parts[count++] = part;
	return count;
}

void
issued_open(issued_row *r, int index)
{
	char *texts[ISSUED_RECORDS_MAX];
	test_octets octets[ISSUED_RECORDS_MAX];
	danepriv_span rdatas[ISSUED_RECORDS_MAX];

	memset(r, 0, sizeof *r);
	r->vectors = vectors_at(ISSUED_FILE, index, &r->line);
	r->name = r->line.fields[0];
	peer_open(&r->peer, r->line.fields[1]);
	if (strcmp(r->line.fields[2], "-") != 0)
		r->name_count = issued_split(r->line.fields[2], r->names);
	r->ctx = context_open(r->line.fields[3]);
	r->now = strtoll(r->line.fields[4], NULL, 10);
	r->count = issued_split(r->line.fields[5], texts);
	for (size_t i = 0; i < r->count; i++) {
		octets[i] = octets_from_hex(texts[i]);
		rdatas[i] = octets_span(octets[i]);
	}
	r->records = issued_vouch(rdatas, r->count);
	for (size_t i = 0; i < r->count; i++)
		octets_free(octets[i]);
}

void
issued_close(issued_row *r)
{
	danepriv_records_free(r->records);
	danepriv_close(r->ctx);
	peer_close(&r->peer);
	vectors_close(r->vectors);
}

danepriv_status
issued_judge(const issued_row *r, danepriv_verdict *verdict)
{
	return danepriv_evaluate(r->ctx, r->records, &r->peer.credential,
	    (const char *const *)r->names, r->name_count, r->now, verdict);
}

bool
issued_matches(const issued_row *r)
{
	return strcmp(r->line.fields[6], "match") == 0;
}

void
issued_describe(const danepriv_record_verdict *verdict, char *text, size_t room)
{
	(void)snprintf(text, room, "%s%s%s",
	    danepriv_word(DANEPRIV_KIND_JUDGEMENT, verdict->judgement), verdict->reason ? ":" : "",
	    verdict->reason ? danepriv_word(DANEPRIV_KIND_RECORD_REASON, verdict->reason) : "");
}

issued_setting
issued_setting_for(const char *anchor, uint8_t usage, uint8_t selector, uint8_t matching)
{
	issued_setting s = { context_open("-"), NULL };
	test_peer peer;

	peer_open(&peer, anchor);
	test_octets rdata = rdata_of_peer(&peer, usage, selector, matching);
	danepriv_span span = octets_span(rdata);
	s.records = issued_vouch(&span, 1);
	octets_free(rdata);
	peer_close(&peer);
	return s;
}

void
issued_setting_close(issued_setting *s)
{
	danepriv_records_free(s->records);
	danepriv_close(s->ctx);
}
