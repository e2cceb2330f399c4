/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a signature that somebody else made? */
#include "support/signed.h"

#include <check.h>
#include <stdlib.h>

signing
signing_open(int index)
{
	signing s;
	test_vector row;

	s.file = vectors_at("signatures.txt", index, &row);
	s.name = row.fields[0];
	s.algorithm = (uint8_t)atoi(row.fields[1]);
	s.key = octets_from_hex(row.fields[2]);
	s.data = octets_from_hex(row.fields[3]);
	s.signature = octets_from_hex(row.fields[4]);
	return s;
}

void
signing_close(signing *s)
{
	octets_free(s->key);
	octets_free(s->data);
	octets_free(s->signature);
	vectors_close(s->file);
}

bool
signing_verified(const signing *s, signing_verifier *verifies)
{
	return verifies(
	    s->algorithm, octets_span(s->key), octets_span(s->data), octets_span(s->signature));
}

void
signing_assert_no_bit(
    const signing *s, test_octets part, const char *name, signing_verifier *verifies)
{
	for (size_t i = 0; i < part.len; i++) {
		uint8_t bit = (uint8_t)(1 << i % 8);
		part.data[i] ^= bit;
		ck_assert_msg(
		    !signing_verified(s, verifies), "%s: %s, octet %zu", s->name, name, i);
		part.data[i] ^= bit;
	}
}
