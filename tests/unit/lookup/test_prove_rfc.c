/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/prove_chain: what do the vectors of RFC 9102 appendix A prove at other times, for
 * other servers, and bent?  One bit of each octet is turned over; DANEPRIV_SWEEP=all turns over all
 * of them. */
#include "base/reader.h"
#include "dns/rr.h"
#include "support/proving.h"
#include "support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The span of time in which all signatures of a chain are valid. */
static void
validity(danepriv_span chain, danepriv_time *from, danepriv_time *to)
{
	dp_reader r = dp_reader_over(chain);
	dp_rrsig rrsig;
	dp_rr rr;

	*from = 0;
	*to = INT64_MAX;
	while (dp_reader_left(&r) > 0 && dp_rr_read(&r, &rr)) {
		if (rr.type != DP_TYPE_RRSIG)
			continue;
		ck_assert_int_eq(dp_rrsig_parse(rr.rdata, &rrsig), DANEPRIV_OK);
		*from = rrsig.inception > *from ? rrsig.inception : *from;
		*to = rrsig.expiration < *to ? rrsig.expiration : *to;
	}
	ck_assert(dp_reader_done(&r) && *from > 0 && *from < *to);
}

START_TEST(before_and_after)
{
	const proof_case *c = &rfc_vectors.list[_i];
	danepriv_span chain = octets_span(c->chain);
	danepriv_server server;
	danepriv_time from, to;

	ck_assert(server_of(c->qname, &server));
	validity(chain, &from, &to);
	ck_assert_int_eq(from, 1543363200);
	ck_assert_int_eq(to, 1606867200);
	const struct {
		danepriv_time now;
		danepriv_reason reason;
	} rows[] = {
		{ 1, DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID },
		{ from - 1, DANEPRIV_REASON_SIGNATURE_NOT_YET_VALID },
		{ from, DANEPRIV_REASON_NONE },
		{ from + 1, DANEPRIV_REASON_NONE },
		{ to - 1, DANEPRIV_REASON_NONE },
		{ to, DANEPRIV_REASON_NONE },
		{ to + 1, DANEPRIV_REASON_SIGNATURE_EXPIRED },
		{ 2000000000, DANEPRIV_REASON_SIGNATURE_EXPIRED },
	};
	for (int i = 0; i < ROWS(rows); i++) {
		bool good = rows[i].reason == DANEPRIV_REASON_NONE;
		danepriv_records *records = prove(rfc_ctx, &server, chain, rows[i].now);
		if (good)
			ck_assert_int_eq(danepriv_records_expiry(records), to);
		check_proven(c->name, records, good ? c->security : DANEPRIV_SECURITY_BOGUS,
		    good ? c->reason : rows[i].reason, 0);
	}
}
END_TEST

