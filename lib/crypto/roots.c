/* SPDX-License-Identifier: BSD-2-Clause
 * Which authorities does the caller trust?
 *
 * Nothing of it changes later, so that any number of threads read it at once. */
#include "crypto/roots.h"

#include "base/alloc.h"
#include "base/bounds.h"
#include "base/buffer.h"
#include "base/reader.h"
#include "crypto/der.h"

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

/* How many certificates stand one after the other in `der`? */
static danepriv_status
count_certificates(danepriv_span der, size_t *count)
{
	dp_reader r = dp_reader_over(der);
	dp_certificate certificate;

	for (*count = 0; dp_reader_left(&r) > 0; ++*count) {
		if (dp_der_certificate(dp_der_read(&r).whole, &certificate) != DANEPRIV_OK)
			return DANEPRIV_EMALFORMED;
		if (*count == DP_ROOTS_MAX)
			return DANEPRIV_ELIMIT;
	}
	return *count > 0 ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

/* Reads as many as were counted. */
static danepriv_status
read_certificates(dp_roots *out, danepriv_span der)
{
	dp_reader r = dp_reader_over(der);
	danepriv_status status = DANEPRIV_OK;

	out->profiles = dp_alloc(out->count, sizeof *out->profiles);
	out->subjects = dp_alloc(out->count, sizeof *out->subjects);
	if (!out->profiles || !out->subjects)
		return DANEPRIV_ENOMEM;
	for (size_t i = 0; i < out->count && status == DANEPRIV_OK; i++) {
		danepriv_span whole = dp_der_read(&r).whole;
		status = dp_subject_read(&out->subjects[i], DANEPRIV_CREDENTIAL_X509, whole);
		if (status == DANEPRIV_OK && !dp_subject_complete(&out->subjects[i]))
			status = DANEPRIV_ENOMEM;
		dp_profile_read(&out->subjects[i].fields, &out->profiles[i]);
	}
	return status;
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
		status = count_certificates(dp_buffer_span(&b), &out->count);
	if (status == DANEPRIV_OK)
		status = read_certificates(out, dp_buffer_span(&b));
	if (status != DANEPRIV_OK)
		dp_roots_free(out);
	return status;
}

void
dp_roots_free(dp_roots *roots)
{
	dp_free(roots->profiles);
	dp_free(roots->subjects);
	dp_free(roots->octets);
	memset(roots, 0, sizeof *roots);
}
