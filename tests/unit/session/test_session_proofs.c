/* SPDX-License-Identifier: BSD-2-Clause
 * lib/session: what becomes of the chain that a server sent of itself?  It is to go where what it
 * proved goes, and from there to others, who prove it again. */
#include "session/session.h"
#include "support/crowd.h"
#include "support/failing_alloc.h"
#include "support/kept.h"
#include "support/remembering.h"
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#define OVER DANEPRIV_CHANNEL_ENCRYPTED
#define HEADS 4			/* lifetime and length, in front of a chain */
#define KEY_OCTETS (6 + 4 + 17) /* what the table keeps beside it: `_tcp` and the name */

static danepriv_verdict
decide(danepriv_session *by, danepriv_channel channel)
{
	danepriv_verdict why = { .size = sizeof why };

	(void)!danepriv_session_decide(by, DANEPRIV_PROVENANCE_CONFIGURED, channel, NOW, &why);
	return why;
}

/* What a session that has nothing but this cache finds of the good peer. */
static danepriv_verdict
recalled_from(danepriv_cache *cache, const danepriv *ctx)
{
	danepriv_session *other;

	ck_assert_int_eq(danepriv_session_new(ctx, &cached_server, DANEPRIV_PROFILE_STRICT, &other),
	    DANEPRIV_OK);
	(void)danepriv_session_recall(other, cache, NOW);
	ck_assert_int_eq(danepriv_session_give_credential(other, &good.credential), DANEPRIV_OK);
	danepriv_verdict why = decide(other, OVER);
	danepriv_session_free(other);
	return why;
}

/* ---- which chains are kept ---- */

/* The chain is se`x`nt, or also by nobody who was authenticated: `u`; `f`etched records, a fetched
 * `d`enial, records of one's `o`wn; the name is `s`ent, or `a`nother; `g`ood or `e`vil credential,
 * or `c`: one that is refused; decisions: `j`, `k` in clear, `n` without a channel; `r`ecall;
 * re`m`ember, or `l`ate. */
