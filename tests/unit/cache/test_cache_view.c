/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/view, put: for whom does it count what is known of a server?  Two who mean the same
 * server find one entry, whatever their rules for aliases.  Unless an alias is about: then each
 * finds what counts for them. */
#include "dane/records.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define HELD 100 /* seconds that evidence holds */
#define END "end.example."

static const danepriv_server follower = { "ns1.example.net", 0, 0, DANEPRIV_ALIASES_FOLLOW };
static const danepriv_server refuser = { "ns1.example.net", 0, 0, DANEPRIV_ALIASES_REFUSE };

/* What is learnt: a, b secure records of that key; A, B such at the end of an alias; o, a's under
 * the own name, though it is an alias; D, N denied and insecure; E denied by way of an alias; X
 * bogus; Z bogus by way of an alias; ! an alias is refused. */
static danepriv_records *
learnt(const danepriv_server *server, char what, danepriv_time now)
{
	uint8_t rdata[35] = { 3, 1, 1 };
	danepriv_span record = { rdata, sizeof rdata };
	danepriv_security security = strchr("abABo", what) ? SECURE
				     : strchr("DE", what)  ? DENIED
				     : what == 'N'	   ? INSECURE
				     : what == '!'	   ? INDETERMINATE
							   : BOGUS;
	danepriv_records *records = NULL;

	rdata[34] = (uint8_t)(what == 'o' ? 'a' : what | 0x20);
	ck_assert_int_eq(danepriv_records_vouch(server, strchr("ABEZ", what) ? END : NULL, security,
			     what == '!' ? DANEPRIV_REASON_ALIAS : DANEPRIV_REASON_NONE, &record,
			     security == SECURE, now + HELD, &records),
	    DANEPRIV_OK);
	if (what == 'o')
		dp_records_mark_alias(records);
	return records;
}

/* The same of what is known; `-`: nothing. */
static char
known(danepriv_cache *cache, const danepriv_server *server, danepriv_time now)
{
	danepriv_records *records;

	if (danepriv_cache_get(cache, server, now, &records) != DANEPRIV_OK)
		return '-';
	bool has_alias = records->has_alias;
	char what = '?';
	ck_assert_int_eq(dp_records_server(records)->aliases, server->aliases);
	ck_assert(dp_records_count_for(records, server->aliases));
	switch (danepriv_records_security(records)) {
	case DANEPRIV_SECURITY_SECURE:
		what = (char)danepriv_records_rdata(records, 0).data[34];
		if (has_alias)
			what = strcmp(danepriv_records_base(records), END) == 0
				   ? (char)(what & ~0x20)
				   : 'o';
		break;
	case DANEPRIV_SECURITY_DENIED:
		what = has_alias ? 'E' : 'D';
		break;
	case DANEPRIV_SECURITY_INSECURE:
		what = 'N';
		break;
	case DANEPRIV_SECURITY_BOGUS:
		what = has_alias ? 'Z' : 'X';
		break;
	case DANEPRIV_SECURITY_INDETERMINATE:
		what = '!';
		break;
	case DANEPRIV_SECURITY_UNKNOWN:
		break;
	}
	danepriv_records_free(records);
	return what;
}

/* Steps, of f, who follows, and r, who refuses: `f<a` learnt, `f=a` known, `f+` may look it up and
 * does, `f.` may not, `f~` has looked it up in vain; `w20` wait. */
typedef struct story {
	const char *name, *steps;
} story;

