/* SPDX-License-Identifier: BSD-2-Clause
 * Which of a zone's servers next, how, and when?  (draft-bortzmeyer-dprive-resolver-to-auth section
 * 2, RFC 8310 section 5, RFC 8305, RFC 9539)
 *
 * Each address of each server is an attempt over TLS, one in clear, both, or stands before an
 * obstacle.  An attempt is a number: the first in order is the smallest.  Its parts, from the top:
 *
 *   rank      why it comes so early or so late
 *   standing  what its past says of it, by which those are that TLS failed for, or are in clear
 *   rtt       microseconds, smoothed; unknown ones last
 *   turn      among these the how-manieth of its family, so that families take turns
 *   spot      the order of the request
 *   clear     behind TLS to the same address
 *
 * RFC 8305 section 4 has the families alternate, for when one of them leads nowhere.  Here they do
 * where nothing is known of either; an address with a round-trip time has been reached, and says
 * more of itself than its family does. */
#include "policy/plan.h"

#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "dnssec/proven.h"

#include <string.h>

#define RANK_BIT 60
#define STANDING_BIT 56
#define RTT_BIT 24
#define TURN_BIT 16
#define RTT_UNKNOWN UINT32_MAX

#define STEP_MS 250 /* RFC 8305 section 5 and 8: where nothing is known, */
#define STEP_MS_MIN 100
#define STEP_MS_MAX 2000

#define ATTEMPTS_MAX ((size_t)2 * DP_PLAN_PLACES_MAX)

typedef enum rank {
	RANK_OPEN = 0,	    /* a connection is there (RFC 7766 section 6.2.1) */
	RANK_MATCHED,	    /* it authenticated itself there, */
	RANK_AUTHENTICATED, /* or elsewhere (draft-bortzmeyer section 2: may try others first) */
	RANK_KEYED,	    /* its keys are known */
	RANK_KEYED_FAILED,  /* strict: and TLS failed recently */
	RANK_UNKNOWN,	    /* nothing is known of its keys */
	RANK_SUSPECT,	    /* something speaks against it (RFC 8310 section 5: prefer others) */
	RANK_FAILED,	    /* TLS failed recently (RFC 9539 section 4.3) */
	RANK_CLEAR,	    /* in clear, since TLS is not to be had */
	RANK_CLEAR_LAST,    /* in clear, although TLS should be (RFC 9539 section 4.6.1) */
	RANKS
} rank;

_Static_assert(RANKS <= 16, "a rank has four bits");
_Static_assert(DP_PLAN_PLACES_MAX <= 256, "a turn has eight bits, and a spot less than sixteen");

typedef struct draft {
	const dp_outlook *outlook;
	danepriv_obstacle obstacle; /* the last of all */
	bool is_nameless;	    /* a server's name stands in the way */
	bool is_meta;
	size_t count;
	uint8_t turns[RANKS][2]; /* how many were given, by family */
	uint64_t attempts[ATTEMPTS_MAX];
} draft;

/* ---- what stands in the way ---- */

/* Strict asks nobody whose key cannot be known (RFC 8310 section 5). */
static danepriv_obstacle
obstacle_by(danepriv_security security)
{
	if (dp_proven_has_no_keys(security))
		return DANEPRIV_OBSTACLE_NO_KEY;
	/* What nobody has asked for can be learnt. */
	return security == DANEPRIV_SECURITY_SECURE || security == DANEPRIV_SECURITY_UNKNOWN
		   ? DANEPRIV_OBSTACLE_NONE
		   : DANEPRIV_OBSTACLE_NOT_LEARNT;
}

static danepriv_obstacle
obstacle_for(const dp_prospect *prospect, const dp_spot *spot)
{
	/* RFC 8310 section 7.3, RFC 4035 section 2.2: referrals are not signed. */
	if (!prospect->is_proven)
		return DANEPRIV_OBSTACLE_NAME_UNPROVEN;
	danepriv_obstacle obstacle = obstacle_by(prospect->security);
	if (obstacle != DANEPRIV_OBSTACLE_NONE)
		return obstacle;
	/* draft-bortzmeyer section 2: strict stops using a server that fails. */
	if (spot->is_rejected)
		return DANEPRIV_OBSTACLE_REJECTED;
	if (!spot->is_open && !prospect->may_connect)
		return DANEPRIV_OBSTACLE_CONNECTIONS;
	return DANEPRIV_OBSTACLE_NONE;
}

