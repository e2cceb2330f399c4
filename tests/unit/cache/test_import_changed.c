/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/proof: what if a proof that was exported is cut, or a bit of it is not what it
 * was?
 */
#include "base/reader.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "dane/server.h"
#include "dns/name.h"
#include "lookup/prove_chain.h"
#include "support/exported.h"
#include "support/suite.h"

#include <string.h>

/* The key as it stands in what is exported, behind frame and times; and the chain behind it. */
static void
read_exported(test_octets out, dp_server *server, danepriv_span *chain)
{
	dp_reader r = dp_reader_over((danepriv_span){ out.data + 24, out.len - 24 });
	dp_key key;

	key.octets[0] = DP_ENTRY_SERVER;
	(void)dp_read_u32(&r);
	(void)dp_read_span(&r, dp_read_u8(&r));
	(void)dp_name_read(&r);
	key.len = 1 + r.at;
	memcpy(key.octets + 1, out.data + 24, r.at);
	key.aliases = dp_key_view(&key) == DP_VIEW_FOLLOWED ? DANEPRIV_ALIASES_FOLLOW
							    : DANEPRIV_ALIASES_REFUSE;
	dp_key_server(&key, server);
	*chain = dp_read_span(&r, dp_read_u16(&r));
	ck_assert(dp_reader_done(&r));
}

/* `until`: the latest. */
static void
check_no_more(const danepriv_records *known, const danepriv_records *proven, danepriv_time until)
{
	ck_assert_int_eq(danepriv_records_security(known), SECURE);
	ck_assert_int_eq(danepriv_records_security(proven), SECURE);
	ck_assert_uint_eq(danepriv_records_count(known), 1);
	ck_assert_mem_eq(
	    danepriv_records_rdata(known, 0).data, danepriv_records_rdata(proven, 0).data, 35);
	ck_assert_int_le(danepriv_records_valid_until(known), danepriv_records_valid_until(proven));
	ck_assert_int_le(danepriv_records_valid_until(known), until);
}

/* Whatever is in the cache is proven by its own chain for its own server, and no longer. */
static void
check_proven(danepriv_cache *cache, size_t octet)
{
	danepriv_records *proven, *known;
	uint64_t position = 0;
	danepriv_server_state state = { .size = sizeof state };
	char name[DP_NAME_TEXT_MAX];
	danepriv_span chain;
	dp_server read;

	test_octets out = exported_next(cache, NOW, &position);
	if (!out.data) {
		ck_assert_uint_eq(exported_servers(cache), 0);
		return;
	}
	read_exported(out, &read, &chain);
	ck_assert_int_eq(dp_prove_chain(exported_ctx, &read, chain, NOW, &proven), DANEPRIV_OK);
	(void)dp_name_to_text(dp_name_of(&read.name), name, sizeof name);
	danepriv_server server = { name, read.port, read.transport, read.aliases };
	if (!dp_server_label_is_own(read.transport, read.label))
		server.label = read.label;
	ck_assert_int_eq(danepriv_cache_get(cache, &server, NOW, &known), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_get_server_state(cache, &server, NOW, &state), DANEPRIV_OK);
	bool is_time = octet >= 8 && octet < 16;
	check_no_more(known, proven, is_time ? INT64_MAX : NOW + EXPORTED_HELD);
	ck_assert_int_eq(state.security, SECURE);
	ck_assert(state.pinned == INT64_MIN && state.authenticated == INT64_MIN);
	danepriv_records_free(proven);
	danepriv_records_free(known);
	octets_free(out);
}

static test_octets
usual(int transport)
{
	return transport == 0 ? exported_usual() : exported_usual_ipsec();
}

/* Every bit of every octet. */
START_TEST(bits)
{
	test_octets octets = usual(_i);
	unsigned taken = 0;
	size_t used;

	for (size_t i = 0; i < 8 * octets.len; i++) {
		danepriv_cache *cache = cached_open();
		octets.data[i / 8] ^= (uint8_t)(1 << i % 8);
		danepriv_status status =
		    danepriv_cache_import(cache, exported_ctx, octets_span(octets), NOW, &used);
		ck_assert(status == DANEPRIV_OK || status == NOTFOUND || status == MALFORMED);
		ck_assert_uint_eq(used, status == MALFORMED ? 0 : octets.len);
		ck_assert_uint_eq(exported_servers(cache), status == DANEPRIV_OK);
		check_proven(cache, i / 8);
		taken += status == DANEPRIV_OK;
		octets.data[i / 8] ^= (uint8_t)(1 << i % 8);
		danepriv_cache_free(cache);
	}
	/* Letters of names, roles, and the times of both kinds. */
	ck_assert_uint_ge(taken, 64);
	octets_free(octets);
}
END_TEST

START_TEST(cuts)
{
	danepriv_cache *cache = exported_cache();
	test_octets octets = usual(_i);
	size_t used;

	for (size_t cut = 0; cut < octets.len; cut++) {
		test_octets part = octets_copy((danepriv_span){ octets.data, cut });
		used = 5;
		ck_assert_int_eq(
		    danepriv_cache_import(cache, exported_ctx, octets_span(part), NOW, &used),
		    MALFORMED);
		ck_assert_uint_eq(used, 0);
		octets_free(part);
	}
	ck_assert_uint_eq(exported_servers(cache) + exported_proofs(cache), 0);
	octets_free(octets);
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("import_changed");
	TCase *tc = tcase_create("import_changed");

	tcase_add_checked_fixture(tc, exported_open, exported_close);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, bits, 0, 2);
	tcase_add_loop_test(tc, cuts, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
