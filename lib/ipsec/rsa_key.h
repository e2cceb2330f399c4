/* SPDX-License-Identifier: BSD-2-Clause
 * Which SubjectPublicKeyInfo is this RSA key?  (RFC 7296 section 3.6, RFC 3279 section 2.3.1) */
#ifndef DP_IPSEC_RSA_KEY_H
#define DP_IPSEC_RSA_KEY_H

#include <danepriv/status.h>
#include <stdbool.h>

/* Writes the SubjectPublicKeyInfo of an RSAPublicKey to `octets`, which has `room` of them; *key
 * are those.  Whether it is a key, whoever reads it sees.  False: it is too long, or empty. */
bool dp_rsa_key_convert(danepriv_span rsa_key, uint8_t *octets, size_t room, danepriv_span *key);

#endif
