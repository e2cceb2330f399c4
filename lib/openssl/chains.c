/* SPDX-License-Identifier: BSD-2-Clause
 * Which proof does this server send to whom? */
#include "openssl/chains.h"

#include "base/alloc.h"
#include "base/references.h"
#include "dns/name.h"

#include <openssl/crypto.h>

#include <stddef.h>
#include <string.h>

/* Immutable but for its count. */
typedef struct extension {
	dp_references references;
	size_t len;
	uint8_t octets[];
} extension;

typedef struct served {
	struct served *next;
	extension *extension;
	char owner[]; /* lowered */
} served;

struct dp_chains {
	CRYPTO_RWLOCK *lock;
	served *list; /* under the lock */
};

static void
extension_release(extension *e)
{
	if (e && dp_references_drop(&e->references))
		dp_free(e);
}

static extension *
extension_new(danepriv_span chain, uint16_t hours, bool prefixed)
{
	size_t head = prefixed ? 4 : 2;
	extension *e = dp_alloc(1, sizeof *e + head + chain.len);

	if (!e)
		return NULL;
	dp_references_begin(&e->references);
	e->len = head + chain.len;
	e->octets[0] = (uint8_t)(hours >> 8);
	e->octets[1] = (uint8_t)hours;
	if (prefixed) {
		e->octets[2] = (uint8_t)(chain.len >> 8);
		e->octets[3] = (uint8_t)chain.len;
	}
	memcpy(e->octets + head, chain.data, chain.len);
	return e;
}

dp_chains *
dp_chains_new(void)
{
	dp_chains *chains = dp_alloc(1, sizeof *chains);

	if (!chains)
		return NULL;
	chains->lock = CRYPTO_THREAD_lock_new();
	if (!chains->lock) {
		dp_free(chains);
		return NULL;
	}
	return chains;
}

static void
served_free(served *s)
{
	if (!s)
		return;
	extension_release(s->extension);
	dp_free(s);
}

void
dp_chains_free(dp_chains *chains)
{
	if (!chains)
		return;
	while (chains->list) {
		served *s = chains->list;
		chains->list = s->next;
		served_free(s);
	}
	CRYPTO_THREAD_lock_free(chains->lock);
	dp_free(chains);
}

/* The owner name, lowered so that names are equal when their octets are. */
static danepriv_status
write_owner(const danepriv_server *server, char owner[DP_NAME_TEXT_MAX])
{
	danepriv_status status = danepriv_server_owner(server, owner, DP_NAME_TEXT_MAX, NULL);

	for (char *c = owner; status == DANEPRIV_OK && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return status;
}

static served *
served_new(const char *owner, danepriv_span chain, uint16_t hours, bool prefixed)
{
	size_t len = strlen(owner) + 1;
	served *s = dp_alloc(1, sizeof *s + len);

	if (!s)
		return NULL;
	memcpy(s->owner, owner, len);
	s->extension = extension_new(chain, hours, prefixed);
	if (!s->extension) {
		dp_free(s);
		return NULL;
	}
	return s;
}

/* Where the pointer to an entry is; its end when there is none. */
static served **
find(dp_chains *chains, const char *owner)
{
	served **at = &chains->list;

	while (*at && strcmp((*at)->owner, owner) != 0)
		at = &(*at)->next;
	return at;
}

danepriv_status
dp_chains_put(dp_chains *chains, const danepriv_server *server, danepriv_span chain, uint16_t hours,
    bool prefixed)
{
	char owner[DP_NAME_TEXT_MAX];
	served *entry = NULL;

	danepriv_status status = write_owner(server, owner);
	if (status != DANEPRIV_OK)
		return status;
	if (chain.len > 0) {
		entry = served_new(owner, chain, hours, prefixed);
		if (!entry)
			return DANEPRIV_ENOMEM;
	}
	if (CRYPTO_THREAD_write_lock(chains->lock) != 1) {
		served_free(entry);
		return DANEPRIV_EADAPTER;
	}
	served **at = find(chains, owner), *before = *at;
	served *next = before ? before->next : NULL;
	if (entry)
		entry->next = next;
	*at = entry ? entry : next;
	CRYPTO_THREAD_unlock(chains->lock);
	served_free(before);
	return DANEPRIV_OK;
}

danepriv_span
dp_chains_take(dp_chains *chains, const danepriv_server *server)
{
	danepriv_span taken = { NULL, 0 };
	char owner[DP_NAME_TEXT_MAX];

	if (!chains || write_owner(server, owner) != DANEPRIV_OK ||
	    CRYPTO_THREAD_read_lock(chains->lock) != 1)
		return taken;
	const served *s = *find(chains, owner);
	if (s) {
		dp_references_take(&s->extension->references);
		taken.data = s->extension->octets;
		taken.len = s->extension->len;
	}
	CRYPTO_THREAD_unlock(chains->lock);
	return taken;
}

void
dp_chains_release(const uint8_t *octets)
{
	if (octets)
		extension_release((extension *)(uintptr_t)(octets - offsetof(extension, octets)));
}
