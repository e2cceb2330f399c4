/* SPDX-License-Identifier: BSD-2-Clause
 * What must come of a lookup, for every way in which a resolver can behave? */
#ifndef TESTS_MANNERS_H
#define TESTS_MANNERS_H

#include "support/upstream.h"

#include <danepriv/records.h>

#define DEADLINE_MS 700 /* where nothing comes; the tests count questions, not time */
#define PATIENCE_MS 20000

typedef struct manner_row {
	const char *name;
	upstream_manner manner;
	uint32_t deadline_ms;
	danepriv_security security;
	danepriv_reason reason; /* NONE: any */
	unsigned udp;		/* how often each question of a lookup comes; 0: any number */
	unsigned tcp;
} manner_row;

#define MANNERS 14
extern const manner_row manners[MANNERS];

#endif
