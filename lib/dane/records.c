/* SPDX-License-Identifier: BSD-2-Clause
 * What did the owner of this server's name publish, and how sure are we? */
#include "dane/records.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "dns/name.h"
#include "dns/tlsa.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"
#include "dnssec/rrsig.h"

#include <string.h>

/* Copies `len` octets to *at and moves it on. */
static const uint8_t *
keep(uint8_t **at, const void *data, size_t len)
{
	uint8_t *start = *at;

	if (len > 0)
		memcpy(start, data, len);
	*at += len;
	return start;
}

danepriv_status
dp_records_begin(dp_records_draft *draft, const dp_server *server, dp_name base, dp_proven proven,
    size_t count, size_t octets)
{
	char text[DP_NAME_TEXT_MAX];

	draft->records = NULL;
	draft->count = 0;
	/* Unproven records would only tempt somebody to use them. */
	if (proven.security != DANEPRIV_SECURITY_SECURE)
		count = octets = 0;
	if (count > DP_ASSOCIATIONS_MAX || octets > DP_ASSOCIATIONS_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	size_t text_len = dp_name_to_text(base, text, sizeof text);
	danepriv_records *records = dp_alloc(
	    1, sizeof *records + count * sizeof(dp_association) + base.len + text_len + 1 + octets);
	if (!records)
		return DANEPRIV_ENOMEM;
	dp_references_begin(&records->references);
	records->server = *server;
	records->proven = proven;
	records->count = count;
	uint8_t *at = (uint8_t *)&records->associations[count];
	records->base.octets = keep(&at, base.octets, base.len);
	records->base.len = base.len;
	records->has_alias = !dp_name_equal(base, dp_name_of(&server->name));
	records->base_text = (const char *)keep(&at, text, text_len + 1);
	draft->records = records;
	draft->at = at;
	return DANEPRIV_OK;
}

void
dp_records_add(dp_records_draft *draft, danepriv_span rdata)
{
	if (draft->count == draft->records->count)
		return;
	danepriv_span kept = { keep(&draft->at, rdata.data, rdata.len), rdata.len };
	draft->records->associations[draft->count++] = dp_association_of(kept);
}

danepriv_records *
dp_records_end(dp_records_draft *draft)
{
	dp_associations_read(draft->records->associations, draft->records->count);
	return draft->records;
}

/* Octets of all RDATAs; more than there may be where they are too many. */
static size_t
octets_of(const danepriv_span *rdatas, size_t count)
{
	size_t octets = 0;

	for (size_t i = 0; i < count && i <= DP_ASSOCIATIONS_MAX; i++) {
		if (rdatas[i].len > DP_ASSOCIATIONS_OCTETS_MAX - octets)
			return DP_ASSOCIATIONS_OCTETS_MAX + 1;
		octets += rdatas[i].len;
	}
	return octets;
}

danepriv_status
dp_records_new(const dp_server *server, dp_name base, dp_proven proven, const danepriv_span *rdatas,
    size_t count, danepriv_records **out)
{
	dp_records_draft draft;
	danepriv_status status =
	    dp_records_begin(&draft, server, base, proven, count, octets_of(rdatas, count));

	*out = NULL;
	if (status != DANEPRIV_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		dp_records_add(&draft, rdatas[i]);
	*out = dp_records_end(&draft);
	return DANEPRIV_OK;
}

/* How many there are in the proven RRset, and their octets. */
static size_t
measure_set(const dp_validator *v, const dp_found *found, size_t *octets)
{
	const dp_evidence *e = &v->evidence;
	size_t count = 0;

	*octets = 0;
	if (found->proven.security != DANEPRIV_SECURITY_SECURE)
		return 0;
	for (size_t i = found->records; i < e->count; i = dp_evidence_next(e, i), count++)
		*octets += e->items[i].rr.rdata.len;
	return count;
}

/* Its owner has signed them well, so that it is nobody's forgery; and they are not taken. */
static dp_proven
proven_of(const dp_validator *v, const dp_found *found, size_t count, size_t octets)
{
	if (count <= DP_ASSOCIATIONS_MAX && octets <= DP_ASSOCIATIONS_OCTETS_MAX)
		return found->proven;
	return dp_proven_at(
	    dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_LIMIT_RECORDS, v->now),
	    DP_PLACE_SET, found->records);
}

dp_proven
dp_records_proven(const dp_validator *validator, const dp_found *found)
{
	size_t octets, count = measure_set(validator, found, &octets);

	return proven_of(validator, found, count, octets);
}

danepriv_status
dp_records_of(const dp_server *server, dp_name base, const dp_validator *validator,
    const dp_found *found, danepriv_records **out)
{
	const dp_evidence *e = &validator->evidence;
	size_t octets, count = measure_set(validator, found, &octets);
	dp_found judged = *found;
	dp_records_place *place;
	dp_records_draft draft;

	*out = NULL;
	judged.proven = proven_of(validator, found, count, octets);
	danepriv_status status = dp_records_place_of(validator, &judged, &place);
	if (status == DANEPRIV_OK)
		status = dp_records_begin(&draft, server, base, judged.proven, count, octets);
	if (status != DANEPRIV_OK) {
		dp_free(place);
		return status;
	}
	draft.records->place = place;
	if (judged.proven.security == DANEPRIV_SECURITY_SECURE) {
		draft.records->signed_ttl = 1 + dp_rrsig_ttl(validator, found->records);
		for (size_t i = found->records; i < e->count; i = dp_evidence_next(e, i))
			dp_records_add(&draft, e->items[i].rr.rdata);
	}
	*out = dp_records_end(&draft);
	return DANEPRIV_OK;
}

void
dp_records_mark(danepriv_records *records, danepriv_source source, uint16_t support_hours)
{
	records->source = source;
	records->support_hours = support_hours;
}

void
dp_records_mark_alias(danepriv_records *records)
{
	records->has_alias = true;
}

bool
dp_records_refuse_alias(dp_proven proven)
{
	return proven.security == DANEPRIV_SECURITY_INDETERMINATE &&
	       proven.reason == DANEPRIV_REASON_ALIAS;
}

bool
dp_records_allow_alias(danepriv_aliases rule, bool has_alias, dp_proven proven)
{
	if (rule == DANEPRIV_ALIASES_FOLLOW)
		return !dp_records_refuse_alias(proven);
	return !has_alias;
}

bool
dp_records_count_for(const danepriv_records *records, danepriv_aliases rule)
{
	return dp_records_allow_alias(rule, records->has_alias, records->proven);
}

void
dp_records_note(danepriv_records *records, danepriv_stream stream, int32_t error)
{
	records->stream = (uint8_t)stream;
	records->upstream_error = error;
}

void
dp_records_limit(danepriv_records *records, danepriv_time until, danepriv_time expiry)
{
	const dp_proven limit = { .valid_until = until, .expiry = expiry };

	dp_proven_limit(&records->proven, limit);
}

danepriv_records *
danepriv_records_ref(danepriv_records *records)
{
	if (records)
		dp_references_take(&records->references);
	return records;
}

void
danepriv_records_free(danepriv_records *records)
{
	if (!records || !dp_references_drop(&records->references))
		return;
	dp_free(records->place);
	dp_free(records);
}

/* The reasons of the enum stand in the order of what they lead to, but for the last; what passes a
 * bound can be either bogus or not found out. */
bool
dp_records_reason_fits(danepriv_security security, danepriv_reason reason)
{
	bool is_limit =
	    reason >= DANEPRIV_REASON_LIMIT_WORK && reason <= DANEPRIV_REASON_LIMIT_OCTETS;

	switch (security) {
	case DANEPRIV_SECURITY_SECURE:
		return reason == DANEPRIV_REASON_NONE;
	case DANEPRIV_SECURITY_DENIED:
		return reason >= DANEPRIV_REASON_NONE && reason <= DANEPRIV_REASON_NO_NAME;
	case DANEPRIV_SECURITY_INSECURE:
		return reason == DANEPRIV_REASON_NONE ||
		       (reason >= DANEPRIV_REASON_DELEGATION_UNSIGNED &&
			   reason <= DANEPRIV_REASON_NEGATIVE_ANCHOR);
	case DANEPRIV_SECURITY_BOGUS:
		return reason == DANEPRIV_REASON_NONE || reason == DANEPRIV_REASON_SERVED_LOCALLY ||
		       (reason >= DANEPRIV_REASON_SIGNATURE_INVALID &&
			   reason <= DANEPRIV_REASON_MALFORMED);
	case DANEPRIV_SECURITY_INDETERMINATE:
		return reason == DANEPRIV_REASON_NONE || is_limit ||
		       (reason >= DANEPRIV_REASON_NO_ANCHOR &&
			   reason <= DANEPRIV_REASON_QUERY_STREAM);
	case DANEPRIV_SECURITY_UNKNOWN:
		break;
	}
	return false;
}

/* Every RDATA has octets, or says that it has none. */
static bool
spans_are_sound(const danepriv_span *spans, size_t count)
{
	if (count > 0 && !spans)
		return false;
	for (size_t i = 0; i < count && i <= DP_ASSOCIATIONS_MAX; i++)
		if (spans[i].len > 0 && !spans[i].data)
			return false;
	return true;
}

danepriv_status
danepriv_records_vouch(const danepriv_server *server, const char *base, danepriv_security security,
    danepriv_reason reason, const danepriv_span *rdatas, size_t count, danepriv_time valid_until,
    danepriv_records **out)
{
	dp_server read, read_base;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!dp_records_reason_fits(security, reason) ||
	    (security == DANEPRIV_SECURITY_SECURE) != (count > 0) ||
	    !spans_are_sound(rdatas, count))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status != DANEPRIV_OK)
		return status;
	/* A base is a server's name too: the end of its aliases (RFC 7671 section 7). */
	danepriv_server alias = { .name = base ? base : server->name };
	if (dp_server_read(&alias, &read_base) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	dp_proven proven = { security, reason, { 0 }, valid_until, valid_until };
	status = dp_records_new(&read, dp_name_of(&read_base.name), proven, rdatas, count, out);
	if (status == DANEPRIV_OK)
		dp_records_mark(*out, DANEPRIV_SOURCE_VOUCHED, 0);
	return status;
}

