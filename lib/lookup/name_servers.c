/* SPDX-License-Identifier: BSD-2-Clause
 * Which name servers does the owner of this zone name?  Those of the NS records at its apex, which
 * the zone itself has signed; what its parent says of them is a referral (RFC 4035 section 2.2). */
#include "lookup/name_servers.h"
#include "base/alloc.h"
#include "base/time.h"
#include "dane/records.h"
#include "dane/server.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/rrsig.h"
#include "dnssec/validator.h"
#include "lookup/lookup.h"

#include <string.h>

danepriv_status
danepriv_lookup_new_zone(const danepriv *ctx, const char *zone, danepriv_lookup **out)
{
	danepriv_lookup *lookup;
	dp_name_store name;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!ctx || !zone)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_name_from_text(zone, &name);
	if (status == DANEPRIV_OK)
		status = dp_lookup_begin(&lookup, ctx);
	if (status != DANEPRIV_OK)
		return status;
	lookup->zone = name;
	status = dp_lookup_ask(lookup);
	if (status != DANEPRIV_OK) {
		danepriv_lookup_free(lookup);
		return status;
	}
	*out = lookup;
	return DANEPRIV_OK;
}

/* Is at least the first step of an alias proven? */
static bool
leads_away(const dp_validator *v, const dp_found *found, dp_name zone)
{
	dp_name owner = dp_name_of(&found->owner);

	/* A validator that was stopped has one verdict for everything. */
	return owner.len > 0 && !dp_budget_stopped(&v->budget) && !dp_name_equal(owner, zone);
}

/* What is proven when aliases and other zones' signatures do not count. */
static dp_proven
judge(dp_validator *v, const dp_found *found, dp_name zone)
{
	dp_proven error =
	    dp_proven_not(DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_ALIAS, v->now);

	/* The end of an alias says nothing of this zone, which cannot be one: SOA and NS are at its
	 * apex (RFC 1034 section 3.6.2).  So no answer is waited for. */
	if (leads_away(v, found, zone)) {
		dp_proven_limit(&error, found->proven);
		return error;
	}
	if (found->proven.security != DANEPRIV_SECURITY_SECURE)
		return found->proven;
	/* By another zone it is a delegation, which nobody should have signed, or was expanded from
	 * a wildcard, which is always above what it is expanded to. */
	if (!dp_name_equal(dp_rrsig_check(v, found->records).signer, zone))
		return dp_proven_not(
		    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_SIGNER_ABOVE_CUT, v->now);
	return found->proven;
}

static danepriv_status
find(dp_validator *v, dp_name zone, danepriv_time now, dp_found *found, dp_proven *proven)
{
	danepriv_status status = dp_validate(v, zone, DP_TYPE_NS, now, found);

	if (status == DANEPRIV_OK)
		*proven = judge(v, found, zone);
	return status;
}

/* Names of different lengths are told apart by those; the octets of all others are paid for, since
 * one RRset has room for hundreds of spellings of a few long names.  `v`: NULL for a caller's own.
 */
static bool
is_among(dp_validator *v, const dp_name *names, size_t count, dp_name name)
{
	size_t octets = name.len;
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		octets += names[i].len == name.len ? name.len : 0;
		found = dp_name_equal(names[i], name);
	}
	if (v)
		(void)dp_budget_look(&v->budget, octets);
	return found;
}

/* The root, 192.0.2.1 and the like: nobody can be found, or asked, under it. */
static bool
is_new_server(dp_validator *v, const dp_name *names, size_t count, dp_name name)
{
	return dp_server_name_check(name) == DANEPRIV_OK && !is_among(v, names, count, name);
}

