/* SPDX-License-Identifier: BSD-2-Clause
 * lib/crypto/constraints and distinguished: may an authority issue for these names?  (RFC 5280
 * sections 4.2.1.10 and 7.1) */
#include "crypto/constraints.h"
#include "crypto/profile.h"
#include "dns/name.h"
#include "support/octets.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 512

/* What is put together; lengths fit into one octet each. */
typedef struct der {
	uint8_t octets[ROOM];
	size_t len;
} der;

static void
put(der *to, uint8_t tag, const void *content, size_t len)
{
	ck_assert_uint_lt(len, 0x100);
	ck_assert_uint_lt(to->len + len + 3, ROOM);
	to->octets[to->len++] = tag;
	if (len >= 0x80)
		to->octets[to->len++] = 0x81;
	to->octets[to->len++] = (uint8_t)len;
	if (len > 0)
		memcpy(to->octets + to->len, content, len);
	to->len += len;
}

/* The first one of `text` as a SEQUENCE at the end of `rdn`; what comes behind it. */
static const char *
put_attribute(der *rdn, const char *text)
{
	static const uint8_t o[] = { 0x55, 4, 10 }, cn[] = { 0x55, 4, 3 };
	static const uint8_t mail[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1 };
	der attribute = { .len = 0 }, sequence = { .len = 0 };

	size_t word = strcspn(text, "=:#~");
	if (*text == 'E')
		put(&attribute, 6, mail, sizeof mail);
	else
		put(&attribute, 6, *text == 'O' ? o : cn, 3);
	char kind = text[word];
	text += word + 1;
	size_t len = strcspn(text, "+/");
	uint8_t tag = kind == '=' ? 0x0C : kind == ':' ? 0x13 : kind == '~' ? 0x16 : 0x1E;
	put(&attribute, tag, text, len);
	put(&sequence, 0x30, attribute.octets, attribute.len);
	memcpy(rdn->octets + rdn->len, sequence.octets, sequence.len);
	rdn->len += sequence.len;
	return text + len;
}

/* "O=Nine/CN=a+CN=b": RDNs with slashes between, attributes of one with plus signs.  "O:Nine" is a
 * PrintableString, "O=" a UTF8String, "O#" a BMPString by its octets, "O~" an IA5String. */
static der
distinguished(const char *text)
{
	der name = { .len = 0 }, whole = { .len = 0 };

	while (*text) {
		der rdn = { .len = 0 };
		do {
			if (*text == '+')
				text++;
			text = put_attribute(&rdn, text);
		} while (*text == '+');
		put(&name, 0x31, rdn.octets, rdn.len);
		if (*text == '/')
			text++;
	}
	put(&whole, 0x30, name.octets, name.len);
	return whole;
}

/* "dns:NAME", "ip:HEX", "dir:RDNs", "mail:X", "uri:X", "other:X". */
static void
put_name(der *to, const char *text)
{
	const char *value = strchr(text, ':') + 1;

	if (strncmp(text, "dns", 3) == 0) {
		put(to, 0x82, value, strlen(value));
	} else if (strncmp(text, "ip", 2) == 0) {
		test_octets octets = octets_from_hex(*value ? value : "-");
		put(to, 0x87, octets.data, octets.len);
		octets_free(octets);
	} else if (strncmp(text, "dir", 3) == 0) {
		der name = distinguished(value);
		put(to, 0xA4, name.octets, name.len);
	} else {
		put(to, *text == 'm' ? 0x81 : *text == 'u' ? 0x86 : 0xA0, value, strlen(value));
	}
}

