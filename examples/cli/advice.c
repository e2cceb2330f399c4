/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to mend? */
#include "advice.h"

#include "output.h"

#include <stdio.h>
#include <string.h>

#define SIGN_ANEW "re-sign the zone"
#define ASK_ANOTHER "try another resolver (--resolver)"
#define LESS "reduce what the zone needs to be proven"

/* Where nothing can be done by the one who reads it, nothing is said. */
static const char *const remedies[] = {
	[DANEPRIV_REASON_NO_DATA] = "publish a record (danepriv record prints it)",
	[DANEPRIV_REASON_NO_NAME] = "publish a record (danepriv record prints it)",
	[DANEPRIV_REASON_DELEGATION_UNSIGNED] = "sign the zone, and have its parent publish the DS",
	[DANEPRIV_REASON_OPT_OUT] = "have the parent publish a DS, or sign without opt-out",
	[DANEPRIV_REASON_ALGORITHM_UNSUPPORTED] = "sign with ECDSA, EdDSA or RSA with SHA-2",
	[DANEPRIV_REASON_DIGEST_UNSUPPORTED] = "have the parent publish a SHA-256 DS",
	[DANEPRIV_REASON_NSEC3_ITERATIONS] = "sign with no extra NSEC3 iterations",
	[DANEPRIV_REASON_SIGNATURE_INVALID] = SIGN_ANEW ", or look for who changes the answers",
	[DANEPRIV_REASON_SIGNATURE_EXPIRED] = SIGN_ANEW,
	[DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID] = "compare the clocks, here and at the signer's",
	[DANEPRIV_REASON_SIGNATURE_DATES_CROSSED] = SIGN_ANEW,
	[DANEPRIV_REASON_SIGNATURE_MISSING] =
	    SIGN_ANEW ", or use a resolver that hands on signatures",
	[DANEPRIV_REASON_DNSKEY_MISSING] = "make the parent's DS and the zone's keys agree",
	[DANEPRIV_REASON_NO_ZONE_KEY] = "sign with a zone key that is not revoked",
	[DANEPRIV_REASON_DENIAL_MISSING] =
	    SIGN_ANEW ", or use a resolver that hands on NSEC records",
	[DANEPRIV_REASON_WILDCARD_UNPROVEN] =
	    SIGN_ANEW ", or use a resolver that hands on NSEC records",
	[DANEPRIV_REASON_SIGNER_ABOVE_CUT] = "serve the name from the zone that it is in",
	[DANEPRIV_REASON_ALIAS_LOOP] = "break the loop of CNAME records",
	[DANEPRIV_REASON_LIMIT_WORK] = LESS,
	[DANEPRIV_REASON_LIMIT_SIGNATURES] = LESS ": fewer signatures",
	[DANEPRIV_REASON_LIMIT_KEYS] = LESS ": no keys of equal tag",
	[DANEPRIV_REASON_LIMIT_HASHES] = LESS ": fewer DS, shorter names",
	[DANEPRIV_REASON_LIMIT_ALIASES] = LESS ": fewer CNAME records",
	[DANEPRIV_REASON_LIMIT_RECORDS] = LESS ": fewer records",
	[DANEPRIV_REASON_LIMIT_OCTETS] = LESS ": fewer or smaller records",
	[DANEPRIV_REASON_MALFORMED] = ASK_ANOTHER,
	[DANEPRIV_REASON_NO_ANCHOR] = "give a trust anchor at or above the name (--anchor)",
	[DANEPRIV_REASON_CLOCK] = "set this machine's clock",
	[DANEPRIV_REASON_QUERY_FAILED] = ASK_ANOTHER,
	[DANEPRIV_REASON_QUERY_TIMEOUT] = ASK_ANOTHER ", or wait longer (--timeout)",
	[DANEPRIV_REASON_QUERY_REFUSED] = ASK_ANOTHER ", and see whether the zone is served at all",
	[DANEPRIV_REASON_LIMIT_QUESTIONS] = LESS ": fewer zones on the way",
	[DANEPRIV_REASON_SERVED_LOCALLY] =
	    "have the resolver ask the zone's servers (in Unbound a stub-zone, and "
	    "'local-zone: \"ZONE\" nodefault' for its built-in one)",
	[DANEPRIV_REASON_QUERY_STREAM] = ASK_ANOTHER ", or let TCP through to this one",
};

