/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test read the files of proofs?  A line is `name qname type now anchors proof reason
 * chain`: what a chain of records, one after the other, proves of a name.  In base.txt `base role`
 * follow, and the name is that of a server. */
#ifndef TESTS_PROOFS_H
#define TESTS_PROOFS_H

#include "dnssec/validator.h"
#include "support/octets.h"

typedef struct proof_case {
	char *name, *qname;
	uint16_t type;
	danepriv_time now;
	char *anchors; /* file under tests/vectors */
	danepriv_security security;
	danepriv_reason reason;
	test_octets chain;
	char *base; /* NULL: none is said */
	danepriv_aliases aliases;
} proof_case;

typedef struct proof_cases {
	proof_case *list;
	size_t count;
} proof_cases;

/* Adds the lines of a file under tests/vectors. */
void proofs_read(proof_cases *cases, const char *path);
/* The case of this name; there has to be one. */
const proof_case *proofs_find(const proof_cases *cases, const char *name);
/* All files of proofs. */
void proofs_read_all(proof_cases *cases);
void proofs_free(proof_cases *cases);

/* A context with the anchors of a file, and no opinion about clocks.  `settings` (may be NULL) has
 * the rest; its size and anchors are set here. */
danepriv *proofs_open(const char *anchors, const danepriv_settings *settings);

/* The times that end a name as `/until/expiry`, in seconds from now; false: it says none. */
bool proofs_times(const proof_case *c, long long *until, long long *expiry);

/* What a chain proves about the case's name, for this once; *v is to be freed by the caller.
 * UNKNOWN when the chain cannot be taken, or memory is out (*status, may be NULL, says which). */
dp_found proofs_judge(const danepriv *ctx, const proof_case *c, danepriv_span chain,
    dp_validator *v, danepriv_status *status);

#endif
