/* SPDX-License-Identifier: BSD-2-Clause
 * What do TLSA records from anywhere come to, against one certificate and its bare key?  Input: for
 * each record two octets of length, then its octets; the last may be short. */
#include "base/reader.h"
#include "support/credentials.h"
#include "support/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS 128

static const danepriv_server server = { "ns1.example.net", 0, DANEPRIV_TRANSPORT_DOT };
static test_peer peers[2]; /* a certificate; its key */
static danepriv *ctx;

static void
start(void)
{
	peer_open(&peers[0], "ee,other");
	peer_open(&peers[1], "raw:ee-key");
	if (danepriv_open(NULL, &ctx) != DANEPRIV_OK)
		abort();
}

static size_t
read_records(danepriv_span input, danepriv_span *rdatas)
{
	dp_reader r = dp_reader_over(input);
	size_t count = 0;

	while (count < RECORDS && dp_reader_left(&r) >= 2) {
		size_t len = dp_read_u16(&r), left = dp_reader_left(&r);
		rdatas[count++] = dp_read_span(&r, len < left ? len : left);
	}
	return count;
}

/* What matches has to be what the owner of the certificate would publish, to the octet. */
static void
check_match(const test_peer *peer, danepriv_span rdata)
{
	if (rdata.len < 4)
		abort();
	test_octets published = rdata_of_peer(peer, 3, rdata.data[1], rdata.data[2]);
	if (rdata.len != published.len || memcmp(rdata.data, published.data, rdata.len) != 0)
		abort();
	octets_free(published);
}

static void
judge(const danepriv_records *records, const test_peer *peer)
{
	danepriv_verdict verdict = { .size = sizeof verdict };

	if (danepriv_evaluate(ctx, records, &peer->credential, NULL, 0, 1, &verdict) != DANEPRIV_OK)
		abort();
	if (verdict.finding == DANEPRIV_FINDING_MATCH)
		check_match(peer, danepriv_records_rdata(records, verdict.record));
	else if (verdict.record != SIZE_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	danepriv_span rdatas[RECORDS];
	danepriv_records *records;

	if (!ctx)
		start();
	size_t count = read_records((danepriv_span){ data, len }, rdatas);
	if (danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE, DANEPRIV_REASON_NONE,
		rdatas, count, 1, &records) != DANEPRIV_OK)
		return 0;
	judge(records, &peers[0]);
	judge(records, &peers[1]);
	(void)danepriv_records_has_raw_key(records);
	danepriv_records_free(records);
	return 0;
}
