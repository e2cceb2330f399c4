/* SPDX-License-Identifier: BSD-2-Clause
 * lib/ipsec/peer: is this IKE peer the one that was published?  Each row is judged by its records
 * and by a cache that holds them: both say the same. */
#include "support/cached.h"
#include "support/failing_alloc.h"
#include "support/ike.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND(finding) DANEPRIV_FINDING_##finding
#define REFUTED DANEPRIV_RESOURCE_REFUTED
#define CERTIFIED DANEPRIV_RESOURCE_CERTIFIED
#define REVERSE "1.2.0.192.in-addr.arpa"
#define REVERSE6 "3.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
#define NAMED "fqdn:" IKE_NAME
#define V4 "ipv4:192.0.2.1"
#define V6 "ipv6:2001:db8::53"
#define ALIAS "alias.example.org"
#define BASE "end.example.org"

typedef struct peer_row {
	const char *name;
	const char *published;
	ike_shown shown;
	danepriv_status status;
	danepriv_finding finding;
	const char *key;    /* with MATCH: whose key is authorised */
	const char *server; /* NULL: IKE_NAME */
	const char *base;   /* the end of an alias */
	const char *roots;
	bool needs_pkix;
} peer_row;

#define OF(...) __VA_ARGS__
/* A match, and the key. */
#define YES(name, published, shown, key)                                                           \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MATCH), key                         \
	}
#define NO(name, published, shown)                                                                 \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MISMATCH)                           \
	}
#define IS(finding, name, published, shown)                                                        \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, DANEPRIV_FINDING_##finding                \
	}
#define JUNK(name, published, shown)                                                               \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_EMALFORMED, FOUND(MISMATCH)                   \
	}
/* The same for a server in the reverse tree. */
#define YES_AT(where, name, published, shown, key)                                                 \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MATCH), key, where                  \
	}
#define NO_AT(where, name, published, shown)                                                       \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MISMATCH), NULL, where              \
	}
/* And for one with an alias. */
#define YES_BEHIND(name, published, shown, key)                                                    \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MATCH), key, ALIAS, BASE            \
	}
#define NO_BEHIND(name, published, shown)                                                          \
	{                                                                                          \
		name, published, { shown }, DANEPRIV_OK, FOUND(MISMATCH), NULL, ALIAS, BASE        \
	}