static void
meet(draft *d, danepriv_obstacle obstacle)
{
	d->is_nameless = d->is_nameless || obstacle == DANEPRIV_OBSTACLE_NAME_UNPROVEN;
	if (obstacle > d->obstacle)
		d->obstacle = obstacle;
}

/* ---- in which order ---- */

/* What its past says of it, but for failures of TLS. */
static rank
standing_of(const dp_prospect *prospect, const dp_spot *spot)
{
	if (spot->is_open)
		return RANK_OPEN;
	if (spot->is_rejected || prospect->security == DANEPRIV_SECURITY_BOGUS)
		return RANK_SUSPECT;
	/* What was authenticated once says nothing of keys that are withdrawn. */
	if (dp_proven_has_no_keys(prospect->security))
		return RANK_UNKNOWN;
	if (spot->has_matched)
		return RANK_MATCHED;
	if (prospect->has_authenticated)
		return RANK_AUTHENTICATED;
	return prospect->security == DANEPRIV_SECURITY_SECURE ? RANK_KEYED : RANK_UNKNOWN;
}

static rank
rank_strictly(rank standing, const dp_prospect *prospect, const dp_spot *spot)
{
	bool is_left = spot->has_failed && !spot->is_open;

	/* What has yet to be looked up comes behind all that is known, connections included: their
	 * records have run out. */
	if (prospect->security != DANEPRIV_SECURITY_SECURE)
		return is_left ? RANK_FAILED : RANK_UNKNOWN;
	return is_left ? RANK_KEYED_FAILED : standing;
}

static rank
rank_freely(rank standing, const dp_spot *spot)
{
	return spot->has_failed && !spot->is_open ? RANK_FAILED : standing;
}

/* The lower parts of an attempt's number. */
static uint64_t
place_in_rank(draft *d, rank standing, size_t spot)
{
	const dp_spot *s = &d->outlook->spot[spot];
	uint64_t rtt_us = s->rtt_us ? s->rtt_us : RTT_UNKNOWN, turn = 0;

	if (s->rtt_us == 0)
		turn = d->turns[standing][s->key.len == DP_ADDRESS_KEY_OCTETS_MAX]++;
	return rtt_us << RTT_BIT | turn << TURN_BIT | (uint64_t)spot << 1;
}

static void
add(draft *d, rank first, rank standing, uint64_t place, bool is_clear)
{
	d->attempts[d->count++] = (uint64_t)first << RANK_BIT | (uint64_t)standing << STANDING_BIT |
				  place | (uint64_t)is_clear;
}

static void
add_strict(draft *d, size_t spot)
{
	const dp_spot *s = &d->outlook->spot[spot];
	const dp_prospect *prospect = &d->outlook->prospect[s->candidate];
	danepriv_obstacle obstacle = obstacle_for(prospect, s);

	if (obstacle != DANEPRIV_OBSTACLE_NONE) {
		meet(d, obstacle);
		return;
	}
	rank standing = standing_of(prospect, s), first = rank_strictly(standing, prospect, s);
	add(d, first, standing, place_in_rank(d, standing, spot), false);
}

