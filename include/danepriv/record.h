/* SPDX-License-Identifier: BSD-2-Clause
 * record.h - how is a TLSA or IPSECA record written down?
 *
 * RFC 6698 section 2.2, RFC 1035 section 5.1, RFC 3597 section 5, RFC 7218.
 *
 * All of these are read, with or without what stands before the data:
 *
 *     3 1 1 8D02...
 *     _853._tcp.ns.example. 3600 IN TLSA 3 1 1 ( 8d02...     as zone files and dig have it
 *         be0a... ) ; a comment
 *     _853._tcp.ns.example. IN TYPE52 \# 35 030101 8d02...    of a type that nobody knows
 *     DANE-EE SPKI SHA2-256 8d02...                           the acronyms of RFC 7218
 *
 * IPSECA has the same data (draft-osterweil-dane-ipsec section 2.1): IPSECA and TYPE65347 are read
 * in place of the type. */
#ifndef DANEPRIV_RECORD_H
#define DANEPRIV_RECORD_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads the RDATA of one record out of `text`.  Owner, TTL and class are passed over, and the owner
 * is not compared.
 * `rdata`: room for `room` octets.  65535 do for any record, 35 for `3 1 1`.  NULL and 0 measure,
 *   which says ELIMIT.
 * `needed`: receives the length of the RDATA in octets; may be NULL.
 * `used`: NULL where the text is this one record and nothing more, on one line or wrapped over
 *   several.  Otherwise a line's end outside parentheses ends the record.  Empty lines and comments
 *   before it are passed over.  *used receives how many octets of the text were read: go on at
 *   `text` plus that, until it says ENOTFOUND.  After EMALFORMED, *used is the place of the fault:
 *   a parenthesis or quote without a fellow, a `\#` whose length is not that of the data, or
 *   whatever cannot be read there.
 * On failure nothing is written to `rdata`.
 * Returns:
 * - OK: the RDATA is written.
 * - EINVAL: `text` is NULL, or `rdata` is NULL with room.
 * - EMALFORMED: there is no record, or with `used` NULL more than one.
 * - ENOTFOUND: there is nothing but blanks and comments.
 * - ELIMIT: `room` is too small.  Or the record has more than 65535 octets, or more than 262144 of
 *   text: then *needed is 0. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_record_read(
    const char *text, uint8_t *rdata, size_t room, size_t *needed, size_t *used);

/* In which form is a record written?  Appended, never renumbered. */
typedef enum danepriv_record_form {
	DANEPRIV_RECORD_FORM_FIELDS = 0, /* `3 1 1 8d02...`; what is too short for that is written
					    as GENERIC */
	DANEPRIV_RECORD_FORM_GENERIC	 /* `\# 35 0301018d02...`: for name servers that do not know
					    the type (RFC 3597 section 5), as with IPSECA */
} danepriv_record_form;

/* Writes RDATA as text for a zone file.  What stands before the data is not written: see
 * danepriv_server_owner and danepriv_server_type.
 * `text`: receives at most `room` octets with the final NUL, in the manner of snprintf.
 * `needed`: receives the length without the NUL; may be NULL.
 * Returns:
 * - OK: the text is written.
 * - EINVAL: `text` is NULL with room, `rdata` has a length without octets, or an unknown form.
 * - ELIMIT: `room` is too small.  Or there are more than 65535 octets of RDATA: then *needed is
 *   0. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_record_write(
    danepriv_span rdata, danepriv_record_form form, char *text, size_t room, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