/* Who asks for something else than the chain was made for. */
static const struct {
	const char *vector, *owner;
	danepriv_security security;
	danepriv_reason reason;
} strangers[] = {
	{ "A.1", "_443._tcp.WWW.Example.COM", DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE },
	{ "A.1", "_444._tcp.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_853._tcp.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._udp.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._tcp.www2.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._tcp.example.com", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._tcp.www.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._tcp.www.example.org", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.1", "_443._tcp.com", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.2", "_26._tcp.example.com", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.2", "_25._udp.example.com", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.3", "_26._tcp.example.org", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.3", "_25._udp.example.org", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.4", "_444._tcp.www.example.org", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.4", "_443._udp.www.example.org", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.5", "_443._tcp.www2.example.net", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.5", "_443._tcp.example.net", DANEPRIV_SECURITY_BOGUS, DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.5", "_443._udp.www.example.net", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.6", "_25._tcp.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.7", "_25._tcp.www.example.org", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	{ "A.8", "_443._tcp.www.example.com", DANEPRIV_SECURITY_BOGUS,
	    DANEPRIV_REASON_DENIAL_MISSING },
	/* `_tcp.example` could be delegated as well: the same span covers it. */
	{ "A.8", "_443._tcp.example", DANEPRIV_SECURITY_INSECURE, DANEPRIV_REASON_OPT_OUT },
};

START_TEST(not_for_this_one)
{
	const proof_case *c = rfc_vector(strangers[_i].vector);
	danepriv_server server;
	char name[80];

	(void)snprintf(name, sizeof name, "%s for %s", c->name, strangers[_i].owner);
	ck_assert(server_of(strangers[_i].owner, &server));
	check_proven(name, prove(rfc_ctx, &server, octets_span(c->chain), c->now),
	    strangers[_i].security, strangers[_i].reason, 0);
}
END_TEST

/* The name that we sent is the base domain, whatever aliases the chain has. */
START_TEST(base_is_the_server)
{
	const proof_case *c = rfc_vector(_i ? "A.5" : "A.4");
	danepriv_server server;

	ck_assert(server_of(c->qname, &server));
	danepriv_records *records = prove(rfc_ctx, &server, octets_span(c->chain), c->now);
	ck_assert_int_eq(danepriv_records_security(records), DANEPRIV_SECURITY_SECURE);
	ck_assert_str_eq(danepriv_records_base(records), server.name);
	danepriv_records_free(records);
}
END_TEST

/* One after the other; there are no more of them than that. */
static void
check_among(
    const danepriv_records *bent, const danepriv_records *truth, const char *name, size_t at)
{
	for (size_t i = 0; i < danepriv_records_count(bent); i++) {
		danepriv_span a = danepriv_records_rdata(truth, i);
		danepriv_span b = danepriv_records_rdata(bent, i);
		ck_assert_msg(
		    a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "%s at %zu", name, at);
	}
}

/* The invariant: the same verdict with the same records, or bogus. */
static void
check_bent(const proof_case *c, const danepriv_server *server, danepriv_records *truth,
    danepriv_records *bent, size_t at)
{
	danepriv_security security = danepriv_records_security(bent);

	ck_assert_msg(security == c->security || security == DANEPRIV_SECURITY_BOGUS,
	    "%s at %zu: %s", c->name, at, danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
	if (security == c->security) {
		ck_assert_msg(danepriv_records_count(bent) == danepriv_records_count(truth),
		    "%s at %zu", c->name, at);
		ck_assert_str_eq(danepriv_records_base(bent), server->name);
	}
	check_among(bent, truth, c->name, at);
	/* A TTL on the wire is not signed: it may only shorten. */
	ck_assert_msg(danepriv_records_expiry(bent) <= danepriv_records_expiry(truth), "%s at %zu",
	    c->name, at);
	danepriv_records_free(bent);
}

/* Each octet of each vector. */
START_TEST(bent)
{
	const proof_case *c = &rfc_vectors.list[_i];
	test_octets copy = octets_copy(octets_span(c->chain));
	const char *wanted = getenv("DANEPRIV_SWEEP");
	bool all = wanted && strcmp(wanted, "all") == 0;
	danepriv_server server;

	ck_assert(server_of(c->qname, &server));
	danepriv_records *truth = prove(rfc_ctx, &server, octets_span(c->chain), c->now);
	for (size_t at = 0; at < copy.len; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			if (!all && bit != at % 8)
				continue;
			copy.data[at] = (uint8_t)(copy.data[at] ^ 1u << bit);
			check_bent(c, &server, truth,
			    prove(rfc_ctx, &server, octets_span(copy), c->now), at);
			copy.data[at] = (uint8_t)(copy.data[at] ^ 1u << bit);
		}
	danepriv_records_free(truth);
	octets_free(copy);
}
END_TEST

/* The RFC's own extension: other signatures than the text of the appendix has. */
START_TEST(rfc_extension)
{
	const danepriv_server server = { .name = "www.example.com", .port = 443 };
	test_vector line;
	test_vectors *file = vectors_at("rfc9102/extension.txt", 0, &line);
	test_octets octets = octets_from_hex(line.fields[1]);
	danepriv_records *records;

	ck_assert_int_eq(danepriv_records_prove_extension(rfc_ctx, &server, octets_span(octets),
			     rfc_vector("A.1")->now, &records),
	    DANEPRIV_OK);
	ck_assert_str_eq(danepriv_records_base(records), "www.example.com.");
	check_proven("extension", records, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE, 0);
	octets_free(octets);
	vectors_close(file);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("prove-rfc");
	TCase *tc = tcase_create("prove-rfc");
	int count = vectors_count("rfc9102/chains.txt");

	tcase_add_checked_fixture(tc, rfc_open, rfc_close);
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, before_and_after, 0, count);
	tcase_add_loop_test(tc, not_for_this_one, 0, ROWS(strangers));
	tcase_add_loop_test(tc, base_is_the_server, 0, 2);
	tcase_add_loop_test(tc, bent, 0, count);
	tcase_add_test(tc, rfc_extension);
	suite_add_tcase(suite, tc);
	return suite;
}
