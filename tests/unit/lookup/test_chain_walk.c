/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/chain_walk: which records are in a chain, and which of them are proven? */
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "support/failing_alloc.h"
#include "support/proving.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SECURE DANEPRIV_SECURITY_SECURE
#define UNKNOWN DANEPRIV_SECURITY_UNKNOWN
#define BEGIN 1543363200 /* of all signatures of RFC 9102 */
#define END 1606867200

static danepriv_chain_walk *
walk_through(const danepriv *ctx, const proof_case *c)
{
	danepriv_chain_walk *walk;
	danepriv_server server;

	ck_assert(server_of(c->qname, &server));
	danepriv_status status =
	    danepriv_chain_walk_new(ctx, &server, octets_span(c->chain), c->now, &walk);
	ck_assert_msg(
	    status == DANEPRIV_OK, "%s: %s", c->name, danepriv_word(DANEPRIV_KIND_STATUS, status));
	return walk;
}

static danepriv_chain_record
record_of(const danepriv_chain_walk *walk, size_t index)
{
	danepriv_chain_record record = { .size = sizeof record };

	ck_assert_int_eq(danepriv_chain_walk_record(walk, index, &record), DANEPRIV_OK);
	return record;
}

/* RFC 9102 appendix A.1, as it is printed there. */
static const struct {
	const char *owner, *type, *covered, *signer;
	uint16_t tag;
	uint32_t ttl;
	danepriv_security security;
} appendix[] = {
	{ "_443._tcp.www.example.com.", "TLSA", "", "", 0, 3600, SECURE },
	{ "_443._tcp.www.example.com.", "RRSIG", "TLSA", "example.com.", 1870, 3600, SECURE },
	{ "example.com.", "DNSKEY", "", "", 1870, 3600, SECURE },
	{ "example.com.", "RRSIG", "DNSKEY", "example.com.", 1870, 3600, SECURE },
	{ "example.com.", "DS", "", "", 1870, 172800, SECURE },
	{ "example.com.", "RRSIG", "DS", "com.", 34327, 172800, SECURE },
	{ "com.", "DNSKEY", "", "", 34327, 172800, SECURE },
	{ "com.", "DNSKEY", "", "", 18931, 172800, SECURE },
	{ "com.", "DNSKEY", "", "", 28809, 172800, SECURE },
	{ "com.", "RRSIG", "DNSKEY", "com.", 18931, 172800, SECURE },
	{ "com.", "RRSIG", "DNSKEY", "com.", 28809, 172800, UNKNOWN },
	{ "com.", "DS", "", "", 18931, 86400, SECURE },
	{ "com.", "DS", "", "", 28809, 86400, SECURE },
	{ "com.", "RRSIG", "DS", ".", 31918, 86400, SECURE },
	{ ".", "DNSKEY", "", "", 31918, 86400, SECURE },
	{ ".", "DNSKEY", "", "", 2635, 86400, SECURE },
	{ ".", "DNSKEY", "", "", 47005, 86400, SECURE },
	{ ".", "RRSIG", "DNSKEY", ".", 47005, 86400, SECURE },
};

START_TEST(published)
{
	const proof_case *c = rfc_vector("A.1");
	danepriv_chain_walk *walk = walk_through(rfc_ctx, c);
	danepriv_chain_record r = record_of(walk, (size_t)_i);
	bool is_signature = strcmp(r.type_text, "RRSIG") == 0;

	ck_assert_uint_eq(danepriv_chain_walk_count(walk), ROWS(appendix));
	ck_assert_str_eq(r.owner, appendix[_i].owner);
	ck_assert_str_eq(r.type_text, appendix[_i].type);
	ck_assert_str_eq(r.covered_text, appendix[_i].covered);
	ck_assert_str_eq(r.signer, appendix[_i].signer);
	ck_assert_uint_eq(r.key_tag, appendix[_i].tag);
	ck_assert_uint_eq(r.algorithm, r.key_tag ? 13 : 0);
	ck_assert_uint_eq(r.ttl, appendix[_i].ttl);
	ck_assert_uint_eq(r.signed_ttl, is_signature ? appendix[_i].ttl : 0);
	ck_assert_int_eq(r.inception, is_signature ? BEGIN : 0);
	ck_assert_int_eq(r.expiration, is_signature ? END : 0);
	ck_assert_int_eq(r.security, appendix[_i].security);
	ck_assert_int_eq(r.reason, DANEPRIV_REASON_NONE);
	ck_assert_uint_gt(r.rdata.len, 0);
	danepriv_chain_walk_free(walk);
}
END_TEST

