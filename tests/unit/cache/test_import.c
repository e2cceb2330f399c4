/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof: what may another process believe of what we know?  The way in, where a file
 * may say anything: nothing gets into a cache that is not proven there and then. */
#include "support/exported.h"
#include "support/failing_alloc.h"
#include "support/proofs.h"
#include "support/suite.h"

#include <string.h>

#define HELD EXPORTED_HELD
#define NO_PORT (-1)

/* ---- from one cache to another ---- */

/* Of the vectors: all of one server. */
static const struct {
	const char *file, *name;
	danepriv_security security;
} travellers[] = {
	{ "proofs/keys.txt", "record-signed-by-ksk", SECURE },
	{ "proofs/nsec.txt", "nxdomain", DENIED },
	{ "proofs/nsec.txt", "delegation", INSECURE },
};

static void
check_same_proof(const danepriv_records *one, const danepriv_records *other)
{
	ck_assert_int_eq(danepriv_records_security(one), danepriv_records_security(other));
	ck_assert_int_eq(danepriv_records_reason(one), danepriv_records_reason(other));
	ck_assert_int_eq(danepriv_records_valid_until(one), danepriv_records_valid_until(other));
	ck_assert_int_eq(danepriv_records_expiry(one), danepriv_records_expiry(other));
	ck_assert_uint_eq(danepriv_records_count(one), danepriv_records_count(other));
}

static void
check_same(danepriv_cache *a, danepriv_cache *b, const danepriv_server *server, danepriv_time now)
{
	danepriv_records *one, *other;

	ck_assert_int_eq(danepriv_cache_get(a, server, now, &one), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get(b, server, now, &other), DANEPRIV_OK);
	check_same_proof(one, other);
	ck_assert_int_eq(danepriv_records_source(other), DANEPRIV_SOURCE_CHAIN);
	ck_assert_uint_eq(danepriv_records_support_hours(other), 0);
	danepriv_records_free(one);
	danepriv_records_free(other);
}

