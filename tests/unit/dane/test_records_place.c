/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/records_place: at which records did the proof break?  And which TTL was signed?  The
 * chains of the proof files, through the front door, and lookups that fail. */
#include "dns/rr.h"
#include "support/asking.h"
#include "support/failing_alloc.h"
#include "support/proving.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/chain.h>
#include <stdio.h>
#include <string.h>

#define OWNER "_853._tcp.dns.example."
#define NOWHERE NULL

typedef struct place_row {
	const char *file, *chain;
	const char *owner, *type, *zone; /* NOWHERE: it is not known */
} place_row;

static const place_row rows[] = {
	/* what was asked for */
	{ "keys", "record-unsigned", OWNER, "TLSA", "example." },
	{ "keys", "record-missing", OWNER, "TLSA", "example." },
	{ "keys", "signature-alone", OWNER, "TLSA", "example." },
	{ "algorithms", "algorithm-13-flipped", OWNER, "TLSA", "example." },
	{ "dates", "era-2106-after", OWNER, "TLSA", "example." },
	{ "keys", "mixed-record-signed-by-unknown", OWNER, "TLSA", "example." },
	{ "nsec", "nxdomain-wildcard-missing", OWNER, "TLSA", "example." },
	{ "nsec", "single-link-of-root", OWNER, "TLSA", "example." },
	/* the keys of a zone */
	{ "keys", "keys-missing", "example.", "DNSKEY", "example." },
	{ "keys", "keys-unsigned", "example.", "DNSKEY", "example." },
	{ "keys", "digest-2-wrong", "example.", "DNSKEY", "example." },
	{ "keys", "ksk-no-zone-bit", "example.", "DNSKEY", "example." },
	{ "keys", "root-keys-missing", ".", "DNSKEY", "." },
	{ "keys", "record-alone", ".", "DNSKEY", "." },
	{ "dates", "zero-root", ".", "DNSKEY", "." },
	/* what its parent says of them */
	{ "keys", "ds-missing", "example.", "DS", "." },
	{ "keys", "ds-unsigned", "example.", "DS", "." },
	{ "keys", "ds-signed-by-child", "example.", "DS", "." },
	{ "keys", "ds-truncated", "example.", "DS", "." },
	{ "dates", "zero-ds", "example.", "DS", "." },
	{ "nsec", "child-apex-for-ds", "dns.example.", "DS", "example." },
	/* a denial */
	{ "nsec", "nodata-flipped", OWNER, "NSEC", "example." },
	{ "nsec", "nxdomain-cover-unsigned", "_843.dns.example.", "NSEC", "example." },
	/* aliases */
	{ "alias", "cname-flipped", OWNER, "CNAME", "example." },
	{ "alias", "cname-malformed", OWNER, "CNAME", "example." },
	{ "alias", "dname-malformed", "dns.example.", "DNAME", "example." },
	{ "alias", "cname-target-forged", "_853._tcp.x.example.", "TLSA", "example." },
	{ "alias", "cname-target-missing", "_853._tcp.x.example.", "TLSA", "example." },
	{ "alias", "cname-across-no-ds", "other.", "DS", "." },
	{ "alias-loops", "cname-loop-of-two", "_853._tcp.h0.example.", "CNAME", "example." },
	{ "alias-loops", "dname-grows", "example.", "DNAME", "example." },
	/* where signing ends */
	{ "algorithms", "algorithm-12", "example.", "DS", "." },
	{ "keys", "digest-3", "example.", "DS", "." },
	{ "nsec", "delegation", "dns.example.", "DS", "example." },
	{ "nsec", "guard-delegation", "dns.example.", "DS", "example." },
	{ "nsec", "nodata-delegation", OWNER, "DS", "example." },
	/* where a bound was passed */
	{ "limits", "keytrap", OWNER, "TLSA", "example." },
	{ "limits", "keytrap-ds", "example.", "DNSKEY", "example." },
	{ "limits", "key-signatures-100", "example.", "DNSKEY", "example." },
	{ "limits", "path-2-7-14", "d.d.", "DS", "d." },
	{ "associations", "set-of-513", OWNER, "TLSA", "example." },
	/* it did not break */
	{ "keys", "digest-2", NOWHERE, "", "" },
	{ "nsec", "nxdomain", NOWHERE, "", "" },
};

