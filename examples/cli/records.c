/* SPDX-License-Identifier: BSD-2-Clause
 * How are records and times written? */
#include "records.h"

#include <danepriv/record.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* To free; NULL when memory is out. */
static char *
record_text(danepriv_span rdata)
{
	size_t room = 2 * rdata.len + 24;
	char *text = malloc(room);

	if (text && danepriv_record_write(rdata, DANEPRIV_RECORD_FORM_FIELDS, text, room, NULL) ==
			DANEPRIV_OK)
		return text;
	free(text);
	return NULL;
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
