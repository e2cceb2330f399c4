/* SPDX-License-Identifier: BSD-2-Clause
 * word.h - what is each value of the library's enums called?
 *
 * A word is for scripts: JSON, metrics, settings and bindings.  It has small letters, digits and
 * hyphens, and never changes.  A sentence is for people: one line of English without a full stop,
 * which may be put better in a later version.  All of them are static. */
#ifndef DANEPRIV_WORD_H
#define DANEPRIV_WORD_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which enum is meant: danepriv_finding, danepriv_security and so on.  Appended, never renumbered.
 */
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

/* The word for a value, and the sentence.  `value` is wider than any enum, so that none has to be
 * cast.  "unknown" for a value that is not one of the kind's, and for a kind that there is not;
 * never NULL. */
DANEPRIV_API const char *danepriv_word(danepriv_kind kind, int64_t value);
DANEPRIV_API const char *danepriv_sentence(danepriv_kind kind, int64_t value);

/* The value that a word stands for, letter by letter, as an int: convert it afterwards.
 * Returns: OK; EINVAL: NULL; ENOTFOUND: the kind has no such word (*value is 0). */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_value(
    danepriv_kind kind, const char *word, int *value);

/* Lists the values of a kind, in the order of its header: `index` from 0 until it says ENOTFOUND.
 * Values need not follow one another: those of danepriv_status are negative.
 * Returns: OK; EINVAL: NULL; ENOTFOUND: there are no more (*value is 0). */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_list(
    danepriv_kind kind, size_t index, int *value);

#ifdef __cplusplus
}
#endif

#endif
