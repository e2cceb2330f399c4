/* SPDX-License-Identifier: BSD-2-Clause
 * If this file is not what was asked for, what is it, and how does one get from there to what was?
 * (RFC 7468 names the blocks of PEM.)  A guess from the outermost octets, for a message alone. */
#include "file_kind.h"

#include "options.h"

#include <string.h>

#define TO_PUBLIC "openssl pkey -in FILE -pubout"
#define TO_PEM7 "openssl pkcs7 -in FILE -print_certs"

static const char private_key[] = "a private key, which nobody needs here";
static const char public_key[] = "a public key";
static const char certificate[] = "a certificate";
static const char request[] = "a certificate request (CSR), which nobody has signed yet";
static const char to_certificate[] = "get the certificate from whoever signs it";
static const char use_key[] = "--key takes it";
static const char use_cert[] = "--cert takes it";

typedef struct kind {
	const char *mark; /* the label of a block, or the octets behind a SEQUENCE's head */
	size_t len;	  /* of those octets */
	const char *what;
	const char *hint; /* how to get to what is wanted, or NULL */
} kind;

/* In this order: what comes first here is told first. */
static const kind blocks[] = {
	{ "PKCS7", 0, "PKCS#7", TO_PEM7 },
	{ "PKCS #7 SIGNED DATA", 0, "PKCS#7", TO_PEM7 },
	{ "CMS", 0, "CMS (PKCS#7)", TO_PEM7 },
	{ "TRUSTED CERTIFICATE", 0, "a TRUSTED CERTIFICATE of OpenSSL's own kind",
	    "openssl x509 -in FILE" },
	{ "CERTIFICATE REQUEST", 0, request, to_certificate },
	{ "NEW CERTIFICATE REQUEST", 0, request, to_certificate },
	{ "X509 CRL", 0, "a list of revoked certificates", NULL },
	{ "CERTIFICATE", 0, certificate, use_cert },
	{ "X509 CERTIFICATE", 0, "a certificate under an old label", "openssl x509 -in FILE" },
	{ "RSA PUBLIC KEY", 0, "an RSA key without its kind (PKCS#1)",
	    "openssl rsa -RSAPublicKey_in -in FILE -pubout" },
	{ "PUBLIC KEY", 0, public_key, use_key },
	{ "OPENSSH PRIVATE KEY", 0, "a private key of SSH", NULL },
	{ "SSH2 PUBLIC KEY", 0, "a public key of SSH", "ssh-keygen -e -m PKCS8 -f FILE" },
	{ "ENCRYPTED PRIVATE KEY", 0, private_key, TO_PUBLIC },
	{ "RSA PRIVATE KEY", 0, private_key, TO_PUBLIC },
	{ "EC PRIVATE KEY", 0, private_key, TO_PUBLIC },
	{ "PRIVATE KEY", 0, private_key, TO_PUBLIC },
};

#define MARK(octets) octets, sizeof(octets) - 1

/* Behind the head of the outermost SEQUENCE. */
static const kind outer[] = {
	{ MARK("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"), "PKCS#7", TO_PEM7 " -inform der" },
	{ MARK("\x02\x01\x03\x30"), "PKCS#12", "openssl pkcs12 -in FILE -nokeys" },
	{ MARK("\x02\x01\x00\x30"), private_key, TO_PUBLIC },
	{ MARK("\x02\x01\x01\x30"), private_key, TO_PUBLIC },
	{ MARK("\x02\x01\x00\x02"), private_key, TO_PUBLIC },
	{ MARK("\x02\x01\x01\x04"), private_key, TO_PUBLIC },
};

/* Behind that of the first SEQUENCE in it. */
static const kind inner[] = {
	{ MARK("\xA0\x03\x02\x01"), certificate, use_cert },
	{ MARK("\x02\x01\x00\x30"), request, to_certificate },
	{ MARK("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x05"), private_key, TO_PUBLIC },
	{ MARK("\x06"), public_key, use_key },
};

/* What a file begins with that is neither PEM nor DER. */
static const kind fronts[] = {
	{ MARK("\xFE\xED\xFE\xED"), "a key store of Java (JKS)",
	    "keytool -exportcert -rfc -keystore FILE" },
	{ MARK("\xFF\xFE"), "text in UTF-16", "iconv -f UTF-16 -t ASCII FILE" },
	{ MARK("\xFE\xFF"), "text in UTF-16", "iconv -f UTF-16 -t ASCII FILE" },
	{ MARK("ssh-"), "a public key of SSH", "ssh-keygen -e -m PKCS8 -f FILE" },
	{ MARK("ecdsa-sha2-"), "a public key of SSH", "ssh-keygen -e -m PKCS8 -f FILE" },
	{ MARK("MII"), "base64 without the lines BEGIN and END", "base64 -d FILE" },
};

#define ROWS(table) table, sizeof(table) / sizeof *(table)

static const kind *
find_front(const kind *kinds, size_t count, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (len >= kinds[i].len && memcmp(data, kinds[i].mark, kinds[i].len) == 0)
			return &kinds[i];
	return NULL;
}

/* Into the SEQUENCE at the front.  False if there is none. */
static bool
enter(const uint8_t **data, size_t *len)
{
	size_t head = 2;

	if (*len < 2 || (*data)[0] != 0x30)
		return false;
	if ((*data)[1] & 0x80)
		head += (*data)[1] & 0x7F;
	if (head > *len)
		return false;
	*data += head;
	*len -= head;
	return true;
}

static bool
has_block(const char *text, const char *label)
{
	static const char dashes[] = "-----BEGIN ";

	for (const char *at = text; (at = strstr(at, dashes)) != NULL; at++) {
		const char *got = at + sizeof dashes - 1;
		size_t len = strlen(label);
		if (strncmp(got, label, len) == 0 && strncmp(got + len, "-----", 5) == 0)
			return true;
	}
	return false;
}

static const kind *
find_kind(const uint8_t *data, size_t len)
{
	const uint8_t *within = data;
	size_t left = len;
	const kind *found = find_front(ROWS(fronts), data, len);

	if (enter(&within, &left)) {
		found = find_front(ROWS(outer), within, left);
		if (!found && enter(&within, &left))
			found = find_front(ROWS(inner), within, left);
	}
	for (size_t i = 0; !found && i < sizeof blocks / sizeof *blocks; i++)
		if (has_block((const char *)data, blocks[i].mark))
			found = &blocks[i];
	return found;
}

const char *
cli_file_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

void
cli_complain_of_file(
    const char *path, const uint8_t *data, size_t len, bool key_wanted, const char *wanted)
{
	const kind *k = find_kind(data, len);
	const char *name = cli_file_name(path);

	/* What it is called is what was wanted: then it does not decode. */
	if (!k || k->what == (key_wanted ? public_key : certificate))
		cli_complain("%.200s: not %s", name, wanted);
	else if (!k->hint)
		cli_complain("%.200s: %s, not %s", name, k->what, wanted);
	else
		cli_complain("%.200s: %s, not %s: %s", name, k->what, wanted, k->hint);
}
