/* SPDX-License-Identifier: BSD-2-Clause
 * zone.h - which name servers does the owner of this zone name?
 *
 * The NS records of a referral are not signed (RFC 4035 section 2.2).  Whoever forges them puts a
 * server of their own there, and authenticates it perfectly well.  Those at the apex of the zone
 * are signed.  This lookup asks for them and proves them, by the same questions, rules and bounds
 * as the lookup of a server's records (lookup.h).  Create it here, and go on with
 * danepriv_lookup_next, danepriv_lookup_give_answer and danepriv_lookup_give_failure.
 *
 * Its questions are meta-queries: they may go to any server (plan.h), since nothing counts but the
 * signatures.
 *
 * What is learnt here is meant for a memory of many zones: zones.h. */
#ifndef DANEPRIV_ZONE_H
#define DANEPRIV_ZONE_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name servers of a zone and their proof.  It never changes, and any number of threads may read
 * it. */
typedef struct danepriv_zone danepriv_zone;

/* Begins the lookup of a zone's NS records.
 * `zone`: presentation form, final dot optional; `.` is the root.
 * The lookup has a reference of its own to `ctx`.  On success *out is yours, to end with
 * danepriv_lookup_free; on failure it is NULL.
 * Returns:
 * - OK: there are questions to ask (danepriv_lookup_next).
 * - EINVAL: NULL.
 * - EMALFORMED: `zone` is no domain name.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new_zone(
    const danepriv *ctx, const char *zone, danepriv_lookup **out);

/* Judges the lookup of a zone as of `now` (danepriv_lookup_judge), and gives the verdict.
 * The verdict on the zone (danepriv_zone_security, danepriv_zone_reason) is one of these:
 * - SECURE: the zone has these names.  Names that no server can have (`.`, `192.0.2.1.`) are left
 *   out.  So SECURE may come without any name: then nobody can be asked.
 * - DENIED: the name is the apex of no zone.
 * - INSECURE: it is proven that the zone is not signed, or not in a way that can be checked.
 * - BOGUS: what should be signed does not verify.  REASON_SIGNER_ABOVE_CUT: another zone has signed
 *   the NS records.
 * - INDETERMINATE: it could not be found out.  REASON_ALIAS: the name is an alias.
 *   REASON_LIMIT_RECORDS: there are more than 64 names.
 * On OK *out is yours to free, each time; otherwise it is NULL.
 * Returns:
 * - OK: there is a verdict, and it stays.
 * - EINVAL: NULL, or the lookup of a server's records: danepriv_lookup_finish is for those.
 * - EAGAIN: there are questions to ask, or answers are outstanding.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_finish_zone(
    danepriv_lookup *lookup, danepriv_time now, danepriv_zone **out);

/* Takes your word for it: you validated the NS records at the apex of `zone` yourself.
 * `zone`: presentation form, final dot optional.
 * `security`: what your validation said.  Names go with SECURE only, and SECURE needs at least one.
 * `reason`: why, to be shown to people; DANEPRIV_REASON_NONE where you do not know.
 * `names`: the targets of the records, `count` of them.  What no server is called is left out, as
 *   by the lookup.
 * `valid_until`: the last second at which they may be used, by TTL and signatures, whichever end
 *   first.
 * The names are copied.  On success *out is yours to free; on failure it is NULL.
 * Returns:
 * - OK: *out says what you said.
 * - EINVAL: NULL, one of the names included; UNKNOWN security; names that do not go with it; or a
 *   reason that does not.
 * - EMALFORMED: `zone`, or one of the names, is no domain name.
 * - ELIMIT: more than 64 names.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_zone_vouch(const char *zone,
    danepriv_security security, danepriv_reason reason, const char *const *names, size_t count,
    danepriv_time valid_until, danepriv_zone **out);

/* Frees a zone; NULL is fine. */
DANEPRIV_API void danepriv_zone_free(danepriv_zone *zone);

/* Returns: what DNSSEC said; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_zone_security(const danepriv_zone *zone);

/* Returns: why DNSSEC said so; NONE for NULL, and where there is nothing to say. */
DANEPRIV_API danepriv_reason danepriv_zone_reason(const danepriv_zone *zone);

/* Returns: the last second at which this may be used, which is the least of TTL, original TTL and
 * signature expiry; INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_zone_valid_until(const danepriv_zone *zone);

/* Returns: the number of names; 0 unless the zone is SECURE, and for NULL. */
DANEPRIV_API size_t danepriv_zone_count(const danepriv_zone *zone);

/* Finds one of the zone's names.
 * `index`: from 0.
 * The text lives as long as the zone.
 * Returns: the name in presentation form with final dot; NULL where there is none at `index`. */
DANEPRIV_API const char *danepriv_zone_name(const danepriv_zone *zone, size_t index);

/* Says where the name of a server of this zone comes from.
 * `name`: presentation form, final dot optional.
 * Returns:
 * - SECURE: `name` is among the zone's names, and `now` is not past their end.
 * - UNPROVEN: otherwise, also for NULL, for what is no name, and at a `now` of 0 or less, which is
 *   no time. */
DANEPRIV_API danepriv_provenance danepriv_zone_provenance(
    const danepriv_zone *zone, const char *name, danepriv_time now);

#ifdef __cplusplus
}
#endif

#endif
