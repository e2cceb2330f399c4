/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/prove_chain: what does the proof prove that a server sent in its handshake?  All that
 * the files of chains have is asked again through the front door; what is in this file, they have
 * not. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "support/failing_alloc.h"
#include "support/proving.h"
#include "support/suite.h"

#include <string.h>

#define HOURS 0x1234

static const char *const files[] = { "rfc9102/chains.txt", "rfc9102/resigned.txt",
	"proofs/algorithms.txt", "proofs/keys.txt", "proofs/dates.txt", "proofs/signatures.txt",
	"proofs/form.txt", "proofs/wildcards.txt", "proofs/nsec.txt", "proofs/nsec3.txt",
	"proofs/alias.txt", "proofs/alias-loops.txt", "proofs/anchors.txt", "proofs/limits.txt" };

/* A chain as extension, `prefixed` or not. */
static test_octets
extension_of(danepriv_span chain, bool prefixed)
{
	dp_buffer b = dp_buffer_growing(1 << 17);

	dp_write_u16(&b, HOURS);
	if (prefixed)
		dp_write_u16(&b, (uint16_t)chain.len);
	dp_write_span(&b, chain);
	return octets_of_buffer(&b);
}

/* ---- every chain of the files ---- */

static void
check_case(const danepriv *ctx, const proof_case *c, const danepriv_server *server)
{
	danepriv_span chain = octets_span(c->chain);
	danepriv_security security = c->security;
	danepriv_reason reason = c->reason;

	if (chain.len == 0) { /* not even a chain */
		security = DANEPRIV_SECURITY_BOGUS;
		reason = DANEPRIV_REASON_MALFORMED;
	}
	check_proven(c->name, prove(ctx, server, chain, c->now), security, reason, 0);
	for (int prefixed = 0; prefixed < 2; prefixed++) {
		test_octets octets = extension_of(chain, prefixed);
		danepriv_span whole = octets_span(octets),
			      inner = { whole.data + 2, whole.len - 2 };
		danepriv_records *records;
		ck_assert_int_eq(
		    danepriv_records_prove_extension(ctx, server, whole, c->now, &records), 0);
		check_proven(c->name, records, security, reason, chain.len > 0 ? HOURS : 0);
		check_proven(c->name, prove(ctx, server, inner, c->now), security, reason, 0);
		octets_free(octets);
	}
}

START_TEST(every_chain)
{
	proof_cases cases = { NULL, 0 };
	danepriv_server server;
	size_t count = 0;

	proofs_read(&cases, files[_i]);
	for (size_t i = 0; i < cases.count; i++) {
		const proof_case *c = &cases.list[i];
		if (c->type != DP_TYPE_TLSA || !server_of(c->qname, &server))
			continue;
		danepriv *ctx = proofs_open(c->anchors, NULL);
		check_case(ctx, c, &server);
		danepriv_close(ctx);
		count++;
	}
	ck_assert_uint_gt(count, 0);
	proofs_free(&cases);
	ck_assert_int_eq(dp_blocks(), 0);
}
END_TEST

/* ---- as much as an extension holds ---- */

/* `count` records of this type and RDATA length in front of a chain. */
static test_octets
stuffed(danepriv_span chain, size_t count, uint16_t type, size_t len)
{
	static const uint8_t zeros[65535];
	dp_buffer b = dp_buffer_growing(1 << 18);

	for (size_t i = 0; i < count; i++) {
		dp_name_write(&b, dp_name_root(), false);
		dp_write_u16(&b, type);
		dp_write_u16(&b, DP_CLASS_IN);
		dp_write_u32(&b, (uint32_t)i);
		dp_write_u16(&b, (uint16_t)len);
		dp_write(&b, zeros, len);
	}
	dp_write_span(&b, chain);
	return octets_of_buffer(&b);
}

#define RR_OCTETS 11 /* of a record of the root without RDATA */
#define TXT 16
#define TINY ((65535 - 1566) / RR_OCTETS)

