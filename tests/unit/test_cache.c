/* SPDX-License-Identifier: BSD-2-Clause
 * lib/dane/cache: what do we know of this server: which key, how sure, until when, and what failed
 * lately? */
#include "dane/cache.h"
#include "support/credentials.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define SECURE DANEPRIV_PROOF_SECURE
#define DENIED DANEPRIV_PROOF_DENIED
#define INSECURE DANEPRIV_PROOF_INSECURE
#define BOGUS DANEPRIV_PROOF_BOGUS
#define INDETERMINATE DANEPRIV_PROOF_INDETERMINATE
#define NOTHING DANEPRIV_PROOF_UNKNOWN
#define NOTFOUND DANEPRIV_ENOTFOUND
#define MALFORMED DANEPRIV_EMALFORMED
#define EINVAL_ DANEPRIV_EINVAL

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_DOT };
static uint8_t octets[70000]; /* of no meaning */

static danepriv_cache *
cache_open(void)
{
	const danepriv_cache_settings settings = { sizeof settings, 65536, 0, 0, 0 };
	danepriv_cache *cache;

	ck_assert_int_eq(danepriv_cache_new(&cache, &settings), DANEPRIV_OK);
	return cache;
}

/* Records `3 1 1` whose digests are all `keys[i]`. */
static danepriv_records *
records_with(danepriv_proof proof, const char *keys, danepriv_time until)
{
	uint8_t rdatas[8][35];
	danepriv_span spans[8];
	danepriv_records *records;
	size_t count = proof == SECURE ? strlen(keys) : 0;

	for (size_t i = 0; i < count; i++) {
		memset(rdatas[i], keys[i], sizeof rdatas[i]);
		memcpy(rdatas[i], "\3\1\1", 3);
		spans[i] = (danepriv_span){ rdatas[i], sizeof rdatas[i] };
	}
	ck_assert_int_eq(
	    danepriv_records_vouch(&server, NULL, proof, spans, count, until, &records),
	    DANEPRIV_OK);
	return records;
}

static danepriv_status
put(danepriv_cache *cache, danepriv_proof proof, const char *keys, danepriv_time until,
    danepriv_time now)
{
	danepriv_records *records = records_with(proof, keys, until);
	danepriv_status status = danepriv_cache_put(cache, records, now);

	danepriv_records_free(records);
	return status;
}

/* NOTHING when it is not found. */
static danepriv_proof
proof_at(danepriv_cache *cache, danepriv_time now)
{
	danepriv_records *records;
	danepriv_status status = danepriv_cache_get(cache, &server, now, &records);
	danepriv_proof proof = danepriv_records_proof(records);

	ck_assert_int_eq(status, proof == NOTHING ? NOTFOUND : DANEPRIV_OK);
	danepriv_records_free(records);
	return proof;
}

/* ---- settings and arguments ---- */

typedef struct settings_row {
	const char *name;
	danepriv_cache_settings settings;
	uint8_t unknown; /* an octet after those that are known */
	danepriv_status status;
} settings_row;

#define SIZE sizeof(danepriv_cache_settings)