START_TEST(travels)
{
	const danepriv_server server = { "dns.example", 0, DANEPRIV_TRANSPORT_DOT };
	danepriv *here = proofs_open("proofs/root.ds", NULL),
		 *there = proofs_open("proofs/root.ds", NULL),
		 *elsewhere = exported_strangers_context();
	danepriv_cache *a = exported_cache(), *b = exported_cache(), *c = exported_cache();
	proof_cases cases = { NULL, 0 };
	danepriv_records *records;
	size_t used;

	proofs_read(&cases, travellers[_i].file);
	danepriv_span chain = octets_span(proofs_find(&cases, travellers[_i].name)->chain);
	ck_assert_int_eq(danepriv_records_prove(here, &server, chain, NOW, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_security(records), travellers[_i].security);
	ck_assert_int_eq(danepriv_cache_put_proof(a, records, chain, NOW), DANEPRIV_OK);
	test_octets out = exported_only(a, NOW);
	ck_assert_int_eq(
	    danepriv_cache_import(b, there, octets_span(out), NOW + 1, &used), DANEPRIV_OK);
	ck_assert_uint_eq(used, out.len);
	check_same(a, b, &server, NOW + 1);
	/* And on from there, word for word. */
	test_octets again = exported_only(b, NOW + 1);
	ck_assert_uint_eq(again.len, out.len);
	ck_assert_mem_eq(again.data, out.data, out.len);
	/* Who has other anchors takes nothing. */
	ck_assert_int_eq(
	    danepriv_cache_import(c, elsewhere, octets_span(out), NOW, &used), NOTFOUND);
	ck_assert_uint_eq(used, out.len);
	ck_assert_uint_eq(exported_servers(c) + exported_proofs(c), 0);
	octets_free(again);
	octets_free(out);
	danepriv_records_free(records);
	proofs_free(&cases);
	danepriv_cache_free(a);
	danepriv_cache_free(b);
	danepriv_cache_free(c);
	danepriv_close(here);
	danepriv_close(there);
	danepriv_close(elsewhere);
}
END_TEST

/* ---- what a file may say ---- */

/* Zero is as it was exported. */
typedef struct said_row {
	const char *name;
	danepriv_status status;
	danepriv_security security;
	danepriv_time lasts; /* seconds after NOW */
	exported_chain chain;
	danepriv_time valid_until, expiry; /* after NOW; of 0: HELD, and a second more */
	const char *server, *label;
	int port, transport, view, nul; /* nul: octets of 0 behind the label */
	uint32_t mark;
	int length;
	const char *tail, *behind;
	bool prefixed;
} said_row;

#define YES DANEPRIV_OK, SECURE
#define NO NOTFOUND, NOTHING, 0
#define BAD MALFORMED, NOTHING, 0

static const said_row said[] = {
	{ "as it was", YES, HELD },
	{ "a length in front of the chain", YES, HELD, .prefixed = true },
	{ "the name in capitals", YES, HELD, .server = "NS1.Example.NET" },
	{ "more behind it", YES, HELD, .behind = "dpx" },
	/* time */
	{ "shorter", YES, 5, .valid_until = 5 },
	{ "a second", YES, 1, .valid_until = 1 },
	{ "over", NO, .valid_until = -1 },
	{ "over for ever", NO, .valid_until = INT64_MIN },
	{ "longer than it is proven", YES, EXPORTED_LIFE, .valid_until = 5000 },
	{ "for ever", YES, EXPORTED_LIFE, .valid_until = INT64_MAX },
	{ "as long as signatures", YES, HELD, .expiry = HELD },
	{ "longer than signatures", BAD, .expiry = HELD - 1 },
	/* another server than the chain's */
	{ "another name", NO, .server = "ns2.example.net" },
	{ "the name above", NO, .server = "example.net" },
	{ "a name below", NO, .server = "a.ns1.example.net" },
	{ "another's chain", NO, .chain = OF_OTHER },
	{ "another port", NO, .port = 854 },
	{ "another port's chain", NO, .chain = OF_PORT },
	{ "its own port's chain", YES, HELD, .chain = OF_PORT, .port = 854 },
	{ "HTTPS at that port", YES, HELD, .transport = DANEPRIV_TRANSPORT_DOH },
	{ "DTLS", NO, .transport = DANEPRIV_TRANSPORT_DTLS, .label = "_udp" },
	{ "DTLS, its own chain", YES, HELD, .chain = OF_DTLS, .transport = DANEPRIV_TRANSPORT_DTLS,
	    .label = "_udp" },
	{ "DTLS's chain", NO, .chain = OF_DTLS },
	{ "by way of an alias", YES, HELD, .view = 1 },
	{ "denied", DANEPRIV_OK, DENIED, HELD, .chain = NO_KEY },
	{ "denied, a name that is denied as well", DANEPRIV_OK, DENIED, HELD, .chain = NO_KEY,
	    .server = "ns2.example.net" },
	{ "denied, longer than denials hold", DANEPRIV_OK, DENIED, 3600, .chain = NO_KEY,
	    .valid_until = 5000 },
	{ "somebody else's signatures", NO, .chain = OTHER_KEY },
	{ "signatures that ended", NO, .chain = ENDED },
	{ "noise", NO, .chain = NOISE },
	/* form */
	{ "no chain", BAD, .chain = NO_CHAIN },
	{ "no port", BAD, .port = NO_PORT },
	{ "QUIC", BAD, .transport = DANEPRIV_TRANSPORT_DOQ, .label = "_quic" },
	{ "QUIC, with another label", BAD, .transport = DANEPRIV_TRANSPORT_DOQ },
	{ "IPsec", BAD, .transport = DANEPRIV_TRANSPORT_IPSEC, .label = "" },
	{ "HTTP/3", BAD, .transport = DANEPRIV_TRANSPORT_DOH3, .label = "_quic" },
	{ "unknown transport", BAD, .transport = 6 },
	{ "last transport", BAD, .transport = 255 },
	{ "where an alias is refused", BAD, .view = 2 },
	{ "last view", BAD, .view = 255 },
	{ "another label", BAD, .label = "_udp" },
	{ "no label", BAD, .label = "" },
	{ "label in capitals", BAD, .label = "_TCP" },
	{ "no label's label", BAD, .label = "tcp" },
	{ "label with an end in it", BAD, .nul = 1 },
	{ "label with many ends", BAD, .nul = 200 },
	{ "the root", BAD, .server = "." },
	{ "an address", BAD, .server = "192.0.2.1" },
	{ "a name that no host has", BAD, .server = "a b.example" },
	{ "another mark", BAD, .mark = 0x64707902 },
	{ "the version before", BAD, .mark = 0x64707801 },
	{ "another version", BAD, .mark = 0x64707803 },
	{ "no version", BAD, .mark = 0x64707800 },
	{ "octets behind the chain", BAD, .tail = "x" },
	{ "a length behind the chain", BAD, .tail = "more of it" },
	{ "an octet less", BAD, .length = -1 },
	{ "an octet more", BAD, .length = 1 },
	{ "an octet more, which is there", BAD, .length = 1, .behind = "x" },
	{ "much more", BAD, .length = 0x7f000000 },
	{ "all octets there are", BAD, .length = -0x7fffff00 },
};

static danepriv_server
server_of(const said_row *row)
{
	danepriv_server server = { row->server ? row->server : "ns1.example.net", 853,
		(danepriv_transport)row->transport,
		row->view ? DANEPRIV_ALIASES_FOLLOW : DANEPRIV_ALIASES_REFUSE };

	if (row->port > 0)
		server.port = (uint16_t)row->port;
	return server;
}

/* With the octets that lie behind it. */
static test_octets
octets_of(const said_row *row, size_t *own)
{
	uint8_t label[UINT8_MAX] = "_tcp", room[16384];
	size_t label_len = strlen((char *)label), behind = row->behind ? strlen(row->behind) : 0;
	const danepriv_server server = server_of(row);
	test_octets chain = exported_chain_of(row->chain);
	test_octets sent = tiny_zone_extension(octets_span(chain), 0, row->prefixed);

	if (row->label) {
		label_len = strlen(row->label);
		memcpy(label, row->label, label_len + 1);
	}
	danepriv_time until = row->valid_until > INT32_MIN && row->valid_until < INT32_MAX
				  ? NOW + (row->valid_until ? row->valid_until : HELD)
				  : row->valid_until;
	danepriv_time expiry = until < INT64_MAX ? until + 1 : until;
	const exported_fields fields = { row->mark, row->length, until,
		row->expiry ? NOW + row->expiry : expiry, row->port == NO_PORT ? 0 : server.port,
		(uint8_t)row->transport, (uint8_t)row->view,
		{ label, label_len + (size_t)row->nul }, server.name,
		{ sent.data + 2, sent.len - 2 }, row->tail };
	test_octets proof = exported_octets(&fields);
	*own = proof.len;
	ck_assert_uint_le(proof.len + behind, sizeof room);
	memcpy(room, proof.data, proof.len);
	if (behind > 0)
		memcpy(room + proof.len, row->behind, behind);
	octets_free(proof);
	octets_free(sent);
	octets_free(chain);
	return octets_copy((danepriv_span){ room, *own + behind });
}

START_TEST(what_is_said)
{
	const said_row *row = &said[_i];
	const danepriv_server server = server_of(row);
	danepriv_cache *cache = exported_cache();
	danepriv_records *records = NULL;
	size_t own, used = 5;
	test_octets octets = octets_of(row, &own);

	danepriv_status status =
	    danepriv_cache_import(cache, exported_ctx, octets_span(octets), NOW, &used);
	ck_assert_msg(status == row->status, "%s: %s", row->name,
	    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_msg(used == (status == MALFORMED ? 0 : own), "%s: %zu", row->name, used);
	ck_assert_msg(exported_servers(cache) == (status == DANEPRIV_OK), "%s", row->name);
	ck_assert_msg(exported_proofs(cache) == (status == DANEPRIV_OK), "%s", row->name);
	if (status == DANEPRIV_OK) {
		ck_assert_int_eq(danepriv_cache_get(cache, &server, NOW, &records), DANEPRIV_OK);
		ck_assert_msg(danepriv_records_security(records) == row->security, "%s", row->name);
		ck_assert_msg(danepriv_records_valid_until(records) == NOW + row->lasts, "%s: %lld",
		    row->name, (long long)danepriv_records_valid_until(records) - NOW);
		ck_assert_int_eq(danepriv_records_source(records), DANEPRIV_SOURCE_CHAIN);
	}
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(octets);
}
END_TEST

/* ---- beside what is known ---- */

typedef struct beside_row {
	const char *name;
	danepriv_security known; /* put at NOW, for ten seconds; NOTHING: a claim alone */
	int at;			 /* seconds after NOW */
	exported_chain chain;
	danepriv_security security; /* then known */
	char key;		    /* of the record; 0: none */
	bool is_pinned;		    /* still */
} beside_row;

static const beside_row besides[] = {
	{ "newer keys that hold", SECURE, 5, OLD_KEY, SECURE, 'n', true },
	{ "newer keys, last second", SECURE, 10, OLD_KEY, SECURE, 'n', true },
	{ "keys that ended", SECURE, 11, OLD_KEY, SECURE, 'o', true },
	{ "an old denial, keys that hold", SECURE, 5, NO_KEY, SECURE, 'n', true },
	{ "a denial, keys that ended", SECURE, 11, NO_KEY, DENIED, 0, false },
	{ "keys, a denial that holds", DENIED, 5, OLD_KEY, DENIED, 0, true },
	{ "keys, a denial that ended", DENIED, 11, OLD_KEY, SECURE, 'o', true },
	{ "keys, unsigned that holds", INSECURE, 5, OLD_KEY, INSECURE, 0, true },
	{ "keys, a failure", BOGUS, 5, THE_KEY, SECURE, 'a', true },
	{ "keys, another failure", INDETERMINATE, 5, THE_KEY, SECURE, 'a', true },
	{ "a denial, a failure", BOGUS, 5, NO_KEY, DENIED, 0, false },
	{ "keys, a claim", NOTHING, 5, THE_KEY, SECURE, 'a', true },
	{ "more than can be kept", DENIED, 11, LARGE_KEY, SECURE, 0, true },
	{ "nothing that is proven, keys that hold", SECURE, 5, OTHER_KEY, SECURE, 'n', true },
	{ "nothing that is proven, keys that ended", SECURE, 11, OTHER_KEY, NOTHING, 0, true },
};

START_TEST(beside)
{
	const beside_row *row = &besides[_i];
	const said_row usual = { "usual", YES, HELD, .chain = row->chain };
	danepriv_server_state state = { .size = sizeof state };
	danepriv_cache *cache = exported_cache();
	danepriv_time now = NOW + row->at;
	danepriv_records *records;
	size_t used;
	test_octets octets = octets_of(&usual, &used);

	if (row->known == NOTHING)
		ck_assert_int_eq(
		    danepriv_cache_claim(cache, &cached_server, NOW, NULL), DANEPRIV_OK);
	else
		ck_assert_int_eq(cached_put(cache, row->known, "n", NOW + 10, NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_pin(cache, &cached_server, 5, NOW), DANEPRIV_OK);
	danepriv_status status =
	    danepriv_cache_import(cache, exported_ctx, octets_span(octets), now, &used);
	bool is_taken = row->security != row->known || row->key == 'o';
	ck_assert_msg(status == (row->security == NOTHING ? NOTFOUND : DANEPRIV_OK), "%s: %s",
	    row->name, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	ck_assert_uint_eq(used, octets.len);
	ck_assert_msg(cached_proof(cache, now) == row->security, "%s", row->name);
	(void)danepriv_cache_get(cache, &cached_server, now, &records);
	danepriv_span rdata = danepriv_records_rdata(records, 0);
	ck_assert_msg((rdata.len == 35 ? (char)rdata.data[34] : 0) == row->key, "%s", row->name);
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(cache, &cached_server, now, &state), DANEPRIV_OK);
	ck_assert_msg((state.pinned != INT64_MIN) == row->is_pinned, "%s", row->name);
	ck_assert_msg(
	    exported_proofs(cache) == (is_taken && row->security != NOTHING), "%s", row->name);
	danepriv_records_free(records);
	danepriv_cache_free(cache);
	octets_free(octets);
}
END_TEST

/* Keys that come while a chain is validated are newer than what it says. */

static danepriv_cache *meanwhile;

static void *
put_keys(uint8_t algorithm, danepriv_span key)
{
	(void)algorithm;
	(void)key;
	ck_assert_int_eq(cached_put(meanwhile, SECURE, "n", NOW + 10, NOW), DANEPRIV_OK);
	return NULL; /* GnuTLS shall do it */
}

static int
never_called(const void *key, danepriv_span data, danepriv_span signature)
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

START_TEST(known_meanwhile)
{
	static const danepriv_crypto crypto = { sizeof crypto, put_keys, never_called, free_none };
	const danepriv_settings settings = { .size = sizeof settings,
		.anchors = tiny_zone_anchors(exported_zone),
		.earliest = 1,
		.crypto = &crypto };
	test_octets octets = exported_usual();
	danepriv_records *records;
	danepriv *ctx;
	size_t used;

	meanwhile = exported_cache();
	ck_assert_int_eq(danepriv_open(&settings, &ctx), DANEPRIV_OK);
	ck_assert_int_eq(
	    danepriv_cache_import(meanwhile, ctx, octets_span(octets), NOW, &used), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get(meanwhile, &cached_server, NOW, &records), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_records_rdata(records, 0).data[34], 'n');
	ck_assert_uint_eq(exported_proofs(meanwhile), 0);
	danepriv_records_free(records);
	danepriv_close(ctx);
	danepriv_cache_free(meanwhile);
	octets_free(octets);
}
END_TEST

/* ---- a file of several ---- */

START_TEST(one_after_the_other)
{
	const said_row rows[] = { { "foreign", NO, .chain = OTHER_KEY }, { "one", YES, HELD },
		{ "swapped", NO, .server = "ns2.example.net" },
		{ "other", YES, HELD, .server = "ns2.example.net", .chain = OF_OTHER },
		{ "swapped", NO, .chain = OF_OTHER, .port = 854 } };
	danepriv_cache *cache = exported_cache();
	uint8_t file[8192];
	size_t len = 0, own, used;

	for (int i = 0; i < ROWS(rows); i++) {
		test_octets one = octets_of(&rows[i], &own);
		memcpy(file + len, one.data, own);
		len += own;
		octets_free(one);
	}
	size_t at = 0;
	for (int i = 0; i < ROWS(rows); i++, at += used)
		ck_assert_int_eq(danepriv_cache_import(cache, exported_ctx,
				     (danepriv_span){ file + at, len - at }, NOW, &used),
		    rows[i].status);
	ck_assert_uint_eq(at, len);
	ck_assert_uint_eq(exported_servers(cache), 2);
	danepriv_cache_free(cache);
}
END_TEST

/* ---- arguments and memory ---- */

START_TEST(arguments)
{
	const said_row usual = { "usual", YES, HELD };
	danepriv_cache *cache = exported_cache();
	danepriv_span lost = { NULL, 5 }, none = { NULL, 0 };
	size_t len, used = 5;
	test_octets octets = octets_of(&usual, &len);
	danepriv_span all = octets_span(octets);

	ck_assert_int_eq(danepriv_cache_import(NULL, exported_ctx, all, NOW, &used), EINVAL_);
	ck_assert_uint_eq(used, 0);
	ck_assert_int_eq(danepriv_cache_import(cache, NULL, all, NOW, &used), EINVAL_);
	ck_assert_int_eq(danepriv_cache_import(cache, exported_ctx, all, NOW, NULL), EINVAL_);
	ck_assert_int_eq(danepriv_cache_import(cache, exported_ctx, lost, NOW, &used), EINVAL_);
	ck_assert_int_eq(danepriv_cache_import(cache, exported_ctx, none, NOW, &used), MALFORMED);
	ck_assert_uint_eq(exported_servers(cache), 0);
	octets_free(octets);
	danepriv_cache_free(cache);
}
END_TEST

START_TEST(memory_runs_out)
{
	const said_row usual = { "usual", YES, HELD };
	danepriv_cache *cache = exported_cache();
	size_t len, used = 5;
	test_octets octets = octets_of(&usual, &len);
	long n = 0;

	for (;; n++) {
		dp_fail_allocation_at(n);
		danepriv_status status =
		    danepriv_cache_import(cache, exported_ctx, octets_span(octets), NOW, &used);
		bool failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		if (!failed)
			break;
		ck_assert_int_eq(status, DANEPRIV_ENOMEM);
		ck_assert_uint_eq(used, 0);
		ck_assert_uint_eq(exported_servers(cache) + exported_proofs(cache), 0);
	}
	ck_assert_int_ge(n, 2);
	ck_assert_uint_eq(used, len);
	ck_assert_int_eq(cached_proof(cache, NOW), SECURE);
	octets_free(octets);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("import");
	TCase *tc = tcase_create("import");

	tcase_add_checked_fixture(tc, exported_open, exported_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, travels, 0, ROWS(travellers));
	tcase_add_loop_test(tc, what_is_said, 0, ROWS(said));
	tcase_add_loop_test(tc, beside, 0, ROWS(besides));
	tcase_add_test(tc, known_meanwhile);
	tcase_add_test(tc, one_after_the_other);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, memory_runs_out);
	suite_add_tcase(suite, tc);
	return suite;
}
