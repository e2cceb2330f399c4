/* SPDX-License-Identifier: BSD-2-Clause
 * server.h - which server do we mean, and under which name does its owner publish keys? */
#ifndef DANEPRIV_SERVER_H
#define DANEPRIV_SERVER_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How questions travel to the server.  Appended, never renumbered. */
typedef enum danepriv_transport {
	DANEPRIV_TRANSPORT_DOT = 0, /* DNS over TLS, RFC 7858: _853._tcp */
	DANEPRIV_TRANSPORT_DOH,	    /* DNS over HTTPS (HTTP/2), RFC 8484: _443._tcp */
	DANEPRIV_TRANSPORT_DOQ,	    /* DNS over QUIC, RFC 9250: _853._quic
				       (draft-ietf-dnsop-svcb-dane) */
	DANEPRIV_TRANSPORT_DTLS,    /* DNS over DTLS, RFC 8094: _853._udp */
	DANEPRIV_TRANSPORT_IPSEC,   /* DNS in IPsec: _53, no transport label
				       (draft-osterweil-dane-ipsec 2.3) */
	DANEPRIV_TRANSPORT_DOH3	    /* DNS over HTTPS (HTTP/3): _443._quic
				       (draft-ietf-dnsop-svcb-dane) */
} danepriv_transport;

/* What does it mean when the server's name is an alias (CNAME, DNAME)?  Appended, never
 * renumbered. */
typedef enum danepriv_aliases {
	DANEPRIV_ALIASES_REFUSE = 0, /* it is an error, as for names in a zone's NS records (RFC
					2181 section 10.3): the lookup ends in INDETERMINATE,
					REASON_ALIAS */
	DANEPRIV_ALIASES_FOLLOW	     /* for a name that a person configured.  Where every step of
					the alias is secure, its end is tried first as TLSA base
					domain (RFC 7671 section 7) */
} danepriv_aliases;

/* A name server as its clients know it.  A plain struct that only names: each call borrows it.
 * Fields that you leave out in an initialiser are zero, and zero is the careful value.  Name, port,
 * transport and label say which server it is.  `aliases` is a rule of the one who asks. */
typedef struct danepriv_server {
	const char *name; /* domain name in presentation form, final dot optional, A-labels;
			     at least one label; never an address literal */
	uint16_t port;	  /* the one in the name of its records (`_853._tcp`), with which its proof
			     is asked for, too.  The one that you dial may differ, as where ports
			     are forwarded.  0 stands for the transport's own: 853, 443, 853, 853,
			     53, 443 */
	danepriv_transport transport;
	danepriv_aliases aliases;
	const char *label; /* NULL: the transport's own.  Another one (`_udp` for example) is for
			      DOQ and DOH3 alone, whose `_quic` stands in a draft that is not
			      final */
} danepriv_server;

/* Where does the server's name come from?  It belongs to the question: one server serves zones that
 * name it in signed records, and others.  What is authenticated is the server's name.  Nobody signs
 * the NS records of a referral.  Whoever forges them can name a server of their own there, and that
 * server proves its name perfectly well.  But for zero, no other enum has these values.  Appended,
 * never renumbered. */
typedef enum danepriv_provenance {
	DANEPRIV_PROVENANCE_UNPROVEN = 0,    /* a referral or anything else that could be forged */
	DANEPRIV_PROVENANCE_SECURE = 0x201,  /* the NS records at the apex of the question's zone,
						validated (RFC 4035 section 5) */
	DANEPRIV_PROVENANCE_CHANNEL = 0x202, /* a referral of the parent's, over a connection that
						strict may ask on; over any other it is unproven */
	DANEPRIV_PROVENANCE_CONFIGURED = 0x203 /* a person wrote this name into a configuration
						  (RFC 8310 sections 7.1 and 7.2); never a name out
						  of DNS */
} danepriv_provenance;

/* Tells the port that is meant: server->port, or the transport's own when that is 0.
 * Returns: the port; 0 for NULL and for an unknown transport. */
DANEPRIV_API uint16_t danepriv_server_port(const danepriv_server *server);

/* Writes the owner name of the server's TLSA (or IPSECA) records, in presentation form with final
 * dot.
 * `text`: receives at most `room` octets with the final NUL, in the manner of snprintf.
 * `needed`: receives the length without the NUL; may be NULL.
 * Returns:
 * - OK: the name is written.
 * - EINVAL: no name, or an address literal; an unknown transport or rule for aliases; a label for a
 *   transport that leaves no choice; or `text` is NULL with room.
 * - EMALFORMED: the name is not a domain name of letters, digits, hyphens and underscores, or is
 *   too long with the labels in front; or the label is not `_` and letters, digits or hyphens.
 * - ELIMIT: `room` is too small.
 * RFC 6698 section 3. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_server_owner(
    const danepriv_server *server, char *text, size_t room, size_t *needed);

/* Writes the name of an address in the reverse tree.  It can be the name of a server that is
 * reached over IPsec.  A lookup never follows an alias of such a name.
 * `address`: 4 octets of IPv4 or 16 of IPv6.
 * `text`: receives at most `room` octets with the final NUL, in the manner of snprintf.
 * `needed`: receives the length without the NUL; may be NULL.
 * Returns:
 * - OK: the name is written.
 * - EINVAL: an address of another length, or `text` is NULL with room.
 * - ELIMIT: `room` is too small.
 * draft-osterweil-dane-ipsec section 2.4.1, RFC 1035 section 3.5, RFC 3596 section 2.5. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_server_reverse(
    danepriv_span address, char *text, size_t room, size_t *needed);

/* Tells the type of the server's records.
 * Returns:
 * - 52: TLSA.
 * - 65347: IPSECA, for DANEPRIV_TRANSPORT_IPSEC.
 * - 0: NULL, or an unknown transport. */
DANEPRIV_API uint16_t danepriv_server_type(const danepriv_server *server);

#ifdef __cplusplus
}
#endif

#endif