/* Several, with commas between; each in a SEQUENCE of its own when they are subtrees. */
static der
names(const char *text, bool are_subtrees)
{
	der list = { .len = 0 };
	char copy[ROOM], *rest = copy, *word;

	ck_assert_uint_lt(strlen(text), sizeof copy);
	strcpy(copy, text);
	while ((word = strtok_r(NULL, ",", &rest))) {
		der one = { .len = 0 };
		put_name(&one, word);
		if (are_subtrees) {
			put(&list, 0x30, one.octets, one.len);
		} else {
			memcpy(list.octets + list.len, one.octets, one.len);
			list.len += one.len;
		}
	}
	return list;
}

static danepriv_span
span_of(const der *d)
{
	danepriv_span s = { d->octets, d->len };

	return s;
}

typedef struct row {
	const char *permitted, *excluded, *names, *subject;
	dp_permission wanted;
} row;

#define NO DP_PERMISSION_NO
#define YES DP_PERMISSION_YES

static const row rows[] = {
	/* hosts */
	{ "dns:example.net", "", "dns:example.net", "", YES },
	{ "dns:example.net", "", "dns:a.b.EXAMPLE.net", "", YES },
	{ "dns:example.net", "", "dns:badexample.net", "", NO },
	{ "dns:example.net", "", "dns:net", "", NO },
	{ "dns:example.net", "", "dns:a.example.net,dns:example.org", "", NO },
	{ "dns:example.net,dns:example.org", "", "dns:a.example.net,dns:example.org", "", YES },
	{ "dns:example.net", "", "dns:*.example.net", "", YES },
	{ "dns:a.example.net", "", "dns:*.example.net", "", NO },
	{ "dns:example.net", "", "dns:*.net", "", NO },
	{ "dns:.example.net", "", "dns:example.net", "", NO },
	{ "dns:.example.net", "", "dns:a.example.net", "", YES },
	{ "dns:.example.net", "", "dns:*.example.net", "", YES },
	{ "dns:", "", "dns:anything.example", "", YES },
	{ "", "dns:", "dns:anything.example", "", NO },
	{ "", "dns:", "ip:c0000201", "", YES },
	{ "", "dns:example.org", "dns:example.net", "", YES },
	{ "", "dns:example.org", "dns:a.example.org", "", NO },
	{ "", "dns:.example.org", "dns:example.org", "", YES },
	{ "", "dns:.example.org", "dns:*.example.org", "", NO },
	{ "dns:example.net", "dns:a.example.net", "dns:b.example.net", "", YES },
	{ "dns:example.net", "dns:a.example.net", "dns:x.a.example.net", "", NO },
	{ "dns:example.net", "", "dns:example.net.", "", NO },
	{ "dns:example.net", "", "dns:a..example.net", "", NO },
	{ "dns:example.net", "", "dns:*", "", NO },
	{ "", "dns:example.org", "dns:a*.example.net", "", NO },
	{ "", "dns:example.org", "dns:ex\xe4mple.net", "", NO },
	{ "", "dns:ex\xe4mple.org", "dns:example.net", "", NO },
	{ "", "dns:*.example.org", "dns:example.net", "", NO },
	{ "", "dns:example.org.", "dns:example.net", "", NO },
	{ "", "dns:..example.org", "dns:example.net", "", NO },
	{ "", "dns:.", "dns:example.net", "", NO },
	{ "dns:example.net,dns:a b", "", "dns:example.net", "", NO },
	/* addresses */
	{ "ip:c0000200ffffff00", "", "ip:c0000201", "", YES },
	{ "ip:c0000200ffffff00", "", "ip:c0000301", "", NO },
	{ "ip:c0000200ffffff00", "", "ip:20010db8000000000000000000000001", "", NO },
	{ "ip:c0000200ffffff00", "", "dns:example.net", "", YES },
	{ "", "ip:0000000000000000", "ip:c0000201", "", NO },
	{ "", "ip:0000000000000000", "ip:20010db8000000000000000000000001", "", YES },
	{ "", "ip:c0000200ffffff01", "ip:c0000301", "", NO },
	{ "", "ip:c0000200ff00ff00", "ip:c0000301", "", NO },
	{ "", "ip:c0000200", "ip:c0000301", "", NO },
	{ "", "ip:", "dns:example.net", "", NO },
	{ "", "ip:c0000200ffffff00", "ip:c00003", "", NO },
	/* directory names */
	{ "dir:O=Nine", "", "", "O=Nine/CN=x", YES },
	{ "dir:O=Nine", "", "", "O:NINE/CN=x", YES },
	{ "dir:O=Nine", "", "", "O:  nine  /CN=x", YES },
	{ "dir:O=Nine Ten", "", "", "O:nine   ten", YES },
	{ "dir:O=Nine Ten", "", "", "O:nineten", NO },
	{ "dir:O=Nine", "", "", "O=Ten/CN=x", NO },
	{ "dir:O=Nine", "", "", "CN=x/O=Nine", NO },
	{ "dir:O=Nine", "", "", "O=Nine+CN=x", NO },
	{ "dir:O=Nine+CN=x", "", "", "CN=x+O=Nine", YES },
	{ "dir:O=Nine", "", "", "O=Nin", NO },
	{ "dir:O=Nine", "", "dir:O=Ten", "O=Nine", NO },
	{ "dir:O=Nine", "", "dns:example.net", "", YES },
	{ "dir:", "", "", "O=Nine", YES },
	{ "", "dir:O=Nine", "", "O=Ten", YES },
	{ "", "dir:O=Nine", "", "O:nine", NO },
	{ "", "dir:O=Nine", "", "O~NINE", NO },
	{ "", "dir:O=Nine", "", "O#Ten", NO },
	{ "", "dir:O=B\xc3\xbc", "", "O=B\xc3\x9c", NO },
	{ "dir:O#Nine", "", "", "O#nine", NO },
	{ "dir:O#Nine", "", "", "O#Nine", YES },
	/* other kinds */
	{ "mail:example.net", "", "dns:example.net", "", YES },
	{ "mail:example.net", "", "mail:a@example.net", "", NO },
	{ "", "mail:example.net", "mail:a@example.org", "", NO },
	{ "", "mail:example.net", "", "CN=x/E~a@example.org", NO },
	{ "", "mail:example.net", "dir:E~a@example.org", "", NO },
	{ "", "dns:example.net", "", "CN=x/E~a@example.org", YES },
	{ "uri:example.net", "", "uri:http://example.net", "", NO },
	{ "other:x", "", "other:x", "", NO },
	{ "other:x", "", "uri:x", "", YES },
};

