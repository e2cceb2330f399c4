/* SPDX-License-Identifier: BSD-2-Clause
 * zone.h - which name servers does the owner of this zone name?
 *
 * The NS records of a referral are not signed (RFC 4035 section 2.2): who forges them puts a server
 * of their own there, and authenticates it perfectly well.  Those at the apex of the zone are. This
 * lookup asks for them and proves them, by the same questions, rules and bounds as that of a
 * server's records (lookup.h): create it here, and go on with danepriv_lookup_next,
 * danepriv_lookup_give_answer and danepriv_lookup_give_failure.  Its questions are meta-queries:
 * they may go to anybody (plan.h), since nothing counts but the signatures.
 *
 * A memory of many zones, for which what is learnt here is meant: zones.h. */
#ifndef DANEPRIV_ZONE_H
#define DANEPRIV_ZONE_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name servers of a zone and their proof: immutable. */
typedef struct danepriv_zone danepriv_zone;

/* Begins the lookup of a zone's NS records.  `zone`: presentation form, final dot optional; `.` is
 * the root.  It has a reference of its own to `ctx`.  On success *out is yours, to end with
 * danepriv_lookup_free; on failure it is NULL.  EINVAL: NULL.  EMALFORMED: not a domain name.
 * ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_new_zone(
    const danepriv *ctx, const char *zone, danepriv_lookup **out);

/* danepriv_lookup_judge, and gives the verdict, as danepriv_lookup_finish does for a server; each
 * of the two answers EINVAL for a lookup of the other kind.  OK: *out is yours to free, each time,
 * and its proof says what was learnt: SECURE with names; DENIED where the name is no zone's apex;
 * INDETERMINATE, REASON_ALIAS where it is an alias, REASON_LIMIT_RECORDS for more than 64 names;
 * BOGUS, REASON_SIGNER_ABOVE_CUT for NS records that another zone has signed.  Names that no server
 * can have
 * (`.`, `192.0.2.1.`) are left out, so that SECURE may come without any, and then nobody can be
 * asked. EAGAIN: there are questions to ask, or answers outstanding.  ENOMEM.  Unless it is OK,
 * *out is NULL. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_lookup_finish_zone(
    danepriv_lookup *lookup, danepriv_time now, danepriv_zone **out);

/* Takes your word for it: you validated the NS records at the apex of `zone` yourself.
 * `security`: what your validation said.  Names go with SECURE only, and SECURE needs at least one.
 * `reason`: why, to be shown to people; DANEPRIV_REASON_NONE where you do not know.
 * `names`: the targets of the records.  What no server is called is left out, as by the lookup.
 * `valid_until`: the last second at which they may be used (TTL and signatures, whichever ends
 * first).
 * On success *out is yours to free; the names are copied.  On failure it is NULL.
 * Returns: OK; EINVAL: NULL, UNKNOWN security, names that do not go with it, or a reason that does
 * not; EMALFORMED: `zone` is no domain name; ELIMIT: more than 64 names; EINVAL, EMALFORMED: one of
 * them is NULL or no domain name; ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_zone_vouch(const char *zone,
    danepriv_security security, danepriv_reason reason, const char *const *names, size_t count,
    danepriv_time valid_until, danepriv_zone **out);

/* NULL is fine. */
DANEPRIV_API void danepriv_zone_free(danepriv_zone *zone);

/* What DNSSEC said; UNKNOWN for NULL. */
DANEPRIV_API danepriv_security danepriv_zone_security(const danepriv_zone *zone);
DANEPRIV_API danepriv_reason danepriv_zone_reason(const danepriv_zone *zone);

/* The last second at which this may be used: least of TTL, original TTL and signature expiry.
 * INT64_MIN for NULL. */
DANEPRIV_API danepriv_time danepriv_zone_valid_until(const danepriv_zone *zone);

/* How many names there are (0 unless SECURE), and one of them (`index` from 0), in presentation
 * form with final dot, which lives as long as the zone; NULL when there is no such one. */
DANEPRIV_API size_t danepriv_zone_count(const danepriv_zone *zone);
DANEPRIV_API const char *danepriv_zone_name(const danepriv_zone *zone, size_t index);

/* SECURE where `name` is among them and `now` is not past their end; else UNPROVEN, also for NULL,
 * for what is no name, and at a `now` of 0 or less, which is no time. */
DANEPRIV_API danepriv_provenance danepriv_zone_provenance(
    const danepriv_zone *zone, const char *name, danepriv_time now);

#ifdef __cplusplus
}
#endif

#endif
