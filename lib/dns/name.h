/* SPDX-License-Identifier: BSD-2-Clause
 * What is a domain name, and how do two of them stand to each other?  (RFC 1035, RFC 4034 section
 * 6)
 *
 * A dp_name that came through dp_name_read, dp_name_from_text or a function below is well-formed:
 * labels of 1 to 63 octets, the root label last, at most 255 octets.  It may be used everywhere
 * without another check.  It borrows its octets; every ancestor of it is a tail of the same octets.
 */
#ifndef DP_DNS_NAME_H
#define DP_DNS_NAME_H

#include "base/buffer.h"
#include "base/reader.h"

#define DP_NAME_OCTETS_MAX 255
#define DP_NAME_LABELS_MAX 127
#define DP_LABEL_OCTETS_MAX 63
/* Room for any name in presentation form, escapes and final NUL included. */
#define DP_NAME_TEXT_MAX 1024

typedef struct dp_name {
	const uint8_t *octets; /* NULL: no name */
	size_t len;
} dp_name;

/* A name with octets of its own. */
typedef struct dp_name_store {
	uint8_t octets[DP_NAME_OCTETS_MAX];
	uint8_t len; /* 0: no name */
} dp_name_store;

/* A to Z lowered; others as they are.  Here, since names are most of what is compared. */
static inline uint8_t
dp_name_octet_lower(uint8_t octet)
{
	return (uint8_t)(octet | ((uint8_t)(octet - 'A') < 26) << 5);
}

dp_name dp_name_root(void);
dp_name dp_name_of(const dp_name_store *store);
void dp_name_keep(dp_name_store *store, dp_name name);

/* Presentation form, final dot optional, \DDD and \X escapes.  EMALFORMED: empty, bad escape, a
 * label or the name too long.  On failure *out is no name. */
danepriv_status dp_name_from_text(const char *text, dp_name_store *out);
/* With final dot, escapes where needed; snprintf manners: returns the length that was needed. */
size_t dp_name_to_text(dp_name name, char *text, size_t room);
/* The same for a caller's room: *needed (may be NULL) is that length.  ELIMIT: it did not fit. */
danepriv_status dp_name_tell(dp_name name, char *text, size_t room, size_t *needed);
/* Nothing is told yet; false when there is room without a place. */
bool dp_name_text_clear(char *text, size_t room, size_t *needed);

/* Reads an uncompressed name; the result borrows from the reader's input.  No name, and the reader
 * failed, when malformed. */
dp_name dp_name_read(dp_reader *r);
/* Reads a name that may be compressed (RFC 1035 section 4.1.4): pointers only go backwards, so that
 * it ends.  The reader must stand over the whole message. */
danepriv_status dp_name_unpack(dp_reader *r, dp_name_store *out);
/* Writes the octets, A to Z lowered when `lower`. */
void dp_name_write(dp_buffer *b, dp_name name, bool lower);

/* Labels without the root's; a leading "*" counts. */
unsigned dp_name_labels(dp_name name);
bool dp_name_is_root(dp_name name);
bool dp_name_is_wildcard(dp_name name); /* first label is "*" */
/* Case-insensitive, as all that follow. */
bool dp_name_equal(dp_name a, dp_name b);
/* Canonical order (RFC 4034 section 6.1). */
int dp_name_compare(dp_name a, dp_name b);
/* `name` is `ancestor` or below it. */
bool dp_name_within(dp_name name, dp_name ancestor);
/* `name` is strictly below `ancestor`. */
bool dp_name_below(dp_name name, dp_name ancestor);
/* One label less; the root stays the root. */
dp_name dp_name_parent(dp_name name);
/* The last `labels` labels; the whole name when it has no more. */
dp_name dp_name_tail(dp_name name, unsigned labels);
/* How many labels the two share, counted from the root. */
unsigned dp_name_shared(dp_name a, dp_name b);
/* `*.` in front of `parent`.  EMALFORMED when that gets too long. */
danepriv_status dp_name_wildcard(dp_name parent, dp_name_store *out);
/* `name` with its ancestor `from` replaced by `to` (RFC 6672 section 2.2).  EMALFORMED: too long.
 */
danepriv_status dp_name_substitute(dp_name name, dp_name from, dp_name to, dp_name_store *out);

#endif