static const settings_row settings_rows[] = {
	{ "defaults", { SIZE, 0, 0, 0, 0 }, 0, DANEPRIV_OK },
	{ "all set", { SIZE, 65536, 1, 2, 3 }, 0, DANEPRIV_OK },
	{ "size alone", { sizeof(size_t), 1, 1, 1, 1 }, 0, DANEPRIV_OK },
	{ "newer caller", { SIZE + 1, 0, 0, 0, 0 }, 0, DANEPRIV_OK },
	{ "newer field set", { SIZE + 1, 0, 0, 0, 0 }, 1, EINVAL_ },
	{ "no size", { 0, 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "size too small", { sizeof(size_t) - 1, 0, 0, 0, 0 }, 0, EINVAL_ },
	{ "one octet", { SIZE, 1, 0, 0, 0 }, 0, EINVAL_ },
	{ "one octet too few", { SIZE, 65535, 0, 0, 0 }, 0, EINVAL_ },
#if SIZE_MAX > UINT32_MAX
	{ "one octet too many", { SIZE, ((size_t)1 << 40) + 1, 0, 0, 0 }, 0, DANEPRIV_ELIMIT },
	{ "all octets", { SIZE, SIZE_MAX, 0, 0, 0 }, 0, DANEPRIV_ELIMIT },
#endif
};

START_TEST(settings)
{
	const settings_row *row = &settings_rows[_i];
	uint8_t memory[SIZE + 1];
	danepriv_cache *cache = (danepriv_cache *)octets;

	memcpy(memory, &row->settings, SIZE);
	memory[SIZE] = row->unknown;
	danepriv_status status = danepriv_cache_new(&cache, (const void *)memory);
	ck_assert_msg(status == row->status, "%s: %s", row->name, danepriv_strerror(status));
	ck_assert_msg((cache != NULL) == (status == DANEPRIV_OK), "%s", row->name);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

static const struct {
	const char *name;
	danepriv_server server;
	danepriv_status status;
} bad_servers[] = {
	{ "no name", { NULL, 0, 0 }, EINVAL_ },
	{ "IPv4", { "192.0.2.1", 0, 0 }, EINVAL_ },
	{ "IPv6", { "2001:db8::1", 0, 0 }, EINVAL_ },
	{ "the root", { ".", 0, 0 }, EINVAL_ },
	{ "transport", { "a.b", 0, (danepriv_transport)9 }, EINVAL_ },
	{ "role", { "a.b", 0, 0, (danepriv_role)9 }, EINVAL_ },
	{ "settled label", { "a.b", 0, 0, 0, "_udp" }, EINVAL_ },
	{ "empty name", { "", 0, 0 }, MALFORMED },
	{ "empty label in it", { "a..b", 0, 0 }, MALFORMED },
	{ "no host's name", { "a b.c", 0, 0 }, MALFORMED },
	{ "label", { "a.b", 0, DANEPRIV_DOQ, 0, "udp" }, MALFORMED },
};

START_TEST(servers_that_are_none)
{
	const danepriv_server *bad = &bad_servers[_i].server;
	danepriv_status wanted = bad_servers[_i].status;
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_DOT };
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_MATCH };
	danepriv_records *records = (danepriv_records *)octets;
	danepriv_cache *cache = cache_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, "ee");
	ck_assert_int_eq(danepriv_cache_get(cache, bad, NOW, &records), wanted);
	ck_assert_ptr_null(records);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, bad, &peer.credential, NOW, &verdict), wanted);
	ck_assert_int_eq(verdict.finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(danepriv_cache_authenticated(cache, bad), wanted);
	ck_assert_uint_eq(danepriv_cache_generation(cache, bad), 0);
	ck_assert_int_eq(danepriv_cache_claim(cache, bad, NOW, NULL), wanted);
	ck_assert_int_eq(danepriv_cache_release(cache, bad), wanted);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, bad), wanted);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(no_arguments)
{
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_MATCH };
	danepriv_records *records = records_with(SECURE, "a", NOW), *out = records;
	danepriv_cache *cache = cache_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, "ee");
	ck_assert_int_eq(danepriv_cache_new(NULL, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(NULL, records, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(cache, NULL, NOW), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get(NULL, &server, NOW, &out), EINVAL_);
	ck_assert_ptr_null(out);
	ck_assert_int_eq(danepriv_cache_get(cache, NULL, NOW, &out), EINVAL_);
	ck_assert_int_eq(danepriv_cache_get(cache, &server, NOW, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(NULL, ctx, &server, &peer.credential, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(verdict.finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, NULL, &server, &peer.credential, NOW, &verdict),
	    EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, NULL, &peer.credential, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &server, NULL, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &server, &peer.credential, NOW, NULL), EINVAL_);
	verdict.size--;
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &server, &peer.credential, NOW, &verdict), EINVAL_);
	ck_assert_int_eq(danepriv_cache_authenticated(NULL, &server), EINVAL_);
	ck_assert_uint_eq(danepriv_cache_generation(NULL, &server), 0);
	ck_assert_int_eq(danepriv_cache_claim(NULL, &server, NOW, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_release(NULL, &server), EINVAL_);
	danepriv_cache_free(NULL);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- what is put is what is got ---- */

typedef struct kept_row {
	const char *name;
	danepriv_server server;
	const char *base; /* NULL: the server's name */
	danepriv_proof proof;
	size_t count, len;
	danepriv_status status;
} kept_row;

#define LONG_LABEL "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-012345678"

static const kept_row kept_rows[] = {
	{ "one", { "a.b", 0, 0 }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "other case", { "Ns1.Example.NET.", 0, 0 }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "base", { "a.b", 0, 0 }, "C.d.e", SECURE, 2, 35, DANEPRIV_OK },
	{ "port", { "a.b", 1, 0 }, NULL, SECURE, 1, 67, DANEPRIV_OK },
	{ "transport", { "a.b", 0, DANEPRIV_IPSEC }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "role", { "a.b", 0, 0, DANEPRIV_NAME_SERVER }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "label", { "a.b", 0, DANEPRIV_DOQ, 0, "_udp" }, NULL, SECURE, 1, 35, DANEPRIV_OK },
	{ "long names",
	    { LONG_LABEL "." LONG_LABEL "." LONG_LABEL ".abcdefghijklmnopqrstuvwxyz", 0,
		DANEPRIV_DOQ, 0,
		"_abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-01234567" },
	    LONG_LABEL "." LONG_LABEL, SECURE, 128, 35, DANEPRIV_OK },
	{ "empty RDATA", { "a.b", 0, 0 }, NULL, SECURE, 128, 0, DANEPRIV_OK },
	{ "denied", { "a.b", 0, 0 }, "c.d", DENIED, 0, 0, DANEPRIV_OK },
	{ "insecure", { "a.b", 0, 0 }, NULL, INSECURE, 0, 0, DANEPRIV_OK },
	{ "bogus", { "a.b", 0, 0 }, NULL, BOGUS, 0, 0, DANEPRIV_OK },
	{ "indeterminate", { "a.b", 0, 0 }, NULL, INDETERMINATE, 0, 0, DANEPRIV_OK },
	{ "as large as may be", { "a.b", 0, 0 }, NULL, SECURE, 1, 8190, DANEPRIV_OK },
	{ "many, as large as may be", { "a.b", 0, 0 }, NULL, SECURE, 128, 62, DANEPRIV_OK },
	{ "larger", { "a.b", 0, 0 }, NULL, SECURE, 1, 8191, DANEPRIV_ELIMIT },
	{ "many, larger", { "a.b", 0, 0 }, NULL, SECURE, 128, 63, DANEPRIV_ELIMIT },
	{ "largest", { "a.b", 0, 0 }, NULL, SECURE, 1, 65535, DANEPRIV_ELIMIT },
};

START_TEST(kept)
{
	const kept_row *row = &kept_rows[_i];
	danepriv_cache *cache = cache_open();
	danepriv_records *records, *got;
	danepriv_span rdatas[128];
	test_octets rdata = { octets, row->len };

	for (size_t i = 0; i < row->len; i++)
		octets[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < row->count; i++)
		rdatas[i] = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&row->server, row->base, row->proof, rdatas,
			     row->count, NOW + 9, &records),
	    DANEPRIV_OK);
	dp_records_mark(records, DANEPRIV_SOURCE_CHAIN, 54321);
	danepriv_status status = danepriv_cache_put(cache, records, NOW);
	ck_assert_msg(status == row->status, "%s: %s", row->name, danepriv_strerror(status));
	status = danepriv_cache_get(cache, &row->server, NOW, &got);
	if (row->status != DANEPRIV_OK) {
		ck_assert_int_eq(status, NOTFOUND);
		ck_assert_ptr_null(got);
		goto out;
	}
	ck_assert_msg(status == DANEPRIV_OK, "%s", row->name);
	ck_assert(dp_server_equal(dp_records_server(records), dp_records_server(got)));
	ck_assert(dp_name_equal(dp_records_base(records), dp_records_base(got)));
	ck_assert_int_eq(danepriv_records_proof(got), row->proof);
	ck_assert_int_eq(danepriv_records_until(got), NOW + 9);
	ck_assert_int_eq(danepriv_records_expiry(got), NOW + 9);
	ck_assert_int_eq(danepriv_records_source(got), DANEPRIV_SOURCE_CHAIN);
	ck_assert_uint_eq(danepriv_records_support_hours(got), 54321);
	ck_assert_uint_eq(danepriv_records_count(got), row->count);
	for (size_t i = 0; i < row->count; i++) {
		danepriv_span one = danepriv_records_rdata(got, i);
		ck_assert_uint_eq(one.len, row->len);
		if (row->len > 0)
			ck_assert_mem_eq(one.data, octets, row->len);
	}
	danepriv_records_free(got);
out:
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* None of these is ns1.example.net, but for the last. */
static const struct {
	danepriv_server server;
	danepriv_status status;
} others[] = {
	{ { "ns2.example.net", 0, 0 }, NOTFOUND },
	{ { "example.net", 0, 0 }, NOTFOUND },
	{ { "a.ns1.example.net", 0, 0 }, NOTFOUND },
	{ { "ns1.example.ne", 0, 0 }, NOTFOUND },
	{ { "ns1.example.nett", 0, 0 }, NOTFOUND },
	{ { "ns1-example.net", 0, 0 }, NOTFOUND },
	{ { "ns1.example.net", 854, 0 }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_DTLS }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_DOQ }, NOTFOUND },
	{ { "ns1.example.net", 853, DANEPRIV_DOQ, 0, "_tcp" }, NOTFOUND },
	{ { "ns1.example.net", 0, 0, DANEPRIV_NAME_SERVER }, NOTFOUND },
	{ { "ns1.example.net", 0, 0, DANEPRIV_SELF }, NOTFOUND },
	{ { "NS1.Example.Net.", 853, 0 }, DANEPRIV_OK },
};

