/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/zones.c: what is refused, what needs memory, and what does a fork leave? */
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/zones.h>

#include <sys/wait.h>
#include <unistd.h>

#define NOW CROWD_NOW
#define SECURE DANEPRIV_SECURITY_SECURE
#define PROCEED DANEPRIV_DECISION_PROCEED
#define CHANNEL DANEPRIV_PROVENANCE_CHANNEL
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define OK DANEPRIV_OK
#define EINVAL DANEPRIV_EINVAL
#define ELIMIT DANEPRIV_ELIMIT
#define NAMES_MAX 65

static danepriv_zones *
zones_open(void)
{
	danepriv_zones *zones;

	ck_assert_int_eq(danepriv_zones_new(NULL, &zones), OK);
	return zones;
}

typedef struct longer {
	danepriv_zones_settings known;
	size_t unknown;
} longer;

typedef struct settings_row {
	const char *name;
	longer settings;
	danepriv_status status;
} settings_row;

#define KNOWN sizeof(danepriv_zones_settings)

static const settings_row settings_rows[] = {
	{ "default", { { KNOWN, 0 }, 0 }, OK },
	{ "the least", { { KNOWN, 262144 }, 0 }, OK },
	{ "a longer struct", { { sizeof(longer), 262144 }, 0 }, OK },
	{ "what is behind a shorter one", { { KNOWN, 262144 }, 1 }, OK },
	{ "too few octets", { { KNOWN, 262143 }, 0 }, EINVAL },
	{ "far too few", { { KNOWN, 1 }, 0 }, EINVAL },
	{ "no size", { { 0, 262144 }, 0 }, EINVAL },
	{ "a size that does not cover itself", { { sizeof(size_t) - 1, 262144 }, 0 }, EINVAL },
	{ "what is not known", { { sizeof(longer), 262144 }, 1 }, EINVAL },
#if SIZE_MAX > UINT32_MAX
	{ "more than a TiB", { { KNOWN, ((size_t)1 << 40) + 1 }, 0 }, ELIMIT },
	{ "all there is", { { KNOWN, SIZE_MAX }, 0 }, ELIMIT },
#endif
};

