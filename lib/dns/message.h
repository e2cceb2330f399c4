/* SPDX-License-Identifier: BSD-2-Clause
 * What does a DNS message say?  (RFC 1035 section 4, RFC 6891) */
#ifndef DP_DNS_MESSAGE_H
#define DP_DNS_MESSAGE_H

#include "base/buffer.h"
#include "dns/name.h"

#include <danepriv/status.h>

typedef struct dp_message {
	uint16_t id;
	bool is_response;
	bool is_truncated;
	uint16_t rcode;	     /* with the upper bits of OPT, if there is one */
	dp_name_store qname; /* no name unless there is exactly one question */
	uint16_t qtype;
	uint16_t qclass;
	int ede;	    /* the first Extended DNS Error (RFC 8914); -1: there is none */
	size_t name_octets; /* of all names that were unpacked, also where that failed */
} dp_message;

enum { DP_RCODE_NOERROR = 0, DP_RCODE_NXDOMAIN = 3 };

/* Reads a whole message.  The records of the answer and authority sections that a proof can need
 * are appended to `records` uncompressed (see rr.h); other types and the additional section are
 * passed over.  EMALFORMED: does not parse to its end.  ELIMIT: DP_EVIDENCE_OCTETS_MAX octets of
 * names, which compression makes out of few, or `records` is full.  ENOMEM.  After a failure what
 * was appended is taken back. */
danepriv_status dp_message_unpack(danepriv_span wire, dp_message *out, dp_buffer *records);

/* Writes a question with recursion desired, checking disabled and DO set (RFC 4035
 * section 4.1, 4.6), padded to a multiple of `block` octets (RFC 7830, RFC 8467; 0: no padding). */
void dp_message_write_question(
    dp_buffer *out, uint16_t id, dp_name name, uint16_t type, size_t block);

#endif
