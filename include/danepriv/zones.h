/* SPDX-License-Identifier: BSD-2-Clause
 * zones.h - which name servers are known to be this zone's, how sure, and until when?
 *
 * A bounded memory beside the cache (cache.h), for who walks down the tree.  It stores what zones
 * have signed (zone.h) and what authenticated parents refer to, and says where a server's name
 * comes from (danepriv_provenance in server.h).  What it does not know is UNPROVEN.
 *
 * Of each zone it knows one of two things:
 * - SECURE: the names that the zone has signed, validated (danepriv_zones_put).  While they hold, a
 *   name that is not among them is UNPROVEN, whoever refers to it.
 * - CHANNEL: the names in a referral of the parent's, which came in answer to a question that was
 *   sent with PROCEED (danepriv_zones_note_referral).
 *
 * Threads.  Any number of threads share one memory.  A call waits only while another thread holds
 * the same part of it: a few hundred nanoseconds.  It is some microseconds where that thread copies
 * the names of a large zone.  Where that thread was interrupted meanwhile, the call waits until it
 * runs again.
 *
 * Fork.  Create it after fork, as a cache.  Two processes that both go on with one memory have a
 * copy each.  Parts of it that other threads held at that moment stay locked in the child.
 *
 * Memory.  All of it is taken at the start.  When it is full, zones have to go; one that went is
 * UNPROVEN until it is stored again.  Zones on which nobody proceeded go first, the oldest of them
 * first.  A flood of them takes no more than an eighth from the others.  Of the other zones, those
 * go first on which nobody proceeded in a while.
 *
 * Somebody proceeds on a zone when names of it hold here, and this memory is told of PROCEED for a
 * question in it.  danepriv_zones_note_decision tells it, or danepriv_zones_note_referral, whose
 * decision is about `parent`.  PROCEED says that a server showed the key that its owner published,
 * under a name that is proven.  So nobody makes a zone stay by asking for it, by signing it, or by
 * having it referred to.  Whoever runs servers that authenticate themselves can do so, for zones of
 * their own.  danepriv_zones_get_provenance changes nothing: strangers cause questions.
 *
 * Time.  Clocks are set, forwards and backwards.  Names that were stored at P and hold until U are
 * used from P up to U, both included.  Before P they are used no earlier than P - (U - P), so that
 * a clock that was set back does not lose all at once.  After U they are never used.  `now` of 0 or
 * less is no time: nothing is stored at it, and everything is UNPROVEN. */
#ifndef DANEPRIV_ZONES_H
#define DANEPRIV_ZONES_H

#include <danepriv/policy.h>
#include <danepriv/zone.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The names of many zones' servers.  Any number of threads share it. */
typedef struct danepriv_zones danepriv_zones;

/* How a memory of zones is set up.  Zero in any field but `size` stands for the default. */
typedef struct danepriv_zones_settings {
	size_t size;	   /* sizeof(danepriv_zones_settings) */
	size_t max_octets; /* octets of memory, all included; at least 262144.  0: 16 MiB.  A zone
			      with four servers takes less than 300 */
} danepriv_zones_settings;

/* Creates an empty memory.  Initialises libsodium.
 * `settings`: NULL for the defaults.
 * On success *out is yours to free; on failure it is NULL.
 * Returns:
 * - OK: no zone is known yet.
 * - EINVAL: `out` is NULL; or `settings` has a wrong `size`, sets an unknown field, or has too few
 *   octets.
 * - ELIMIT: more than a TiB.
 * - ENOMEM: memory ran out, or libsodium could not start. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_zones_new(
    const danepriv_zones_settings *settings, danepriv_zones **out);

/* Frees a memory.  No thread may be in a call on it.  NULL is fine. */
DANEPRIV_API void danepriv_zones_free(danepriv_zones *zones);

/* Stores what was learnt of a zone's own NS records.
 * - SECURE: replaces all that is known of the zone.
 * - DENIED: does so, too.  As long as it holds, no name is the zone's, and no referral counts.
 * - INSECURE: ends what the zone had signed before; what its parent says stays.
 * - BOGUS, INDETERMINATE: change nothing, so that nobody is able to suppress what holds.
 * The names are copied; `zone` stays yours.
 * Returns:
 * - OK: it is stored, where it says anything.
 * - EINVAL: NULL, `now` of 0 or less, or `zone` no longer holds at `now`; nothing changes. */
DANEPRIV_API danepriv_status danepriv_zones_put(
    danepriv_zones *zones, const danepriv_zone *zone, danepriv_time now);

/* Notes that a server of `parent` has referred to `child`.  This replaces an earlier referral to
 * `child`.  It replaces nothing that `child` has signed, and no denial, as long as that holds.
 * A referral holds no longer than what is known here of the names of `parent`.  Where those have
 * ended, nothing is stored.  Where nothing is known of them (they are configured, or had to go
 * since), it holds until `valid_until`.
 * `parent`: the zone that the question was sent to, whose servers you asked.
 * `decision`: the one for that very question; anything but PROCEED stores nothing.  Another zone's
 *   decision says nothing here, also where both share a connection.
 * `child`: the owner of the referral's NS records.
 * `names`, `count`: their targets.  What no server is called (`.`, `192.0.2.1.`) is left out.
 * `valid_until`: the last second of their TTL.
 * The names are copied.
 * Returns:
 * - OK: also where nothing is stored.
 * - EINVAL: NULL, one of the names included; `count` of 0; no such decision; `now` of 0 or less, or
 *   past `valid_until`; or `child` is not strictly below `parent`.
 * - EMALFORMED: `parent`, `child` or one of the names is no domain name.
 * - ELIMIT: more than 64 names. */
DANEPRIV_API danepriv_status danepriv_zones_note_referral(danepriv_zones *zones, const char *parent,
    danepriv_decision decision, const char *child, const char *const *names, size_t count,
    danepriv_time valid_until, danepriv_time now);

/* Notes what was decided for a question to a server of `zone` that brings no referral.  PROCEED
 * makes what is known of the zone stay longer; any other decision changes nothing.
 * Returns:
 * - OK: also where nothing is known of the zone.
 * - EINVAL: NULL, no such decision, or `now` of 0 or less.
 * - EMALFORMED: `zone` is no domain name. */
DANEPRIV_API danepriv_status danepriv_zones_note_decision(
    danepriv_zones *zones, const char *zone, danepriv_decision decision, danepriv_time now);

/* Says where the name of a server comes from: an argument for the decision about a question.
 * Allocates nothing.
 * `zone`: the cut that the question is sent for, and no zone above or below it.
 * `name`: the server's.  Both are in presentation form, final dot optional.
 * Returns:
 * - SECURE: `name` is among the names that `zone` has signed, and they hold at `now`.
 * - CHANNEL: `name` is among those that the parent referred to, and the referral holds at `now`.
 * - UNPROVEN: otherwise, also for NULL and for what is no name. */
DANEPRIV_API danepriv_provenance danepriv_zones_get_provenance(
    danepriv_zones *zones, const char *zone, const char *name, danepriv_time now);

#ifdef __cplusplus
}
#endif

#endif