START_TEST(settings)
{
	const settings_row *r = &settings_rows[_i];
	danepriv_zones *zones = (danepriv_zones *)(uintptr_t)r;

	danepriv_status status = danepriv_zones_new(&r->settings.known, &zones);
	ck_assert_msg(status == r->status, "%s: %s", r->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert((zones != NULL) == (status == OK));
	danepriv_zones_free(zones);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(arguments)
{
	static const char *const names[NAMES_MAX] = { "a.test.", NULL };
	static const char *const one[] = { "a.test." };
	danepriv_zones *zones = zones_open();
	const char *many[NAMES_MAX];
	danepriv_zone *zone;

	for (int i = 0; i < NAMES_MAX; i++)
		many[i] = "a.test.";
#define NOTE(z, parent, child, n, count)                                                           \
	danepriv_zones_note_referral(z, parent, PROCEED, child, n, count, NOW + 60, NOW)
	ck_assert_int_eq(danepriv_zones_new(NULL, NULL), EINVAL);
	ck_assert_int_eq(danepriv_zone_vouch("test.", SECURE, 0, one, 1, NOW, &zone), OK);
	ck_assert_int_eq(danepriv_zones_put(NULL, zone, NOW), EINVAL);
	ck_assert_int_eq(danepriv_zones_put(zones, NULL, NOW), EINVAL);
	ck_assert_int_eq(NOTE(NULL, ".", "test.", one, 1), EINVAL);
	ck_assert_int_eq(NOTE(zones, NULL, "test.", one, 1), EINVAL);
	ck_assert_int_eq(NOTE(zones, ".", NULL, one, 1), EINVAL);
	ck_assert_int_eq(NOTE(zones, ".", "test.", NULL, 1), EINVAL);
	ck_assert_int_eq(NOTE(zones, ".", "test.", one, 0), EINVAL);
	ck_assert_int_eq(NOTE(zones, ".", "test.", names, 2), EINVAL);
	ck_assert_int_eq(NOTE(zones, ".", "test.", many, 65), ELIMIT);
	ck_assert_int_eq(NOTE(zones, ".", "test.", many, SIZE_MAX), ELIMIT);
	ck_assert_int_eq(danepriv_zones_note_decision(NULL, "test.", PROCEED, NOW), EINVAL);
	ck_assert_int_eq(danepriv_zones_note_decision(zones, NULL, PROCEED, NOW), EINVAL);
	ck_assert_int_eq(danepriv_zones_get_provenance(zones, "test.", "a.test.", NOW), UNPROVEN);
	ck_assert_int_eq(NOTE(zones, ".", "test.", many, 64), OK);
	ck_assert_int_eq(danepriv_zones_get_provenance(zones, "test.", "a.test.", NOW), CHANNEL);
	ck_assert_int_eq(danepriv_zones_get_provenance(NULL, "test.", "a.test.", NOW), UNPROVEN);
	ck_assert_int_eq(danepriv_zones_get_provenance(zones, NULL, "a.test.", NOW), UNPROVEN);
	ck_assert_int_eq(danepriv_zones_get_provenance(zones, "test.", NULL, NOW), UNPROVEN);
	danepriv_zone_free(zone);
	danepriv_zones_free(zones);
	danepriv_zones_free(NULL);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- memory ---- */

/* Nothing but the constructors allocates. */
START_TEST(without_memory)
{
	static const char *const names[] = { "a.test.", "b.test." };
	danepriv_zones *zones;
	danepriv_zone *zone;
	long n = -1;

	do {
		dp_fail_allocation_at(++n);
		danepriv_status status = danepriv_zones_new(NULL, &zones);
		ck_assert_int_eq(status, zones ? OK : DANEPRIV_ENOMEM);
		ck_assert(zones || dp_blocks() == 0);
	} while (!zones);
	ck_assert_int_eq(n, 2);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(danepriv_zone_vouch("test.", SECURE, 0, names, 2, NOW, &zone), OK);
	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_zones_put(zones, zone, NOW), OK);
	ck_assert_int_eq(NOTE(zones, "test.", "b.test.", names, 2), OK);
	ck_assert_int_eq(danepriv_zones_note_decision(zones, "test.", PROCEED, NOW), OK);
	ck_assert_int_eq(danepriv_zones_get_provenance(zones, "b.test.", "b.test.", NOW), CHANNEL);
	ck_assert_int_eq(dp_allocations(), 0);
	dp_fail_allocation_at(-1);
	danepriv_zone_free(zone);
	danepriv_zones_free(zones);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- fork ---- */

/* Two that learn nothing of each other. */
START_TEST(forked)
{
	static const char *const names[] = { "a.test." };
	danepriv_zones *zones = zones_open();
	int status;

	ck_assert_int_eq(NOTE(zones, ".", "before.", names, 1), OK);
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		bool fine = NOTE(zones, ".", "child.", names, 1) == OK &&
			    danepriv_zones_get_provenance(zones, "before.", "a.test.", NOW) &&
			    danepriv_zones_get_provenance(zones, "child.", "a.test.", NOW);
		danepriv_zones_free(zones);
		_exit(fine && dp_blocks() == 0 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert(danepriv_zones_get_provenance(zones, "before.", "a.test.", NOW));
	ck_assert(!danepriv_zones_get_provenance(zones, "child.", "a.test.", NOW));
	danepriv_zones_free(zones);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("zones_input");
	TCase *tc = tcase_create("zones_input");

	tcase_add_loop_test(tc, settings, 0, ROWS(settings_rows));
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, without_memory);
	tcase_add_test(tc, forked);
	suite_add_tcase(suite, tc);
	return suite;
}