static dp_permission
permission(const row *test, dp_presence presence, uint64_t work)
{
	der permitted = names(test->permitted, true), excluded = names(test->excluded, true);
	der alternative = names(test->names, false), subject = distinguished(test->subject);
	der both = { .len = 0 };
	dp_profile authority = { 0 }, certificate = { 0 };

	if (permitted.len > 0)
		put(&both, 0xA0, permitted.octets, permitted.len);
	if (excluded.len > 0)
		put(&both, 0xA1, excluded.octets, excluded.len);
	authority.has_constraints = presence;
	authority.constraints = span_of(&both);
	certificate.names = span_of(&alternative);
	certificate.fields.subject = span_of(&subject);
	return dp_constraints_permit(&authority, &certificate, &work);
}

START_TEST(names_of_a_certificate)
{
	const row *test = &rows[_i];

	ck_assert_msg(permission(test, DP_CRITICAL, 1000) == test->wanted, "%s | %s: %s, %s",
	    test->permitted, test->excluded, test->names, test->subject);
	ck_assert_int_eq(permission(test, DP_CRITICAL, 0), DP_PERMISSION_LIMIT);
	ck_assert_int_eq(permission(test, DP_ABSENT, 0), DP_PERMISSION_YES);
}
END_TEST

/* What cannot be held against names is passed over where it is not critical, and only that. */
static const row uncritical[] = {
	{ "mail:example.net", "", "mail:a@example.net", "", YES },
	{ "dns:example.net", "", "dns:example.org", "", NO },
	{ "", "ip:c0000200ff00ff00", "dns:example.org", "", NO },
};

