/* SPDX-License-Identifier: BSD-2-Clause
 * lib/base/sized: how much of a caller's struct is there, and how much of that is known?  And
 * settings of each size. */
#include "base/sized.h"
#include "base/sizes.h"
#include "support/cached.h"
#include "support/credentials.h"
#include "support/sized.h"
#include "support/suite.h"

#include <danepriv/gnutls.h>

/* ---- settings ---- */

static danepriv_status
opened(const danepriv_settings *settings)
{
	danepriv *other;
	danepriv_status status = danepriv_open(settings, &other);

	danepriv_close(other);
	return status;
}

static danepriv_status
call_open(void *memory, size_t size)
{
	(void)size;
	return opened(memory);
}

static void *
import_none(uint8_t algorithm, danepriv_span key)
{
	(void)algorithm;
	(void)key;
	return NULL;
}

static int
verify_none(const void *key, danepriv_span data, danepriv_span signature)
{
	(void)key;
	(void)data;
	(void)signature;
	return 0;
}

static void
free_none(void *key)
{
	(void)key;
}

static void
fill_crypto(void *memory, size_t index)
{
	danepriv_crypto *crypto = memory;

	(void)index;
	crypto->import_key = import_none;
	crypto->verify = verify_none;
	crypto->free_key = free_none;
}

static danepriv_status
call_crypto(void *memory, size_t size)
{
	const danepriv_settings settings = { .size = sizeof settings, .crypto = memory };

	(void)size;
	return opened(&settings);
}

static danepriv_status
call_cache_new(void *memory, size_t size)
{
	danepriv_cache *other;
	danepriv_status status = danepriv_cache_new(memory, &other);

	(void)size;
	danepriv_cache_free(other);
	return status;
}

static danepriv_status
call_zones_new(void *memory, size_t size)
{
	danepriv_zones *zones;
	danepriv_status status = danepriv_zones_new(memory, &zones);

	(void)size;
	danepriv_zones_free(zones);
	return status;
}

static danepriv_status
call_limits(void *memory, size_t size)
{
	bool is_read = danepriv_limits_accept_version(memory, 0x0304);

	(void)size;
	ck_assert_int_eq(is_read, danepriv_limits_may_connect(memory, 0, 0));
	ck_assert_int_eq(is_read, danepriv_limits_idle_until(memory, NOW) > NOW);
	return is_read ? DANEPRIV_OK : DANEPRIV_EINVAL;
}

static danepriv_status
call_gnutls_serve(void *memory, size_t size)
{
	static const uint8_t record[11] = { 0, 0, 52, 0, 1 }; /* of the root, empty */
	const danepriv_span chain = { record, sizeof record };
	gnutls_session_t tls;

	(void)size;
	ck_assert_int_eq(gnutls_init(&tls, GNUTLS_SERVER), 0);
	danepriv_status status = danepriv_gnutls_serve(tls, &cached_server, chain, memory, NULL);
	gnutls_deinit(tls);
	return status;
}

static danepriv_status
call_gnutls_guard(void *memory, size_t size)
{
	danepriv *ctx = context_open("-");
	danepriv_session *session;
	gnutls_session_t tls;

	(void)size;
	ck_assert_int_eq(
	    danepriv_session_new(ctx, &cached_server, DANEPRIV_PROFILE_STRICT, &session),
	    DANEPRIV_OK);
	ck_assert_int_eq(gnutls_init(&tls, GNUTLS_CLIENT), 0);
	danepriv_status status = danepriv_gnutls_guard(tls, session, memory, NOW, NULL);
	gnutls_deinit(tls);
	danepriv_session_free(session);
	danepriv_close(ctx);
	return status;
}

static const sized_case cases[] = {
	{ IN(settings, DP_SETTINGS_LEAST), NULL, call_open },
	{ IN(crypto, DP_CRYPTO_LEAST), fill_crypto, call_crypto },
	{ IN(cache_settings, DP_CACHE_SETTINGS_LEAST), NULL, call_cache_new },
	{ IN(zones_settings, DP_ZONES_SETTINGS_LEAST), NULL, call_zones_new },
	{ IN(limits, DP_LIMITS_LEAST), NULL, call_limits },
	{ IN(chain_serving, DP_CHAIN_SERVING_LEAST), NULL, call_gnutls_serve },
	{ IN(gnutls_settings, DP_GNUTLS_SETTINGS_LEAST), NULL, call_gnutls_guard },
};

