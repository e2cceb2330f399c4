/* SPDX-License-Identifier: BSD-2-Clause
 * Is this IKE peer the one that was published?  (draft-osterweil-dane-ipsec sections 1.3 and 2,
 * RFC 7296 sections 3.5, 3.6 and 3.8)
 *
 * The peer's payloads become a credential, and that is judged as any other.  Whatever else there is
 * about the peer can only stand in its way. */
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/span.h"
#include "base/time.h"
#include "cache/cache.h"
#include "crypto/der.h"
#include "crypto/extension.h"
#include "dane/match.h"
#include "ipsec/identity.h"
#include "ipsec/rsa_key.h"

enum { ENCODING_X509 = 4, ENCODING_RSA = 11, ENCODING_RAW_KEY = 15 };

/* What a peer has shown, and what speaks against it. */
typedef struct shown {
	danepriv_span items[DP_CREDENTIAL_ITEMS_MAX];
	danepriv_credential credential; /* of `items`; without any: neither CERT nor key */
	dp_wanted wanted;
	dp_name_store id; /* no name: it names nobody */
	bool is_refused;  /* whatever it shows: it is not the one */
} shown;

/* ---- what came ---- */

/* Those methods by which the peer shows that it holds the key (RFC 7296 section 3.8, RFC 4754, RFC
 * 7427).  Others use a secret that is shared, or none. */
static bool
auth_proves_key(uint32_t auth)
{
	return auth == 1 || (auth >= 9 && auth <= 11) || auth == 14;
}

/* The certificates of X.509, in their order.  Others are no part of a path. */
static danepriv_status
read_chain(const danepriv_ike_peer *peer, shown *s)
{
	for (size_t i = 0; i < peer->count; i++) {
		if (peer->certificates[i].encoding != ENCODING_X509)
			continue;
		if (s->credential.count == DP_CREDENTIAL_ITEMS_MAX)
			return DANEPRIV_ELIMIT;
		s->items[s->credential.count++] = peer->certificates[i].octets;
	}
	s->credential.type = DANEPRIV_CREDENTIAL_X509;
	return DANEPRIV_OK;
}

static void
read_key(danepriv_span key, shown *s)
{
	s->items[0] = key;
	s->credential.type = DANEPRIV_CREDENTIAL_RAW_KEY;
	s->credential.count = 1;
}

/* The first one is the end entity's (RFC 7296 section 3.6). */
static danepriv_status
read_certificates(const danepriv_ike_peer *peer, danepriv_ike_found *out, shown *s)
{
	const danepriv_ike_certificate *first = peer->certificates;
	danepriv_span key;

	switch (first->encoding) {
	case ENCODING_X509:
		return read_chain(peer, s);
	case ENCODING_RAW_KEY:
		read_key(first->octets, s);
		return DANEPRIV_OK;
	case ENCODING_RSA:
		if (!dp_rsa_key_convert(first->octets, out->converted, sizeof out->converted, &key))
			break;
		read_key(key, s);
		return DANEPRIV_OK;
	default:
		break;
	}
	s->is_refused = true;
	return DANEPRIV_OK;
}

/* The key of the first item; empty: there is none. */
static danepriv_span
key_of(const shown *s)
{
	danepriv_span key = { NULL, 0 };

	if (s->credential.count == 0)
		return key;
	if (s->credential.type == DANEPRIV_CREDENTIAL_RAW_KEY)
		return s->items[0];
	return dp_der_certificate_spki(s->items[0], &key) == DANEPRIV_OK
		   ? key
		   : (danepriv_span){ NULL, 0 };
}

static danepriv_status
read_credential(const danepriv_ike_peer *peer, danepriv_ike_found *out, shown *s)
{
	danepriv_status status = DANEPRIV_OK;

	if (peer->count > 0)
		status = read_certificates(peer, out, s);
	else if (peer->key.len > 0) {
		/* The daemon knew it before, and maybe out of a certificate (danepriv_ike_key). */
		s->wanted.digs_for_keys = true;
		read_key(peer->key, s);
	}
	if (peer->count > 0 && peer->key.len > 0)
		s->is_refused = s->is_refused || !dp_span_equal(key_of(s), peer->key);
	return status;
}

/* Whom it claims to be, and where.  Without a name it is never the one that was meant. */
static void
read_identity(const danepriv_ike_peer *peer, shown *s)
{
	if (dp_identity_read(&peer->id, &s->id) != DANEPRIV_OK)
		return;
	if (dp_identity_is_address(&peer->id))
		s->wanted.address = peer->id.octets;
	else
		s->wanted.identity = dp_name_of(&s->id);
	if (peer->address.len > 0 && dp_identity_is_elsewhere(dp_name_of(&s->id), peer->address))
		s->is_refused = true;
}

