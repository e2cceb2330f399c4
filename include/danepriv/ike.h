/* SPDX-License-Identifier: BSD-2-Clause
 * ike.h - is this IKE peer the one that the owner of the server's name published?
 *
 * draft-osterweil-dane-ipsec-03 says what is published: IPSECA records at `_53.ns1.example.com`, or
 * at `_53.2.1.168.192.in-addr.arpa` for a server that is known by its address alone.  RFC 7296 says
 * what the peer shows.  No function here sends anything, waits for anybody or reads a clock.
 *
 *	to have the records               danepriv_cache_import, or danepriv_cache_put
 *	before IKE starts                 danepriv_ike_name, danepriv_cache_get, danepriv_ike_key
 *	when IKE_AUTH has come            danepriv_ike_judge, danepriv_ike_decide
 *	once `valid_until` is over, and when danepriv_cache_generation has changed: that again
 *	as long as there is no SA         danepriv_spd_decide
 *
 * Names and addresses.  A key that was learnt through a forward name belongs to that name alone.
 * Whoever owns a name can let it point at anybody's address (draft section 1.3).  So no function
 * gives a key for an address, unless the server is named by its place in the reverse tree
 * (danepriv_server_reverse).  Two names at one address are judged each for itself.
 *
 * Records.  The lookup of lookup.h finds them: take DANEPRIV_TRANSPORT_IPSEC for the server.  Never
 * look anything up because of what an unauthenticated peer has sent. */
#ifndef DANEPRIV_IKE_H
#define DANEPRIV_IKE_H

#include <danepriv/cache.h>
#include <danepriv/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the peer shows ---- */

/* An ID payload (RFC 7296 section 3.5). */
typedef struct danepriv_ike_id {
	danepriv_span octets; /* what is behind type and reserved octets */
	uint8_t type;	      /* as on the wire: 1 IPV4_ADDR, 2 FQDN, 5 IPV6_ADDR.  Others name
				 nobody who could be looked up */
} danepriv_ike_id;

/* A CERT payload (RFC 7296 section 3.6). */
typedef struct danepriv_ike_certificate {
	danepriv_span octets; /* what is behind the encoding */
	uint8_t encoding;     /* as on the wire: 4 certificate, 15 raw public key (RFC 7670),
				 11 RSA key.  Nothing is ever fetched: 12 and 13 are no use */
} danepriv_ike_certificate;

/* Says somebody other than DNS whether the owner of the name may use the address?  (draft sections
 * 1 and 1.3: RPKI or the like, which nothing here looks at.)  Appended, never renumbered. */
typedef enum danepriv_resource {
	DANEPRIV_RESOURCE_UNKNOWN = 0, /* nobody says */
	DANEPRIV_RESOURCE_CERTIFIED,   /* yes, the owner may */
	DANEPRIV_RESOURCE_REFUTED      /* no: no key of the name is good at this address */
} danepriv_resource;

/* What IKE_AUTH has brought.  A plain struct that borrows.  Set `size`; what you leave out is zero.
 * Without an ID or an AUTH method it never matches, nor with neither CERT nor key.  An empty `key`
 * or `address` is not compared, and without `resource` nobody says. */
typedef struct danepriv_ike_peer {
	size_t size;				      /* sizeof(danepriv_ike_peer) */
	danepriv_ike_id id;			      /* the peer's: for an initiator, IDr */
	const danepriv_ike_certificate *certificates; /* in the order of the message: the first is
							 the end entity's */
	size_t count;				      /* of certificates */
	danepriv_span key;     /* the SubjectPublicKeyInfo in DER that AUTH was verified with, if
				  you have it.  It is needed where no CERT came */
	danepriv_span address; /* 4 or 16 octets: where the peer is.  IPv4 in IPv6 is not taken for
				  IPv4: give its last 4.  Empty: not compared */
	uint32_t auth; /* the AUTH method as on the wire (RFC 7296 section 3.8).  Shared keys (2),
			  NULL (13, RFC 7619) and unknown ones authenticate nobody */
	danepriv_resource resource;
} danepriv_ike_peer;

/* ---- whom that makes ---- */

