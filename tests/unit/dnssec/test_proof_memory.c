/* SPDX-License-Identifier: BSD-2-Clause
 * How much memory does a proof take?  At the most four times its octets, GnuTLS included.  What is
 * made of a thousand tiny records, as no honest one is, takes some octets for each of them. */
#include "base/bounds.h"
#include "base/buffer.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "support/heap.h"
#include "support/proofs.h"
#include "support/suite.h"
#include "support/tiny_zone.h"

#include <danepriv/danepriv.h>

#include <stdio.h>
#include <string.h>

#define NOW 1700000000
#define HOUR 3600
#define TIMES 4
#define TINY_RECORDS_MORE (48 * 1024) /* for those that a stranger makes as small as can be */
#define NAME "ns1.example.net"

/* What one proof took of the heap, and said. */
static void
check_proof(const char *name, const danepriv *ctx, const danepriv_server *server,
    danepriv_span chain, danepriv_time now, danepriv_security security, size_t more)
{
	test_octets extension = tiny_zone_extension(chain, 1, false);
	danepriv_records *records;

	heap_start();
	danepriv_status status =
	    danepriv_records_prove_extension(ctx, server, octets_span(extension), now, &records);
	size_t peak = heap_peak();
	unsigned long calls = heap_calls();
	ck_assert_int_eq(status, DANEPRIV_OK);
	ck_assert_msg(danepriv_records_security(records) == security, "%s: %s", name,
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(records)));
	ck_assert_msg(peak <= TIMES * extension.len + more, "%s: %zu octets for %zu", name, peak,
	    extension.len);
	ck_assert(calls > 0 || !heap_is_counted());
	danepriv_records_free(records);
	octets_free(extension);
}

static const char *const published[] = { "A.1", "A.2", "A.3", "A.4", "A.5", "A.6", "A.7", "A.8" };

/* RFC 9102 appendix A, by a context that sees it for the first time, and again. */
START_TEST(published_proofs)
{
	proof_cases cases = { NULL, 0 };
	danepriv_server server = { .transport = DANEPRIV_TRANSPORT_DOT };
	char name[DP_NAME_TEXT_MAX];

	proofs_read(&cases, "rfc9102/chains.txt");
	const proof_case *c = proofs_find(&cases, published[_i]);
	danepriv *ctx = proofs_open(c->anchors, NULL);
	ck_assert_int_eq(sscanf(c->qname, "_%hu._tcp.%1023s", &server.port, name), 2);
	server.name = name;
	for (int again = 0; again < 2; again++)
		check_proof(c->name, ctx, &server, octets_span(c->chain), c->now, c->security, 0);
	danepriv_close(ctx);
	proofs_free(&cases);
}
END_TEST

/* Records of a zone that a proof is filled up with, from one owner or from one each. */
typedef struct filling {
	const char *name, *server;
	danepriv_security security;
	size_t records,
	    octets; /* of each RDATA: its head, then a number if `numbered`, then zeros */
	uint16_t type;
	bool numbered;
	danepriv_span head;
	size_t more;
} filling;

static const uint8_t key_head[] = { 1, 1, 3, 13 };
static const uint8_t nsec_head[] = { 0, 0, 32 }; /* the root is next; none of 256 types */

static const filling fillings[] = {
	{ "addresses", NAME, DANEPRIV_SECURITY_SECURE, 1000, 50, DP_TYPE_A, true, { NULL, 0 }, 0 },
	{ "keys", NAME, DANEPRIV_SECURITY_BOGUS, 700, 68, DP_TYPE_DNSKEY, true,
	    { key_head, sizeof key_head }, 0 },
	{ "denials", "ns2.zz", DANEPRIV_SECURITY_BOGUS, 1000, 35, DP_TYPE_NSEC, false,
	    { nsec_head, sizeof nsec_head }, 0 },
	{ "tiny addresses", NAME, DANEPRIV_SECURITY_SECURE, 1019, 2, DP_TYPE_A, true, { NULL, 0 },
	    TINY_RECORDS_MORE },
	{ "tiny keys", NAME, DANEPRIV_SECURITY_BOGUS, 1019, 6, DP_TYPE_DNSKEY, true,
	    { key_head, sizeof key_head }, TINY_RECORDS_MORE },
	{ "tiny denials", "ns2.zz", DANEPRIV_SECURITY_BOGUS, 1019, 1, DP_TYPE_NSEC, false,
	    { NULL, 0 }, TINY_RECORDS_MORE },
};

