/* SPDX-License-Identifier: BSD-2-Clause
 * Which authorities does the caller trust?
 *
 * Kept as octets: GnuTLS' objects would take a megabyte, and are made of the few that matter when
 * it comes to it.  So they are also read by any number of threads at once. */
#include "crypto/roots.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"

#include <gnutls/x509.h>
#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----"

/* The text from the next BEGIN line on, which `text` is set behind of; false: there is none. */
static bool
next_certificate(danepriv_span *text, gnutls_datum_t *out)
{
	const size_t len = sizeof BEGIN - 1;

	for (; text->len >= len; text->data++, text->len--) {
		if (memcmp(text->data, BEGIN, len) != 0)
			continue;
		out->data = (unsigned char *)(uintptr_t)text->data;
		out->size = (unsigned)text->len;
		text->data += len;
		text->len -= len;
		return true;
	}
	return false;
}

/* Writes the DER of each certificate. */
static danepriv_status
decode(danepriv_span text, dp_buffer *b)
{
	gnutls_datum_t at, der;

	while (b->status == DANEPRIV_OK && next_certificate(&text, &at)) {
		int error = gnutls_pem_base64_decode2("CERTIFICATE", &at, &der);
		if (error == GNUTLS_E_MEMORY_ERROR)
			return DANEPRIV_ENOMEM;
		if (error < 0)
			return DANEPRIV_EMALFORMED;
		dp_write(b, der.data, der.size);
		gnutls_free(der.data);
	}
	return b->status;
}

/* The certificates that stand one after the other in `der`; *count of them, at most `room` noted.
 */
static danepriv_status
take_apart(danepriv_span der, dp_certificate *list, size_t room, size_t *count)
{
	dp_reader r = dp_reader_over(der);
	dp_certificate certificate;

	for (*count = 0; dp_reader_left(&r) > 0; ++*count) {
		if (dp_der_certificate(dp_der_read(&r).whole, &certificate) != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
		if (*count == DP_ROOTS_MAX)
			return DANEPRIV_ELIMIT;
		if (*count < room)
			list[*count] = certificate;
	}
	return *count > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_roots_read(dp_roots *out, danepriv_span text)
{
	dp_buffer b = dp_buffer_growing(DP_ROOTS_OCTETS_MAX);

	memset(out, 0, sizeof *out);
	if (text.len > DP_ROOTS_OCTETS_MAX)
		return DANEPRIV_ELIMIT;
	/* No text begins with a SEQUENCE whose length takes several octets, as a certificate's
	 * does. */
	bool is_der = text.len > 1 && text.data[0] == 0x30 && text.data[1] >= 0x80;
	if (is_der)
		dp_write_span(&b, text);
	danepriv_status status = is_der ? b.status : decode(text, &b);
	out->octets = b.data;
	if (status == DANEPRIV_OK)
		status = take_apart(dp_buffer_span(&b), NULL, 0, &out->count);
	if (status != DANEPRIV_OK)
		goto out;
	out->list = dp_alloc(out->count, sizeof *out->list);
	if (!out->list)
		status = DANEPRIV_ENOMEM;
	else
		status = take_apart(dp_buffer_span(&b), out->list, out->count, &out->count);
out:
	if (status != DANEPRIV_OK)
		dp_roots_free(out);
	return status;
}

void
dp_roots_free(dp_roots *roots)
{
	dp_free(roots->list);
	dp_free(roots->octets);
	memset(roots, 0, sizeof *roots);
}