/* Writes the name of the server that an ID means, as the name of a danepriv_server.  That is an
 * FQDN as it is, and the place of an address in the reverse tree (draft section 2.4.1).
 * `text`, `room`: where to write, in the manner of snprintf.  `needed`: receives the length without
 *   the final NUL; may be NULL.
 * Returns:
 * - OK: the name is written, with final dot.
 * - EINVAL: NULL, or octets without data.
 * - ENOTFOUND: an ID that names nobody: RFC822, DN, KEY_ID, NULL or an unknown type.
 * - EMALFORMED: an FQDN with other octets than a host has, an address literal as FQDN, an address
 *   of another length, or IPv4 in IPv6.
 * - ELIMIT: `room` is too small.
 * RFC 7296 section 3.5. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ike_name(
    const danepriv_ike_id *id, char *text, size_t room, size_t *needed);

/* Finds the keys that the owner has published whole: as `3 1 0`, or in a certificate as `3 0 0`.
 * Give these to a daemon that has to know a key before the peer speaks.  Take them away when the
 * records end (danepriv_records_valid_until).
 * `ctx`: where it excludes usage 3, there are none (`excluded_usages`).
 * `index`: which of them, from 0.
 * `key`: receives its SubjectPublicKeyInfo in DER, borrowed from `records`.
 * `record`: receives the index of its record; may be NULL.
 * On failure *key is empty.
 * Returns:
 * - OK: *key is the key.
 * - EINVAL: NULL, or `now` of 0 or less.
 * - ENOTFOUND: there are no more, or the records are not secure, or do not hold at `now`. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ike_key(const danepriv *ctx,
    const danepriv_records *records, size_t index, danepriv_time now, danepriv_span *key,
    size_t *record);

/* ---- is this the one? ---- */

/* Room for a key that came in encoding 11 and was converted, in octets. */
#define DANEPRIV_IKE_KEY_MAX 1072

/* What was found of a peer.  Set `size` before the call. */
typedef struct danepriv_ike_found {
	size_t size;		   /* sizeof(danepriv_ike_found) */
	danepriv_time valid_until; /* the last second at which it may be relied on; INT64_MIN:
				      never */
	danepriv_span key; /* with MATCH: the SubjectPublicKeyInfo that is authorised.  AUTH has to
			      be verified with this key.  Borrowed from the peer, or from
			      `converted`: a copy of the struct borrows from the first one.
			      Otherwise empty */
	danepriv_finding finding;
	int needs_pkix; /* 1: the record that matched is of usage 0 or 1.  The path that it needs
			   was found valid, to a root of the context.  Authorities that the daemon
			   itself has were not asked */
	uint8_t converted[DANEPRIV_IKE_KEY_MAX]; /* of encoding 11 */
} danepriv_ike_found;

