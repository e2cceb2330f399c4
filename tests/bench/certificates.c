/* SPDX-License-Identifier: BSD-2-Clause
 * How does the bench come by certificates and keys that nobody would issue? */
#include "bench/certificates.h"

#include "base/buffer.h"
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CERTIFICATE_MAX 65535
#define ED448_OCTETS 114

/* What a certificate says of its signature. */
static const struct {
	const char *der;
	size_t len;
} algorithms[] = {
	[MADE_ECDSA] = { "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02", 12 },
	[MADE_RSA] = { "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00", 15 },
	[MADE_ED25519] = { "\x30\x05\x06\x03\x2b\x65\x70", 7 },
	[MADE_ED448] = { "\x30\x05\x06\x03\x2b\x65\x71", 7 },
};

/* DER */

/* Puts a tag and a length in front of what was written from `at` on. */
static void
wrap(dp_buffer *b, size_t at, uint8_t tag)
{
	size_t len = b->len - at;
	const uint8_t head[] = { tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len };
	const uint8_t middle[] = { tag, 0x81, (uint8_t)len }, small[] = { tag, (uint8_t)len };
	const uint8_t *used = len > 0xFF ? head : len > 0x7F ? middle : small;
	size_t octets = len > 0xFF ? 4 : len > 0x7F ? 3 : 2;
	const uint8_t room[4] = { 0 };

	dp_write(b, room, octets);
	bench_require(b->status == DANEPRIV_OK, "a certificate is too large");
	memmove(b->data + at + octets, b->data + at, len);
	memcpy(b->data + at, used, octets);
}

static void
write_element(dp_buffer *b, uint8_t tag, const void *content, size_t len)
{
	size_t at = b->len;

	dp_write(b, content, len);
	wrap(b, at, tag);
}

/* A common name alone. */
static void
write_name(dp_buffer *b, const char *text)
{
	size_t at = b->len;

	dp_write(b, "\x06\x03\x55\x04\x03", 5);
	write_element(b, 0x0C, text, strlen(text));
	wrap(b, at, 0x30);
	wrap(b, at, 0x31);
	wrap(b, at, 0x30);
}

/* By the last octet of its OID; critical. */
static void
write_extension(dp_buffer *b, uint8_t number, const dp_buffer *value)
{
	const uint8_t head[] = { 0x06, 0x03, 0x55, 0x1D, number, 0x01, 0x01, 0xFF };
	size_t at = b->len;

	dp_write(b, head, sizeof head);
	write_element(b, 0x04, value->data, value->len);
	wrap(b, at, 0x30);
}

static void
write_names(dp_buffer *value, const made *m)
{
	char room[32];
	const char *name = "ns1.example.net";

	for (unsigned i = 0; i < m->names; i++) {
		write_element(value, 0x82, name, strlen(name));
		(void)snprintf(room, sizeof room, "a%u.b", i);
		name = m->name ? m->name : room;
	}
	wrap(value, 0, 0x30);
}

static void
write_subtrees(dp_buffer *value, const made *m)
{
	char name[32];

	for (unsigned i = 0; i < m->subtrees; i++) {
		size_t at = value->len;
		(void)snprintf(name, sizeof name, "%u", i);
		write_element(value, 0x82, name, strlen(name));
		wrap(value, at, 0x30);
	}
	wrap(value, 0, 0xA1);
	wrap(value, 0, 0x30);
}

static void
write_filling(dp_buffer *b, size_t octets)
{
	size_t at = b->len;
	uint8_t *zeros = calloc(1, octets);

	bench_require(zeros != NULL, "out of memory");
	dp_write(b, "\x06\x02\x2a\x03", 4);
	write_element(b, 0x04, zeros, octets);
	wrap(b, at, 0x30);
	free(zeros);
}

static void
write_extensions(dp_buffer *b, const made *m)
{
	dp_buffer names = dp_buffer_growing(CERTIFICATE_MAX);
	dp_buffer subtrees = dp_buffer_growing(CERTIFICATE_MAX);
	dp_buffer basic = dp_buffer_growing(16);
	size_t at = b->len;

	dp_write(&basic, "\x30\x03\x01\x01\xff", 5);
	if (m->is_authority)
		write_extension(b, 0x13, &basic);
	if (m->names > 0) {
		write_names(&names, m);
		write_extension(b, 0x11, &names);
	}
	if (m->subtrees > 0) {
		write_subtrees(&subtrees, m);
		write_extension(b, 0x1E, &subtrees);
	}
	if (m->filling > 0)
		write_filling(b, m->filling);
	wrap(b, at, 0x30);
	wrap(b, at, 0xA3);
	dp_buffer_free(&basic);
	dp_buffer_free(&subtrees);
	dp_buffer_free(&names);
}

