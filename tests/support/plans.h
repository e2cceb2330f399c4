/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test tell what happens, and what the plan is then?  As a story: words with a space
 * between them, each of which changes the world or says what the plan is to be.
 *
 * Servers are letters, `A` to `H`; `a` is A over QUIC.  Their places are letter and digit: 1 to 4
 * of IPv4, 5 to 8 of IPv6; at 0, all servers share one.
 *
 * Of all:
 *	strict free		the profile, but for servers and names with a rule of their own
 *	zone:strict zone:free	a rule for the name that is asked
 *	meta question referral	the purpose
 *	names=S			what the lookup of the zone's NS records said; U: nothing
 *	total=5 limits=2/8	connections that are open to all; how many there may be to one, and
 *				to all
 *	+90 +4m +1h -3d		the clock moves by so much
 *
 * Of a server:
 *	A:strict A:free		a rule of its own
 *	A:p2			the provenance of its name, counted from 0
 *	A:encrypted		it must not be asked in clear
 *	A=S			its records are put: S, D, I, B, N (indeterminate).  They hold
 *				for a day, or for a minute when they are failures
 *	A=Sb A=S/90 A=D/1h	with another key than `a`; they hold for so long
 *	A:auth			it has authenticated itself
 *	A:claim A:release	its lookup is claimed, or the claim ends
 *
 * Of a place:
 *	A1:ic A1:c20		events: i (initiated), c (completed), f (failed), t (timed out), r
 *				(response); and milliseconds from question to answer
 *	A1:M A1:X A1:G		findings: match, mismatch, downgrade
 *	A1:u A1:b A1:n		and those that say nothing: unjudged, bogus, unusable,
 *	A1:s A1:y A1:-		absent, unsigned, indeterminate
 *	A1*2 A1*0		connections that are open to it
 *
 * The plan:
 *	> A1!? B1* A1c ;	whom to ask, over TLS, or in clear (c); over an open connection (*),
 *				authenticated (!), its key to be learnt (?)
 *	> refuse no-key ;	why nobody, in the words of danepriv_obstacle
 *	> learn ;  > wait ;	the zone's names are to be learnt; a connection is to be waited for
 *	>> A1@0 A1c@250 ;	the same with milliseconds */
#ifndef TESTS_PLANS_H
#define TESTS_PLANS_H

#include <danepriv/danepriv.h>
#include <stdbool.h>

#define PLAN_NOW 1700000000
#define PLAN_SERVERS 8
#define PLAN_PLACES 8
#define PLAN_ATTEMPTS 256

typedef struct plan_world {
	danepriv_cache *cache;
	danepriv_time now;
	danepriv_rules *rules; /* made anew for each plan */
	danepriv_profile otherwise, zone, own[2 * PLAN_SERVERS];
	bool has_zone, has_own[2 * PLAN_SERVERS];
	danepriv_limits limits;
	danepriv_request request;
	danepriv_candidate candidates[2 * PLAN_SERVERS];
	danepriv_place places[2 * PLAN_SERVERS][PLAN_PLACES];
	uint8_t octets[2 * PLAN_SERVERS][PLAN_PLACES][16];
	char letters[2 * PLAN_SERVERS], digits[2 * PLAN_SERVERS][PLAN_PLACES];
	char names[2 * PLAN_SERVERS][24];
	danepriv_plan plan;
	danepriv_attempt attempts[PLAN_ATTEMPTS];
} plan_world;

/* Candidates and their places in the order of the request: `A1 A2 B`, where B has none.  All names
 * are proven, the profile is strict, and the cache is empty. */
void plan_world_open(plan_world *world, const char *who);
void plan_world_close(plan_world *world);
/* Ends the test where the plan is another one than the story says; `name` is told then. */
void plan_tell(plan_world *world, const char *name, const char *story);
/* Makes the plan, in world->plan; returns it as text, which lives until the next call. */
const char *plan_made(plan_world *world, bool with_delays);

#endif