static danepriv_status
read_shown(const danepriv *ctx, const danepriv_ike_peer *peer, danepriv_ike_found *out, shown *s)
{
	s->credential = (danepriv_credential){ .items = s->items };
	s->wanted = (dp_wanted){ .purposes = ctx->ike_takes_server_auth ? DP_PURPOSE_IKE_LOOSELY
									: DP_PURPOSE_IKE };
	s->is_refused = !auth_proves_key(peer->auth) || peer->resource == DANEPRIV_RESOURCE_REFUTED;
	read_identity(peer, s);
	return read_credential(peer, out, s);
}

/* ---- in and out ---- */

static bool
span_is_good(danepriv_span span)
{
	return span.data || span.len == 0;
}

/* What the caller says of certificates, keys and addresses has a place in memory. */
static bool
spans_are_good(const danepriv_ike_peer *peer)
{
	if ((!peer->certificates && peer->count > 0) || !span_is_good(peer->key) ||
	    !span_is_good(peer->address) || !span_is_good(peer->id.octets))
		return false;
	for (size_t i = 0; i < peer->count && i < DP_IKE_CERTIFICATES_MAX; i++)
		if (!span_is_good(peer->certificates[i].octets))
			return false;
	return true;
}

/* EINVAL: it cannot be read.  ELIMIT: it is too much. */
static danepriv_status
read_peer(const danepriv_ike_peer *given, danepriv_ike_peer *out)
{
	if (!given || dp_sized_read(given, DP_IKE_PEER_LEAST, out, sizeof *out) != DANEPRIV_OK)
		return DANEPRIV_EINVAL;
	if (!spans_are_good(out) || (unsigned)out->resource > DANEPRIV_RESOURCE_REFUTED ||
	    (out->address.len != 0 && out->address.len != 4 && out->address.len != 16))
		return DANEPRIV_EINVAL;
	return out->count <= DP_IKE_CERTIFICATES_MAX ? DANEPRIV_OK : DANEPRIV_ELIMIT;
}

/* Nothing was found yet.  EINVAL: nothing can be written. */
static danepriv_status
clear_found(danepriv_ike_found *out, danepriv_verdict *why)
{
	if (!out || !dp_sized_fits(out->size, DP_IKE_FOUND_LEAST))
		return DANEPRIV_EINVAL;
	out->valid_until = INT64_MIN;
	out->key = (danepriv_span){ NULL, 0 };
	out->finding = DANEPRIV_FINDING_UNJUDGED;
	out->needs_pkix = 0;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	return dp_match_clear(why);
}

/* Usages 0 and 1 (RFC 6698 section 2.1.1). */
static bool
needs_pkix(const dp_published *published, const danepriv_verdict *why)
{
	uint8_t usage = published->associations[why->record].usage;

	return usage == DP_TLSA_PKIX_TA || usage == DP_TLSA_PKIX_EE;
}

static void
write_found(const dp_published *published, const shown *s, const danepriv_verdict *why,
    danepriv_ike_found *out)
{
	out->finding = why->finding;
	out->valid_until = why->valid_until;
	if (why->finding != DANEPRIV_FINDING_MATCH)
		return;
	out->key = key_of(s);
	out->needs_pkix = needs_pkix(published, why);
}

/* ---- judging ---- */

/* Is it the server that was meant, or where its records are? */
static bool
is_meant(const shown *s, dp_name server, dp_name base)
{
	dp_name id = dp_name_of(&s->id);

	return s->id.len > 0 && (dp_name_equal(id, server) || dp_name_equal(id, base));
}

/* Of a peer that shows nothing, or nothing that counts.  `finding`: what that is, where there are
 * records that could have been judged. */
static danepriv_status
judge_none(const danepriv *ctx, const dp_published *published, const shown *s,
    danepriv_finding finding, danepriv_time now, danepriv_verdict *why)
{
	danepriv_status status =
	    dp_match_evaluate(ctx, published, NULL, &s->wanted, now, NULL, why);

	if (status == DANEPRIV_OK && why->security == DANEPRIV_SECURITY_SECURE &&
	    why->finding == DANEPRIV_FINDING_INDETERMINATE)
		dp_match_find(why, finding);
	return status;
}

static danepriv_status
judge(const danepriv *ctx, const dp_published *published, dp_name server, const shown *s,
    danepriv_time now, danepriv_verdict *why)
{
	danepriv_status status;

	/* It is not the one, whatever it shows; or it has shown nothing, which is still missing. */
	if (s->is_refused || !is_meant(s, server, published->base))
		status = judge_none(ctx, published, s, DANEPRIV_FINDING_MISMATCH, now, why);
	else if (s->credential.count == 0)
		status = judge_none(ctx, published, s, DANEPRIV_FINDING_UNJUDGED, now, why);
	else
		status =
		    dp_match_evaluate(ctx, published, &s->credential, &s->wanted, now, NULL, why);
	/* draft section 1.3: of what no anchor covers nothing can be known. */
	if (status == DANEPRIV_OK && why->finding == DANEPRIV_FINDING_INDETERMINATE &&
	    why->reason == DANEPRIV_REASON_NO_ANCHOR)
		dp_match_find(why, DANEPRIV_FINDING_UNSIGNED);
	return status;
}

