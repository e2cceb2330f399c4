/* SPDX-License-Identifier: BSD-2-Clause
 * more.c - what is trusted, remembered and ruled, and what of one connection?
 *
 * The second half of the module for Lua 5.4. */
#include "module.h"

#include <stdio.h>

#define CACHE "danepriv.cache"
#define RULES "danepriv.rules"
#define SESSION "danepriv.session"
#define WALK "danepriv.walk"

int luaopen_danepriv(lua_State *L);

static int
done(lua_State *L, danepriv_status status)
{
	if (status)
		return fail(L, status);
	lua_pushboolean(L, 1);
	return 1;
}

/* ---- contexts ---- */

static bool
limit_at(lua_State *L, const char *key, uint32_t *out)
{
	int64_t value = 0;

	if (field(L, 1, key) != LUA_TNIL && !whole(L, -1, 0, UINT32_MAX, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

static bool
lines_at(lua_State *L, const char *key, const char **out)
{
	*out = NULL;
	if (field(L, 1, key) == LUA_TNIL)
		return true;
	*out = text_at(L, -1);
	return *out != NULL;
}

static int
module_open(lua_State *L)
{
	danepriv_settings s = { .size = sizeof s };

	lua_settop(L, 1);
	if (!lines_at(L, "anchors", &s.anchors) || !lines_at(L, "negative", &s.negative) ||
	    !limit_at(L, "skew_s", &s.skew_s) || !limit_at(L, "max_work", &s.max_work) ||
	    !limit_at(L, "memo", &s.memo))
		return fail(L, DANEPRIV_EINVAL);
	if (field(L, 1, "earliest") != LUA_TNIL &&
	    !whole(L, -1, -MOST_NUMBER, MOST_NUMBER, &s.earliest))
		return fail(L, DANEPRIV_EINVAL);
	if (field(L, 1, "roots") != LUA_TNIL)
		s.roots = octets_at(L, -1);
	danepriv_status status = danepriv_open(&s, (danepriv **)box(L, CONTEXT));
	return status ? fail(L, status) : 1;
}

/* danepriv.decide(profile, finding, provenance, channel) */
static int
module_decide(lua_State *L)
{
	int profile, finding, provenance, channel;

	lua_settop(L, 4);
	if (!value_at(L, 1, DANEPRIV_KIND_PROFILE, NULL, &profile) ||
	    !value_at(L, 2, DANEPRIV_KIND_FINDING, NULL, &finding) ||
	    !value_at(L, 3, DANEPRIV_KIND_PROVENANCE, "unproven", &provenance) ||
	    !value_at(L, 4, DANEPRIV_KIND_CHANNEL, "encrypted", &channel))
		return fail(L, DANEPRIV_EINVAL);
	lua_pushstring(L, word(DANEPRIV_KIND_DECISION,
	    danepriv_decide((danepriv_profile)profile, (danepriv_provenance)provenance,
		(danepriv_finding)finding, (danepriv_channel)channel)));
	return 1;
}

/* ---- the memory ---- */

static int
module_cache(lua_State *L)
{
	danepriv_cache_settings s = { .size = sizeof s };
	int64_t octets = 0;

	lua_settop(L, 1);
	if (field(L, 1, "max_octets") != LUA_TNIL && !whole(L, -1, 0, 2147483648.0, &octets))
		return fail(L, DANEPRIV_EINVAL);
	s.max_octets = (size_t)octets;
	danepriv_status status = danepriv_cache_new(&s, (danepriv_cache **)box(L, CACHE));
	return status ? fail(L, status) : 1;
}

static int
cache_put(lua_State *L)
{
	danepriv_time now;

	lua_settop(L, 3);
	danepriv_cache *cache = live(L, 1, CACHE);
	const danepriv_records *records = live(L, 2, RECORDS);
	if (!time_at(L, 3, &now))
		return fail(L, DANEPRIV_EINVAL);
	return done(L, danepriv_cache_put(cache, records, now));
}

static int
cache_get(lua_State *L)
{
	danepriv_server server;
	danepriv_time now;

	lua_settop(L, 3);
	danepriv_cache *cache = live(L, 1, CACHE);
	if (!server_at(L, 2, &server) || !time_at(L, 3, &now))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_status status = danepriv_cache_get(
	    cache, &server, now, (danepriv_records **)box(L, RECORDS));
	return status ? fail(L, status) : 1;
}

/* A number of 64 bits, which changes with what is known of the server. */
static int
cache_generation(lua_State *L)
{
	danepriv_server server;
	danepriv_cache *cache = live(L, 1, CACHE);

	if (!server_at(L, 2, &server))
		return fail(L, DANEPRIV_EINVAL);
	lua_pushinteger(L, (lua_Integer)danepriv_cache_generation(cache, &server));
	return 1;
}

/* ---- rules ---- */

static int
module_rules(lua_State *L)
{
	int profile;

	if (!value_at(L, 1, DANEPRIV_KIND_PROFILE, NULL, &profile))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_status status = danepriv_rules_new(
	    (danepriv_profile)profile, (danepriv_rules **)box(L, RULES));
	return status ? fail(L, status) : 1;
}

static int
rules_add(lua_State *L)
{
	static const char *const kinds[] = { "zone", "server", NULL };
	int profile;
	danepriv_rules *rules = live(L, 1, RULES);
	int kind = luaL_checkoption(L, 2, NULL, kinds);
	const char *domain = text_at(L, 3);

	if (!domain || !value_at(L, 4, DANEPRIV_KIND_PROFILE, NULL, &profile))
		return fail(L, DANEPRIV_EINVAL);
	return done(L, danepriv_rules_add(rules,
	    kind == 0 ? DANEPRIV_RULE_ZONE : DANEPRIV_RULE_SERVER, domain,
	    (danepriv_profile)profile));
}

static int
rules_profile(lua_State *L)
{
	const danepriv_rules *rules = live(L, 1, RULES);

	lua_pushstring(L, word(DANEPRIV_KIND_PROFILE,
	    danepriv_rules_profile(rules, text_at(L, 2), text_at(L, 3))));
	return 1;
}

/* ---- one connection ---- */

static int
context_session(lua_State *L)
{
	danepriv_server server;
	int profile;
	const danepriv *ctx = live(L, 1, CONTEXT);

	lua_settop(L, 3);
	if (!server_at(L, 2, &server) ||
	    !value_at(L, 3, DANEPRIV_KIND_PROFILE, "strict", &profile))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_status status = danepriv_session_new(ctx, &server, (danepriv_profile)profile,
	    (danepriv_session **)box(L, SESSION));
	return status ? fail(L, status) : 1;
}

static int
session_give_records(lua_State *L)
{
	danepriv_session *session = live(L, 1, SESSION);

	return done(L, danepriv_session_give_records(session, live(L, 2, RECORDS)));
}

static int
session_give_fetched_records(lua_State *L)
{
	danepriv_session *session = live(L, 1, SESSION);

	return done(L, danepriv_session_give_fetched_records(session, live(L, 2, RECORDS)));
}

static int
session_give_credential(lua_State *L)
{
	danepriv_session *session = live(L, 1, SESSION);

	return done(L, danepriv_session_give_credential(session, credential_at(L, 2)));
}

static int
session_give_extension(lua_State *L)
{
	danepriv_session *session = live(L, 1, SESSION);
	danepriv_span octets = octets_at(L, 2);
	danepriv_time now;

	lua_settop(L, 3);
	if (!time_at(L, 3, &now))
		return fail(L, DANEPRIV_EINVAL);
	return done(L, danepriv_session_give_extension(session, octets, now));
}

/* session:decide { provenance, channel, now } returns the decision and the verdict. */
static int
session_decide(lua_State *L)
{
	danepriv_record_verdict each[MOST_ROWS];
	danepriv_verdict v = VERDICT_INTO(each);
	danepriv_session *session = live(L, 1, SESSION);
	danepriv_time now;
	int provenance, channel;

	lua_settop(L, 2);
	field(L, 2, "provenance");
	if (!value_at(L, -1, DANEPRIV_KIND_PROVENANCE, "unproven", &provenance))
		return fail(L, DANEPRIV_EINVAL);
	field(L, 2, "channel");
	if (!value_at(L, -1, DANEPRIV_KIND_CHANNEL, "encrypted", &channel) ||
	    !time_at(L, 2, &now))
		return fail(L, DANEPRIV_EINVAL);
	lua_pushstring(L, word(DANEPRIV_KIND_DECISION,
	    danepriv_session_decide(session, (danepriv_provenance)provenance,
		(danepriv_channel)channel, now, &v)));
	push_verdict(L, &v);
	return 2;
}

/* ---- a chain, taken apart ---- */

static void
set_text(lua_State *L, const char *key, const char *text)
{
	lua_pushstring(L, text);
	lua_setfield(L, -2, key);
}

static void
set_number(lua_State *L, const char *key, lua_Integer value)
{
	lua_pushinteger(L, value);
	lua_setfield(L, -2, key);
}

static void
push_chain_record(lua_State *L, const danepriv_chain_record *r)
{
	lua_createtable(L, 0, 12);
	set_text(L, "owner", r->owner);
	set_text(L, "type", r->type_text);
	set_number(L, "ttl", r->ttl);
	lua_pushlstring(L, (const char *)r->rdata.data, r->rdata.len);
	lua_setfield(L, -2, "rdata");
	set_text(L, "covered", r->covered_text);
	set_text(L, "signer", r->signer);
	set_number(L, "key_tag", r->key_tag);
	set_number(L, "algorithm", r->algorithm);
	set_number(L, "inception", r->inception);
	set_number(L, "expiration", r->expiration);
	set_text(L, "proof", word(DANEPRIV_KIND_SECURITY, r->security));
	set_text(L, "reason", word(DANEPRIV_KIND_REASON, r->reason));
}

static int
context_walk(lua_State *L)
{
	const danepriv *ctx = live(L, 1, CONTEXT);
	danepriv_chain_record record = { .size = sizeof record };
	danepriv_server server;
	danepriv_time now;

	lua_settop(L, 4);
	danepriv_span chain = octets_at(L, 3);
	if (!server_at(L, 2, &server) || !time_at(L, 4, &now))
		return fail(L, DANEPRIV_EINVAL);
	danepriv_chain_walk **walk = (danepriv_chain_walk **)box(L, WALK);
	danepriv_status status = danepriv_chain_walk_new(ctx, &server, chain, now, walk);
	if (status)
		return fail(L, status);
	lua_newtable(L);
	for (size_t i = 0; i < danepriv_chain_walk_count(*walk); i++) {
		status = danepriv_chain_walk_record(*walk, i, &record);
		if (status)
			return fail(L, status);
		push_chain_record(L, &record);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* ---- what is owned ---- */

#define FREES(noun, type, release)                                                                 \
	static int free_##noun(lua_State *L)                                                       \
	{                                                                                          \
		void **room = luaL_checkudata(L, 1, type);                                         \
		release(*room);                                                                    \
		*room = NULL;                                                                      \
		return 0;                                                                          \
	}

FREES(context, CONTEXT, danepriv_close)
FREES(records, RECORDS, danepriv_records_free)
FREES(cache, CACHE, danepriv_cache_free)
FREES(rules, RULES, danepriv_rules_free)
FREES(session, SESSION, danepriv_session_free)
FREES(walk, WALK, danepriv_chain_walk_free)

static void
class(lua_State *L, const char *name, const luaL_Reg *methods, lua_CFunction release)
{
	luaL_newmetatable(L, name);
	lua_newtable(L);
	luaL_setfuncs(L, methods, 0);
	if (release) {
		lua_pushcfunction(L, release);
		lua_setfield(L, -2, "close");
		lua_pushcfunction(L, release);
		lua_setfield(L, -3, "__gc");
		lua_pushcfunction(L, release);
		lua_setfield(L, -3, "__close");
	}
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}

static const luaL_Reg none[] = { { NULL, NULL } };
static const luaL_Reg context_methods[] = { { "session", context_session },
	{ "walk", context_walk },
#ifdef HAVE_GETDNS
	{ "resolver", context_resolver },
#endif
	{ NULL, NULL } };
static const luaL_Reg cache_methods[] = { { "put", cache_put }, { "get", cache_get },
	{ "generation", cache_generation }, { NULL, NULL } };
static const luaL_Reg rules_methods[] = { { "add", rules_add }, { "profile", rules_profile },
	{ NULL, NULL } };
static const luaL_Reg session_methods[] = { { "give_records", session_give_records },
	{ "give_fetched_records", session_give_fetched_records },
	{ "give_credential", session_give_credential },
	{ "give_extension", session_give_extension }, { "decide", session_decide },
	{ NULL, NULL } };
static const luaL_Reg functions[] = { { "open", module_open }, { "decide", module_decide },
	{ "cache", module_cache }, { "rules", module_rules }, { NULL, NULL } };

DANEPRIV_API int
luaopen_danepriv(lua_State *L)
{
	int major = 0, minor = 0;

	if (sscanf(danepriv_version(), "%d.%d", &major, &minor) != 2 ||
	    major != DANEPRIV_VERSION_MAJOR || minor != DANEPRIV_VERSION_MINOR)
		return luaL_error(L, "danepriv: made for version %s, and the library is %s",
		    DANEPRIV_VERSION, danepriv_version());
	class(L, CONTEXT, context_methods, free_context);
	luaL_getmetatable(L, CONTEXT);
	lua_getfield(L, -1, "__index");
	luaL_setfuncs(L, judging_methods, 0);
	class(L, RECORDS, records_methods, free_records);
	class(L, CREDENTIAL, none, NULL);
	class(L, CACHE, cache_methods, free_cache);
	class(L, RULES, rules_methods, free_rules);
	class(L, SESSION, session_methods, free_session);
	class(L, WALK, none, free_walk);
#ifdef HAVE_GETDNS
	class(L, RESOLVER, resolver_methods, free_resolver);
	open_lookups(L);
#endif
	luaL_newlib(L, functions);
	luaL_setfuncs(L, judging_functions, 0);
	lua_pushstring(L, danepriv_version());
	lua_setfield(L, -2, "version");
	return 1;
}
