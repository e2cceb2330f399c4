/* SPDX-License-Identifier: BSD-2-Clause
 * lib/policy/plan_name: how much of a name does a server get to see?  (RFC 9156)  And
 * lib/words/asked: how is a plan told? */
#include "support/suite.h"

#include <danepriv/plan.h>
#include <string.h>

#define L10 "aaaaaaaaaa"
#define L63 L10 L10 L10 L10 L10 L10 "aaa"
#define LONG L63 "." L63 "." L63 "."
#define MALFORMED DANEPRIV_EMALFORMED
#define EINVAL_ DANEPRIV_EINVAL

static const struct {
	const char *name, *zone, *shown; /* NULL: the status */
	danepriv_status status;
} table[] = {
	{ "www.example.com.", ".", "com.", 0 },
	{ "www.example.com.", "com.", "example.com.", 0 },
	{ "www.example.com.", "example.com.", "www.example.com.", 0 },
	{ "www.example.com.", "www.example.com.", "www.example.com.", 0 },
	{ "www.example.com", "com", "example.com.", 0 },
	{ "a.b.c.d.example.com.", "com.", "example.com.", 0 },
	{ "a.b.c.d.example.com.", "d.example.com.", "c.d.example.com.", 0 },
	{ "WwW.ExAmPlE.cOm.", "com.", "ExAmPlE.cOm.", 0 },
	{ "WwW.ExAmPlE.cOm.", "COM.", "ExAmPlE.cOm.", 0 },
	{ "www.example.com.", "EXAMPLE.com", "www.example.com.", 0 },
	{ "com.", ".", "com.", 0 },
	{ ".", ".", ".", 0 },
	{ "_853._tcp.ns1.example.", "ns1.example.", "_tcp.ns1.example.", 0 },
	{ "*.example.com.", "example.com.", "*.example.com.", 0 },
	{ "a\\.b.example.com.", "example.com.", "a\\.b.example.com.", 0 },
	{ "a\\.b.example.com.", "com.", "example.com.", 0 },
	{ "\\000x.com.", "com.", "\\000x.com.", 0 },
	{ LONG "com.", LONG "com.", LONG "com.", 0 },
	{ LONG "com.", ".", "com.", 0 },
	/* not below */
	{ "example.com.", "www.example.com.", NULL, EINVAL_ },
	{ "www.example.com.", "org.", NULL, EINVAL_ },
	{ "www.example.com.", "xample.com.", NULL, EINVAL_ },
	{ "wwwexample.com.", "example.com.", NULL, EINVAL_ },
	{ "a\\.example.com.", "example.com.", NULL, EINVAL_ },
	{ "com.", "com.com.", NULL, EINVAL_ },
	{ ".", "com.", NULL, EINVAL_ },
	/* none */
	{ NULL, "com.", NULL, EINVAL_ },
	{ "example.com.", NULL, NULL, EINVAL_ },
	{ NULL, NULL, NULL, EINVAL_ },
	{ "", ".", NULL, MALFORMED },
	{ "example.com.", "", NULL, MALFORMED },
	{ "www..com.", "com.", NULL, MALFORMED },
	{ ".com.", "com.", NULL, MALFORMED },
	{ "www.com.", ".com.", NULL, MALFORMED },
	{ "www.com.", "..", NULL, MALFORMED },
	{ "a\\", ".", NULL, MALFORMED },
	{ "a\\256.com.", ".", NULL, MALFORMED },
	{ L63 "a.com.", "com.", NULL, MALFORMED },
	{ LONG L63 ".com.", "com.", NULL, MALFORMED },
};

START_TEST(minimised)
{
	char text[1024] = "before";
	size_t needed = 99;
	danepriv_status status =
	    danepriv_minimised_name(table[_i].name, table[_i].zone, text, sizeof text, &needed);

	ck_assert_msg(status == table[_i].status, "row %d: %d", _i, (int)status);
	ck_assert_str_eq(text, table[_i].shown ? table[_i].shown : "");
	ck_assert_uint_eq(needed, strlen(text));
}
END_TEST