/* Over TLS, in clear, or both. */
static void
add_opportunistic(draft *d, size_t spot)
{
	const dp_spot *s = &d->outlook->spot[spot];
	const dp_prospect *prospect = &d->outlook->prospect[s->candidate];
	rank standing = standing_of(prospect, s), first = rank_freely(standing, s);
	uint64_t place = place_in_rank(d, standing, spot);
	bool has_keys = prospect->security == DANEPRIV_SECURITY_SECURE;
	bool is_expected =
	    s->is_open || has_keys || s->is_encrypted_only || s->wish == DANEPRIV_WISH_EXPECTED;
	/* RFC 9539 section 4.3: left alone for the time of damping, and its timeout.  But not where
	 * there is no other way, as in strict. */
	bool has_tls = s->is_open || (prospect->may_connect && (has_keys || s->is_encrypted_only ||
								   s->wish != DANEPRIV_WISH_NONE));

	/* Our own limit is no reason to go in clear where TLS is to be had; but those whose
	 * connections take all the room may wait for the answer to a meta-query. */
	if (is_expected && !has_tls && !prospect->may_connect && !d->is_meta) {
		meet(d, DANEPRIV_OBSTACLE_CONNECTIONS);
		return;
	}
	if (has_tls)
		add(d, first, standing, place, false);
	if (s->is_encrypted_only) {
		if (!has_tls)
			meet(d, DANEPRIV_OBSTACLE_ENCRYPTED_ONLY);
		return;
	}
	if (is_expected)
		add(d, RANK_CLEAR_LAST, standing, place, true);
	else if (has_tls) /* side by side (draft-bortzmeyer section 3, RFC 9539 section 4.6) */
		add(d, first, standing, place, true);
	else
		add(d, RANK_CLEAR, standing, place, true);
}

static void
sort(uint64_t *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint64_t moving = list[i];
		size_t to = i;
		for (; to > 0 && list[to - 1] > moving; to--)
			list[to] = list[to - 1];
		list[to] = moving;
	}
}

/* ---- the plan ---- */

static bool
is_clear(uint64_t attempt)
{
	return attempt & 1;
}

static const dp_spot *
spot_of(const draft *d, uint64_t attempt)
{
	return &d->outlook->spot[(attempt & 0xffff) >> 1];
}

/* Cleartext knows neither names nor transports: one question to an address is enough, as late as
 * any of its servers has it. */
static bool
comes_again(const draft *d, size_t i)
{
	const dp_spot *spot = spot_of(d, d->attempts[i]);

	while (++i < d->count)
		if (is_clear(d->attempts[i]) && dp_spot_is_beside(spot_of(d, d->attempts[i]), spot))
			return true;
	return false;
}

/* Requests may have a server twice, or an address of it, once of IPv4 and once in IPv6. */
static bool
came_before(const draft *d, size_t i)
{
	const dp_spot *spot = spot_of(d, d->attempts[i]);
	const dp_prospect *prospect = d->outlook->prospect;

	for (size_t k = 0; k < i; k++) {
		const dp_spot *other = spot_of(d, d->attempts[k]);
		if (!is_clear(d->attempts[k]) && other->key.hash == spot->key.hash &&
		    prospect[other->candidate].key.hash == prospect[spot->candidate].key.hash)
			return true;
	}
	return false;
}

/* Milliseconds before the next one begins (RFC 8305 section 5). */
static uint32_t
step_after(uint32_t rtt_us)
{
	uint32_t twice = rtt_us / 500;

	if (rtt_us == 0)
		return STEP_MS;
	if (twice < STEP_MS_MIN)
		return STEP_MS_MIN;
	return twice < STEP_MS_MAX ? twice : STEP_MS_MAX;
}

static void
write_attempt(const draft *d, const danepriv_request *request, uint64_t number, uint32_t delay,
    danepriv_plan *out)
{
	const dp_spot *spot = spot_of(d, number);
	const dp_prospect *prospect = &d->outlook->prospect[spot->candidate];
	danepriv_attempt own;
	danepriv_attempt *a =
	    dp_sized_room(out->attempts, out->attempt_size, out->count, &own, sizeof own);

	memset(a, 0, sizeof *a); /* with what lies between its fields */
	a->candidate = spot->candidate;
	a->place = spot->place;
	a->channel = DANEPRIV_CHANNEL_CLEAR;
	a->unauthenticated_ok = prospect->profile == DANEPRIV_PROFILE_OPPORTUNISTIC;
	a->delay_ms = delay;
	if (!is_clear(number)) {
		a->channel = DANEPRIV_CHANNEL_ENCRYPTED;
		a->open = spot->is_open;
		a->learn = request->purpose != DANEPRIV_PURPOSE_META &&
			   prospect->security == DANEPRIV_SECURITY_UNKNOWN;
	}
	dp_sized_put_element(out->attempts, out->attempt_size, out->count, a, sizeof *a);
}

