/* SPDX-License-Identifier: BSD-2-Clause
 * Whom are questions asked that danepriv does not judge?  Of the same resolver, by getdns. */
#include "stub.h"

#include <getdns/getdns_extra.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* getdns 1.6.0 believes lengths inside RDATA that go beyond the message: let it find zeros there.
 * Smaller blocks have room for no message. */
#define MESSAGE_ROOM 512
#define SLACK (65535 + 1024)

/* In front of each block. */
typedef union head {
	size_t size;
	max_align_t align;
} head;

static void *
take(size_t size)
{
	head *h = size < SIZE_MAX - SLACK - sizeof *h
		      ? calloc(1, sizeof *h + size + (size < MESSAGE_ROOM ? 0 : SLACK))
		      : NULL;

	if (!h)
		return NULL;
	h->size = size;
	return h + 1;
}

static void
give_back(void *block)
{
	if (block)
		free((head *)block - 1);
}

static void *
take_more(void *block, size_t size)
{
	void *more = take(size);

	if (!block || !more)
		return more;
	size_t before = ((const head *)block)[-1].size;
	memcpy(more, block, before < size ? before : size);
	give_back(block);
	return more;
}

/* `resolver`: ADDR[@PORT], alone in the list. */
static bool
set_resolver(getdns_context *dns, const char *resolver)
{
	getdns_list *list = getdns_list_create();
	getdns_dict *one = NULL;

	bool good = list && getdns_str2dict(resolver, &one) == GETDNS_RETURN_GOOD &&
		    getdns_list_set_dict(list, 0, one) == GETDNS_RETURN_GOOD &&
		    getdns_context_set_upstream_recursive_servers(dns, list) == GETDNS_RETURN_GOOD;
	getdns_dict_destroy(one);
	getdns_list_destroy(list);
	return good;
}

getdns_context *
cli_stub_open(const cli_network *n)
{
	getdns_namespace_t dns_only[] = { GETDNS_NAMESPACE_DNS };
	getdns_context *dns = NULL;

	if (getdns_context_create_with_memory_functions(
		&dns, !n->resolver, take, take_more, give_back) != GETDNS_RETURN_GOOD)
		return NULL;
	if ((!n->resolver || set_resolver(dns, n->resolver)) &&
	    getdns_context_set_resolution_type(dns, GETDNS_RESOLUTION_STUB) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_namespaces(dns, 1, dns_only) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_append_name(dns, GETDNS_APPEND_NAME_NEVER) == GETDNS_RETURN_GOOD &&
	    getdns_context_set_timeout(dns, n->timeout_ms) == GETDNS_RETURN_GOOD)
		return dns;
	getdns_context_destroy(dns);
	return NULL;
}
