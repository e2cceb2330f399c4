/* SPDX-License-Identifier: BSD-2-Clause
 * What does GnuTLS take to judge a path by the anchor that a record `2 0 1` means? */
#include "bench/peers.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

/* The certificate whose SHA-256 the record has; `count` when there is none. */
static size_t
find_anchor(const judge_job *job)
{
	uint8_t digest[32];
	size_t i = 0;

	for (; i < job->credential.count; i++) {
		const danepriv_span *item = &job->items[i];
		if (gnutls_hash_fast(GNUTLS_DIG_SHA256, item->data, item->len, digest) == 0 &&
		    memcmp(digest, job->rdata.data + 3, sizeof digest) == 0)
			break;
	}
	return i;
}

static bool
verify(gnutls_x509_trust_list_t list, gnutls_x509_crt_t *chain, unsigned count, const char *name)
{
	static char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
	char host[256];
	unsigned status = 1;

	(void)strncpy(host, name, sizeof host - 1);
	host[sizeof host - 1] = '\0';
	gnutls_typed_vdata_st data[] = {
		{ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)host, 0 },
		{ GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)purpose, 0 },
	};
	return gnutls_x509_trust_list_verify_crt2(list, chain, count, data, 2, 0, &status, NULL) >=
		   0 &&
	       status == 0;
}

bool
gnutls_trust_list(void *state)
{
	const judge_job *job = state;
	gnutls_x509_trust_list_t list = NULL;
	gnutls_x509_crt_t chain[JOB_ITEMS_MAX];
	unsigned count = 0;
	size_t anchor = find_anchor(job);
	bool good = anchor < job->credential.count;

	for (; good && count < job->credential.count; count++) {
		gnutls_datum_t der = { job->octets[count].data, (unsigned)job->octets[count].len };
		good = gnutls_x509_crt_init(&chain[count]) >= 0 &&
		       gnutls_x509_crt_import(chain[count], &der, GNUTLS_X509_FMT_DER) >= 0;
	}
	good = good && gnutls_x509_trust_list_init(&list, 0) >= 0 &&
	       gnutls_x509_trust_list_add_cas(list, &chain[anchor], 1, 0) == 1 &&
	       verify(list, chain, count, JOB_NAME);
	if (list)
		gnutls_x509_trust_list_deinit(list, 0);
	while (count > 0)
		gnutls_x509_crt_deinit(chain[--count]);
	return good;
}
