/* SPDX-License-Identifier: BSD-2-Clause
 * How is a proof told to people, and to DNS clients (RFC 8914)? */
#include <danepriv/records.h>

/* RFC 8914 section 4 */
enum {
	EDE_NONE = -1,
	EDE_OTHER = 0,
	EDE_DNSKEY_ALGORITHM = 1,
	EDE_DS_DIGEST = 2,
	EDE_INDETERMINATE = 5,
	EDE_BOGUS = 6,
	EDE_EXPIRED = 7,
	EDE_NOT_YET_VALID = 8,
	EDE_DNSKEY_MISSING = 9,
	EDE_RRSIGS_MISSING = 10,
	EDE_NO_ZONE_KEY = 11,
	EDE_NSEC_MISSING = 12,
	EDE_NO_AUTHORITY = 22,
	EDE_NETWORK = 23,
	EDE_INVALID_DATA = 24,
	EDE_EXPIRED_BEFORE_VALID = 25, /* this and NSEC3: the IANA registry, after RFC 8914 */
	EDE_NSEC3_ITERATIONS = 27
};

const char *
danepriv_security_text(danepriv_security security)
{
	switch (security) {
	case DANEPRIV_SECURITY_UNKNOWN:
		return "nobody has asked";
	case DANEPRIV_SECURITY_SECURE:
		return "the records are proven to be the owner's";
	case DANEPRIV_SECURITY_DENIED:
		return "the owner proves that there are no records";
	case DANEPRIV_SECURITY_INSECURE:
		return "it is proven that the owner does not sign in a way that can be checked";
	case DANEPRIV_SECURITY_BOGUS:
		return "the answer should be signed and does not verify";
	case DANEPRIV_SECURITY_INDETERMINATE:
		return "it could not be found out what the owner publishes";
	}
	return "unknown proof";
}

/* A table, since a switch would be too long to read.  Whoever adds a reason meets the switch of
 * danepriv_reason_ede below, which does not compile quietly without it; a test walks them all. */
static const char *const reasons[] = {
	[DANEPRIV_REASON_NONE] = "no particular reason",
	[DANEPRIV_REASON_NO_DATA] = "the name exists, without such records",
	[DANEPRIV_REASON_NO_NAME] = "the name does not exist",
	[DANEPRIV_REASON_DELEGATION_UNSIGNED] =
	    "the parent zone proves that the delegation is not signed",
	[DANEPRIV_REASON_OPT_OUT] = "the name is covered by an NSEC3 opt-out span",
	[DANEPRIV_REASON_ALGORITHM_UNSUPPORTED] =
	    "the zone is signed with no algorithm that is supported here",
	[DANEPRIV_REASON_DIGEST_UNSUPPORTED] =
	    "the delegation has no DS digest type that is supported here",
	[DANEPRIV_REASON_NSEC3_ITERATIONS] =
	    "the zone asks for more NSEC3 iterations than are supported",
	[DANEPRIV_REASON_NEGATIVE_ANCHOR] = "a negative trust anchor of yours covers the name",
	[DANEPRIV_REASON_SIGNATURE_INVALID] = "no signature verifies",
	[DANEPRIV_REASON_SIGNATURE_EXPIRED] = "the signature has expired",
	[DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID] = "the signature is not valid yet",
	[DANEPRIV_REASON_SIGNATURE_DATES_CROSSED] = "the signature expires before it becomes valid",
	[DANEPRIV_REASON_SIGNATURE_MISSING] = "a signature is missing where the zone is signed",
	[DANEPRIV_REASON_DNSKEY_MISSING] = "no key of the zone fits its DS record or trust anchor",
	[DANEPRIV_REASON_NO_ZONE_KEY] = "the key that fits is not a zone key",
	[DANEPRIV_REASON_DENIAL_MISSING] = "nothing proves that there is no such record",
	[DANEPRIV_REASON_WILDCARD_UNPROVEN] =
	    "a wildcard was expanded without proof that no closer name exists",
	[DANEPRIV_REASON_SIGNER_ABOVE_CUT] =
	    "the signer is a zone that has delegated the name away",
	[DANEPRIV_REASON_ALIAS_LOOP] = "the aliases run in a circle",
	[DANEPRIV_REASON_LIMIT_WORK] = "checking would take more work than allowed",
	[DANEPRIV_REASON_LIMIT_SIGNATURES] = "more signatures over one set than allowed",
	[DANEPRIV_REASON_LIMIT_KEYS] = "more keys with one tag than allowed",
	[DANEPRIV_REASON_LIMIT_HASHES] = "more hashes to compute than allowed",
	[DANEPRIV_REASON_LIMIT_ALIASES] = "more aliases in a row than allowed",
	[DANEPRIV_REASON_LIMIT_RECORDS] = "more records than allowed",
	[DANEPRIV_REASON_LIMIT_OCTETS] = "more octets than allowed",
	[DANEPRIV_REASON_MALFORMED] = "a record does not parse",
	[DANEPRIV_REASON_NO_ANCHOR] = "no trust anchor at or above the name",
	[DANEPRIV_REASON_CLOCK] = "the clock is plainly wrong",
	[DANEPRIV_REASON_QUERY_FAILED] = "no answer that carries evidence",
	[DANEPRIV_REASON_QUERY_TIMEOUT] = "no answer in time",
	[DANEPRIV_REASON_QUERY_REFUSED] = "the resolver would not answer",
	[DANEPRIV_REASON_LIMIT_QUESTIONS] = "more questions to ask than allowed",
	[DANEPRIV_REASON_CANCELLED] = "the lookup was cancelled",
	[DANEPRIV_REASON_ALIAS] = "the name of a zone's name server is an alias",
	[DANEPRIV_REASON_QUERY_STREAM] =
	    "the resolver did not answer over TCP, which its answer needs",
	[DANEPRIV_REASON_NOT_SHOWN] = "certificates that were not shown could decide it",
};

