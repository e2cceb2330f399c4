/* SPDX-License-Identifier: BSD-2-Clause
 * How are records and times written? */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include <danepriv/records.h>
#include <jansson.h>

/* An array of `U S M hex` (RFC 6698 section 2.2), or RFC 3597 text where it is too short for that.
 */
json_t *cli_json_records(const danepriv_records *records);
/* The same for people, a line each. */
void cli_print_records(const danepriv_records *records);

/* `label: 2026-08-01T12:00:00Z`, or nothing for a time that no calendar has. */
void cli_print_time(const char *label, danepriv_time at);

#endif
