/* SPDX-License-Identifier: BSD-2-Clause
 * Which resolvers carry our questions?  A getdns context that does no more than carry. */
#include "getdns/loop.h"
#include "getdns/memory.h"

#include <danepriv/getdns.h>

#include <getdns/getdns_extra.h>

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* glibc reads three from resolv.conf; each costs memory, and time when all are dead. */
#define UPSTREAMS_MAX 16
/* Longest text: an IPv6 address, a scope of at most 32, `@` and a port. */
#define UPSTREAM_TEXT_MAX (INET6_ADDRSTRLEN + 40)

typedef struct upstream {
	char type[5]; /* "IPv4", "IPv6" */
	uint8_t address[16];
	size_t len;
	char *scope; /* NULL: none */
	uint32_t port;
} upstream;

/* A decimal port, 1 to 65535, digits only. */
static bool
read_port(const char *text, uint32_t *out)
{
	size_t len = strlen(text);

	if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
		return false;
	unsigned long port = strtoul(text, NULL, 10);
	if (port == 0 || port > 65535)
		return false;
	*out = (uint32_t)port;
	return true;
}

/* Cuts `text` at the first `mark`; returns what follows it, or NULL. */
static char *
cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

/* ADDR[%SCOPE][@PORT]; `text` is cut to pieces, and the result borrows from it. */
static bool
read_upstream(char *text, upstream *out)
{
	memset(out, 0, sizeof *out);
	out->port = 53;
	const char *port = cut(text, '@');
	if (port && !read_port(port, &out->port))
		return false;
	out->scope = cut(text, '%');
	if (out->scope && out->scope[0] == '\0')
		return false;
	if (!out->scope && inet_pton(AF_INET, text, out->address) == 1) {
		memcpy(out->type, "IPv4", sizeof out->type);
		out->len = 4;
		return true;
	}
	memcpy(out->type, "IPv6", sizeof out->type);
	out->len = 16;
	return inet_pton(AF_INET6, text, out->address) == 1;
}

static getdns_return_t
set_text(getdns_dict *dict, const char *key, char *text)
{
	return getdns_dict_util_set_string(dict, key, text);
}

/* Appends one upstream to the list, which copies it. */
static danepriv_status
append(getdns_list *list, upstream *u)
{
	getdns_dict *dict = getdns_dict_create();
	getdns_bindata address = { u->len, u->address };
	size_t at = 0;

	if (!dict)
		return DANEPRIV_ENOMEM;
	bool good = set_text(dict, "address_type", u->type) == GETDNS_RETURN_GOOD &&
		    getdns_dict_set_bindata(dict, "address_data", &address) == GETDNS_RETURN_GOOD &&
		    getdns_dict_set_int(dict, "port", u->port) == GETDNS_RETURN_GOOD &&
		    (!u->scope || set_text(dict, "scope_id", u->scope) == GETDNS_RETURN_GOOD) &&
		    getdns_list_get_length(list, &at) == GETDNS_RETURN_GOOD &&
		    getdns_list_set_dict(list, at, dict) == GETDNS_RETURN_GOOD;
	getdns_dict_destroy(dict);
	return good ? DANEPRIV_OK : DANEPRIV_ENOMEM;
}

static danepriv_status
append_text(getdns_list *list, const char *text)
{
	char copy[UPSTREAM_TEXT_MAX];
	upstream u;

	if (!text || strlen(text) >= sizeof copy)
		return DANEPRIV_EMALFORMED;
	memcpy(copy, text, strlen(text) + 1);
	if (!read_upstream(copy, &u))
		return DANEPRIV_EMALFORMED;
	return append(list, &u);
}

static danepriv_status
set_upstreams(getdns_context *dns, const char *const *upstreams, size_t count)
{
	getdns_list *list = getdns_list_create();
	danepriv_status status = list ? DANEPRIV_OK : DANEPRIV_ENOMEM;

	for (size_t i = 0; i < count && status == DANEPRIV_OK; i++)
		status = append_text(list, upstreams[i]);
	if (status == DANEPRIV_OK &&
	    getdns_context_set_upstream_recursive_servers(dns, list) != GETDNS_RETURN_GOOD)
		status = DANEPRIV_EADAPTER;
	getdns_list_destroy(list);
	return status;
}

/* Did the system's configuration name any?  If not, say so now: later it would look like a failure
 * of the network. */
static danepriv_status
require_upstreams(getdns_context *dns)
{
	getdns_list *list = NULL;
	size_t count = 0;

	if (getdns_context_get_upstream_recursive_servers(dns, &list) == GETDNS_RETURN_GOOD &&
	    getdns_list_get_length(list, &count) != GETDNS_RETURN_GOOD)
		count = 0;
	getdns_list_destroy(list);
	return count > 0 ? DANEPRIV_OK : DANEPRIV_EADAPTER;
}

/* Stub: we ask a resolver.  No suffixes and no hosts file: the name that is asked for is the name
 * that is judged. */
static bool
configure(getdns_context *dns)
{
	getdns_transport_list_t transports[] = { GETDNS_TRANSPORT_UDP, GETDNS_TRANSPORT_TCP };
	getdns_namespace_t dns_only[] = { GETDNS_NAMESPACE_DNS };

	if (getdns_context_set_resolution_type(dns, GETDNS_RESOLUTION_STUB) != GETDNS_RETURN_GOOD)
		return false;
	return getdns_context_set_dns_transport_list(dns, 2, transports) == GETDNS_RETURN_GOOD &&
	       getdns_context_set_namespaces(dns, 1, dns_only) == GETDNS_RETURN_GOOD &&
	       getdns_context_set_append_name(dns, GETDNS_APPEND_NAME_NEVER) == GETDNS_RETURN_GOOD;
}

danepriv_status
danepriv_getdns_open(getdns_context **out, const char *const *upstreams, size_t count)
{
	getdns_context *dns = NULL;
	danepriv_status status;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (count > 0 && !upstreams)
		return DANEPRIV_EINVAL;
	if (count > UPSTREAMS_MAX)
		return DANEPRIV_ELIMIT;
	dp_getdns_pool *pool = dp_getdns_pool_new();
	if (!pool)
		return DANEPRIV_ENOMEM;
	getdns_return_t result = getdns_context_create_with_extended_memory_functions(
	    &dns, count == 0, pool, dp_getdns_take, dp_getdns_take_more, dp_getdns_free);
	dp_getdns_pool_release(pool); /* the context is a block of it */
	if (result != GETDNS_RETURN_GOOD)
		return DANEPRIV_EADAPTER;
	status = count ? set_upstreams(dns, upstreams, count) : require_upstreams(dns);
	if (status != DANEPRIV_OK)
		goto out;
	if (!configure(dns)) {
		status = DANEPRIV_EADAPTER;
		goto out;
	}
	status = dp_loop_attach(dns);
	if (status != DANEPRIV_OK)
		goto out;
	*out = dns;
	dns = NULL;
out:
	getdns_context_destroy(dns);
	return status;
}
