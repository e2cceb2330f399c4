/* SPDX-License-Identifier: BSD-2-Clause
 * word.h - what is each value of the library's enums called?
 *
 * A word is for scripts: JSON, metrics, settings and bindings.  It has small letters, digits and
 * hyphens, and never changes.  A sentence is for people: one line of English without a full stop.
 * A later version may put it better.  All of them are static. */
#ifndef DANEPRIV_WORD_H
#define DANEPRIV_WORD_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which enum is meant: danepriv_finding, danepriv_security and so on.  Appended, never
 * renumbered. */
typedef enum danepriv_kind {
	DANEPRIV_KIND_NONE = 0, /* none: it has no values */
	DANEPRIV_KIND_FINDING,	/* judge.h */
	DANEPRIV_KIND_SECURITY, /* records.h */
	DANEPRIV_KIND_REASON,
	DANEPRIV_KIND_DECISION,	 /* policy.h */
	DANEPRIV_KIND_JUDGEMENT, /* judge.h */
	DANEPRIV_KIND_RECORD_REASON,
	DANEPRIV_KIND_SOURCE,	      /* records.h */
	DANEPRIV_KIND_TRANSPORT,      /* server.h */
	DANEPRIV_KIND_CHANNEL,	      /* policy.h */
	DANEPRIV_KIND_PROFILE,	      /* policy.h */
	DANEPRIV_KIND_PROVENANCE,     /* server.h */
	DANEPRIV_KIND_EVENT,	      /* cache.h */
	DANEPRIV_KIND_STEP,	      /* plan.h */
	DANEPRIV_KIND_OBSTACLE,	      /* plan.h */
	DANEPRIV_KIND_STATUS,	      /* status.h */
	DANEPRIV_KIND_STREAM,	      /* records.h */
	DANEPRIV_KIND_REACH,	      /* cache.h */
	DANEPRIV_KIND_WISH,	      /* cache.h */
	DANEPRIV_KIND_PURPOSE,	      /* plan.h */
	DANEPRIV_KIND_CREDENTIAL_TYPE /* credential.h */
} danepriv_kind;

/* Tells the word for a value.
 * `value`: wider than any enum, so that none has to be cast.
 * Returns: the word, never NULL; "unknown" where the kind has no such value, or there is no such
 * kind. */
DANEPRIV_API const char *danepriv_word(danepriv_kind kind, int64_t value);

/* Tells the sentence for a value.
 * `value`: wider than any enum, so that none has to be cast.
 * Returns: the sentence, never NULL; "unknown" where the kind has no such value, or there is no
 * such kind. */
DANEPRIV_API const char *danepriv_sentence(danepriv_kind kind, int64_t value);

/* Finds the value that a word stands for, letter by letter.
 * `value`: receives it as an int, to be converted to the enum.  On failure it is 0.
 * Returns:
 * - OK: the value is found.
 * - EINVAL: NULL.
 * - ENOTFOUND: the kind has no such word, or there is no such kind. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_value(
    danepriv_kind kind, const char *word, int *value);

/* Lists the values of a kind, in the order of its header.
 * `index`: from 0, until it says ENOTFOUND.
 * `value`: receives the value at `index`.  Values need not follow one another: those of
 *   danepriv_status are negative.  On failure it is 0.
 * Returns:
 * - OK: there is such a value.
 * - EINVAL: NULL.
 * - ENOTFOUND: there are no more, or there is no such kind. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_list(
    danepriv_kind kind, size_t index, int *value);

#ifdef __cplusplus
}
#endif

#endif
