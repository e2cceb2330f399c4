/* SPDX-License-Identifier: BSD-2-Clause
 * lookups.c - how are records looked up from Lua 5.4?
 *
 * What ends is taken, so no Lua ever runs below a frame of the library's. */
#include "module.h"

#include <danepriv/getdns.h>

#define LOOKUP "danepriv.lookup"

/* Its first user value is the context, its second a table from lookups to their numbers. */
typedef struct resolver {
	danepriv_getdns *dns;
	lua_Integer last;
} resolver;

int
free_resolver(lua_State *L)
{
	resolver *r = luaL_checkudata(L, 1, RESOLVER);

	danepriv_getdns_close(r->dns);
	r->dns = NULL;
	return 0;
}

static int
free_lookup(lua_State *L)
{
	danepriv_lookup **room = luaL_checkudata(L, 1, LOOKUP);

	danepriv_lookup_free(*room);
	*room = NULL;
	return 0;
}

void
open_lookups(lua_State *L)
{
	luaL_newmetatable(L, LOOKUP);
	lua_pushcfunction(L, free_lookup);
	lua_setfield(L, -2, "__gc");
	lua_pop(L, 1);
}

/* ctx:resolver(upstreams): a list of addresses; nil for those of /etc/resolv.conf */
int
context_resolver(lua_State *L)
{
	size_t count = 0;

	(void)live(L, 1, CONTEXT);
	lua_settop(L, 2);
	if (!lua_isnil(L, 2)) {
		luaL_checktype(L, 2, LUA_TTABLE);
		count = lua_rawlen(L, 2);
	}
	const char **upstreams = lua_newuserdatauv(L, (count + 1) * sizeof *upstreams, 0);
	for (size_t i = 0; i < count; i++) {
		lua_rawgeti(L, 2, (lua_Integer)i + 1);
		upstreams[i] = text_at(L, -1);
		if (!upstreams[i])
			return fail(L, DANEPRIV_EINVAL);
		lua_pop(L, 1);
	}
	resolver *r = lua_newuserdatauv(L, sizeof *r, 2);
	*r = (resolver){ NULL, 0 };
	luaL_setmetatable(L, RESOLVER);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	lua_newtable(L);
	lua_setiuservalue(L, -2, 2);
	danepriv_status status = danepriv_getdns_open(upstreams, count, &r->dns);
	return status ? fail(L, status) : 1;
}

static resolver *
resolver_at(lua_State *L)
{
	resolver *r = luaL_checkudata(L, 1, RESOLVER);

	if (!r->dns)
		luaL_argerror(L, 1, "used after close");
	return r;
}

/* A lookup in a box on the stack, numbered and under way: resolver:start(server, options). */
static danepriv_status
begin(lua_State *L, resolver *r, danepriv_lookup **out)
{
	danepriv_server server;
	danepriv_time now;
	int64_t deadline = 0;

	lua_settop(L, 3);
	lua_getiuservalue(L, 1, 1);
	const danepriv *ctx = live(L, 4, CONTEXT);
	if (!server_at(L, 2, &server) || !time_at(L, 3, &now))
		return DANEPRIV_EINVAL;
	if (field(L, 3, "deadline_ms") != LUA_TNIL && !whole(L, -1, 0, 2147483648.0, &deadline))
		return DANEPRIV_EINVAL;
	danepriv_lookup **room = (danepriv_lookup **)box(L, LOOKUP);
	danepriv_status status = danepriv_lookup_new(ctx, &server, room);
	if (status)
		return status;
	lua_getiuservalue(L, 1, 2);
	lua_pushinteger(L, r->last + 1);
	lua_rawsetp(L, -2, *room);
	status = danepriv_getdns_start(r->dns, *room, (uint32_t)deadline, now);
	if (status)
		return status;
	r->last++;
	*out = *room;
	*room = NULL; /* it belongs to the resolver now */
	return DANEPRIV_OK;
}

static int
resolver_start(lua_State *L)
{
	resolver *r = resolver_at(L);
	danepriv_lookup *lookup;
	danepriv_status status = begin(L, r, &lookup);

	if (status)
		return fail(L, status);
	lua_pushinteger(L, r->last);
	return 1;
}

/* Records, or nil, a message and a word, of a lookup in a box. */
static int
finish(lua_State *L, danepriv_lookup **lookup, danepriv_status status)
{
	danepriv_records **room = (danepriv_records **)box(L, RECORDS);

	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(*lookup, 0, room);
	danepriv_lookup_free(*lookup);
	*lookup = NULL;
	return status ? fail(L, status) : 1;
}

static int
resolver_lookup(lua_State *L)
{
	resolver *r = resolver_at(L);
	danepriv_lookup *lookup;
	danepriv_status status = begin(L, r, &lookup);

	if (status)
		return fail(L, status);
	danepriv_lookup **room = (danepriv_lookup **)box(L, LOOKUP);
	lua_getiuservalue(L, 1, 2);
	lua_pushnil(L);
	lua_rawsetp(L, -2, lookup);
	status = danepriv_getdns_run(r->dns, lookup);
	*room = lookup;
	return finish(L, room, status);
}

/* The number of a lookup that has ended, and its records or nil, a message and a word. */
static int
resolver_take(lua_State *L)
{
	resolver *r = resolver_at(L);
	danepriv_status status;

	lua_settop(L, 1);
	lua_getiuservalue(L, 1, 2);
	danepriv_lookup **room = (danepriv_lookup **)box(L, LOOKUP);
	if (danepriv_getdns_take(r->dns, room, &status) != DANEPRIV_OK)
		return 0;
	lua_rawgetp(L, 2, *room);
	lua_pushnil(L);
	lua_rawsetp(L, 2, *room);
	return 1 + finish(L, room, status);
}

static int
resolver_descriptor(lua_State *L)
{
	lua_pushinteger(L, danepriv_getdns_poll_fd(resolver_at(L)->dns));
	return 1;
}

static int
resolver_timeout(lua_State *L)
{
	lua_pushinteger(L, danepriv_getdns_poll_timeout(resolver_at(L)->dns));
	return 1;
}

static int
resolver_run(lua_State *L)
{
	danepriv_getdns_poll_run(resolver_at(L)->dns);
	return 0;
}

const luaL_Reg resolver_methods[] = { { "start", resolver_start }, { "lookup", resolver_lookup },
	{ "take", resolver_take }, { "descriptor", resolver_descriptor },
	{ "timeout", resolver_timeout }, { "run", resolver_run }, { NULL, NULL } };