static const story stories[] = {
	/* no alias: one entry */
	{ "records", "f<a f=a r=a" },
	{ "records, refused first", "r<a r=a f=a" },
	{ "replaced by the other", "f<a r<b f=b r=b" },
	{ "replaced by the other, back", "r<a f<b f=b r=b" },
	{ "denied", "f<a r<D f=D r=D" },
	{ "insecure", "r<a f<N f=N r=N" },
	{ "a failure", "r<X f=X r=X f. r." },
	{ "a failure does not count beside records", "f<a r<X f=a r=a f. r." },
	{ "they end for both", "f<a w100 f=a r=a w1 f=- r=-" },
	{ "one looks it up for both", "f+ r. f." },
	{ "one looks it up for both, the other", "r+ f. r." },
	{ "in vain", "r+ r~ f+ r." },
	{ "what one has learnt ends it", "f+ r<a f+ r." },
	/* an alias was followed */
	{ "its end", "f<A f=A r=-" },
	{ "the own name", "f<o f=o r=-" },
	{ "nothing at its end", "f<E f=E r=-" },
	{ "a failure at its end", "f<Z f=Z r=- f. r+" },
	{ "vouched for a refuser", "r<A f=A r=-" },
	{ "beside what is known to both", "f<a f<A f=A r=a" },
	{ "beside what is known to both, the own name", "r<a f<o f=o r=a" },
	{ "beside what is known to both, nothing", "r<a f<E f=E r=a" },
	{ "beside what is known to both, a failure", "f<a f<Z f=a r=a f. r+" },
	{ "twice", "f<A f<B f=B r=-" },
	{ "the own name, then its end", "f<o f<B f=B r=-" },
	{ "a failure beside it", "f<A f<Z f=A r=- f. r+" },
	{ "a failure of all beside it", "f<A f<X f=A r=- f. r+" },
	{ "another's failure", "f<A r<X f=A r=X f+ r." },
	{ "it ends", "f<A w100 f=A w1 f=- r=-" },
	{ "what ended gives way to a failure", "f<A w101 f<X f=X r=X" },
	{ "what the other knows stays", "r<a f<A w100 f=A r=a w1 f=- r=-" },
	{ "one looks it up, and it is one", "f+ f<A r+ f+" },
	{ "the other does, and for them it is none", "r+ f<A r+" },
	/* an alias was refused */
	{ "refused", "r<! r=! f=-" },
	{ "and left alone by them", "r<! r. f+" },
	{ "for longer each time", "r<! w61 r+ r<! w61 r. w60 r+ f+" },
	{ "looked up, and refused", "r+ r<! r. f+" },
	{ "beside what is known to both", "f<a r<! f=a r=a f+ r." },
	{ "vouched for a follower", "f<! f=- r=! f+ r." },
	{ "a second time", "r<! r<! r=! f=-" },
	/* both */
	{ "refused, and followed", "r<! f<A f=A r=!" },
	{ "followed, and refused", "f<A r<! f=A r=! f+ r." },
	{ "followed to the own name, and refused", "f<o r<! f=o r=!" },
	{ "known to both, followed and refused", "r<a f<B r<! f=B r=a f+ r." },
	/* it is one no more */
	{ "followed before", "f<A f<b f=b r=b" },
	{ "followed before, to the own name", "f<o f<a f=a r=a" },
	{ "followed before, now denied", "f<A f<D f=D r=D" },
	{ "followed before, in vain", "f<Z f<b f=b r=b f+" },
	{ "followed before, in vain, the other", "f<Z r<b f=b r=b f+" },
	{ "refused before", "r<! r<b f=b r=b r+" },
	{ "refused before, the other", "r<! f<b f=b r=b r+" },
	{ "refused before, a failure", "r<! f<X f=X r=!" },
	{ "both before", "r<! f<A f<b f=b r=b" },
	/* Evidence of those who did not ask for an alias does not take away what holds of one. */
	{ "the other's records", "f<A r<b f=A r=b" },
	{ "the other's denial", "f<A r<D f=A r=D" },
	{ "the other's, to the own name", "f<o r<N f=o r=N" },
	{ "the other's, when it has ended", "f<A w101 r<b f=b r=b" },
};

static void
put(danepriv_cache *cache, const danepriv_server *server, char what, danepriv_time now)
{
	danepriv_records *records = learnt(server, what, now);

	ck_assert_int_eq(danepriv_cache_put(cache, records, now), DANEPRIV_OK);
	danepriv_records_free(records);
}

static void
take_step(danepriv_cache *cache, const story *s, const char *step, danepriv_time *now)
{
	const danepriv_server *server = step[0] == 'f' ? &follower : &refuser;

	if (step[0] == 'w') {
		*now += atoi(step + 1);
		return;
	}
	switch (step[1]) {
	case '<':
		put(cache, server, step[2], *now);
		break;
	case '=':
		ck_assert_msg(known(cache, server, *now) == step[2], "%s: %s is %c", s->name, step,
		    known(cache, server, *now));
		break;
	case '+':
	case '.':
		ck_assert_msg((danepriv_cache_claim(cache, server, *now, NULL) == DANEPRIV_OK) ==
				  (step[1] == '+'),
		    "%s: %s", s->name, step);
		break;
	default:
		ck_assert_int_eq(danepriv_cache_release(cache, server), DANEPRIV_OK);
	}
}

