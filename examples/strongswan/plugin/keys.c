/* SPDX-License-Identifier: BSD-2-Clause
 * Which key of charon's has these octets, and which octets has this key?  To read a key and to write
 * it takes OpenSSL longer than everything else here.  So the last ones that were published and shown
 * are kept, with what they were read from.  Only keys that are authorised come here: nobody else
 * pushes them out. */
#include "plugin.h"

#include <threading/mutex.h>

#define KEPT 32

typedef struct kept {
	chunk_t octets;
	public_key_t *key;
} kept_t;

static kept_t kept[KEPT];
static size_t next;
static mutex_t *lock;

void
keys_open(void)
{
	lock = mutex_create(MUTEX_TYPE_DEFAULT);
}

static void
forget(kept_t *one)
{
	DESTROY_IF(one->key);
	chunk_free(&one->octets);
	*one = (kept_t){ 0 };
}

void
keys_close(void)
{
	for (size_t i = 0; i < KEPT; i++)
		forget(&kept[i]);
	lock->destroy(lock);
}

/* Under the lock. */
static public_key_t *
find(chunk_t octets)
{
	for (size_t i = 0; i < KEPT; i++)
		if (kept[i].key && chunk_equals(kept[i].octets, octets))
			return kept[i].key;
	return NULL;
}

/* Under the lock. */
static public_key_t *
read_and_keep(chunk_t octets)
{
	public_key_t *key = lib->creds->create(
	    lib->creds, CRED_PUBLIC_KEY, KEY_ANY, BUILD_BLOB_ASN1_DER, octets, BUILD_END);

	if (!key)
		return NULL;
	forget(&kept[next]);
	kept[next] = (kept_t){ chunk_clone(octets), key };
	next = (next + 1) % KEPT;
	return key;
}

public_key_t *
keys_read(chunk_t octets)
{
	public_key_t *key;

	lock->lock(lock);
	key = find(octets);
	if (!key)
		key = read_and_keep(octets);
	if (key)
		key->get_ref(key);
	lock->unlock(lock);
	return key;
}

chunk_t
keys_write(public_key_t *key)
{
	chunk_t octets = chunk_empty;

	lock->lock(lock);
	for (size_t i = 0; i < KEPT && !octets.len; i++)
		if (kept[i].key == key)
			octets = chunk_clone(kept[i].octets);
	lock->unlock(lock);
	if (!octets.len && !key->get_encoding(key, PUBKEY_SPKI_ASN1_DER, &octets))
		return chunk_empty;
	return octets;
}
