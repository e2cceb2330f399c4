/* SPDX-License-Identifier: BSD-2-Clause
 * Is this peer the one that was published, and how is that said?  A connection that a person has
 * listed is CONFIGURED.  The policy is strict, unless the setting `mode` says otherwise. */
#include "plugin.h"

#include <stdio.h>

danepriv_server
server_of(const meant_t *meant)
{
	return (danepriv_server){
		.name = meant->name,
		.transport = DANEPRIV_TRANSPORT_IPSEC,
	};
}

/* Whatever else the setting says is strict. */
static danepriv_profile
profile(void)
{
	const char *mode = setting("mode");

	return mode && streq(mode, "opportunistic") ? DANEPRIV_PROFILE_OPPORTUNISTIC
						    : DANEPRIV_PROFILE_STRICT;
}

bool
judge(const meant_t *meant, const shown_t *shown, judged_t *out)
{
	danepriv_server server = server_of(meant);

	*out = (judged_t){ .found.size = sizeof out->found };
	out->why.size = sizeof out->why;
	out->why.each = out->each;
	out->why.each_size = sizeof out->each[0];
	out->why.each_room = RECORDS;
	out->why.record = SIZE_MAX;
	out->edition = evidence_edition();
	out->at = time(NULL);
	out->status = evidence_judge(&server, shown, out->at, &out->found, &out->why);
	out->decision =
	    danepriv_ike_decide(profile(), DANEPRIV_PROVENANCE_CONFIGURED, out->found.finding);
	return out->decision == DANEPRIV_DECISION_PROCEED ||
	       out->decision == DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED;
}

/* The record that matched, or what became of each of the others. */
static void
describe_records(const judged_t *judged, char *text, size_t room)
{
	const danepriv_verdict *why = &judged->why;
	size_t used = 0;

	*text = 0;
	for (size_t i = 0; i < why->count && i < RECORDS && used < room; i++) {
		const danepriv_record_verdict *record = &judged->each[i];

		if (why->record != SIZE_MAX && why->record != i)
			continue;
		used += (size_t)snprintf(text + used, room - used, "; record %u %u %u",
		    record->usage, record->selector, record->matching);
		if (why->record == SIZE_MAX && used < room)
			used += (size_t)snprintf(text + used, room - used, ": %s",
			    danepriv_sentence(DANEPRIV_KIND_RECORD_REASON, record->reason));
	}
}

static const char *
word_of(danepriv_decision decision, const char *refused)
{
	switch (decision) {
	case DANEPRIV_DECISION_PROCEED:
		return "authenticated";
	case DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED:
		return "unauthenticated";
	case DANEPRIV_DECISION_REFUSE:
	case DANEPRIV_DECISION_PROCEED_CLEARTEXT:
		return refused;
	}
	return refused;
}

/* What failed, if it did, else what DNSSEC said where that is the reason. */
static const char *
reason_of(const judged_t *judged)
{
	if (judged->status == DANEPRIV_ENOTFOUND)
		return "there is no proof of its records that holds now";
	if (judged->status != DANEPRIV_OK)
		return danepriv_sentence(DANEPRIV_KIND_STATUS, judged->status);
	if (judged->why.reason != DANEPRIV_REASON_NONE)
		return danepriv_sentence(DANEPRIV_KIND_REASON, judged->why.reason);
	return NULL;
}

void
tell(const meant_t *meant, const judged_t *judged, const char *refused)
{
	const char *finding = danepriv_sentence(DANEPRIV_KIND_FINDING, judged->found.finding);
	const char *reason = reason_of(judged);
	char records[512];

	describe_records(judged, records, sizeof records);
	DBG1(DBG_CFG, "danepriv: %s '%s' on connection '%s': %s%s%s%s",
	    word_of(judged->decision, refused), meant->name, meant->connection, finding,
	    reason ? ": " : "", reason ? reason : "", records);
}
