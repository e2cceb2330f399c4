/* SPDX-License-Identifier: BSD-2-Clause
 * What is each value of the library's enums called?  A table a kind; word.c finds the row. */
#ifndef DP_WORDS_WORDS_H
#define DP_WORDS_WORDS_H

#include <stddef.h>

typedef struct dp_word {
	int value;
	const char *word;
	const char *sentence;
} dp_word;

typedef struct dp_words {
	const dp_word *rows;
	size_t count;
} dp_words;

#define DP_WORDS(rows)                                                                             \
	{                                                                                          \
		rows, sizeof(rows) / sizeof *(rows)                                                \
	}

/* learnt.c: what did DNS say? */
extern const dp_words dp_words_security, dp_words_reason, dp_words_source, dp_words_stream;
/* judged.c: what follows for this peer? */
extern const dp_words dp_words_finding, dp_words_judgement, dp_words_record_reason,
    dp_words_credential_type, dp_words_decision;
/* asked.c: how are questions asked? */
extern const dp_words dp_words_transport, dp_words_channel, dp_words_profile, dp_words_provenance,
    dp_words_event, dp_words_reach, dp_words_wish, dp_words_purpose, dp_words_step,
    dp_words_obstacle;

#endif
