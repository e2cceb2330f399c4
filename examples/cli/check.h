/* SPDX-License-Identifier: BSD-2-Clause
 * What did `danepriv check` find out?  Filled in by check.c, told by check_tell.c. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "ask.h"

/* As many records as danepriv takes. */
#define CLI_CHECK_RECORDS_MAX 128
#define CLI_CHECK_TEXT_MAX 320

typedef struct cli_tls {
	bool up; /* it came up, or we ended it because of the key shown */
	const char *version;
	const char *certificate_type; /* x509 or raw-key */
	const char *raw_keys;	      /* offered, not-known or unavailable */
} cli_tls;

typedef struct cli_outcome {
	const char *name, *transport;
	danepriv_decision decision;
	danepriv_verdict why;
	danepriv_source source;
	danepriv_record_verdict each[CLI_CHECK_RECORDS_MAX];
	size_t records;
	char address[CLI_ADDRESS_TEXT_MAX]; /* "" when none was tried */
	char trouble[CLI_CHECK_TEXT_MAX];   /* why there is no connection, or "" */
	bool unreachable;		    /* no lookup, no address or no connection */
	bool asked;			    /* --query was given */
	bool answered;
	cli_tls tls;
	cli_answer answer;
} cli_outcome;

/* False when it could not be written. */
bool cli_check_tell(const cli_outcome *check, bool json);

#endif