danepriv_status
danepriv_ike_evaluate(const danepriv *ctx, const danepriv_records *records,
    const danepriv_ike_peer *peer, danepriv_time now, danepriv_ike_found *out,
    danepriv_verdict *why)
{
	danepriv_verdict own = { .size = sizeof own };
	danepriv_ike_peer read;
	shown s;

	if (!why)
		why = &own;
	danepriv_status status = clear_found(out, why);
	if (status != DANEPRIV_OK)
		return status;
	if (!ctx || !records || !dp_time_counts(now) ||
	    dp_records_server(records)->transport != DANEPRIV_TRANSPORT_IPSEC)
		return DANEPRIV_EINVAL;
	status = read_peer(peer, &read);
	if (status == DANEPRIV_OK)
		status = read_shown(ctx, &read, out, &s);
	if (status != DANEPRIV_OK)
		return status;
	const dp_published published = dp_match_until(records, records->proven.valid_until);
	status =
	    judge(ctx, &published, dp_name_of(&dp_records_server(records)->name), &s, now, why);
	write_found(&published, &s, why, out);
	return status;
}

/* By what was looked up. */
static danepriv_status
judge_by_cache(danepriv_cache *cache, const danepriv *ctx, const dp_key *key, const shown *s,
    danepriv_time now, danepriv_ike_found *out, danepriv_verdict *why)
{
	dp_association associations[DP_CACHE_ASSOCIATIONS_MAX];
	dp_unpacked found;
	danepriv_status status = dp_cache_look_up(cache, key, now, &found);

	if (status != DANEPRIV_OK)
		return status;
	const dp_published published = dp_cache_unpack(&found, key, associations);
	status = judge(ctx, &published, dp_key_name(key), s, now, why);
	write_found(&published, s, why, out);
	return s->credential.count > 0 ? dp_cache_note_verdict(cache, key, &found, status, now, why)
				       : status;
}

danepriv_status
danepriv_ike_judge(danepriv_cache *cache, const danepriv *ctx, const danepriv_server *server,
    const danepriv_ike_peer *peer, danepriv_time now, danepriv_ike_found *out,
    danepriv_verdict *why)
{
	danepriv_verdict own = { .size = sizeof own };
	danepriv_ike_peer read;
	dp_key key;
	shown s;

	if (!why)
		why = &own;
	danepriv_status status = clear_found(out, why);
	if (status != DANEPRIV_OK)
		return status;
	if (!cache || !ctx || !server || server->transport != DANEPRIV_TRANSPORT_IPSEC ||
	    !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	status = read_peer(peer, &read);
	if (status == DANEPRIV_OK)
		status = dp_key_read(&cache->table, server, &key);
	if (status == DANEPRIV_OK)
		status = read_shown(ctx, &read, out, &s);
	return status == DANEPRIV_OK ? judge_by_cache(cache, ctx, &key, &s, now, out, why) : status;
}

/* ---- before ---- */

/* The key that a record publishes whole; false: it does not. */
static bool
read_published(const dp_association *association, danepriv_span *key)
{
	const dp_tlsa record = dp_association_tlsa(association);

	if (dp_association_verdict(association).judgement != DANEPRIV_JUDGEMENT_UNTRIED ||
	    record.usage != DP_TLSA_DANE_EE || record.matching != DP_TLSA_FULL)
		return false;
	*key = record.data;
	return record.selector == DP_TLSA_SPKI ||
	       dp_der_certificate_spki(record.data, key) == DANEPRIV_OK;
}

danepriv_status
danepriv_ike_key(const danepriv *ctx, const danepriv_records *records, size_t index,
    danepriv_time now, danepriv_span *key, size_t *record)
{
	danepriv_span found;

	if (record)
		*record = SIZE_MAX;
	if (!key)
		return DANEPRIV_EINVAL;
	*key = (danepriv_span){ NULL, 0 };
	if (!ctx || !records || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	if (records->proven.security != DANEPRIV_SECURITY_SECURE ||
	    now > records->proven.valid_until || dp_context_excludes(ctx, DP_TLSA_DANE_EE))
		return DANEPRIV_ENOTFOUND;
	for (size_t i = 0; i < records->count; i++) {
		if (!read_published(&records->associations[i], &found) || index-- > 0)
			continue;
		*key = found;
		if (record)
			*record = i;
		return DANEPRIV_OK;
	}
	return DANEPRIV_ENOTFOUND;
}