static const struct {
	const char *name;
	size_t count;
	uint16_t type;
	size_t len;
	danepriv_security security;
	danepriv_reason reason;
} crowds[] = {
	{ "strangers, as many as fit", TINY, TXT, 0, DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_REASON_NONE },
	{ "one large stranger", 1, TXT, 65535 - RR_OCTETS - 1566, DANEPRIV_SECURITY_SECURE,
	    DANEPRIV_REASON_NONE },
	{ "tiny TLSA records", TINY, DP_TYPE_TLSA, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny DNSKEYs", TINY, DP_TYPE_DNSKEY, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny RRSIGs", TINY, DP_TYPE_RRSIG, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny NSECs", TINY, DP_TYPE_NSEC, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny NSEC3s", TINY, DP_TYPE_NSEC3, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny DSs", TINY, DP_TYPE_DS, 0, DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny CNAMEs", TINY, DP_TYPE_CNAME, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "tiny DNAMEs", TINY, DP_TYPE_DNAME, 0, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_LIMIT_RECORDS },
	{ "one octet too many", 1, TXT, 65536 - RR_OCTETS - 1566, DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_MALFORMED },
};

START_TEST(crowded)
{
	const proof_case *c = rfc_vector("A.1");
	danepriv_server server;

	ck_assert(server_of(c->qname, &server));
	test_octets chain =
	    stuffed(octets_span(c->chain), crowds[_i].count, crowds[_i].type, crowds[_i].len);
	check_proven(crowds[_i].name, prove(rfc_ctx, &server, octets_span(chain), c->now),
	    crowds[_i].security, crowds[_i].reason, 0);
	octets_free(chain);
}
END_TEST

/* Attacks on the work that is done, in a chain of the greatest length. */
START_TEST(attacks_in_full_length)
{
	proof_cases cases = { NULL, 0 };
	danepriv_server server;

	proofs_read(&cases, "proofs/limits.txt");
	for (size_t i = 0; i < cases.count; i++) {
		const proof_case *c = &cases.list[i];
		if (c->type != DP_TYPE_TLSA || !server_of(c->qname, &server))
			continue;
		danepriv *own = proofs_open(c->anchors, NULL);
		test_octets chain = stuffed(octets_span(c->chain), 1, TXT,
		    DP_MESSAGE_OCTETS_MAX - RR_OCTETS - c->chain.len);
		ck_assert_uint_eq(chain.len, DP_MESSAGE_OCTETS_MAX);
		check_proven(c->name, prove(own, &server, octets_span(chain), c->now), c->security,
		    c->reason, 0);
		octets_free(chain);
		danepriv_close(own);
	}
	proofs_free(&cases);
}
END_TEST

/* ---- no chain at all, and no question ---- */

static const struct {
	const char *name, *octets;
} garbage[] = {
	{ "nothing", "" },
	{ "one octet", "00" },
	{ "a lifetime", "0000" },
	{ "half a length", "000000" },
	{ "a length of nothing", "00000000" },
	{ "text", "48656c6c6f2c20776f726c64" },
	{ "half a record", "0000 00 0034 0001 00000e10 0001" },
};

START_TEST(no_chain)
{
	const danepriv_server server = { "www.example.com", 443, DANEPRIV_TRANSPORT_DOT };
	test_octets octets = octets_from_hex(garbage[_i].octets);
	danepriv_records *records;

	check_proven(garbage[_i].name, prove(rfc_ctx, &server, octets_span(octets), 1560000000),
	    DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_MALFORMED, 0);
	ck_assert_int_eq(danepriv_records_prove_extension(
			     rfc_ctx, &server, octets_span(octets), 1560000000, &records),
	    DANEPRIV_OK);
	check_proven(
	    garbage[_i].name, records, DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_MALFORMED, 0);
	octets_free(octets);
}
END_TEST

