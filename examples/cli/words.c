/* SPDX-License-Identifier: BSD-2-Clause
 * How are the library's enums spelt in JSON?  Scripts rely on these words: append, never change. */
#include "output.h"

const char *
cli_finding_word(danepriv_finding finding)
{
	switch (finding) {
	case DANEPRIV_FINDING_UNJUDGED:
		return "unjudged";
	case DANEPRIV_FINDING_MATCH:
		return "match";
	case DANEPRIV_FINDING_MISMATCH:
		return "mismatch";
	case DANEPRIV_FINDING_BOGUS:
		return "bogus";
	case DANEPRIV_FINDING_UNUSABLE:
		return "unusable";
	case DANEPRIV_FINDING_ABSENT:
		return "absent";
	case DANEPRIV_FINDING_UNSIGNED:
		return "unsigned";
	case DANEPRIV_FINDING_INDETERMINATE:
		return "indeterminate";
	case DANEPRIV_FINDING_DOWNGRADE:
		return "downgrade";
	}
	return "unknown";
}

const char *
cli_judgement_word(danepriv_judgement judgement)
{
	switch (judgement) {
	case DANEPRIV_JUDGEMENT_UNTRIED:
		return "untried";
	case DANEPRIV_JUDGEMENT_MATCH:
		return "match";
	case DANEPRIV_JUDGEMENT_NO_MATCH:
		return "no-match";
	case DANEPRIV_JUDGEMENT_UNUSABLE:
		return "unusable";
	case DANEPRIV_JUDGEMENT_SUPPRESSED:
		return "suppressed";
	}
	return "unknown";
}

const char *
cli_record_reason_word(danepriv_record_reason reason)
{
	switch (reason) {
	case DANEPRIV_RECORD_REASON_NONE:
		return "none";
	case DANEPRIV_RECORD_REASON_MALFORMED:
		return "malformed";
	case DANEPRIV_RECORD_REASON_USAGE:
		return "usage";
	case DANEPRIV_RECORD_REASON_SELECTOR:
		return "selector";
	case DANEPRIV_RECORD_REASON_MATCHING:
		return "matching";
	case DANEPRIV_RECORD_REASON_DIGEST_LENGTH:
		return "digest-length";
	case DANEPRIV_RECORD_REASON_DATA:
		return "data";
	case DANEPRIV_RECORD_REASON_RAW_KEY:
		return "raw-key";
	case DANEPRIV_RECORD_REASON_DIFFERENT:
		return "different";
	case DANEPRIV_RECORD_REASON_NO_ROOTS:
		return "no-roots";
	case DANEPRIV_RECORD_REASON_NAME:
		return "name";
	case DANEPRIV_RECORD_REASON_PATH:
		return "path";
	case DANEPRIV_RECORD_REASON_WEAK:
		return "weak";
	case DANEPRIV_RECORD_REASON_CONSTRAINTS:
		return "constraints";
	case DANEPRIV_RECORD_REASON_PURPOSE:
		return "purpose";
	case DANEPRIV_RECORD_REASON_DATES:
		return "dates";
	case DANEPRIV_RECORD_REASON_LIMIT:
		return "limit";
	case DANEPRIV_RECORD_REASON_KEY:
		return "key";
	case DANEPRIV_RECORD_REASON_NOT_SHOWN:
		return "not-shown";
	}
	return "unknown";
}

const char *
cli_proof_word(danepriv_security security)
{
	switch (security) {
	case DANEPRIV_SECURITY_UNKNOWN:
		return "unknown";
	case DANEPRIV_SECURITY_SECURE:
		return "secure";
	case DANEPRIV_SECURITY_DENIED:
		return "denied";
	case DANEPRIV_SECURITY_INSECURE:
		return "insecure";
	case DANEPRIV_SECURITY_BOGUS:
		return "bogus";
	case DANEPRIV_SECURITY_INDETERMINATE:
		return "indeterminate";
	}
	return "unknown";
}

const char *
cli_decision_word(danepriv_decision decision)
{
	switch (decision) {
	case DANEPRIV_DECISION_REFUSE:
		return "refuse";
	case DANEPRIV_DECISION_PROCEED:
		return "authenticated";
	case DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED:
		return "unauthenticated";
	case DANEPRIV_DECISION_PROCEED_CLEARTEXT:
		return "cleartext";
	}
	return "unknown";
}