/* ---- what is said of a chain is said of its records ---- */

/* Are these the records at which the proof broke? */
static bool
is_at(const danepriv_chain_record *r, const danepriv_rrset *place)
{
	return r->type == place->type && strcasecmp(r->owner, place->owner) == 0;
}

/* The records asked for are proven where the chain proves them; those at fault are not. */
static void
check_records(const danepriv *ctx, const proof_case *c)
{
	danepriv_chain_walk *walk = walk_through(ctx, c);
	danepriv_rrset place = { .size = sizeof place };
	danepriv_server server;

	(void)server_of(c->qname, &server);
	danepriv_records *records = prove(ctx, &server, octets_span(c->chain), c->now);
	bool is_broken = danepriv_records_place(records, &place) == DANEPRIV_OK;
	size_t secure = 0;
	for (size_t i = 0; i < danepriv_chain_walk_count(walk); i++) {
		danepriv_chain_record r = record_of(walk, i);
		secure += r.type == DP_TYPE_TLSA && r.security == SECURE;
		/* Signed well, and of no use: an alias, a DS, or what a wildcard stands for. */
		bool is_fine = c->reason != DANEPRIV_REASON_SIGNATURE_INVALID &&
			       c->reason != DANEPRIV_REASON_SIGNATURE_EXPIRED &&
			       c->reason != DANEPRIV_REASON_SIGNATURE_MISSING &&
			       c->reason != DANEPRIV_REASON_DNSKEY_MISSING;
		assert_often_msg(
		    !is_broken || is_fine || !is_at(&r, &place) || r.security != SECURE,
		    "%s: %s %s", c->name, r.owner, r.type_text);
	}
	assert_often_msg(c->security != SECURE || secure > 0, "%s", c->name);
	danepriv_records_free(records);
	danepriv_chain_walk_free(walk);
}