const char *
danepriv_reason_text(danepriv_reason reason)
{
	size_t index = (size_t)reason; /* negative values become large */

	if (index >= sizeof reasons / sizeof *reasons || !reasons[index])
		return "unknown reason";
	return reasons[index];
}

int
danepriv_reason_ede(danepriv_reason reason)
{
	switch (reason) {
	case DANEPRIV_REASON_NONE:
	case DANEPRIV_REASON_NO_DATA:
	case DANEPRIV_REASON_NO_NAME:
	case DANEPRIV_REASON_DELEGATION_UNSIGNED:
	case DANEPRIV_REASON_OPT_OUT:
	case DANEPRIV_REASON_NEGATIVE_ANCHOR:
	case DANEPRIV_REASON_NOT_SHOWN:
		return EDE_NONE; /* nothing is wrong */
	case DANEPRIV_REASON_ALGORITHM_UNSUPPORTED:
		return EDE_DNSKEY_ALGORITHM;
	case DANEPRIV_REASON_DIGEST_UNSUPPORTED:
		return EDE_DS_DIGEST;
	case DANEPRIV_REASON_NSEC3_ITERATIONS:
		return EDE_NSEC3_ITERATIONS;
	case DANEPRIV_REASON_SIGNATURE_EXPIRED:
		return EDE_EXPIRED;
	case DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID:
		return EDE_NOT_YET_VALID;
	case DANEPRIV_REASON_SIGNATURE_DATES_CROSSED:
		return EDE_EXPIRED_BEFORE_VALID;
	case DANEPRIV_REASON_SIGNATURE_MISSING:
		return EDE_RRSIGS_MISSING;
	case DANEPRIV_REASON_DNSKEY_MISSING:
		return EDE_DNSKEY_MISSING;
	case DANEPRIV_REASON_NO_ZONE_KEY:
		return EDE_NO_ZONE_KEY;
	case DANEPRIV_REASON_DENIAL_MISSING:
	case DANEPRIV_REASON_WILDCARD_UNPROVEN:
		return EDE_NSEC_MISSING;
	case DANEPRIV_REASON_SIGNATURE_INVALID:
	case DANEPRIV_REASON_SIGNER_ABOVE_CUT:
		return EDE_BOGUS;
	case DANEPRIV_REASON_ALIAS_LOOP:
	case DANEPRIV_REASON_LIMIT_WORK:
	case DANEPRIV_REASON_LIMIT_SIGNATURES:
	case DANEPRIV_REASON_LIMIT_KEYS:
	case DANEPRIV_REASON_LIMIT_HASHES:
	case DANEPRIV_REASON_LIMIT_ALIASES:
	case DANEPRIV_REASON_LIMIT_RECORDS:
	case DANEPRIV_REASON_LIMIT_OCTETS:
	case DANEPRIV_REASON_LIMIT_QUESTIONS:
	case DANEPRIV_REASON_CLOCK:
	case DANEPRIV_REASON_CANCELLED:
	case DANEPRIV_REASON_ALIAS:
		return EDE_OTHER; /* RFC 8914 section 4.1: to be told apart by its text */
	case DANEPRIV_REASON_MALFORMED:
		return EDE_INVALID_DATA;
	case DANEPRIV_REASON_NO_ANCHOR:
		return EDE_INDETERMINATE;
	case DANEPRIV_REASON_QUERY_REFUSED:
		return EDE_NO_AUTHORITY;
	case DANEPRIV_REASON_QUERY_FAILED:
	case DANEPRIV_REASON_QUERY_TIMEOUT:
	case DANEPRIV_REASON_QUERY_STREAM:
		return EDE_NETWORK;
	}
	return EDE_NONE;
}