START_TEST(any_size)
{
	sized_check(&cases[_i / SIZED_ROWS], _i % SIZED_ROWS);
}
END_TEST

/* ---- a library that knows more than the caller ---- */

typedef struct numbers {
	size_t size;
	uint64_t one, two, three;
} numbers;

#define LEAST DP_SIZE_THROUGH(numbers, one)

static const struct {
	size_t size;
	danepriv_status status;
	uint64_t three; /* what is set behind what is known of it */
	numbers read;
} lengths[] = {
	{ LEAST - 1, DANEPRIV_EINVAL, 0, { 0, 0, 0, 0 } },
	{ LEAST, DANEPRIV_OK, 3, { LEAST, 1, 0, 0 } },
	{ LEAST + 8, DANEPRIV_OK, 3, { LEAST + 8, 1, 2, 0 } },
	{ LEAST + 16, DANEPRIV_EINVAL, 3, { 0, 0, 0, 0 } },
	{ LEAST + 16, DANEPRIV_OK, 0, { LEAST + 16, 1, 2, 0 } },
};

START_TEST(longer_known)
{
	const numbers given = { lengths[_i].size, 1, 2, lengths[_i].three };
	numbers out;

	memset(&out, 0xa5, sizeof out);
	out.three = 0; /* not known */
	ck_assert_int_eq(dp_sized_read(&given, LEAST, &out, LEAST + 8), lengths[_i].status);
	ck_assert_mem_eq(&out, &lengths[_i].read, sizeof out);
}
END_TEST

/* Elements of 8 to 32 octets, of which 16 are known, written and read again. */
START_TEST(elements)
{
	size_t octets = 8 + 4 * (size_t)_i;
	uint64_t memory[13], own[2];
	uint8_t *array = (uint8_t *)memory;

	memset(memory, 0xa5, sizeof memory);
	for (size_t i = 0; i < 3; i++) {
		uint64_t *room = dp_sized_room(array, octets, i, own, sizeof own);
		room[0] = i;
		room[1] = 2;
		dp_sized_put_element(array, octets, i, room, sizeof own);
	}
	ck_assert_int_eq(array[3 * octets], 0xa5);
	for (size_t i = 0; i < 3; i++) {
		const uint64_t *read = dp_sized_element(array, octets, i, own, sizeof own);
		ck_assert_ptr_nonnull(read);
		const uint64_t wanted[2] = { i, 2 };
		uint64_t cut[2] = { 0, 0 };
		memcpy(cut, wanted, octets < sizeof cut ? octets : sizeof cut);
		ck_assert_mem_eq(read, cut, sizeof cut);
	}
	if (octets > sizeof own) {
		array[3 * octets - 1] = 1;
		ck_assert_ptr_null(dp_sized_element(array, octets, 2, own, sizeof own));
	}
}
END_TEST

/* The same in front of a fence. */
static danepriv_status
call_write(void *memory, size_t size)
{
	numbers own;

	if (!dp_sized_fits(size, LEAST))
		return DANEPRIV_EINVAL;
	numbers *room = dp_sized_room(memory, size, 0, &own, sizeof own);
	*room = (numbers){ 1, 2, 3, 4 };
	dp_sized_put_element(memory, size, 0, room, sizeof own);
	return DANEPRIV_OK;
}

static const sized_case written = { "numbers", LEAST, sizeof(numbers), 1, true, NULL, call_write };

START_TEST(element_alone)
{
	sized_check(&written, _i);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("sized");
	TCase *tc = tcase_create("sized");

	tcase_add_loop_test(tc, any_size, 0, ROWS(cases) * SIZED_ROWS);
	tcase_add_loop_test(tc, longer_known, 0, ROWS(lengths));
	tcase_add_loop_test(tc, elements, 0, 7);
	tcase_add_loop_test(tc, element_alone, 0, SIZED_ROWS);
	suite_add_tcase(suite, tc);
	return suite;
}