static const peer_row rows[] = {
	/* ---- what came: certificates and keys ---- */
	YES("certificate, 3 1 1", "311:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("certificate, 3 0 1", "301:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("certificate, 3 0 0", "300:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("certificate, 3 1 0", "310:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("certificate, 3 1 2", "312:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("certificate that has expired, 3 1 1", "311:expired", OF(NAMED, "4:expired", NULL, 14),
	    "expired"),
	YES("certificate for other purposes, 3 1 1", "311:code-signing",
	    OF(NAMED, "4:code-signing", NULL, 14), "code-signing"),
	YES("certificate for another name, 3 1 1", "311:i-n-other",
	    OF(NAMED, "4:i-n-other", NULL, 14), "i-n-other"),
	YES("others behind it", "311:ee", OF(NAMED, "4:ee,4:other,4:ca", NULL, 14), "ee"),
	YES("key of its own renewed certificate", "311:ee", OF(NAMED, "4:ee-renewed", NULL, 14),
	    "ee"),
	YES("second record", "311:other,311:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("beside one that nobody knows", "411:other,311:ee", OF(NAMED, "4:ee", NULL, 14), "ee"),
	YES("raw key, 3 1 1", "311:ee", OF(NAMED, "15:ee-key", NULL, 14), "ee"),
	YES("raw key, 3 1 0", "310:ee", OF(NAMED, "15:ee-key", NULL, 14), "ee"),
	YES("rsa key, 3 1 1", "311:rsa", OF(NAMED, "11:rsa", NULL, 14), "rsa"),
	YES("rsa key, 3 1 0", "310:k-rsa", OF(NAMED, "11:k-rsa", NULL, 14), "k-rsa"),
	YES("rsa key, 3 1 2", "312:k-rsa", OF(NAMED, "11:k-rsa", NULL, 1), "k-rsa"),
	YES("key alone, 3 1 1", "311:ee", OF(NAMED, NULL, "ee", 14), "ee"),
	YES("key alone, 3 1 0", "310:ee", OF(NAMED, NULL, "ee-key", 14), "ee"),
	YES("key alone, 3 0 0", "300:ee", OF(NAMED, NULL, "ee", 14), "ee"),
	YES("key alone, 3 0 0, the second", "300:other,300:ee", OF(NAMED, NULL, "ee", 14), "ee"),
	YES("certificate and its key", "311:ee", OF(NAMED, "4:ee", "ee-key", 14), "ee"),
	YES("raw key and the same", "311:ee", OF(NAMED, "15:ee-key", "ee", 14), "ee"),
	YES("rsa key and the same", "311:k-rsa", OF(NAMED, "11:k-rsa", "k-rsa", 14), "k-rsa"),
	NO("another certificate", "311:ee", OF(NAMED, "4:other", NULL, 14)),
	NO("another certificate, full", "300:ee", OF(NAMED, "4:other", NULL, 14)),
	NO("certificate renewed, 3 0 1", "301:ee", OF(NAMED, "4:ee-renewed", NULL, 14)),
	NO("the true one appended", "311:ee", OF(NAMED, "4:other,4:ee", NULL, 14)),
	NO("the true one appended twice", "300:ee", OF(NAMED, "4:other,4:ee,4:ee", NULL, 14)),
	NO("the true key appended", "311:ee", OF(NAMED, "4:other,15:ee-key", NULL, 14)),
	NO("the true certificate behind a raw key", "311:ee",
	    OF(NAMED, "15:other-key,4:ee", NULL, 14)),
	NO("another raw key", "311:ee", OF(NAMED, "15:other-key", NULL, 14)),
	NO("raw key, 3 0 0", "300:ee", OF(NAMED, "15:ee-key", NULL, 14)),
	NO("raw key, 3 0 1", "301:ee", OF(NAMED, "15:ee-key", NULL, 14)),
	NO("raw key, 2 1 1", "211:ee", OF(NAMED, "15:ee-key", NULL, 14)),
	NO("raw key of the authority, 2 1 0", "210:i-root", OF(NAMED, "15:ee-key", NULL, 14)),
	NO("another rsa key", "311:k-rsa", OF(NAMED, "15:ee-key", NULL, 14)),
	NO("rsa key of another", "311:ee", OF(NAMED, "11:k-rsa", NULL, 14)),
	NO("rsa key, 3 0 1", "301:rsa", OF(NAMED, "11:rsa", NULL, 14)),
	NO("another key alone", "311:ee", OF(NAMED, NULL, "other", 14)),
	NO("key alone, 3 0 1", "301:ee", OF(NAMED, NULL, "ee", 14)),
	NO("another key alone, 3 0 0", "300:ee", OF(NAMED, NULL, "other", 14)),
	NO("key alone, 2 0 0", "200:ee", OF(NAMED, NULL, "ee", 14)),
	NO("key alone, 3 0 0, a shared key", "300:ee", OF(NAMED, NULL, "ee", 2)),
	NO("key alone, 3 0 0, another's name", "300:ee",
	    OF("fqdn:other.example.net", NULL, "ee", 14)),
	NO("rsa key, 3 0 0", "300:rsa", OF(NAMED, "11:rsa", NULL, 14)),
	NO("raw key and the same, 3 0 0", "300:ee", OF(NAMED, "15:ee-key", "ee", 14)),
	NO("certificate and another key", "311:ee", OF(NAMED, "4:ee", "other", 14)),
	NO("another certificate and the key", "311:ee", OF(NAMED, "4:other", "ee", 14)),
	NO("raw key and another", "311:ee", OF(NAMED, "15:ee-key", "other", 14)),
	NO("rsa key and another", "311:k-rsa", OF(NAMED, "11:k-rsa", "ee", 14)),
	NO("the true one appended, and its key", "311:ee", OF(NAMED, "4:other,4:ee", "ee", 14)),
	JUNK("a key as certificate", "311:ee", OF(NAMED, "4:ee-key", NULL, 14)),
	JUNK("a certificate as raw key", "311:ee", OF(NAMED, "15:ee", NULL, 14)),
	JUNK("a certificate behind the true one is no matter, in front it is", "311:ee",
	    OF(NAMED, "4:ee-key,4:ee", NULL, 14)),
	YES("no certificate behind the true one", "311:ee", OF(NAMED, "4:ee,4:ee-key", NULL, 14),
	    "ee"),
	/* encodings that are no use, first and in between */
	NO("encoding 0 first", "311:ee", OF(NAMED, "0:ee,4:ee", NULL, 14)),
	NO("encoding 1 first", "311:ee", OF(NAMED, "1:ee,4:ee", NULL, 14)),
	NO("encoding 2 first", "311:ee", OF(NAMED, "2:ee,4:ee", NULL, 14)),
	NO("encoding 5 first", "311:ee", OF(NAMED, "5:ee,4:ee", NULL, 14)),
	NO("encoding 7 first", "311:ee", OF(NAMED, "7:ee,4:ee", NULL, 14)),
	NO("encoding 12 first", "311:ee", OF(NAMED, "12:ee,4:ee", NULL, 14)),
	NO("encoding 13 first", "311:ee", OF(NAMED, "13:ee,4:ee", NULL, 14)),
	NO("encoding 14 first", "311:ee", OF(NAMED, "14:ee,4:ee", NULL, 14)),
	NO("encoding 16 first", "311:ee", OF(NAMED, "16:ee-key,4:ee", NULL, 14)),
	NO("encoding 255 first", "311:ee", OF(NAMED, "255:ee,4:ee", NULL, 14)),
	NO("encoding 12 alone", "311:ee", OF(NAMED, "12:ee", NULL, 14)),
	NO("encoding 12 first, and the key", "311:ee", OF(NAMED, "12:ee", "ee", 14)),
	YES("encoding 12 behind", "311:ee", OF(NAMED, "4:ee,12:other,4:ca", NULL, 14), "ee"),
	YES("encoding 15 behind", "311:ee", OF(NAMED, "4:ee,15:other-key", NULL, 14), "ee"),
	YES("encoding 11 behind", "311:ee", OF(NAMED, "4:ee,11:k-rsa", NULL, 14), "ee"),
	YES("others behind a raw key", "311:ee",
	    OF(NAMED, "15:ee-key,4:other,15:other-key", NULL, 14), "ee"),
	YES("others in between, 2 0 1", "201:i-root",
	    OF(NAMED, "4:i-plain,12:ee,15:ee-key,4:i-root", NULL, 14), "i-plain"),
	NO("the authority in another encoding, 2 0 1", "201:i-root",
	    OF(NAMED, "4:i-plain,7:i-root", NULL, 14)),
	/* ---- usages 0 to 2 ---- */
	YES("2 1 1", "211:i-root", OF(NAMED, "4:i-plain,4:i-root", NULL, 14), "i-plain"),
	NO("2 1 1, foreign, true one appended", "211:i-root",
	    OF(NAMED, "4:i-evil,4:i-plain,4:i-root", NULL, 14)),
	NO("2 1 1, for servers of TLS", "211:i-root",
	    OF(NAMED, "4:i-for-servers,4:i-root", NULL, 14)),
	NO("2 1 1, another key", "211:i-root", OF(NAMED, "4:i-plain,4:i-root", "ee", 14)),
	{ "0 1 1", "011:i-root", { NAMED, "4:i-plain", NULL, 14 }, 0, FOUND(MATCH), "i-plain", NULL,
	    NULL, "i-root", true },
	{ "1 1 1", "111:i-plain", { NAMED, "4:i-plain", NULL, 14 }, 0, FOUND(MATCH), "i-plain",
	    NULL, NULL, "i-root", true },
	{ "1 1 1 beside 3 1 1: usage 3 comes first", "111:i-plain,311:i-plain",
	    { NAMED, "4:i-plain", NULL, 14 }, 0, FOUND(MATCH), "i-plain", NULL, NULL, "i-root",
	    false },
	{ "1 1 1, and 3 1 1 of another", "111:i-plain,311:other", { NAMED, "4:i-plain", NULL, 14 },
	    0, FOUND(MATCH), "i-plain", NULL, NULL, "i-root", true },
	{ "1 1 1 beside 2 1 1", "111:i-plain,211:i-root", { NAMED, "4:i-plain,4:i-root", NULL, 14 },
	    0, FOUND(MATCH), "i-plain", NULL, NULL, "i-root", false },
	{ "1 1 1, other roots", "111:i-plain", { NAMED, "4:i-plain", NULL, 14 }, 0, FOUND(MISMATCH),
	    NULL, NULL, NULL, "ca" },
	{ "1 1 1, raw key", "111:i-plain", { NAMED, "15:k-ike", NULL, 14 }, 0, FOUND(MISMATCH),
	    NULL, NULL, NULL, "i-root" },
	IS(UNUSABLE, "1 1 1, no roots", "111:i-plain", OF(NAMED, "4:i-plain", NULL, 14)),
	IS(UNUSABLE, "0 1 1, no roots", "011:i-root", OF(NAMED, "4:i-plain,4:i-root", NULL, 14)),
	/* ---- how it was authenticated ---- */
	YES("auth 1", "311:rsa", OF(NAMED, "4:rsa", NULL, 1), "rsa"),
	YES("auth 9", "311:ee", OF(NAMED, "4:ee", NULL, 9), "ee"),
	YES("auth 10", "311:ee", OF(NAMED, "4:ee", NULL, 10), "ee"),
	YES("auth 11", "311:ee", OF(NAMED, "4:ee", NULL, 11), "ee"),
	NO("auth 0", "311:ee", OF(NAMED, "4:ee", NULL, 0)),
	NO("auth 2, a shared key", "311:ee", OF(NAMED, "4:ee", NULL, 2)),
	NO("auth 3", "311:ee", OF(NAMED, "4:ee", NULL, 3)),
	NO("auth 4", "311:ee", OF(NAMED, "4:ee", NULL, 4)),
	NO("auth 8", "311:ee", OF(NAMED, "4:ee", NULL, 8)),
	NO("auth 12, a password", "311:ee", OF(NAMED, "4:ee", NULL, 12)),
	NO("auth 13, NULL", "311:ee", OF(NAMED, "4:ee", NULL, 13)),
	NO("auth 13 with the key", "311:ee", OF(NAMED, NULL, "ee", 13)),
	NO("auth 13 and nothing", "311:ee", OF(NAMED, NULL, NULL, 13)),
	NO("auth 15", "311:ee", OF(NAMED, "4:ee", NULL, 15)),
	NO("auth 255", "311:ee", OF(NAMED, "4:ee", NULL, 255)),
	NO("auth 257", "311:ee", OF(NAMED, "4:ee", NULL, 257)),
	NO("auth 270", "311:ee", OF(NAMED, "4:ee", NULL, 270)),
	NO("auth, the last", "311:ee", OF(NAMED, "4:ee", NULL, UINT32_MAX)),
	NO("auth 13, 2 1 1", "211:i-root", OF(NAMED, "4:i-plain,4:i-root", NULL, 13)),
	/* ---- who it says it is ---- */
	YES("letter case", "311:ee", OF("fqdn:NS1.Example.NET", "4:ee", NULL, 14), "ee"),
	YES("final dot", "311:ee", OF(NAMED ".", "4:ee", NULL, 14), "ee"),
	NO("another name", "311:ee", OF("fqdn:ns2.example.net", "4:ee", NULL, 14)),
	NO("above it", "311:ee", OF("fqdn:example.net", "4:ee", NULL, 14)),
	NO("below it", "311:ee", OF("fqdn:a.ns1.example.net", "4:ee", NULL, 14)),
	NO("where its records are", "311:ee", OF("fqdn:_53.ns1.example.net", "4:ee", NULL, 14)),
	NO("a star", "311:ee", OF("fqdn:*.example.net", "4:ee", NULL, 14)),
	NO("two final dots", "311:ee", OF(NAMED "..", "4:ee", NULL, 14)),
	NO("a newline behind", "311:ee", OF(NAMED "\n", "4:ee", NULL, 14)),
	NO("nothing", "311:ee", OF("fqdn:", "4:ee", NULL, 14)),
	NO("nothing of no type", "311:ee", OF(NULL, "4:ee", NULL, 14)),
	NO("an address for a name", "311:ee", OF(V4, "4:ee", NULL, 14)),
	NO("the name as RFC822", "311:ee", OF("3:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name as DN", "311:ee", OF("9:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name as KEY_ID", "311:ee", OF("11:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name as NULL", "311:ee", OF("13:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name as address", "311:ee", OF("1:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name of type 0", "311:ee", OF("0:" IKE_NAME, "4:ee", NULL, 14)),
	NO("the name of type 255", "311:ee", OF("255:" IKE_NAME, "4:ee", NULL, 14)),
	NO("another name, 2 1 1", "211:i-root",
	    OF("fqdn:ns2.example.net", "4:i-n-other,4:i-root", NULL, 14)),
	NO("another name, key alone", "311:ee", OF("fqdn:ns2.example.net", NULL, "ee", 14)),
	/* behind an alias */
	YES_BEHIND("the alias", "311:ee", OF("fqdn:" ALIAS, "4:ee", NULL, 14), "ee"),
	YES_BEHIND("the base domain", "311:ee", OF("fqdn:" BASE, "4:ee", NULL, 14), "ee"),
	YES_BEHIND("the base domain, case and dot", "311:ee",
	    OF("fqdn:END.example.ORG.", "4:ee", NULL, 14), "ee"),
	NO_BEHIND("neither", "311:ee", OF(NAMED, "4:ee", NULL, 14)),
	NO_BEHIND("above the base domain", "311:ee", OF("fqdn:example.org", "4:ee", NULL, 14)),
	NO_BEHIND("the base domain, 2 1 1 for another", "211:i-root",
	    OF("fqdn:" BASE, "4:i-plain,4:i-root", NULL, 14)),
	{ "behind an alias, 2 1 1 for the name in the ID", "211:i-root",
	    { NAMED, "4:i-plain,4:i-root", NULL, 14 }, 0, FOUND(MATCH), "i-plain", ALIAS,
	    IKE_NAME },
	{ "in front of an alias, 2 1 1 for the name in the ID", "211:i-root",
	    { NAMED, "4:i-plain,4:i-root", NULL, 14 }, 0, FOUND(MATCH), "i-plain", IKE_NAME, BASE },
	{ "the alias, 2 1 1 for the base domain", "211:i-root",
	    { "fqdn:" ALIAS, "4:i-plain,4:i-root", NULL, 14 }, 0, FOUND(MATCH), "i-plain", ALIAS,
	    IKE_NAME },
	{ "the alias, 2 1 1 for a star over the base domain", "211:i-root",
	    { "fqdn:" ALIAS, "4:i-n-star,4:i-root", NULL, 14 }, 0, FOUND(MISMATCH), NULL, ALIAS,
	    IKE_NAME },
	{ "the alias, 2 1 1 for a star over the alias", "211:i-root",
	    { NAMED, "4:i-n-star,4:i-root", NULL, 14 }, 0, FOUND(MISMATCH), NULL, IKE_NAME, BASE },
	{ "the base domain, 2 1 1 for the alias", "211:i-root",
	    { "fqdn:" BASE, "4:i-plain,4:i-root", NULL, 14 }, 0, FOUND(MISMATCH), NULL, IKE_NAME,
	    BASE },
	/* addresses */
	YES_AT(REVERSE, "address", "311:ee", OF(V4, "4:ee", NULL, 14), "ee"),
	YES_AT(
	    REVERSE, "address, and there", "311:ee", OF(V4, "4:ee", NULL, 14, "192.0.2.1"), "ee"),
	YES_AT(REVERSE6, "address, ipv6", "311:ee", OF(V6, "4:ee", NULL, 14, "2001:db8::53"), "ee"),
	YES_AT(
	    REVERSE, "its place as a name", "311:ee", OF("fqdn:" REVERSE, "4:ee", NULL, 14), "ee"),
	YES_AT(REVERSE, "its place as a name, and there", "311:ee",
	    OF("fqdn:" REVERSE, "4:ee", NULL, 14, "192.0.2.1"), "ee"),
	YES_AT(REVERSE, "address, 2 1 1", "211:i-root", OF(V4, "4:i-n-v4,4:i-root", NULL, 14),
	    "i-n-v4"),
	NO_AT(REVERSE, "another address", "311:ee", OF("ipv4:192.0.2.2", "4:ee", NULL, 14)),
	NO_AT(REVERSE, "address, and elsewhere", "311:ee", OF(V4, "4:ee", NULL, 14, "192.0.2.2")),
	NO_AT(REVERSE, "address, and in ipv6", "311:ee", OF(V4, "4:ee", NULL, 14, "2001:db8::53")),
	NO_AT(REVERSE, "address, and in ipv6 as ipv4", "311:ee",
	    OF(V4, "4:ee", NULL, 14, "::ffff:192.0.2.1")),
	NO_AT(REVERSE, "its place as a name, and elsewhere", "311:ee",
	    OF("fqdn:" REVERSE, "4:ee", NULL, 14, "192.0.2.2")),
	NO_AT(REVERSE, "ipv6 for ipv4", "311:ee", OF(V6, "4:ee", NULL, 14)),
	NO_AT(REVERSE, "ipv4 in ipv6", "311:ee", OF("ipv6:::ffff:192.0.2.1", "4:ee", NULL, 14)),
	NO_AT(REVERSE, "a name", "311:ee", OF(NAMED, "4:ee", NULL, 14)),
	NO_AT(REVERSE, "the address in text as a name", "311:ee",
	    OF("fqdn:192.0.2.1", "4:ee", NULL, 14)),
	NO_AT(REVERSE, "the address in text as address", "311:ee",
	    OF("1:192.0.2.1", "4:ee", NULL, 14)),
	NO_AT(REVERSE, "address, 2 1 1 by its name", "211:i-root",
	    OF(V4, "4:i-n-v4-reverse,4:i-root", NULL, 14)),
	NO_AT(REVERSE, "address, 2 1 1 for another", "211:i-root",
	    OF(V4, "4:i-n-v4-other,4:i-root", NULL, 14)),
	/* ---- where it is, and who says so ---- */
	YES("an address is no part of a name", "311:ee", OF(NAMED, "4:ee", NULL, 14, "192.0.2.7"),
	    "ee"),
	YES("certified", "311:ee", OF(NAMED, "4:ee", NULL, 14, NULL, CERTIFIED), "ee"),
	NO("refuted", "311:ee", OF(NAMED, "4:ee", NULL, 14, NULL, REFUTED)),
	NO("refuted, there", "311:ee", OF(NAMED, "4:ee", NULL, 14, "192.0.2.1", REFUTED)),
	NO("refuted, key alone", "310:ee", OF(NAMED, NULL, "ee", 14, NULL, REFUTED)),
	NO("refuted, 2 1 1", "211:i-root",
	    OF(NAMED, "4:i-plain,4:i-root", NULL, 14, NULL, REFUTED)),
	NO_AT(REVERSE, "address, refuted", "311:ee", OF(V4, "4:ee", NULL, 14, NULL, REFUTED)),
	NO("certified, another key", "311:ee", OF(NAMED, "4:other", NULL, 14, NULL, CERTIFIED)),
	NO("certified, auth 13", "311:ee", OF(NAMED, "4:ee", NULL, 13, NULL, CERTIFIED)),
	/* ---- what was learnt ---- */
	IS(UNJUDGED, "nothing is shown", "311:ee", OF(NAMED, NULL, NULL, 14)),
	IS(UNJUDGED, "nothing is shown, 2 1 1", "211:i-root", OF(NAMED, NULL, NULL, 14)),
	IS(ABSENT, "denied", "denied", OF(NAMED, "4:ee", NULL, 14)),
	IS(ABSENT, "denied, nothing is shown", "denied", OF(NAMED, NULL, NULL, 14)),
	IS(ABSENT, "denied, another name", "denied", OF("fqdn:ns2.example.net", "4:ee", NULL, 14)),
	IS(ABSENT, "denied, auth 13", "denied", OF("13:", NULL, NULL, 13)),
	IS(ABSENT, "denied, junk", "denied", OF(NAMED, "4:ee-key", NULL, 14)),
	IS(UNSIGNED, "insecure", "insecure", OF(NAMED, "4:ee", NULL, 14)),
	IS(UNSIGNED, "insecure, auth 13", "insecure", OF("13:", NULL, NULL, 13)),
	IS(UNSIGNED, "no anchor", "no-anchor", OF(NAMED, "4:ee", NULL, 14)),
	IS(UNSIGNED, "no anchor, another name", "no-anchor", OF("13:", "4:ee", NULL, 14)),
	IS(UNSIGNED, "no anchor, nothing is shown", "no-anchor", OF(NAMED, NULL, NULL, 14)),
	IS(BOGUS, "bogus", "bogus", OF(NAMED, "4:ee", NULL, 14)),
	IS(BOGUS, "bogus, auth 13", "bogus", OF(NAMED, NULL, NULL, 13)),
	IS(BOGUS, "bogus, nothing is shown", "bogus", OF(NAMED, NULL, NULL, 14)),
	IS(INDETERMINATE, "indeterminate", "indeterminate", OF(NAMED, "4:ee", NULL, 14)),
	IS(INDETERMINATE, "indeterminate, auth 13", "indeterminate", OF(NAMED, "4:ee", NULL, 13)),
	IS(UNUSABLE, "unusable", "411:ee", OF(NAMED, "4:ee", NULL, 14)),
	IS(UNUSABLE, "unusable, another name", "411:ee", OF("13:", "4:ee", NULL, 14)),
	IS(UNUSABLE, "unusable, nothing is shown", "411:ee", OF(NAMED, NULL, NULL, 14)),
	IS(UNUSABLE, "unusable, refuted", "411:ee", OF(NAMED, "4:ee", NULL, 14, NULL, REFUTED)),
};

/* ---- a row ---- */

static void
open_row(ike_world *w, const peer_row *row)
{
	const ike_setting setting = { row->published, row->server, row->base, row->roots };

	ike_world_open(w, &setting, &row->shown);
}

static void
check_found(const peer_row *row, const danepriv_ike_found *found, const danepriv_verdict *why)
{
	bool is_match = row->finding == FOUND(MATCH);

	ck_assert_msg(found->finding == row->finding, "%s: %s", row->name,
	    danepriv_word(DANEPRIV_KIND_FINDING, found->finding));
	ck_assert_int_eq(why->finding, row->finding);
	ck_assert_msg(found->needs_pkix == row->needs_pkix, "%s", row->name);
	ck_assert_int_eq(found->valid_until, why->valid_until);
	ck_assert_msg((found->key.len > 0) == is_match && (found->key.data != NULL) == is_match,
	    "%s", row->name);
	ck_assert_msg((why->record != SIZE_MAX) == is_match, "%s", row->name);
	if (!is_match)
		return;
	test_octets key = ike_key_of(row->key);
	ck_assert_msg(found->key.len == key.len && memcmp(found->key.data, key.data, key.len) == 0,
	    "%s: another key", row->name);
	octets_free(key);
}

START_TEST(evaluate)
{
	const peer_row *row = &rows[_i];
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_verdict why = { .size = sizeof why };
	ike_world w;

	open_row(&w, row);
	danepriv_status status =
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, &why);
	ck_assert_msg(status == row->status, "%s: %d", row->name, status);
	check_found(row, &found, &why);
	/* Without a verdict it is the same. */
	danepriv_ike_found alone = { .size = sizeof alone };
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &alone, NULL), status);
	ck_assert_int_eq(alone.finding, found.finding);
	ck_assert_int_eq(alone.valid_until, found.valid_until);
	ck_assert_uint_eq(alone.key.len, found.key.len);
	ike_world_close(&w);
}
END_TEST

static bool
has_usage_3_alone(const peer_row *row)
{
	for (const char *at = row->published; at; at = strchr(at, ','))
		if (*(at += *at == ',') != '3')
			return false;
	return true;
}

/* And no other than a MATCH is noted. */
START_TEST(judge)
{
	const peer_row *row = &rows[_i];
	danepriv_ike_found found = { .size = sizeof found };
	danepriv_verdict why = { .size = sizeof why }, direct = why;
	danepriv_server_state state = { .size = sizeof state };
	ike_world w;

	open_row(&w, row);
	ck_assert_int_eq(
	    danepriv_ike_evaluate(w.ctx, w.records, &w.peer.peer, IKE_NOW, &found, &direct),
	    row->status);
	memset(&found, 0xA5, sizeof found);
	found.size = sizeof found;
	dp_fail_allocation_at(-1);
	danepriv_status status =
	    danepriv_ike_judge(w.cache, w.ctx, &w.server, &w.peer.peer, IKE_NOW, &found, &why);
	if (has_usage_3_alone(row))
		ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_msg(status == row->status, "%s: %d", row->name, status);
	check_found(row, &found, &why);
	ck_assert_int_eq(why.security, direct.security);
	ck_assert_int_eq(why.reason, direct.reason);
	ck_assert_int_eq(why.fault, direct.fault);
	ck_assert_int_eq(why.attack, direct.attack);
	ck_assert_uint_eq(why.record, direct.record);
	ck_assert_uint_eq(why.count, direct.count);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(w.cache, &w.server, IKE_NOW, &state), DANEPRIV_OK);
	ck_assert_msg(
	    (state.authenticated == IKE_NOW - IKE_NOW % 60) == (row->finding == FOUND(MATCH)),
	    "%s: %lld", row->name, (long long)state.authenticated);
	ck_assert_uint_eq(state.record, why.record);
	ike_world_close(&w);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("ike");
	TCase *tc = tcase_create("ike");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, no_block_is_left, no_block_is_left);
	tcase_add_loop_test(tc, evaluate, 0, ROWS(rows));
	tcase_add_loop_test(tc, judge, 0, ROWS(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
