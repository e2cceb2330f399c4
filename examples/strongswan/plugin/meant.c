/* SPDX-License-Identifier: BSD-2-Clause
 * Which server does an SA have to reach?  Only connections that are listed by name have one, and
 * only if their remote.id is one fixed name or address: credential sets are global in charon, and
 * without that a key of one server would open connections to others. */
#include "plugin.h"

#include <stdio.h>

static bool
is_listed(const char *connection)
{
	enumerator_t *words;
	char *listed = setting("connections"), *word;
	bool found = FALSE;

	if (!listed || !connection)
		return FALSE;
	words = enumerator_create_token(listed, ", ", " ");
	while (!found && words->enumerate(words, &word))
		found = *word && streq(word, connection);
	words->destroy(words);
	return found;
}

/* The identity of the only round in which the peer authenticates itself, or NULL. */
static identification_t *
fixed_identity(peer_cfg_t *connection)
{
	enumerator_t *rounds = connection->create_auth_cfg_enumerator(connection, FALSE);
	identification_t *identity = NULL;
	auth_cfg_t *round;
	int count = 0;

	while (rounds->enumerate(rounds, &round)) {
		count++;
		identity = round->get(round, AUTH_RULE_IDENTITY_LOOSE)
			       ? NULL
			       : round->get(round, AUTH_RULE_IDENTITY);
	}
	rounds->destroy(rounds);
	return count == 1 ? identity : NULL;
}

/* Stars have no place in a name: danepriv_ike_name refuses them. */
static bool
name_of(identification_t *identity, char *text, size_t room)
{
	chunk_t octets = identity->get_encoding(identity);
	danepriv_ike_id id = { .octets = { octets.ptr, octets.len },
		.type = (uint8_t)identity->get_type(identity) };

	return identity->get_type(identity) <= UINT8_MAX &&
	       danepriv_ike_name(&id, text, room, NULL) == DANEPRIV_OK;
}

static bool
meant_by_connection(peer_cfg_t *connection, meant_t *out)
{
	identification_t *identity;

	if (!connection || !is_listed(connection->get_name(connection)))
		return FALSE;
	snprintf(out->connection, sizeof out->connection, "%s", connection->get_name(connection));
	identity = fixed_identity(connection);
	if (!identity || !name_of(identity, out->name, sizeof out->name)) {
		DBG1(DBG_CFG,
		    "danepriv: connection '%s' is listed, but its remote.id is not one "
		    "name or address: left alone",
		    out->connection);
		return FALSE;
	}
	return TRUE;
}

bool
meant_by(ike_sa_t *sa, meant_t *out)
{
	return meant_by_connection(sa->get_peer_cfg(sa), out);
}

/* The very one, or one with the same settings.  charon makes them anew when it loads connections. */
static bool
has_child(peer_cfg_t *connection, child_cfg_t *child, bool is_very_one)
{
	enumerator_t *children = connection->create_child_cfg_enumerator(connection);
	child_cfg_t *one;
	bool found = FALSE;

	while (!found && children->enumerate(children, &one))
		found = one == child || (!is_very_one && one->equals(one, child));
	children->destroy(children);
	return found;
}

bool
meant_by_child(child_cfg_t *child, peer_cfg_t *other, meant_t *out)
{
	char *listed = setting("connections"), *word;
	bool found = FALSE;

	if (!listed || !child || (other && has_child(other, child, TRUE)))
		return FALSE;
	enumerator_t *words = enumerator_create_token(listed, ", ", " ");
	while (!found && words->enumerate(words, &word)) {
		peer_cfg_t *connection =
		    charon->backends->get_peer_cfg_by_name(charon->backends, word);
		found = connection && has_child(connection, child, FALSE) &&
			meant_by_connection(connection, out);
		DESTROY_IF(connection);
	}
	words->destroy(words);
	return found;
}
