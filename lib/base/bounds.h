/* SPDX-License-Identifier: BSD-2-Clause
 * How much may a stranger make us do?  Every bound on foreign input, with its reason.  Passing one
 * is an error of its own, never "insecure" and never a match. */
#ifndef DP_BASE_BOUNDS_H
#define DP_BASE_BOUNDS_H

/* Octets of one DNS message, of one RFC 9102 chain: the largest that their length fields can say.
 */
#define DP_MESSAGE_OCTETS_MAX 65535
/* Octets of all evidence of one verdict, names expanded.  A lookup has some twenty answers of about
 * 1 KiB; compressed names can grow 64-fold, and this is where that ends. */
#define DP_EVIDENCE_OCTETS_MAX 262144
/* Records of one verdict: twenty answers with ten records each, five times over; a chain of 65535
 * octets may hold more tiny ones, and none honest does. */
#define DP_EVIDENCE_RECORDS_MAX 1024
/* TLSA records of one server.  Roll-overs need two to four; 128 is past any use. */
#define DP_ASSOCIATIONS_MAX 128
/* Octets of all of them: what fits into one message. */
#define DP_ASSOCIATIONS_OCTETS_MAX 65535
/* Names of one zone's servers.  The root stopped at 13, since no more fit into 512 octets; a plan
 * takes 32 candidates. */
#define DP_ZONE_SERVERS_MAX 64

/* Work units of one verdict: one P-256 verification is 1.  A five-level name costs about twelve. */
#define DP_WORK_MAX 64
/* Octets of a chain that is built: with two lengths before it, it fills an extension of TLS. */
#define DP_CHAIN_OCTETS_MAX 65531
/* Trials of what a chain that is built can do without: two for each RRset on the way of two deep
 * names. */
#define DP_CHAIN_TRIALS_MAX 512
/* Signatures that a context remembers: the keys of some thousand zones.  And at the most. */
#define DP_MEMO_ENTRIES 4096
#define DP_MEMO_ENTRIES_MAX 16777216
/* Signatures tried over one RRset.  Algorithm roll-overs have two or three (KeyTrap: thousands). */
#define DP_SIGNATURES_PER_RRSET_MAX 8
/* Keys of one tag and algorithm tried for one signature.  Two collide by chance once in 65536. */
#define DP_KEYS_PER_TAG_MAX 4
/* DS digests computed in one verdict.  A zone has one to four. */
#define DP_DS_DIGESTS_MAX 32
/* NSEC3 hashes in one verdict.  A name has at most 127 labels, an honest one fewer than 20. */
#define DP_NSEC3_HASHES_MAX 128
/* NSEC3 chains (zone, salt, iterations) tried for one name: one a zone, two while it is salted
 * anew. */
#define DP_NSEC3_CHAINS_MAX 16
/* Times that an NSEC, NSEC3 or DS is looked at in search of a denial or a zone cut.  An honest name
 * takes some hundreds; the search goes by labels and records, and their product is what this
 * bounds. */
#define DP_LOOKS_MAX 16384
/* Extra NSEC3 iterations; above them the zone counts as insecure (RFC 9276 section 3.2, EDE 27).
 * The one bound that does not end in an error. */
#define DP_NSEC3_ITERATIONS_MAX 50
/* CNAME and DNAME steps from the owner name to the records. */
#define DP_ALIASES_MAX 16
/* Zones on the path of one verdict: the labels of two deep names. */
#define DP_ZONES_MAX 64
/* Questions of one lookup: two a label for a handful of names. */
#define DP_QUESTIONS_MAX 128
/* Octets of an RSA modulus and exponent (RFC 3110: 4096 bits; 32 bits hold every exponent in use,
 * and a longer one makes a verification a hundred times dearer). */
#define DP_RSA_MODULUS_MIN 64
#define DP_RSA_SHA512_MODULUS_MIN 128 /* RFC 5702 section 2.2 */
#define DP_RSA_MODULUS_MAX 512
#define DP_RSA_EXPONENT_MAX 4
/* Seconds that a denial is kept at the most, as resolvers do (RFC 2308 section 5 suggests 1 to 3
 * h). */
