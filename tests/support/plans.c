/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test tell what happens, and what the plan is then? */
#include "support/plans.h"

#include "support/crowd.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400
#define WORD_MAX 64

/* ---- who there is ---- */

static size_t
candidate_of(const plan_world *world, char letter)
{
	for (size_t i = 0; i < world->request.count; i++)
		if (world->letters[i] == letter)
			return i;
	ck_abort_msg("test is wrong: no candidate %c", letter);
}

static danepriv_place *
place_of(plan_world *world, const char *word)
{
	size_t i = candidate_of(world, word[0]);

	for (size_t k = 0; k < world->candidates[i].count; k++)
		if (world->digits[i][k] == word[1])
			return &world->places[i][k];
	ck_abort_msg("test is wrong: no place %.2s", word);
}

static danepriv_address
address_of(plan_world *world, const char *word)
{
	const danepriv_place *place = place_of(world, word);
	const danepriv_server *server = &world->candidates[candidate_of(world, word[0])].server;

	return (danepriv_address){ place->octets, server->port, server->transport };
}

static void
add_candidate(plan_world *world, char letter)
{
	size_t i = world->request.count++;
	bool is_quic = letter >= 'a';

	ck_assert_uint_lt(i, 2 * PLAN_SERVERS);
	world->letters[i] = letter;
	(void)snprintf(world->names[i], sizeof world->names[i], "ns-%c.example.net.",
	    is_quic ? letter : letter - 'A' + 'a');
	world->candidates[i] = (danepriv_candidate){
		.server = { .name = world->names[i],
		    .transport = is_quic ? DANEPRIV_TRANSPORT_DOQ : DANEPRIV_TRANSPORT_DOT,
		    .aliases = DANEPRIV_ALIASES_REFUSE },
		.provenance = DANEPRIV_PROVENANCE_SECURE,
		.places = world->places[i],
		.place_size = sizeof *world->places[i],
	};
}

static void
add_place(plan_world *world, char digit)
{
	size_t i = world->request.count - 1, k = world->candidates[i].count++;
	uint8_t *octets = world->octets[i][k];

	ck_assert_uint_lt(k, PLAN_PLACES);
	world->digits[i][k] = digit;
	if (digit != '0') {
		octets[0] = (uint8_t)(world->letters[i] | 32);
		octets[3] = (uint8_t)digit;
	}
	world->places[i][k].octets = (danepriv_span){ octets, digit < '5' ? 4 : 16 };
}

void
plan_world_open(plan_world *world, const char *who)
{
	const danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = 65536 };

	memset(world, 0, sizeof *world);
	world->now = PLAN_NOW;
	world->limits.size = sizeof world->limits;
	world->request.size = sizeof world->request;
	world->request.zone = "example.com.";
	world->request.name = "www.example.com.";
	world->request.candidates = world->candidates;
	world->request.candidate_size = sizeof *world->candidates;
	ck_assert_int_eq(danepriv_cache_new(&settings, &world->cache), DANEPRIV_OK);
	for (; *who; who++) {
		if (*who == ' ')
			continue;
		if (world->request.count == 0 || world->letters[world->request.count - 1] != *who)
			add_candidate(world, *who);
		if (who[1] && who[1] != ' ')
			add_place(world, *++who);
	}
}

void
plan_world_close(plan_world *world)
{
	danepriv_rules_free(world->rules);
	danepriv_cache_free(world->cache);
}

/* ---- what the plan is ---- */

static void
make_rules(plan_world *world)
{
	danepriv_rules_free(world->rules);
	ck_assert_int_eq(danepriv_rules_new(world->otherwise, &world->rules), DANEPRIV_OK);
	if (world->has_zone)
		ck_assert_int_eq(danepriv_rules_add(
				     world->rules, DANEPRIV_RULE_ZONE, "example.com.", world->zone),
		    DANEPRIV_OK);
	for (size_t i = 0; i < world->request.count; i++)
		if (world->has_own[i])
			ck_assert_int_eq(danepriv_rules_add(world->rules, DANEPRIV_RULE_SERVER,
					     world->names[i], world->own[i]),
			    DANEPRIV_OK);
	world->request.rules = world->rules;
}

static const char *
reason_of(const danepriv_plan *plan)
{
	static char text[WORD_MAX];

	switch (plan->step) {
	case DANEPRIV_STEP_LEARN_NAMES:
		ck_assert_int_eq(plan->obstacle, DANEPRIV_OBSTACLE_NAME_UNPROVEN);
		return "learn";
	case DANEPRIV_STEP_WAIT:
		ck_assert_int_eq(plan->obstacle, DANEPRIV_OBSTACLE_CONNECTIONS);
		return "wait";
	case DANEPRIV_STEP_REFUSE:
		(void)snprintf(text, sizeof text, "refuse %s",
		    danepriv_word(DANEPRIV_KIND_OBSTACLE, plan->obstacle));
		return text;
	case DANEPRIV_STEP_ASK:
		break;
	}
	ck_abort_msg("ask, but nobody");
}

