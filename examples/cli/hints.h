/* SPDX-License-Identifier: BSD-2-Clause
 * No record fits: would one of them, were it meant in another way? */
#ifndef CLI_HINTS_H
#define CLI_HINTS_H

#include <danepriv/danepriv.h>
#include <jansson.h>
#include <stdbool.h>

#define CLI_HINTS_MAX 8
#define CLI_HINT_TEXT_MAX 200

/* Sentences.  Zero it first. */
typedef struct cli_hints {
	char text[CLI_HINTS_MAX][CLI_HINT_TEXT_MAX];
	size_t count;
} cli_hints;

/* What a credential was judged by. */
typedef struct cli_judged {
	const danepriv *ctx;
	const danepriv_records *records;
	const danepriv_credential *credential;
	const char *const *names; /* further names of the server */
	size_t names_count;
	const danepriv_ike_peer *peer; /* instead of credential and names over IPsec, or NULL */
	bool has_roots;		       /* usages 0 and 1 are judged as well */
	danepriv_time now;
} cli_judged;

void cli_hint_add(cli_hints *hints, const char *text);

/* Adds which records would match, with the same data, under another usage, selector or matching
 * type. */
void cli_hints_find(cli_hints *hints, const cli_judged *judged);

/* Adds "hints" to an object where there are some. */
void cli_json_hints(json_t *object, const cli_hints *hints);
/* The same for people, a line each. */
void cli_print_hints(const cli_hints *hints);

#endif