/* ENOTFOUND: all of it is empty. */
static void
check_place(const char *name, const danepriv_records *records, const place_row *row)
{
	danepriv_rrset at = { .size = sizeof at, .owner = name, .zone = name, .type = 1 };
	danepriv_status status = danepriv_records_place(records, &at);

	ck_assert_msg(status == (row->owner ? DANEPRIV_OK : DANEPRIV_ENOTFOUND), "%s: %s", name,
	    danepriv_word(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg(strcmp(at.owner, row->owner ? row->owner : "") == 0 &&
			  strcmp(at.type_text, row->type) == 0 && strcmp(at.zone, row->zone) == 0,
	    "%s: %s %s in %s", name, at.owner, at.type_text, at.zone);
	ck_assert_msg((at.type != 0) == (row->owner != NULL), "%s: %u", name, at.type);
}

START_TEST(place)
{
	const place_row *row = &rows[_i];
	proof_cases cases = { NULL, 0 };
	danepriv_server server;
	char path[64];

	(void)snprintf(path, sizeof path, "proofs/%s.txt", row->file);
	proofs_read(&cases, path);
	const proof_case *c = proofs_find(&cases, row->chain);
	danepriv *ctx = proofs_open(c->anchors, NULL);
	ck_assert(server_of(c->qname, &server));
	danepriv_records *records = prove(ctx, &server, octets_span(c->chain), c->now);
	check_place(row->chain, records, row);
	danepriv_records_free(records);
	danepriv_close(ctx);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* What the anchors or the clock say, or a chain that is none, has no place. */
static bool
has_place(danepriv_security security, danepriv_reason reason)
{
	return security != DANEPRIV_SECURITY_SECURE && security != DANEPRIV_SECURITY_DENIED &&
	       reason != DANEPRIV_REASON_NO_ANCHOR && reason != DANEPRIV_REASON_NEGATIVE_ANCHOR &&
	       reason != DANEPRIV_REASON_CLOCK;
}

/* Of each chain there is. */
START_TEST(every_chain)
{
	proof_cases cases = { NULL, 0 };
	danepriv_server server;
	size_t broken = 0;

	proofs_read_all(&cases);
	for (size_t i = 0; i < cases.count; i++) {
		const proof_case *c = &cases.list[i];
		danepriv_rrset at = { .size = sizeof at };
		if (c->type != DP_TYPE_TLSA || c->chain.len == 0 || !server_of(c->qname, &server))
			continue;
		danepriv *ctx = proofs_open(c->anchors, NULL);
		danepriv_records *records = prove(ctx, &server, octets_span(c->chain), c->now);
		danepriv_security security = danepriv_records_security(records);
		bool is_broken = danepriv_records_place(records, &at) == DANEPRIV_OK;
		assert_often_msg(is_broken == has_place(security, danepriv_records_reason(records)),
		    "%s", c->name);
		assert_often_msg(
		    (danepriv_records_ttl(records) >= 0) == (security == DANEPRIV_SECURITY_SECURE),
		    "%s", c->name);
		broken += is_broken;
		danepriv_records_free(records);
		danepriv_close(ctx);
	}
	ck_assert_uint_gt(broken, 300);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- lookups ---- */

typedef struct lookup_row {
	const char *name;
	asking_plan plan;
	place_row place;
} lookup_row;

#define PLACE(owner, type, zone)                                                                   \
	{                                                                                          \
		NULL, NULL, owner, type, zone                                                      \
	}

static const lookup_row lookups[] = {
	{ "its answer does not come", { OWNER, 52, FAULT_TIMEOUT },
	    PLACE(OWNER, "TLSA", "example.") },
	{ "its answer is refused", { OWNER, 52, FAULT_SERVFAIL },
	    PLACE(OWNER, "TLSA", "example.") },
	{ "its answer is empty", { OWNER, 52, FAULT_EMPTY }, PLACE(OWNER, "TLSA", "example.") },
	{ "its answer is forged", { OWNER, 52, FAULT_FORGED }, PLACE(OWNER, "TLSA", "example.") },
	{ "no keys", { "example.", 48, FAULT_TIMEOUT }, PLACE("example.", "DNSKEY", "example.") },
	{ "forged keys", { "example.", 48, FAULT_FORGED },
	    PLACE("example.", "DNSKEY", "example.") },
	{ "no DS", { "example.", 43, FAULT_REFUSED }, PLACE("example.", "DS", ".") },
	{ "an empty DS", { "example.", 43, FAULT_EMPTY }, PLACE("example.", "DS", ".") },
	{ "no keys of the root", { ".", 48, FAULT_SERVFAIL }, PLACE(".", "DNSKEY", ".") },
	{ "nothing at all", { NULL, 0, FAULT_TIMEOUT }, PLACE(".", "DNSKEY", ".") },
	{ "all of it", { NULL, 0, FAULT_NONE }, PLACE(NOWHERE, "", "") },
};

START_TEST(lookup)
{
	static const danepriv_server server = { "dns.example.", 853, DANEPRIV_TRANSPORT_DOT };
	const lookup_row *row = &lookups[_i];
	proof_cases cases = { NULL, 0 };

	proofs_read(&cases, "proofs/keys.txt");
	const proof_case *c = proofs_find(&cases, "digest-2");
	for (uint32_t order = 0; order < 4; order++) {
		asking *a = asking_begin(c->anchors, NULL, &server);
		a->plans = &row->plan;
		a->plan_count = 1;
		danepriv_records *records = asking_run(a, c, order);
		check_place(row->name, records, &row->place);
		ck_assert_int_eq(danepriv_records_ttl(records), row->place.owner ? -1 : 3600);
		asking_end(a, records);
	}
	proofs_free(&cases);
}
END_TEST

/* ---- TTLs ---- */

/* What was signed, whatever stands beside it in the answer. */
static const struct {
	const char *chain;
	int32_t ttl;
} ttls[] = {
	{ "plain/500000/864000", 500000 },
	{ "record-ttl/60/864000", 500000 },
	{ "record-ttl-0/0/864000", 500000 },
	{ "record-signature-ttl/30/864000", 500000 },
	{ "record-ends-now/0/0", 500000 },
	{ "keys-original/300/864000", 500000 },
	{ "wildcard-nsec/45/864000", 500000 },
	{ "record-original/300/864000", 300 },
	{ "record-original-0/0/864000", 0 },
	{ "record-original-above/77/864000", INT32_MAX },
	{ "record-top-bit/0/864000", 0 },
	{ "cname-864000/20/864000", 30 },
	{ "cname-then-denied/25/864000", -1 },
};

START_TEST(ttl)
{
	danepriv_records *records, *known;
	proof_cases cases = { NULL, 0 };
	danepriv_server server;
	danepriv_cache *cache;

	proofs_read(&cases, "proofs/until.txt");
	const proof_case *c = proofs_find(&cases, ttls[_i].chain);
	danepriv *ctx = proofs_open(c->anchors, NULL);
	ck_assert(server_of(c->qname, &server));
	records = prove(ctx, &server, octets_span(c->chain), c->now);
	ck_assert_int_eq(danepriv_records_ttl(records), ttls[_i].ttl);
	/* A cache keeps the end alone. */
	ck_assert_int_eq(danepriv_cache_new(NULL, &cache), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, c->now), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get(cache, &server, c->now, &known), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_ttl(known), -1);
	danepriv_records_free(known);
	danepriv_cache_free(cache);
	danepriv_records_free(records);
	danepriv_close(ctx);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- where none is known ---- */

START_TEST(not_known)
{
	static const danepriv_server server = { "dns.example.", 853, DANEPRIV_TRANSPORT_DOT };
	static const place_row nowhere = PLACE(NOWHERE, "", "");
	danepriv_rrset at = { .size = sizeof at, .owner = "a", .zone = "a" };
	danepriv_records *records;

	for (int security = DANEPRIV_SECURITY_DENIED; security <= DANEPRIV_SECURITY_INDETERMINATE;
	     security++) {
		ck_assert_int_eq(danepriv_records_vouch(&server, NULL, (danepriv_security)security,
				     DANEPRIV_REASON_NONE, NULL, 0, 1, &records),
		    DANEPRIV_OK);
		check_place("vouched", records, &nowhere);
		ck_assert_int_eq(danepriv_records_ttl(records), -1);
		danepriv_records_free(records);
	}
	ck_assert_int_eq(danepriv_records_place(NULL, &at), DANEPRIV_EINVAL);
	ck_assert_str_eq(at.owner, "");
	ck_assert_str_eq(at.zone, "");
	ck_assert_int_eq(danepriv_records_place(NULL, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_records_ttl(NULL), -1);
}
END_TEST

/* The nth allocation fails: there are no records then, and never some without their place. */
START_TEST(no_memory)
{
	proof_cases cases = { NULL, 0 };
	danepriv_records *records;
	danepriv_server server;
	long n = 0;

	proofs_read(&cases, "proofs/keys.txt");
	const proof_case *c = proofs_find(&cases, "ds-missing");
	danepriv *ctx = proofs_open(c->anchors, NULL);
	ck_assert(server_of(c->qname, &server));
	for (;; n++) {
		dp_fail_allocation_at(n);
		danepriv_status status =
		    danepriv_records_prove(ctx, &server, octets_span(c->chain), c->now, &records);
		dp_fail_allocation_at(-1);
		if (status == DANEPRIV_OK)
			break;
		ck_assert_int_eq(status, DANEPRIV_ENOMEM);
		ck_assert_ptr_null(records);
	}
	ck_assert_int_gt(n, 2);
	check_place("ds-missing", records, &(place_row)PLACE("example.", "DS", "."));
	danepriv_records_free(records);
	danepriv_close(ctx);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("records_place");
	TCase *tc = tcase_create("records_place");

	tcase_add_loop_test(tc, place, 0, ROWS(rows));
	tcase_add_test(tc, every_chain);
	tcase_add_loop_test(tc, lookup, 0, ROWS(lookups));
	tcase_add_loop_test(tc, ttl, 0, ROWS(ttls));
	tcase_add_test(tc, not_known);
	tcase_add_test(tc, no_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
