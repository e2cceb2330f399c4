/* SPDX-License-Identifier: BSD-2-Clause
 * What is in this file?  Certificates, keys and octets, in the forms that people keep them in. */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include <danepriv/credential.h>
#include <stdbool.h>

/* Octets of the largest file that is read: all that a handshake may carry, as PEM, and to spare. */
#define CLI_FILE_OCTETS_MAX 2097152
#define CLI_CERTIFICATES_MAX 128

/* A credential with octets of its own.  Zero it first. */
typedef struct cli_credential {
	danepriv_credential credential; /* to hand to the library */
	danepriv_span items[CLI_CERTIFICATES_MAX];
} cli_credential;

/* All that return false have said why on stderr, and leave nothing to free. */

/* A whole file, or for `-` all of standard input, with a NUL after its last octet; free *out with
 * free(). */
bool cli_read_file(const char *path, uint8_t **out, size_t *len);

/* The same for a file that holds octets either as they are or as hex digits with white space. */
bool cli_read_octets(const char *path, uint8_t **out, size_t *len);

/* Hex digits, white space between them (RFC 6698 section 2.2), in place of `text`; the number of
 * octets, or -1 if that is not what it is. */
long cli_read_hex(const char *text, size_t len, uint8_t *out);

/* Certificates: PEM, the end entity's first, or one in DER. */
bool cli_read_certificates(const char *path, cli_credential *out);

/* One raw public key: a SubjectPublicKeyInfo in PEM or DER. */
bool cli_read_key(const char *path, cli_credential *out);

/* From --cert or --key, exactly one of which must be given; the first item is known to parse. */
bool cli_read_credential(const char *cert, const char *key, cli_credential *out);

void cli_credential_free(cli_credential *credential);

#endif
