/* SPDX-License-Identifier: BSD-2-Clause
 * May this certificate stand on a path, and what does it say there?  (RFC 5280 section 4) */
#include "crypto/profile.h"

#include "base/account.h"
#include "base/bounds.h"
#include "base/reader.h"
#include "base/span.h"
#include "crypto/digest.h"
#include "crypto/distinguished.h"
#include "crypto/extension.h"
#include "crypto/validity.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_BIT_STRING = 0x03,
	TAG_OCTET_STRING = 0x04,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_ISSUER_ID = 0x81,  /* [1] IMPLICIT BIT STRING */
	TAG_SUBJECT_ID = 0x82, /* [2] */
	TAG_VERSION = 0xA0,
	TAG_EXTENSIONS = 0xA3
};

/* What is read one after the other; reading stops at the first failure. */
typedef struct reading {
	dp_profile *out;
	danepriv_span extensions; /* one after the other */
	danepriv_span seen[DP_CERTIFICATE_EXTENSIONS_MAX];
	size_t seen_count;
	bool has_purposes, has_usage;
	uint8_t purposes, usage;
	bool is_understood; /* all that is critical */
} reading;

/* The fields */

/* The count of unused bits, and the rest; keys and signatures are whole octets. */
static bool
whole_octets(danepriv_span bits, danepriv_span *out)
{
	if (bits.len < 2 || bits.data[0] != 0)
		return false;
	out->data = bits.data + 1;
	out->len = bits.len - 1;
	return true;
}

/* A unique identifier has no names for its bits: some may be unused, which are zero then. */
static bool
is_identifier(danepriv_span bits)
{
	if (bits.len == 0)
		return false;
	uint8_t unused = bits.data[0], last = bits.data[bits.len - 1];

	return unused <= 7 && (bits.len > 1 || unused == 0) && (last & ((1u << unused) - 1)) == 0;
}

/* [0] EXPLICIT Version DEFAULT v1, which is left out (X.690 section 11.5). */
static bool
read_version(dp_reader *tbs, uint8_t *version)
{
	*version = 1;
	if (dp_reader_left(tbs) == 0 || tbs->data[tbs->at] != TAG_VERSION)
		return true;
	dp_reader in = dp_reader_over(dp_der_inside(tbs, TAG_VERSION));
	danepriv_span number = dp_der_inside(&in, TAG_INTEGER);
	if (!dp_reader_done(&in) || number.len != 1 || number.data[0] < 1 || number.data[0] > 2)
		return false;
	*version = (uint8_t)(number.data[0] + 1);
	return true;
}

/* [1], [2] and [3], each of them once at the most, in this order, and from its version on (sections
 * 4.1.2.8 and 4.1.2.9). */
static bool
read_optional(reading *now, dp_reader *tbs)
{
	uint8_t last = 0;

	while (dp_reader_left(tbs) > 0) {
		dp_der_element e = dp_der_read(tbs);
		if (e.tag <= last)
			return false;
		last = e.tag;
		if (e.tag == TAG_ISSUER_ID || e.tag == TAG_SUBJECT_ID) {
			if (now->out->version < 2 || !is_identifier(e.content))
				return false;
			continue;
		}
		dp_reader in = dp_reader_over(e.content);
		now->extensions = dp_der_inside(&in, TAG_SEQUENCE);
		if (e.tag != TAG_EXTENSIONS || now->out->version < 3 || !dp_reader_done(&in) ||
		    now->extensions.len == 0)
			return false;
	}
	return dp_reader_done(tbs);
}

/* Certificate and TBSCertificate, of which der.c knows that their parts are in place. */
static bool
read_fields(reading *now)
{
	dp_profile *out = now->out;
	dp_reader whole = dp_reader_over(out->fields.whole);
	dp_reader outer = dp_reader_over(dp_der_inside(&whole, TAG_SEQUENCE));
	dp_der_element tbs = dp_der_read(&outer), algorithm = dp_der_read(&outer);
	danepriv_span signature = dp_der_inside(&outer, TAG_BIT_STRING), key;
	dp_reader in = dp_reader_over(tbs.content);

	out->tbs = tbs.whole;
	out->algorithm = algorithm.whole;
	if (!whole_octets(signature, &out->signature) || !read_version(&in, &out->version))
		return false;
	(void)dp_der_read(&in); /* serial number */
	/* Section 4.1.1.2.  Who signs one and names another has signed neither. */
	if (!dp_span_equal(dp_der_read(&in).whole, algorithm.whole))
		return false;
	(void)dp_der_read(&in); /* issuer */
	(void)dp_der_read(&in); /* validity */
	(void)dp_der_read(&in); /* subject */
	dp_reader spki = dp_reader_over(dp_der_inside(&in, TAG_SEQUENCE));
	(void)dp_der_read(&spki);
	return whole_octets(dp_der_inside(&spki, TAG_BIT_STRING), &key) && read_optional(now, &in);
}