/* The number of its characters. */
static size_t
write_attempt(const plan_world *world, const danepriv_attempt *a, char *text, size_t room)
{
	return (size_t)snprintf(text, room, "%c%c%s%s%s%s", world->letters[a->candidate],
	    world->digits[a->candidate][a->place], a->channel == DANEPRIV_CHANNEL_CLEAR ? "c" : "",
	    a->open ? "*" : "", a->unauthenticated_ok ? "" : "!", a->learn ? "?" : "");
}

const char *
plan_made(plan_world *world, bool with_delays)
{
	static char text[PLAN_ATTEMPTS * 16];
	danepriv_plan *plan = &world->plan;
	size_t len = 0;

	make_rules(world);
	world->request.limits = &world->limits;
	*plan = (danepriv_plan){ .size = sizeof *plan,
		.step = DANEPRIV_STEP_ASK,
		.attempts = world->attempts,
		.attempt_size = sizeof *world->attempts,
		.room = PLAN_ATTEMPTS,
		.count = 99 };
	ck_assert_int_eq(
	    danepriv_plan_make(world->cache, &world->request, world->now, plan), DANEPRIV_OK);
	if (plan->count == 0)
		return reason_of(plan);
	ck_assert_int_eq(plan->step, DANEPRIV_STEP_ASK);
	ck_assert_int_eq(plan->obstacle, DANEPRIV_OBSTACLE_NONE);
	ck_assert_uint_le(plan->count, PLAN_ATTEMPTS);
	for (size_t i = 0; i < plan->count; i++) {
		const danepriv_attempt *a = &plan->attempts[i];
		if (i > 0)
			text[len++] = ' ';
		len += write_attempt(world, a, text + len, sizeof text - len);
		if (with_delays)
			len += (size_t)snprintf(text + len, sizeof text - len, "@%u", a->delay_ms);
	}
	return text;
}

/* ---- what happens ---- */

/* `90`, `4m`, `1h`, `3d`. */
static danepriv_time
seconds_of(const char *text)
{
	char *end;
	danepriv_time n = strtol(text, &end, 10);

	switch (*end) {
	case '\0':
		return n;
	case 'm':
		return n * 60;
	case 'h':
		return n * 3600;
	case 'd':
		return n * DAY;
	default:
		ck_abort_msg("test is wrong: time %s", text);
	}
}

static danepriv_security
proof_of(char letter)
{
	static const char letters[] = "USDIBN";
	const char *found = strchr(letters, letter);

	ck_assert_msg(letter && found, "test is wrong: proof %c", letter);
	return (danepriv_security)(found - letters);
}

/* `Sb/90` */
static void
put(plan_world *world, const danepriv_server *server, const char *what)
{
	danepriv_security security = proof_of(what[0]);
	bool is_failure =
	    security == DANEPRIV_SECURITY_BOGUS || security == DANEPRIV_SECURITY_INDETERMINATE;
	const char *held = strchr(what, '/');
	danepriv_time until = world->now + (held ? seconds_of(held + 1) : is_failure ? 60 : DAY);
	uint8_t key = (uint8_t)(what[1] && what[1] != '/' ? what[1] : 'a');

	crowd_put(world->cache, server, security, key, 35, until, world->now);
}

/* Those that there are count from 0. */
static danepriv_provenance
provenance_of(int number)
{
	static const danepriv_provenance provenances[] = { DANEPRIV_PROVENANCE_UNPROVEN,
		DANEPRIV_PROVENANCE_SECURE, DANEPRIV_PROVENANCE_CHANNEL,
		DANEPRIV_PROVENANCE_CONFIGURED };

	return number >= 0 && number <= 3 ? provenances[number] : (danepriv_provenance)number;
}

/* What stands behind `A:`. */
static void
tell_of_server(plan_world *world, size_t i, const char *what)
{
	const danepriv_server *server = &world->candidates[i].server;

	if (what[0] == 'p')
		world->candidates[i].provenance = provenance_of(atoi(what + 1));
	else if (strcmp(what, "auth") == 0)
		ck_assert_int_eq(
		    danepriv_cache_note_match(world->cache, server, 0, world->now), DANEPRIV_OK);
	else if (strcmp(what, "encrypted") == 0)
		world->candidates[i].encrypted_only = 1;
	else if (strcmp(what, "claim") == 0)
		(void)!danepriv_cache_claim(world->cache, server, world->now, NULL);
	else if (strcmp(what, "release") == 0)
		(void)danepriv_cache_release(world->cache, server);
	else {
		ck_assert_msg(strcmp(what, "strict") == 0 || strcmp(what, "free") == 0,
		    "test is wrong: %s", what);
		world->has_own[i] = true;
		world->own[i] =
		    what[0] == 's' ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	}
}