/* A table, since there are too many for a switch that one can read at a glance. */
static const char *const reasons[] = {
	[DANEPRIV_REASON_NONE] = "none",
	[DANEPRIV_REASON_NO_DATA] = "no-data",
	[DANEPRIV_REASON_NO_NAME] = "no-name",
	[DANEPRIV_REASON_DELEGATION_UNSIGNED] = "delegation-unsigned",
	[DANEPRIV_REASON_OPT_OUT] = "opt-out",
	[DANEPRIV_REASON_ALGORITHM_UNSUPPORTED] = "algorithm-unsupported",
	[DANEPRIV_REASON_DIGEST_UNSUPPORTED] = "digest-unsupported",
	[DANEPRIV_REASON_NSEC3_ITERATIONS] = "nsec3-iterations",
	[DANEPRIV_REASON_NEGATIVE_ANCHOR] = "negative-anchor",
	[DANEPRIV_REASON_SIGNATURE_INVALID] = "signature-invalid",
	[DANEPRIV_REASON_SIGNATURE_EXPIRED] = "signature-expired",
	[DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID] = "signature-not-yet-valid",
	[DANEPRIV_REASON_SIGNATURE_DATES_CROSSED] = "signature-dates-crossed",
	[DANEPRIV_REASON_SIGNATURE_MISSING] = "signature-missing",
	[DANEPRIV_REASON_DNSKEY_MISSING] = "dnskey-missing",
	[DANEPRIV_REASON_NO_ZONE_KEY] = "no-zone-key",
	[DANEPRIV_REASON_DENIAL_MISSING] = "denial-missing",
	[DANEPRIV_REASON_WILDCARD_UNPROVEN] = "wildcard-unproven",
	[DANEPRIV_REASON_SIGNER_ABOVE_CUT] = "signer-above-cut",
	[DANEPRIV_REASON_ALIAS_LOOP] = "alias-loop",
	[DANEPRIV_REASON_LIMIT_WORK] = "limit-work",
	[DANEPRIV_REASON_LIMIT_SIGNATURES] = "limit-signatures",
	[DANEPRIV_REASON_LIMIT_KEYS] = "limit-keys",
	[DANEPRIV_REASON_LIMIT_HASHES] = "limit-hashes",
	[DANEPRIV_REASON_LIMIT_ALIASES] = "limit-aliases",
	[DANEPRIV_REASON_LIMIT_RECORDS] = "limit-records",
	[DANEPRIV_REASON_LIMIT_OCTETS] = "limit-octets",
	[DANEPRIV_REASON_MALFORMED] = "malformed",
	[DANEPRIV_REASON_NO_ANCHOR] = "no-anchor",
	[DANEPRIV_REASON_CLOCK] = "clock",
	[DANEPRIV_REASON_QUERY_FAILED] = "query-failed",
	[DANEPRIV_REASON_QUERY_TIMEOUT] = "query-timeout",
	[DANEPRIV_REASON_QUERY_REFUSED] = "query-refused",
	[DANEPRIV_REASON_LIMIT_QUESTIONS] = "limit-questions",
	[DANEPRIV_REASON_CANCELLED] = "cancelled",
	[DANEPRIV_REASON_ALIAS] = "alias",
	[DANEPRIV_REASON_QUERY_STREAM] = "query-stream",
	[DANEPRIV_REASON_NOT_SHOWN] = "not-shown",
};

const char *
cli_reason_word(danepriv_reason reason)
{
	size_t index = (size_t)reason;

	if (index >= sizeof reasons / sizeof *reasons || !reasons[index])
		return "unknown";
	return reasons[index];
}

const char *
cli_source_word(danepriv_source source)
{
	switch (source) {
	case DANEPRIV_SOURCE_NONE:
		return "none";
	case DANEPRIV_SOURCE_VOUCHED:
		return "vouched";
	case DANEPRIV_SOURCE_LOOKUP:
		return "dns";
	case DANEPRIV_SOURCE_CHAIN:
		return "chain";
	}
	return "unknown";
}