START_TEST(other_servers)
{
	danepriv_cache *cache = cache_open();
	danepriv_records *records;

	ck_assert_int_eq(put(cache, SECURE, "a", NOW + 9, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_get(cache, &others[_i].server, NOW, &records), others[_i].status);
	ck_assert_int_eq(
	    danepriv_cache_authenticated(cache, &others[_i].server), others[_i].status);
	ck_assert_int_eq(danepriv_cache_release(cache, &others[_i].server), others[_i].status);
	ck_assert_int_eq(danepriv_cache_generation(cache, &others[_i].server) != 0,
	    others[_i].status == DANEPRIV_OK);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- time ---- */

typedef struct time_row {
	const char *name;
	danepriv_time put, until, now;
	bool holds;
} time_row;

static const time_row times[] = {
	{ "at once", NOW, NOW + 100, NOW, true },
	{ "a second before the end", NOW, NOW + 100, NOW + 99, true },
	{ "the last second", NOW, NOW + 100, NOW + 100, true },
	{ "a second after the end", NOW, NOW + 100, NOW + 101, false },
	{ "long after", NOW, NOW + 100, NOW + 1000000, false },
	{ "the end of time", NOW, NOW + 100, INT64_MAX, false },
	{ "clock set back", NOW, NOW + 100, NOW - 1, true },
	{ "by nearly the span", NOW, NOW + 100, NOW - 99, true },
	{ "by the span", NOW, NOW + 100, NOW - 100, true },
	{ "by more", NOW, NOW + 100, NOW - 101, false },
	{ "by much more", NOW, NOW + 100, 0, false },
	{ "before time", NOW, NOW + 100, INT64_MIN, false },
	{ "no span", NOW, NOW, NOW, true },
	{ "no span, later", NOW, NOW, NOW + 1, false },
	{ "no span, before", NOW, NOW, NOW - 1, false },
	{ "for ever", NOW, INT64_MAX, INT64_MAX, true },
	{ "for ever, but never before", NOW, INT64_MAX, INT64_MIN, false },
	{ "from the beginning", INT64_MIN, INT64_MAX, 0, true },
	{ "from the beginning, over", INT64_MIN, 0, 1, false },
	{ "around zero", -50, 50, 50, true },
	{ "around zero, over", -50, 50, 51, false },
	{ "around zero, set back", -50, 50, -151, false },
};

START_TEST(time_passes)
{
	const time_row *row = &times[_i];
	static const danepriv_proof proofs[] = { SECURE, DENIED, INSECURE, BOGUS, INDETERMINATE };

	for (int i = 0; i < ROWS(proofs); i++) {
		danepriv_cache *cache = cache_open();
		ck_assert_int_eq(put(cache, proofs[i], "a", row->until, row->put), DANEPRIV_OK);
		ck_assert_msg(proof_at(cache, row->now) == (row->holds ? proofs[i] : NOTHING), "%s",
		    row->name);
		/* Clocks that are right again find it again. */
		ck_assert_int_eq(proof_at(cache, row->put), proofs[i]);
		danepriv_cache_free(cache);
	}
}
END_TEST

START_TEST(too_late)
{
	danepriv_cache *cache = cache_open();

	ck_assert_int_eq(put(cache, SECURE, "a", NOW - 1, NOW), EINVAL_);
	ck_assert_int_eq(proof_at(cache, NOW - 1), NOTHING);
	ck_assert_int_eq(put(cache, SECURE, "a", NOW + 5, NOW), DANEPRIV_OK);
	ck_assert_int_eq(put(cache, DENIED, "", NOW - 1, NOW), EINVAL_);
	ck_assert_int_eq(proof_at(cache, NOW), SECURE);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- one after the other ---- */

typedef struct step {
	danepriv_proof proof;
	const char *keys;
	int at, until; /* seconds after NOW */
} step;

typedef struct sequel_row {
	const char *name;
	step first, second;
	int asked; /* seconds after NOW */
	danepriv_proof wanted;
	const char *keys;
	bool is_same; /* generation */
} sequel_row;

static const sequel_row sequels[] = {
	{ "the same", { SECURE, "a", 0, 100 }, { SECURE, "a", 10, 200 }, 150, SECURE, "a", true },
	{ "in another order", { SECURE, "ab", 0, 9 }, { SECURE, "ba", 1, 9 }, 2, SECURE, "ba",
	    true },
	{ "other key", { SECURE, "a", 0, 99 }, { SECURE, "b", 1, 99 }, 1, SECURE, "b", false },
	{ "one more", { SECURE, "a", 0, 99 }, { SECURE, "ab", 1, 99 }, 1, SECURE, "ab", false },
	{ "one less", { SECURE, "ab", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "one twice", { SECURE, "ab", 0, 99 }, { SECURE, "aab", 1, 99 }, 1, SECURE, "aab", false },
	{ "a shorter life", { SECURE, "a", 0, 99 }, { SECURE, "a", 1, 5 }, 6, NOTHING, "", true },
	{ "withdrawn", { SECURE, "a", 0, 99 }, { DENIED, "", 1, 99 }, 1, DENIED, "", false },
	{ "withdrawn, and that is over", { SECURE, "a", 0, 99 }, { DENIED, "", 1, 5 }, 6, NOTHING,
	    "", false },
	{ "unsigned now", { SECURE, "a", 0, 99 }, { INSECURE, "", 1, 99 }, 1, INSECURE, "", false },
	{ "published now", { DENIED, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "signed now", { INSECURE, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "denied again", { DENIED, "", 0, 9 }, { DENIED, "", 1, 99 }, 50, DENIED, "", true },
	{ "denied, then unsigned", { DENIED, "", 0, 9 }, { INSECURE, "", 1, 99 }, 50, INSECURE, "",
	    true },
	{ "bogus does not suppress", { SECURE, "a", 0, 99 }, { BOGUS, "", 1, 99 }, 1, SECURE, "a",
	    true },
	{ "nor indeterminate", { SECURE, "a", 0, 99 }, { INDETERMINATE, "", 1, 999 }, 99, SECURE,
	    "a", true },
	{ "nor of denials", { DENIED, "", 0, 99 }, { BOGUS, "", 1, 99 }, 1, DENIED, "", true },
	{ "nor of unsigned", { INSECURE, "", 0, 99 }, { BOGUS, "", 1, 99 }, 1, INSECURE, "", true },
	{ "not for longer", { SECURE, "a", 0, 9 }, { BOGUS, "", 1, 99 }, 10, NOTHING, "", true },
	{ "bogus when it is over", { SECURE, "a", 0, 9 }, { BOGUS, "", 10, 99 }, 10, BOGUS, "",
	    true },
	{ "one failure, then another", { BOGUS, "", 0, 99 }, { INDETERMINATE, "", 1, 99 }, 1,
	    INDETERMINATE, "", true },
	{ "well again", { BOGUS, "", 0, 99 }, { SECURE, "a", 1, 99 }, 1, SECURE, "a", false },
	{ "put before, clock set back", { SECURE, "a", 50, 99 }, { SECURE, "b", 0, 99 }, 0, SECURE,
	    "b", false },
};

START_TEST(sequel)
{
	const sequel_row *row = &sequels[_i];
	danepriv_cache *cache = cache_open();
	danepriv_records *got;
	const step *s = &row->first;

	ck_assert_int_eq(put(cache, s->proof, s->keys, NOW + s->until, NOW + s->at), DANEPRIV_OK);
	uint64_t before = danepriv_cache_generation(cache, &server);
	ck_assert_int_eq(before == 0, s->proof == BOGUS);
	s = &row->second;
	ck_assert_int_eq(put(cache, s->proof, s->keys, NOW + s->until, NOW + s->at), DANEPRIV_OK);
	ck_assert_msg(
	    (danepriv_cache_generation(cache, &server) == before) == row->is_same, "%s", row->name);
	ck_assert_msg(proof_at(cache, NOW + row->asked) == row->wanted, "%s", row->name);
	(void)!danepriv_cache_get(cache, &server, NOW + row->asked, &got);
	ck_assert_msg(danepriv_records_count(got) == strlen(row->keys), "%s", row->name);
	for (size_t i = 0; i < strlen(row->keys); i++)
		ck_assert_msg(danepriv_records_rdata(got, i).data[34] == (uint8_t)row->keys[i],
		    "%s", row->name);
	danepriv_records_free(got);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(generations_do_not_come_back)
{
	static const char *const keys[] = { "a", "b", "a", "ab", "a" };
	danepriv_cache *cache = cache_open();
	uint64_t seen[ROWS(keys)];

	ck_assert_uint_eq(danepriv_cache_generation(cache, &server), 0);
	for (int i = 0; i < ROWS(keys); i++) {
		ck_assert_int_eq(put(cache, SECURE, keys[i], NOW + 9, NOW), DANEPRIV_OK);
		seen[i] = danepriv_cache_generation(cache, &server);
		for (int j = 0; j < i; j++)
			ck_assert_uint_ne(seen[i], seen[j]);
	}
	danepriv_cache_free(cache);
}
END_TEST

/* What is too large has taken the place of what was known all the same. */
START_TEST(too_large_withdraws)
{
	danepriv_cache *cache = cache_open();
	danepriv_span rdata = { octets, 8191 };
	danepriv_records *records;

	ck_assert_int_eq(put(cache, SECURE, "a", NOW + 9, NOW), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_records_vouch(&server, NULL, SECURE, &rdata, 1, NOW + 9, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_ELIMIT);
	ck_assert_int_eq(proof_at(cache, NOW), NOTHING);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- failures and claims ---- */

static void
assert_claim(danepriv_cache *cache, danepriv_time now, danepriv_status wanted, danepriv_time again)
{
	danepriv_time told = -1;

	ck_assert_int_eq(danepriv_cache_claim(cache, &server, now, &told), wanted);
	ck_assert_int_eq(told, again);
	if (wanted == DANEPRIV_OK)
		ck_assert_int_eq(danepriv_cache_release(cache, &server), DANEPRIV_OK);
}

static const int backoffs[] = { 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600 };

/* Each failure that follows the last at once doubles the time up to an hour, with evidence that
 * still holds or without. */
START_TEST(failures_back_off)
{
	danepriv_cache *cache = cache_open();
	danepriv_time now = NOW;

	if (_i)
		ck_assert_int_eq(put(cache, SECURE, "a", NOW + 200000, NOW), DANEPRIV_OK);
	for (int round = 0; round < 40; round++) {
		int span = round < ROWS(backoffs) ? backoffs[round] : 3600;
		ck_assert_int_eq(put(cache, BOGUS, "", now + 1, now), DANEPRIV_OK);
		/* Of the same time, and so none of its own. */
		ck_assert_int_eq(put(cache, INDETERMINATE, "", now + 1, now + 1), DANEPRIV_OK);
		assert_claim(cache, now, DANEPRIV_EAGAIN, now + span);
		assert_claim(cache, now + span, DANEPRIV_EAGAIN, now + span);
		assert_claim(cache, now + span + 1, DANEPRIV_OK, now + span + 1);
		/* Clocks that are set back: as far as the span, and no further. */
		assert_claim(cache, now - span, DANEPRIV_EAGAIN, now);
		assert_claim(cache, now - span - 1, DANEPRIV_OK, now - span - 1);
		ck_assert_int_eq(proof_at(cache, now + 3), _i ? SECURE : NOTHING);
		now += span + 1;
	}
	/* All is well again, and the next failure is the first. */
	ck_assert_int_eq(put(cache, DENIED, "", now + 1, now), DANEPRIV_OK);
	assert_claim(cache, now, DANEPRIV_OK, now);
	ck_assert_int_eq(put(cache, BOGUS, "", now + 9, now + 2), DANEPRIV_OK);
	assert_claim(cache, now + 2, DANEPRIV_EAGAIN, now + 62);
	danepriv_cache_free(cache);
}
END_TEST

static const struct {
	const char *name;
	int seconds; /* after the claim */
	bool is_free;
} claims[] = {
	{ "at once", 0, false },
	{ "nearly", 9, false },
	{ "the last second", 10, false },
	{ "over", 11, true },
	{ "long over", 100000, true },
	{ "set back", -1, false },
	{ "set back by the span", -10, false },
	{ "set back by more", -11, true },
};

START_TEST(claim_ends)
{
	danepriv_time now = NOW + claims[_i].seconds, again;
	danepriv_cache *cache = cache_open();

	ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(proof_at(cache, NOW), NOTHING);
	ck_assert_uint_eq(danepriv_cache_generation(cache, &server), 0);
	danepriv_status status = danepriv_cache_claim(cache, &server, now, &again);
	ck_assert_msg((status == DANEPRIV_OK) == claims[_i].is_free, "%s", claims[_i].name);
	if (status != DANEPRIV_OK) {
		ck_assert_int_eq(status, DANEPRIV_EAGAIN);
		ck_assert_int_eq(again, (now < NOW ? now : NOW) + 10);
	}
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(claim_is_ended)
{
	danepriv_cache *cache = cache_open();

	ck_assert_int_eq(danepriv_cache_release(cache, &server), NOTFOUND);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_EAGAIN);
		ck_assert_int_eq(danepriv_cache_release(cache, &server), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
		ck_assert_int_eq(put(cache, SECURE, "a", NOW, NOW), DANEPRIV_OK);
	}
	/* The last failure's time is the one that counts. */
	ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(put(cache, BOGUS, "", NOW, NOW), DANEPRIV_OK);
	assert_claim(cache, NOW + 11, DANEPRIV_EAGAIN, NOW + 60);
	assert_claim(cache, INT64_MAX, DANEPRIV_OK, INT64_MAX);
	assert_claim(cache, INT64_MIN, DANEPRIV_OK, INT64_MIN);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- judgement ---- */

typedef struct judge_row {
	const char *name;
	danepriv_proof proof;
	const char *meant;
	uint8_t usage, selector, matching;
	const char *peer;
	int seconds; /* from put to now; it holds for 100 */
	danepriv_status status;
	danepriv_finding finding;
} judge_row;

static const judge_row judges[] = {
	{ "3 1 1", SECURE, "ee", 3, 1, 1, "ee", 0, 0, DANEPRIV_MATCH },
	{ "3 0 0", SECURE, "ee", 3, 0, 0, "ee", 0, 0, DANEPRIV_MATCH },
	{ "2 0 1", SECURE, "root", 2, 0, 1, "by-sub,sub,root", 0, 0, DANEPRIV_MATCH },
	{ "3 1 1, raw key", SECURE, "ee", 3, 1, 1, "raw:ee-key", 0, 0, DANEPRIV_MATCH },
	{ "the last second", SECURE, "ee", 3, 1, 1, "ee", 100, 0, DANEPRIV_MATCH },
	{ "over", SECURE, "ee", 3, 1, 1, "ee", 101, NOTFOUND, DANEPRIV_UNJUDGED },
	{ "set back too far", SECURE, "ee", 3, 1, 1, "ee", -101, NOTFOUND, DANEPRIV_UNJUDGED },
	{ "another", SECURE, "ee", 3, 1, 1, "other", 0, 0, DANEPRIV_MISMATCH },
	{ "another in front", SECURE, "ee", 3, 1, 1, "other,ee", 0, 0, DANEPRIV_MISMATCH },
	{ "unusable", SECURE, "ee", 4, 1, 1, "ee", 0, 0, DANEPRIV_UNUSABLE },
	{ "denied", DENIED, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_ABSENT },
	{ "insecure", INSECURE, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_UNSIGNED },
	{ "bogus", BOGUS, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_BOGUS },
	{ "indeterminate", INDETERMINATE, NULL, 0, 0, 0, "ee", 0, 0, DANEPRIV_INDETERMINATE },
	{ "denied, over", DENIED, NULL, 0, 0, 0, "ee", 101, NOTFOUND, DANEPRIV_UNJUDGED },
};

static danepriv_records *
records_for(const judge_row *row)
{
	danepriv_records *records;
	danepriv_span span;
	test_octets rdata = { NULL, 0 };
	test_peer meant;

	if (row->meant) {
		peer_open(&meant, row->meant);
		uint8_t usage = row->usage > 3 ? 3 : row->usage;
		rdata = rdata_of_peer(&meant, usage, row->selector, row->matching);
		rdata.data[0] = row->usage;
		peer_close(&meant);
	}
	span = octets_span(rdata);
	ck_assert_int_eq(danepriv_records_vouch(&server, NULL, row->proof, &span,
			     row->meant != NULL, NOW + 100, &records),
	    DANEPRIV_OK);
	octets_free(rdata);
	return records;
}

START_TEST(judged)
{
	const judge_row *row = &judges[_i];
	danepriv_verdict verdict = { .size = sizeof verdict, .finding = DANEPRIV_MATCH };
	danepriv_verdict direct = { .size = sizeof direct };
	danepriv_records *records = records_for(row);
	danepriv_cache *cache = cache_open();
	danepriv *ctx = context_open("-");
	test_peer peer;

	peer_open(&peer, row->peer);
	ck_assert_int_eq(
	    danepriv_cache_evaluate(cache, ctx, &server, &peer.credential, NOW, &verdict),
	    NOTFOUND);
	ck_assert_int_eq(verdict.finding, DANEPRIV_UNJUDGED);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	danepriv_status status = danepriv_cache_evaluate(
	    cache, ctx, &server, &peer.credential, NOW + row->seconds, &verdict);
	if (row->usage == 3)
		ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_msg(status == row->status && verdict.finding == row->finding, "%s: %s, %s",
	    row->name, danepriv_strerror(status), danepriv_finding_text(verdict.finding));
	if (status == DANEPRIV_OK) {
		ck_assert_int_eq(
		    danepriv_evaluate(ctx, records, &peer.credential, NOW + row->seconds, &direct),
		    DANEPRIV_OK);
		ck_assert_int_eq(direct.finding, verdict.finding);
		ck_assert_int_eq(direct.proof, verdict.proof);
		ck_assert_int_eq(direct.until, verdict.until);
		ck_assert_uint_eq(direct.record, verdict.record);
	}
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- what is to be looked up again ---- */

typedef struct due_row {
	const char *name;
	danepriv_proof proof;
	bool is_authenticated;
	int now, by; /* seconds after NOW; it holds for 100 */
	bool is_due;
} due_row;

static const due_row dues[] = {
	{ "by its end", SECURE, true, 0, 100, true },
	{ "by a later time", SECURE, true, 0, 1000, true },
	{ "at its end", SECURE, true, 100, 100, true },
	{ "set back", SECURE, true, -100, 100, true },
	{ "by an earlier time", SECURE, true, 0, 99, false },
	{ "over", SECURE, true, 101, 1000, false },
	{ "set back too far", SECURE, true, -101, 1000, false },
	{ "never authenticated", SECURE, false, 0, 1000, false },
	{ "denied", DENIED, true, 0, 1000, false },
	{ "insecure", INSECURE, true, 0, 1000, false },
	{ "bogus", BOGUS, true, 0, 1000, false },
};

/* How many are found; the last one is in `due`. */
static int
search(danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due)
{
	danepriv_cache_due last = { .size = sizeof last };
	danepriv_status status;
	int found = 0, calls = 0;

	do {
		status = danepriv_cache_refresh(cache, by, now, &last);
		if (status == DANEPRIV_OK) {
			*due = last;
			found++;
		}
		ck_assert_int_lt(++calls, 10000);
	} while (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN);
	ck_assert_int_eq(status, NOTFOUND);
	ck_assert_uint_eq(last.position, 0);
	return found;
}

START_TEST(due)
{
	const due_row *row = &dues[_i];
	danepriv_cache *cache = cache_open();
	danepriv_cache_due found = { .size = sizeof found };

	ck_assert_int_eq(put(cache, row->proof, "a", NOW + 100, NOW), DANEPRIV_OK);
	if (row->is_authenticated)
		ck_assert_int_eq(danepriv_cache_authenticated(cache, &server), DANEPRIV_OK);
	ck_assert_msg(
	    search(cache, NOW + row->by, NOW + row->now, &found) == row->is_due, "%s", row->name);
	if (row->is_due) {
		ck_assert_int_eq(found.until, NOW + 100);
		ck_assert_str_eq(found.name, "ns1.example.net.");
		ck_assert_str_eq(found.label, "");
		ck_assert_uint_eq(found.port, 853);
		ck_assert_int_eq(found.transport, DANEPRIV_DOT);
	}
	danepriv_cache_free(cache);
}
END_TEST

/* All of many, each once, and as they were put. */
START_TEST(many_due)
{
	const danepriv_cache_settings wanted = { sizeof wanted, 1u << 20, 0, 0, 0 };
	danepriv_span rdata = { octets, 35 };
	bool seen[1000] = { false };
	danepriv_cache_due item = { .size = sizeof item };
	danepriv_records *records;
	danepriv_cache *cache;
	danepriv_status status;
	char name[64];

	ck_assert_int_eq(danepriv_cache_new(&cache, &wanted), DANEPRIV_OK);
	for (int i = 0; i < 1000; i++) {
		danepriv_server s = { name, 0, DANEPRIV_DOQ, DANEPRIV_NAME_SERVER, "_udp" };
		(void)snprintf(name, sizeof name, "%d.test", i);
		ck_assert_int_eq(
		    danepriv_records_vouch(&s, NULL, SECURE, &rdata, 1, NOW + i, &records),
		    DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_cache_authenticated(cache, &s), DANEPRIV_OK);
		danepriv_records_free(records);
	}
	while ((status = danepriv_cache_refresh(cache, NOW + 899, NOW, &item)) != NOTFOUND) {
		if (status == DANEPRIV_EAGAIN)
			continue;
		ck_assert_int_eq(status, DANEPRIV_OK);
		danepriv_server s = { item.name, item.port, item.transport, item.role, item.label };
		ck_assert_uint_ne(danepriv_cache_generation(cache, &s), 0);
		int number = (int)(item.until - NOW);
		ck_assert(!seen[number]);
		seen[number] = true;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(seen[i], i < 900);
	ck_assert_int_eq(danepriv_cache_refresh(NULL, NOW, NOW, &item), EINVAL_);
	ck_assert_int_eq(danepriv_cache_refresh(cache, NOW, NOW, NULL), EINVAL_);
	item.position = UINT64_MAX;
	ck_assert_int_eq(danepriv_cache_refresh(cache, NOW, NOW, &item), NOTFOUND);
	item.size--;
	ck_assert_int_eq(danepriv_cache_refresh(cache, NOW, NOW, &item), EINVAL_);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- memory ---- */

START_TEST(memory_runs_out)
{
	danepriv_cache *cache = (danepriv_cache *)octets;
	danepriv_records *records, *got = (danepriv_records *)octets;
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_DOT };

	for (long n = 0; n < 2; n++) {
		dp_fail_allocation_at(n);
		ck_assert_int_eq(danepriv_cache_new(&cache, NULL), DANEPRIV_ENOMEM);
		ck_assert_ptr_null(cache);
		ck_assert_int_eq(dp_blocks(), 0);
	}
	dp_fail_allocation_at(2);
	ck_assert_int_eq(danepriv_cache_new(&cache, NULL), DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	records = records_with(SECURE, "a", NOW);
	/* Nothing else but what hands out records needs any. */
	dp_fail_allocation_at(0);
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_claim(cache, &server, NOW, NULL), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_bind(cache, &address, &server), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_note(cache, &address, DANEPRIV_EVENT_COMPLETED, 1, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_wants_tls(cache, &address, NOW), DANEPRIV_WISH_EXPECTED);
	ck_assert_int_eq(dp_allocations(), 0);
	ck_assert_int_eq(danepriv_cache_get(cache, &server, NOW, &got), DANEPRIV_ENOMEM);
	ck_assert_ptr_null(got);
	dp_fail_allocation_at(-1);
	ck_assert_int_eq(proof_at(cache, NOW), SECURE);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* A judgement that needs memory, and does not get it, is no match. */
START_TEST(judged_without_memory)
{
	const judge_row row = { .proof = SECURE, .meant = "root", .usage = 2, .matching = 1 };
	danepriv_records *records = records_for(&row);
	danepriv_cache *cache = cache_open();
	danepriv *ctx = context_open("-");
	danepriv_status status = DANEPRIV_ENOMEM;
	test_peer peer;

	peer_open(&peer, "by-sub,sub,root");
	ck_assert_int_eq(danepriv_cache_put(cache, records, NOW), DANEPRIV_OK);
	for (long n = 0; status == DANEPRIV_ENOMEM; n++) {
		danepriv_verdict verdict = { .size = sizeof verdict };
		dp_fail_allocation_at(n);
		status =
		    danepriv_cache_evaluate(cache, ctx, &server, &peer.credential, NOW, &verdict);
		ck_assert_int_eq(verdict.finding == DANEPRIV_MATCH, status == DANEPRIV_OK);
		ck_assert(n < 1000 && (n > 0 || status == DANEPRIV_ENOMEM));
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
	dp_fail_allocation_at(-1);
	peer_close(&peer);
	danepriv_close(ctx);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("cache");
	TCase *tc = tcase_create("cache");

	tcase_add_loop_test(tc, settings, 0, ROWS(settings_rows));
	tcase_add_loop_test(tc, servers_that_are_none, 0, ROWS(bad_servers));
	tcase_add_test(tc, no_arguments);
	tcase_add_loop_test(tc, kept, 0, ROWS(kept_rows));
	tcase_add_loop_test(tc, other_servers, 0, ROWS(others));
	tcase_add_loop_test(tc, time_passes, 0, ROWS(times));
	tcase_add_test(tc, too_late);
	tcase_add_loop_test(tc, sequel, 0, ROWS(sequels));
	tcase_add_test(tc, generations_do_not_come_back);
	tcase_add_test(tc, too_large_withdraws);
	tcase_add_loop_test(tc, failures_back_off, 0, 2);
	tcase_add_loop_test(tc, claim_ends, 0, ROWS(claims));
	tcase_add_test(tc, claim_is_ended);
	tcase_add_loop_test(tc, judged, 0, ROWS(judges));
	tcase_add_loop_test(tc, due, 0, ROWS(dues));
	tcase_add_test(tc, many_due);
	tcase_add_test(tc, memory_runs_out);
	tcase_add_test(tc, judged_without_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
