/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: does any thread go on by keys that are gone?  Keys are rolled while many of them
 * decide. */
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#define THREADS 4
#define ROUNDS 4000
#define UNTIL_VERIFIED 5 /* rounds */
#define UNTIL_ROLLED 16

typedef struct stage {
	resolving r;
	danepriv_records *keys[2]; /* of `ee`, of `other` */
	pthread_mutex_t rolling;
	/* Odd while keys are rolled, else 4n for those of `ee`, 4n + 2 for those of `other`. */
	_Atomic unsigned epoch;
} stage;

typedef struct worker {
	stage *s;
	pthread_t thread;
	unsigned number;
	danepriv_judged judged;
	unsigned verified; /* the epoch in which it was */
	bool is_known;	   /* it was one from the beginning to the end */
	unsigned long settled;
	unsigned wrong;
} worker;

static void
roll(stage *s)
{
	ck_assert_int_eq(pthread_mutex_lock(&s->rolling), 0);
	unsigned before = atomic_fetch_add(&s->epoch, 1);
	ck_assert_int_eq(
	    danepriv_cache_put(s->r.cache, s->keys[before % 4 == 0], NOW), DANEPRIV_OK);
	atomic_fetch_add(&s->epoch, 1);
	ck_assert_int_eq(pthread_mutex_unlock(&s->rolling), 0);
}

/* Was it this epoch all the time? */
static bool
held(stage *s, unsigned epoch)
{
	return epoch % 2 == 0 && atomic_load(&s->epoch) == epoch;
}

static void
verify(worker *w, const danepriv_credential *shown)
{
	w->verified = atomic_load(&w->s->epoch);
	danepriv_status status = danepriv_hooks_judge(
	    &w->s->r.hooks, &w->s->r.server, w->s->r.address, shown, NOW, &w->judged, NULL);
	w->wrong += status != DANEPRIV_OK;
	w->is_known = held(w->s, w->verified);
	if (w->is_known)
		w->wrong += (w->judged.finding == DANEPRIV_FINDING_MATCH) != (w->verified % 4 == 0);
}

/* By what was verified while these very keys held, or else not at all: even when the same had been
 * there before. */
static void
decide(worker *w)
{
	unsigned epoch = atomic_load(&w->s->epoch);
	danepriv_decision decision = danepriv_hooks_decide(&w->s->r.hooks, WWW, &w->s->r.server,
	    w->s->r.provenance, &w->judged, DANEPRIV_CHANNEL_ENCRYPTED, NOW);

	if (!held(w->s, epoch))
		return;
	w->settled++;
	if (epoch % 4 != 0)
		w->wrong += decision != DANEPRIV_DECISION_REFUSE;
	else if (w->is_known)
		w->wrong += (decision == DANEPRIV_DECISION_PROCEED) != (epoch == w->verified);
}

static void *
work(void *arg)
{
	worker *w = arg;
	test_peer shown;

	peer_open(&shown, "ee");
	for (unsigned round = w->number; round < ROUNDS; round++) {
		if (round % UNTIL_VERIFIED == 0)
			verify(w, &shown.credential);
		if (round % UNTIL_ROLLED == 0)
			roll(w->s);
		decide(w);
	}
	peer_close(&shown);
	return NULL;
}

static danepriv_records *
records_of(const char *name)
{
	danepriv_records *records;
	test_peer peer;

	peer_open(&peer, name);
	test_octets rdata = rdata_of_peer(&peer, 3, 1, 1);
	danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&cached_server, NULL, SECURE, DANEPRIV_REASON_NONE,
			     &span, 1, NOW + 100, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	peer_close(&peer);
	return records;
}

START_TEST(rolled_while_deciding)
{
	stage s = { .keys = { records_of("ee"), records_of("other") },
		.rolling = PTHREAD_MUTEX_INITIALIZER };
	worker workers[THREADS];
	unsigned long settled = 0;

	resolving_open(&s.r, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(danepriv_cache_put(s.r.cache, s.keys[0], NOW), DANEPRIV_OK);
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (worker){ .s = &s, .number = i, .judged = s.r.judged };
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		ck_assert_msg(workers[i].wrong == 0, "%u: %u wrong", i, workers[i].wrong);
		settled += workers[i].settled;
	}
	ck_assert_uint_gt(settled, ROUNDS);
	danepriv_records_free(s.keys[0]);
	danepriv_records_free(s.keys[1]);
	resolving_close(&s.r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks_threads");
	TCase *tc = tcase_create("hooks_threads");

	tcase_add_test(tc, rolled_while_deciding);
	suite_add_tcase(suite, tc);
	return suite;
}