static void
write_attempts(const draft *d, const danepriv_request *request, danepriv_plan *out)
{
	uint32_t delay = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (is_clear(d->attempts[i]) ? comes_again(d, i) : came_before(d, i))
			continue;
		if (out->count < out->room)
			write_attempt(d, request, d->attempts[i], delay, out);
		out->count++;
		delay += step_after(spot_of(d, d->attempts[i])->rtt_us);
	}
}

/* What there is to be done when there is nobody to ask. */
static danepriv_step
step_before(const draft *d, danepriv_security names)
{
	if (d->obstacle == DANEPRIV_OBSTACLE_CONNECTIONS)
		return DANEPRIV_STEP_WAIT;
	/* Once they were looked up, nothing else will prove them. */
	if (d->is_nameless && names == DANEPRIV_SECURITY_UNKNOWN)
		return DANEPRIV_STEP_LEARN_NAMES;
	return DANEPRIV_STEP_REFUSE;
}

/* Has it no address?  Its name comes first: who is not the zone's need not be looked for. */
static void
draft_homeless(const dp_prospect *prospect, draft *d)
{
	bool is_strict = prospect->profile != DANEPRIV_PROFILE_OPPORTUNISTIC;

	meet(d, is_strict && !prospect->is_proven ? DANEPRIV_OBSTACLE_NAME_UNPROVEN
						  : DANEPRIV_OBSTACLE_NO_PLACE);
}

static void
draft_attempts(const danepriv_request *request, draft *d)
{
	const dp_outlook *outlook = d->outlook;

	d->count = 0;
	d->is_nameless = false;
	d->is_meta = request->purpose == DANEPRIV_PURPOSE_META;
	d->obstacle = request->count ? DANEPRIV_OBSTACLE_NONE : DANEPRIV_OBSTACLE_NO_PLACE;
	memset(d->turns, 0, sizeof d->turns);
	for (size_t i = 0; i < request->count; i++)
		if (!outlook->prospect[i].has_place)
			draft_homeless(&outlook->prospect[i], d);
	for (size_t i = 0; i < outlook->spots; i++) {
		if (outlook->prospect[outlook->spot[i].candidate].profile ==
		    DANEPRIV_PROFILE_OPPORTUNISTIC)
			add_opportunistic(d, i);
		else
			add_strict(d, i);
	}
	sort(d->attempts, d->count);
}

static danepriv_status
clear_plan(danepriv_plan *out)
{
	if (!out || !dp_sized_fits(out->size, DP_PLAN_LEAST))
		return DANEPRIV_EINVAL;
	out->step = DANEPRIV_STEP_REFUSE;
	out->obstacle = DANEPRIV_OBSTACLE_NONE;
	out->count = 0;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	bool fits = out->attempts && dp_sized_fits(out->attempt_size, DP_ATTEMPT_LEAST);
	return fits || out->room == 0 ? DANEPRIV_OK : DANEPRIV_EINVAL;
}

danepriv_status
danepriv_plan_make(
    danepriv_cache *cache, const danepriv_request *request, danepriv_time now, danepriv_plan *out)
{
	danepriv_request known;
	dp_outlook outlook;
	draft d;
	danepriv_status status = clear_plan(out);

	if (status == DANEPRIV_OK)
		status = request ? dp_sized_read(request, DP_REQUEST_LEAST, &known, sizeof known)
				 : DANEPRIV_EINVAL;
	if (status == DANEPRIV_OK)
		status = dp_plan_outlook_read(cache, &known, now, &outlook);
	if (status != DANEPRIV_OK)
		return status;
	d.outlook = &outlook;
	draft_attempts(&known, &d);
	write_attempts(&d, &known, out);
	if (d.count > 0) {
		out->step = DANEPRIV_STEP_ASK;
		return DANEPRIV_OK;
	}
	out->step = step_before(&d, known.names);
	out->obstacle =
	    out->step == DANEPRIV_STEP_LEARN_NAMES ? DANEPRIV_OBSTACLE_NAME_UNPROVEN : d.obstacle;
	return DANEPRIV_OK;
}