#define DP_DENIAL_SECONDS_MAX 3600
/* Seconds that "bogus" and "indeterminate" hold, before it is worth asking again. */
#define DP_FAILURE_SECONDS 60
/* Seconds that a server whose lookups keep failing is left alone at the most: 60 is doubled each
 * time up to here. */
#define DP_BACKOFF_SECONDS_MAX 3600
/* Seconds for which one lookup keeps others from asking the same: a lookup of some twenty answers
 * over a bad line. */
#define DP_CLAIM_SECONDS 10

/* Hours for which a server is believed that promises to go on sending its proof (RFC 9102 section
 * 7, which leaves a bound to us): two months, after which nobody is locked out by what whoever ran
 * the server before has promised. */
#define DP_PIN_HOURS_MAX 1440

/* Octets of a cache: room for a quarter of a million servers, for one full of the largest entries,
 * and for all servers there are. */
#define DP_CACHE_OCTETS 67108864
#define DP_CACHE_OCTETS_MIN 65536
#define DP_CACHE_OCTETS_MAX 1099511627776
/* Octets of the records of one server in a cache, two before each included: two hundred digests, or
 * four certificates. They are copied to the stack to be judged, and are on it with 128 of
 * dp_association. */
#define DP_CACHE_RECORDS_OCTETS_MAX 8192
/* Second chances given before somebody has to leave a cache: one of as many in a row that are all
 * in use goes, so that nobody waits longer. */
#define DP_CACHE_CHANCES_MAX 64
/* Servers whose evidence speaks for one address: hosts of many zones have many names. */
#define DP_ADDRESS_SERVERS_MAX 4
/* Places of a table that one call looks at in search of what is to be looked up again, or of a
 * proof. */
#define DP_REFRESH_PLACES_MAX 256
/* What RFC 9539 section 4.3 suggests, in seconds. */
#define DP_PERSISTENCE_SECONDS 259200
#define DP_DAMPING_SECONDS 86400
#define DP_TIMEOUT_SECONDS 4
/* Servers of one zone that could be asked, each over each transport, and their addresses: zones
 * have two to thirteen, with one or two addresses each.  A plan holds them on the stack. */
#define DP_PLAN_CANDIDATES_MAX 32
#define DP_PLAN_PLACES_MAX 128

/* Trust anchors and negative anchors of one context: what one reads in at start. */
#define DP_ANCHORS_MAX 256
/* Certificates in a peer's list, and their octets in sum: GnuTLS takes 16, OpenSSL 100. */
#define DP_CREDENTIAL_ITEMS_MAX 128
#define DP_CREDENTIAL_OCTETS_MAX 1048576

/* Certificates from the end entity to the anchor, both counted: honest paths have two to four. */
#define DP_PATH_MAX 10
/* Certificates put on top of another in search of paths, in one verdict.  Cross-signed authorities
 * have two or three ways up; equal names all over would make it a factorial. */
#define DP_PATH_STEPS_MAX 512
/* Octets of a certificate on a path: GnuTLS keeps it twice. */
#define DP_CERTIFICATE_OCTETS_MAX 65536
/* Octets of memory that GnuTLS takes for a path, by estimate: twice those of the certificates, and
 * a record for each element of DER and each alternative name in them.  Half a MiB, less what the
 * search for paths takes itself. Roots in use have 40 to 90 elements in 1 to 2 KiB, so that a path
 * of ten is at 350 KiB.
 */
#define DP_PATH_MEMORY_MAX 466944
#define DP_ELEMENT_MEMORY 400
#define DP_NAME_MEMORY 128
/* Alternative names of a certificate on a path: GnuTLS reads all of them anew for each one when
 * there are name constraints. */
#define DP_CERTIFICATE_NAMES_MAX 256
/* Names that a peer may go by beside its TLSA base domain. */
#define DP_NAMES_MAX 16
/* Authorities of one context, and their octets in PEM: browsers bring 150 in 250 KiB. */
#define DP_ROOTS_MAX 1024
#define DP_ROOTS_OCTETS_MAX 4194304
/* Names with rules of their own: lists for a resolver have some hundreds of thousands. */
#define DP_RULES_MAX 1048576

#endif
