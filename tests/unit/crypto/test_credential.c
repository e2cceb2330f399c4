/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/credential: is this a credential as a peer can present one? */
#include "base/alloc.h"
#include "crypto/credential.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

typedef struct shape_row {
	const char *name;
	danepriv_credential_type type;
	size_t count;
	size_t len; /* of each item; 0: none */
	danepriv_status status;
} shape_row;

static const shape_row shapes[] = {
	{ "type after the last", (danepriv_credential_type)3, 1, 4, DANEPRIV_EINVAL },
	{ "type below zero", (danepriv_credential_type)-1, 1, 4, DANEPRIV_EINVAL },
	{ "no items", DANEPRIV_CREDENTIAL_X509, 0, 4, DANEPRIV_EINVAL },
	{ "no raw key", DANEPRIV_CREDENTIAL_RAW_KEY, 0, 4, DANEPRIV_EINVAL },
	{ "two raw keys", DANEPRIV_CREDENTIAL_RAW_KEY, 2, 4, DANEPRIV_EINVAL },
	{ "empty item", DANEPRIV_CREDENTIAL_X509, 1, 0, DANEPRIV_EMALFORMED },
	{ "empty second item", DANEPRIV_CREDENTIAL_X509, 2, 0, DANEPRIV_EMALFORMED },
	{ "129 items", DANEPRIV_CREDENTIAL_X509, 129, 4, DANEPRIV_ELIMIT },
	{ "a mebibyte and an octet", DANEPRIV_CREDENTIAL_X509, 1, 1048577, DANEPRIV_ELIMIT },
	{ "the same in parts", DANEPRIV_CREDENTIAL_X509, 128, 8193, DANEPRIV_ELIMIT },
	{ "too many beyond counting", DANEPRIV_CREDENTIAL_X509, SIZE_MAX, 4, DANEPRIV_ELIMIT },
	{ "one", DANEPRIV_CREDENTIAL_X509, 1, 4, DANEPRIV_OK },
	{ "a mebibyte of them", DANEPRIV_CREDENTIAL_X509, 1, 1048576, DANEPRIV_OK },
	{ "128 times", DANEPRIV_CREDENTIAL_X509, 128, 8192, DANEPRIV_OK },
};

/* Items of their own octets, so that a copy that mixes them up shows. */
static void
open_shape(const shape_row *row, danepriv_span *items, danepriv_credential *out)
{
	for (size_t i = 0; i < 129; i++) {
		uint8_t *data = malloc(row->len + 1);
		ck_assert_ptr_nonnull(data);
		memset(data, (int)i, row->len + 1);
		items[i] = (danepriv_span){ data, row->len };
	}
	*out = (danepriv_credential){ row->type, items, row->count };
}

static void
close_shape(danepriv_span *items)
{
	for (size_t i = 0; i < 129; i++)
		free((void *)(uintptr_t)items[i].data);
}

START_TEST(shape)
{
	const shape_row *row = &shapes[_i];
	danepriv_span items[129];
	danepriv_credential credential, *copy = &credential;
	size_t octets = 7;

	open_shape(row, items, &credential);
	danepriv_status status = dp_credential_check(&credential, &octets);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	if (status == DANEPRIV_OK)
		ck_assert_msg(octets == row->count * row->len, "%s", row->name);
	ck_assert_msg(dp_credential_check(&credential, NULL) == row->status, "%s", row->name);
	ck_assert_msg(dp_credential_copy(&credential, &copy) == row->status, "%s", row->name);
	ck_assert_msg((copy != NULL) == (row->status == DANEPRIV_OK), "%s", row->name);
	dp_free(copy);
	close_shape(items);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

START_TEST(copy_stands_alone)
{
	const shape_row row = { "three", DANEPRIV_CREDENTIAL_X509, 3, 100, DANEPRIV_OK };
	danepriv_span items[129];
	danepriv_credential credential, *copy;

	open_shape(&row, items, &credential);
	ck_assert_int_eq(dp_credential_copy(&credential, &copy), DANEPRIV_OK);
	close_shape(items);
	memset(items, 0, sizeof items);
	ck_assert_int_eq(copy->type, DANEPRIV_CREDENTIAL_X509);
	ck_assert_uint_eq(copy->count, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(copy->items[i].len, 100);
		for (size_t at = 0; at < 100; at++)
			ck_assert_uint_eq(copy->items[i].data[at], i);
	}
	dp_free(copy);
}
END_TEST

START_TEST(nothing_to_copy)
{
	const shape_row row = { "one", DANEPRIV_CREDENTIAL_RAW_KEY, 1, 4, DANEPRIV_OK };
	danepriv_span items[129];
	danepriv_credential credential, *copy = &credential;
	const danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 1 };
	const danepriv_span unset = { NULL, 4 };
	const danepriv_credential hollow = { DANEPRIV_CREDENTIAL_X509, &unset, 1 };

	ck_assert_int_eq(dp_credential_copy(NULL, &copy), DANEPRIV_EINVAL);
	ck_assert_ptr_null(copy);
	ck_assert_int_eq(dp_credential_copy(&none, &copy), DANEPRIV_EINVAL);
	ck_assert_int_eq(dp_credential_copy(&hollow, &copy), DANEPRIV_EINVAL);
	open_shape(&row, items, &credential);
	copy = &credential;
	dp_fail_allocation_at(0);
	ck_assert_int_eq(dp_credential_copy(&credential, &copy), DANEPRIV_ENOMEM);
	ck_assert_ptr_null(copy);
	close_shape(items);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("credential");
	TCase *tc = tcase_create("credential");

	tcase_add_loop_test(tc, shape, 0, ROWS(shapes));
	tcase_add_test(tc, copy_stands_alone);
	tcase_add_test(tc, nothing_to_copy);
	suite_add_tcase(suite, tc);
	return suite;
}
