/* SPDX-License-Identifier: BSD-2-Clause
 * Which records are meant by --record?  Each as danepriv/record.h reads it. */
#ifndef CLI_TLSA_TEXT_H
#define CLI_TLSA_TEXT_H

#include "options.h"

#include <danepriv/status.h>

/* RDATA with octets of its own.  Zero it first. */
typedef struct cli_rdatas {
	danepriv_span items[CLI_LIST_MAX];
	size_t count;
} cli_rdatas;

/* Adds the record in `text`; the records, where each of its lines is one.  False: why was said on
 * stderr.  cli_rdatas_free either way. */
bool cli_read_records(const char *text, cli_rdatas *out);
void cli_rdatas_free(cli_rdatas *rdatas);

#endif
