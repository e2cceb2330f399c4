/* SPDX-License-Identifier: BSD-2-Clause
 * Do these certificates, in this order, lead up to this anchor?  (RFC 5280 section 6)
 *
 * GnuTLS verifies, with the one anchor and without its clock.  What it is lenient with in an anchor
 * is asked of the anchor beforehand: who is named in DNS is not therefore free of his own
 * constraints (RFC 7671 section 5.2). */
#include "crypto/chain.h"

#include "base/bounds.h"
#include "base/buffer.h"
#include "crypto/certificate.h"

#include <gnutls/x509.h>

/* Dates are judged elsewhere, as of the caller's time.  The order is the caller's, too: GnuTLS
 * would put it right, but only ever in one way.  Keys of 112 bits at the least (RFC 9325
 * section 4.5). */
#define VERIFY_FLAGS                                                                               \
	(GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS |           \
	    GNUTLS_VERIFY_DO_NOT_ALLOW_UNSORTED_CHAIN | GNUTLS_VERIFY_DO_NOT_ALLOW_SAME |          \
	    GNUTLS_VERIFY_DISABLE_CRL_CHECKS |                                                     \
	    (unsigned)GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM))

static danepriv_status
status_of(int error)
{
	if (error == GNUTLS_E_MEMORY_ERROR)
		return DANEPRIV_ENOMEM;
	return error < 0 ? DANEPRIV_EMALFORMED : DANEPRIV_OK;
}