/* Judges a peer by records of the server that was meant.
 *
 * Usage 3 asks for the key alone.  Usages 0 to 2 ask for more: a path (judge.h), a certificate for
 * IKE, and the name.  For IKE is a certificate that lists no purposes, or ipsecIKE, or any (RFC
 * 4945 section 5.1.3.12).  Where the context says so, serverAuth will do as well
 * (`ike_takes_server_auth`).  The name in the ID, or the TLSA base domain, has to stand in a
 * dNSName.  No star stands for either (section 3.1.2).  Where the ID is an address, that address
 * has to stand in an iPAddress.
 *
 * `records`: of a server with DANEPRIV_TRANSPORT_IPSEC.
 * `out`, `why`: set the `size` of each.  `why` may be NULL; it is as for danepriv_evaluate.
 *
 * The finding is one of danepriv_evaluate (judge.h).  What the records say comes first: ABSENT,
 * UNSIGNED, BOGUS, INDETERMINATE and UNUSABLE are found whatever the peer shows.  These are the
 * differences:
 * - MISMATCH: where records could be judged, also in these cases.  The ID names somebody other than
 *   the server and its TLSA base domain, or is malformed.  The AUTH method authenticates nobody.
 *   The first CERT is of no use, or `key` is another key.  The ID is an address other than
 *   `address`, or that one's place in the reverse tree.  The resource is refuted.
 * - MATCH: a `key` without CERT also by `3 0 0`, if it is the key in that certificate
 *   (danepriv_ike_key).  A key in a CERT does not match that record.
 * - UNSIGNED: also where no trust anchor covers the name (draft section 1.3).
 * - UNJUDGED: where records could be judged and nothing of the above refuses, neither CERT nor key
 *   was given.  Or the records hold no longer.
 *
 * Returns:
 * - OK: *out says what was found.
 * - EINVAL: NULL, a wrong `size`, `now` of 0 or less, records of another transport, or a `resource`
 *   or an address that is none.  UNJUDGED.
 * - EMALFORMED: the first CERT or the key is not DER of the right shape.  A MISMATCH, where records
 *   could be judged.
 * - ELIMIT: more certificates or octets than are taken.  UNJUDGED.
 * - ENOMEM: memory ran out, with usages 0 to 2.  UNJUDGED.
 * RFC 7296 section 3.6, draft-osterweil-dane-ipsec sections 1.3 and 2. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ike_evaluate(const danepriv *ctx,
    const danepriv_records *records, const danepriv_ike_peer *peer, danepriv_time now,
    danepriv_ike_found *out, danepriv_verdict *why);

/* Does the same by what a cache holds.  A MATCH is noted, as by danepriv_cache_note_match.
 * Allocates nothing for usage 3.
 * `server`: the one that was meant, with DANEPRIV_TRANSPORT_IPSEC.
 * Returns:
 * - OK: *out says what was found.
 * - EINVAL: NULL, a wrong `size`, `now` of 0 or less, a bad server (cache.h) or one of another
 *   transport, or a `resource` or an address that is none.  UNJUDGED.
 * - EMALFORMED: the server's name; or as above.
 * - ENOTFOUND: the cache has nothing that holds, or not enough.  UNJUDGED: refuse, and let whoever
 *   may look the server up.
 * - ELIMIT: more certificates or octets than are taken.  UNJUDGED.
 * - ENOMEM: memory ran out, with usages 0 to 2.  UNJUDGED. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_ike_judge(danepriv_cache *cache,
    const danepriv *ctx, const danepriv_server *server, const danepriv_ike_peer *peer,
    danepriv_time now, danepriv_ike_found *out, danepriv_verdict *why);

/* Says what follows for an SA that carries DNS, out of a table.  Whatever is unknown refuses.
 * A connection that a person has listed by name is CONFIGURED.
 * PROCEED: the peer is authenticated.  PROCEED_UNAUTHENTICATED: IPsec with somebody unknown; ask
 * other servers first.  REFUSE: do not start, abort, or close the SA.
 * Strict proceeds with MATCH under a proven name alone.  Opportunistic also goes on with somebody
 * unknown (RFC 7619): where nothing is published (ABSENT, UNSIGNED), and with a MATCH under an
 * unproven name.  It refuses all else: MISMATCH, UNUSABLE, BOGUS, and whatever failed.  IPsec must
 * not start then, and a valid certificate is no way round (draft section 1.3).
 * Returns: PROCEED, PROCEED_UNAUTHENTICATED or REFUSE; never PROCEED_CLEARTEXT. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_ike_decide(
    danepriv_profile profile, danepriv_provenance provenance, danepriv_finding finding);

/* ---- and the packets meanwhile? ---- */

/* What does the SPD do with a packet that no SA is there for?  (RFC 4301 section 4.4.1)  Appended,
 * never renumbered. */
typedef enum danepriv_spd_action {
	DANEPRIV_SPD_DISCARD = 0, /* nothing leaves */
	DANEPRIV_SPD_BYPASS	  /* it leaves in clear */
} danepriv_spd_action;

/* Of questions to one server at one address, port 53 of UDP and of TCP alike.  Set `size` before
 * the call. */
typedef struct danepriv_spd_entry {
	size_t size;			 /* sizeof(danepriv_spd_entry) */
	danepriv_spd_action negotiating; /* from the packet that calls for an SA until IKE ends */
	danepriv_spd_action failed;	 /* after IKE has failed, */
	uint32_t failed_s; /* for so many seconds, and not past the end of the records.  Then the
			      next packet calls for an SA, as the first one did */
	uint32_t used_s;   /* when an SA's lifetime ends: it is rekeyed if a packet used it in so
			      many seconds before, and let go if not.  0: let go in any case */
} danepriv_spd_entry;

/* Says what the SPD does with DNS as long as there is no SA, out of a table.  Whatever is unknown
 * discards.
 * `finding`: what was found of the peer, or of its records before IKE starts.  UNJUDGED: nothing
 *   yet.
 * `out`: set its `size`.  On failure the rest is zero, which discards and lets go.
 *
 * While IKE negotiates, everything is discarded.  After a failure strict discards.  Opportunistic
 * bypasses where danepriv_ike_decide lets an SA be: the peer was the right one (MATCH), or nothing
 * is published (ABSENT, UNSIGNED).  An impostor wins no cleartext, and neither does whoever keeps
 * the records from being found.
 * An SA that danepriv_ike_decide refuses is closed at once, and does not wait for its end.
 * Returns:
 * - OK: *out is the entry.
 * - EINVAL: NULL, a wrong `size`, or a profile, provenance or finding that is none.
 * RFC 4301 section 4.4.1, RFC 4322 sections 3.2 and 3.4. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_spd_decide(danepriv_profile profile,
    danepriv_provenance provenance, danepriv_finding finding, danepriv_spd_entry *out);

#ifdef __cplusplus
}
#endif

#endif
