/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof: what may another process believe of what we know?  The way in, where a file
 * may say anything: nothing gets into a cache that is not proven there and then. */
#include "support/exported.h"
#include "support/failing_alloc.h"
#include "support/suite.h"

#include <danepriv/cache.h>
#include <danepriv/context.h>
#include <danepriv/crypto.h>
#include <danepriv/records.h>
#include <danepriv/server.h>
#include <string.h>

#define HELD EXPORTED_HELD
#define NO_PORT (-1)

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
#define IPSEC(...)                                                                                 \
	{                                                                                          \
		__VA_ARGS__, .transport = DANEPRIV_TRANSPORT_IPSEC, .port = 53, .label = ""        \
	}

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
	/* over IPsec */
	IPSEC("IPsec", YES, HELD, .chain = OF_IPSEC),
	IPSEC("IPsec, in capitals", YES, HELD, .chain = OF_IPSEC, .server = "NS1.EXAMPLE.NET"),
	IPSEC("IPsec, by way of an alias", YES, HELD, .chain = OF_IPSEC, .view = 1),
	IPSEC("IPsec, shorter", YES, 5, .chain = OF_IPSEC, .valid_until = 5),
	IPSEC("IPsec, for ever", YES, EXPORTED_LIFE, .chain = OF_IPSEC, .valid_until = INT64_MAX),
	IPSEC("IPsec, denied", DANEPRIV_OK, DENIED, HELD, .chain = NO_KEY),
	IPSEC("an IPv4 address", YES, HELD, .chain = OF_FOUR, .server = EXPORTED_FOUR),
	IPSEC("an IPv6 address", YES, HELD, .chain = OF_SIX, .server = EXPORTED_SIX),
	IPSEC("IPsec, over", NO, .chain = OF_IPSEC, .valid_until = -1),
	IPSEC("IPsec, noise", NO, .chain = NOISE),
	IPSEC("IPsec, another name", NO, .chain = OF_IPSEC, .server = "ns2.example.net"),
	IPSEC("IPsec, another address", NO, .chain = OF_FOUR, .server = "3.1.168.192.in-addr.arpa"),
	IPSEC("an address by a name's chain", NO, .chain = OF_IPSEC, .server = EXPORTED_FOUR),
	IPSEC("a name by its address's chain", NO, .chain = OF_FOUR),
	IPSEC("IPsec, TLS's chain", NO, .chain = THE_KEY),
	IPSEC("IPsec, TLSA where IPSECA belongs", NO, .chain = TLSA_AT_IPSEC),
	{ "IPsec at another port", NO, .chain = OF_IPSEC, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = 54, .label = "" },
	{ "IPsec at TLS's port, TLS's chain", NO, .chain = THE_KEY,
	    .transport = DANEPRIV_TRANSPORT_IPSEC, .label = "" },
	{ "IPsec, TLSA at the very owner", NO, .chain = THE_KEY,
	    .transport = DANEPRIV_TRANSPORT_IPSEC, .label = "", .server = "_tcp.ns1.example.net" },
	{ "IPsec, IPSECA at the very owner", YES, HELD, .chain = IPSECA_AT_TLS,
	    .transport = DANEPRIV_TRANSPORT_IPSEC, .label = "", .server = "_tcp.ns1.example.net" },
	{ "TLS, IPsec's chain", NO, .chain = OF_IPSEC },
	{ "TLS at IPsec's port, IPsec's chain", NO, .chain = OF_IPSEC, .port = 53 },
	{ "TLS, IPSECA where TLSA belongs", NO, .chain = IPSECA_AT_TLS },
	{ "TLS at an address's name, IPsec's chain", NO, .chain = OF_FOUR, .port = 53,
	    .server = EXPORTED_FOUR },
	/* over QUIC */
	{ "QUIC", YES, HELD, .chain = OF_QUIC, .transport = DANEPRIV_TRANSPORT_DOQ,
	    .label = "_quic" },
	{ "HTTP/3 at that port", YES, HELD, .chain = OF_QUIC, .transport = DANEPRIV_TRANSPORT_DOH3,
	    .label = "_quic" },
	{ "QUIC under TLS's label", YES, HELD, .transport = DANEPRIV_TRANSPORT_DOQ },
	{ "QUIC, TLS's chain", NO, .transport = DANEPRIV_TRANSPORT_DOQ, .label = "_quic" },
	{ "QUIC, its own chain for another label", NO, .chain = OF_QUIC,
	    .transport = DANEPRIV_TRANSPORT_DOQ, .label = "_udp" },
	{ "TLS, QUIC's chain", NO, .chain = OF_QUIC },
	{ "TLS with QUIC's label", BAD, .chain = OF_QUIC, .label = "_quic" },
	/* form */
	{ "no chain", BAD, .chain = NO_CHAIN },
	{ "no port", BAD, .port = NO_PORT },
	{ "QUIC without a label", BAD, .chain = OF_QUIC, .transport = DANEPRIV_TRANSPORT_DOQ,
	    .label = "" },
	{ "QUIC, no label's label", BAD, .chain = OF_QUIC, .transport = DANEPRIV_TRANSPORT_DOQ,
	    .label = "quic" },
	{ "IPsec, TLS's label", BAD, .chain = OF_IPSEC, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = 53 },
	{ "IPsec, a label of its own", BAD, .chain = OF_IPSEC,
	    .transport = DANEPRIV_TRANSPORT_IPSEC, .port = 53, .label = "_ipsec" },
	{ "IPsec, an end as label", BAD, .chain = OF_IPSEC, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = 53, .label = "", .nul = 1 },
	{ "IPsec, no port", BAD, .chain = OF_IPSEC, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = NO_PORT, .label = "" },
	{ "IPsec, an address as such", BAD, .chain = OF_FOUR, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = 53, .label = "", .server = "192.168.1.2" },
	{ "IPsec, where an alias is refused", BAD, .chain = OF_IPSEC,
	    .transport = DANEPRIV_TRANSPORT_IPSEC, .port = 53, .label = "", .view = 2 },
	{ "IPsec, no chain", BAD, .chain = NO_CHAIN, .transport = DANEPRIV_TRANSPORT_IPSEC,
	    .port = 53, .label = "" },
	{ "TLS without a label, by IPsec's chain", BAD, .chain = OF_IPSEC, .port = 53,
	    .label = "" },
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
	if (server.transport == DANEPRIV_TRANSPORT_DOQ)
		server.label = row->label ? row->label : "_tcp";
	return server;
}

