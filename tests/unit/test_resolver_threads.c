/* SPDX-License-Identifier: BSD-2-Clause
 * lib/resolver: keys are rolled while many threads decide, and not one of them goes on by keys that
 * are gone. */
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>

#define READERS 3
#define ROLLS 400
#define DECISIONS 8 /* for each verification */

/* What the server's keys are: odd while they are being rolled, else 4n for `ee`, 4n + 2 for
 * `other`. */
typedef struct epochs {
	resolving *r;
	_Atomic unsigned epoch;
	atomic_bool is_over;
} epochs;

typedef struct reader {
	epochs *e;
	pthread_t thread;
	unsigned long settled; /* decisions with no roll around them */
	unsigned wrong;
} reader;

static void *
roll(void *arg)
{
	epochs *e = arg;

	for (unsigned i = 0; i < ROLLS; i++) {
		atomic_fetch_add(&e->epoch, 1);
		resolving_put(e->r, SECURE, i % 2 ? "ee" : "other", 3, 100, 0);
		atomic_fetch_add(&e->epoch, 1);
	}
	atomic_store(&e->is_over, true);
	return NULL;
}

/* Which keys held all the time from `before` until now?  -1: they were rolled. */
static int
held(epochs *e, unsigned before)
{
	return before % 2 == 0 && atomic_load(&e->epoch) == before ? (int)(before % 4) : -1;
}

static void
verify_and_decide(reader *r, danepriv_peer *peer, const danepriv_credential *shown)
{
	const danepriv_resolver *resolver = &r->e->r->resolver;
	unsigned verified = atomic_load(&r->e->epoch);
	danepriv_decision decision =
	    danepriv_resolver_verify(resolver, WWW, peer, shown, NOW, NULL);
	int keys = held(r->e, verified);

	if (keys >= 0)
		r->wrong += (decision == DANEPRIV_PROCEED) != (keys == 0);
	for (unsigned i = 0; i < DECISIONS; i++) {
		unsigned before = atomic_load(&r->e->epoch);
		decision = danepriv_resolver_decide(resolver, WWW, peer, NOW);
		if (held(r->e, before) < 0)
			continue;
		r->settled++;
		/* By what was verified while these keys held, or else not at all: even when the
		 * same keys had been there before. */
		if (keys >= 0)
			r->wrong +=
			    (decision == DANEPRIV_PROCEED) != (keys == 0 && before == verified);
		else if (before % 4 != 0)
			r->wrong += decision != DANEPRIV_REFUSE;
	}
}

static void *
read_on(void *arg)
{
	reader *r = arg;
	danepriv_peer peer = r->e->r->peer;
	test_peer shown;

	peer_open(&shown, "ee");
	do
		verify_and_decide(r, &peer, &shown.credential);
	while (!atomic_load(&r->e->is_over));
	peer_close(&shown);
	return NULL;
}

START_TEST(rolled_while_deciding)
{
	reader readers[READERS] = { { .settled = 0 } };
	pthread_t writer;
	resolving r;
	epochs e = { .r = &r };

	resolving_open(&r, DANEPRIV_STRICT);
	resolving_put(&r, SECURE, "ee", 3, 100, 0);
	for (int i = 0; i < READERS; i++) {
		readers[i].e = &e;
		ck_assert_int_eq(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
	}
	ck_assert_int_eq(pthread_create(&writer, NULL, roll, &e), 0);
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	unsigned long settled = 0;
	for (int i = 0; i < READERS; i++) {
		ck_assert_int_eq(pthread_join(readers[i].thread, NULL), 0);
		ck_assert_msg(readers[i].wrong == 0, "%u wrong", readers[i].wrong);
		settled += readers[i].settled;
	}
	ck_assert_uint_gt(settled, 0);
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("resolver_threads");
	TCase *tc = tcase_create("resolver_threads");

	tcase_add_test(tc, rolled_while_deciding);
	suite_add_tcase(suite, tc);
	return suite;
}
