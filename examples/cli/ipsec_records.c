/* SPDX-License-Identifier: BSD-2-Clause
 * What do a server's records say to an IKE daemon, before the peer has said anything?
 *
 * The library judges peers.  So a peer is made up for each key that is published whole: the one that
 * shows it has to match.  Where there is none, a stranger shows whether anybody could match. */
#include "ipsec.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

enum { AUTH_SIGNATURE = 14 }; /* RFC 7427 */

/* A key that nobody has in earnest: that of RFC 8032 section 7.1, the first. */
static const uint8_t stranger[] = { 0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03,
	0x21, 0x00, 0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9,
	0x64, 0x07, 0x3A, 0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68,
	0xF7, 0x07, 0x51, 0x1A };

/* What is found of a peer with the server's ID and this key; the status says no more. */
static danepriv_finding
find(const cli_connection *c, const danepriv *ctx, const danepriv_records *records,
    danepriv_time now, danepriv_span key, danepriv_verdict *why)
{
	danepriv_ike_peer peer = {
		.size = sizeof peer, .id = c->identity, .auth = AUTH_SIGNATURE, .key = key
	};
	danepriv_ike_found found = { .size = sizeof found };

	(void)!danepriv_ike_evaluate(ctx, records, &peer, now, &found, why);
	return found.finding;
}

static void
find_keys(
    const danepriv *ctx, const danepriv_records *records, danepriv_time now, cli_connection *out)
{
	danepriv_span key;

	for (size_t i = 0; danepriv_ike_key(ctx, records, i, now, &key, NULL) == DANEPRIV_OK; i++)
		if (out->key_count < CLI_IPSEC_KEYS_MAX &&
		    find(out, ctx, records, now, key, NULL) == DANEPRIV_FINDING_MATCH)
			out->keys[out->key_count++] = key;
}

/* Has a record been passed over for want of roots?  Those are the daemon's, not ours. */
static bool
lacks_roots(const danepriv_verdict *why)
{
	for (size_t i = 0; i < why->count && i < why->each_room; i++)
		if (why->each[i].reason == DANEPRIV_RECORD_REASON_NO_ROOTS)
			return true;
	return false;
}

/* What is found of somebody whose key is not there: MATCH, where another could match. */
static danepriv_finding
find_any(const cli_connection *c, const danepriv *ctx, const danepriv_records *records,
    danepriv_time now)
{
	static danepriv_record_verdict each[CLI_LIST_MAX];
	danepriv_verdict why = { .size = sizeof why,
		.each = each,
		.each_size = sizeof *each,
		.each_room = CLI_LIST_MAX };

	danepriv_finding finding =
	    find(c, ctx, records, now, (danepriv_span){ stranger, sizeof stranger }, &why);
	bool could_match = finding == DANEPRIV_FINDING_MISMATCH ||
			   (finding == DANEPRIV_FINDING_UNUSABLE && lacks_roots(&why));
	return could_match ? DANEPRIV_FINDING_MATCH : finding;
}

void
cli_ipsec_judge(
    const danepriv *ctx, const danepriv_records *records, danepriv_time now, cli_connection *out)
{
	find_keys(ctx, records, now, out);
	out->finding =
	    out->key_count > 0 ? DANEPRIV_FINDING_MATCH : find_any(out, ctx, records, now);
	out->until = danepriv_records_valid_until(records);
	/* Who calls this program has written the name down. */
	out->decision =
	    danepriv_ike_decide(out->profile, DANEPRIV_PROVENANCE_CONFIGURED, out->finding);
	out->spd.size = sizeof out->spd;
	(void)!danepriv_spd_decide(
	    out->profile, DANEPRIV_PROVENANCE_CONFIGURED, out->finding, &out->spd);
}

char *
cli_ipsec_pem(danepriv_span key)
{
	gnutls_datum_t der = { (unsigned char *)(uintptr_t)key.data, (unsigned)key.len };
	gnutls_datum_t pem = { NULL, 0 };
	char *text = NULL;

	if (gnutls_pem_base64_encode2("PUBLIC KEY", &der, &pem) == GNUTLS_E_SUCCESS)
		text = strndup((const char *)pem.data, pem.size);
	gnutls_free(pem.data);
	return text;
}

void
cli_ipsec_key_path(const cli_connection *c, size_t key, char *out, size_t room)
{
	if (key == 0)
		(void)snprintf(out, room, "%s", c->key_path);
	else
		(void)snprintf(out, room, "%s.%zu", c->key_path, key + 1);
}