/* Names */

static dp_profile_standing
read_name(danepriv_span name, uint8_t *key)
{
	const danepriv_span nothing = { NULL, 0 };
	uint8_t digest[DP_DIGEST_OCTETS_MAX];
	dp_distinguished read;

	danepriv_status status = dp_distinguished_read(name, &read);
	if (status == DANEPRIV_ELIMIT)
		return DP_STANDING_LIMIT;
	if (status != DANEPRIV_OK ||
	    !dp_digest(DP_DIGEST_SHA256, dp_distinguished_span(&read), nothing, digest))
		return DP_STANDING_MALFORMED;
	memcpy(key, digest, DP_NAME_KEY_OCTETS);
	return DP_STANDING_GOOD;
}

static dp_profile_standing
read_names(dp_profile *out)
{
	dp_profile_standing issuer = read_name(out->fields.issuer, out->issuer_key);
	dp_profile_standing subject = read_name(out->fields.subject, out->subject_key);

	out->is_self_issued = dp_profile_names_issuer(out, out);
	return issuer < subject ? issuer : subject;
}

/* Extensions */

/* How this certificate has an extension that we know. */
typedef bool extension_reader(reading *now, danepriv_span value, bool is_critical);

static bool
read_basic(reading *now, danepriv_span value, bool is_critical)
{
	(void)is_critical;
	return dp_extension_basic(value, &now->out->is_authority, &now->out->path_len);
}

static bool
read_usage(reading *now, danepriv_span value, bool is_critical)
{
	(void)is_critical;
	now->has_usage = true;
	return dp_extension_usage(value, &now->usage);
}

/* A list that cannot be read has no purpose in it. */
static bool
read_purposes(reading *now, danepriv_span value, bool is_critical)
{
	(void)is_critical;
	now->has_purposes = true;
	if (!dp_extension_purposes(value, &now->purposes))
		now->purposes = 0;
	return true;
}

static bool
read_alternative(reading *now, danepriv_span value, bool is_critical)
{
	(void)is_critical;
	return dp_extension_names(value, &now->out->names, &now->out->name_count);
}

/* What is in it is judged with the names that it is for. */
static bool
read_constraints(reading *now, danepriv_span value, bool is_critical)
{
	dp_reader r = dp_reader_over(value);

	now->out->has_constraints = is_critical ? DP_CRITICAL : DP_PRESENT;
	now->out->constraints = dp_der_inside(&r, TAG_SEQUENCE);
	if (!dp_reader_done(&r) || now->out->constraints.len == 0)
		now->is_understood = false;
	return true;
}

/* We ask for no policy, and so take any; but who marks qualifiers as critical wants them to be
 * understood (section 4.2.1.4). */
static bool
read_policies(reading *now, danepriv_span value, bool is_critical)
{
	if (is_critical && !dp_extension_policies(value))
		now->is_understood = false;
	return true;
}

static bool
read_policy_constraints(reading *now, danepriv_span value, bool is_critical)
{
	(void)is_critical;
	if (!dp_extension_no_policy_required(value))
		now->is_understood = false;
	return true;
}

/* policyMappings and inhibitAnyPolicy tell which policies hold, to who asks for one. */
static bool
read_nothing(reading *now, danepriv_span value, bool is_critical)
{
	(void)now;
	(void)value;
	(void)is_critical;
	return true;
}

/* id-ce, which all that we know begins with, and one octet more. */
static const struct {
	uint8_t number;
	extension_reader *read;
} known[] = {
	{ 0x0F, read_usage },
	{ 0x11, read_alternative },
	{ 0x13, read_basic },
	{ 0x1E, read_constraints },
	{ 0x20, read_policies },
	{ 0x21, read_nothing },
	{ 0x24, read_policy_constraints },
	{ 0x25, read_purposes },
	{ 0x36, read_nothing },
};

static bool
read_known(reading *now, danepriv_span oid, danepriv_span value, bool is_critical)
{
	if (oid.len == 3 && oid.data[0] == 0x55 && oid.data[1] == 0x1D)
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (known[i].number == oid.data[2])
				return known[i].read(now, value, is_critical);
	if (is_critical)
		now->is_understood = false;
	return true;
}

static bool
was_seen(const reading *now, danepriv_span oid)
{
	for (size_t i = 0; i < now->seen_count; i++)
		if (dp_span_equal(now->seen[i], oid))
			return true;
	return false;
}

