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
/* TLSA records of one server.  Roll-overs need two to four; owners who publish a digest for each of
 * their machines have some hundreds. */
#define DP_ASSOCIATIONS_MAX 512
/* Octets of all of them: what fits into one message. */
#define DP_ASSOCIATIONS_OCTETS_MAX 65535
/* Octets of text that are read for one of them: each of 65535 octets as two digits, with as many
 * blanks, line ends and comments between. */
#define DP_RECORD_TEXT_MAX 262144
/* Names of one zone's servers.  The root stopped at 13, since no more fit into 512 octets; a plan
 * takes 32 candidates. */
#define DP_ZONE_SERVERS_MAX 64

/* P-256 verifications that one verdict may cost, in time: a five-level name costs about twelve, and
 * twelve of P-384 cost sixty-seven. */
#define DP_WORK_MAX 92
/* Attempts of one lookup, each with answers of another resolver, that share them: as many as glibc
 * takes resolvers from resolv.conf.  Each leaves one part in so many to each that may come after
 * it. */
#define DP_ATTEMPTS_MAX 3
#define DP_ATTEMPT_SHARE 8
/* One of those, in the measure in which all work is counted. */
#define DP_WORK_UNIT 1000
/* What one thousandth pays for: octets read, hashed or put in order; octets of names compared;
 * items or the like that are only told apart. */
#define DP_OCTETS_PER_WORK 32
#define DP_NAME_OCTETS_PER_WORK 24
#define DP_ITEMS_PER_WORK 32
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
/* Names hashed for NSEC3 in one verdict, all of which are kept.  A name has at most 127 labels, one
 * of ip6.arpa 35. */
#define DP_NSEC3_HASHES_MAX 256
/* NSEC3 chains (zone, salt, iterations) tried for one name: one a zone, two while it is salted
 * again. */
#define DP_NSEC3_CHAINS_MAX 16
/* Extra NSEC3 iterations; above them the zone counts as insecure (RFC 9276 section 3.2, EDE 27).
 * The one bound that does not end in an error. */
#define DP_NSEC3_ITERATIONS_MAX 50
/* CNAME and DNAME steps from the owner name to the records. */
#define DP_ALIASES_MAX 16
/* Zones on the path of one verdict: the labels of two deep names. */
#define DP_ZONES_MAX 64
/* Questions of one lookup: two a label for a handful of names. */
#define DP_QUESTIONS_MAX 128
/* What a question costs that is put into words, and its answer taken apart, beside the octets. */
#define DP_QUESTION_WORK 90
/* Times that questions are asked again over a stream, since something is missing: once, and once
 * more for what was only asked then. */
#define DP_STREAM_ROUNDS_MAX 4
/* Octets of an RSA modulus in a DNSKEY (RFC 3110: 4096 bits). */
#define DP_RSA_MODULUS_MIN 64
#define DP_RSA_SHA512_MODULUS_MIN 128 /* RFC 5702 section 2.2 */
#define DP_RSA_MODULUS_MAX 512
/* Octets of an RSA exponent: a zone of some size has one of 33 bits, and whole numbers of 64 are
 * past any use.  As long as the modulus, it makes a verification hundreds of times dearer.  Half as
 * many where the modulus has more bits than the second says. */
#define DP_RSA_EXPONENT_MAX 8
#define DP_RSA_LONG_EXPONENT_BITS 4096
/* Bits of an RSA modulus in a certificate or a raw key: TLS servers have 2048 to 4096, some
 * authorities 8192. */
#define DP_RSA_BITS_MIN 1024
#define DP_RSA_BITS_MAX 8192
/* Bits of an RSA modulus below which nothing on a path counts: 112 bits (RFC 9325 section 4.5). */
#define DP_RSA_STRONG_BITS_MIN 2048
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
 * four certificates.  They are copied to the stack to be judged, and are on it with as many of
 * dp_association. */
#define DP_CACHE_RECORDS_OCTETS_MAX 8192
/* And how many there are at the most: as many as there can be digests in so many octets. */
#define DP_CACHE_ASSOCIATIONS_MAX 221
/* Second chances given before somebody has to leave a cache: one of as many in a row that are all
 * in use goes, so that nobody waits longer. */
#define DP_CACHE_CHANCES_MAX 64
/* Octets of a memory of zones' names: room for some sixty thousand zones with four servers each; at
 * the least, for one with the longest names in an eighth of it, so that no single zone takes more
 * than all strangers may. */
#define DP_ZONES_OCTETS 16777216
#define DP_ZONES_OCTETS_MIN 262144
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

/* CERT payloads of one IKE_AUTH, of whatever encoding. */
#define DP_IKE_CERTIFICATES_MAX 256

/* Certificates from the end entity to the anchor, both counted: honest paths have two to four. */
#define DP_PATH_MAX 10
/* Certificates put on top of another in search of paths, in one verdict.  Cross-signed authorities
 * have two or three ways up; equal names all over would make it a factorial. */
#define DP_PATH_STEPS_MAX 512
/* Signatures verified in search of paths, in one verdict, each of which is remembered: many times
 * what DP_WORK_MAX pays for, but RSA with small numbers is cheap. */
#define DP_PATH_SIGNATURES_MAX 512
/* Octets of a certificate on a path: those in use have 300 to 3000. */
#define DP_CERTIFICATE_OCTETS_MAX 65536
/* Alternative names of a certificate on a path, each of which is held against name constraints: a
 * hundred names below an authority of two hundred subtrees can be paid for. */
#define DP_CERTIFICATE_NAMES_MAX 256
/* Extensions of a certificate on a path; those in use have ten or so.  Each is held against all
 * others, since none may be there twice. */
#define DP_CERTIFICATE_EXTENSIONS_MAX 64
/* Octets of a distinguished name on a path, and attributes in one of its RDNs: those in use have
 * 100 to 300, and one or two. */
#define DP_DISTINGUISHED_OCTETS_MAX 2048
#define DP_RDN_ATTRIBUTES_MAX 16
/* What one thousandth of a P-256 verification pays for on the way to a path: certificates that are
 * told apart by their names; octets of two that are as long as each other.  And what it costs to
 * take one apart, beside its octets. */
#define DP_CERTIFICATES_PER_WORK 8
#define DP_SAME_OCTETS_PER_WORK 256
/* Octets of name constraints that are read, many of which may be short names, and records that are
 * compared with a root. */
#define DP_CONSTRAINT_OCTETS_PER_WORK 8
#define DP_COMPARISONS_PER_WORK 2
#define DP_CERTIFICATE_WORK 50
/* Names that a peer may go by beside its TLSA base domain. */
#define DP_NAMES_MAX 16
/* Authorities of one context, and their octets in PEM: browsers bring 150 in 250 KiB. */
#define DP_ROOTS_MAX 1024
#define DP_ROOTS_OCTETS_MAX 4194304
/* Names with rules of their own: lists for a resolver have some hundreds of thousands. */
#define DP_RULES_MAX 1048576
/* Octets of a caller's struct, or of an element of a caller's array: the longest of today has 1128,
 * and garbage in place of a size is most often more. */
#define DP_STRUCT_OCTETS_MAX 4096

#endif
