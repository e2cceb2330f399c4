/* SPDX-License-Identifier: BSD-2-Clause
 * What is a peer to come to that shows certificates somebody issued?  From tests/vectors/dane:
 * issued.txt has the rows, authorities.txt the certificates. */
#ifndef TESTS_ISSUED_H
#define TESTS_ISSUED_H

#include "support/credentials.h"

#include <stdbool.h>

#define ISSUED_NOW 1700000000
#define ISSUED_UNTIL 4102444800
#define ISSUED_FILE "dane/issued.txt"
#define ISSUED_RECORDS_MAX 8

/* Secure records for the server of all rows; yours to free. */
danepriv_records *issued_vouch(const danepriv_span *rdatas, size_t count);
/* Cuts `text` at its commas. */
size_t issued_split(char *text, char **parts);

/* One line of the file, ready to be judged. */
typedef struct issued_row {
	const char *name;
	test_vectors *vectors;
	test_vector line;
	danepriv *ctx;
	test_peer peer;
	danepriv_records *records;
	char *names[ISSUED_RECORDS_MAX];
	size_t name_count;
	danepriv_time now;
	size_t count; /* of records */
} issued_row;

void issued_open(issued_row *r, int index);
void issued_close(issued_row *r);
danepriv_status issued_judge(const issued_row *r, danepriv_verdict *verdict);
/* The file says that it matches. */
bool issued_matches(const issued_row *r);
/* As the file has it: `match`, `unusable:no-roots`. */
void issued_describe(const danepriv_record_verdict *verdict, char *text, size_t room);

/* One record that means the last item of a peer, and what the peer comes to by it. */
typedef struct issued_setting {
	danepriv *ctx;
	danepriv_records *records;
} issued_setting;

issued_setting issued_setting_for(
    const char *anchor, uint8_t usage, uint8_t selector, uint8_t matching);
void issued_setting_close(issued_setting *s);

#endif