static const struct {
	const char *name;
	remembered_chain sent;
	const char *order;
	unsigned kept;
	danepriv_finding finding; /* with what is exported; UNJUDGED: nothing is */
} kept[] = {
	{ "the key", KEY, "sxgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "the key, credential first", KEY, "sgxjm", 1, DANEPRIV_FINDING_MATCH },
	{ "of an impostor", KEY, "sxejm", 1, DANEPRIV_FINDING_MATCH },
	{ "another key", BAD_KEY, "sxgjm", 1, DANEPRIV_FINDING_MISMATCH },
	{ "of no use", USELESS, "sxgjm", 1, DANEPRIV_FINDING_UNUSABLE },
	{ "denied", WITHOUT, "sxgjm", 1, DANEPRIV_FINDING_ABSENT },
	{ "judged without a channel", KEY, "sxgnm", 1, DANEPRIV_FINDING_MATCH },
	{ "judged in clear", KEY, "sxgkm", 1, DANEPRIV_FINDING_MATCH },
	{ "remembered twice", KEY, "sxgjmm", 1, DANEPRIV_FINDING_MATCH },
	{ "remembered, then judged again", KEY, "sxgjmjm", 1, DANEPRIV_FINDING_MATCH },
	{ "recalled after that", KEY, "sxgjmrgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "sent twice", KEY, "sxxgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "in a handshake before", KEY, "sxsgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "not authenticated, then nothing", KEY, "susgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "in a handshake that failed", KEY, "sxcgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "fetched before", KEY, "sfxgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "denial, fetched before", KEY, "sdxgjm", 1, DANEPRIV_FINDING_MATCH },
	{ "signed by somebody else", FOREIGN, "sxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "expired", ENDED, "sxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "no chain", GARBAGE, "sxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "of another name", OF_OTHER, "sxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "of another port", OF_PORT, "sxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "for another SNI", KEY, "axfgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "fetched, refused chain", FOREIGN, "sfxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "fetched, chain of another name", OF_OTHER, "sfxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "fetched, and denied by it", WITHOUT, "sfxgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "fetched after it", KEY, "sxfgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "denial, fetched after it", KEY, "sxdgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "records of one's own after it", KEY, "sxogjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "none sent", SILENT, "sfgjm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "not judged", KEY, "sxgm", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "not remembered", KEY, "sxgj", 0, DANEPRIV_FINDING_UNJUDGED },
	{ "too late", KEY, "sxgjl", 0, DANEPRIV_FINDING_UNJUDGED },
};

static void
give_extension(remembered_chain what, char how)
{
	test_octets extension = extension_sent(what, 7);
	danepriv_span octets = octets_span(extension);

	if (how == 'u')
		ck_assert_int_eq(dp_session_give_unauthenticated(session, octets, NOW), 0);
	else if (octets.len > 0)
		(void)danepriv_session_give_extension(session, octets, NOW);
	octets_free(extension);
}

static void
give_own(void)
{
	danepriv_records *records = vouched(SECURE, 'g', NOW + 100);

	ck_assert_int_eq(danepriv_session_give_records(session, records), DANEPRIV_OK);
	danepriv_records_free(records);
}

static void
give_one(char what)
{
	const danepriv_credential none = { DANEPRIV_CREDENTIAL_X509, NULL, 0 };

	if (what == 'f' || what == 'd')
		give_fetched(what == 'f' ? SECURE : DENIED, 'g', NOW + 100);
	if (what == 'o')
		give_own();
	if (what == 's' || what == 'a')
		ck_assert_int_eq(danepriv_session_give_sni(
				     session, what == 's' ? cached_server.name : "ns2.example.net"),
		    DANEPRIV_OK);
	if (what == 'g' || what == 'e')
		ck_assert_int_eq(danepriv_session_give_credential(
				     session, what == 'g' ? &good.credential : &bad.credential),
		    DANEPRIV_OK);
	if (what == 'c')
		ck_assert_int_eq(danepriv_session_give_credential(session, &none), EINVAL_);
}

static void
do_one(char what, remembered_chain sent)
{
	give_one(what);
	if (what == 'x' || what == 'u')
		give_extension(sent, what);
	if (what == 'j' || what == 'k' || what == 'n')
		(void)decide(session, what == 'j'   ? OVER
				      : what == 'k' ? DANEPRIV_CHANNEL_CLEAR
						    : DANEPRIV_CHANNEL_NONE);
	if (what == 'r')
		ck_assert_int_eq(danepriv_session_recall(session, memory, NOW), DANEPRIV_OK);
	if (what == 'm')
		(void)danepriv_session_remember(session, memory, NOW);
	if (what == 'l')
		(void)danepriv_session_remember(session, memory, NOW + CHAIN_LIFE + 1);
}

static void
check_same(const danepriv_verdict *is, const danepriv_verdict *wanted, const char *name)
{
	ck_assert_msg(is->finding == wanted->finding && is->security == wanted->security &&
			  is->reason == wanted->reason && is->record == wanted->record &&
			  is->valid_until == wanted->valid_until,
	    "%s: %s", name, danepriv_sentence(DANEPRIV_KIND_FINDING, is->finding));
}

/* Out of one cache, into another that knows nothing, and the peer is judged by that. */
static void
check_export(const danepriv *ctx, danepriv_finding finding, const char *name)
{
	danepriv_cache *copy = cached_open();
	test_octets proof = exported_only(memory, NOW);
	size_t used;

	ck_assert_int_eq(
	    danepriv_cache_import(copy, ctx, octets_span(proof), NOW, &used), DANEPRIV_OK);
	ck_assert_uint_eq(used, proof.len);
	danepriv_verdict before = recalled_from(memory, ctx), after = recalled_from(copy, ctx);
	ck_assert_msg(after.finding == finding, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_FINDING, after.finding));
	check_same(&after, &before, name);
	danepriv_server_state state = { .size = sizeof state };
	ck_assert_int_eq(
	    danepriv_cache_get_server_state(copy, &cached_server, NOW, &state), DANEPRIV_OK);
	ck_assert_msg(state.pinned == NEVER, "%s: a promise is nobody's proof", name);
	octets_free(proof);
	danepriv_cache_free(copy);
}

START_TEST(keep)
{
	const char *name = kept[_i / 2].name;

	session_open(
	    remember_ctx, _i & 1 ? DANEPRIV_PROFILE_OPPORTUNISTIC : DANEPRIV_PROFILE_STRICT);
	for (const char *o = kept[_i / 2].order; *o; o++)
		do_one(*o, kept[_i / 2].sent);
	ck_assert_msg(
	    exported_proofs(memory) == kept[_i / 2].kept, "%s: %u", name, exported_proofs(memory));
	if (kept[_i / 2].kept)
		check_export(remember_ctx, kept[_i / 2].finding, name);
}
END_TEST

/* A denial of signatures, by those who hold the zone for unsigned. */
START_TEST(unsigned_zone)
{
	session_open(unsigned_ctx, DANEPRIV_PROFILE_OPPORTUNISTIC);
	for (const char *o = "sxgjm"; *o; o++)
		do_one(*o, KEY);
	check_export(unsigned_ctx, DANEPRIV_FINDING_UNSIGNED, "unsigned");
}
END_TEST

/* What the cache has kept is not taken away by who only recalls it. */
START_TEST(recalled)
{
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	for (const char *o = "sxgjm"; *o; o++)
		do_one(*o, KEY);
	session_close();
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	for (const char *o = "rsgjm"; *o; o++)
		do_one(*o, KEY);
	check_export(remember_ctx, DANEPRIV_FINDING_MATCH, "recalled");
}
END_TEST

/* ---- to show it ---- */

/* As above: what has proven the evidence, as it was sent. */
static const struct {
	const char *name;
	remembered_chain sent;
	const char *order;
	danepriv_security security; /* UNKNOWN: there is none to be had */
} given[] = {
	{ "the key", KEY, "sx", SECURE },
	{ "denied", WITHOUT, "sx", DENIED },
	{ "not authenticated", KEY, "su", SECURE },
	{ "of an impostor", KEY, "sxej", SECURE },
	{ "in a handshake before", KEY, "sxs", SECURE },
	{ "fetched before", KEY, "sfx", SECURE },
	{ "nothing was sent", SILENT, "sx", DANEPRIV_SECURITY_UNKNOWN },
	{ "fetched alone", KEY, "sf", DANEPRIV_SECURITY_UNKNOWN },
	{ "signed by somebody else", FOREIGN, "sx", DANEPRIV_SECURITY_UNKNOWN },
	{ "expired", ENDED, "sx", DANEPRIV_SECURITY_UNKNOWN },
	{ "no chain", GARBAGE, "sx", DANEPRIV_SECURITY_UNKNOWN },
	{ "of another name", OF_OTHER, "sx", DANEPRIV_SECURITY_UNKNOWN },
	{ "fetched after it", KEY, "sxf", DANEPRIV_SECURITY_UNKNOWN },
	{ "fetched, and denied by it", WITHOUT, "sfx", DANEPRIV_SECURITY_UNKNOWN },
	{ "remembered", KEY, "sxgjm", DANEPRIV_SECURITY_UNKNOWN },
};

START_TEST(give_back)
{
	test_octets extension = extension_sent(given[_i].sent, 7);
	bool is_there = given[_i].security != DANEPRIV_SECURITY_UNKNOWN;
	const char *name = given[_i].name;
	danepriv_records *records;
	danepriv_chain *chain;

	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	for (const char *o = given[_i].order; *o; o++)
		do_one(*o, given[_i].sent);
	danepriv_status status = danepriv_session_get_chain(session, &chain);
	ck_assert_msg(status == (is_there ? DANEPRIV_OK : DANEPRIV_ENOTFOUND), "%s: %s", name,
	    danepriv_word(DANEPRIV_KIND_STATUS, status));
	ck_assert_int_eq(danepriv_chain_security(chain), given[_i].security);
	danepriv_span octets = danepriv_chain_octets(chain);
	if (is_there) {
		ck_assert_uint_eq(octets.len, extension.len - HEADS);
		ck_assert_mem_eq(octets.data, extension.data + HEADS, octets.len);
		ck_assert_int_eq(danepriv_session_get_records(session, &records), DANEPRIV_OK);
		ck_assert_int_eq(
		    danepriv_chain_valid_until(chain), danepriv_records_valid_until(records));
		danepriv_records_free(records);
	}
	/* It is a copy. */
	session_close();
	ck_assert(!is_there || memcmp(octets.data, extension.data + HEADS, octets.len) == 0);
	danepriv_chain_free(chain);
	octets_free(extension);
}
END_TEST

START_TEST(give_back_none)
{
	danepriv_chain *chain = (danepriv_chain *)&memory;

	ck_assert_int_eq(danepriv_session_get_chain(NULL, &chain), EINVAL_);
	ck_assert_ptr_null(chain);
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(danepriv_session_get_chain(session, NULL), EINVAL_);
	do_one('s', KEY);
	do_one('x', KEY);
	long before = dp_blocks();
	for (long n = 0; n < 2; n++) {
		dp_fail_allocation_at(n);
		ck_assert_int_eq(danepriv_session_get_chain(session, &chain), DANEPRIV_ENOMEM);
		dp_fail_allocation_at(-1);
		ck_assert_ptr_null(chain);
		ck_assert_int_eq(dp_blocks(), before);
	}
}
END_TEST

/* ---- memory ---- */

/* Held no longer than it is of use. */
static const struct {
	const char *name, *order, *after;
	long blocks; /* fewer of them; the records are two */
} released[] = {
	{ "remembered", "sxgj", "m", 1 },
	{ "remembered too late", "sxgj", "l", 1 },
	{ "others in its place", "sxo", "o", 0 },
	{ "not remembered, since not judged", "sxg", "m", 0 },
	{ "judged", "sxg", "j", 0 },
	{ "another chain", "sx", "x", 0 },
};

START_TEST(release)
{
	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	for (const char *o = released[_i].order; *o; o++)
		do_one(*o, KEY);
	long before = dp_blocks();
	for (const char *o = released[_i].after; *o; o++)
		do_one(*o, KEY);
	ck_assert_msg(dp_blocks() == before - released[_i].blocks, "%s: %ld", released[_i].name,
	    before - dp_blocks());
}
END_TEST

/* The nth allocation fails: all of it, or nothing. */
START_TEST(nth_allocation)
{
	test_octets extension = extension_sent(KEY, 7);
	danepriv_status status = DANEPRIV_ENOMEM;
	long n;

	for (n = 0; status != DANEPRIV_OK; n++) {
		session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
		give_fetched(SECURE, 'b', NOW + 100);
		ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
		dp_fail_allocation_at(n);
		status = danepriv_session_give_extension(session, octets_span(extension), NOW);
		dp_fail_allocation_at(-1);
		ck_assert(status == DANEPRIV_OK || status == DANEPRIV_ENOMEM);
		ck_assert_int_eq(decide(session, OVER).finding,
		    status == DANEPRIV_OK ? DANEPRIV_FINDING_MATCH : DANEPRIV_FINDING_MISMATCH);
		ck_assert_int_eq(danepriv_session_remember(session, memory, NOW), DANEPRIV_OK);
		ck_assert_uint_eq(exported_proofs(memory), status == DANEPRIV_OK);
		ck_assert_int_eq(
		    remembered_at(NOW).pinned, status == DANEPRIV_OK ? PIN_END(NOW, 7) : NEVER);
		session_close();
	}
	ck_assert_int_gt(n, 3);
	octets_free(extension);
}
END_TEST

/* ---- room ---- */

/* With a TXT record of the root, of no use, that makes the chain so long. */
static test_octets
grown(size_t len, bool prefixed)
{
	test_octets usual = extension_sent(KEY, 7);
	size_t first = len - (usual.len - HEADS), rdata = first - 11, heads = prefixed ? HEADS : 2;
	uint8_t *room = calloc(1, heads + len);

	ck_assert_ptr_nonnull(room);
	memcpy(room, usual.data, 2);
	if (prefixed) {
		room[2] = (uint8_t)(len >> 8);
		room[3] = (uint8_t)len;
	}
	memcpy(room + heads,
	    (uint8_t[]){ 0, 0, 16, 0, 1, 0, 0, 0, 0, (uint8_t)(rdata >> 8), (uint8_t)rdata }, 11);
	memcpy(room + heads + first, usual.data + HEADS, usual.len - HEADS);
	test_octets result = octets_copy((danepriv_span){ room, heads + len });
	free(room);
	octets_free(usual);
	return result;
}

static const struct {
	const char *name;
	size_t cache, chain;
	bool prefixed;
	unsigned kept;
} sizes[] = {
	{ "nearly all the room", 65536, 54000, true, 1 },
	{ "more than there is room for", 65536, 64000, true, 0 },
	{ "the largest", 200000, 65535 - KEY_OCTETS, false, 1 },
	{ "with its length, which is not kept", 200000, 65535 - KEY_OCTETS, true, 1 },
	{ "one octet more", 200000, 65535 - KEY_OCTETS + 1, false, 0 },
	{ "all that an extension may have", 200000, 65533, false, 0 },
};

/* It is no error when there is no room for it: what was proven is there. */
START_TEST(size)
{
	test_octets extension = grown(sizes[_i].chain, sizes[_i].prefixed);
	danepriv_cache *cache = crowd_open(sizes[_i].cache);
	const char *name = sizes[_i].name;

	session_open(remember_ctx, DANEPRIV_PROFILE_STRICT);
	ck_assert_int_eq(
	    danepriv_session_give_extension(session, octets_span(extension), NOW), DANEPRIV_OK);
	ck_assert_int_eq(danepriv_session_give_credential(session, &good.credential), 0);
	ck_assert_int_eq(decide(session, OVER).finding, DANEPRIV_FINDING_MATCH);
	ck_assert_int_eq(danepriv_session_remember(session, cache, NOW), DANEPRIV_OK);
	ck_assert_msg(exported_proofs(cache) == sizes[_i].kept, "%s", name);
	danepriv_verdict why = recalled_from(cache, remember_ctx);
	ck_assert_msg(why.finding == DANEPRIV_FINDING_MATCH, "%s", name);
	crowd_assert_sound(cache);
	danepriv_cache_free(cache);
	octets_free(extension);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("session_proofs");
	TCase *tc = tcase_create("session_proofs");

	tcase_add_checked_fixture(tc, remember_open, remember_close);
	tcase_add_loop_test(tc, keep, 0, 2 * ROWS(kept));
	tcase_add_test(tc, unsigned_zone);
	tcase_add_test(tc, recalled);
	tcase_add_loop_test(tc, give_back, 0, ROWS(given));
	tcase_add_test(tc, give_back_none);
	tcase_add_loop_test(tc, release, 0, ROWS(released));
	tcase_add_test(tc, nth_allocation);
	tcase_add_loop_test(tc, size, 0, ROWS(sizes));
	suite_add_tcase(suite, tc);
	return suite;
}
