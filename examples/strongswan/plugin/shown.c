/* SPDX-License-Identifier: BSD-2-Clause
 * What has the peer shown?  Its identity, its certificates, and the key that AUTH was verified
 * with, in memory of its own: live SAs are judged again by the same. */
#include "plugin.h"

#define X509_SIGNATURE 4     /* encodings: RFC 7296 section 3.6 */
#define RAW_PUBLIC_KEY 15    /* RFC 7670 */
#define DIGITAL_SIGNATURE 14 /* AUTH methods: RFC 7427 */
#define SHARED_KEY 2

/* Others are of no use here. */
static void
add_certificate(shown_t *out, certificate_t *certificate)
{
	certificate_type_t type = certificate->get_type(certificate);
	chunk_t octets;

	if (out->count == CERTIFICATES || (type != CERT_X509 && type != CERT_TRUSTED_PUBKEY) ||
	    !certificate->get_encoding(certificate, CERT_ASN1_DER, &octets))
		return;
	out->encoding[out->count] = type == CERT_X509 ? X509_SIGNATURE : RAW_PUBLIC_KEY;
	out->certificate[out->count++] = octets;
}

/* In the order of the message: charon keeps the first one apart from the others. */
static void
read_certificates(auth_cfg_t *auth, shown_t *out)
{
	certificate_t *first = auth->get(auth, AUTH_HELPER_SUBJECT_CERT);
	enumerator_t *rules;
	auth_rule_t rule;
	void *value;

	if (!first)
		return;
	add_certificate(out, first);
	rules = auth->create_enumerator(auth);
	while (rules->enumerate(rules, &rule, &value))
		if (rule == AUTH_HELPER_IM_CERT)
			add_certificate(out, value);
	rules->destroy(rules);
}

static void
read_used(auth_cfg_t *auth, shown_t *out)
{
	certificate_t *used = auth->get(auth, AUTH_RULE_SUBJECT_CERT);
	certificate_t *authority = auth->get(auth, AUTH_RULE_CA_CERT);
	public_key_t *key = used ? used->get_public_key(used) : NULL;

	if (key)
		out->key = keys_write(key);
	DESTROY_IF(key);
	if (authority && authority->get_type(authority) == CERT_X509 &&
	    !authority->get_encoding(authority, CERT_ASN1_DER, &out->authority))
		out->authority = chunk_empty;
}

/* charon tells the class of a method alone.  Of public keys, one method is as good as another. */
static uint32_t
method_of(ike_sa_t *sa, auth_cfg_t *auth)
{
	if (sa->get_version(sa) != IKEV2)
		return 0;
	switch ((uintptr_t)auth->get(auth, AUTH_RULE_AUTH_CLASS)) {
	case AUTH_CLASS_PUBKEY:
		return DIGITAL_SIGNATURE;
	case AUTH_CLASS_PSK:
		return SHARED_KEY;
	default:
		return 0;
	}
}

void
shown_read(ike_sa_t *sa, auth_cfg_t *auth, bool used, shown_t *out)
{
	identification_t *id = sa->get_other_id(sa);
	host_t *host = sa->get_other_host(sa);

	*out = (shown_t){ .auth = used ? method_of(sa, auth) : DIGITAL_SIGNATURE };
	if (id && id->get_type(id) <= UINT8_MAX) {
		out->id_type = (uint8_t)id->get_type(id);
		out->id = chunk_clone(id->get_encoding(id));
	}
	if (host)
		out->address = chunk_clone(host->get_address(host));
	read_certificates(auth, out);
	if (used)
		read_used(auth, out);
}

void
shown_free(shown_t *shown)
{
	for (size_t i = 0; i < shown->count; i++)
		chunk_free(&shown->certificate[i]);
	chunk_free(&shown->id);
	chunk_free(&shown->address);
	chunk_free(&shown->key);
	chunk_free(&shown->authority);
	shown->count = 0;
}
