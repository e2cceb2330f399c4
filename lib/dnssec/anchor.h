/* SPDX-License-Identifier: BSD-2-Clause
 * Where does trust begin, and where was it taken back?  (RFC 4033 section 2, RFC 7646) */
#ifndef DP_DNSSEC_ANCHOR_H
#define DP_DNSSEC_ANCHOR_H

#include "dns/name.h"

#include <danepriv/status.h>
#include <stdbool.h>

/* One DS or DNSKEY that the caller trusts. */
typedef struct dp_anchor {
	dp_name_store owner;
	uint16_t type;
	danepriv_span rdata; /* ours */
	bool is_trusted;     /* false: a key whose state says that it does not anchor, or not yet */
} dp_anchor;

typedef struct dp_anchors {
	dp_anchor *list;
	size_t count;
	dp_name_store *negative;
	size_t negative_count;
} dp_anchors;

/* The root's keys 20326 and 38696 (IANA). */
extern const char dp_root_anchors[];

/* Reads zone-file lines of DS and DNSKEY.  Revoked keys, keys in another state than VALID or
 * MISSING (RFC 5011 section 4.2), algorithms and digests that we do not check are left out;
 * EMALFORMED when a line does not parse, when a DNSKEY is no zone key, or when nothing is left.
 * ELIMIT: DP_ANCHORS_MAX.  ENOMEM.  After any failure release with dp_anchors_free all the same. */
danepriv_status dp_anchors_read(dp_anchors *anchors, const char *text);
/* Reads names between white space. */
danepriv_status dp_anchors_read_negative(dp_anchors *anchors, const char *names);
void dp_anchors_free(dp_anchors *anchors);

/* The deepest name at or above `name` that has an anchor; no name when there is none. */
dp_name dp_anchors_closest(const dp_anchors *anchors, dp_name name);
/* Is `name` at or below a negative anchor that no anchor deeper down overrules? */
bool dp_anchors_negate(const dp_anchors *anchors, dp_name name);

/* One line of an anchor file, read by anchor_text.c.  `line` is moved past it.  ENOTFOUND: the end
 * of the text.  The RDATA in *out is ours to free. */
danepriv_status dp_anchor_read_line(const char **line, dp_anchor *out);

#endif
