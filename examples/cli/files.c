/* SPDX-License-Identifier: BSD-2-Clause
 * What is in this file? */
#include "files.h"

#include "file_kind.h"
#include "options.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads to the end; NULL, and errno set, when that does not work. */
static uint8_t *
read_stream(FILE *stream, size_t *len)
{
	size_t room = 65536;
	uint8_t *data = malloc(room + 1);

	*len = 0;
	while (data) {
		*len += fread(data + *len, 1, room - *len, stream);
		if (ferror(stream))
			break;
		if (*len < room) {
			data[*len] = '\0';
			return data;
		}
		room *= 2;
		if (room > CLI_FILE_OCTETS_MAX) {
			errno = EFBIG;
			break;
		}
		uint8_t *larger = realloc(data, room + 1);
		if (!larger)
			break;
		data = larger;
	}
	free(data);
	return NULL;
}

static uint8_t *
read_path(const char *path, size_t *len)
{
	if (strcmp(path, "-") == 0)
		return read_stream(stdin, len);
	FILE *stream = fopen(path, "rb");
	if (!stream)
		return NULL;
	/* It may be a private key by mistake: no copies of it. */
	(void)setvbuf(stream, NULL, _IONBF, 0);
	uint8_t *data = read_stream(stream, len);
	int error = errno;
	(void)fclose(stream);
	errno = error;
	return data;
}

bool
cli_read_file(const char *path, uint8_t **out, size_t *len)
{
	*out = read_path(path, len);
	if (!*out) {
		cli_complain("cannot read %.200s: %s", cli_file_name(path), strerror(errno));
		return false;
	}
	if (*len == 0) {
		cli_complain("%.200s is empty%s", cli_file_name(path),
		    strcmp(path, "-") == 0 ? ", or was read before" : "");
		free(*out);
		*out = NULL;
		return false;
	}
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

long
cli_read_hex(const char *text, size_t len, uint8_t *out)
{
	long digits = 0;

	for (size_t i = 0; i < len; i++) {
		int digit = hex_digit(text[i]);
		if (text[i] != '\0' && strchr(" \t\r\n", text[i]))
			continue;
		if (digit < 0)
			return -1;
		if (digits % 2 == 0)
			out[digits / 2] = (uint8_t)(digit << 4);
		else
			out[digits / 2] |= (uint8_t)digit;
		digits++;
	}
	return digits % 2 == 0 ? digits / 2 : -1;
}

/* Hex digits and white space alone.  Binary evidence has zeros in its numbers. */
static bool
is_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0' || !strchr("0123456789abcdefABCDEF \t\r\n", text[i]))
			return false;
	return true;
}

bool
cli_read_octets(const char *path, uint8_t **out, size_t *len)
{
	uint8_t *text;

	if (!cli_read_file(path, &text, len))
		return false;
	*out = text;
	if (!is_hex((const char *)text, *len))
		return true;
	*out = malloc(*len);
	long count = *out ? cli_read_hex((const char *)text, *len, *out) : 0;
	free(text);
	if (count > 0) {
		*len = (size_t)count;
		return true;
	}
	if (!*out)
		cli_complain("out of memory");
	else
		cli_complain("%.200s: not pairs of hex digits", cli_file_name(path));
	free(*out);
	*out = NULL;
	return false;
}

void
cli_credential_free(cli_credential *credential)
{
	for (size_t i = 0; i < credential->credential.count; i++)
		gnutls_free((void *)(uintptr_t)credential->items[i].data);
	memset(credential, 0, sizeof *credential);
}

static bool
add_item(cli_credential *out, gnutls_datum_t item)
{
	if (out->credential.count == CLI_CERTIFICATES_MAX) {
		gnutls_free(item.data);
		return false;
	}
	out->items[out->credential.count].data = item.data;
	out->items[out->credential.count].len = item.size;
	out->credential.items = out->items;
	out->credential.count++;
	return true;
}

/* Adds what stands between the lines `BEGIN label` and `END label`, as often as it does; or all of
 * the file, if it is DER.  False: something there does not decode, or nothing is there. */
static bool
add_items(cli_credential *out, const char *label, const uint8_t *data, size_t len)
{
	char begin[64];
	const char *at = (const char *)data;
	const char *end = at + len;

	(void)snprintf(begin, sizeof begin, "-----BEGIN %s-----", label);
	/* A SEQUENCE with a length of several octets cannot begin a text. */
	if (len > 1 && data[0] == 0x30 && (data[1] >= 0x80 || !strstr(at, begin))) {
		gnutls_datum_t whole = { gnutls_malloc(len), (unsigned)len };
		if (!whole.data)
			return false;
		memcpy(whole.data, data, len);
		return add_item(out, whole);
	}
	while ((at = strstr(at, begin))) {
		gnutls_datum_t text = { (unsigned char *)(uintptr_t)at, (unsigned)(end - at) };
		gnutls_datum_t item;
		if (gnutls_pem_base64_decode2(label, &text, &item) != 0 || !add_item(out, item))
			return false;
		at += strlen(begin);
	}
	return out->credential.count > 0;
}

/* Reads a file of credentials and has the library look at the first one. */
static bool
read_items(const char *path, danepriv_credential_type type, const char *label, const char *what,
    cli_credential *out)
{
	uint8_t *data, rdata[64];
	size_t len;

	memset(out, 0, sizeof *out);
	if (!cli_read_file(path, &data, &len))
		return false;
	out->credential.type = type;
	bool good = add_items(out, label, data, len) &&
		    (type == DANEPRIV_CREDENTIAL_X509 || out->credential.count == 1) &&
		    danepriv_credential_record(
			&out->credential, 3, 1, 1, rdata, sizeof rdata, NULL) == DANEPRIV_OK;
	if (!good) {
		cli_complain_of_file(path, data, len, type == DANEPRIV_CREDENTIAL_RAW_KEY, what);
		cli_credential_free(out);
	}
	gnutls_memset(data, 0, len);
	free(data);
	return good;
}

bool
cli_read_certificates(const char *path, cli_credential *out)
{
	return read_items(path, DANEPRIV_CREDENTIAL_X509, "CERTIFICATE",
	    "a PEM list of certificates, or one in DER", out);
}

bool
cli_read_key(const char *path, cli_credential *out)
{
	return read_items(
	    path, DANEPRIV_CREDENTIAL_RAW_KEY, "PUBLIC KEY", "one public key in PEM or DER", out);
}

bool
cli_read_credential(const char *cert, const char *key, cli_credential *out)
{
	if (cert && key) {
		cli_complain("--cert and --key exclude each other");
		return false;
	}
	if (!cert && !key) {
		cli_complain("--cert or --key is needed");
		return false;
	}
	return cert ? cli_read_certificates(cert, out) : cli_read_key(key, out);
}
