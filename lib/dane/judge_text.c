/* SPDX-License-Identifier: BSD-2-Clause
 * How is a judgement told to people? */
#include <danepriv/judge.h>

const char *
danepriv_finding_text(danepriv_finding finding)
{
	switch (finding) {
	case DANEPRIV_FINDING_UNJUDGED:
		return "not judged yet: evidence or credential is missing or out of date";
	case DANEPRIV_FINDING_MATCH:
		return "the key is the one that the owner published";
	case DANEPRIV_FINDING_MISMATCH:
		return "the key is none of those that the owner published: a likely attack";
	case DANEPRIV_FINDING_BOGUS:
		return "what DNS says should be signed, and does not verify";
	case DANEPRIV_FINDING_UNUSABLE:
		return "the owner publishes no record of a kind that can be judged";
	case DANEPRIV_FINDING_ABSENT:
		return "the owner publishes no record";
	case DANEPRIV_FINDING_UNSIGNED:
		return "the owner does not sign: records, if any, prove nothing";
	case DANEPRIV_FINDING_INDETERMINATE:
		return "it could not be found out whether the key is one that the owner published";
	case DANEPRIV_FINDING_DOWNGRADE:
		return "the server did not send the proof that it had promised: a likely attack";
	}
	return "unknown finding";
}

const char *
danepriv_judgement_text(danepriv_judgement judgement)
{
	switch (judgement) {
	case DANEPRIV_JUDGEMENT_UNTRIED:
		return "not tried: the question was settled before";
	case DANEPRIV_JUDGEMENT_MATCH:
		return "matches";
	case DANEPRIV_JUDGEMENT_NO_MATCH:
		return "does not match";
	case DANEPRIV_JUDGEMENT_UNUSABLE:
		return "cannot be judged";
	case DANEPRIV_JUDGEMENT_SUPPRESSED:
		return "passed over for a stronger digest";
	}
	return "unknown judgement";
}

const char *
danepriv_record_reason_text(danepriv_record_reason reason)
{
	switch (reason) {
	case DANEPRIV_RECORD_REASON_NONE:
		return "no particular reason";
	case DANEPRIV_RECORD_REASON_MALFORMED:
		return "the record is too short";
	case DANEPRIV_RECORD_REASON_USAGE:
		return "the certificate usage is unknown";
	case DANEPRIV_RECORD_REASON_SELECTOR:
		return "the selector is unknown";
	case DANEPRIV_RECORD_REASON_MATCHING:
		return "the matching type is unknown";
	case DANEPRIV_RECORD_REASON_DIGEST_LENGTH:
		return "the association data is not as long as the digest";
	case DANEPRIV_RECORD_REASON_DATA:
		return "the association data is no certificate, or no key";
	case DANEPRIV_RECORD_REASON_RAW_KEY:
		return "the peer showed a raw key, which only 3 1 x can match";
	case DANEPRIV_RECORD_REASON_DIFFERENT:
		return "it means another key or certificate";
	case DANEPRIV_RECORD_REASON_NO_ROOTS:
		return "it needs authorities to trust, and none were given";
	case DANEPRIV_RECORD_REASON_NAME:
		return "the certificate is made out to other names";
	case DANEPRIV_RECORD_REASON_PATH:
		return "no signatures lead from the certificate to the authority";
	case DANEPRIV_RECORD_REASON_WEAK:
		return "a key or a digest on the way to the authority is too weak";
	case DANEPRIV_RECORD_REASON_CONSTRAINTS:
		return "an issuer is no authority, or none for this certificate";
	case DANEPRIV_RECORD_REASON_PURPOSE:
		return "a certificate is not meant for servers";
	case DANEPRIV_RECORD_REASON_DATES:
		return "a certificate has expired, or is not valid yet";
	case DANEPRIV_RECORD_REASON_LIMIT:
		return "the way to the authority would take more work than allowed";
	case DANEPRIV_RECORD_REASON_KEY:
		return "a key on the way to the authority uses an algorithm or a size that is not "
		       "supported";
	case DANEPRIV_RECORD_REASON_NOT_SHOWN:
		return "certificates that were not shown could make it match";
	}
	return "unknown reason";
}
