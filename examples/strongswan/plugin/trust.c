/* SPDX-License-Identifier: BSD-2-Clause
 * Which keys does charon take for the peer's?  It asks before AUTH is verified, with the identity
 * that the peer claims.  A key that the records authorise is handed out as trusted: that of the
 * certificate that came, or those that are published whole.  Records of usages 0 and 1 give no
 * trust: there charon's own authorities have to pass the peer.  Where an opportunistic policy goes
 * on with somebody unknown, it is the key of the certificate that came. */
#include "plugin.h"

#include <collections/linked_list.h>
#include <credentials/certificates/certificate.h>

/* Takes our reference to the key.  NULL: one that charon cannot read. */
static void
add_key(linked_list_t *keys, public_key_t *key, key_type_t type, identification_t *id)
{
	certificate_t *made = NULL;

	if (key && (type == KEY_ANY || key->get_type(key) == type))
		made = lib->creds->create(lib->creds, CRED_CERTIFICATE, CERT_TRUSTED_PUBKEY,
		    BUILD_PUBLIC_KEY, key, BUILD_SUBJECT, id, BUILD_END);
	if (made)
		keys->insert_last(keys, made);
	DESTROY_IF(key);
}

/* Where the peer has sent no certificate: the keys that could be known before it spoke. */
static void
add_published(linked_list_t *keys, const meant_t *meant, key_type_t type, identification_t *id)
{
	danepriv_server server = server_of(meant);
	danepriv_time now = time(NULL);
	chunk_t key;

	for (size_t i = 0; (key = evidence_key(&server, i, now)).len > 0; i++) {
		add_key(keys, keys_read(key), type, id);
		chunk_free(&key);
	}
}

/* Records of usages 0 and 1 are judged at the end, under the authority that charon has found. */
static bool
may_pass_later(const judged_t *judged)
{
	for (size_t i = 0; i < judged->why.count && i < RECORDS; i++)
		if (judged->each[i].reason == DANEPRIV_RECORD_REASON_NO_ROOTS)
			return TRUE;
	return FALSE;
}

/* The key in the first certificate, whoever has made it. */
static void
add_unknown(linked_list_t *keys, auth_cfg_t *auth, key_type_t type, identification_t *id)
{
	certificate_t *first = auth->get(auth, AUTH_HELPER_SUBJECT_CERT);

	if (first)
		add_key(keys, first->get_public_key(first), type, id);
}

static void
add_shown(linked_list_t *keys, const meant_t *meant, const shown_t *shown, auth_cfg_t *auth,
    key_type_t type, identification_t *id)
{
	judged_t judged;

	if (!judge(meant, shown, &judged))
		tell(meant, &judged,
		    may_pass_later(&judged) ? "left to charon's authorities:" : "refused");
	else if (judged.decision == DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED)
		add_unknown(keys, auth, type, id);
	else if (!judged.found.needs_pkix)
		add_key(keys,
		    keys_read(chunk_create((u_char *)judged.found.key.data, judged.found.key.len)),
		    type, id);
}

/* `first`: charon wants one that it may take at its word. */
static linked_list_t *
keys_of(ike_sa_t *sa, const meant_t *meant, key_type_t type, bool first)
{
	linked_list_t *keys = linked_list_create();
	identification_t *id = sa->get_other_id(sa);
	auth_cfg_t *auth = sa->get_auth_cfg(sa, FALSE);
	shown_t shown;

	shown_read(sa, auth, FALSE, &shown);
	if (shown.count == 0)
		add_published(keys, meant, type, id);
	else if (first)
		add_shown(keys, meant, &shown, auth, type, id);
	if (first && shown.count == 0 && keys->get_count(keys) == 0)
		DBG1(DBG_CFG,
		    "danepriv: refused '%s' on connection '%s': it has sent no "
		    "certificate, and there is no proof that one of its keys is "
		    "published whole",
		    meant->name, meant->connection);
	shown_free(&shown);
	if (keys->get_count(keys) > 0)
		live_note_given(sa->get_unique_id(sa));
	return keys;
}

static void
free_keys(void *keys)
{
	linked_list_t *list = keys;

	list->destroy_offset(list, offsetof(certificate_t, destroy));
}

/* Is it an SA of ours that waits for its peer's AUTH, as an initiator's? */
static bool
is_waiting(ike_sa_t *sa)
{
	return sa->get_version(sa) == IKEV2 && sa->has_condition(sa, COND_ORIGINAL_INITIATOR) &&
	       sa->get_state(sa) == IKE_CONNECTING && sa->get_other_id(sa);
}

/* charon takes the first of trusted keys at its word, and no other.  While an owner changes keys
 * several are published, and a peer without certificate shows by AUTH alone which one it has.  So
 * all are candidates, too; of each charon asks for a trusted issuer then.  That has no name, and is
 * the key itself. */
METHOD(credential_set_t, create_cert_enumerator, enumerator_t *, credential_set_t *this,
    certificate_type_t kind, key_type_t type, identification_t *id, bool trusted)
{
	ike_sa_t *sa = charon->bus->get_sa(charon->bus);
	linked_list_t *keys;
	meant_t meant;

	if (!sa || !id || (kind != CERT_ANY && kind != CERT_TRUSTED_PUBKEY) || !is_waiting(sa))
		return enumerator_create_empty();
	bool of_peer = id->equals(id, sa->get_other_id(sa));
	bool issuer = id->get_type(id) == ID_ANY && kind == CERT_TRUSTED_PUBKEY && trusted;
	if ((!of_peer && !issuer) || !meant_by(sa, &meant))
		return enumerator_create_empty();
	keys = keys_of(sa, &meant, type, of_peer && trusted);
	return enumerator_create_cleaner(keys->create_enumerator(keys), free_keys, keys);
}

credential_set_t trust = {
	.create_private_enumerator = (void *)return_null,
	.create_cert_enumerator = (void *)create_cert_enumerator,
	.create_shared_enumerator = (void *)return_null,
	.create_cdp_enumerator = (void *)return_null,
	.cache_cert = (void *)nop,
};