static const struct {
	const char *name;
	danepriv_server server;
	danepriv_status wanted;
} servers[] = {
	{ "no name", { NULL, 443, DANEPRIV_TRANSPORT_DOT }, DANEPRIV_EINVAL },
	{ "the root", { ".", 443, DANEPRIV_TRANSPORT_DOT }, DANEPRIV_EINVAL },
	{ "an address", { "192.0.2.1", 443, DANEPRIV_TRANSPORT_DOT }, DANEPRIV_EINVAL },
	{ "no transport", { "www.example.com", 443, (danepriv_transport)99 }, DANEPRIV_EINVAL },
	{ "an empty label", { "www..com", 443, DANEPRIV_TRANSPORT_DOT }, DANEPRIV_EMALFORMED },
};

START_TEST(arguments)
{
	const proof_case *c = rfc_vector("A.1");
	const danepriv_server good = { "www.example.com", 443, DANEPRIV_TRANSPORT_DOT };
	danepriv_span chain = octets_span(c->chain), lost = { NULL, 1 };
	danepriv_records *records = (danepriv_records *)1;

	for (int i = 0; i < ROWS(servers); i++) {
		records = (danepriv_records *)1;
		ck_assert_msg(danepriv_records_prove(rfc_ctx, &servers[i].server, chain, c->now,
				  &records) == servers[i].wanted &&
				  !records,
		    "%s", servers[i].name);
		records = (danepriv_records *)1;
		ck_assert_msg(danepriv_records_prove_extension(rfc_ctx, &servers[i].server, chain,
				  c->now, &records) == servers[i].wanted &&
				  !records,
		    "%s", servers[i].name);
	}
	ck_assert_int_eq(
	    danepriv_records_prove(NULL, &good, chain, c->now, &records), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_records_prove(rfc_ctx, NULL, chain, c->now, &records), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_records_prove(rfc_ctx, &good, lost, c->now, &records), DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_records_prove(rfc_ctx, &good, chain, c->now, NULL), DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_records_prove_extension(NULL, &good, chain, c->now, &records),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(danepriv_records_prove_extension(rfc_ctx, &good, lost, c->now, &records),
	    DANEPRIV_EINVAL);
	ck_assert_int_eq(
	    danepriv_records_prove_extension(rfc_ctx, &good, chain, c->now, NULL), DANEPRIV_EINVAL);
	ck_assert_ptr_null(records);
}
END_TEST

/* Out of memory, or the right answer. */
START_TEST(memory_runs_out)
{
	const proof_case *c = &rfc_vectors.list[_i];
	danepriv_records *records;
	danepriv_server server;
	long n = 0;

	ck_assert(server_of(c->qname, &server));
	for (bool failed = true; failed; n++) {
		dp_fail_allocation_at(n);
		danepriv_status status = danepriv_records_prove(
		    rfc_ctx, &server, octets_span(c->chain), c->now, &records);
		failed = dp_allocations() > n;
		dp_fail_allocation_at(-1);
		ck_assert_msg((status == DANEPRIV_ENOMEM) == failed, "%s: %ld", c->name, n);
		ck_assert_msg((records == NULL) == failed, "%s: %ld", c->name, n);
		if (records)
			check_proven(c->name, records, c->security, c->reason, 0);
	}
	ck_assert_int_gt(n, 3);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("prove");
	TCase *tc = tcase_create("files"), *rfc = tcase_create("vectors");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_chain, 0, ROWS(files));
	tcase_add_test(tc, attacks_in_full_length);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(rfc, rfc_open, rfc_close);
	tcase_add_loop_test(rfc, crowded, 0, ROWS(crowds));
	tcase_add_loop_test(rfc, no_chain, 0, ROWS(garbage));
	tcase_add_test(rfc, arguments);
	tcase_add_loop_test(rfc, memory_runs_out, 0, vectors_count("rfc9102/chains.txt"));
	suite_add_tcase(suite, rfc);
	return suite;
}
