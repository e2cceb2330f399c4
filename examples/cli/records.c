/* SPDX-License-Identifier: BSD-2-Clause
 * How are records and times written? */
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* To free; NULL when memory is out. */
static char *
record_text(danepriv_span rdata)
{
	size_t room = 2 * rdata.len + 24;
	char *text = malloc(room);
	size_t from = 0;
	int at;

	if (!text)
		return NULL;
	if (rdata.len > 3) {
		at = snprintf(text, room, "%u %u %u ", rdata.data[0], rdata.data[1], rdata.data[2]);
		from = 3;
	} else {
		at = snprintf(text, room, "\\# %zu ", rdata.len);
	}
	for (size_t i = from; i < rdata.len && at > 0; i++)
		at += snprintf(text + at, room - (size_t)at, "%02x", rdata.data[i]);
	return text;
}

json_t *
cli_json_records(const danepriv_records *records)
{
	json_t *array = json_array();

	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		char *text = record_text(danepriv_records_rdata(records, i));
		(void)json_array_append_new(array, json_string(text ? text : ""));
		free(text);
	}
	return array;
}

void
cli_print_records(const danepriv_records *records)
{
	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		char *text = record_text(danepriv_records_rdata(records, i));
		(void)printf("record %zu: %s\n", i, text ? text : "");
		free(text);
	}
}

void
cli_print_time(const char *label, danepriv_time at)
{
	time_t seconds = (time_t)at;
	char text[40];
	struct tm tm;

	if (at > 0 && gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%FT%TZ", &tm) > 0)
		(void)printf("%s: %s\n", label, text);
}