/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static dp_profile_standing
read_extension(reading *now, dp_reader *list)
{
	dp_reader in = dp_reader_over(dp_der_inside(list, TAG_SEQUENCE));
	danepriv_span oid = dp_der_inside(&in, TAG_OID);
	bool is_critical = dp_extension_read_true(&in);
	danepriv_span value = dp_der_inside(&in, TAG_OCTET_STRING);

	if (!dp_reader_done(&in) || oid.len == 0 || was_seen(now, oid))
		return DP_STANDING_MALFORMED;
	if (now->seen_count == DP_CERTIFICATE_EXTENSIONS_MAX)
		return DP_STANDING_LIMIT;
	now->seen[now->seen_count++] = oid;
	return read_known(now, oid, value, is_critical) ? DP_STANDING_GOOD : DP_STANDING_MALFORMED;
}

static dp_profile_standing
read_extensions(reading *now)
{
	dp_reader list = dp_reader_over(now->extensions);
	dp_profile_standing standing = DP_STANDING_GOOD;

	while (standing == DP_STANDING_GOOD && dp_reader_left(&list) > 0)
		standing = read_extension(now, &list);
	if (standing == DP_STANDING_GOOD && now->out->name_count > DP_CERTIFICATE_NAMES_MAX)
		return DP_STANDING_LIMIT;
	return standing;
}

/* What the extensions that are there, and those that are not, come to. */
static void
conclude(reading *now)
{
	const uint8_t handshake =
	    DP_USAGE_DIGITAL_SIGNATURE | DP_USAGE_KEY_ENCIPHERMENT | DP_USAGE_KEY_AGREEMENT;
	const uint8_t authentication = DP_USAGE_DIGITAL_SIGNATURE | DP_USAGE_NON_REPUDIATION;
	dp_profile *out = now->out;

	/* An authority's purposes bind what it issues: common practice, if not RFC 5280. */
	out->may_lead = now->has_purposes ? now->purposes : DP_PURPOSE_ALL;
	out->may_end = out->may_lead;
	/* One of the usages that a key exchange of TLS needs (section 4.2.1.12 at serverAuth), and
	 * one of those that sign for IKE (RFC 4945 section 5.1.3.2). */
	if (now->has_usage && (now->usage & handshake) == 0)
		out->may_end &= (uint8_t)~DP_PURPOSE_TLS;
	if (now->has_usage && (now->usage & authentication) == 0)
		out->may_end &= (uint8_t) ~(DP_PURPOSE_IKE | DP_PURPOSE_IKE_LOOSELY);
	out->may_sign = !now->has_usage || (now->usage & DP_USAGE_CERTIFICATES) != 0;
}

static dp_profile_standing
read_all(reading *now)
{
	dp_profile *out = now->out;

	/* Names first: what is too large has a place on a path, too, and ends the search. */
	dp_profile_standing standing = read_names(out);
	if (standing != DP_STANDING_GOOD)
		return standing;
	if (out->fields.whole.len > DP_CERTIFICATE_OCTETS_MAX)
		return DP_STANDING_LIMIT;
	if (!read_fields(now))
		return DP_STANDING_MALFORMED;
	standing = read_extensions(now);
	if (standing != DP_STANDING_GOOD)
		return standing;
	if (dp_validity_read(out->fields.validity, &out->from, &out->valid_until) != DANEPRIV_OK)
		return DP_STANDING_MALFORMED;
	conclude(now);
	return now->is_understood ? DP_STANDING_GOOD : DP_STANDING_CRITICAL;
}

void
dp_profile_read(const dp_certificate *certificate, dp_profile *out)
{
	const dp_profile none = {
		.path_len = UINT32_MAX, .from = INT64_MAX, .valid_until = INT64_MIN
	};
	reading now = { .out = out, .is_understood = true };

	*out = none;
	out->fields = *certificate;
	out->standing = read_all(&now);
}

bool
dp_profile_names_issuer(const dp_profile *certificate, const dp_profile *issuer)
{
	return memcmp(certificate->issuer_key, issuer->subject_key, DP_NAME_KEY_OCTETS) == 0;
}

bool
dp_profile_is(const dp_profile *a, const dp_profile *b, uint64_t *work)
{
	danepriv_span x = a->fields.whole, y = b->fields.whole;

	if (x.len == 0 || x.len != y.len || x.data[x.len - 1] != y.data[y.len - 1])
		return false;
	return dp_account_pay(work, x.len / DP_SAME_OCTETS_PER_WORK) && dp_span_equal(x, y);
}
