/* SPDX-License-Identifier: BSD-2-Clause
 * What was found out about the peer, and what may be done?  In words. */
#include "words/words.h"

#include <danepriv/policy.h>

static const dp_word findings[] = {
	{ DANEPRIV_FINDING_UNJUDGED, "unjudged",
	    "not judged yet: evidence or credential is missing or out of date" },
	{ DANEPRIV_FINDING_MATCH, "match", "the key is the one that the owner published" },
	{ DANEPRIV_FINDING_MISMATCH, "mismatch",
	    "the key is none of those that the owner published" },
	{ DANEPRIV_FINDING_BOGUS, "bogus", "what DNS says should be signed, and does not verify" },
	{ DANEPRIV_FINDING_UNUSABLE, "unusable",
	    "the owner publishes no record of a kind that can be judged" },
	{ DANEPRIV_FINDING_ABSENT, "absent", "the owner publishes no record" },
	{ DANEPRIV_FINDING_UNSIGNED, "unsigned",
	    "the owner does not sign: records, if any, prove nothing" },
	{ DANEPRIV_FINDING_INDETERMINATE, "indeterminate",
	    "it could not be found out whether the key is one that the owner published" },
	{ DANEPRIV_FINDING_DOWNGRADE, "downgrade",
	    "the server did not send the proof that it had promised" },
};
const dp_words dp_words_finding = DP_WORDS(findings);

static const dp_word judgements[] = {
	{ DANEPRIV_JUDGEMENT_UNTRIED, "untried", "not tried: the question was settled before" },
	{ DANEPRIV_JUDGEMENT_MATCH, "match", "matches" },
	{ DANEPRIV_JUDGEMENT_NO_MATCH, "no-match", "does not match" },
	{ DANEPRIV_JUDGEMENT_UNUSABLE, "unusable", "cannot be judged" },
	{ DANEPRIV_JUDGEMENT_SUPPRESSED, "suppressed", "passed over for a stronger digest" },
};
const dp_words dp_words_judgement = DP_WORDS(judgements);

static const dp_word record_reasons[] = {
	{ DANEPRIV_RECORD_REASON_NONE, "none", "no particular reason" },
	{ DANEPRIV_RECORD_REASON_MALFORMED, "malformed", "the record is too short" },
	{ DANEPRIV_RECORD_REASON_USAGE, "usage", "the certificate usage is unknown" },
	{ DANEPRIV_RECORD_REASON_SELECTOR, "selector", "the selector is unknown" },
	{ DANEPRIV_RECORD_REASON_MATCHING, "matching", "the matching type is unknown" },
	{ DANEPRIV_RECORD_REASON_DIGEST_LENGTH, "digest-length",
	    "the association data is not as long as the digest" },
	{ DANEPRIV_RECORD_REASON_DATA, "data",
	    "the association data is no certificate, or no key" },
	{ DANEPRIV_RECORD_REASON_RAW_KEY, "raw-key",
	    "the peer showed a raw key, which only 3 1 x can match" },
	{ DANEPRIV_RECORD_REASON_DIFFERENT, "different", "it means another key or certificate" },
	{ DANEPRIV_RECORD_REASON_NO_ROOTS, "no-roots",
	    "it needs authorities to trust, and none were given" },
	{ DANEPRIV_RECORD_REASON_NAME, "name", "the certificate is made out to other names" },
	{ DANEPRIV_RECORD_REASON_PATH, "path",
	    "no signatures lead from the certificate to the authority" },
	{ DANEPRIV_RECORD_REASON_WEAK, "weak",
	    "a key or a digest on the way to the authority is too weak" },
	{ DANEPRIV_RECORD_REASON_CONSTRAINTS, "constraints",
	    "an issuer is no authority, or none for this certificate" },
	{ DANEPRIV_RECORD_REASON_PURPOSE, "purpose", "a certificate is meant for other purposes" },
	{ DANEPRIV_RECORD_REASON_DATES, "dates", "a certificate has expired, or is not valid yet" },
	{ DANEPRIV_RECORD_REASON_LIMIT, "limit",
	    "the way to the authority would take more work than allowed" },
	{ DANEPRIV_RECORD_REASON_KEY, "key",
	    "a key on the way to the authority uses an algorithm or a size that is not supported" },
	{ DANEPRIV_RECORD_REASON_NOT_SHOWN, "not-shown",
	    "certificates that were not shown could make it match" },
	{ DANEPRIV_RECORD_REASON_EXCLUDED, "excluded", "local policy excludes its usage" },
};
const dp_words dp_words_record_reason = DP_WORDS(record_reasons);

static const dp_word credential_types[] = {
	{ DANEPRIV_CREDENTIAL_X509, "x509", "certificates" },
	{ DANEPRIV_CREDENTIAL_RAW_KEY, "raw-key", "a raw public key" },
	{ DANEPRIV_CREDENTIAL_LEAF, "leaf",
	    "the first certificate, of several that were not all shown" },
};
const dp_words dp_words_credential_type = DP_WORDS(credential_types);

static const dp_word decisions[] = {
	{ DANEPRIV_DECISION_REFUSE, "refuse", "refuse: send no question to this server" },
	{ DANEPRIV_DECISION_PROCEED, "authenticated", "proceed: authenticated and encrypted" },
	{ DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED, "unauthenticated",
	    "proceed with care: encrypted, but to somebody unknown" },
	{ DANEPRIV_DECISION_PROCEED_CLEARTEXT, "cleartext",
	    "proceed with care: not even encrypted" },
};
const dp_words dp_words_decision = DP_WORDS(decisions);