/* What was proven for one transport and port says nothing of another. */
static void
check_nobody_else(danepriv_cache *cache, const danepriv_server *server)
{
	const uint16_t ports[] = { 53, 443, 853, 854 };
	danepriv_records *records;

	for (int i = 0; i < 6 * ROWS(ports); i++) {
		danepriv_server other = *server;
		other.transport = (danepriv_transport)(i % 6);
		other.port = ports[i / 6];
		other.label = NULL;
		if (other.transport == server->transport && other.port == server->port)
			continue;
		ck_assert_int_eq(danepriv_cache_get(cache, &other, NOW, &records), NOTFOUND);
	}
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
		check_nobody_else(cache, &server);
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
	const danepriv_settings settings = { .size = sizeof settings, .crypto = &crypto };
	danepriv *ctx = tiny_zone_context(exported_zone, &settings);
	test_octets octets = exported_usual();
	danepriv_records *records;
	size_t used;

	meanwhile = exported_cache();
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
	tcase_add_loop_test(tc, what_is_said, 0, ROWS(said));
	tcase_add_loop_test(tc, beside, 0, ROWS(besides));
	tcase_add_test(tc, known_meanwhile);
	tcase_add_test(tc, one_after_the_other);
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, memory_runs_out);
	suite_add_tcase(suite, tc);
	return suite;
}