danepriv_source
danepriv_records_source(const danepriv_records *records)
{
	return records ? records->source : DANEPRIV_SOURCE_NONE;
}

uint16_t
danepriv_records_support_hours(const danepriv_records *records)
{
	return records ? records->support_hours : 0;
}

danepriv_stream
danepriv_records_stream(const danepriv_records *records)
{
	return records ? (danepriv_stream)records->stream : DANEPRIV_STREAM_NONE;
}

int
danepriv_records_upstream_ede(const danepriv_records *records)
{
	return records ? (int)records->upstream_error - 1 : -1;
}

danepriv_security
danepriv_records_security(const danepriv_records *records)
{
	return records ? records->proven.security : DANEPRIV_SECURITY_UNKNOWN;
}

danepriv_reason
danepriv_records_reason(const danepriv_records *records)
{
	return records ? records->proven.reason : DANEPRIV_REASON_NONE;
}

danepriv_time
danepriv_records_valid_until(const danepriv_records *records)
{
	return records ? records->proven.valid_until : INT64_MIN;
}

danepriv_time
danepriv_records_expiry(const danepriv_records *records)
{
	return records ? records->proven.expiry : INT64_MIN;
}

int32_t
danepriv_records_ttl(const danepriv_records *records)
{
	return records && records->signed_ttl > 0 ? (int32_t)(records->signed_ttl - 1) : -1;
}

const char *
danepriv_records_base(const danepriv_records *records)
{
	return records ? records->base_text : "";
}

size_t
danepriv_records_count(const danepriv_records *records)
{
	return records ? records->count : 0;
}

danepriv_span
danepriv_records_rdata(const danepriv_records *records, size_t index)
{
	danepriv_span none = { NULL, 0 };

	return records && index < records->count
		   ? dp_association_rdata(&records->associations[index])
		   : none;
}

int
danepriv_records_has_raw_key(const danepriv_records *records)
{
	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		danepriv_record_verdict v = dp_association_verdict(&records->associations[i]);
		if (v.judgement != DANEPRIV_JUDGEMENT_UNUSABLE && v.usage == DP_TLSA_DANE_EE &&
		    v.selector == DP_TLSA_SPKI)
			return 1;
	}
	return 0;
}

const dp_server *
dp_records_server(const danepriv_records *records)
{
	return &records->server;
}

dp_name
dp_records_base(const danepriv_records *records)
{
	return records->base;
}
