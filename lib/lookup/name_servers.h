/* SPDX-License-Identifier: BSD-2-Clause
 * Which name servers does the owner of this zone name? */
#ifndef DP_LOOKUP_NAME_SERVERS_H
#define DP_LOOKUP_NAME_SERVERS_H

#include "base/bounds.h"
#include "base/references.h"
#include "dns/name.h"
#include "dnssec/proven.h"

#include <danepriv/zone.h>

typedef struct dp_zone_server {
	dp_name name;
	const char *text;
} dp_zone_server;

/* One block: this, and behind it each server's name and its text.  Nothing in it changes but the
 * count of references. */
struct danepriv_zone {
	dp_references references;
	dp_name_store name;
	dp_proven proven;
	size_t count;
	dp_zone_server servers[];
};

/* Names of servers as they came from the caller, each once. */
typedef struct dp_zone_names {
	size_t count;
	dp_name names[DP_ZONE_SERVERS_MAX]; /* borrow from what follows */
	dp_name_store stores[DP_ZONE_SERVERS_MAX];
} dp_zone_names;

/* Leaves out what no server can be called.  ELIMIT: more than a zone may have.  EINVAL: one is
 * NULL.  EMALFORMED: one is no name. */
danepriv_status dp_name_servers_read(const char *const *names, size_t count, dp_zone_names *out);

#endif
