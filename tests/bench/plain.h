/* SPDX-License-Identifier: BSD-2-Clause
 * What would a plain hash table cost, that knows nothing of threads, bounds, eviction or chosen
 * names? */
#ifndef BENCH_PLAIN_H
#define BENCH_PLAIN_H

#include <danepriv/records.h>

typedef struct plain_entry {
	struct plain_entry *next;
	char key[40];
	danepriv_records *records;
	danepriv_time time;
	int reach;
	uint8_t filling[256 - 40 - 2 * sizeof(void *) - sizeof(danepriv_time) - sizeof(int)];
} plain_entry;

_Static_assert(sizeof(plain_entry) == 256, "as large as a server with one record in the cache");

/* The entries are the caller's. */
typedef struct plain_table {
	plain_entry **buckets;
	size_t count;
} plain_table;

/* With a bucket for each entry that there will be. */
void plain_open(plain_table *table, size_t count);
void plain_close(plain_table *table);
/* NULL: not there.  A key of fewer octets must not be the beginning of another. */
plain_entry *plain_find(const plain_table *table, const void *key, size_t len);
void plain_add(plain_table *table, plain_entry *entry, const void *key, size_t len);

#endif