static const struct {
	const char *name, *zone, *ruled; /* NULL: the status */
	danepriv_status status;
} ruled[] = {
	{ "example.com.", "com.", "com.", 0 },
	{ "com.", ".", ".", 0 },
	{ "com.", "com.", "com.", 0 },
	{ ".", ".", ".", 0 },
	{ "example.COM", "com", "COM.", 0 },
	/* deeper */
	{ "www.example.com.", "com.", "example.com.", 0 },
	{ "a.b.example.com.", "com.", "b.example.com.", 0 },
	{ "example.com.", ".", "com.", 0 },
	{ "www.com.", "org.", NULL, EINVAL_ },
	{ "com.", "www.com.", NULL, EINVAL_ },
	{ NULL, "com.", NULL, EINVAL_ },
	{ "com.", NULL, NULL, EINVAL_ },
	{ "a..com.", "com.", NULL, MALFORMED },
	{ "com.", "", NULL, MALFORMED },
};

START_TEST(by_which_name)
{
	char text[1024] = "before";
	size_t needed = 99;
	danepriv_status status =
	    danepriv_ruled_name(ruled[_i].name, ruled[_i].zone, text, sizeof text, &needed);

	ck_assert_msg(status == ruled[_i].status, "row %d: %d", _i, (int)status);
	ck_assert_str_eq(text, ruled[_i].ruled ? ruled[_i].ruled : "");
	ck_assert_uint_eq(needed, strlen(text));
	ck_assert_int_eq(
	    danepriv_ruled_name(ruled[_i].name, ruled[_i].zone, NULL, 16, NULL), EINVAL_);
	if (status == DANEPRIV_OK)
		ck_assert_int_eq(
		    danepriv_ruled_name(ruled[_i].name, ruled[_i].zone, text, needed, NULL),
		    DANEPRIV_ELIMIT);
}
END_TEST

static const struct {
	size_t room;
	danepriv_status status;
	const char *text;
} rooms[] = {
	{ 13, DANEPRIV_OK, "example.com." },
	{ 12, DANEPRIV_ELIMIT, "example.com" },
	{ 2, DANEPRIV_ELIMIT, "e" },
	{ 1, DANEPRIV_ELIMIT, "" },
};

START_TEST(room)
{
	char text[16];
	size_t needed = 0;

	memset(text, '#', sizeof text);
	ck_assert_int_eq(
	    danepriv_minimised_name("www.example.com", "com", text, rooms[_i].room, &needed),
	    rooms[_i].status);
	ck_assert_str_eq(text, rooms[_i].text);
	ck_assert_int_eq(text[rooms[_i].room], '#');
	ck_assert_uint_eq(needed, 12);
}
END_TEST

START_TEST(no_room)
{
	char text[16];
	size_t needed = 0;

	ck_assert_int_eq(
	    danepriv_minimised_name("www.example.com", "com", NULL, 0, &needed), DANEPRIV_ELIMIT);
	ck_assert_uint_eq(needed, 12);
	ck_assert_int_eq(
	    danepriv_minimised_name("www.example.com", "com", NULL, 16, &needed), EINVAL_);
	ck_assert_uint_eq(needed, 0);
	ck_assert_int_eq(
	    danepriv_minimised_name("www.example.com", "com", text, sizeof text, NULL), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("plan_name");
	TCase *tc = tcase_create("plan_name");

	tcase_add_loop_test(tc, minimised, 0, ROWS(table));
	tcase_add_loop_test(tc, by_which_name, 0, ROWS(ruled));
	tcase_add_loop_test(tc, room, 0, ROWS(rooms));
	tcase_add_test(tc, no_room);
	suite_add_tcase(suite, tc);
	return suite;
}
