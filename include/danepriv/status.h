/* SPDX-License-Identifier: BSD-2-Clause
 * status.h - could the work be done?
 *
 * A status says whether a call could do its work.  It never says whether a peer may be trusted.
 * What was learnt is a finding (judge.h).  What you may do is a decision (policy.h).  word.h has a
 * word and a sentence for each value.
 *
 * Structs with a size.  A struct that begins with `size` gets more fields at its end in later
 * versions, and zero means "not said" in each of these.  Set `size` to the struct's sizeof where
 * you compile it.  Any size will do from what the struct had in 0.2 up to 4096.  With another size
 * the call fails with EINVAL, and touches nothing.
 *
 * A library that knows more fields than your struct has takes the missing ones for zero, and writes
 * none of them.  A library that knows fewer refuses what you set of the others (EINVAL), and zeroes
 * what it should have written of them.  An array of such structs has the size of one element beside
 * its count (`each_size` beside `each`).
 *
 * Structs without a size never change: danepriv_span, danepriv_server, danepriv_credential,
 * danepriv_address, danepriv_question, danepriv_ike_id, danepriv_ike_certificate. */
#ifndef DANEPRIV_STATUS_H
#define DANEPRIV_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* MUST_USE marks a decision.  It also marks a status without which a program would go on with what
 * it does not have. */
#if defined(__GNUC__)
#define DANEPRIV_API __attribute__((visibility("default")))
#define DANEPRIV_MUST_USE __attribute__((warn_unused_result))
#else
#define DANEPRIV_API
#define DANEPRIV_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Octets that belong to another.  A call borrows them until it returns, unless its comment says
 * otherwise. */
typedef struct danepriv_span {
	const uint8_t *data;
	size_t len; /* octets */
} danepriv_span;

/* A moment: seconds since 1970-01-01 00:00:00 UTC.  The library has no clock: you bring it. */
typedef int64_t danepriv_time;

/* Codes are appended, never renumbered. */
typedef enum danepriv_status {
	DANEPRIV_OK = 0,
	DANEPRIV_ENOMEM = -1,	  /* memory ran out; nothing was changed */
	DANEPRIV_EINVAL = -2,	  /* an argument breaks the rule that its header states */
	DANEPRIV_EMALFORMED = -3, /* octets or text from outside do not parse */
	DANEPRIV_ENOTFOUND = -4,  /* what was asked for is not there */
	DANEPRIV_ELIMIT = -5,	  /* input is larger than a named bound allows */
	DANEPRIV_EAGAIN = -6,	  /* more input is needed first; call again when it is there */
	DANEPRIV_EADAPTER = -7	  /* the library under an adapter (GnuTLS, getdns) failed */
} danepriv_status;

#ifdef __cplusplus
}
#endif

#endif
