/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a resolver without a network?  It knows the records of one chain, answers
 * questions out of them, and can be told to fail. */
#ifndef TESTS_RESOLVER_H
#define TESTS_RESOLVER_H

#include "support/octets.h"

#include <danepriv/lookup.h>

typedef enum resolver_fault {
	FAULT_NONE = 0,
	FAULT_TIMEOUT, /* from here: no message at all */
	FAULT_FAILED,
	FAULT_CANCELLED,
	FAULT_SERVFAIL, /* from here: a message */
	FAULT_REFUSED,
	FAULT_FORMERR,
	FAULT_TRUNCATED,
	FAULT_MALFORMED,
	FAULT_CUT,
	FAULT_EMPTY,
	FAULT_NAME_ERROR, /* empty, too */
	FAULT_OTHER_NAME,
	FAULT_OTHER_TYPE,
	FAULT_OTHER_CLASS,
	FAULT_NO_QUESTION,
	FAULT_NO_RESPONSE,
	FAULT_FOLLOWS, /* no fault: the steps of an alias and its end in one answer, as resolvers do
			*/
	FAULT_CLOSEST, /* no fault: of the NSEC3 records those alone that speak of the name */
	FAULT_EVERYTHING, /* no fault: all records of the chain in each answer */
	FAULT_FORGED,	  /* all signatures bent */
	FAULT_UNSIGNED,	  /* all signatures left out */
	FAULT_NO_DENIAL,  /* all NSEC, NSEC3 and their signatures left out */
	FAULT_OPEN_DENIAL /* the signatures over those left out, as some boxes do */
} resolver_fault;

/* The message that answers a question; octets_free().  Not for faults without one. */
test_octets resolver_answer(
    danepriv_span chain, const danepriv_question *question, resolver_fault fault);
/* The same with an Extended DNS Error (RFC 8914). */
test_octets resolver_answer_with(
    danepriv_span chain, const danepriv_question *question, resolver_fault fault, uint16_t error);

/* Gives the lookup what the resolver says. */
danepriv_status resolver_give(danepriv_lookup *lookup, danepriv_span chain,
    const danepriv_question *question, resolver_fault fault);

#endif