START_TEST(told)
{
	danepriv_cache *cache = cached_open();
	danepriv_time now = NOW;

	for (const char *step = stories[_i].steps; step; step = strchr(step, ' ')) {
		step += *step == ' ';
		take_step(cache, &stories[_i], step, &now);
	}
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- all other calls ---- */

/* Who is told what: 1, something; 0, as of a server that nobody has heard of. */
static const struct {
	const char *name;
	char what;
	bool follows, refuses;
} tellings[] = {
	{ "no alias", 'a', true, true },
	{ "its end", 'A', true, false },
	{ "the own name", 'o', true, false },
	{ "nothing at its end", 'E', true, false },
	{ "a failure at its end", 'Z', true, false },
	{ "refused", '!', false, true },
};

static void
check_told(danepriv_cache *cache, danepriv *ctx, const danepriv_server *server, bool is_told,
    const char *name)
{
	danepriv_server_state state = { .size = sizeof state };
	danepriv_verdict why = { .size = sizeof why };
	danepriv_status wanted = is_told ? DANEPRIV_OK : NOTFOUND;
	danepriv_session *session;
	test_peer peer;

	peer_open(&peer, "ee");
	danepriv_status status = danepriv_cache_get_server_state(cache, server, NOW, &state);
	ck_assert_msg(status == wanted, "%s: state", name);
	ck_assert_msg((state.security != NOTHING) == is_told, "%s: state", name);
	ck_assert_uint_eq(state.generation, danepriv_cache_generation(cache, server));
	ck_assert_msg(is_told || state.generation == 0, "%s: generation", name);
	ck_assert_msg(is_told || state.again == INT64_MIN, "%s: left alone", name);
	status = danepriv_cache_evaluate(cache, ctx, server, &peer.credential, NOW, &why);
	ck_assert_msg(status == wanted, "%s: evaluate", name);
	ck_assert_msg((why.finding != DANEPRIV_FINDING_UNJUDGED) == is_told, "%s", name);
	ck_assert_int_eq(danepriv_session_new(ctx, server, DANEPRIV_PROFILE_STRICT, &session), 0);
	ck_assert_int_eq(danepriv_session_recall(session, cache, NOW), wanted);
	danepriv_session_free(session);
	ck_assert_int_eq(danepriv_cache_note_match(cache, server, 0, NOW), wanted);
	ck_assert_int_eq(danepriv_cache_pin(cache, server, 9, NOW), wanted);
	peer_close(&peer);
}

START_TEST(calls)
{
	danepriv_cache *cache = cached_open();
	danepriv *ctx = context_open("-");
	char what = tellings[_i].what;

	put(cache, what == '!' ? &refuser : &follower, what, NOW);
	check_told(cache, ctx, &follower, tellings[_i].follows, tellings[_i].name);
	check_told(cache, ctx, &refuser, tellings[_i].refuses, tellings[_i].name);
	danepriv_cache_free(cache);
	danepriv_close(ctx);
}
END_TEST

/* Records that are given to a session of either. */
START_TEST(given)
{
	danepriv *ctx = context_open("-");
	danepriv_session *session;
	char what = tellings[_i].what;

	for (int i = 0; i < 4; i++) {
		/* Whoever had learnt them. */
		danepriv_records *records = learnt(i & 1 ? &follower : &refuser, what, NOW);
		bool counts = i & 2 ? tellings[_i].follows : tellings[_i].refuses;
		ck_assert_int_eq(danepriv_session_new(ctx, i & 2 ? &follower : &refuser,
				     DANEPRIV_PROFILE_STRICT, &session),
		    DANEPRIV_OK);
		ck_assert_msg(danepriv_session_give_records(session, records) ==
				  (counts ? DANEPRIV_OK : EINVAL_),
		    "%s", tellings[_i].name);
		ck_assert_int_eq(danepriv_session_give_fetched_records(session, records),
		    counts ? DANEPRIV_OK : EINVAL_);
		danepriv_session_free(session);
		danepriv_records_free(records);
	}
	danepriv_close(ctx);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* The same keys are expected by both, and when others are, both are told. */
START_TEST(generations)
{
	danepriv_cache *cache = cached_open();
	uint64_t first, second;

	put(cache, &refuser, 'a', NOW);
	first = danepriv_cache_generation(cache, &follower);
	ck_assert_uint_eq(first, danepriv_cache_generation(cache, &refuser));
	put(cache, &follower, 'A', NOW);
	ck_assert_uint_eq(danepriv_cache_generation(cache, &refuser), first);
	second = danepriv_cache_generation(cache, &follower);
	ck_assert(second != first && second != 0);
	put(cache, &follower, 'b', NOW);
	ck_assert_uint_eq(danepriv_cache_generation(cache, &refuser),
	    danepriv_cache_generation(cache, &follower));
	ck_assert_uint_gt(danepriv_cache_generation(cache, &refuser), second);
	danepriv_cache_free(cache);
}
END_TEST

static danepriv_time
pin_of(danepriv_cache *cache, const danepriv_server *server)
{
	danepriv_server_state state = { .size = sizeof state };

	(void)danepriv_cache_get_server_state(cache, server, NOW, &state);
	return state.pinned;
}

/* What the server has promised, it has promised to all; and no alias makes up for it. */
START_TEST(pins)
{
	danepriv_cache *cache = cached_open();

	put(cache, &refuser, 'a', NOW);
	if (_i)
		put(cache, &follower, 'A', NOW);
	ck_assert_int_eq(danepriv_cache_pin(cache, &follower, 9, NOW), DANEPRIV_OK);
	danepriv_time pinned = pin_of(cache, &refuser);
	ck_assert_int_ne(pinned, INT64_MIN);
	ck_assert_int_eq(pin_of(cache, &follower), pinned);
	put(cache, &follower, 'B', NOW);
	put(cache, &refuser, '!', NOW);
	ck_assert_int_eq(pin_of(cache, &follower), pinned);
	ck_assert_int_eq(pin_of(cache, &refuser), pinned);
	put(cache, &follower, 'b', NOW);
	ck_assert_int_eq(pin_of(cache, &follower), pinned);
	ck_assert_int_eq(pin_of(cache, &refuser), pinned);
	put(cache, &refuser, 'D', NOW);
	ck_assert_int_eq(pin_of(cache, &follower), INT64_MIN);
	danepriv_cache_free(cache);
}
END_TEST

/* Each entry that ends is told, with the rule that it is to be looked up by. */
START_TEST(due)
{
	static const char *const puts[] = { "f<a", "r<a", "f<A", "r<a f<A", "f<a r<b", "r<a f<b" };
	static const char *const rules[] = { "f", "r", "f", "fr", "r", "f" };
	danepriv_cache *cache = cached_open();
	danepriv_cache_due item = { .size = sizeof item };
	danepriv_status status;
	char found[3] = "";

	for (const char *p = puts[_i]; p; p = strchr(p, ' ')) {
		p += *p == ' ';
		put(cache, *p == 'f' ? &follower : &refuser, p[2], NOW);
	}
	(void)danepriv_cache_note_match(cache, &follower, 0, NOW);
	(void)danepriv_cache_note_match(cache, &refuser, 0, NOW);
	while ((status = danepriv_cache_next_due(cache, NOW + HELD, NOW, &item)) != NOTFOUND) {
		if (status == DANEPRIV_EAGAIN)
			continue;
		ck_assert_uint_lt(strlen(found), 2);
		strcat(found, item.aliases == DANEPRIV_ALIASES_FOLLOW ? "f" : "r");
	}
	if (strcmp(found, "rf") == 0)
		strcpy(found, "fr"); /* by their hashes */
	ck_assert_str_eq(found, rules[_i]);
	danepriv_cache_free(cache);
}
END_TEST

/* An address has the keys of its servers, whoever may rest on them; what was found there by them
 * counts for those alone. */
START_TEST(addresses)
{
	const uint8_t octets[4] = { 192, 0, 2, 1 };
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_cache *cache = cached_open();

	ck_assert_int_eq(danepriv_cache_bind(cache, &address, &follower), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, &address, NOW), DANEPRIV_WISH_TRY);
	put(cache, &follower, _i ? 'A' : 'a', NOW);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, &address, NOW), DANEPRIV_WISH_EXPECTED);
	ck_assert_int_eq(
	    danepriv_cache_get_wish(cache, &address, NOW + HELD + 1), DANEPRIV_WISH_TRY);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, &follower), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_wish(cache, &address, NOW), DANEPRIV_WISH_EXPECTED);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache_view");
	TCase *tc = tcase_create("cache_view");

	tcase_add_loop_test(tc, told, 0, ROWS(stories));
	tcase_add_loop_test(tc, calls, 0, ROWS(tellings));
	tcase_add_loop_test(tc, given, 0, ROWS(tellings));
	tcase_add_test(tc, generations);
	tcase_add_loop_test(tc, pins, 0, 2);
	tcase_add_loop_test(tc, due, 0, 6);
	tcase_add_loop_test(tc, addresses, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
