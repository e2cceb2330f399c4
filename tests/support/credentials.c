/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a peer? */
#include "support/credentials.h"

#include "support/require.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

test_octets
octets_of_credential(const char *name)
{
	static const char *const files[] = { "dane/credentials.txt", "dane/authorities.txt",
		"dane/ike_authorities.txt" };
	test_octets found = { NULL, 0 };
	test_vector row;

	for (size_t i = 0; !found.data && i < sizeof files / sizeof *files; i++) {
		test_vectors *vectors = vectors_open(files[i]);
		while (!found.data && vectors_next(vectors, &row))
			if (strcmp(row.fields[0], name) == 0)
				found = octets_from_hex(row.fields[1]);
		vectors_close(vectors);
	}
	if (!found.data)
		test_give_up("no such credential", name);
	return found;
}

void
peer_open(test_peer *peer, const char *text)
{
	char names[256];
	char *rest = names;

	memset(peer, 0, sizeof *peer);
	if (strncmp(text, "raw:", 4) == 0) {
		peer->credential.type = DANEPRIV_CREDENTIAL_RAW_KEY;
		text += 4;
	}
	if (strlen(text) >= sizeof names)
		test_give_up("too many names", text);
	strcpy(names, text);
	for (char *name; (name = strtok_r(NULL, ",", &rest));) {
		size_t i = peer->credential.count++;
		if (i >= PEER_ITEMS_MAX)
			test_give_up("too many items", text);
		peer->octets[i] = octets_of_credential(name);
		peer->items[i] = octets_span(peer->octets[i]);
	}
	peer->credential.items = peer->items;
}

void
peer_close(test_peer *peer)
{
	for (size_t i = 0; i < peer->credential.count; i++)
		octets_free(peer->octets[i]);
	memset(peer, 0, sizeof *peer);
}

test_octets
rdata_of_peer(const test_peer *peer, uint8_t usage, uint8_t selector, uint8_t matching)
{
	uint8_t rdata[4096];
	size_t len;

	if (danepriv_credential_record(&peer->credential, usage, selector, matching, rdata,
		sizeof rdata, &len) != DANEPRIV_OK)
		test_give_up("no record", "of a peer");
	return octets_copy((danepriv_span){ rdata, len });
}

danepriv *
context_open(const char *roots)
{
	return context_open_with(roots, (danepriv_settings){ .size = 0 });
}

danepriv *
context_open_with(const char *roots, danepriv_settings settings)
{
	static uint8_t der[65536];
	test_peer peer;
	danepriv *ctx;

	settings.size = sizeof settings;
	if (strcmp(roots, "-") != 0) {
		settings.roots.data = der;
		peer_open(&peer, roots);
		for (size_t i = 0; i < peer.credential.count; i++) {
			if (peer.items[i].len > sizeof der - settings.roots.len)
				test_give_up("too many octets", roots);
			memcpy(der + settings.roots.len, peer.items[i].data, peer.items[i].len);
			settings.roots.len += peer.items[i].len;
		}
		peer_close(&peer);
	}
	if (danepriv_open(&settings, &ctx) != DANEPRIV_OK)
		test_give_up("no context", roots);
	return ctx;
}