/* One that could be such a signature. */
static void
write_seeming(dp_buffer *b, made_scheme scheme, size_t rsa_octets, unsigned serial)
{
	uint8_t octets[1024];
	size_t len = scheme == MADE_RSA ? rsa_octets : scheme == MADE_ED25519 ? 64 : ED448_OCTETS;

	memset(octets, 0x11, sizeof octets);
	octets[len - 4] = (uint8_t)serial;
	/* RFC 8032: S is less than the order; R is a point, and not all octets are one of Ed448. */
	if (scheme == MADE_ED25519 || scheme == MADE_ED448)
		octets[len - 1] = 0;
	if (scheme == MADE_ED448) {
		memset(octets, 0, len / 2);
		octets[0] = 1;
	}
	if (scheme == MADE_ECDSA) {
		size_t at = b->len;
		write_element(b, 0x02, octets, 32);
		write_element(b, 0x02, octets + len - 32, 32);
		wrap(b, at, 0x30);
	} else {
		dp_write(b, octets, len);
	}
}

/* One that is. */
static void
write_signature(dp_buffer *b, gnutls_privkey_t signer, danepriv_span data)
{
	gnutls_datum_t tbs = { (unsigned char *)(uintptr_t)data.data, (unsigned)data.len }, octets;

	bench_require(gnutls_privkey_sign_data(signer, GNUTLS_DIG_SHA256, 0, &tbs, &octets) >= 0,
	    "no signature");
	dp_write(b, octets.data, octets.size);
	gnutls_free(octets.data);
}

static void
write_signed(dp_buffer *b, const made *m)
{
	static const char dates[] = "\x17\x0d"
				    "200101000000Z"
				    "\x17\x0d"
				    "490101000000Z";
	const uint8_t serial[] = { 1, (uint8_t)(m->serial >> 8), (uint8_t)m->serial };

	dp_write(b, "\xa0\x03\x02\x01\x02", 5);
	write_element(b, 0x02, serial, sizeof serial);
	dp_write(b, algorithms[m->scheme].der, algorithms[m->scheme].len);
	write_name(b, m->issuer);
	write_element(b, 0x30, dates, sizeof dates - 1);
	write_name(b, m->subject);
	dp_write_span(b, m->spki);
	write_extensions(b, m);
	wrap(b, 0, 0x30);
}

test_octets
made_certificate(const made *m)
{
	dp_buffer b = dp_buffer_growing(CERTIFICATE_MAX);

	write_signed(&b, m);
	size_t len = b.len, at;
	dp_write(&b, algorithms[m->scheme].der, algorithms[m->scheme].len);
	at = b.len;
	dp_write_u8(&b, 0);
	if (m->signer)
		write_signature(&b, m->signer, (danepriv_span){ b.data, len });
	else
		write_seeming(&b, m->scheme, m->signature_octets, m->serial);
	wrap(&b, at, 0x03);
	wrap(&b, 0, 0x30);
	return octets_of_buffer(&b);
}

test_octets
made_signature(made_scheme scheme, size_t rsa_octets, unsigned serial)
{
	dp_buffer b = dp_buffer_growing(CERTIFICATE_MAX);

	write_seeming(&b, scheme, rsa_octets, serial);
	return octets_of_buffer(&b);
}

/* Keys */

test_octets
made_key(gnutls_pk_algorithm_t algorithm, unsigned bits, gnutls_privkey_t *kept)
{
	gnutls_privkey_t key;
	gnutls_pubkey_t public = NULL;
	gnutls_datum_t der;

	bench_require(gnutls_privkey_init(&key) >= 0 && gnutls_pubkey_init(&public) >= 0 &&
			  gnutls_privkey_generate(key, algorithm, bits, 0) >= 0 &&
			  gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0 &&
			  gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der) >= 0,
	    "no key");
	test_octets spki = octets_copy((danepriv_span){ der.data, der.size });
	gnutls_free(der.data);
	gnutls_pubkey_deinit(public);
	if (kept)
		*kept = key;
	else
		gnutls_privkey_deinit(key);
	return spki;
}

static void
write_rsa_numbers(dp_buffer *b, size_t modulus, size_t exponent, unsigned number)
{
	uint8_t octets[1025] = { 0 };

	memset(octets + 1, 0xF1, modulus);
	octets[modulus] = (uint8_t)(2 * number + 1);
	write_element(b, 0x02, octets, modulus + 1);
	memset(octets + 1, 0xFF, exponent);
	if (exponent > 0)
		write_element(b, 0x02, octets, exponent + 1);
	else
		write_element(b, 0x02, "\3", 1);
}

test_octets
made_rsa_key(size_t modulus, size_t exponent, unsigned number)
{
	dp_buffer b = dp_buffer_growing(CERTIFICATE_MAX);

	dp_write(&b, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
	size_t at = b.len;
	dp_write_u8(&b, 0);
	size_t numbers = b.len;
	write_rsa_numbers(&b, modulus, exponent, number);
	wrap(&b, numbers, 0x30);
	wrap(&b, at, 0x03);
	wrap(&b, 0, 0x30);
	return octets_of_buffer(&b);
}