START_TEST(constraints_that_are_not_critical)
{
	const row *test = &uncritical[_i];

	ck_assert_int_eq(permission(test, DP_PRESENT, 1000), test->wanted);
}
END_TEST

/* NameConstraints that are not such; the last two are. */
static const char *const broken[] = {
	"0500",					  /* NULL */
	"A000",					  /* no subtree */
	"A100",					  /* */
	"A0093007820361626380010A",		  /* longer than it says */
	"A0083006820361626300",			  /* half an element behind */
	"A00A3008820361626380 0100",		  /* minimum 0, which DER leaves out */
	"A00A30088203616263800101",		  /* minimum 1 */
	"A00A30088203616263810101",		  /* maximum */
	"A1073005820361626 3A0073005820361626 3", /* the wrong way round */
	"A0073005820361626 3A0073005820361626 3", /* one of them twice */
	"A00730058203616263A2073005820361626 3",  /* [2] */
	"A0058203616263",			  /* no SEQUENCE around the name */
	"A0023000",				  /* no name */
	"300730058203616263",			  /* another tag */
	"A00730058203616263",			  /* good */
	"A00730058203616263A1073005820361627 8",  /* good */
};

START_TEST(forms)
{
	test_octets octets = octets_from_hex(broken[_i]);
	dp_profile authority = { .has_constraints = DP_CRITICAL };
	const uint8_t abc[] = { 3, 'a', 'b', 'c', 0 };
	dp_name name = { abc, sizeof abc };
	uint64_t work = 100;

	authority.constraints = octets_span(octets);
	ck_assert_int_eq(dp_constraints_permit_name(&authority, name, &work),
	    _i >= ROWS(broken) - 2 ? DP_PERMISSION_YES : DP_PERMISSION_NO);
	octets_free(octets);
}
END_TEST

/* The server's own name, below an authority of these subtrees. */
static const row asked[] = {
	{ "", "dns:mail.net.example", "mail.net.example", "", NO },
	{ "", "dns:mail.net.example", "a.mail.net.example", "", NO },
	{ "", "dns:mail.net.example", "dns.net.example", "", YES },
	{ "", "dns:.net.example", "net.example", "", YES },
	{ "dns:net.example", "", "MAIL.net.example", "", YES },
	{ "dns:net.example", "", "mail.org.example", "", NO },
	{ "dns:net.example", "dns:net.example", "net.example", "", NO },
};

START_TEST(name_that_is_asked_for)
{
	const row *test = &asked[_i];
	der permitted = names(test->permitted, true), excluded = names(test->excluded, true);
	der both = { .len = 0 };
	dp_profile authority = { .has_constraints = DP_CRITICAL };
	dp_name_store name;
	uint64_t work = 100;

	if (permitted.len > 0)
		put(&both, 0xA0, permitted.octets, permitted.len);
	if (excluded.len > 0)
		put(&both, 0xA1, excluded.octets, excluded.len);
	authority.constraints = span_of(&both);
	ck_assert_int_eq(dp_name_from_text(test->names, &name), DANEPRIV_OK);
	ck_assert_int_eq(
	    dp_constraints_permit_name(&authority, dp_name_of(&name), &work), test->wanted);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("constraints");
	TCase *tc = tcase_create("constraints");

	tcase_add_loop_test(tc, names_of_a_certificate, 0, ROWS(rows));
	tcase_add_loop_test(tc, constraints_that_are_not_critical, 0, ROWS(uncritical));
	tcase_add_loop_test(tc, forms, 0, ROWS(broken));
	tcase_add_loop_test(tc, name_that_is_asked_for, 0, ROWS(asked));
	suite_add_tcase(suite, tc);
	return suite;
}
