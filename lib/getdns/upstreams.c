/* SPDX-License-Identifier: BSD-2-Clause
 * Which resolvers carry our questions? */
#include "getdns/upstreams.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

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
read_texts(getdns_list *list, const char *const *texts, size_t count)
{
	danepriv_status status = DANEPRIV_OK;

	for (size_t i = 0; i < count && status == DANEPRIV_OK; i++)
		status = append_text(list, texts[i]);
	return status;
}

static getdns_context *
context_new(dp_getdns_pool *pool, bool reads_system)
{
	getdns_context *context = NULL;

	if (getdns_context_create_with_extended_memory_functions(&context, reads_system, pool,
		dp_getdns_take, dp_getdns_take_more, dp_getdns_free) != GETDNS_RETURN_GOOD)
		return NULL;
	return context;
}

/* NULL when getdns refuses. */
static getdns_list *
read_system(dp_getdns_pool *pool)
{
	getdns_context *context = context_new(pool, true);
	getdns_list *list = NULL;

	if (context)
		(void)getdns_context_get_upstream_recursive_servers(context, &list);
	getdns_context_destroy(context);
	return list;
}

danepriv_status
dp_upstreams_read(dp_upstreams *upstreams, const char *const *texts, size_t count)
{
	danepriv_status status = DANEPRIV_OK;

	upstreams->pool = dp_getdns_pool_new();
	if (!upstreams->pool)
		return DANEPRIV_ENOMEM;
	upstreams->list = count > 0 ? getdns_list_create() : read_system(upstreams->pool);
	if (!upstreams->list)
		return count > 0 ? DANEPRIV_ENOMEM : DANEPRIV_EADAPTER;
	status = read_texts(upstreams->list, texts, count);
	if (status != DANEPRIV_OK)
		return status;
	/* Did the system's configuration name any?  If not, say so now: later it would look like a
	 * failure of the network. */
	if (getdns_list_get_length(upstreams->list, &upstreams->count) != GETDNS_RETURN_GOOD ||
	    upstreams->count == 0)
		return DANEPRIV_EADAPTER;
	if (upstreams->count > DP_UPSTREAMS_MAX)
		upstreams->count = DP_UPSTREAMS_MAX;
	return DANEPRIV_OK;
}

/* Stub: we ask a resolver.  No suffixes and no hosts file: the name that is asked for is the name
 * that is judged. */
static bool
configure(getdns_context *context, getdns_list *servers)
{
	getdns_namespace_t dns_only[] = { GETDNS_NAMESPACE_DNS };

	if (getdns_context_set_resolution_type(context, GETDNS_RESOLUTION_STUB) !=
	    GETDNS_RETURN_GOOD)
		return false;
	return getdns_context_set_upstream_recursive_servers(context, servers) ==
		   GETDNS_RETURN_GOOD &&
	       getdns_context_set_namespaces(context, 1, dns_only) == GETDNS_RETURN_GOOD &&
	       getdns_context_set_append_name(context, GETDNS_APPEND_NAME_NEVER) ==
		   GETDNS_RETURN_GOOD;
}

getdns_context *
dp_upstreams_context(dp_upstreams *upstreams, size_t at, dp_loop *loop)
{
	getdns_context *context = NULL;
	getdns_dict *one = NULL;

	if (upstreams->contexts[at])
		return upstreams->contexts[at];
	getdns_list *alone = getdns_list_create();
	if (alone && getdns_list_get_dict(upstreams->list, at, &one) == GETDNS_RETURN_GOOD &&
	    getdns_list_set_dict(alone, 0, one) == GETDNS_RETURN_GOOD)
		context = context_new(upstreams->pool, false);
	if (context && configure(context, alone) &&
	    getdns_context_set_eventloop(context, dp_loop_base(loop)) == GETDNS_RETURN_GOOD) {
		upstreams->contexts[at] = context;
		context = NULL;
	}
	getdns_context_destroy(context);
	getdns_list_destroy(alone);
	return upstreams->contexts[at];
}

void
dp_upstreams_free(dp_upstreams *upstreams)
{
	for (size_t i = 0; i < upstreams->count; i++)
		getdns_context_destroy(upstreams->contexts[i]);
	getdns_list_destroy(upstreams->list);
	dp_getdns_pool_release(upstreams->pool);
	*upstreams = (dp_upstreams){ .count = 0 };
}
