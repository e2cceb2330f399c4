/* SPDX-License-Identifier: BSD-2-Clause
 * What would a plain hash table cost? */
#include "bench/plain.h"

#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

void
plain_open(plain_table *table, size_t count)
{
	table->count = count;
	table->buckets = calloc(count, sizeof *table->buckets);
	bench_require(table->buckets != NULL, "out of memory");
}

void
plain_close(plain_table *table)
{
	free(table->buckets);
}

static plain_entry **
bucket_of(const plain_table *table, const void *key, size_t len)
{
	const uint8_t *octets = key;
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ octets[i]) * 1099511628211u;
	return &table->buckets[(hash ^ hash >> 32) % table->count];
}

plain_entry *
plain_find(const plain_table *table, const void *key, size_t len)
{
	plain_entry *e = *bucket_of(table, key, len);

	while (e && memcmp(e->key, key, len) != 0)
		e = e->next;
	return e;
}

void
plain_add(plain_table *table, plain_entry *entry, const void *key, size_t len)
{
	plain_entry **bucket = bucket_of(table, key, len);

	memcpy(entry->key, key, len);
	entry->next = *bucket;
	*bucket = entry;
}
