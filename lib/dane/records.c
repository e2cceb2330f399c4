/* SPDX-License-Identifier: BSD-2-Clause
 * What did the owner of this server's name publish, and how sure are we? */
#include "dane/records.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/span.h"

#include <string.h>

/* Octets of all RDATAs; ELIMIT past the bounds. */
static danepriv_status
measure(const danepriv_span *rdatas, size_t count, size_t *octets)
{
	*octets = 0;
	if (count > DP_ASSOCIATIONS_MAX)
		return DANEPRIV_ELIMIT;
	for (size_t i = 0; i < count; i++) {
		if (rdatas[i].len > DP_ASSOCIATIONS_OCTETS_MAX - *octets)
			return DANEPRIV_ELIMIT;
		*octets += rdatas[i].len;
	}
	return DANEPRIV_OK;
}

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
dp_records_new(const dp_server *server, dp_name base, dp_proven proven, const danepriv_span *rdatas,
    size_t count, danepriv_records **out)
{
	char text[DP_NAME_TEXT_MAX];
	size_t octets;

	*out = NULL;
	/* Unproven records would only tempt somebody to use them. */
	if (proven.proof != DANEPRIV_PROOF_SECURE)
		count = 0;
	danepriv_status status = measure(rdatas, count, &octets);
	if (status != DANEPRIV_OK)
		return status;
	size_t text_len = dp_name_to_text(base, text, sizeof text);
	danepriv_records *records = dp_alloc(
	    1, sizeof *records + count * sizeof(dp_association) + base.len + text_len + 1 + octets);
	if (!records)
		return DANEPRIV_ENOMEM;
	atomic_init(&records->references, 1);
	records->server = *server;
	records->proven = proven;
	records->count = count;
	uint8_t *at = (uint8_t *)&records->associations[count];
	records->base.octets = keep(&at, base.octets, base.len);
	records->base.len = base.len;
	records->base_text = (const char *)keep(&at, text, text_len + 1);
	for (size_t i = 0; i < count; i++) {
		danepriv_span *kept = &records->associations[i].rdata;
		kept->data = keep(&at, rdatas[i].data, rdatas[i].len);
		kept->len = rdatas[i].len;
	}
	dp_associations_read(records->associations, count);
	*out = records;
	return DANEPRIV_OK;
}

/* The RDATAs of the proven RRset, each once. */
static size_t
collect(const dp_evidence *e, size_t first, danepriv_span *rdatas, size_t room)
{
	size_t count = 0;

	for (size_t i = first; i < e->count; i = dp_evidence_next(e, i)) {
		size_t same = 0;
		while (same < count && !dp_span_equal(rdatas[same], e->items[i].rr.rdata))
			same++;
		if (same < count)
			continue;
		if (count == room)
			return room + 1;
		rdatas[count++] = e->items[i].rr.rdata;
	}
	return count;
}

/* The RDATAs of what is proven, which is not taken when they are too many. */
static dp_proven
take(const dp_validator *validator, const dp_found *found,
    danepriv_span rdatas[DP_ASSOCIATIONS_MAX], size_t *count)
{
	*count = 0;
	if (found->proven.proof == DANEPRIV_PROOF_SECURE)
		*count = collect(&validator->evidence, found->records, rdatas, DP_ASSOCIATIONS_MAX);
	if (*count <= DP_ASSOCIATIONS_MAX)
		return found->proven;
	*count = 0;
	return dp_proven_not(DANEPRIV_PROOF_BOGUS, DANEPRIV_REASON_LIMIT_RECORDS, validator->now);
}

dp_proven
dp_records_proven(const dp_validator *validator, const dp_found *found)
{
	danepriv_span rdatas[DP_ASSOCIATIONS_MAX];
	size_t count;

	return take(validator, found, rdatas, &count);
}

danepriv_status
dp_records_of(const dp_server *server, dp_name base, const dp_validator *validator,
    const dp_found *found, danepriv_records **out)
{
	danepriv_span rdatas[DP_ASSOCIATIONS_MAX];
	size_t count;
	dp_proven proven = take(validator, found, rdatas, &count);

	return dp_records_new(server, base, proven, rdatas, count, out);
}

void
dp_records_mark(danepriv_records *records, danepriv_source source, uint16_t support_hours)
{
	records->source = source;
	records->support_hours = support_hours;
}

void
dp_records_limit(danepriv_records *records, danepriv_time until, danepriv_time expiry)
{
	const dp_proven limit = { .until = until, .expiry = expiry };

	dp_proven_limit(&records->proven, limit);
}

danepriv_records *
dp_records_ref(danepriv_records *records)
{
	if (records)
		atomic_fetch_add_explicit(&records->references, 1, memory_order_relaxed);
	return records;
}

void
danepriv_records_free(danepriv_records *records)
{
	/* The last one to let go must see all that the others did before. */
	if (records &&
	    atomic_fetch_sub_explicit(&records->references, 1, memory_order_acq_rel) == 1)
		dp_free(records);
}

static bool
proof_is_known(danepriv_proof proof)
{
	switch (proof) {
	case DANEPRIV_PROOF_SECURE:
	case DANEPRIV_PROOF_DENIED:
	case DANEPRIV_PROOF_INSECURE:
	case DANEPRIV_PROOF_BOGUS:
	case DANEPRIV_PROOF_INDETERMINATE:
		return true;
	case DANEPRIV_PROOF_UNKNOWN:
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
danepriv_records_vouch(const danepriv_server *server, const char *base, danepriv_proof proof,
    const danepriv_span *rdatas, size_t count, danepriv_time until, danepriv_records **out)
{
	dp_server read, read_base;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!proof_is_known(proof) || (proof == DANEPRIV_PROOF_SECURE) != (count > 0) ||
	    !spans_are_sound(rdatas, count))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status != DANEPRIV_OK)
		return status;
	/* A base is a server's name too: the end of its aliases (RFC 7671 section 7). */
	danepriv_server alias = { .name = base ? base : server->name };
	if (dp_server_read(&alias, &read_base) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	dp_proven proven = { proof, DANEPRIV_REASON_NONE, until, until };
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

danepriv_proof
danepriv_records_proof(const danepriv_records *records)
{
	return records ? records->proven.proof : DANEPRIV_PROOF_UNKNOWN;
}

danepriv_reason
danepriv_records_reason(const danepriv_records *records)
{
	return records ? records->proven.reason : DANEPRIV_REASON_NONE;
}

danepriv_time
danepriv_records_until(const danepriv_records *records)
{
	return records ? records->proven.until : INT64_MIN;
}

danepriv_time
danepriv_records_expiry(const danepriv_records *records)
{
	return records ? records->proven.expiry : INT64_MIN;
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

	return records && index < records->count ? records->associations[index].rdata : none;
}

int
danepriv_records_raw_key(const danepriv_records *records)
{
	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		const dp_association *a = &records->associations[i];
		if (a->verdict.judgement != DANEPRIV_RECORD_UNUSABLE &&
		    a->tlsa.usage == DP_TLSA_DANE_EE && a->tlsa.selector == DP_TLSA_SPKI)
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
