/* SPDX-License-Identifier: BSD-2-Clause
 * Is this certificate made out to the server?  (RFC 6125 section 6, RFC 8310 section 8.1)
 *
 * Only dNSNames among the alternative names count, never the subject's common name.  They are
 * compared by labels, in ASCII: internationalised names are A-labels on both sides (RFC 6125
 * section 6.4.2), and a final dot is no part of a dNSName (RFC 5280 section 4.2.1.6). */
#include "dane/reference.h"

#include "base/reader.h"
#include "base/span.h"
#include "crypto/der.h"
#include "dane/server.h"

enum {
	TAG_DNS_NAME = 0x82, /* [2] IMPLICIT IA5String, of GeneralName */
	TAG_ADDRESS = 0x87   /* [7] IMPLICIT OCTET STRING */
};

danepriv_status
dp_reference_add(dp_names *names, const char *name)
{
	danepriv_server server = { name, 0, DANEPRIV_TRANSPORT_DOT };
	dp_server read;

	danepriv_status status = dp_server_read(&server, &read);
	if (status != DANEPRIV_OK)
		return status;
	if (names->count == DP_NAMES_MAX)
		return DANEPRIV_ELIMIT;
	names->list[names->count++] = read.name;
	return DANEPRIV_OK;
}

/* Lowers letters; 0 for what no host's name has in it. */
static uint8_t
host_octet(uint8_t octet)
{
	if (octet >= 'A' && octet <= 'Z')
		return (uint8_t)(octet | 0x20);
	if ((octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' ||
	    octet == '_')
		return octet;
	return 0;
}

/* Does `text` begin with this label, as a whole?  Moves behind it, and behind the dot. */
static bool
take_label(danepriv_span *text, const uint8_t *label)
{
	size_t len = label[0];

	if (text->len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint8_t octet = host_octet(text->data[i]);
		if (octet == 0 || octet != host_octet(label[1 + i]))
			return false;
	}
	text->data += len;
	text->len -= len;
	if (text->len == 0)
		return true;
	if (text->data[0] != '.' || text->len == 1)
		return false;
	text->data++;
	text->len--;
	return true;
}

static bool
text_is_name(danepriv_span text, dp_name name)
{
	if (dp_name_is_root(name))
		return false;
	for (; !dp_name_is_root(name); name = dp_name_parent(name))
		if (text.len == 0 || !take_label(&text, name.octets))
			return false;
	return text.len == 0;
}

/* A star stands for the whole left-most label and for exactly one (RFC 6125 section 6.4.3).  Two
 * labels at least must follow: nobody owns all of a top-level domain (section 7.2 leaves it open).
 */
static bool
name_means(danepriv_span text, dp_name name)
{
	if (text.len < 2 || text.data[0] != '*')
		return text_is_name(text, name);
	danepriv_span rest = { text.data + 2, text.len - 2 };
	return text.data[1] == '.' && dp_name_labels(name) >= 3 &&
	       text_is_name(rest, dp_name_parent(name));
}

bool
dp_reference_fits_address(const dp_profile *certificate, danepriv_span address)
{
	dp_reader names = dp_reader_over(certificate->names);
	bool found = false;

	while (dp_reader_left(&names) > 0) {
		dp_der_element e = dp_der_read(&names);
		found = found || (e.tag == TAG_ADDRESS && dp_span_equal(e.content, address));
	}
	return found && dp_reader_done(&names);
}

typedef bool name_rule(danepriv_span text, dp_name name);

static bool
fits_by(name_rule *means, const dp_profile *certificate, dp_name name)
{
	dp_reader names = dp_reader_over(certificate->names);
	bool found = false;

	/* In a list that ends in the middle of something there is none. */
	while (dp_reader_left(&names) > 0) {
		dp_der_element e = dp_der_read(&names);
		found = found || (e.tag == TAG_DNS_NAME && means(e.content, name));
	}
	return found && dp_reader_done(&names);
}

bool
dp_reference_fits(const dp_profile *certificate, dp_name name)
{
	return fits_by(name_means, certificate, name);
}

bool
dp_reference_fits_wholly(const dp_profile *certificate, dp_name name)
{
	return fits_by(text_is_name, certificate, name);
}