START_TEST(every_chain)
{
	proof_cases cases = { NULL, 0 };
	danepriv_server server;
	size_t count = 0;

	proofs_read_all(&cases);
	for (size_t i = 0; i < cases.count; i++) {
		const proof_case *c = &cases.list[i];
		if (c->type != DP_TYPE_TLSA || c->chain.len == 0 || !server_of(c->qname, &server))
			continue;
		danepriv *ctx = proofs_open(c->anchors, NULL);
		check_records(ctx, c);
		danepriv_close(ctx);
		count++;
	}
	ck_assert_uint_gt(count, 900);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

typedef struct fault_row {
	const char *file, *chain;
	const char *owner, *type; /* the first of these is said to be */
	danepriv_security security;
	danepriv_reason reason;
} fault_row;

#define BOGUS DANEPRIV_SECURITY_BOGUS
#define REASON(r) DANEPRIV_REASON_##r
#define OWNER "_853._tcp.dns.example."

static const fault_row faults[] = {
	{ "keys", "ds-missing", ".", "DNSKEY", SECURE, REASON(NONE) },
	{ "keys", "ds-missing", "example.", "DNSKEY", BOGUS, REASON(DENIAL_MISSING) },
	{ "keys", "ds-missing", OWNER, "TLSA", BOGUS, REASON(DENIAL_MISSING) },
	{ "keys", "digest-2-wrong", "example.", "DS", SECURE, REASON(NONE) },
	{ "keys", "digest-2-wrong", "example.", "DNSKEY", BOGUS, REASON(DNSKEY_MISSING) },
	{ "keys", "two-bad", "example.", "DNSKEY", SECURE, REASON(NONE) },
	{ "keys", "two-bad", OWNER, "TLSA", BOGUS, REASON(SIGNATURE_INVALID) },
	{ "keys", "two-bad", OWNER, "RRSIG", BOGUS, REASON(SIGNATURE_INVALID) },
	{ "keys", "record-unsigned", OWNER, "TLSA", BOGUS, REASON(SIGNATURE_MISSING) },
	{ "keys", "digest-3", "example.", "DS", SECURE, REASON(NONE) },
	{ "keys", "digest-3", OWNER, "TLSA", DANEPRIV_SECURITY_INSECURE,
	    REASON(DIGEST_UNSUPPORTED) },
	{ "nsec", "nodata-expired", OWNER, "NSEC", BOGUS, REASON(SIGNATURE_EXPIRED) },
	{ "dates", "zero-ds", "example.", "DS", BOGUS, REASON(SIGNATURE_EXPIRED) },
	{ "dates", "zero-ds", ".", "RRSIG", SECURE, REASON(NONE) },
	{ "limits", "keytrap", OWNER, "TLSA", UNKNOWN, REASON(LIMIT_KEYS) },
};

START_TEST(fault)
{
	const fault_row *row = &faults[_i];
	proof_cases cases = { NULL, 0 };
	danepriv_chain_record r;
	char path[64];
	size_t i = 0;

	(void)snprintf(path, sizeof path, "proofs/%s.txt", row->file);
	proofs_read(&cases, path);
	const proof_case *c = proofs_find(&cases, row->chain);
	danepriv *ctx = proofs_open(c->anchors, NULL);
	danepriv_chain_walk *walk = walk_through(ctx, c);
	do
		r = record_of(walk, i++);
	while (strcmp(r.owner, row->owner) != 0 || strcmp(r.type_text, row->type) != 0);
	ck_assert_msg(r.security == row->security && r.reason == row->reason, "%s: %s, %s",
	    row->chain, danepriv_word(DANEPRIV_KIND_SECURITY, r.security),
	    danepriv_word(DANEPRIV_KIND_REASON, r.reason));
	danepriv_chain_walk_free(walk);
	danepriv_close(ctx);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- times ---- */

static const struct {
	const char *name;
	danepriv_time now, inception, expiration;
	danepriv_security security;
	danepriv_reason reason;
} times[] = {
	{ "the first second", BEGIN, BEGIN, END, SECURE, REASON(NONE) },
	{ "the last second", END, BEGIN, END, SECURE, REASON(NONE) },
	{ "an age later", BEGIN + (1LL << 32), BEGIN + (1LL << 32), END + (1LL << 32), SECURE,
	    REASON(NONE) },
	{ "too late", END + 1, BEGIN, END, BOGUS, REASON(SIGNATURE_EXPIRED) },
	{ "too early", BEGIN - 1, BEGIN, END, BOGUS, REASON(SIGNATURE_NOT_YET_VALID) },
	{ "no time", 0, BEGIN, END, DANEPRIV_SECURITY_INDETERMINATE, REASON(CLOCK) },
	{ "before all", INT64_MIN, BEGIN, END, DANEPRIV_SECURITY_INDETERMINATE, REASON(CLOCK) },
	{ "after all", INT64_MAX, BEGIN, END, DANEPRIV_SECURITY_INDETERMINATE, REASON(CLOCK) },
};

START_TEST(time_of_it)
{
	proof_case c = *rfc_vector("A.1");

	c.now = times[_i].now;
	danepriv_chain_walk *walk = walk_through(rfc_ctx, &c);
	danepriv_chain_record r = record_of(walk, 1);
	ck_assert_msg(r.inception == times[_i].inception && r.expiration == times[_i].expiration,
	    "%s: %lld %lld", times[_i].name, (long long)r.inception, (long long)r.expiration);
	ck_assert_msg(r.security == times[_i].security && r.reason == times[_i].reason, "%s: %s",
	    times[_i].name, danepriv_word(DANEPRIV_KIND_REASON, r.reason));
	danepriv_chain_walk_free(walk);
}
END_TEST

/* ---- what is refused ---- */

/* Cut at every length: read as records that are whole, or EMALFORMED. */
START_TEST(cut)
{
	proof_case c = *rfc_vector("A.1");
	danepriv_chain_walk *walk;
	danepriv_server server;
	size_t read = 0;

	ck_assert(server_of(c.qname, &server));
	for (size_t len = 0; len < c.chain.len; len++) {
		danepriv_span part = { c.chain.data, len };
		danepriv_status status =
		    danepriv_chain_walk_new(rfc_ctx, &server, part, c.now, &walk);
		assert_often(status == DANEPRIV_OK || status == DANEPRIV_EMALFORMED);
		assert_often((walk != NULL) == (status == DANEPRIV_OK));
		for (size_t i = 0; i < danepriv_chain_walk_count(walk); i++)
			assert_often(record_of(walk, i).type != DP_TYPE_TLSA ||
				     record_of(walk, i).security != SECURE);
		read += status == DANEPRIV_OK;
		danepriv_chain_walk_free(walk);
	}
	ck_assert_uint_eq(read, ROWS(appendix) - 1);
}
END_TEST

/* `count` addresses of the root. */
static test_octets
crowd_of(size_t count, uint16_t type)
{
	dp_buffer b = dp_buffer_growing(1 << 17);

	for (size_t i = 0; i < count; i++) {
		dp_name_write(&b, dp_name_root(), false);
		dp_write_u16(&b, type);
		dp_write_u16(&b, DP_CLASS_IN);
		dp_write_u32(&b, 0);
		dp_write_u16(&b, 4);
		dp_write_u32(&b, (uint32_t)i);
	}
	return octets_of_buffer(&b);
}

static const struct {
	const char *name;
	size_t count;
	uint16_t type;
	danepriv_status status;
	size_t kept;
} crowds[] = {
	{ "as many as are taken", DP_EVIDENCE_RECORDS_MAX, DP_TYPE_A, DANEPRIV_OK,
	    DP_EVIDENCE_RECORDS_MAX },
	{ "one more", DP_EVIDENCE_RECORDS_MAX + 1, DP_TYPE_A, DANEPRIV_ELIMIT, 0 },
	{ "as many of another type", DP_EVIDENCE_RECORDS_MAX + 1, 16, DANEPRIV_OK, 0 },
	{ "signatures that are none", 9, DP_TYPE_RRSIG, DANEPRIV_OK, 9 },
	{ "keys that are none", 9, DP_TYPE_DNSKEY, DANEPRIV_OK, 9 },
	{ "none at all", 0, DP_TYPE_A, DANEPRIV_EMALFORMED, 0 },
};

START_TEST(crowd)
{
	static const danepriv_server server = { .name = "www.example.com" };
	test_octets octets = crowd_of(crowds[_i].count, crowds[_i].type);
	danepriv_chain_walk *walk;

	danepriv_status status =
	    danepriv_chain_walk_new(rfc_ctx, &server, octets_span(octets), BEGIN, &walk);
	ck_assert_msg(status == crowds[_i].status, "%s: %s", crowds[_i].name,
	    danepriv_word(DANEPRIV_KIND_STATUS, status));
	ck_assert_uint_eq(danepriv_chain_walk_count(walk), crowds[_i].kept);
	for (size_t i = 0; i < crowds[_i].kept; i++)
		assert_often(record_of(walk, i).security != SECURE);
	danepriv_chain_walk_free(walk);
	octets_free(octets);
}
END_TEST

static bool
is_zero(const danepriv_chain_record *record)
{
	static const danepriv_chain_record zero;
	danepriv_chain_record copy = *record;

	copy.size = 0;
	return memcmp(&copy, &zero, sizeof zero) == 0;
}

START_TEST(refused)
{
	static const danepriv_server server = { .name = "www.example.com", .port = 443 },
				     bad = { .name = "www..com" },
				     address = { .name = "192.0.2.1" };
	const proof_case *c = rfc_vector("A.1");
	danepriv_span chain = octets_span(c->chain), junk = { NULL, 9 };
	danepriv_chain_record r;
	danepriv_chain_walk *walk = (danepriv_chain_walk *)&r;

#define REFUSES(status, ...)                                                                       \
	ck_assert_int_eq(danepriv_chain_walk_new(__VA_ARGS__), status);                            \
	ck_assert_ptr_null(walk)
	REFUSES(DANEPRIV_EINVAL, NULL, &server, chain, BEGIN, &walk);
	REFUSES(DANEPRIV_EINVAL, rfc_ctx, NULL, chain, BEGIN, &walk);
	REFUSES(DANEPRIV_EINVAL, rfc_ctx, &address, chain, BEGIN, &walk);
	REFUSES(DANEPRIV_EINVAL, rfc_ctx, &server, junk, BEGIN, &walk);
	REFUSES(DANEPRIV_EMALFORMED, rfc_ctx, &bad, chain, BEGIN, &walk);
	ck_assert_int_eq(
	    danepriv_chain_walk_new(rfc_ctx, &server, chain, BEGIN, NULL), DANEPRIV_EINVAL);
	danepriv_chain_walk_free(NULL);
	ck_assert_uint_eq(danepriv_chain_walk_count(NULL), 0);

	walk = walk_through(rfc_ctx, c);
	memset(&r, 0xa5, sizeof r);
	r.size = sizeof r;
	ck_assert_int_eq(danepriv_chain_walk_record(NULL, 0, &r), DANEPRIV_EINVAL);
	ck_assert(is_zero(&r));
	for (int last = 0; last < 2; last++) {
		memset(&r, 0xa5, sizeof r);
		r.size = sizeof r;
		ck_assert_int_eq(
		    danepriv_chain_walk_record(walk, last ? SIZE_MAX : ROWS(appendix), &r),
		    DANEPRIV_ENOTFOUND);
		ck_assert(is_zero(&r));
	}
	ck_assert_int_eq(danepriv_chain_walk_record(walk, 0, NULL), DANEPRIV_EINVAL);
	danepriv_chain_walk_free(walk);
}
END_TEST

START_TEST(no_memory)
{
	static const danepriv_server server = { .name = "www.example.com", .port = 443 };
	danepriv_span chain = octets_span(rfc_vector("A.1")->chain);
	danepriv_status status = DANEPRIV_ENOMEM;
	danepriv_chain_walk *walk;
	long before = dp_blocks(), n = 0;

	for (; status == DANEPRIV_ENOMEM; n++) {
		dp_fail_allocation_at(n);
		status = danepriv_chain_walk_new(rfc_ctx, &server, chain, BEGIN, &walk);
		dp_fail_allocation_at(-1);
		if (status != DANEPRIV_OK) {
			ck_assert_int_eq(status, DANEPRIV_ENOMEM);
			ck_assert_ptr_null(walk);
			ck_assert_int_eq(dp_blocks(), before);
		}
	}
	ck_assert_int_gt(n, 4);
	ck_assert_int_eq(record_of(walk, 0).security, SECURE);
	danepriv_chain_walk_free(walk);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("chain_walk");
	TCase *tc = tcase_create("chain_walk"), *all = tcase_create("all");

	tcase_add_checked_fixture(tc, rfc_open, rfc_close);
	tcase_add_loop_test(tc, published, 0, ROWS(appendix));
	tcase_add_loop_test(tc, time_of_it, 0, ROWS(times));
	tcase_add_test(tc, cut);
	tcase_add_loop_test(tc, crowd, 0, ROWS(crowds));
	tcase_add_test(tc, refused);
	tcase_add_test(tc, no_memory);
	suite_add_tcase(suite, tc);
	tcase_add_test(all, every_chain);
	tcase_add_loop_test(all, fault, 0, ROWS(faults));
	tcase_set_timeout(all, 60);
	suite_add_tcase(suite, all);
	return suite;
}
