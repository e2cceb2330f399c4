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
	DANEPRIV_TRANSPORT_DOQ,	 /* DNS over QUIC, RFC 9250: _853._quic (draft-ietf-dnsop-svcb-dane)
				  */
	DANEPRIV_TRANSPORT_DTLS, /* DNS over DTLS, RFC 8094: _853._udp */
	DANEPRIV_TRANSPORT_IPSEC, /* DNS in IPsec: _53, no transport label
				     (draft-osterweil-dane-ipsec 2.3) */
	DANEPRIV_TRANSPORT_DOH3 /* DNS over HTTPS (HTTP/3): _443._quic (draft-ietf-dnsop-svcb-dane)
				 */
} danepriv_transport;

/* What does it mean when the server's name is an alias (CNAME, DNAME)?  Appended, never renumbered.
 */
typedef enum danepriv_aliases {
	DANEPRIV_ALIASES_REFUSE = 0, /* it is an error, as for names in a zone's NS records (RFC
					2181 section 10.3): the lookup ends in INDETERMINATE,
					REASON_ALIAS */
	DANEPRIV_ALIASES_FOLLOW	     /* for a name that somebody configured: where every step of
					the alias is secure, its end is tried as TLSA base domain
					first (RFC 7671 section 7) */
} danepriv_aliases;

/* A name server as its clients know it.  A plain struct that only names: borrowed for each call.
 * Fields that you leave out in an initialiser are zero, and zero is the careful value.  Name, port,
 * transport and label say which server it is; `aliases` is the rule of the one who asks. */
typedef struct danepriv_server {
	const char *name; /* domain name in presentation form, final dot optional, A-labels;
			     at least one label; never an address literal */
	uint16_t port;	  /* 0 stands for the transport's own: 853, 443, 853, 853, 53, 443 */
	danepriv_transport transport;
	danepriv_aliases aliases;
	const char *label; /* NULL: the transport's own.  Another one, `_udp` for example, for DOQ
			      and DOH3 alone: `_quic` stands in a draft that is not final */
} danepriv_server;

/* Where the name of the server comes from that a question is sent to.  What is authenticated is
 * that name: whoever forges the NS records of a referral, which nobody signs, can put a server of
 * their own there, and prove it perfectly well.  It belongs to the question: one server serves
 * zones that name it in signed records, and others.  But for zero, no other enum has these values.
 * Appended, never renumbered. */
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

/* The port that is meant: server->port, or the transport's own when that is 0.
 * 0 for an unknown transport. */
DANEPRIV_API uint16_t danepriv_server_port(const danepriv_server *server);

/* The owner name of the server's TLSA records (RFC 6698 section 3) or IPSECA records, in
 * presentation form with final dot, written to `text` in the manner of snprintf: at most `room`
 * octets with the final NUL; *needed (may be NULL) receives the length without the NUL.
 * EINVAL: no name, an address literal, an unknown transport or rule for aliases, or a label where
 * there is no choice.  EMALFORMED: the name is not a domain name, or too long with the labels in
 * front; or the label is none (`_`, then letters, digits and hyphens).  ELIMIT: `room` is too
 * small. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_server_owner(
    const danepriv_server *server, char *text, size_t room, size_t *needed);

/* The name of an address in the reverse tree, to be taken as the name of a server that is reached
 * over IPsec (draft-osterweil-dane-ipsec section 2.4.1, RFC 1035 section 3.5, RFC 3596 section
 * 2.5); a lookup never follows an alias of such a name.  `address`: 4 octets of IPv4 or 16 of IPv6.
 * `text`, `room` and `needed` as above.
 * EINVAL: an address of another length.  ELIMIT: `room` is too small. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_server_reverse(
    danepriv_span address, char *text, size_t room, size_t *needed);

/* The type of these records: 52 (TLSA), or 65347 (IPSECA) for DANEPRIV_TRANSPORT_IPSEC.  0 for an
 * unknown transport. */
DANEPRIV_API uint16_t danepriv_server_type(const danepriv_server *server);

#ifdef __cplusplus
}
#endif

#endif
