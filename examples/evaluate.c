/* SPDX-License-Identifier: BSD-2-Clause
 * How does a resolver that validates for itself ask whether a certificate is the published one?
 *
 *	evaluate NAME CERTIFICATE.der TLSA-RDATA-IN-HEX
 *
 * No network, no lookup: the caller vouches for the record. */
#include "read_file.h"

#include <danepriv/danepriv.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Reads pairs of hexadecimal digits; 0 when there is anything else. */
static size_t
read_hex(const char *text, uint8_t *out, size_t room)
{
	size_t len = 0;

	for (; text[0] && text[1]; text += 2) {
		char pair[3] = { text[0], text[1], '\0' };
		unsigned octet;
		if (strspn(pair, "0123456789abcdefABCDEF") != 2 || len == room ||
		    sscanf(pair, "%2x", &octet) != 1)
			return 0;
		out[len++] = (uint8_t)octet;
	}
	return text[0] ? 0 : len;
}

int
main(int argc, char **argv)
{
	static uint8_t der[1 << 16], octets[1 << 16];
	danepriv_verdict verdict = { .size = sizeof verdict };
	danepriv_records *records = NULL;
	danepriv *ctx = NULL;

	if (argc != 4) {
		fprintf(stderr, "usage: evaluate NAME CERTIFICATE.der TLSA-RDATA-IN-HEX\n");
		return 2;
	}
	danepriv_server server = { argv[1], 853, DANEPRIV_TRANSPORT_DOT };
	danepriv_span certificate = { der, read_file(argv[2], der, sizeof der) };
	danepriv_span rdata = { octets, read_hex(argv[3], octets, sizeof octets) };
	danepriv_credential credential = { DANEPRIV_CREDENTIAL_X509, &certificate, 1 };
	danepriv_time now = time(NULL);

	danepriv_status status = danepriv_open(NULL, &ctx);
	if (status == DANEPRIV_OK) /* good for a minute: the TTL that came with the record */
		status = danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
		    DANEPRIV_REASON_NONE, &rdata, 1, now + 60, &records);
	if (status == DANEPRIV_OK)
		status = danepriv_evaluate(ctx, records, &credential, NULL, 0, now, &verdict);
	if (status != DANEPRIV_OK)
		fprintf(stderr, "evaluate: %s\n", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	printf("%s%s\n", danepriv_sentence(DANEPRIV_KIND_FINDING, verdict.finding),
	    verdict.attack ? ": a likely attack" : "");
	danepriv_records_free(records);
	danepriv_close(ctx);
	return verdict.finding == DANEPRIV_FINDING_MATCH ? 0 : 1;
}