static danepriv_status
import(const dp_certificate *certificate, gnutls_x509_crt_t *out)
{
	gnutls_datum_t der = { (unsigned char *)(uintptr_t)certificate->whole.data,
		(unsigned)certificate->whole.len };

	*out = NULL;
	if (certificate->whole.len > DP_CERTIFICATE_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	int error = gnutls_x509_crt_init(out);
	if (error < 0)
		return status_of(error);
	return status_of(gnutls_x509_crt_import(*out, &der, GNUTLS_X509_FMT_DER));
}

/* Bare keys */

/* Version 3, serial number 1, ECDSA with SHA-256: nobody verifies an anchor's own signature. */
static const uint8_t head[] = { 0xA0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01, 0x30, 0x0A, 0x06,
	0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02 };
/* From 1950 to 9999: a key has no dates. */
static const uint8_t validity[] = "\x30\x20\x17\x0D"
				  "500101000000Z"
				  "\x18\x0F"
				  "99991231235959Z";
/* basicConstraints: an authority. */
static const uint8_t extensions[] = { 0xA3, 0x13, 0x30, 0x11, 0x30, 0x0F, 0x06, 0x03, 0x55, 0x1D,
	0x13, 0x01, 0x01, 0xFF, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xFF };
static const uint8_t tail[] = { 0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03,
	0x02, 0x03, 0x02, 0x00, 0x00 };

/* Octets of a SEQUENCE's tag and length: the fewest that do (X.690 section 10.1). */
static size_t
head_len(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}

static void
write_head(dp_buffer *b, size_t len)
{
	size_t octets = head_len(len) - 2;

	dp_write_u8(b, 0x30);
	if (octets > 0)
		dp_write_u8(b, (uint8_t)(0x80 | octets));
	for (size_t shift = octets > 0 ? 8 * octets : 8; shift > 0; shift -= 8)
		dp_write_u8(b, (uint8_t)(len >> (shift - 8)));
}

/* An anchor is a name and a key (RFC 5280 section 6.1.1 (d)), but GnuTLS wants a certificate.
 * `b` receives one that holds this key under this name. */
static danepriv_status
make_anchor(dp_buffer *b, danepriv_span key, danepriv_span name, dp_certificate *out)
{
	size_t dates = sizeof validity - 1;
	size_t tbs = sizeof head + 2 * name.len + dates + key.len + sizeof extensions;

	write_head(b, head_len(tbs) + tbs + sizeof tail);
	write_head(b, tbs);
	dp_write(b, head, sizeof head);
	dp_write_span(b, name);
	dp_write(b, validity, dates);
	dp_write_span(b, name);
	dp_write_span(b, key);
	dp_write(b, extensions, sizeof extensions);
	dp_write(b, tail, sizeof tail);
	if (b->status != DANEPRIV_OK)
		return b->status;
	return dp_der_certificate(dp_buffer_span(b), out);
}

/* May it issue certificates, with `below` authorities between it and the end entity?  (RFC 5280
 * sections 4.2.1.3 and 4.2.1.9) */
static bool
is_authority(gnutls_x509_crt_t anchor, size_t below)
{
	unsigned critical, ca = 0, usage = 0;
	int path = -1;

	if (gnutls_x509_crt_get_basic_constraints(anchor, &critical, &ca, &path) < 0 || !ca)
		return false;
	if (path >= 0 && below > (size_t)path)
		return false;
	int error = gnutls_x509_crt_get_key_usage(anchor, &usage, &critical);
	if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return true;
	return error >= 0 && (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0;
}

static bool
anchor_may_issue(const dp_chain *chain, gnutls_x509_crt_t anchor)
{
	/* RFC 5280 section 6.1.4 (k): what does not say that it is an authority has to be known as
	 * one by other means.  That is so for a certificate that is published or configured whole.
	 */
	if (!dp_certificate_is_version_3(chain->anchor))
		return chain->old_anchor;
	/* GnuTLS counts self-issued authorities, which RFC 5280 section 6.1.4 (l) does not. */
	return is_authority(anchor, chain->count - 1);
}

static dp_path_result
result_of(unsigned found)
{
	if (found == 0)
		return DP_PATH_OK;
	if (found & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNATURE_FAILURE))
		return DP_PATH_NONE;
	if (found & GNUTLS_CERT_INSECURE_ALGORITHM)
		return DP_PATH_WEAK;
	return DP_PATH_CONSTRAINTS;
}

/* The list takes the anchor over. */
static danepriv_status
verify(const dp_chain *chain, gnutls_x509_crt_t *certificates, gnutls_x509_crt_t *anchor,
    dp_path_result *out)
{
	unsigned flags = VERIFY_FLAGS, found = GNUTLS_CERT_INVALID;
	gnutls_x509_trust_list_t list;

	if (!chain->old_anchor)
		flags |= GNUTLS_VERIFY_DO_NOT_ALLOW_X509_V1_CA_CRT;
	bool may_issue = anchor_may_issue(chain, *anchor);
	int error = gnutls_x509_trust_list_init(&list, 1);
	if (error < 0)
		return status_of(error);
	error = gnutls_x509_trust_list_add_cas(list, anchor, 1, 0);
	if (error == 1) {
		*anchor = NULL;
		error = gnutls_x509_trust_list_verify_crt2(
		    list, certificates, (unsigned)chain->count, NULL, 0, flags, &found, NULL);
		if (error >= 0)
			*out = result_of(found);
		if (*out == DP_PATH_OK && !may_issue)
			*out = DP_PATH_CONSTRAINTS;
	}
	gnutls_x509_trust_list_deinit(list, 1);
	return status_of(error);
}

static danepriv_status
verify_imported(const dp_chain *chain, dp_path_result *out)
{
	gnutls_x509_crt_t certificates[DP_PATH_MAX] = { NULL }, anchor = NULL;
	size_t count = 0;

	danepriv_status status = import(chain->anchor, &anchor);
	for (; status == DANEPRIV_OK && count < chain->count; count++)
		status = import(&chain->certificates[count], &certificates[count]);
	if (status == DANEPRIV_OK)
		status = verify(chain, certificates, &anchor, out);
	for (size_t i = 0; i < count; i++)
		gnutls_x509_crt_deinit(certificates[i]);
	gnutls_x509_crt_deinit(anchor);
	return status;
}

danepriv_status
dp_chain_verify(const dp_chain *chain, dp_path_result *out)
{
	dp_buffer b = dp_buffer_growing(3 * DP_CERTIFICATE_OCTETS_MAX);
	danepriv_status status = DANEPRIV_OK;
	dp_chain whole = *chain;
	dp_certificate made;

	*out = DP_PATH_NONE;
	if (chain->count == 0 || chain->count > DP_PATH_MAX)
		return DANEPRIV_OK;
	if (chain->anchor->whole.len == 0) {
		status = make_anchor(
		    &b, chain->anchor->spki, chain->certificates[chain->count - 1].issuer, &made);
		whole.anchor = &made;
	}
	if (status == DANEPRIV_OK)
		status = verify_imported(&whole, out);
	dp_buffer_free(&b);
	/* What GnuTLS cannot read verifies nothing. */
	return status == DANEPRIV_ENOMEM ? status : DANEPRIV_OK;
}
