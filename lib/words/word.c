/* SPDX-License-Identifier: BSD-2-Clause
 * Which row of which table is meant? */
#include "words/words.h"

#include <danepriv/status.h>
#include <danepriv/word.h>
#include <string.h>

static const dp_word statuses[] = {
	{ DANEPRIV_OK, "ok", "done" },
	{ DANEPRIV_ENOMEM, "no-memory", "out of memory" },
	{ DANEPRIV_EINVAL, "invalid", "invalid argument" },
	{ DANEPRIV_EMALFORMED, "malformed", "input does not parse" },
	{ DANEPRIV_ENOTFOUND, "not-found", "not found" },
	{ DANEPRIV_ELIMIT, "limit", "input is larger than allowed" },
	{ DANEPRIV_EAGAIN, "again", "more input is needed first" },
	{ DANEPRIV_EADAPTER, "adapter", "the library underneath failed" },
};
static const dp_words status_words = DP_WORDS(statuses);

static const dp_words *const kinds[] = {
	[DANEPRIV_KIND_FINDING] = &dp_words_finding,
	[DANEPRIV_KIND_SECURITY] = &dp_words_security,
	[DANEPRIV_KIND_REASON] = &dp_words_reason,
	[DANEPRIV_KIND_DECISION] = &dp_words_decision,
	[DANEPRIV_KIND_JUDGEMENT] = &dp_words_judgement,
	[DANEPRIV_KIND_RECORD_REASON] = &dp_words_record_reason,
	[DANEPRIV_KIND_SOURCE] = &dp_words_source,
	[DANEPRIV_KIND_TRANSPORT] = &dp_words_transport,
	[DANEPRIV_KIND_CHANNEL] = &dp_words_channel,
	[DANEPRIV_KIND_PROFILE] = &dp_words_profile,
	[DANEPRIV_KIND_PROVENANCE] = &dp_words_provenance,
	[DANEPRIV_KIND_EVENT] = &dp_words_event,
	[DANEPRIV_KIND_STEP] = &dp_words_step,
	[DANEPRIV_KIND_OBSTACLE] = &dp_words_obstacle,
	[DANEPRIV_KIND_STATUS] = &status_words,
	[DANEPRIV_KIND_STREAM] = &dp_words_stream,
	[DANEPRIV_KIND_REACH] = &dp_words_reach,
	[DANEPRIV_KIND_WISH] = &dp_words_wish,
	[DANEPRIV_KIND_PURPOSE] = &dp_words_purpose,
	[DANEPRIV_KIND_CREDENTIAL_TYPE] = &dp_words_credential_type,
};

static dp_words
words_of(danepriv_kind kind)
{
	size_t index = (size_t)kind; /* negative values become large */

	if (index >= sizeof kinds / sizeof *kinds || !kinds[index])
		return (dp_words){ NULL, 0 };
	return *kinds[index];
}

static dp_word
find(danepriv_kind kind, int64_t value)
{
	dp_words words = words_of(kind);

	for (size_t i = 0; i < words.count; i++)
		if (words.rows[i].value == value)
			return words.rows[i];
	return (dp_word){ 0, "unknown", "unknown" };
}

const char *
danepriv_word(danepriv_kind kind, int64_t value)
{
	return find(kind, value).word;
}

const char *
danepriv_sentence(danepriv_kind kind, int64_t value)
{
	return find(kind, value).sentence;
}

danepriv_status
danepriv_value(danepriv_kind kind, const char *word, int *value)
{
	dp_words words = words_of(kind);

	if (value)
		*value = 0;
	if (!word || !value)
		return DANEPRIV_EINVAL;
	for (size_t i = 0; i < words.count; i++) {
		if (strcmp(words.rows[i].word, word) == 0) {
			*value = words.rows[i].value;
			return DANEPRIV_OK;
		}
	}
	return DANEPRIV_ENOTFOUND;
}

danepriv_status
danepriv_list(danepriv_kind kind, size_t index, int *value)
{
	dp_words words = words_of(kind);

	if (!value)
		return DANEPRIV_EINVAL;
	*value = 0;
	if (index >= words.count)
		return DANEPRIV_ENOTFOUND;
	*value = words.rows[index].value;
	return DANEPRIV_OK;
}
