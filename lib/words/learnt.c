/* SPDX-License-Identifier: BSD-2-Clause
 * What did DNS say?  In words. */
#include "words/words.h"

#include <danepriv/records.h>

static const dp_word securities[] = {
	{ DANEPRIV_SECURITY_UNKNOWN, "unknown", "nobody has asked" },
	{ DANEPRIV_SECURITY_SECURE, "secure", "the records are proven to be the owner's" },
	{ DANEPRIV_SECURITY_DENIED, "denied", "the owner proves that there are no records" },
	{ DANEPRIV_SECURITY_INSECURE, "insecure",
	    "it is proven that the owner does not sign in a way that can be checked" },
	{ DANEPRIV_SECURITY_BOGUS, "bogus", "the answer should be signed and does not verify" },
	{ DANEPRIV_SECURITY_INDETERMINATE, "indeterminate",
	    "it could not be found out what the owner publishes" },
};
const dp_words dp_words_security = DP_WORDS(securities);

static const dp_word reasons[] = {
	{ DANEPRIV_REASON_NONE, "none", "no particular reason" },
	{ DANEPRIV_REASON_NO_DATA, "no-data", "the name exists, without such records" },
	{ DANEPRIV_REASON_NO_NAME, "no-name", "the name does not exist" },
	{ DANEPRIV_REASON_DELEGATION_UNSIGNED, "delegation-unsigned",
	    "the parent zone proves that the delegation is not signed" },
	{ DANEPRIV_REASON_OPT_OUT, "opt-out", "the name is covered by an NSEC3 opt-out span" },
	{ DANEPRIV_REASON_ALGORITHM_UNSUPPORTED, "algorithm-unsupported",
	    "the zone is signed with no algorithm that is supported here" },
	{ DANEPRIV_REASON_DIGEST_UNSUPPORTED, "digest-unsupported",
	    "the delegation has no DS digest type that is supported here" },
	{ DANEPRIV_REASON_NSEC3_ITERATIONS, "nsec3-iterations",
	    "the zone asks for more NSEC3 iterations than are supported" },
	{ DANEPRIV_REASON_NEGATIVE_ANCHOR, "negative-anchor",
	    "a negative trust anchor of yours covers the name" },
	{ DANEPRIV_REASON_SIGNATURE_INVALID, "signature-invalid", "no signature verifies" },
	{ DANEPRIV_REASON_SIGNATURE_EXPIRED, "signature-expired", "the signature has expired" },
	{ DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID, "signature-not-yet-valid",
	    "the signature is not valid yet" },
	{ DANEPRIV_REASON_SIGNATURE_DATES_CROSSED, "signature-dates-crossed",
	    "the signature expires before it becomes valid" },
	{ DANEPRIV_REASON_SIGNATURE_MISSING, "signature-missing",
	    "a signature is missing where the zone is signed" },
	{ DANEPRIV_REASON_DNSKEY_MISSING, "dnskey-missing",
	    "no key of the zone fits its DS record or trust anchor" },
	{ DANEPRIV_REASON_NO_ZONE_KEY, "no-zone-key", "the key that fits is not a zone key" },
	{ DANEPRIV_REASON_DENIAL_MISSING, "denial-missing",
	    "nothing proves that there is no such record" },
	{ DANEPRIV_REASON_WILDCARD_UNPROVEN, "wildcard-unproven",
	    "a wildcard was expanded without proof that no closer name exists" },
	{ DANEPRIV_REASON_SIGNER_ABOVE_CUT, "signer-above-cut",
	    "the signer is a zone that has delegated the name away" },
	{ DANEPRIV_REASON_ALIAS_LOOP, "alias-loop", "the aliases run in a circle" },
	{ DANEPRIV_REASON_LIMIT_WORK, "limit-work", "checking would take more work than allowed" },
	{ DANEPRIV_REASON_LIMIT_SIGNATURES, "limit-signatures",
	    "more signatures over one set than allowed" },
	{ DANEPRIV_REASON_LIMIT_KEYS, "limit-keys", "more keys with one tag than allowed" },
	{ DANEPRIV_REASON_LIMIT_HASHES, "limit-hashes", "more hashes to compute than allowed" },
	{ DANEPRIV_REASON_LIMIT_ALIASES, "limit-aliases", "more aliases in a row than allowed" },
	{ DANEPRIV_REASON_LIMIT_RECORDS, "limit-records", "more records than allowed" },
	{ DANEPRIV_REASON_LIMIT_OCTETS, "limit-octets", "more octets than allowed" },
	{ DANEPRIV_REASON_MALFORMED, "malformed", "a record does not parse" },
	{ DANEPRIV_REASON_NO_ANCHOR, "no-anchor", "no trust anchor at or above the name" },
	{ DANEPRIV_REASON_CLOCK, "clock", "the clock is plainly wrong" },
	{ DANEPRIV_REASON_QUERY_FAILED, "query-failed", "no answer that carries evidence" },
	{ DANEPRIV_REASON_QUERY_TIMEOUT, "query-timeout", "no answer in time" },
	{ DANEPRIV_REASON_QUERY_REFUSED, "query-refused", "the resolver would not answer" },
	{ DANEPRIV_REASON_LIMIT_QUESTIONS, "limit-questions",
	    "more questions to ask than allowed" },
	{ DANEPRIV_REASON_CANCELLED, "cancelled", "the lookup was cancelled" },
	{ DANEPRIV_REASON_ALIAS, "alias", "the name of a zone's name server is an alias" },
	{ DANEPRIV_REASON_QUERY_STREAM, "query-stream",
	    "the resolver did not answer over TCP, which its answer needs" },
	{ DANEPRIV_REASON_NOT_SHOWN, "not-shown",
	    "certificates that were not shown could decide it" },
	{ DANEPRIV_REASON_RECONNECT, "reconnect", "connect again, with what is known now" },
	{ DANEPRIV_REASON_SERVED_LOCALLY, "served-locally",
	    "no key of the zone came: resolvers answer for private zones out of built-in ones" },
};
const dp_words dp_words_reason = DP_WORDS(reasons);

static const dp_word sources[] = {
	{ DANEPRIV_SOURCE_NONE, "none", "nothing is known" },
	{ DANEPRIV_SOURCE_VOUCHED, "vouched", "somebody else has validated it" },
	{ DANEPRIV_SOURCE_LOOKUP, "dns", "it was looked up in DNS" },
	{ DANEPRIV_SOURCE_CHAIN, "chain", "the server sent it in the handshake" },
};
const dp_words dp_words_source = DP_WORDS(sources);

static const dp_word streams[] = {
	{ DANEPRIV_STREAM_NONE, "none", "TCP was not needed" },
	{ DANEPRIV_STREAM_ANSWERED, "answered", "all that was asked again over TCP was answered" },
	{ DANEPRIV_STREAM_FAILED, "failed", "what was asked again over TCP was not all answered" },
};
const dp_words dp_words_stream = DP_WORDS(streams);