/* One of 1296 names as short as they can be. */
static dp_name
owner_of(size_t number, uint8_t room[4])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	room[0] = 2;
	room[1] = (uint8_t)digits[number / 36];
	room[2] = (uint8_t)digits[number % 36];
	room[3] = 0;
	return (dp_name){ room, 4 };
}

static void
write_filling(dp_buffer *b, const filling *f)
{
	for (size_t i = 0; i < f->records; i++) {
		uint8_t octets[128] = { 0 }, room[4];
		dp_buffer rdata = dp_buffer_over(octets, sizeof octets);
		dp_write_span(&rdata, f->head);
		if (f->numbered)
			dp_write_u16(&rdata, (uint16_t)(i + 1));
		ck_assert_uint_le(rdata.len, f->octets);
		dp_rr rr = { f->numbered ? dp_name_root() : owner_of(i, room), f->type, DP_CLASS_IN,
			HOUR, { octets, f->octets } };
		dp_rr_write(b, &rr);
	}
}

/* A proof that is small in itself, among records that nobody asked for. */
START_TEST(filled_proofs)
{
	static const uint8_t tlsa[35] = { 3, 1, 1 };
	const danepriv_span rdata = { tlsa, sizeof tlsa };
	const filling *f = &fillings[_i];
	danepriv_server server = { f->server, 853, DANEPRIV_TRANSPORT_DOT };
	dp_buffer b = dp_buffer_growing(DP_MESSAGE_OCTETS_MAX);
	tiny_zone *zone = tiny_zone_new();
	danepriv *ctx = tiny_zone_context(zone, NULL);
	test_octets chain =
	    tiny_zone_chain(zone, "_853._tcp." NAME, &rdata, 1, NOW - HOUR, NOW + HOUR);

	dp_write_span(&b, octets_span(chain));
	write_filling(&b, f);
	ck_assert_int_eq(b.status, DANEPRIV_OK);
	for (int again = 0; again < 2; again++)
		check_proof(f->name, ctx, &server, dp_buffer_span(&b), NOW, f->security, f->more);
	dp_buffer_free(&b);
	octets_free(chain);
	danepriv_close(ctx);
	tiny_zone_free(zone);
}
END_TEST

/* As many records as are taken, all of them signed: the whole is one RRset. */
START_TEST(one_large_set)
{
	danepriv_server server = { NAME, 853, DANEPRIV_TRANSPORT_DOT };
	tiny_zone *zone = tiny_zone_new();
	danepriv *ctx = tiny_zone_context(zone, NULL);

	test_octets chain = tiny_zone_large_chain(zone, "_853._tcp." NAME, NOW - HOUR, NOW + HOUR);

	for (int again = 0; again < 2; again++)
		check_proof(
		    "large", ctx, &server, octets_span(chain), NOW, DANEPRIV_SECURITY_SECURE, 0);
	octets_free(chain);
	danepriv_close(ctx);
	tiny_zone_free(zone);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("proof_memory");
	TCase *tc = tcase_create("proof_memory");

	tcase_add_loop_test(tc, published_proofs, 0, ROWS(published));
	tcase_add_loop_test(tc, filled_proofs, 0, ROWS(fillings));
	tcase_add_test(tc, one_large_set);
	suite_add_tcase(suite, tc);
	return suite;
}