static const char *
remedy(danepriv_reason reason)
{
	size_t index = (size_t)reason;

	if (index >= sizeof remedies / sizeof *remedies)
		return NULL;
	return remedies[index];
}

void
cli_explain_proof(danepriv_security security, danepriv_reason reason, char *text, size_t room)
{
	const char *mend = remedy(reason);
	int ede = danepriv_reason_ede(reason);
	char code[24] = "";

	text[0] = '\0';
	if (reason == DANEPRIV_REASON_NONE)
		return;
	if (ede >= 0)
		(void)snprintf(code, sizeof code, " (EDE %d)", ede);
	(void)snprintf(text, room, "%s: %s%s%s%s", danepriv_word(DANEPRIV_KIND_SECURITY, security),
	    danepriv_sentence(DANEPRIV_KIND_REASON, reason), code, mend ? ": " : "",
	    mend ? mend : "");
}

cli_carriage
cli_carriage_of(const danepriv_records *records)
{
	cli_carriage carriage = { danepriv_records_stream(records),
		danepriv_records_upstream_ede(records) };

	return carriage;
}

/* What TCP brought, where neither proof nor reason says so. */
static const char *
stream_text(danepriv_stream stream, danepriv_security security, danepriv_reason reason)
{
	if (stream == DANEPRIV_STREAM_FAILED && reason != DANEPRIV_REASON_QUERY_STREAM)
		return "; asked again over TCP, the resolver gave no answer";
	if (stream == DANEPRIV_STREAM_ANSWERED && security == DANEPRIV_SECURITY_BOGUS)
		return "; so it was over TCP";
	return "";
}

void
cli_add_carriage(cli_carriage carriage, danepriv_security security, danepriv_reason reason,
    char *text, size_t room)
{
	size_t at = strlen(text);
	char code[48] = "";

	if (at == 0)
		return;
	if (carriage.upstream_ede >= 0)
		(void)snprintf(code, sizeof code, "; the resolver's own word is EDE %d",
		    carriage.upstream_ede);
	(void)snprintf(
	    text + at, room - at, "%s%s", stream_text(carriage.stream, security, reason), code);
}

const char *
cli_mismatch_text(const danepriv_verdict *v, bool hinted)
{
	if (v->finding != DANEPRIV_FINDING_MISMATCH)
		return NULL;
	if (hinted)
		return "something else may be meant, see the hints";
	if (v->fault != DANEPRIV_RECORD_REASON_NONE)
		return danepriv_sentence(DANEPRIV_KIND_RECORD_REASON, v->fault);
	return NULL;
}

void
cli_explain_verdict(const danepriv_verdict *v, const char *mismatch, char *text, size_t room)
{
	text[0] = '\0';
	switch (v->finding) {
	case DANEPRIV_FINDING_UNJUDGED:
		break;
	case DANEPRIV_FINDING_MATCH:
		(void)snprintf(text, room, "record %zu matches the key shown", v->record);
		break;
	case DANEPRIV_FINDING_MISMATCH:
		if (mismatch)
			(void)snprintf(text, room, "no record matches: %s", mismatch);
		else
			(void)snprintf(text, room,
			    "records exist and none matches the key shown: likely "
			    "attack, or a new key whose record was not published before");
		break;
	case DANEPRIV_FINDING_UNUSABLE:
		if (v->fault == DANEPRIV_RECORD_REASON_EXCLUDED) {
			(void)snprintf(text, room,
			    "records exist, of usages that are excluded here (--exclude-usage)");
			break;
		}
		(void)snprintf(text, room,
		    "records exist, none of a kind that can be judged: "
		    "publish a 3 1 1 (danepriv record prints it)");
		break;
	case DANEPRIV_FINDING_DOWNGRADE:
		(void)snprintf(
		    text, room, "the server had promised to send its proof: look its records up");
		break;
	case DANEPRIV_FINDING_BOGUS:
	case DANEPRIV_FINDING_ABSENT:
	case DANEPRIV_FINDING_UNSIGNED:
	case DANEPRIV_FINDING_INDETERMINATE:
		cli_explain_proof(v->security, v->reason, text, room);
		break;
	}
}