/* What stands behind `A1:`. */
static void
tell_of_place(plan_world *world, const char *word, const char *what)
{
	static const char events[] = " icftr", findings[] = "uMXbnsy-G";
	const danepriv_server *server = &world->candidates[candidate_of(world, word[0])].server;
	const danepriv_address address = address_of(world, word);

	while (*what) {
		const char *event = strchr(events, *what), *finding = strchr(findings, *what);
		char *end = (char *)(uintptr_t)(what + 1);
		ck_assert_msg(event || finding, "test is wrong: %s", word);
		uint32_t rtt_us = (uint32_t)(event ? strtoul(what + 1, &end, 10) * 1000 : 0);
		if (event)
			ck_assert_int_eq(danepriv_cache_note_event(world->cache, &address,
					     (danepriv_event)(event - events), rtt_us, world->now),
			    DANEPRIV_OK);
		else
			ck_assert_int_eq(danepriv_cache_note_finding(world->cache, &address, server,
					     *what == 'M' ? DANEPRIV_FINDING_MATCH
							  : (danepriv_finding)(finding - findings),
					     world->now),
			    DANEPRIV_OK);
		what = end;
	}
}

static bool
begins(const char *word, const char *with)
{
	return strncmp(word, with, strlen(with)) == 0;
}

/* Words that are about everybody; false: it is none. */
static bool
tell_of_all(plan_world *world, const char *word)
{
	bool is_strict = strstr(word, "strict") != NULL;

	if (strcmp(word, "strict") == 0 || strcmp(word, "free") == 0)
		world->otherwise =
		    is_strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	else if (begins(word, "zone:")) {
		world->has_zone = true;
		world->zone = is_strict ? DANEPRIV_PROFILE_STRICT : DANEPRIV_PROFILE_OPPORTUNISTIC;
	} else if (strcmp(word, "meta") == 0)
		world->request.purpose = DANEPRIV_PURPOSE_META;
	else if (strcmp(word, "question") == 0)
		world->request.purpose = DANEPRIV_PURPOSE_QUESTION;
	else if (strcmp(word, "referral") == 0)
		world->request.purpose = DANEPRIV_PURPOSE_REFERRAL;
	else if (begins(word, "names="))
		world->request.names = proof_of(word[6]);
	else if (begins(word, "total="))
		world->request.connections = (size_t)atoi(word + 6);
	else if (begins(word, "limits=")) {
		world->limits.connections = (uint32_t)atoi(word + 7);
		world->limits.total = (uint32_t)atoi(strchr(word, '/') + 1);
	} else if (word[0] == '+')
		world->now += seconds_of(word + 1);
	else if (word[0] == '-')
		world->now -= seconds_of(word + 1);
	else
		return false;
	return true;
}

static void
tell(plan_world *world, const char *word)
{
	if (tell_of_all(world, word))
		return;
	size_t i = candidate_of(world, word[0]);
	if (word[1] == '=')
		put(world, &world->candidates[i].server, word + 2);
	else if (word[1] == ':')
		tell_of_server(world, i, word + 2);
	else if (word[2] == ':')
		tell_of_place(world, word, word + 3);
	else if (word[2] == '*')
		place_of(world, word)->connections = (size_t)atoi(word + 3);
	else
		ck_abort_msg("test is wrong: %s", word);
}

/* Behind `>`, up to `;` or the end, which is returned. */
static const char *
expect(plan_world *world, const char *name, const char *story, const char *begin)
{
	bool with_delays = *begin == '>';
	const char *wanted = begin + with_delays, *end = wanted + strcspn(wanted, ";");

	while (*wanted == ' ')
		wanted++;
	size_t len = (size_t)(end - wanted);
	while (len > 0 && wanted[len - 1] == ' ')
		len--;
	const char *made = plan_made(world, with_delays);
	ck_assert_msg(strlen(made) == len && strncmp(made, wanted, len) == 0,
	    "%s, at %d of «%s»: the plan is «%s»", name, (int)(begin - story), story, made);
	return *end ? end + 1 : end;
}

void
plan_tell(plan_world *world, const char *name, const char *story)
{
	const char *at = story + strspn(story, " ");

	while (*at) {
		char word[WORD_MAX];
		size_t len = strcspn(at, " ");
		if (*at == '>') {
			at = expect(world, name, story, at + 1);
		} else {
			ck_assert_uint_lt(len, sizeof word);
			memcpy(word, at, len);
			word[len] = '\0';
			tell(world, word);
			at += len;
		}
		at += strspn(at, " ");
	}
}