danepriv_status
dp_name_servers_read(const char *const *names, size_t count, dp_zone_names *out)
{
	out->count = 0;
	if (count > DP_ZONE_SERVERS_MAX)
		return DANEPRIV_ELIMIT;
	for (size_t i = 0; i < count; i++) {
		dp_name_store *store = &out->stores[out->count];
		if (!names[i])
			return DANEPRIV_EINVAL;
		if (dp_name_from_text(names[i], store) != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
		if (is_new_server(NULL, out->names, out->count, dp_name_of(store)))
			out->names[out->count++] = dp_name_of(store);
	}
	return DANEPRIV_OK;
}

/* The names in an RRset with such a proof, each once.  The proof, or why none can be taken. */
static dp_proven
collect(dp_validator *v, size_t first, dp_proven proven, dp_name names[DP_ZONE_SERVERS_MAX],
    size_t *count)
{
	const dp_evidence *e = &v->evidence;
	dp_name name;

	*count = 0;
	for (size_t i = first; i < e->count && !dp_budget_stopped(&v->budget);
	     i = dp_evidence_next(e, i)) {
		if (dp_rr_target_parse(e->items[i].rr.rdata, &name) != DANEPRIV_OK)
			return dp_proven_not(
			    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_MALFORMED, v->now);
		if (!is_new_server(v, names, *count, name))
			continue;
		/* The owner has signed them well. */
		if (*count == DP_ZONE_SERVERS_MAX)
			return dp_proven_not(
			    DANEPRIV_SECURITY_INDETERMINATE, DANEPRIV_REASON_LIMIT_RECORDS, v->now);
		names[(*count)++] = name;
	}
	/* As dp_validate says it from now on. */
	return dp_budget_stopped(&v->budget)
		   ? dp_proven_not(DANEPRIV_SECURITY_BOGUS, v->budget.limit, v->now)
		   : proven;
}

/* Puts a name and its text at `at`, where there is room; returns what is behind them. */
static uint8_t *
keep(dp_zone_server *server, uint8_t *at, dp_name name)
{
	size_t room = dp_name_to_text(name, NULL, 0) + 1;

	memcpy(at, name.octets, name.len);
	server->name = (dp_name){ at, name.len };
	at += name.len;
	(void)dp_name_to_text(name, (char *)at, room);
	server->text = (const char *)at;
	return at + room;
}

static danepriv_status
zone_new(dp_name name, dp_proven proven, const dp_name *names, size_t count, danepriv_zone **out)
{
	size_t octets = 0;

	for (size_t i = 0; i < count; i++)
		octets += names[i].len + dp_name_to_text(names[i], NULL, 0) + 1;
	danepriv_zone *zone = dp_alloc(1, sizeof *zone + count * sizeof *zone->servers + octets);
	if (!zone)
		return DANEPRIV_ENOMEM;
	uint8_t *at = (uint8_t *)&zone->servers[count];
	dp_references_begin(&zone->references);
	dp_name_keep(&zone->name, name);
	zone->proven = proven;
	zone->count = count;
	for (size_t i = 0; i < count; i++)
		at = keep(&zone->servers[i], at, names[i]);
	*out = zone;
	return DANEPRIV_OK;
}

danepriv_status
dp_name_servers_find(danepriv_lookup *lookup, danepriv_time now, danepriv_zone **out)
{
	dp_validator *v = &lookup->validator;
	dp_name zone = dp_name_of(&lookup->zone);
	dp_name names[DP_ZONE_SERVERS_MAX];
	size_t count = 0;
	dp_found found;
	dp_proven proven;

	danepriv_status status = find(v, zone, now, &found, &proven);
	if (status == DANEPRIV_OK && dp_lookup_judges_again(lookup, proven))
		status = find(v, zone, now, &found, &proven);
	if (status != DANEPRIV_OK)
		return status;
	if (dp_lookup_has_to_wait(lookup, proven))
		return DANEPRIV_EAGAIN;
	if (proven.security == DANEPRIV_SECURITY_SECURE)
		proven = collect(v, found.records, proven, names, &count);
	if (proven.security != DANEPRIV_SECURITY_SECURE)
		count = 0;
	return zone_new(zone, proven, names, count, out);
}

danepriv_status
danepriv_zone_vouch(const char *zone, danepriv_security security, danepriv_reason reason,
    const char *const *names, size_t count, danepriv_time valid_until, danepriv_zone **out)
{
	dp_name_store name;
	dp_zone_names read;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!zone || !dp_records_reason_fits(security, reason) ||
	    (security == DANEPRIV_SECURITY_SECURE) != (count > 0) || (count > 0 && !names))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_name_from_text(zone, &name);
	if (status == DANEPRIV_OK)
		status = dp_name_servers_read(names, count, &read);
	if (status != DANEPRIV_OK)
		return status;
	dp_proven proven = { security, reason, { 0 }, valid_until, valid_until };
	return zone_new(dp_name_of(&name), proven, read.names, read.count, out);
}

danepriv_status
danepriv_lookup_finish_zone(danepriv_lookup *lookup, danepriv_time now, danepriv_zone **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!lookup || !dp_lookup_is_of_zone(lookup))
		return DANEPRIV_EINVAL;
	danepriv_status status = danepriv_lookup_judge(lookup, now);
	if (status == DANEPRIV_OK)
		*out = dp_name_servers_ref(lookup->best.zone);
	return status;
}

danepriv_zone *
dp_name_servers_ref(danepriv_zone *zone)
{
	if (zone)
		dp_references_take(&zone->references);
	return zone;
}

void
danepriv_zone_free(danepriv_zone *zone)
{
	if (zone && dp_references_drop(&zone->references))
		dp_free(zone);
}

danepriv_security
danepriv_zone_security(const danepriv_zone *zone)
{
	return zone ? zone->proven.security : DANEPRIV_SECURITY_UNKNOWN;
}

danepriv_reason
danepriv_zone_reason(const danepriv_zone *zone)
{
	return zone ? zone->proven.reason : DANEPRIV_REASON_NONE;
}

danepriv_time
danepriv_zone_valid_until(const danepriv_zone *zone)
{
	return zone ? zone->proven.valid_until : INT64_MIN;
}

size_t
danepriv_zone_count(const danepriv_zone *zone)
{
	return zone ? zone->count : 0;
}

const char *
danepriv_zone_name(const danepriv_zone *zone, size_t index)
{
	return index < danepriv_zone_count(zone) ? zone->servers[index].text : NULL;
}

danepriv_provenance
danepriv_zone_provenance(const danepriv_zone *zone, const char *name, danepriv_time now)
{
	dp_name_store wanted;

	if (!zone || !dp_time_counts(now) || now > zone->proven.valid_until || !name ||
	    dp_name_from_text(name, &wanted) != DANEPRIV_OK)
		return DANEPRIV_PROVENANCE_UNPROVEN;
	for (size_t i = 0; i < zone->count; i++)
		if (dp_name_equal(zone->servers[i].name, dp_name_of(&wanted)))
			return DANEPRIV_PROVENANCE_SECURE;
	return DANEPRIV_PROVENANCE_UNPROVEN;
}
