/* SPDX-License-Identifier: BSD-2-Clause
 * record.h - how is a TLSA or IPSECA record written down?  (RFC 6698 section 2.2, RFC 1035 section
 * 5.1, RFC 3597 section 5, RFC 7218)
 *
 * All of these are read, with or without what stands before the data:
 *
 *     3 1 1 8D02...
 *     _853._tcp.ns.example. 3600 IN TLSA 3 1 1 ( 8d02...     as zone files and dig have it
 *         be0a... ) ; a comment
 *     _853._tcp.ns.example. IN TYPE52 \# 35 030101 8d02...    of a type that nobody knows
 *     DANE-EE SPKI SHA2-256 8d02...                           the acronyms of RFC 7218
 *
 * IPSECA has the same data (draft-osterweil-dane-ipsec section 2.1): IPSECA and TYPE65347 do in
 * place of the type. */
#ifndef DANEPRIV_RECORD_H
#define DANEPRIV_RECORD_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads one record's RDATA out of `text`, and writes it to `rdata`, at most `room` octets (NULL and
 * 0 to measure, which says ELIMIT).  *needed (may be NULL) receives its length: 65535 octets do for
 * any, 35 for `3 1 1`.  Owner, TTL and class are passed over, and the owner is not compared.
 *
 * `used` NULL: the text is this one record and nothing else, on one line, or wrapped over several.
 * Otherwise a line's end, outside parentheses, ends the record; empty lines and comments before it
 * are passed over, and *used receives how many octets of the text were read: go on at `text` plus
 * that, until it says ENOTFOUND.  After EMALFORMED it is the place of the fault: the parenthesis or
 * quote without a fellow, the `\#` whose length is not that of the data, or what else cannot be
 * read there.
 *
 * Returns: OK; EINVAL: NULL; ENOTFOUND: there is nothing but blanks and comments; EMALFORMED: there
 * is no record, or with `used` NULL more than one; ELIMIT: `room` is too small, the record has more
 * than 65535 octets, or there is too much text for one (then *needed is 0).  After a failure
 * nothing was written. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_record_read(
    const char *text, uint8_t *rdata, size_t room, size_t *needed, size_t *used);

/* In which form is a record written?  Appended, never renumbered. */
typedef enum danepriv_record_form {
	DANEPRIV_RECORD_FORM_FIELDS = 0, /* `3 1 1 8d02...`, or what is too short for that as below
					  */
	DANEPRIV_RECORD_FORM_GENERIC /* `\# 35 0301018d02...`: what name servers take that do not
					know the type (RFC 3597 section 5), as with IPSECA */
} danepriv_record_form;

/* Writes RDATA for a zone file, without what stands before the data, which danepriv_server_owner
 * and danepriv_server_type know.  `text` is written in the manner of snprintf: at most `room`
 * octets with the final NUL; *needed (may be NULL) receives the length without the NUL. Returns:
 * OK; EINVAL: NULL, or an unknown form; ELIMIT: `room` is too small, or there are more than 65535
 * octets (then *needed is 0). */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_record_write(
    danepriv_span rdata, danepriv_record_form form, char *text, size_t room, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
